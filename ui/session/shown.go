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

// How is in what way two pictures are compared.
type How int

// The ways; Alone is a single picture.
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

// MaskLook is how the mask is shown where it is.
type MaskLook struct {
	// Mode is "tint", "black", "white" or "outline".
	Mode string
	// Colour is the tint as #rrggbb, "" for the theme's; Strength 0 to 1.
	Colour   string
	Strength float64
}

// MaskShown is whether the mask is on the canvas.
type MaskShown int

// Whether it is. MaskOutlined shows its edge alone: painting on a result shows
// what it does, and a tint would hide that.
const (
	MaskHidden MaskShown = iota
	MaskShownAsChosen
	MaskOutlined
)

// View is what the canvas shows.
type View struct {
	// State is the picture, with what is painted on as its mask; nil where
	// nothing is open. Left is the other one of a comparison, else nil.
	State, Left      *document.State
	How              How
	Label, LeftLabel Sentence
	Mask             MaskShown
	Look             MaskLook
	// Frame is the window that would be sent, or the canvas's edges while they
	// can be dragged; Handles reports that it can be.
	Frame   image.Rectangle
	Handles bool
	// Frames are the further windows that would be sent, where there are several.
	Frames []image.Rectangle
	// FirstFrame is the number that Frame has, where tiles before it were made already; 0 is as 1.
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

// coverage is what is painted on, kept so that it is the same mask for as long
// as the document and the target are: a mask that is another one ends the stroke
// that is under way on it.
type coverage struct {
	of     *document.State
	target document.Target
	mask   *mask.Mask
}

// look is a variant in its place, kept so that the same look is the same State.
type look struct {
	of    *document.State
	state *document.State
}

// maskedLook is a state with another mask, kept likewise.
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

// maskShown is the one place that decides whether the mask is seen: unless the
// person has hidden it, wherever it can be edited, which is wherever the document is on the canvas alone, and not
// over a finished variant, where it would hide what is to be judged.
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

// label is what a picture is called beside another one.
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

// stateOf returns how a picture looks. A variant that has not come is the
// document for the time being.
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

// current is the document as it looks now, with what is painted on as its mask.
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

// coverage is what is painted on of a document.
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

// show is the one place that changes what is on the canvas.
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

// Choose shows a variant in its place, also one that has not come yet: it is
// shown when it does. While variants are mixed it chooses the one that is
// painted in.
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

// ChooseNumber chooses the variant in a place, from 1, of the current edit.
func (s *Session) ChooseNumber(n int) {
	defer s.act()()
	if cards := cardsOf(s.currentGroup()); n >= 1 && n <= len(cards) {
		s.Choose(VariantID{cards[n-1].edit.id, cards[n-1].card.n})
	}
}

// HoldOriginal shows the untouched photo for as long as a key is held.
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

// Escape leaves the innermost thing of those that the session knows: a shape
// that is being drawn, a comparison, painting on a result, what the service changed, a variant or the
// original that is looked at, a chosen result. Dialogs and menus are the window's. It never
// stops what may be paid for; an edit that is still being prepared is none, and
// is given up at last.
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
	if s.options.DropShape != nil {
		s.options.DropShape()
	}
	s.EndStroke()
	return true
}
