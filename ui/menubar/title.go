package menubar

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// title is a menu's name in the bar.
type title struct {
	widget.BaseWidget
	b       *Bar
	i       int
	open    bool
	hovered bool
}

func newTitle(b *Bar, i int) *title {
	t := &title{b: b, i: i}
	t.ExtendBaseWidget(t)
	widgets.Track(t)
	return t
}

// ControlName is the menu's label.
func (t *title) ControlName() string { return t.b.menus[t.i].Label }

func (t *title) set(open bool) {
	if t.open != open {
		t.open = open
		t.Refresh()
	}
}

// Tapped opens the menu. While one is open, the sheet over the window receives the clicks.
func (t *title) Tapped(*fyne.PointEvent) { t.b.open(t.i) }

// MouseIn is for Fyne.
func (t *title) MouseIn(*desktop.MouseEvent) { t.hover(true) }

// MouseMoved is for Fyne.
func (t *title) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (t *title) MouseOut() { t.hover(false) }

func (t *title) hover(on bool) {
	t.hovered = on
	t.Refresh()
}

// CreateRenderer is for Fyne.
func (t *title) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &titleRenderer{t, widgets.NewSurface("").Rounded(""), canvas.NewText(t.b.menus[t.i].Label, nil)}
	r.text.TextSize = theme.TextSize
	r.Refresh()
	return r
}

type titleRenderer struct {
	t    *title
	back *widgets.Surface
	text *canvas.Text
}

func (r *titleRenderer) Destroy() {}
func (r *titleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.text}
}

func (r *titleRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.text.MinSize().Width+20, Height)
}

func (r *titleRenderer) Layout(s fyne.Size) {
	r.back.Move(fyne.NewPos(1, 2))
	r.back.Resize(fyne.NewSize(s.Width-2, s.Height-4))
	widgets.PlaceText(r.text, 10, 0, s.Height)
}

func (r *titleRenderer) Refresh() {
	fill := fyne.ThemeColorName("")
	if r.t.open || r.t.hovered {
		fill = theme.Hover
	}
	r.back.SetColors(fill, "")
	r.text.Color = theme.Color(theme.Text)
	r.text.Refresh()
	r.Layout(r.t.Size())
}
