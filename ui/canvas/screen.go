package canvas

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"
	fc "fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/theme"
)

// bandRows is the height, in device pixels, of the images that the surface is shown by: a
// refresh uploads the whole image, and many small uploads cost more than few large ones.
const bandRows = 256

// screen is the surface's place on the device.
type screen struct {
	density  float64     // device pixels per unit
	origin   image.Point // device position of the top-left pixel in the window
	shift    fyne.Position
	size     image.Point // in device pixels
	bands    []*fc.Image
	img      *image.RGBA // that the bands show
	renderer *renderer   // nil before Fyne asks for it
}

// measure updates the surface's place, and the compositor's size. It returns whether it has
// changed.
func (s *Surface) measure() bool {
	density, at := 1.0, fyne.Position{}
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(s); c != nil {
		const long = 1 << 20
		px, _ := c.PixelCoordinateForPosition(fyne.NewPos(long, 0))
		density = float64(px) / long
		at = driver.AbsolutePositionForObject(s)
	}
	exact := [2]float64{float64(at.X) * density, float64(at.Y) * density}
	origin := image.Pt(int(math.Round(exact[0])), int(math.Round(exact[1])))
	end := image.Pt(
		int(math.Round(exact[0]+float64(s.Size().Width)*density)),
		int(math.Round(exact[1]+float64(s.Size().Height)*density)))
	old := s.screen
	s.screen.density, s.screen.origin, s.screen.size = density, origin, end.Sub(origin)
	// Bands begin on whole device pixels even where the widget doesn't.
	s.screen.shift = fyne.NewPos(
		float32((float64(origin.X)-exact[0])/density), float32((float64(origin.Y)-exact[1])/density))
	if old.size == s.screen.size && old.density == density && old.shift == s.screen.shift {
		return false
	}
	s.follow(old)
	return true
}

// follow adapts the view to a surface of another size.
func (s *Surface) follow(old screen) {
	s.comp.SetSize(s.screen.size)
	s.restyle()
	switch {
	case s.fitted:
		s.setView(s.fit())
	case old.density != s.screen.density && old.size != (image.Point{}):
		s.setView(s.view.Rescaled(s.screen.density / old.density))
	case old.size != (image.Point{}):
		s.setView(s.view.Resized(old.size, s.screen.size))
	}
}

// unit returns device pixels as units.
func (c *screen) unit(pixels float64) float32 { return float32(pixels / c.density) }

// device returns the device position, from the surface's top-left pixel, of the
// middle of the pixel under a position in the widget.
func (c *screen) device(p fyne.Position) (x, y float64) {
	at := func(v, shift float32) float64 {
		return math.Floor((float64(v)-float64(shift))*c.density+0.01) + 0.5
	}
	return at(p.X, c.shift.X), at(p.Y, c.shift.Y)
}

// position returns the position in the widget of a device position.
func (c *screen) position(x, y float64) fyne.Position {
	return fyne.NewPos(c.unit(x), c.unit(y)).Add(c.shift)
}

// restyle hands the theme's colours and the looks to the compositor.
func (s *Surface) restyle() {
	style := view.DefaultStyle()
	style.Surround = view.Opaque(theme.Color(theme.Surround))
	style.Tint = view.Opaque(theme.Color(theme.Accent))
	if s.looks.tint != nil {
		style.Tint = view.Opaque(s.looks.tint)
	}
	style.Phase = s.comp.Style().Phase
	style.Mask, style.Strength, style.Grid, style.Edge = s.looks.mode, s.looks.strength, true, true
	if s.looks.hidden {
		style.Mask = view.MaskHidden
	}
	style.Line = max(1, int(math.Round(s.screen.density)))
	style.CheckSide = max(1, int(math.Round(8*s.screen.density)))
	s.comp.SetStyle(style)
}

// cost estimates how many device pixels can be drawn at once.
type cost struct {
	limit int           // given; 0: measured
	pixel time.Duration // per 1024 pixels, smoothed
}

// share is the part of a frame's time on Fyne's goroutine that drawing may take.
const share = 8 * time.Millisecond

func (c *cost) allows(pixels int) bool {
	if c.limit > 0 {
		return pixels <= c.limit
	}
	return c.pixel == 0 || time.Duration(pixels/1024)*c.pixel <= share
}

func (c *cost) measure(pixels int, took time.Duration) {
	if pixels < 1<<16 {
		return // measures mostly the clock
	}
	now := took * 1024 / time.Duration(pixels)
	if c.pixel == 0 {
		c.pixel = now
	}
	c.pixel += (now - c.pixel) / 4
}

// changed brings the screen up to date after anything was set: at once where that is quick,
// else coarsely at once and finely after restTime without changes.
func (s *Surface) changed() {
	if s.measure() {
		s.screen.img = nil
	}
	cmp := view.Compare{Mode: s.compare}
	if s.compare == view.CompareSplit || s.compare == view.CompareRows {
		cmp.At = s.splitAt()
	}
	s.comp.SetCompare(cmp)
	s.march()
	pixels := s.comp.Pending()
	if s.cost.allows(pixels) {
		start := time.Now()
		rects := s.comp.Render()
		s.cost.measure(pixels, time.Since(start))
		s.refresh(rects)
	} else {
		s.refresh(s.comp.RenderCoarse())
	}
	if s.comp.Rough() > 0 {
		s.rest()
	}
}

// restTime is how long nothing must change before what is drawn coarsely is refined.
const restTime = 60 * time.Millisecond

// rest refines what is drawn coarsely, once nothing has changed for restTime.
func (s *Surface) rest() {
	s.refines++
	number := s.refines
	s.options.After(restTime, func() {
		if number != s.refines {
			return
		}
		job := s.comp.Start()
		if job == nil {
			return
		}
		s.options.Go(func() {
			job.Run()
			s.options.Post(func() {
				s.refresh(s.comp.Finish(job))
				if s.comp.Pending() > 0 || s.comp.Rough() > 0 {
					s.changed()
				}
			})
		})
	})
}

// marchTime is the interval at which the dashes of the mask's outline move.
const marchTime = 150 * time.Millisecond

// march moves the dashes of the outline ("marching ants"), as long as one is shown and drawing
// it is quick.
func (s *Surface) march() {
	if s.marching || s.looks.hidden || s.looks.mode != view.MaskOutline || s.want == nil || s.want.Mask.Empty() ||
		!s.cost.allows(s.screen.size.X*s.screen.size.Y) {
		return
	}
	s.marching = true
	s.options.After(marchTime, func() {
		s.marching = false
		style := s.comp.Style()
		style.Phase++
		s.comp.SetStyle(style)
		s.changed()
	})
}

// splitAt returns the device column, or row, of the compare line.
func (s *Surface) splitAt() int {
	along := s.screen.size.X
	if s.compare == view.CompareRows {
		along = s.screen.size.Y
	}
	return int(math.Round(s.split * float64(along)))
}

// refresh shows rectangles of device pixels that were redrawn.
func (s *Surface) refresh(rects []image.Rectangle) {
	if s.screen.img != s.comp.Image() {
		s.rebind()
		return
	}
	for i, band := range s.screen.bands {
		rows := image.Rect(0, i*bandRows, s.screen.size.X, (i+1)*bandRows)
		for _, r := range rects {
			if r.Overlaps(rows) {
				band.Refresh()
				break
			}
		}
	}
}

// rebind lets the bands show the compositor's present picture.
func (s *Surface) rebind() {
	img := s.comp.Image()
	s.screen.img = img
	n := (img.Rect.Dy() + bandRows - 1) / bandRows
	if img.Rect.Dx() == 0 {
		n = 0
	}
	for len(s.screen.bands) < n {
		// Pixels, not Smooth: the image has exactly the device's pixels.
		s.screen.bands = append(s.screen.bands, &fc.Image{ScaleMode: fc.ImageScalePixels, FillMode: fc.ImageFillStretch})
	}
	s.screen.bands = s.screen.bands[:n]
	for i, band := range s.screen.bands {
		rows := min(bandRows, img.Rect.Dy()-i*bandRows)
		band.Image = &image.RGBA{
			Pix:    img.Pix[i*bandRows*img.Stride:][:rows*img.Stride],
			Stride: img.Stride, Rect: image.Rect(0, 0, img.Rect.Dx(), rows),
		}
		band.Move(s.screen.position(0, float64(i*bandRows)))
		band.Resize(fyne.NewSize(s.screen.unit(float64(img.Rect.Dx())), s.screen.unit(float64(rows))))
		band.Refresh()
	}
	if r := s.renderer(); r != nil {
		r.fill()
	}
}

// renderer shows the bands, and the ring over them, clipped to the surface.
type renderer struct {
	surface *Surface
	inner   *fyne.Container
	clip    *container.Clip
}

// CreateRenderer implements fyne.Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	inner := container.NewWithoutLayout()
	r := &renderer{surface: s, inner: inner, clip: container.NewClip(inner)}
	s.screen.renderer = r
	r.fill()
	return r
}

func (s *Surface) renderer() *renderer { return s.screen.renderer }

// fill puts the bands and the ring into the clip.
func (r *renderer) fill() {
	objects := make([]fyne.CanvasObject, 0, len(r.surface.screen.bands)+8)
	for _, b := range r.surface.screen.bands {
		objects = append(objects, b)
	}
	r.inner.Objects = append(objects, r.surface.ring.objects()...)
}

// Layout implements fyne.WidgetRenderer.
func (r *renderer) Layout(size fyne.Size) {
	r.clip.Resize(size)
	s := r.surface
	s.changed()
	s.updateRing()
	s.awaitWindow(50)
}

// awaitWindow measures again once the surface, which may be laid out before, is in a window:
// only then the scale is known.
func (s *Surface) awaitWindow(tries int) {
	if tries == 0 || fyne.CurrentApp().Driver().CanvasForObject(s) != nil {
		return
	}
	s.options.After(restTime, func() {
		s.changed()
		s.awaitWindow(tries - 1)
	})
}

// Refresh implements fyne.WidgetRenderer: the theme or the scale may have changed.
func (r *renderer) Refresh() {
	s := r.surface
	s.restyle()
	s.changed()
	s.updateRing()
}

// MinSize implements fyne.WidgetRenderer: small, for the window decides how large the surface is.
func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(64, 64) }

// Objects implements fyne.WidgetRenderer.
func (r *renderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.clip} }

// Destroy implements fyne.WidgetRenderer.
func (r *renderer) Destroy() {}
