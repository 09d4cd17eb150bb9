package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Icon shows one of our icons in a colour of the theme.
type Icon struct {
	widget.BaseWidget
	fixed fyne.Resource // shown as it is, in place of name
	name  string
	color fyne.ThemeColorName
	side  float32
}

// NewIcon returns the icon of that name, side wide and high.
func NewIcon(name string, side float32, color fyne.ThemeColorName) *Icon {
	i := &Icon{name: name, side: side, color: color}
	i.ExtendBaseWidget(i)
	return i
}

// NewResource returns a picture file, side wide and high, in its own colours.
func NewResource(res fyne.Resource, side float32) *Icon {
	i := &Icon{fixed: res, side: side}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes icon and colour.
func (i *Icon) Set(name string, color fyne.ThemeColorName) {
	i.name, i.color = name, color
	i.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	i.ExtendBaseWidget(i)
	img := canvas.NewImageFromResource(nil)
	r := &renderer{objects: []fyne.CanvasObject{img}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(i.side) }
	r.layout = func(s fyne.Size) {
		img.Resize(fyne.NewSquareSize(i.side))
		img.Move(fyne.NewPos(middle(s.Width, i.side), middle(s.Height, i.side)))
	}
	r.refresh = func() {
		if i.fixed == nil {
			theme.SetIcon(img, i.name, i.color)
			return
		}
		img.Resource = i.fixed
		img.Refresh()
	}
	r.refresh()
	return r
}

// Picture shows a small picture with the design's corners, cut to the shape of
// its place. What it is given should be about as large as it is shown.
type Picture struct {
	widget.BaseWidget
	img  image.Image
	side float32
}

// NewPicture returns an empty place, side wide and high.
func NewPicture(side float32) *Picture {
	p := &Picture{side: side}
	p.ExtendBaseWidget(p)
	return p
}

// SetImage shows img, or nothing for nil.
func (p *Picture) SetImage(img image.Image) {
	p.img = img
	p.Refresh()
}

// Image returns what is shown.
func (p *Picture) Image() image.Image { return p.img }

// CreateRenderer implements fyne.Widget.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	back := box()
	img := canvas.NewImageFromImage(nil)
	img.FillMode, img.ScaleMode, img.CornerRadius = canvas.ImageFillCover, canvas.ImageScaleFastest, theme.Radius-1
	r := &renderer{objects: []fyne.CanvasObject{back, img}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(p.side) }
	r.layout = func(s fyne.Size) {
		back.Resize(s)
		img.Resize(s)
	}
	r.refresh = func() {
		paint(back, theme.Control, theme.Edge)
		img.Hidden = p.img == nil
		if img.Image != p.img {
			img.Image = p.img
			img.Refresh()
		}
		canvas.Refresh(p)
	}
	r.refresh()
	return r
}
