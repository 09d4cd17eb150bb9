package session

import (
	"image"
	"maps"
	"slices"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// Result is an accepted edit as the results panel shows it.
type Result struct {
	ID   document.ID
	Name string
	// Thumbnail shows the changed part and its surroundings; nil until it is made.
	Thumbnail image.Image
	// Blend is how it is blended in, or would be by a slider that the user is dragging.
	Blend   region.Blend
	Visible bool
	// Chosen reports whether its controls are shown.
	Chosen bool
	// Variants is how many variants it can show, those in the gallery included; two or more can
	// be swapped and mixed. Variant is the number on the card of the one that shows, 0 where
	// that has none.
	Variants, Variant int
	// Edited reports whether its own mask, or its mix, is painted on.
	Edited bool
	// Enlarged reports whether the part of the answer that shows was enlarged, so that
	// Blend.Sharpen and Blend.Grain have an effect.
	Enlarged bool
	// Details say what the service did to the picture, and how that was corrected; of the
	// chosen result only.
	Details []Sentence
}

// results is the state behind Result.
type results struct {
	chosen document.ID
	// preview is the document with a result's blend as the user drags a slider; of is the
	// document that it was made from.
	preview *document.State
	of      *document.State
	thumbs  map[document.ID]thumb
	detail  detailOf
	held    any // keeps what the chosen one changed in memory
}

// thumb is a result's thumbnail: the older one, or nil, while a new one is being made.
type thumb struct {
	of    *document.Result
	image image.Image
}

// noTarget stands for the next edit's mask.
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

// family returns an edit and its later requests for more variants, and their variants that
// have arrived and were not discarded.
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

// accepted returns the topmost result of an edit, nil where none of its variants was accepted.
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

// usedOf returns the cards of an edit whose variants show in the document.
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

// numberOf returns the number on the card of a variant, 0 where it has no card.
func (s *Session) numberOf(v *document.Variant) int {
	if e, c := s.cardOf(v); c != nil {
		return s.number(e, c)
	}
	return 0
}

// cardOf returns the card whose variant an accepted one is, nil if it is gone.
func (s *Session) cardOf(v *document.Variant) (*edit, *card) {
	for _, e := range s.edits.list {
		for _, c := range e.visible() {
			if c.made != nil && c.made.Answer == v {
				return e, c
			}
		}
	}
	return nil, nil
}

// placed returns state with a variant of an edit: in place of another one of the edit where
// one was accepted, else on top of everything.
func (s *Session) placed(state *document.State, e *edit, c *card) *document.State {
	if r := s.accepted(e); r != nil {
		return state.Edited(r.ID, func(r *document.Result) *document.Result { return r.Choosing(c.made.Answer).Shown(true) })
	}
	return state.WithResult(e.results().Result(c.made))
}

// Use accepts a variant as a result of the document and clears the mask, unless that was painted
// since the edit was requested. Where another variant of the edit was accepted, it replaces that
// one.
func (s *Session) Use(v VariantID) {
	defer s.act()()
	e, c := s.card(v)
	if c == nil || c.made == nil {
		return
	}
	if s.offCanvas(e, c) {
		s.remark(say("notice.off_canvas"))
		return
	}
	s.leaveEditing()
	s.show(Shown{})
	name := document.StepAddResult
	if s.accepted(e) != nil {
		name = document.StepSwap
	}
	s.together(name, func() { s.accept(e, c, s.pendingMask(e)) })
	s.touch(Gallery)
}

// offCanvas reports whether nothing of a variant lies on the canvas, as where it fills an
// extension that was taken back.
func (s *Session) offCanvas(e *edit, c *card) bool {
	doc, r := s.file.doc.State(), e.results().Result(c.made)
	return !r.Mask.Bounding().Add(doc.Offset.Sub(r.Offset)).Overlaps(doc.Bounds())
}

// UseShown accepts the displayed variant, if one is displayed.
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
		if m != nil && m != doc.State().Mask {
			doc.Paint(document.StepRefine, noTarget, m)
		}
		return
	}
	r := e.results().Result(c.made, s.family(e)...)
	if r.Name == "" {
		r = r.Named(s.newName(e))
	}
	if m != nil {
		doc.Refine(r, m)
	} else {
		doc.AddResult(r)
	}
}

// newName returns a name for a result of an edit without a prompt, which no other result of the
// document has: how it was made, and a number.
func (s *Session) newName(e *edit) string {
	key := "results.fill"
	if e.paid() {
		key = "results.edit"
	}
	return freeName(key, s.file.doc.State().Results)
}

// freeName returns a name with a number, by its key in the translations, that no result has.
func freeName(key string, results []*document.Result) string {
	for n := 1; ; n++ {
		name := text.T(key, "Number", n)
		if !slices.ContainsFunc(results, func(r *document.Result) bool { return r.Name == name }) {
			return name
		}
	}
}

// named names the results of a project that have no name: earlier versions gave those of edits
// without a prompt none.
func named(p document.Project) document.Project {
	state := *p.State
	state.Results = slices.Clone(state.Results)
	for i, r := range state.Results {
		if r.Name == "" {
			state.Results[i] = r.Named(freeName("results.fill", state.Results))
		}
	}
	p.State = &state
	return p
}

// completeResult gives a result all variants of its edit that have arrived, so that they can
// be mixed. Nothing looks different; it is part of the next step.
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
	next := r.Variants[(r.Chosen+1)%len(r.Variants)]
	s.file.doc.Swap(id, next)
	if _, c := s.cardOf(next); c != nil {
		c.fresh = false // it is looked at now
		s.touch(Gallery)
	}
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
		if p := s.results.preview; p != nil && p.Result(r.ID) != nil {
			v.Blend = p.Result(r.ID).Blend
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

// thumbnail returns a result's thumbnail. Where the result looks different by now a new one is
// made, and the older one, or nil, is returned.
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

// detailOf is the detail that a result was given back.
type detailOf struct {
	result *document.Result
	known  region.Detail
}

// detail returns the detail that a result was given back; zero while it is being computed.
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

// ChooseResult shows the controls of a result; 0 shows none. A displayed variant is no longer
// displayed.
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

// Tap tells the session that the canvas was clicked at a pixel: with the move tool that
// chooses the topmost result there, or none.
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

// Blend changes how a result is blended in: as a preview, and as a step when done. What really
// changed is computed in the background where b needs it.
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

// MoveResult moves a result to another index of Results; 0 is the top.
func (s *Session) MoveResult(id document.ID, to int) {
	defer s.act()()
	s.onResult(id, func(d *document.Document) { d.MoveResult(id, len(d.State().Results)-1-to) })
}

// RemoveResult removes a result.
func (s *Session) RemoveResult(id document.ID) {
	defer s.act()()
	s.onResult(id, func(d *document.Document) { d.RemoveResult(id) })
}

// onResult changes a result, with the document displayed.
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
