// Package view draws a document as it appears on the screen: the transform from
// canvas to device pixels, and the compositor, which keeps one opaque picture
// of the view's size up to date, dirty rectangle by dirty rectangle.
//
// At 1:1 and above, each device pixel shows the canvas pixel under its centre.
// Below, it shows the average of what it covers: exactly the box filter over
// the pyramid level that is next finer than the device, with weights in 256ths.
// Premultiplied colours are averaged as they are stored (not in linear light), so that a
// scaled-down view looks as in other programs.
package view

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/parallel"
)

// Compositor holds what the view shows and the picture drawn from it. Its methods must
// be called from one goroutine, or one at a time; only a Job may run elsewhere.
//
// Setters never draw: they mark device pixels as dirty. Render draws the dirty ones. Where
// that would take longer than a frame, RenderCoarse draws them with nearest sampling, and
// Start returns a Job that draws them again in full quality on another goroutine.
type Compositor struct {
	img   *image.RGBA
	shot  shot
	dirty region // where img is out of date
	rough region // where img is coarse
	moved bool   // img was scrolled since the last Render
	job   *Job
	given bool // shot.before was set by SetBefore
}

// NewCompositor returns an empty compositor of size zero.
func NewCompositor() *Compositor {
	c := &Compositor{img: image.NewRGBA(image.Rectangle{})}
	c.shot.transform = Transform{Scale: 1}
	c.shot.style = DefaultStyle().derived()
	return c
}

// Image returns the picture of the view. Its rows have no padding; only Render,
// RenderCoarse and Finish write to it. SetSize replaces it, and Finish may.
func (c *Compositor) Image() *image.RGBA { return c.img }

// Transform returns the transform in use.
func (c *Compositor) Transform() Transform { return c.shot.transform }

// Style returns the style in use.
func (c *Compositor) Style() Style { return c.shot.style }

// SetSize gives the view another size in device pixels.
func (c *Compositor) SetSize(size image.Point) {
	size = image.Pt(max(size.X, 0), max(size.Y, 0))
	if size == c.shot.size {
		return
	}
	c.shot.size = size
	c.img = image.NewRGBA(image.Rectangle{Max: size})
	c.all()
}

// SetTransform moves or zooms the view. Its position is rounded to 1/1024 of a
// device pixel. After a pan by whole pixels only what came into view is drawn.
func (c *Compositor) SetTransform(t Transform) {
	t = t.snapped()
	old := c.shot.transform
	if t == old {
		return
	}
	c.shot.transform = t
	dx, dy := t.X-old.X, t.Y-old.Y
	whole := dx == float64(int(dx)) && dy == float64(int(dy))
	if t.Scale != old.Scale || !whole || c.shot.compare.Mode >= CompareSplit {
		c.all()
		return
	}
	c.scroll(int(dx), int(dy))
}

// SetState shows a state: its picture, results and mask. It makes the Scene at once; for a
// large picture use NewScene on another goroutine, then SetScene and SetMask.
func (c *Compositor) SetState(st *document.State) {
	c.SetScene(NewScene(st, c.shot.scene))
	c.SetMask(st.Mask, image.Rectangle{})
}

// SetScene shows another picture; nil shows none.
func (c *Compositor) SetScene(s *Scene) {
	old := c.shot.scene
	if s == old {
		return
	}
	c.shot.scene = s
	if !c.given || s == nil || s.size != c.shot.before.size {
		c.shot.before, c.given = s.bare(), false
	}
	if s == nil || old == nil || s.size != old.size {
		c.all()
		return
	}
	c.touchAll(s.changed(old))
}

// SetBefore sets the scene that comparisons show as the original; nil is the default, the
// current scene without its results. SetScene with another canvas size resets it.
func (c *Compositor) SetBefore(s *Scene) {
	c.given = s != nil && c.shot.scene != nil && s.size == c.shot.scene.size
	if !c.given {
		s = c.shot.scene.bare()
	}
	old := c.shot.before
	c.shot.before = s
	if c.shot.compare.Mode != CompareOff {
		c.touchAll(s.changed(old))
	}
}

// SetMask shows a mask, committed or the preview of a gesture; nil shows none. hint, unless
// empty, is a rectangle of canvas pixels outside of which m equals the previous mask.
func (c *Compositor) SetMask(m *mask.Mask, hint image.Rectangle) {
	old := c.shot.mask
	if m == nil {
		c.shot.mask = nil
		if old != nil && !old.empty {
			c.touch(old.mask.Bounds())
		}
		return
	}
	if old != nil && old.mask == m {
		return
	}
	v, changed := newMaskView(m, old)
	c.shot.mask = v
	if !hint.Empty() {
		changed = changed.Intersect(hint)
	}
	c.touch(changed)
}

// SetStyle changes how things look.
func (c *Compositor) SetStyle(s Style) {
	s = s.derived()
	if s == c.shot.style {
		return
	}
	old := c.shot.style
	c.shot.style = s
	old.Phase = s.Phase
	if old == s { // only the dashes of the outline have moved
		if c.shot.mask != nil && s.Mask == MaskOutline {
			c.touch(c.shot.mask.bounding())
		}
		return
	}
	c.all()
}

// SetFrame shows the window frame.
func (c *Compositor) SetFrame(f Frame) {
	was := c.shot.frame
	if f.Rect == was.Rect && f.Handles == was.Handles && f.First == was.First && slices.Equal(f.More, was.More) {
		return
	}
	c.add(c.shot.frameArea()...)
	c.shot.frame = f
	c.add(c.shot.frameArea()...)
}

// SetOutline shows a line over the picture, such as the shape that is being drawn; without
// points it shows none. The points are copied.
func (c *Compositor) SetOutline(points []Point, closed bool) {
	var o *outline
	if len(points) > 0 {
		o = &outline{points: append([]Point(nil), points...), closed: closed}
	}
	if o.equal(c.shot.outline) {
		return
	}
	c.add(o.changed(c.shot.outline, c.shot.transform, c.shot.style.Line))
	c.shot.outline = o
}

// SetCompare shows the original, beside the result or instead of it.
func (c *Compositor) SetCompare(cmp Compare) {
	old := c.shot.compare
	if cmp == old {
		return
	}
	c.shot.compare = cmp
	if cmp.Mode == CompareSplit && old.Mode == CompareSplit {
		n := 2 * c.shot.style.Line
		c.add(image.Rect(min(cmp.At, old.At)-n, 0, max(cmp.At, old.At)+n, c.shot.size.Y))
		return
	}
	c.all()
}

// Pending returns how many device pixels Render would draw.
func (c *Compositor) Pending() int { return c.dirty.area() }

// Rough returns how many device pixels are drawn coarsely and wait for a Job.
func (c *Compositor) Rough() int { return c.rough.area() }

// Render draws all dirty pixels and returns the rectangles of device pixels that may have
// changed. It uses all cores and returns when it is done.
func (c *Compositor) Render() []image.Rectangle { return c.render(false) }

// RenderCoarse is Render at a third of the cost and with aliasing below 1:1; a Job draws
// these pixels again.
func (c *Compositor) RenderCoarse() []image.Rectangle {
	return c.render(c.shot.transform.Scale < 1)
}

func (c *Compositor) render(coarse bool) []image.Rectangle {
	drawn := c.dirty.rects
	for _, r := range drawn {
		c.shot.draw(c.img, r, coarse)
		if coarse {
			c.rough.add(r)
		}
	}
	c.dirty.rects = nil
	if c.moved {
		c.moved = false
		return []image.Rectangle{c.img.Rect}
	}
	return drawn
}

// draw draws a rectangle on all cores.
func (s *shot) draw(dst *image.RGBA, r image.Rectangle, coarse bool) {
	const least = 1 << 14 // pixels that are worth a goroutine
	parallel.All(r.Dy(), parallel.Even(r.Dy(), least/max(1, r.Dx())), func(from, to int) {
		s.paint(dst, image.Rect(r.Min.X, r.Min.Y+from, r.Max.X, r.Min.Y+to), coarse)
	})
}

// all marks the whole view as dirty.
func (c *Compositor) all() {
	c.rough.rects = nil
	c.add(image.Rectangle{Max: c.shot.size})
}

// touch marks the device pixels of a rectangle of canvas pixels as dirty.
func (c *Compositor) touch(r image.Rectangle) {
	if !r.Empty() {
		// Two more on each side: averages and outlines depend on neighbours, and a very
		// small picture is drawn on a whole pixel.
		c.add(c.shot.transform.DeviceRect(r).Inset(-2))
	}
}

func (c *Compositor) touchAll(rects []image.Rectangle) {
	for _, r := range rects {
		c.touch(r)
	}
}

// add marks rectangles of device pixels as dirty.
func (c *Compositor) add(rects ...image.Rectangle) {
	for _, r := range rects {
		r = r.Intersect(image.Rectangle{Max: c.shot.size})
		c.dirty.add(r)
		if c.job != nil {
			c.job.since.add(r)
		}
	}
}

// scroll moves the picture by whole pixels and marks the newly visible pixels as dirty.
func (c *Compositor) scroll(dx, dy int) {
	view := image.Rectangle{Max: c.shot.size}
	kept := view.Add(image.Pt(dx, dy)).Intersect(view)
	if c.job != nil {
		c.job.since.add(view)
	}
	if kept.Empty() {
		c.all()
		return
	}
	from := kept.Sub(image.Pt(dx, dy))
	if dy <= 0 {
		for y := kept.Min.Y; y < kept.Max.Y; y++ {
			c.copyRow(kept.Min.X, from.Min.X, y, y-dy, kept.Dx())
		}
	} else {
		for y := kept.Max.Y - 1; y >= kept.Min.Y; y-- {
			c.copyRow(kept.Min.X, from.Min.X, y, y-dy, kept.Dx())
		}
	}
	c.moved = true
	c.dirty.move(image.Pt(dx, dy), view)
	c.rough.move(image.Pt(dx, dy), view)
	c.dirty.add(image.Rect(0, 0, view.Max.X, kept.Min.Y))
	c.dirty.add(image.Rect(0, kept.Max.Y, view.Max.X, view.Max.Y))
	c.dirty.add(image.Rect(0, kept.Min.Y, kept.Min.X, kept.Max.Y))
	c.dirty.add(image.Rect(kept.Max.X, kept.Min.Y, view.Max.X, kept.Max.Y))
}

func (c *Compositor) copyRow(to, from, y, fromY, n int) {
	at := c.img.PixOffset(from, fromY)
	copy(c.img.Pix[c.img.PixOffset(to, y):], c.img.Pix[at:at+4*n])
}
