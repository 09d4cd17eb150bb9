package region

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/grain"
	"overpaint.dev/overpaint/editor/mask"
)

// detail is what a piece of an answer that was enlarged gets back: sharpness, and the photo's
// own grain.
type detail struct {
	told    Detail
	parts   []image.Rectangle // canvas pixels that get it
	sharpen *sharpen
	grain   *grain.Grain
	from    image.Point // where the grain begins
}

// Detail describes what an enlarged answer is given back.
type Detail struct {
	// Times is the factor, along one side, by which it was enlarged.
	Times float64
	// Sharpened is how much of the difference to a blur is added, in percent, and Grain the
	// standard deviation of the added grain in levels; 0 for none.
	Sharpened int
	Grain     float64
}

// grainSeed makes the same grain for the same window at any time.
const grainSeed = 0x67726169

// restore learns what a piece gets back from squares around its mask; within are those that the mask covers.
func (d *detail) restore(below, fitted *image.NRGBA, around, within []image.Rectangle, b Blend) {
	if b.Sharpen {
		d.sharpen = newSharpen(below, fitted, around, d.told.Times)
	}
	if d.sharpen != nil {
		d.told.Sharpened = int(math.Round(100 * float64(d.sharpen.parts[0]+d.sharpen.parts[1])))
	}
	if b.Grain {
		d.grain = d.newGrain(below, fitted, around, within)
	}
	if d.grain != nil {
		d.told.Grain = d.grain.Sigma()
	}
}

// newGrain makes the grain that the sharpened answer lacks of what is around it.
func (d *detail) newGrain(below, fitted *image.NRGBA, around, within []image.Rectangle) *grain.Grain {
	as := func(img *image.NRGBA) grain.Pixels { return func(image.Rectangle) *image.NRGBA { return img } }
	get := as(fitted)
	if d.sharpen != nil {
		get = func(r image.Rectangle) *image.NRGBA { return d.sharpen.apply(fitted, r) }
	}
	wanted, has := grain.Compare(as(below), get, around)
	if wanted == nil || !wanted.Shows() {
		return nil
	}
	const enough = 2048
	return grain.New(wanted, has, grain.Measure(get, thinned(within, enough)), grainSeed)
}

// squares returns the squares of a part of the canvas, opaque on both sides, that the mask as it
// was sent does not touch, and those that it covers in full.
func (p Plan) squares(area image.Rectangle, m *mask.Mask, below, fitted *image.NRGBA) (around, within []image.Rectangle) {
	coverage := m.Alpha(area)
	clear := p.Grow + 2
	area = area.Intersect(fitted.Rect)
	for y := area.Min.Y; y+grain.Block <= area.Max.Y; y += grain.Block {
		for x := area.Min.X; x+grain.Block <= area.Max.X; x += grain.Block {
			r := image.Rect(x, y, x+grain.Block, y+grain.Block)
			if !opaque(fitted, r) {
				continue
			}
			if !anyCovered(coverage, r.Inset(-clear).Intersect(coverage.Rect)) {
				if opaque(below, r) {
					around = append(around, r)
				}
			} else if allCovered(coverage, r) {
				within = append(within, r)
			}
		}
	}
	return around, within
}

func allCovered(a *image.Alpha, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()] {
			if v != 255 {
				return false
			}
		}
	}
	return true
}

func opaque(img *image.NRGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for x := 3; x < len(row); x += 4 {
			if row[x] != 255 {
				return false
			}
		}
	}
	return true
}
