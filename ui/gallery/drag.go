package gallery

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// ghost is the picture of the card that is dragged.
type ghost struct {
	layer *fyne.Container
	image *canvas.Image
}

func newGhost() *ghost {
	img := canvas.NewImageFromImage(nil)
	img.FillMode, img.ScaleMode, img.Translucency = canvas.ImageFillContain, canvas.ImageScaleFastest, 0.3
	img.Hide()
	return &ghost{container.NewWithoutLayout(img), img}
}

func absolute(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// dragTo moves the ghost to a place in the window and marks the card there.
func (g *Gallery) dragTo(at fyne.Position) {
	img := g.ghost.image
	if img.Hidden {
		img.Image = g.dragged.scaled
		img.Resize(fyne.NewSquareSize(min(Usual, g.view.cardSize())))
		img.Show()
		img.Refresh()
	}
	half := img.Size().Width / 2
	img.Move(at.Subtract(absolute(g.ghost.layer)).SubtractXY(half, half))
	over := g.cardAt(at)
	if over == g.dragged || over != nil && (over.failed() || over.face.State != Ready) {
		over = nil
	}
	if over != g.over {
		for _, c := range []*card{g.over, over} {
			if c != nil {
				c.target = c == over
				c.Refresh()
			}
		}
		g.over = over
	}
}

// drop reports the card on which the dragged one was dropped.
func (g *Gallery) drop() {
	dragged, over := g.dragged, g.over
	g.dragged, g.over = nil, nil
	g.ghost.image.Hide()
	if over != nil {
		over.target = false
		over.Refresh()
		if g.do.Compare != nil && dragged.face.State == Ready {
			g.do.Compare(dragged.face.id, over.face.id)
		}
	}
	g.show() // the dragged card was kept although it may not be visible
}

// cardAt returns the card at a place in the window, or nil.
func (g *Gallery) cardAt(at fyne.Position) *card {
	inside := func(o fyne.CanvasObject) bool {
		p, s := at.Subtract(absolute(o)), o.Size()
		return o.Visible() && p.X >= 0 && p.Y >= 0 && p.X < s.Width && p.Y < s.Height
	}
	for _, c := range []*card{g.origin, g.current} {
		if c != nil && inside(c) {
			return c
		}
	}
	if inside(g.scroll) {
		for _, c := range g.cards {
			if inside(c) {
				return c
			}
		}
	}
	return nil
}

// barHigh is the height of the strip's upper edge, which is dragged to change the cards' size.
const barHigh = float32(7)

// sizeBar is the upper edge of the strip, with a grip in its middle.
type sizeBar struct {
	widget.BaseWidget
	g       *Gallery
	size    float32 // while it is dragged, not yet limited
	hovered bool
}

func newSizeBar(g *Gallery) *sizeBar {
	b := &sizeBar{g: g}
	b.ExtendBaseWidget(b)
	return b
}

// Dragged reports the size to which the cards are dragged.
func (b *sizeBar) Dragged(e *fyne.DragEvent) {
	if !b.g.sizing {
		b.g.sizing, b.size = true, b.g.view.cardSize()
	}
	b.size -= e.Dragged.DY
	b.tell(false)
}

// DragEnd reports it for the last time.
func (b *sizeBar) DragEnd() {
	if b.g.sizing {
		b.g.sizing = false
		b.tell(true)
		b.g.show()
	}
}

func (b *sizeBar) tell(done bool) {
	if b.g.do.Resize != nil {
		b.g.do.Resize(max(Smallest, min(Largest, b.size)), done)
	}
}

// MouseIn highlights the grip.
func (b *sizeBar) MouseIn(*desktop.MouseEvent) { b.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (b *sizeBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (b *sizeBar) MouseOut() { b.hover(false) }

func (b *sizeBar) hover(on bool) {
	b.hovered = on
	b.Refresh()
}

// Cursor shows the direction in which the bar can be dragged.
func (b *sizeBar) Cursor() desktop.Cursor { return desktop.VResizeCursor }

// CreateRenderer implements fyne.Widget.
func (b *sizeBar) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	grip := widgets.NewSurface(theme.Track).Dot()
	return &barRenderer{b, grip}
}

type barRenderer struct {
	b    *sizeBar
	grip *widgets.Surface
}

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, barHigh) }
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.grip} }

func (r *barRenderer) Layout(s fyne.Size) {
	r.grip.Resize(fyne.NewSize(40, 3))
	r.grip.Move(fyne.NewPos(float32(int((s.Width-40)/2)), 2))
}

func (r *barRenderer) Refresh() {
	colour := theme.Track
	if r.b.hovered {
		colour = theme.Secondary
	}
	r.grip.SetColors(colour, "")
}
