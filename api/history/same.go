package history

import (
	"bytes"
	"image"
	"maps"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// Asked reports that an item asked for what an entry would ask for: the same of the same
// picture file, by its pixels, with the same words and choices, of the same connection.
// How the window was planned and answers were laid in is not looked at, so that no
// version of this program that plans otherwise asks for what was paid for already. The
// error is that of a file of the history that can't be read.
func (s *Store) Asked(i Item, e Entry) (bool, error) {
	if !i.sameWords(e) {
		return false, nil
	}
	raw, err := s.File(i.Mask)
	if err != nil {
		return false, err
	}
	if m, err := mask.Decode(raw, e.Canvas.Rect.Size()); err != nil || !m.Equal(e.Mask) {
		return false, nil // that of another size can't be decoded
	}
	for n, hash := range append([]string{i.Canvas}, i.References...) {
		img := e.Canvas
		if n > 0 {
			img = e.Request.References[n-1]
		}
		if same, err := s.holds(hash, img); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// sameWords is Asked but for the pictures.
func (i *Item) sameWords(e Entry) bool {
	q, was := e.Request, i.Settings
	same := i.Connection == e.Connection && i.Source == e.Source && i.Prompt == q.Prompt && len(i.References) == len(q.References)
	return same && was.Model == q.Model && max(was.N, 1) == max(q.N, 1) && was.Size == q.Size && was.Whole == e.Whole && maps.Equal(was.Extra, q.Options)
}

// holds reports that a file of the history is a picture of the same pixels.
func (s *Store) holds(hash string, img *image.NRGBA) (bool, error) {
	raw, err := s.File(hash)
	if err != nil {
		return false, err
	}
	p, err := picture.Decode(raw, picture.DefaultLimits)
	if err != nil {
		return false, &DamagedError{Path: s.path(hash), Cause: err}
	}
	if p.Size() != img.Rect.Size() {
		return false, nil
	}
	row := 4 * img.Rect.Dx()
	for y := range img.Rect.Dy() {
		if !bytes.Equal(p.Pix.Pix[y*p.Pix.Stride:][:row], img.Pix[y*img.Stride:][:row]) {
			return false, nil
		}
	}
	return true, nil
}

// MayHaveCost reports that a job which is over may have been charged although not all
// of its variants came (api.Error.MayHaveCost), so that it is not asked for again
// without the person.
func (i *Item) MayHaveCost() bool {
	e := api.Error{Kind: i.Outcome}
	if i.Trouble != nil {
		e.Sentence.Key = i.Trouble.Key
	}
	return i.Cost > 0 || e.MayHaveCost()
}

// SamePlan reports that an item's answers lie where those of a job do.
func (i *Item) SamePlan(j *job.Job) bool { return toJSON(i.Settings.Plan) == toJSON(j.Plan()) }
