package region

import (
	"image"
	"image/draw"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/parallel"
	"overpaint.dev/overpaint/editor/picture"
)

// Stitch fits an answer of any size to the canvas of the given size: it is
// resampled to the window, matched in colour to what surrounds the mask, led
// over at the seam, and weighted by the mask with its feather.
//
// The layer's weight is 255 where the mask is and 0 beyond Feather from it.
// Outside the window it is always 0, and it fades towards those edges of the
// window that lie inside the canvas, should they cut the feather. An answer that equals the canvas is laid over it
// unchanged. The layer is empty where the mask covers nothing of the window.
// src is what lies below the layer. Where b asks for it, the answer is first
// moved back as motion says; its zero value is an answer that fits as it came.
func (p Plan) Stitch(src Source, size image.Point, m *mask.Mask, answer *image.NRGBA, motion align.Motion, b Blend) Layer {
	canvas := image.Rectangle{Max: size}
	inside := p.inside(size)
	rect := m.Bounding().Intersect(inside)
	if rect.Empty() || answer.Rect.Empty() {
		return Layer{Pix: image.NewNRGBA(image.Rectangle{}), Weight: image.NewAlpha(image.Rectangle{})}
	}
	rect = rect.Inset(-max(b.Feather, 0)).Intersect(inside)
	fitted, known := p.placed(canvas, answer, motion, b)
	layer := Layer{Rect: rect}
	var c *Correction
	parallel.Together(
		func() { c = p.Learn(src, known, m, fitted, p.Pieces(answer.Rect.Size()), b) },
		func() {
			layer.Weight = p.Weight(canvas, m, b, rect)
			layer.Pix = image.NewNRGBA(rect)
		},
	)
	parallel.All(rect.Dy(), 16, func(from, to int) {
		part := image.Rect(rect.Min.X, rect.Min.Y+from, rect.Max.X, rect.Min.Y+to)
		c.Apply(layer.Pix.SubImage(part).(*image.NRGBA), fitted, layer.Weight)
	})
	scaleWeight(layer.Weight, b.Opacity)
	return layer
}

// placed returns an answer at the window's size and place, moved back where b asks for it, and
// the part of the canvas in which it can be compared with that.
func (p Plan) placed(canvas image.Rectangle, answer *image.NRGBA, motion align.Motion, b Blend) (*image.NRGBA, image.Rectangle) {
	if b.Align && !motion.Still() {
		return p.FitMoved(answer, motion), canvas.Intersect(p.Known(motion))
	}
	return p.Fit(answer), canvas
}

// All returns what Stitch lays in, without the mask: the answer, corrected, over all of the window within
// the canvas, and what lies below where it shows nothing.
func (p Plan) All(src Source, size image.Point, m *mask.Mask, answer *image.NRGBA, motion align.Motion, b Blend) *image.NRGBA {
	inside := p.inside(size)
	fitted, known := p.placed(image.Rectangle{Max: size}, answer, motion, b)
	c := p.Learn(src, known, m, fitted, p.Pieces(answer.Rect.Size()), b)
	out, weight := image.NewNRGBA(inside), image.NewAlpha(inside)
	below := src.Pixels(inside)
	shown := image.Image(image.Opaque)
	if b.Align {
		if part := motion.Shown(p.Window.Size()); part != nil {
			part.Rect = p.Window
			shown = part
		}
	}
	draw.Draw(weight, inside, shown, inside.Min, draw.Src)
	parallel.All(inside.Dy(), 16, func(from, to int) {
		part := image.Rect(inside.Min.X, inside.Min.Y+from, inside.Max.X, inside.Min.Y+to)
		paste(out, below, part)
		c.Apply(out.SubImage(part).(*image.NRGBA), fitted, weight.SubImage(part).(*image.Alpha))
	})
	return out
}

// Fit returns an answer of any size at the window's size and place on the
// canvas. It shares the answer's memory where that has the size already.
func (p Plan) Fit(answer *image.NRGBA) *image.NRGBA {
	if answer.Rect.Size() != p.Window.Size() {
		answer = picture.Resize(answer, p.Window.Size())
	}
	at := *answer
	at.Pix = answer.Pix[answer.PixOffset(answer.Rect.Min.X, answer.Rect.Min.Y):]
	at.Rect = p.Window
	return &at
}

// Weight returns the weight of an answer within r under a mask: 255 where the
// mask covers in full, falling off to 0 at Feather from it, 0 outside the window
// and outside canvas, the part of the plane that there was when the answer was
// asked for. Towards those edges of the window that lie inside canvas the
// feather fades out, so that a window that cuts it leaves no step. Each pixel
// depends on the mask no further than Feather from it.
func (p Plan) Weight(canvas image.Rectangle, m *mask.Mask, b Blend, r image.Rectangle) *image.Alpha {
	inside := p.Window.Intersect(canvas)
	out := image.NewAlpha(r)
	part := r.Intersect(inside)
	if part.Empty() {
		return out
	}
	coverage := m.Alpha(part.Inset(-max(b.Feather, 0)).Intersect(inside))
	weight := newFalloff(b.Grow, b.Feather).weights(coverage)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		copy(out.Pix[out.PixOffset(part.Min.X, y):][:part.Dx()], weight.Pix[weight.PixOffset(part.Min.X, y):])
	}
	p.fade(out.SubImage(part).(*image.Alpha), coverage, canvas, b.Feather)
	return out
}

// fade lowers the feather towards edges of the window that lie inside canvas.
func (p Plan) fade(weight, coverage *image.Alpha, canvas image.Rectangle, feather int) {
	r := weight.Rect
	if feather <= 0 || r.Inset(-feather).Intersect(canvas).In(p.Window) {
		return
	}
	edge := func(v, lo, hi, first, end int) int {
		d := feather
		if lo > first {
			d = min(d, v-lo+1)
		}
		if hi < end {
			d = min(d, hi-v)
		}
		return d
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		dy := edge(y, p.Window.Min.Y, p.Window.Max.Y, canvas.Min.Y, canvas.Max.Y)
		for x := r.Min.X; x < r.Max.X; x++ {
			d := min(dy, edge(x, p.Window.Min.X, p.Window.Max.X, canvas.Min.X, canvas.Max.X))
			if d < feather {
				i := weight.PixOffset(x, y)
				weight.Pix[i] = max(coverage.Pix[coverage.PixOffset(x, y)], uint8(int(weight.Pix[i])*d/(feather+1)))
			}
		}
	}
}

// scaleWeight multiplies a weight by an opacity from 0 to 1.
func scaleWeight(weight *image.Alpha, opacity float64) {
	o := int(min(max(opacity, 0), 1)*256 + 0.5)
	if o == 256 {
		return
	}
	for i, w := range weight.Pix {
		weight.Pix[i] = uint8(int(w) * o >> 8)
	}
}

// visible is the least difference of a channel, of 255, that counts as a change.
const visible = 8

// ChangedOutside returns how many of the window's pixels outside the mask that
// was sent the answer changed visibly (any channel by more than 8 of 255), in
// percent of all of them. sent and covered are what Crop returned for a canvas
// of the given size. It compares at the size that was sent, so that resampling
// counts as no change. What lies outside the canvas does not count.
func (p Plan) ChangedOutside(size image.Point, sent *image.NRGBA, covered *image.Alpha, answer *image.NRGBA) float64 {
	if answer.Rect.Empty() {
		return 0
	}
	if answer.Rect.Size() != p.Send {
		answer = picture.Resize(answer, p.Send)
	}
	inside := p.inside(size).Sub(p.Window.Min)
	w := p.Window.Size()
	counted := image.Rect(ceilDiv(inside.Min.X*p.Send.X, w.X), ceilDiv(inside.Min.Y*p.Send.Y, w.Y),
		inside.Max.X*p.Send.X/w.X, inside.Max.Y*p.Send.Y/w.Y)
	changed, all := 0, 0
	for y := counted.Min.Y; y < counted.Max.Y; y++ {
		a := sent.Pix[y*sent.Stride:]
		b := answer.Pix[answer.PixOffset(answer.Rect.Min.X, answer.Rect.Min.Y+y):]
		c := covered.Pix[y*covered.Stride:]
		for x := counted.Min.X; x < counted.Max.X; x++ {
			if c[x] != 0 {
				continue
			}
			all++
			if differs(a[4*x:4*x+4], b[4*x:4*x+4]) {
				changed++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return 100 * float64(changed) / float64(all)
}

// differs reports whether two straight pixels differ visibly; colours of transparent pixels do
// not count.
func differs(a, b []uint8) bool {
	if a[3] == 0 && b[3] == 0 {
		return false
	}
	for i := range 4 {
		if d := int(a[i]) - int(b[i]); d > visible || d < -visible {
			return true
		}
	}
	return false
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// Over lays the layer over what is below within the bounds of dst, which are
// in canvas pixels: below*(1-w) + Pix*w, exact at w = 0 and 255, and below where neither shows anything. Where either
// is not opaque, colours count by their alpha.
func (l Layer) Over(dst *image.NRGBA) {
	r := l.Rect.Intersect(dst.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		to := dst.Pix[dst.PixOffset(r.Min.X, y):][:4*r.Dx()]
		from := l.Pix.Pix[l.Pix.PixOffset(r.Min.X, y):][:4*r.Dx()]
		weight := l.Weight.Pix[l.Weight.PixOffset(r.Min.X, y):][:r.Dx()]
		for x, w := range weight {
			if w != 0 {
				blend(to[4*x:4*x+4:4*x+4], from[4*x:4*x+4:4*x+4], int(w))
			}
		}
	}
}

// blend lays one straight pixel over another with the weight 1 to 255.
func blend(to, from []uint8, w int) {
	if to[3] == 0 && from[3] == 0 {
		return // colours that nobody sees stay as they are
	}
	if w == 255 {
		copy(to, from)
		return
	}
	if to[3] == 255 && from[3] == 255 {
		for i := range 3 {
			to[i] = uint8((int(to[i])*(255-w) + int(from[i])*w + 127) / 255)
		}
		return
	}
	below, above := int(to[3])*(255-w), int(from[3])*w
	sum := below + above
	if sum == 0 {
		return
	}
	for i := range 3 {
		to[i] = uint8((int(to[i])*below + int(from[i])*above + sum/2) / sum)
	}
	to[3] = uint8((sum + 127) / 255)
}
