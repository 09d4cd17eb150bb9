package selection

import (
	"image"

	"overpaint.dev/overpaint/editor/mask"
)

// Scribbles reads marks from a drawing of the canvas's size: green and white are inside, red and
// black outside; pixels of other colours, or more than half transparent, are ignored.
func Scribbles(img *image.NRGBA) []Mark {
	size := img.Rect.Size()
	in, out := image.NewAlpha(image.Rectangle{Max: size}), image.NewAlpha(image.Rectangle{Max: size})
	for y := range size.Y {
		p := img.Pix[y*img.Stride:][:4*size.X]
		for x := range size.X {
			switch meaning([4]uint8(p[4*x:])) {
			case inside:
				in.Pix[y*in.Stride+x] = 255
			case outside:
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return []Mark{{Mask: mask.FromAlpha(in, size)}, {Mask: mask.FromAlpha(out, size), Outside: true}}
}

func meaning(p [4]uint8) uint8 {
	const low, high = 80, 175
	r, g, b := p[0], p[1], p[2]
	switch {
	case p[3] < 128:
		return unknown
	case g > high && b < low && r < low, min(r, g, b) > high:
		return inside
	case r > high && g < low && b < low, max(r, g, b) < low:
		return outside
	}
	return unknown
}
