package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// left is where something was clicked last that may have gone away by that, and when. Fyne's
// goroutine alone touches it.
var left struct {
	at   fyne.Position
	size fyne.Size
	when time.Time
}

var now = time.Now

// Clicked notes that the person has clicked what lies there in the window, and that it may
// have gone away by that: the second half of a double-click is not meant for what lies
// below it.
func Clicked(at fyne.Position, size fyne.Size) {
	left.at, left.size, left.when = at, size, now()
}

// StrayClick reports whether a press at a place of the window is the second half of a
// double-click whose first half was for something else there, which Clicked was told of.
func StrayClick(at fyne.Position) bool {
	in := at.Subtract(left.at)
	return in.X >= 0 && in.Y >= 0 && in.X < left.size.Width && in.Y < left.size.Height &&
		now().Sub(left.when) < fyne.CurrentApp().Driver().DoubleTapDelay()
}

// clickedOn tells Clicked of a widget that was tapped by e, which is nil for keys.
func clickedOn(o fyne.CanvasObject, e *fyne.PointEvent) {
	if e != nil {
		Clicked(fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size())
	}
}

// NewMenu returns a menu that lies over a window and goes away when something in it is
// chosen, without the second half of a double-click reaching what lies below.
func NewMenu(m *fyne.Menu, c fyne.Canvas) *widget.PopUpMenu {
	p := widget.NewPopUpMenu(m, c)
	hide := p.OnDismiss
	p.OnDismiss = func() {
		Clicked(p.Position(), p.Size())
		hide()
	}
	return p
}
