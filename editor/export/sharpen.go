package export

import (
	"image"

	"overpaint.dev/overpaint/editor/parallel"
)

// Sharpness is how much a copy is sharpened once it has its size.
type Sharpness string

// The degrees of sharpness.
const (
	None   Sharpness = ""
	Soft   Sharpness = "soft"
	Normal Sharpness = "normal"
	Strong Sharpness = "strong"
)

// Degrees returns all degrees, the least first.
func Degrees() []Sharpness { return []Sharpness{None, Soft, Normal, Strong} }

// amount returns the factor by which the difference to the surroundings is raised.
func (s Sharpness) amount() float32 {
	switch s {
	case Soft:
		return 0.35
	case Normal:
		return 0.7
	case Strong:
		return 1.2
	}
	return 0
}

// overshoot is by how much a pixel may leave the range of its neighbours' brightness, of
// 255: halos stay unseen.
const overshoot = 6

// sharpened returns img with an unsharp mask (a Gaussian of about 0.7 px, as a binomial
// kernel of 3x3 pixels) of its brightness, so that no colour fringes come up; img itself
// for an amount of 0. Transparent pixels do not affect their neighbours.
func sharpened(img *image.NRGBA, amount float32) *image.NRGBA {
	if amount <= 0 || img.Rect.Empty() {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	parallel.All(h, max(1, 16384/w), func(from, to int) {
		for y := from; y < to; y++ {
			sharpenRow(out, img, y, amount)
		}
	})
	return out
}

// sharpenRow makes one row of out.
func sharpenRow(out, img *image.NRGBA, y int, amount float32) {
	w := img.Rect.Dx()
	row, to := img.Pix[y*img.Stride:y*img.Stride+4*w], out.Pix[y*out.Stride:y*out.Stride+4*w]
	for x := range w {
		p, add := row[4*x:4*x+4:4*x+4], int32(0)
		if p[3] > 0 {
			add = raised(img, x, y, amount)
		}
		for c := range 3 {
			to[4*x+c] = uint8(min(255, max(0, int32(p[c])+add)))
		}
		to[4*x+3] = p[3]
	}
}

// raised returns what is added to a pixel's colours.
func raised(img *image.NRGBA, x, y int, amount float32) int32 {
	own := brightness(img.Pix[y*img.Stride+4*x:])
	low, high := own, own
	var sum, weights float32
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			i := min(img.Rect.Dy()-1, max(0, y+dy))*img.Stride + 4*min(img.Rect.Dx()-1, max(0, x+dx))
			weight := float32((2-dx*dx)*(2-dy*dy)) * float32(img.Pix[i+3])
			if weight == 0 {
				continue
			}
			v := brightness(img.Pix[i:])
			sum, weights = sum+weight*v, weights+weight
			low, high = min(low, v), max(high, v)
		}
	}
	v := own + amount*(own-sum/weights)
	v = min(high+overshoot, max(low-overshoot, v))
	if v >= own {
		return int32(v - own + 0.5)
	}
	return -int32(own - v + 0.5)
}

// brightness is a pixel's luma (ITU-R BT.709).
func brightness(p []uint8) float32 {
	return 0.2126*float32(p[0]) + 0.7152*float32(p[1]) + 0.0722*float32(p[2])
}
