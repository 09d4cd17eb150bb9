package gallery

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	xdraw "golang.org/x/image/draw"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// outline is the width by which the chosen card's outline extends beyond the card.
const outline = float32(3)

// focusOutline is the width by which the ring of the keyboard's focus does, which leaves the
// chosen card's to be seen.
const focusOutline = float32(6)

// CreateRenderer implements fyne.Widget.
func (c *card) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &cardRenderer{
		c: c, back: round(theme.Radius), ring: round(theme.Radius + 2), focus: round(theme.Radius + 5), over: round(theme.Radius),
		badge: round(4), starBack: round(4), crossBack: round(4), dot: round(3), picture: canvas.NewImageFromImage(nil),
		number: canvas.NewText("", nil), star: canvas.NewImageFromResource(nil), cross: canvas.NewImageFromResource(nil),
		tick: canvas.NewImageFromResource(nil), bar: widgets.NewProgress(),
		doing:    widgets.NewLabel("").Align(fyne.TextAlignCenter).Wrap().MaxLines(3),
		sentence: widgets.NewLabel("").Sized(theme.SmallSize).Colored(theme.Text).Wrap(),
		nameBack: round(4), name: widgets.NewLabel("").Sized(theme.SmallSize).Colored(theme.OnBadge).Cut(),
		beneath: widgets.NewLabel("").Sized(theme.SmallSize).Align(fyne.TextAlignCenter).Cut(),
		again:   widgets.NewLabel(text.T("ui.card.again")).Colored(theme.AccentText),
		clear:   widgets.NewLabel(text.T("gallery.clear")),
	}
	r.picture.FillMode, r.picture.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleFastest
	r.picture.CornerRadius = theme.Radius - 2
	r.Refresh()
	return r
}

func round(radius float32) *canvas.Rectangle {
	b := canvas.NewRectangle(color.Transparent)
	b.CornerRadius = radius
	return b
}

type cardRenderer struct {
	c                                                                  *card
	back, ring, focus, over, badge, starBack, crossBack, dot, nameBack *canvas.Rectangle
	picture, star, cross, tick                                         *canvas.Image
	number                                                             *canvas.Text
	doing, sentence, again, clear, name, beneath                       *widgets.Label
	bar                                                                *widgets.Progress
}

func (r *cardRenderer) Destroy() { r.bar.SetFraction(0) }

func (r *cardRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(Smallest) }

func (r *cardRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		r.focus, r.ring, r.back, r.picture, r.over, r.doing, r.bar, r.sentence, r.again, r.clear,
		r.nameBack, r.name, r.beneath, r.badge, r.number, r.tick, r.dot, r.starBack, r.star, r.crossBack, r.cross,
	}
}

func (r *cardRenderer) Layout(all fyne.Size) {
	s := r.c.box()
	r.beneath.Resize(fyne.NewSize(all.Width, beneathHigh))
	r.beneath.Move(fyne.NewPos(0, s.Height+3))
	r.layoutName(s)
	r.back.Resize(s)
	r.over.Resize(s)
	r.picture.Resize(s.SubtractWidthHeight(2, 2))
	r.picture.Move(fyne.NewPos(1, 1))
	r.ring.Resize(s.AddWidthHeight(2*outline, 2*outline))
	r.ring.Move(fyne.NewPos(-outline, -outline))
	r.focus.Resize(s.AddWidthHeight(2*focusOutline, 2*focusOutline))
	r.focus.Move(fyne.NewPos(-focusOutline, -focusOutline))
	r.layoutDoing(s)
	r.layoutFailure(s)
	r.layoutBadge()
	sign := func(back *canvas.Rectangle, icon *canvas.Image, y float32) {
		const side = float32(14)
		at := fyne.NewPos(s.Width-signSide-signPad+2, y)
		back.Resize(fyne.NewSquareSize(signSide - 2))
		back.Move(at)
		icon.Resize(fyne.NewSquareSize(side))
		icon.Move(at.AddXY((signSide-2-side)/2, (signSide-2-side)/2))
	}
	sign(r.starBack, r.star, signPad)
	sign(r.crossBack, r.cross, s.Height-signSide-signPad+2)
}

// layoutName puts the name of the service at the foot, beside the sign there.
func (r *cardRenderer) layoutName(s fyne.Size) {
	const high, pad = float32(18), float32(5)
	wide := min(fyne.MeasureText(r.name.Text(), theme.SmallSize, fyne.TextStyle{}).Width+1, s.Width-signSide-2*signPad-2*pad)
	line := r.name.MinSize().Height
	r.nameBack.Resize(fyne.NewSize(wide+2*pad, high))
	r.nameBack.Move(fyne.NewPos(4, s.Height-high-4))
	r.name.Resize(fyne.NewSize(wide, line))
	r.name.Move(fyne.NewPos(4+pad, s.Height-4-(high+line)/2))
}

// layoutDoing puts the words in the middle and the bar below them, or the bar
// at the foot of a preview.
func (r *cardRenderer) layoutDoing(s fyne.Size) {
	const pad = float32(14)
	r.doing.Resize(fyne.NewSize(s.Width-12, 40))
	high := r.doing.MinSize().Height
	top := float32(int(s.Height/2 - 6 - high/2))
	if r.c.face.several { // the name is below
		top -= 10
	}
	r.doing.Move(fyne.NewPos(6, top))
	r.bar.Resize(fyne.NewSize(s.Width-2*pad, 3))
	if r.picture.Hidden {
		r.bar.Move(fyne.NewPos(pad, top+high+10))
	} else {
		r.bar.Move(fyne.NewPos(pad, s.Height-10))
		if r.c.face.several { // the name is there
			r.bar.Move(fyne.NewPos(pad, s.Height-30))
		}
	}
}

func (r *cardRenderer) layoutFailure(s fyne.Size) {
	line := fyne.MeasureText("M", theme.SmallSize, fyne.TextStyle{}).Height
	r.sentence.MaxLines(max(1, int((s.Height-8-footHigh)/line)))
	r.sentence.Resize(fyne.NewSize(s.Width-16, s.Height-8-footHigh))
	r.sentence.Move(fyne.NewPos(8, 8))
	y := s.Height - footHigh + 4
	r.again.Resize(r.again.MinSize())
	r.again.Move(fyne.NewPos(buttonGap, y))
	r.clear.Resize(r.clear.MinSize())
	r.clear.Move(fyne.NewPos(r.c.againWidth()+buttonGap, y))
}

// layoutBadge puts number, tick and dot into one badge in the corner.
func (r *cardRenderer) layoutBadge() {
	const high, icon, dot = float32(18), float32(12), float32(6)
	min := r.number.MinSize()
	x := float32(9)
	widgets.PlaceText(r.number, x, 4, high)
	x += min.Width
	if !r.tick.Hidden {
		r.tick.Resize(fyne.NewSquareSize(icon))
		r.tick.Move(fyne.NewPos(x+3, 4+(high-icon)/2))
		x += icon + 3
	}
	if !r.dot.Hidden {
		r.dot.Resize(fyne.NewSquareSize(dot))
		r.dot.Move(fyne.NewPos(x+4, 4+(high-dot)/2))
		x += dot + 4
	}
	r.badge.Resize(fyne.NewSize(x+5-4, high))
	r.badge.Move(fyne.NewPos(4, 4))
}

func (r *cardRenderer) Refresh() {
	r.refreshPicture()
	r.refreshWords()
	r.refreshSigns()
	for _, o := range []fyne.CanvasObject{r.doing, r.sentence, r.again, r.clear, r.bar, r.name, r.beneath} {
		o.Refresh()
	}
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

// refreshPicture updates the picture, and the card's ground and frame.
func (r *cardRenderer) refreshPicture() {
	c, f := r.c, &r.c.face
	failed := c.failed()
	r.back.FillColor = theme.Color(theme.Control)
	if f.Image != nil && !failed { // what is beside a picture is as neutral as around the large one
		r.back.FillColor = theme.Color(theme.Surround)
	}
	r.back.StrokeColor, r.back.StrokeWidth = theme.Color(theme.Edge), 1
	r.ring.StrokeWidth, r.ring.Hidden = 2, !(f.chosen || f.against || c.target)
	r.ring.StrokeColor = theme.Color(theme.Accent)
	if !f.chosen {
		r.ring.StrokeColor = theme.Color(theme.Secondary)
	}
	r.focus.StrokeWidth, r.focus.StrokeColor, r.focus.Hidden = 2, theme.Color(theme.Text), !f.focused
	if img := c.picture(); r.picture.Image != img {
		r.picture.Image = img
		r.picture.Refresh()
	}
	r.picture.Hidden = f.Image == nil || failed
	r.over.Hidden = !c.hovered || f.chosen || r.picture.Hidden
	r.over.FillColor = theme.Color(theme.Hover)
}

// refreshWords updates the progress, the error, and the service's name.
func (r *cardRenderer) refreshWords() {
	c, f := r.c, &r.c.face
	failed := c.failed()
	working := f.State == Working && !failed && f.id.Edit > 0
	r.doing.Hidden = failed || f.Image != nil || f.id.Edit <= 0
	r.doing.SetText(f.doing())
	r.bar.Hidden = !working
	fraction := 0.0
	if working {
		fraction = f.Fraction
	}
	r.bar.SetFraction(fraction)
	r.sentence.Hidden, r.clear.Hidden = !failed, !failed
	r.again.Hidden = !failed || !f.trouble.Again
	r.sentence.SetText(f.short())
	r.name.SetText(f.Service)
	r.name.Hidden = !f.several || failed || f.Service == ""
	r.nameBack.Hidden, r.nameBack.FillColor = r.name.Hidden, theme.Color(theme.Badge)
	r.beneath.SetText(f.Beneath)
	r.beneath.Hidden = !f.several
}

// refreshSigns updates the marks and, under the pointer, the buttons.
func (r *cardRenderer) refreshSigns() {
	c, f := r.c, &r.c.face
	on := theme.Color(theme.OnBadge)
	r.number.Text, r.number.TextSize, r.number.Color = f.label(), theme.LabelSize, on
	r.number.Hidden = r.number.Text == "" || c.failed()
	r.badge.Hidden = r.number.Hidden || r.picture.Hidden
	r.number.Hidden = r.badge.Hidden
	r.badge.FillColor = theme.Color(theme.Badge)
	r.tick.Hidden = r.badge.Hidden || !f.Used
	r.dot.Hidden = r.badge.Hidden || !f.New
	r.dot.FillColor = on
	theme.SetIcon(r.tick, "check", theme.OnBadge)

	r.star.Hidden = !c.variant() || !f.Favourite && !c.hovered
	r.cross.Hidden = f.id.Edit <= 0 || c.failed() || !c.hovered
	star, colour := "star", theme.OnBadge
	if f.Favourite {
		star, colour = "star-on", theme.OnBadgeStar
	}
	theme.SetIcon(r.star, star, colour)
	theme.SetIcon(r.cross, "close", theme.OnBadge)
	back := func(b *canvas.Rectangle, icon *canvas.Image, s sign) {
		b.Hidden = icon.Hidden
		b.FillColor = theme.Color(theme.Badge)
		if c.at == s {
			b.FillColor = theme.Color(theme.BadgeHover)
		}
	}
	back(r.starBack, r.star, starSign)
	back(r.crossBack, r.cross, crossSign)
	r.again.Colored(theme.AccentText)
	r.clear.Colored(theme.Secondary)
	switch c.at {
	case againSign:
		r.again.Colored(theme.Text)
	case clearSign:
		r.clear.Colored(theme.Text)
	}
}

// pixels converts a length in the window of o to device pixels.
func pixels(o fyne.CanvasObject, units float32) int {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		return int(units*c.Scale() + 0.5)
	}
	return int(units + 0.5)
}

// fitted returns an image scaled down to fit into a square of side pixels, or unchanged where
// it is at most a quarter larger.
func fitted(img image.Image, side int) image.Image {
	b := img.Bounds()
	if side <= 0 || max(b.Dx(), b.Dy()) <= side*5/4 {
		return img
	}
	src, ok := img.(*image.NRGBA)
	if !ok {
		src = image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(src, src.Rect, img, b.Min, draw.Src)
	}
	return picture.Thumbnail(src, side)
}

// leastSide is the least shorter side, in pixels of the screen, at which an image is shown.
const leastSide = 6

// seen returns an image that is visible where it is fitted into a square of side pixels: what is
// transparent lies over the checkerboard of the canvas, and an image that would be a hairline is
// drawn thicker than it is.
func seen(img image.Image, side int) image.Image {
	if side <= 0 {
		return img
	}
	size := img.Bounds().Size()
	least := (leastSide*max(size.X, size.Y) + side - 1) / side
	thick := image.Pt(max(size.X, least), max(size.Y, least))
	if o, ok := img.(interface{ Opaque() bool }); (!ok || o.Opaque()) && thick == size {
		return img
	}
	style := view.DefaultStyle()
	out := image.NewNRGBA(image.Rectangle{Max: thick})
	for y := range thick.Y {
		for x := range thick.X {
			out.SetNRGBA(x, y, style.CheckLight)
			if (x/style.CheckSide+y/style.CheckSide)%2 == 1 {
				out.SetNRGBA(x, y, style.CheckDark)
			}
		}
	}
	xdraw.NearestNeighbor.Scale(out, out.Rect, img, img.Bounds(), draw.Over, nil)
	return out
}
