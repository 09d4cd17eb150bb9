package region

import (
	"bytes"
	"image"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// Source returns the pixels of a canvas. *document.State implements it.
type Source interface {
	// Pixels returns the canvas within r, which must lie inside the canvas, as
	// straight RGBA with the bounds r. The result may be shared and must not be
	// written to.
	Pixels(r image.Rectangle) *image.NRGBA
}

// Crop returns what is sent: the window's pixels of a canvas of the given size, and the
// coverage of the mask grown by Grow (255 is to be edited), both at Send with the top-left
// pixel at (0, 0). Where the window extends beyond the canvas, the canvas is mirrored, opaque,
// and the coverage is 0. Fully transparent pixels have the colour of the nearest visible one.
// The caller owns the results.
func (p Plan) Crop(src Source, size image.Point, m *mask.Mask) (*image.NRGBA, *image.Alpha) {
	pix, coverage := p.cropPixels(src, size), p.cropMask(size, m)
	underlay(pix)
	p.padding(size, func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			pix.Pix[y*pix.Stride+4*x+3] = 255
		}
		clear(coverage.Pix[y*coverage.Stride+x0 : y*coverage.Stride+x1])
	})
	return pix, coverage
}

func (p Plan) cropPixels(src Source, size image.Point) *image.NRGBA {
	inside := p.inside(size)
	pix := src.Pixels(inside)
	if p.Window == inside && p.Send != inside.Size() {
		return picture.Resize(pix, p.Send)
	}
	out := image.NewNRGBA(image.Rectangle{Max: p.Window.Size()})
	for y := range p.Window.Dy() {
		sy := inside.Min.Y + mirror(p.Window.Min.Y+y-inside.Min.Y, inside.Dy())
		from := pix.Pix[pix.PixOffset(inside.Min.X, sy):][:4*inside.Dx()]
		to := out.Pix[y*out.Stride:][:out.Stride]
		left := inside.Min.X - p.Window.Min.X
		copy(to[4*left:], from)
		for x := range left {
			copy(to[4*x:4*x+4], from[4*mirror(x-left, inside.Dx()):])
		}
		for x := left + inside.Dx(); x < p.Window.Dx(); x++ {
			copy(to[4*x:4*x+4], from[4*mirror(x-left, inside.Dx()):])
		}
	}
	if p.Send == p.Window.Size() {
		return out
	}
	return picture.Resize(out, p.Send)
}

func (p Plan) cropMask(size image.Point, m *mask.Mask) *image.Alpha {
	inside := p.inside(size)
	grown := grow(m.Alpha(inside.Inset(-p.Grow-1)), float64(p.Grow))
	out := image.NewAlpha(image.Rectangle{Max: p.Window.Size()})
	for y := inside.Min.Y; y < inside.Max.Y; y++ {
		copy(out.Pix[out.PixOffset(inside.Min.X-p.Window.Min.X, y-p.Window.Min.Y):],
			grown.Pix[grown.PixOffset(inside.Min.X, y):][:inside.Dx()])
	}
	if p.Send == p.Window.Size() {
		return out
	}
	return picture.ResizeAlpha(out, p.Send)
}

// Fills reports whether the mask, grown by Grow, reaches every pixel of the window that lies on
// a canvas of a size, so that what is sent has nothing that isn't masked.
func (p Plan) Fills(size image.Point, m *mask.Mask) bool {
	inside, reach := p.inside(size), p.Grow+1
	if !inside.In(m.Bounding().Inset(-reach)) {
		return false
	}
	const side = 256 // so that the first gap ends the search
	for y := inside.Min.Y; y < inside.Max.Y; y += side {
		for x := inside.Min.X; x < inside.Max.X; x += side {
			block := image.Rect(x, y, x+side, y+side).Intersect(inside)
			if !reaches(m, block, p.Grow) {
				return false
			}
		}
	}
	return true
}

// reaches reports whether a mask grown by px has coverage at every pixel of a block.
func reaches(m *mask.Mask, block image.Rectangle, px int) bool {
	if covered(m.Alpha(block), block) {
		return true
	}
	return covered(grow(m.Alpha(block.Inset(-px-1)), float64(px)), block)
}

// covered reports whether a has coverage at every pixel of r, which lies in it.
func covered(a *image.Alpha, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if bytes.IndexByte(a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()], 0) >= 0 {
			return false
		}
	}
	return true
}

// inside returns the part of the window that lies on a canvas of a size.
func (p Plan) inside(size image.Point) image.Rectangle {
	return p.Window.Intersect(image.Rectangle{Max: size})
}

// mirror maps any index to 0..n-1 by mirroring at both ends, the last pixel
// repeated.
func mirror(i, n int) int {
	i %= 2 * n
	if i < 0 {
		i += 2 * n
	}
	if i >= n {
		i = 2*n - 1 - i
	}
	return i
}
