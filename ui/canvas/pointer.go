package canvas

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
)

// action is what a held button does.
type action int

const (
	idle action = iota
	drawing
	panning
	framing
	zooming
	choosing // a click draws a line, a drag changes the brush's size
	resizing
	selecting
	ruling // a guide line is drawn or dragged
)

// pointer is the pointer's state.
type pointer struct {
	x, y   float64 // device pixels from the surface's corner, in the middle of a pixel
	over   bool
	act    action
	button desktop.MouseButton // that act began with

	fromX, fromY float64 // where act began
	start        view.Transform
	fitted       bool // the view followed the window's size then
	grip         grip
	frame        image.Rectangle // when the grip was taken
	size         float64         // of the brush when it began to be changed
	mark         selection.Mark  // what is selected by
	ruled        ruled           // with the guide tool
}

func (p *pointer) at(x, y float64) { p.x, p.y = x, y }

// gesture is a tool's gesture under way.
type gesture struct {
	tool.Gesture
	id      string
	over    *mask.Mask // the mask that it began with
	waiting bool       // the button is up and more is to come (polygon)
	closing bool       // it is being finished on another goroutine
	seeking bool       // its preview is looked for on another goroutine
	number  int
}

func (g *gesture) active() bool { return g.Gesture != nil }

// toolPointer returns the pointer as the tools take it.
func (s *Surface) toolPointer() tool.Pointer {
	x, y := s.view.ToCanvas(s.pointer.x, s.pointer.y)
	mods := s.options.Modifiers()
	return tool.Pointer{
		X: x, Y: y, Space: s.space,
		Shift: mods&fyne.KeyModifierShift != 0,
		Alt:   mods&fyne.KeyModifierAlt != 0,
		Ctrl:  mods&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0,
	}
}

// MouseDown implements desktop.Mouseable.
func (s *Surface) MouseDown(e *desktop.MouseEvent) {
	s.pointer.at(s.screen.device(e.Position))
	s.pointer.over = true
	if s.shown == nil || s.pointer.act != idle {
		return
	}
	p := &s.pointer
	p.button, p.fromX, p.fromY, p.start, p.fitted = e.Button, p.x, p.y, s.view, s.fitted
	switch {
	case e.Button == desktop.MouseButtonTertiary:
		s.moveView()
	case e.Button != desktop.MouseButtonPrimary:
		return
	case s.gesture.waiting:
		p.act = drawing
		s.advance()
	case s.space:
		s.moveView()
	default:
		s.press()
	}
	s.updateRing()
}

// moveView begins to drag the view: to zoom it with Ctrl, else to pan it.
func (s *Surface) moveView() {
	s.pointer.act = panning
	if s.toolPointer().Ctrl {
		s.pointer.act = zooming
	}
}

// press begins what the primary button does at the pointer, by the selected tool.
func (s *Surface) press() {
	p := &s.pointer
	switch {
	case s.gripAt(p.x, p.y) != noGrip:
		p.act, p.grip, p.frame = framing, s.gripAt(p.x, p.y), s.frame.Rect
	case s.toolID == Hand:
		p.act = panning
	case s.compare == view.CompareSides:
		s.leaveSides()
	case s.brushInHand() && s.toolPointer().Alt:
		p.act, p.size = resizing, s.settings.Brush.Size
	case s.toolID == Quick:
		s.beginMark()
	case s.toolID == Guide:
		s.beginGuide()
	case s.brushInHand() && s.toolPointer().Shift:
		p.act, p.size = choosing, s.settings.Brush.Size
	default:
		s.begin()
	}
}

// MouseUp implements desktop.Mouseable. DragEnd may follow, or come instead.
func (s *Surface) MouseUp(e *desktop.MouseEvent) {
	if s.pointer.act == idle || e.Button != s.pointer.button {
		return
	}
	s.moveTo(e.Position)
	s.release()
}

// DragEnd implements fyne.Draggable. It comes without MouseUp where the button is released
// over something that doesn't take it.
func (s *Surface) DragEnd() { s.release() }

// Dragged implements fyne.Draggable: the pointer moves with a button held, wherever it is.
func (s *Surface) Dragged(e *fyne.DragEvent) { s.moveTo(e.Position) }

// MouseMoved implements desktop.Hoverable: the pointer moves otherwise, or hasn't gone far
// enough yet for a drag.
func (s *Surface) MouseMoved(e *desktop.MouseEvent) {
	s.pointer.over = true
	if s.pointer.act != idle && e.Button&s.pointer.button == 0 {
		s.release() // it went to another object, such as a dialog that opened under the pointer
	}
	s.moveTo(e.Position)
}

// MouseIn implements desktop.Hoverable.
func (s *Surface) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseOut implements desktop.Hoverable.
func (s *Surface) MouseOut() {
	s.pointer.over = false
	s.updateRing()
	s.tellCursor()
}

func (s *Surface) moveTo(pos fyne.Position) {
	p := &s.pointer
	p.at(s.screen.device(pos))
	switch p.act {
	case idle, drawing:
		if s.gesture.active() {
			s.advance()
		}
	case panning:
		s.pan(p.start.Pan(p.x-p.fromX, p.y-p.fromY))
	case zooming:
		s.dragZoom()
	case choosing:
		if !s.clicked() {
			p.act = resizing
			s.dragSize(false)
		}
	case resizing:
		s.dragSize(false)
	case framing:
		s.dragFrame(false)
	case selecting:
		s.dragMark()
	case ruling:
		s.dragGuide()
	}
	s.updateRing()
	s.tellCursor()
}

// release ends what the held button does.
func (s *Surface) release() {
	act := s.pointer.act
	s.pointer.act = idle
	switch act {
	case drawing:
		if s.gesture.active() && !s.gesture.closing {
			s.gesture.waiting = !s.gesture.Release(s.toolPointer())
			if !s.gesture.waiting {
				s.finish()
			} else {
				s.preview(s.gesture.Move(s.toolPointer()))
			}
		}
	case framing:
		if s.clicked() {
			s.tellFrame(s.pointer.frame, true)
			s.tapped()
		} else {
			s.dragFrame(true)
		}
	case panning:
		s.tapped()
	case choosing: // a straight line from where the last stroke ended
		s.begin()
		if s.gesture.active() {
			s.pointer.act = drawing
			s.release()
			return
		}
	case resizing:
		s.dragSize(true)
	case selecting:
		s.endMark()
	case ruling:
		s.endGuide()
	}
	s.updateRing()
}

// dragSize changes the brush's size by how far the pointer is to the right of where the drag
// began. The ring stays there and shows the size.
func (s *Surface) dragSize(done bool) {
	p := &s.pointer
	size := math.Round(max(1, min(1000, p.size+2*(p.x-p.fromX)/s.view.Scale)))
	if s.OnBrushSize != nil && (done || size != s.settings.Brush.Size) {
		s.OnBrushSize(size, done)
	}
}

// tapSlack is how far, in units, the pointer may move during a click.
const tapSlack = 3

// clicked reports whether the pointer has hardly moved since the press.
func (s *Surface) clicked() bool {
	p, slack := &s.pointer, tapSlack*s.screen.density
	return math.Abs(p.x-p.fromX) <= slack && math.Abs(p.y-p.fromY) <= slack
}

// tapped reports a click with the hand that moved the picture no further than tapSlack.
func (s *Surface) tapped() {
	p := &s.pointer
	if s.OnTap == nil || s.toolID != Hand || p.button != desktop.MouseButtonPrimary || !s.clicked() {
		return
	}
	s.pan(p.start) // where the pointer hardly moved
	s.fitted = p.fitted
	x, y := p.start.ToCanvas(p.fromX, p.fromY)
	s.OnTap(int(math.Floor(x)), int(math.Floor(y)))
}

// TappedSecondary implements fyne.SecondaryTappable: a menu is wanted.
func (s *Surface) TappedSecondary(e *fyne.PointEvent) {
	if s.OnMenu != nil && s.shown != nil && !s.gesture.active() {
		s.OnMenu(e.AbsolutePosition)
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (s *Surface) DoubleTapped(e *fyne.PointEvent) {
	if s.OnFrameReset == nil || s.shown == nil || s.toolID != Hand || !s.frame.Handles {
		return
	}
	x, y := s.view.ToCanvas(s.screen.device(e.Position))
	if image.Pt(int(math.Floor(x)), int(math.Floor(y))).In(s.frame.Rect) {
		s.OnFrameReset()
	}
}

// pan moves the view, which from then on does not follow the window's size. Where it is there
// already nothing happens.
func (s *Surface) pan(to view.Transform) {
	if s.view != to {
		s.fitted = false
		s.setView(to)
		s.changed()
	}
}

// begin starts a gesture of the selected tool.
func (s *Surface) begin() {
	t := s.tools[s.toolID]
	if t == nil || s.gesture.active() || s.want.Size != s.shown.Size {
		return
	}
	// The callback may show another state, with another mask to draw on.
	if s.OnGesture != nil {
		s.OnGesture(true)
	}
	if s.want == nil || s.shown == nil || s.want.Size != s.shown.Size {
		if s.OnGesture != nil {
			s.OnGesture(false)
		}
		return
	}
	settings := s.settings
	settings.Reach = s.reach()
	s.gesture.number++
	s.gesture = gesture{
		Gesture: t.Begin(settings, s.want.Mask, s.shown.Pixels, s.toolPointer()),
		id:      t.ID(), over: s.want.Mask, number: s.gesture.number,
	}
	s.pointer.act = drawing
	s.advance()
}

// leaveSides calls OnGesture for a gesture that draws nothing, upon which the caller ends the
// comparison: side by side, a stroke would not appear under the pointer.
func (s *Surface) leaveSides() {
	if s.OnGesture != nil && (s.tools[s.toolID] != nil || s.toolID == Quick || s.toolID == Guide) {
		s.OnGesture(true)
		s.OnGesture(false)
	}
}

// advance passes the pointer's position to the gesture and shows its preview.
func (s *Surface) advance() {
	if !s.gesture.closing {
		s.preview(s.gesture.Move(s.toolPointer()))
		s.seek()
	}
}

// seek computes a slow preview on another goroutine, one at a time, and shows it.
func (s *Surface) seek() {
	w, ok := s.gesture.Gesture.(tool.Searcher)
	if !ok || s.gesture.seeking || s.gesture.closing {
		return
	}
	search := w.Search()
	if search == nil {
		return
	}
	s.gesture.seeking = true
	number := s.gesture.number
	s.options.Go(func() {
		m := search()
		s.options.Post(func() {
			if !s.gesture.active() || s.gesture.number != number || s.gesture.closing {
				return
			}
			s.gesture.seeking = false
			s.comp.SetMask(m, image.Rectangle{})
			if s.OnPreview != nil {
				s.OnPreview(m)
			}
			s.changed()
			s.seek()
		})
	})
}

func (s *Surface) preview(dirty image.Rectangle) {
	if !dirty.Empty() {
		m := s.gesture.Preview()
		s.comp.SetMask(m, dirty)
		if s.OnPreview != nil {
			s.OnPreview(m)
		}
		if !s.gesture.active() { // the callback has set another mask
			return
		}
	}
	s.comp.SetOutline(s.gesture.Outline())
	s.changed()
}

// finish commits the gesture, the wand's on another goroutine.
func (s *Surface) finish() {
	g := &s.gesture
	g.waiting, g.closing = false, true
	if g.id != "wand" {
		s.commit(g.Finish())
		return
	}
	number, finish := g.number, g.Finish
	s.options.Go(func() {
		m, dirty := finish()
		s.options.Post(func() {
			if s.gesture.active() && s.gesture.number == number {
				s.commit(m, dirty)
			}
		})
	})
}

func (s *Surface) commit(m *mask.Mask, dirty image.Rectangle) {
	id := s.gesture.id
	if w, ok := s.gesture.Gesture.(tool.Searcher); ok && s.OnTolerance != nil {
		if tolerance, ok := w.Learnt(); ok {
			s.OnTolerance(tolerance)
		}
	}
	s.end()
	s.comp.SetMask(m, image.Rectangle{})
	s.changed()
	if !dirty.Empty() && s.OnCommit != nil {
		s.OnCommit("step."+id, m, dirty)
	}
}

// end drops the gesture and its outline.
func (s *Surface) end() {
	s.gesture = gesture{number: s.gesture.number}
	s.comp.SetOutline(s.outline, true)
	if s.OnGesture != nil {
		s.OnGesture(false)
	}
}

// Gesturing reports whether a gesture is under way.
func (s *Surface) Gesturing() bool { return s.gesture.active() }

// Cancel drops what is under way, as Esc does: a gesture, or a drag of the frame or of the
// brush's size. It reports whether there was anything.
func (s *Surface) Cancel() bool {
	dragged := s.cancelDrag()
	if !s.gesture.active() {
		return dragged
	}
	s.end()
	if s.want != nil && s.shown != nil && s.want.Size == s.shown.Size {
		s.comp.SetMask(s.want.Mask, image.Rectangle{})
	}
	s.changed()
	s.updateRing()
	return true
}

// cancelDrag ends what the pointer drags, but for the view, and puts back what that
// changed. It reports whether it dragged anything but a gesture's shape.
func (s *Surface) cancelDrag() bool {
	act := s.pointer.act
	if act != idle && act != panning && act != zooming {
		s.pointer.act = idle
	}
	switch act {
	case selecting:
		s.comp.SetOutline(s.outline, true)
		s.changed()
	case ruling:
		s.endRuled()
		s.dropGuide()
	case framing:
		s.tellFrame(s.pointer.frame, true)
	case resizing:
		if s.OnBrushSize != nil {
			s.OnBrushSize(s.pointer.size, true)
		}
	case choosing:
	default:
		return false
	}
	return true
}

// Settle ends a drag, but for one of the view, as the release of its button does. It reports whether
// a shape is left that is still open, such as a polygon without its last corner.
func (s *Surface) Settle() (open bool) {
	switch s.pointer.act {
	case drawing, selecting, ruling, framing, resizing:
		s.release()
	}
	return s.gesture.waiting
}

// Complete closes an open shape, as Enter does. It reports whether there was one.
func (s *Surface) Complete() bool {
	if !s.gesture.waiting {
		return false
	}
	s.pointer.act = idle
	s.finish()
	s.updateRing()
	return true
}

// KeyDown tells the surface of a key that was pressed while no field has the focus: Space and
// the modifiers change what the pointer does.
func (s *Surface) KeyDown(e *fyne.KeyEvent) { s.key(e, true) }

// KeyUp tells it of a key that was released.
func (s *Surface) KeyUp(e *fyne.KeyEvent) { s.key(e, false) }

func (s *Surface) key(e *fyne.KeyEvent, down bool) {
	if e.Name == fyne.KeySpace {
		s.space = down
	}
	if s.gesture.active() && !s.gesture.closing && e.Name != fyne.KeyEscape {
		s.advance() // a shape follows Shift, Alt and Ctrl at once
	}
	if s.pointer.act == ruling && (s.pointer.ruled.moved || !s.clicked()) {
		s.dragGuide()
	}
	s.updateRing()
}

// FocusLost tells the surface that the window is no longer in front, where releases of keys
// are not reported.
func (s *Surface) FocusLost() {
	s.space = false
	s.updateRing()
}

// tellCursor calls OnCursor with the canvas pixel under the pointer.
func (s *Surface) tellCursor() {
	if s.OnCursor == nil {
		return
	}
	x, y := s.view.ToCanvas(s.pointer.x, s.pointer.y)
	at := image.Pt(int(math.Floor(x)), int(math.Floor(y)))
	over := s.pointer.over && s.shown != nil && at.In(s.shown.Bounds())
	s.OnCursor(at.X, at.Y, over)
}
