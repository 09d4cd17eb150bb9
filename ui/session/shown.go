package session

import (
	"image"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// What is a kind of picture.
type What int

// The kinds of pictures.
const (
	IsCurrent  What = iota // the document as it would be saved
	IsOriginal             // the photo without anything on it
	IsVariant              // the document with a variant in its place
)

// Picture is one thing that the canvas can show. The zero Picture is the document.
type Picture struct {
	What    What
	Variant VariantID // for IsVariant
}

// How is a way of comparing two pictures.
type How int

// The ways of comparing; Alone shows a single picture.
const (
	Alone            How = iota
	SliderVertical       // a line from top to bottom; Left is on its left
	SliderHorizontal     // a line from left to right; Left is above it
	SideBySide
	Flicker // one after the other in the same place
)

// Shown is what is on the canvas. The zero Shown is the document.
type Shown struct {
	Picture
	// Left is what Picture is compared with; meaningless where How is Alone.
	Left Picture
	How  How
}

// MaskLook is how a mask that is shown looks.
type MaskLook struct {
	// Mode is "tint", "black", "white" or "outline".
	Mode string
	// Colour is the tint as #rrggbb, "" for the theme's; Strength 0 to 1.
	Colour   string
	Strength float64
}

// MaskShown says whether the mask is on the canvas.
type MaskShown int

// Its values. MaskOutlined shows the mask's edge alone, used while painting on a result, whose
// effect a tint would hide.
const (
	MaskHidden MaskShown = iota
	MaskShownAsChosen
	MaskOutlined
)

// View is what the canvas shows.
type View struct {
	// State is the picture, with the target as its mask; nil where nothing is open. Left is the
	// other picture of a comparison, else nil.
	State, Left      *document.State
	How              How
	Label, LeftLabel Sentence
	Mask             MaskShown
	Look             MaskLook
	// Frame is the window that would be sent, or the canvas's edges while they
	// can be dragged; Handles reports whether it can be.
	Frame   image.Rectangle
	Handles bool
	// Frames are the other windows that would be sent, where there are several.
	Frames []image.Rectangle
	// FirstFrame is the number of Frame, more than 1 where tiles before it are done; 0 means 1.
	FirstFrame int
	// Outline is around the chosen result, or empty.
	Outline image.Rectangle
	// Guides are the guide lines, polylines in canvas pixels, where they are seen.
	Guides [][]image.Point
}

// shown is the state behind Shown and View.
type shown struct {
	now    Shown
	held   *Shown // what was shown before the original was held
	before Picture
	from   Picture // what was looked at when the comparison began
	looks  map[Picture]look
	masked maskedLook
	edited coverage
}

// coverage caches the target's mask, so that it is the same pointer while document and target
// are the same: another pointer ends the stroke under way.
type coverage struct {
	of     *document.State
	target document.Target
	mask   *mask.Mask
}

// look caches the document with a variant, so that the same look is the same pointer.
type look struct {
	of    *document.State
	state *document.State
}

// maskedLook caches a state with another mask, likewise.
type maskedLook struct {
	of    *document.State
	mask  *mask.Mask
	state *document.State
}

// Shown returns what is on the canvas.
func (s *Session) Shown() Shown { return s.shown.now }

// View returns what the canvas shows.
func (s *Session) View() View {
	v := View{Look: s.tool.look}
	if s.tool.preview != nil {
		v.Look = *s.tool.preview
	}
	if s.file.doc == nil {
		return v
	}
	now := s.shown.now
	v.State, v.How = s.stateOf(now.Picture), now.How
	if now.How != Alone {
		v.Left = s.stateOf(now.Left)
		v.Label, v.LeftLabel = s.label(now.Picture), s.label(now.Left)
	} else if now.What == IsOriginal {
		v.Label = say("ui.original")
	}
	v.Mask, v.Guides = s.maskShown(), s.guidesShown()
	v.Frame, v.Handles = s.frameShown()
	if len(s.panel.windows) > 1 && s.tool.id != ToolExtend {
		v.Frames = s.panel.windows[1:]
	}
	s.showTiles(&v)
	if s.layout.noFrame && !v.Handles {
		v.Frame, v.Frames = image.Rectangle{}, nil
	}
	if r := s.chosen(); r != nil {
		v.Outline = r.Changed()
	}
	return s.withChanges(v)
}

// maskShown decides whether the mask is shown: unless the user has hidden it, wherever it
// can be edited, that is where the document is displayed alone. A variant that has arrived is
// displayed without it.
func (s *Session) maskShown() MaskShown {
	switch {
	case s.layout.noMask:
		return MaskHidden
	case s.editing.refining != nil:
		return MaskShownAsChosen
	case s.shown.now.How != Alone || s.shown.now.What == IsOriginal:
		return MaskHidden
	case s.shown.now.What == IsVariant && s.ready(s.shown.now.Variant) != nil:
		return MaskHidden
	case s.editing.target.Kind != document.DocumentMask:
		return MaskOutlined
	}
	return MaskShownAsChosen
}

// label returns what a picture is called in a comparison.
func (s *Session) label(p Picture) Sentence {
	switch p.What {
	case IsOriginal:
		return say("ui.original")
	case IsVariant:
		if e, c := s.card(p.Variant); c != nil {
			return say("ui.label.variant", "Number", s.number(e, c), "Name", e.nameSentence())
		}
	}
	return say("ui.current")
}

// stateOf returns how a picture looks. A variant that has not arrived looks like the document.
func (s *Session) stateOf(p Picture) *document.State {
	doc := s.file.doc.State()
	switch p.What {
	case IsOriginal:
		return s.lookOf(p, doc, doc.Original)
	case IsVariant:
		if s.editing.refining != nil {
			return s.editing.refining
		}
		if e, c := s.card(p.Variant); c != nil && c.made != nil {
			return s.lookOf(p, doc, func() *document.State { return s.placed(doc, e, c) })
		}
	}
	return s.current(doc)
}

// current returns the document as it looks now, with the target as its mask.
func (s *Session) current(doc *document.State) *document.State {
	state := doc
	if s.results.preview != nil {
		state = s.results.preview
	}
	if s.editing.preview != nil {
		state = s.editing.preview
	}
	m, ok := s.coverage(doc)
	if s.editing.masking != nil {
		m = s.editing.masking
	}
	if !ok || m == state.Mask {
		return state
	}
	if c := &s.shown.masked; c.of != state || c.mask != m {
		*c = maskedLook{state, m, state.WithMask(m)}
	}
	return s.shown.masked.state
}

// coverage returns the target's mask; ok is false where the target doesn't exist.
func (s *Session) coverage(doc *document.State) (m *mask.Mask, ok bool) {
	c := &s.shown.edited
	if c.of != doc || c.target != s.editing.target {
		if m, ok = doc.Coverage(s.editing.target); !ok {
			return nil, false
		}
		*c = coverage{doc, s.editing.target, m}
	}
	return c.mask, true
}

func (s *Session) lookOf(p Picture, doc *document.State, build func() *document.State) *document.State {
	l, ok := s.shown.looks[p]
	if ok && l.of == doc {
		return l.state
	}
	for other, l := range s.shown.looks {
		if l.of != doc {
			delete(s.shown.looks, other)
		}
	}
	l = look{doc, build()}
	s.shown.looks[p] = l
	return l.state
}

// show changes what is on the canvas; nothing else does.
func (s *Session) show(to Shown) {
	if to.How == Alone {
		to.Left = Picture{}
	}
	if s.file.doc == nil {
		to = Shown{}
	}
	s.shown.held = nil
	if to.What == IsVariant {
		s.edits.current = to.Variant.Edit
		if c := s.ready(to.Variant); c != nil {
			c.fresh = false
		}
	}
	if to == s.shown.now {
		return
	}
	if now := s.shown.now; now.How == Alone {
		if to.How != Alone {
			s.shown.from = now.Picture
		} else if now.Picture != to.Picture {
			s.shown.before = now.Picture
		}
	}
	s.shown.now = to
	s.touch(Canvas | Gallery | Status | Panel)
}

// ShowOriginal shows the untouched photo.
func (s *Session) ShowOriginal() {
	defer s.act()()
	s.show(Shown{Picture: Picture{What: IsOriginal}})
}

// ShowCurrent shows the document as it would be saved.
func (s *Session) ShowCurrent() {
	defer s.act()()
	s.show(Shown{})
}

// Choose displays a variant in its place; one that has not arrived is displayed when it does.
// While variants are being mixed it chooses the one to mix in.
func (s *Session) Choose(v VariantID) {
	defer s.act()()
	if _, c := s.card(v); c == nil || s.chooseForMix(v) {
		return
	}
	if s.editing.target.Kind != document.DocumentMask {
		s.leaveEditing()
	}
	s.show(Shown{Picture: Picture{What: IsVariant, Variant: v}})
}

// ChooseNumber displays the variant with a number, from 1, of the current edit.
func (s *Session) ChooseNumber(n int) {
	defer s.act()()
	if cards := cardsOf(s.currentGroup()); n >= 1 && n <= len(cards) {
		s.Choose(VariantID{cards[n-1].edit.id, cards[n-1].card.n})
	}
}

// HoldOriginal displays the untouched photo while a key is held.
func (s *Session) HoldOriginal(on bool) {
	defer s.act()()
	if on {
		if s.file.doc != nil && s.shown.held == nil {
			held := s.shown.now
			s.show(Shown{Picture: Picture{What: IsOriginal}})
			s.shown.held = &held
		}
		return
	}
	if held := s.shown.held; held != nil {
		s.show(*held)
	}
}

// Escape leaves the innermost of: a shape being drawn, a comparison, painting on a result, the
// view of changes, the displayed variant or original, the chosen result. Dialogs and menus are
// handled by the window. It never stops an edit that may be charged; an edit in preparation is
// cancelled last.
func (s *Session) Escape() {
	defer s.act()()
	switch {
	case s.dropShape():
	case s.editing.masking != nil:
		s.dropMaskPreview()
	case s.shown.now.How != Alone:
		s.endCompare()
	case s.editing.target.Kind != document.DocumentMask:
		s.leaveEditing()
	case s.changes.on:
		s.showChanges(false)
	case s.shown.now != Shown{}:
		s.show(Shown{})
	case s.chosen() != nil:
		s.choose(0)
	default:
		s.giveUpPreparing()
	}
}

// dropShape drops a shape that is being drawn and reports whether there was one.
func (s *Session) dropShape() bool {
	if !s.editing.stroke {
		return false
	}
	s.editing.then = nil
	if s.options.DropShape != nil {
		s.options.DropShape()
	}
	s.EndStroke()
	return true
}

// settleShape ends what is being drawn, before another tool is taken.
func (s *Session) settleShape() {
	if s.options.SettleShape == nil {
		s.dropShape()
		return
	}
	if s.options.SettleShape() && s.dropShape() {
		s.remark(say("tool.shape_dropped"))
	}
}
