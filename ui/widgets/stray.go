package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// click is the last click and its object, which the click may have removed. It is used on
// Fyne's goroutine.
type click struct {
	object fyne.CanvasObject // nil for what is known to be gone
	canvas fyne.Canvas
	top    fyne.CanvasObject // what lay over the canvas's content
	at     fyne.Position     // in the window
	size   fyne.Size
	when   time.Time
	twice  func() // what the second half of a double click does, or nil
}

var (
	last    click
	looking bool // for the object of last, in the walk over all that is visible
)

// DoubleClick is the time within which two clicks are a double click in the lists and
// galleries that report each click at once, which Fyne's own would delay by as long.
const DoubleClick = 400 * time.Millisecond

// Clock returns the time of clicks; tests replace it.
var Clock = time.Now

// Clicked notes that the user has clicked an object. Where the click removed, moved or
// covered the object, a second click at the same position soon after is the second half of a
// double click and must not reach another object: a shield takes it.
func Clicked(o fyne.CanvasObject) {
	last = click{object: o, canvas: canvasOf(o), at: place(o), size: o.Size(), when: Clock()}
	if last.canvas != nil {
		last.top = last.canvas.Overlays().Top()
	}
}

// TakenAway is Clicked for an object that shows something else after the click, such as the
// card of the next variant.
func TakenAway(o fyne.CanvasObject) { TakenAwayFor(o, nil) }

// TakenAwayFor is TakenAway for an object with a double click, whose second half calls twice.
func TakenAwayFor(o fyne.CanvasObject, twice func()) {
	Clicked(o)
	last.object, last.twice = nil, twice
}

// clickedOn tells Clicked of a widget that was tapped by e, which is nil for keys.
func clickedOn(o fyne.CanvasObject, e *fyne.PointEvent) {
	if e != nil {
		Clicked(o)
	}
}

func place(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// stray reports whether a press in the place of the last click must not reach the object there.
func (c *click) stray() bool {
	return c.canvas != nil && Clock().Sub(c.when) < fyne.CurrentApp().Driver().DoubleTapDelay() &&
		(c.object == nil || c.canvas.Overlays().Top() != c.top || place(c.object) != c.at)
}

// shield lies over all that can be clicked in a window's content or a dialog. It is visible
// while a press at the position of the last click would be stray, and takes that press without
// moving the focus. It draws nothing.
type shield struct {
	widget.BaseWidget
	canvas fyne.Canvas
	beside fyne.CanvasObject // an object whose place is that of the shield's container
	at     fyne.Position
	later  func(func()) // does something on Fyne's goroutine after the event
}

func newShield(c fyne.Canvas, beside fyne.CanvasObject) *shield {
	s := &shield{canvas: c, beside: beside, later: fyne.Do}
	s.ExtendBaseWidget(s)
	return s
}

// Visible reports whether a press would be a stray one. Fyne asks for it before it looks for
// what is under the pointer.
func (s *shield) Visible() bool {
	if looking || s.canvas != last.canvas {
		return false
	}
	looking = true
	defer func() { looking = false }()
	if !last.stray() {
		return false
	}
	s.at = last.at.Subtract(place(s.beside))
	return true
}

// Position is where the last click was.
func (s *shield) Position() fyne.Position { return s.at }

// Size is that of what was clicked.
func (s *shield) Size() fyne.Size { return last.size }

// Tapped takes a click.
func (s *shield) Tapped(*fyne.PointEvent) {
	if do := last.twice; do != nil {
		last.twice = nil
		do()
	}
}

// MouseDown takes a press.
func (s *shield) MouseDown(*desktop.MouseEvent) { s.keepFocus() }

// MouseUp takes the end of a press.
func (s *shield) MouseUp(*desktop.MouseEvent) { s.keepFocus() }

// Dragged takes a drag.
func (s *shield) Dragged(*fyne.DragEvent) {}

// DragEnd takes the end of a drag.
func (s *shield) DragEnd() {}

// keepFocus gives the focus back, which Fyne takes away after a press beside it.
func (s *shield) keepFocus() {
	if f := s.canvas.Focused(); f != nil {
		s.later(func() {
			if s.canvas.Focused() == nil {
				s.canvas.Focus(f)
			}
		})
	}
}

// CreateRenderer implements fyne.Widget.
func (s *shield) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{min: func() fyne.Size { return fyne.Size{} }, layout: func(fyne.Size) {}, refresh: func() {}}
}

// NewMenu returns a menu that lies over a window and goes away when something in it is
// chosen, without the second half of a double-click reaching what lies below.
func NewMenu(m *fyne.Menu, c fyne.Canvas) *widget.PopUpMenu {
	p := widget.NewPopUpMenu(m, c)
	hide := p.OnDismiss
	p.OnDismiss = func() {
		Clicked(p)
		hide()
	}
	return p
}
