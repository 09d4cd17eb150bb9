// Package compare draws what lies over the canvas while two pictures are
// compared: the handle of the divider, and what the pictures are called. The
// canvas draws the divider itself.
//
// It shows a View and tells where the divider is dragged to. All of the canvas
// but the divider stays usable below it. It is used on Fyne's goroutine alone.
package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// How is in what way two pictures are compared.
type How int

// The ways.
const (
	Off        How = iota // one picture, which Right names, if it has a name
	Vertical              // the divider goes from top to bottom; Left is on its left
	Horizontal            // the divider goes from left to right; Left is above it
	SideBySide
	Flicker // one after the other in the same place
)

// View is what is shown.
type View struct {
	How How
	// At is where the divider is, 0 to 1 of the canvas from its left or top.
	At          float64
	Left, Right string // what the pictures are called
	// Second reports that Flicker shows Right now; whoever shows the pictures in
	// turns has the clock.
	Second bool
}

// Overlay lies over the canvas.
type Overlay struct {
	// OnMove hears where the divider is dragged to, 0 to 1, and with done once at
	// the end. The View has to follow.
	OnMove func(at float64, done bool)

	view        View
	root        *fyne.Container
	handle      *divider
	left, right *badge
}

// New returns an overlay that shows nothing.
func New() *Overlay {
	o := &Overlay{left: newBadge(), right: newBadge()}
	o.handle = newDivider(o)
	o.root = container.New(&overlayLayout{o}, o.left.root, o.right.root, o.handle)
	o.Set(View{})
	return o
}

// Object returns what is stacked over the canvas.
func (o *Overlay) Object() fyne.CanvasObject { return o.root }

// Set shows a view.
func (o *Overlay) Set(v View) {
	o.view = v
	slider := v.How == Vertical || v.How == Horizontal
	visible := func(object fyne.CanvasObject, on bool) {
		if on {
			object.Show()
		} else {
			object.Hide()
		}
	}
	visible(o.handle, slider)
	o.left.set(v.Left)
	o.right.set(v.Right)
	visible(o.left.root, v.How != Off && v.Left != "" && (v.How != Flicker || !v.Second))
	visible(o.right.root, v.Right != "" && (v.How != Flicker || v.Second))
	o.handle.Refresh()
	o.root.Refresh()
}

// The measures of the divider.
const (
	handleSide = float32(28)
	labelTop   = float32(10)
)

type overlayLayout struct{ o *Overlay }

func (l *overlayLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 40) }

func (l *overlayLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	o := l.o
	at := float32(max(0, min(1, o.view.At)))
	x, y := float32(int(at*s.Width)), float32(int(at*s.Height))
	if o.view.How == SideBySide || o.view.How == Flicker {
		x = float32(int(s.Width / 2))
	}
	put := func(object fyne.CanvasObject, x, y, w, h float32) {
		object.Move(fyne.NewPos(x, y))
		object.Resize(fyne.NewSize(w, h))
	}
	left, right := o.left.root.MinSize(), o.right.root.MinSize()
	if o.view.How == Horizontal {
		put(o.handle, 0, y-handleSide/2, s.Width, handleSide)
		put(o.left.root, labelTop, max(0, y-12-left.Height), left.Width, left.Height)
		put(o.right.root, labelTop, min(s.Height-right.Height, y+12), right.Width, right.Height)
		return
	}
	put(o.handle, x-handleSide/2, 0, handleSide, s.Height)
	if o.view.How == Off {
		put(o.right.root, labelTop, labelTop, right.Width, right.Height)
		return
	}
	if o.view.How == Flicker {
		put(o.left.root, x-left.Width/2, labelTop, left.Width, left.Height)
		put(o.right.root, x-right.Width/2, labelTop, right.Width, right.Height)
		return
	}
	put(o.left.root, max(4, x-18-left.Width), labelTop, left.Width, left.Height)
	put(o.right.root, min(s.Width-right.Width-4, x+12), labelTop, right.Width, right.Height)
}

// badge is a picture's name over the picture.
type badge struct {
	root  *fyne.Container
	label *widgets.Label
}

func newBadge() *badge {
	b := &badge{label: widgets.NewLabel("").Colored(theme.OnBadge)}
	b.root = container.NewStack(widgets.NewSurface(theme.Badge).Rounded(""), widgets.Pad(2, 8, 2, 8, b.label))
	return b
}

func (b *badge) set(s string) { b.label.SetText(s) }

// divider is what can be dragged: a strip along the line with a round handle in
// its middle.
type divider struct {
	widget.BaseWidget
	o       *Overlay
	hovered bool
	drag    bool
}

func newDivider(o *Overlay) *divider {
	d := &divider{o: o}
	d.ExtendBaseWidget(d)
	return d
}

// MouseDown is for Fyne: the button is the divider's from the beginning on, and
// not the canvas's below it.
func (d *divider) MouseDown(*desktop.MouseEvent) {}

// MouseUp is for Fyne.
func (d *divider) MouseUp(*desktop.MouseEvent) {}

// Dragged tells where the divider is dragged to.
func (d *divider) Dragged(e *fyne.DragEvent) {
	d.drag = true
	s := d.o.root.Size()
	p := d.Position().Add(e.Position)
	if d.o.view.How == Horizontal {
		d.tell(p.Y, s.Height, false)
	} else {
		d.tell(p.X, s.Width, false)
	}
}

// DragEnd tells it for the last time.
func (d *divider) DragEnd() {
	if d.drag && d.o.OnMove != nil {
		d.o.OnMove(max(0, min(1, d.o.view.At)), true)
	}
	d.drag = false
}

func (d *divider) tell(at, room float32, done bool) {
	if room > 0 && d.o.OnMove != nil {
		d.o.OnMove(float64(max(0, min(1, at/room))), done)
	}
}

// MouseIn marks the handle.
func (d *divider) MouseIn(*desktop.MouseEvent) { d.hover(true) }

// MouseMoved is for Fyne.
func (d *divider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (d *divider) MouseOut() { d.hover(false) }

func (d *divider) hover(on bool) {
	d.hovered = on
	d.Refresh()
}

// Cursor says which way the divider can be dragged.
func (d *divider) Cursor() desktop.Cursor {
	if d.o.view.How == Horizontal {
		return desktop.VResizeCursor
	}
	return desktop.HResizeCursor
}

// CreateRenderer is for Fyne.
func (d *divider) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	knob := canvas.NewCircle(nil)
	icon := canvas.NewImageFromResource(nil)
	r := &dividerRenderer{d, knob, icon}
	r.Refresh()
	return r
}

type dividerRenderer struct {
	d    *divider
	knob *canvas.Circle
	icon *canvas.Image
}

func (r *dividerRenderer) Destroy()           {}
func (r *dividerRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(handleSide) }
func (r *dividerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.knob, r.icon}
}

func (r *dividerRenderer) Layout(s fyne.Size) {
	x, y := float32(int((s.Width-handleSide)/2)), float32(int((s.Height-handleSide)/2))
	r.knob.Resize(fyne.NewSquareSize(handleSide))
	r.knob.Move(fyne.NewPos(x, y))
	r.icon.Resize(fyne.NewSquareSize(16))
	r.icon.Move(fyne.NewPos(x+6, y+6))
}

func (r *dividerRenderer) Refresh() {
	r.knob.FillColor = theme.Color(theme.OnHandle)
	r.knob.StrokeColor, r.knob.StrokeWidth = theme.Color(theme.Badge), 1
	if r.d.hovered {
		r.knob.StrokeColor, r.knob.StrokeWidth = theme.Color(theme.Accent), 2
	}
	icon := "arrows-horizontal"
	if r.d.o.view.How == Horizontal {
		icon = "arrows-vertical"
	}
	theme.SetIcon(r.icon, icon, theme.Badge)
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}
