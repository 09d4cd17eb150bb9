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

// Asked reports whether an item's request equals an entry's: the same picture, by its pixels,
// with the same prompt and options, at the same connection. Window and blend are ignored, so
// that a version of the program that plans differently doesn't request again what was paid
// for. The error is that of a file of the history that can't be read.
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

// holds reports whether a file of the history is a picture of the same pixels.
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

// MayHaveCost reports whether a finished job may have been charged without all of its variants
// (api.Error.MayHaveCost), so that it must not be requested again without the user's
// consent.
func (i *Item) MayHaveCost() bool {
	e := api.Error{Kind: i.Outcome}
	if i.Trouble != nil {
		e.Sentence.Key = i.Trouble.Key
	}
	return i.Cost > 0 || e.MayHaveCost()
}

// SamePlan reports whether an item's answers have the same plan as a job's.
func (i *Item) SamePlan(j *job.Job) bool { return toJSON(i.Settings.Plan) == toJSON(j.Plan()) }
