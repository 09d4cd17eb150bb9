package session

import (
	"image"
	"maps"
	"slices"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// Result is an accepted edit as the results panel shows it.
type Result struct {
	ID   document.ID
	Name string
	// Thumbnail shows the changed part with its context; nil until it is made.
	Thumbnail image.Image
	Blend     region.Blend
	Visible   bool
	// Chosen reports that its controls are shown.
	Chosen bool
	// Variants is how many there are of it, those in the gallery included; with
	// more than one they can be swapped and mixed. Variant is the chosen one's
	// number on its card, 0 where it has none.
	Variants, Variant int
	// Edited reports that its own mask, or its mix, is painted on.
	Edited bool
	// Enlarged reports that what shows of it was enlarged, so that sharpness and grain matter.
	Enlarged bool
	// Details say what the service did to the picture, and what became of that; of the
	// chosen result alone.
	Details []Sentence
}

// results is the state behind Result.
type results struct {
	chosen document.ID
	// preview is the document with a result blended as the person drags a slider;
	// of is what it was made of.
	preview *document.State
	of      *document.State
	thumbs  map[document.ID]thumb
	detail  detailOf
	held    any // keeps what the chosen one changed in memory
}

// thumb is a result's thumbnail: that of how it looked before, or nil, while one is
// made of it.
type thumb struct {
	of    *document.Result
	image image.Image
}

// noTarget is the next edit's mask.
var noTarget document.Target

// result returns a result of the document; nil if there is none of that ID.
func (s *Session) result(id document.ID) *document.Result {
	if s.file.doc == nil {
		return nil
	}
	return s.file.doc.State().Result(id)
}

// chosen returns the result whose controls are shown, or nil.
func (s *Session) chosen() *document.Result {
	if s.results.chosen == 0 {
		return nil
	}
	return s.result(s.results.chosen)
}

// family returns an edit with those that asked for further variants of it, and
// their variants that have come, those that were discarded left out.
func (s *Session) family(e *edit) (made []*job.Variant) {
	for _, o := range s.edits.list {
		if o != e && (o.key == "" || o.key != e.key) || o.detached {
			continue
		}
		for _, c := range o.cards {
			if c.made != nil && !c.discarded {
				made = append(made, c.made)
			}
		}
	}
	return made
}

// accepted returns the result that an edit became, the topmost one; nil where
// none of its variants was accepted.
func (s *Session) accepted(e *edit) *document.Result {
	if s.file.doc == nil || e == nil || e.key == "" {
		return nil
	}
	for _, r := range slices.Backward(s.file.doc.State().Results) {
		if r.Edit == e.key {
			return r
		}
	}
	return nil
}

// usedOf returns the cards of an edit that show in the document.
func (s *Session) usedOf(e *edit) map[*card]bool {
	used := map[*card]bool{}
	if s.file.doc == nil {
		return used
	}
	for _, r := range s.file.doc.State().Results {
		for _, c := range e.cards {
			if c.made == nil {
				continue
			}
			i := slices.Index(r.Variants, c.made.Answer)
			if i >= 0 && (i == r.Chosen || i < len(r.Mix) && r.Mix[i] != nil) {
				used[c] = true
			}
		}
	}
	return used
}

// numberOf is what the card of a variant says, 0 where there is none.
func (s *Session) numberOf(v *document.Variant) int {
	for _, e := range s.edits.list {
		for _, c := range e.visible() {
			if c.made != nil && c.made.Answer == v {
				return s.number(e, c)
			}
		}
	}
	return 0
}

// placed is a state with a variant of an edit in its place: instead of another
// one of it where one was accepted, else over everything.
func (s *Session) placed(state *document.State, e *edit, c *card) *document.State {
	if r := s.accepted(e); r != nil {
		return state.Edited(r.ID, func(r *document.Result) *document.Result { return r.Choosing(c.made.Answer).Shown(true) })
	}
	return state.WithResult(e.results().Result(c.made))
}

// Use puts a variant into the document, and the mask that made it goes. A
// variant of an edit of which another one was accepted takes that one's place.
func (s *Session) Use(v VariantID) {
	defer s.act()()
	e, c := s.card(v)
	if c == nil || c.made == nil {
		return
	}
	s.leaveEditing()
	s.show(Shown{})
	name := document.StepAddResult
	if s.accepted(e) != nil {
		name = document.StepSwap
	}
	s.together(name, func() { s.accept(e, c, nil) })
	s.touch(Gallery)
}

// UseShown uses the variant that is looked at, if one is.
func (s *Session) UseShown() {
	defer s.act()()
	if now := s.shown.now; now.What == IsVariant {
		s.Use(now.Variant)
	}
}

// accept makes a variant part of the document; m, unless nil, is the next mask.
func (s *Session) accept(e *edit, c *card, m *mask.Mask) {
	doc := s.file.doc
	if r := s.accepted(e); r != nil {
		doc.Swap(r.ID, c.made.Answer)
		doc.SetVisible(r.ID, true)
		if m != nil {
			doc.Paint(document.StepRefine, noTarget, m)
		}
		return
	}
	r := e.results().Result(c.made, s.family(e)...)
	if m != nil {
		doc.Refine(r, m)
	} else {
		doc.AddResult(r)
	}
}

// completeResult has a result hold all variants of its edit that have come, so
// that they can be mixed. Nothing looks different by it: it belongs to what is
// done next.
func (s *Session) completeResult(id document.ID) {
	r := s.result(id)
	e := s.editOfResult(r)
	if e == nil {
		return
	}
	s.timeline.carrying = true
	was := r.Variant()
	for _, v := range s.family(e) {
		if !slices.Contains(s.result(id).Variants, v.Answer) {
			s.file.doc.Swap(id, v.Answer)
			s.file.doc.Swap(id, was)
		}
	}
	s.timeline.carrying = false
}

// editOfResult returns the edit that a result came from; nil where it is not in
// the gallery.
func (s *Session) editOfResult(r *document.Result) *edit {
	if r == nil || r.Edit == "" {
		return nil
	}
	for _, e := range s.edits.list {
		if e.key == r.Edit && !e.detached {
			return e
		}
	}
	return nil
}

// Swap shows another variant of a result: the next one of its edit.
func (s *Session) Swap(id document.ID) {
	defer s.act()()
	s.completeResult(id)
	r := s.result(id)
	if r == nil || len(r.Variants) < 2 {
		return
	}
	s.show(Shown{})
	s.file.doc.Swap(id, r.Variants[(r.Chosen+1)%len(r.Variants)])
}

// Results returns the document's results, the topmost first.
func (s *Session) Results() []Result {
	if s.file.doc == nil {
		return nil
	}
	state := s.file.doc.State()
	list := make([]Result, 0, len(state.Results))
	for _, r := range slices.Backward(state.Results) {
		v := Result{
			ID: r.ID, Name: r.Name, Blend: r.Blend, Visible: !r.Hidden, Chosen: r.ID == s.results.chosen,
			Variants: len(r.Variants), Variant: s.numberOf(r.Variant()), Thumbnail: s.thumbnail(r),
			Enlarged: r.Enlarged(), Edited: s.editing.target != noTarget && s.editing.target.Result == r.ID,
		}
		if e := s.editOfResult(r); e != nil {
			v.Variants = max(v.Variants, len(s.family(e)))
		}
		if v.Chosen {
			v.Details = details(r)
			if words, ok := job.ToldDetail(s.detail(r)); ok {
				v.Details = append(v.Details, told(words))
			}
		}
		list = append(list, v)
	}
	return list
}

// thumbnailSide is the longer side of a result's thumbnail in pixels.
const thumbnailSide = 96

// thumbnail returns a result's picture. Where it looks otherwise by now, one is made
// of how it looks, and the older one, or nil, returned.
func (s *Session) thumbnail(r *document.Result) image.Image {
	last := s.results.thumbs[r.ID]
	if last.of == r {
		return last.image
	}
	if s.results.thumbs == nil {
		s.results.thumbs = map[document.ID]thumb{}
	}
	state := s.file.doc.State()
	maps.DeleteFunc(s.results.thumbs, func(id document.ID, _ thumb) bool { return state.Result(id) == nil })
	s.results.thumbs[r.ID] = thumb{r, last.image}
	background(s, func() *image.NRGBA { return state.Thumbnail(r.ID, thumbnailSide) }, func(img *image.NRGBA) {
		if s.results.thumbs[r.ID].of == r && img != nil {
			s.results.thumbs[r.ID] = thumb{r, img}
			s.touch(Results)
		}
	})
	return last.image
}

// detailOf is what a result got back.
type detailOf struct {
	result *document.Result
	known  region.Detail
}

// detail returns what a result got back of detail; nothing while it is being found.
func (s *Session) detail(r *document.Result) region.Detail {
	if s.results.detail.result != r && r.Enlarged() {
		s.results.detail = detailOf{result: r}
		background(s, r.Detail, func(d region.Detail) {
			if s.results.detail.result == r {
				s.results.detail.known = d
				s.touch(Results)
			}
		})
	}
	if s.results.detail.result != r {
		return region.Detail{}
	}
	return s.results.detail.known
}

// ChooseResult shows the controls of a result; 0 of none. A variant that is
// looked at is laid aside.
func (s *Session) ChooseResult(id document.ID) {
	defer s.act()()
	s.choose(id)
}

func (s *Session) choose(id document.ID) {
	if id != 0 && s.result(id) == nil {
		return
	}
	if id != 0 {
		s.FoldResults(false) // its controls are in there
	}
	if id != 0 && s.shown.now.What == IsVariant {
		s.show(Shown{})
	}
	if s.editing.target != noTarget && s.editing.target.Result != id {
		s.leaveEditing()
	}
	if id == s.results.chosen {
		return
	}
	s.results.chosen, s.results.preview = id, nil
	s.hold()
	s.touch(Canvas | Results | Tools)
}

// Tap hears that the canvas was clicked at a pixel: the tool that moves the
// frame chooses the topmost result there, or none.
func (s *Session) Tap(x, y int) {
	defer s.act()()
	if s.file.doc == nil || s.tool.id != ToolMove {
		return
	}
	id := document.ID(0)
	if r := s.file.doc.State().ResultAt(image.Pt(x, y)); r != nil {
		id = r.ID
	}
	s.choose(id)
}

// Blend lays a result over the picture in another way: at once for the eye,
// and as a step when the person is done. What really changed is looked for in the background
// where that is asked for.
func (s *Session) Blend(id document.ID, b region.Blend, done bool) {
	defer s.act(Canvas | Results)()
	r := s.result(id)
	if r == nil {
		return
	}
	s.show(Shown{})
	s.results.preview = nil
	if b.KeepMore && (!r.Blend.KeepMore || b.Align != r.Blend.Align) {
		s.keepMore(r, b)
		return
	}
	if done {
		s.file.doc.SetBlend(id, b)
		return
	}
	state := s.file.doc.State()
	s.results.of = state
	s.results.preview = state.Preview(id, func(r *document.Result) *document.Result { return r.Blended(b) })
}

// ShowResult shows or hides a result.
func (s *Session) ShowResult(id document.ID, on bool) {
	defer s.act()()
	s.onResult(id, func(d *document.Document) { d.SetVisible(id, on) })
}

// ShowResults shows or hides all results in one step.
func (s *Session) ShowResults(on bool) {
	defer s.act()()
	if s.file.doc == nil {
		return
	}
	s.show(Shown{})
	name := document.StepHideResult
	if on {
		name = document.StepShowResult
	}
	s.together(name, func() {
		for _, r := range s.file.doc.State().Results {
			s.file.doc.SetVisible(r.ID, on)
		}
	})
}

// RenameResult gives a result another name.
func (s *Session) RenameResult(id document.ID, name string) {
	defer s.act()()
	s.onResult(id, func(d *document.Document) { d.Rename(id, name) })
}

// MoveResult puts a result in another place of Results, from 0 at the top.
func (s *Session) MoveResult(id document.ID, to int) {
	defer s.act()()
	s.onResult(id, func(d *document.Document) { d.MoveResult(id, len(d.State().Results)-1-to) })
}

// RemoveResult takes a result away.
func (s *Session) RemoveResult(id document.ID) {
	defer s.act()()
	s.onResult(id, func(d *document.Document) { d.RemoveResult(id) })
}

// onResult does something to a result, with the document on the canvas.
func (s *Session) onResult(id document.ID, do func(*document.Document)) {
	if s.result(id) == nil {
		return
	}
	s.show(Shown{})
	do(s.file.doc)
}

// openPicture opens a picture file within the limits.
func openPicture(path string) (*picture.Picture, error) {
	return picture.Open(path, picture.DefaultLimits)
}
