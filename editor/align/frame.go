package align

import (
	"image"
	"math"
)

// frame is where in an answer the picture that was sent lies: the rectangle, in
// the answer's continuous pixels, that it fills; it may reach over the answer.
type frame struct {
	kind Frame
	rect rect
	size image.Point // of the answer
	seen rect        // the part of the answer inside its bars
}

// plain reports whether the picture fills the answer from edge to edge.
func (f frame) plain() bool { return f.kind == Whole }

// known returns the part of the framed answer that shows something, in pixel
// coordinates of a plane of w x h.
func (f frame) known(w, h int) rect {
	x := func(v float64) float64 { return (v - f.rect.x0) / f.rect.width() * float64(w) }
	y := func(v float64) float64 { return (v - f.rect.y0) / f.rect.height() * float64(h) }
	return rect{x(f.seen.x0) - 0.5, y(f.seen.y0) - 0.5, x(f.seen.x1) - 0.5, y(f.seen.y1) - 0.5}
}

// frames returns how a picture of a size may lie in an answer, the likeliest
// first: over all of it, and, where the shapes differ or there are bars, cut or boxed in
// the middle or at either end.
func frames(sent image.Point, answer *image.NRGBA) []frame {
	size := answer.Rect.Size()
	all := rect{0, 0, float64(size.X), float64(size.Y)}
	out := []frame{{kind: Whole, rect: all, size: size, seen: all}}
	add := func(seen rect) {
		across, down := seen.width()/float64(sent.X), seen.height()/float64(sent.Y)
		if math.Abs(math.Log(across/down)) < sameShape {
			if seen != all {
				out = append(out, frame{kind: Boxed, rect: seen, size: size, seen: seen})
			}
			return
		}
		for _, fit := range []struct {
			scale float64
			kind  Frame
		}{{max(across, down), Cropped}, {min(across, down), Boxed}} {
			w, h := fit.scale*float64(sent.X), fit.scale*float64(sent.Y)
			for _, at := range []float64{0.5, 0, 1} {
				x, y := seen.x0+at*(seen.width()-w), seen.y0+at*(seen.height()-h)
				r := rect{x, y, x + w, y + h}
				f := frame{kind: fit.kind, rect: r, size: size}
				f.seen = rect{max(r.x0, seen.x0), max(r.y0, seen.y0), min(r.x1, seen.x1), min(r.y1, seen.y1)}
				out = append(out, f)
			}
		}
		if seen != all {
			out = append(out, frame{kind: Boxed, rect: seen, size: size, seen: seen})
		}
	}
	add(all)
	inner := withoutBars(answer)
	if inner == all {
		return out
	}
	add(inner)
	for i := range out {
		// Wherever the picture lies, bars show none of it.
		s := &out[i].seen
		*s = rect{max(s.x0, inner.x0), max(s.y0, inner.y0), min(s.x1, inner.x1), min(s.y1, inner.y1)}
	}
	return append(out, frame{kind: Boxed, rect: all, size: size, seen: inner})
}

// sameShape is the difference of two shapes, as a logarithm, that rounding explains.
const sameShape = 0.012

// withoutBars returns the part of a picture inside plain bars at its edges.
func withoutBars(img *image.NRGBA) rect {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	row := func(y int) bool { return even(img, 0, y, 1, 0, w, 0, 0) }
	last := func(y int) bool { return even(img, 0, y, 1, 0, w, 0, h-1) }
	top, bottom := 0, h
	for top < h/2 && row(top) {
		top++
	}
	for bottom > h/2 && last(bottom-1) {
		bottom--
	}
	left, right := 0, w
	for left < w/2 && even(img, left, top, 0, 1, bottom-top, 0, top) {
		left++
	}
	for right > w/2 && even(img, right-1, top, 0, 1, bottom-top, w-1, top) {
		right--
	}
	r := rect{float64(left), float64(top), float64(right), float64(bottom)}
	// What is left must be a picture, and a bar more than an edge.
	least := 0.01 * float64(max(w, h))
	if r.width() < float64(w)/3 || r.height() < float64(h)/3 {
		return rect{0, 0, float64(w), float64(h)}
	}
	if r.x0 < least {
		r.x0 = 0
	}
	if r.y0 < least {
		r.y0 = 0
	}
	if float64(w)-r.x1 < least {
		r.x1 = float64(w)
	}
	if float64(h)-r.y1 < least {
		r.y1 = float64(h)
	}
	return r
}

// even reports whether n pixels from (x, y) on, in steps of (dx, dy), all have
// nearly the colour of the pixel at (refX, refY).
func even(img *image.NRGBA, x, y, dx, dy, n, refX, refY int) bool {
	const near = 8
	ref := img.Pix[refY*img.Stride+4*refX:][:3]
	for i := range n {
		p := img.Pix[(y+i*dy)*img.Stride+4*(x+i*dx):][:3]
		for ch := range 3 {
			if d := int(p[ch]) - int(ref[ch]); d > near || d < -near {
				return false
			}
		}
	}
	return true
}
