package jpegfile_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// forwardReal is the forward transform by its definition (A.3.3), in zig-zag order.
func forwardReal(samples *[64]float64) (out [64]float64) {
	scale := func(u int) float64 {
		if u == 0 {
			return math.Sqrt2 / 4
		}
		return 0.5
	}
	for k := range out {
		u, v := zigzagged(k)
		for y := range 8 {
			for x := range 8 {
				out[k] += (samples[8*y+x] - 128) * math.Cos(float64(2*y+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*x+1)*float64(v)*math.Pi/16)
			}
		}
		out[k] *= scale(u) * scale(v)
	}
	return out
}

// painting is a picture of random samples, some of whose pixels changed.
type painting struct {
	width, height int
	changed       []bool
	samples       [][]uint8
}

func newPainting(r *rand.Rand, f *jpegfile.File, share float64) *painting {
	p := &painting{width: f.Width, height: f.Height, changed: make([]bool, f.Width*f.Height)}
	for i := range p.changed {
		p.changed[i] = r.Float64() < share
	}
	for range f.Components {
		plane := make([]uint8, f.Width*f.Height)
		for i := range plane {
			plane[i] = uint8(r.Uint32())
		}
		p.samples = append(p.samples, plane)
	}
	return p
}

// rows is jpegfile.PixelRows. It gives no samples of pixels that did not change.
func (p *painting) rows(y int, changed []bool, samples [][]uint8) bool {
	some := false
	for x := range changed {
		at := y*p.width + x
		if changed[x] = p.changed[at]; changed[x] {
			some = true
			for i := range samples {
				samples[i][x] = p.samples[i][at]
			}
		}
	}
	return some
}

// TestRecodedBlocks compares with means and transforms in real numbers: each
// coefficient may be off by one where it lies near the middle of two.
func TestRecodedBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	fixtures(t, "*.jpg", func(t *testing.T, name string, data []byte) {
		for _, share := range []float64{0, 0.003, 0.5, 1} {
			f, old := read(t, data), decode(t, data)
			was := read(t, data)
			p := newPainting(r, f, share)
			kept := f.Recode(p.rows)
			g := read(t, written(t, f))
			w, h := f.MCU()
			var untouched, total int64
			wrong, all := 0, 0
			for i := range f.Components {
				c := &f.Components[i]
				// So many pixels lie between two samples.
				sx, sy := float64(w)/8/float64(c.H), float64(h)/8/float64(c.V)
				if len(f.Components) == 1 {
					sx, sy = 1, 1
				}
				for by := range c.Rows {
					for bx := range c.Columns {
						total++
						samples, touched := p.block(old, i, bx, by, sx, sy)
						if !touched {
							untouched++
							if *c.Block(bx, by) != *was.Components[i].Block(bx, by) {
								t.Fatalf("component %d: block (%d, %d) changed", i, bx, by)
							}
							continue
						}
						for k, v := range forwardReal(&samples) {
							want := v / float64(c.Quant[k])
							off := math.Abs(float64(g.Components[i].Block(bx, by)[k]) - want)
							if off > 1 {
								t.Fatalf("component %d, block (%d, %d), coefficient %d is %.2f off", i, bx, by, k, off)
							}
							if all++; off > 0.6 {
								wrong++
							}
						}
					}
				}
			}
			if want := (jpegfile.Kept{Blocks: untouched, Total: total}); kept != want {
				t.Errorf("%v changed: kept %+v, want %+v", share, kept, want)
			}
			if wrong > all/50 {
				t.Errorf("%v changed: %d of %d coefficients are not the nearest", share, wrong, all)
			}
		}
	})
}

// block returns the samples that block (bx, by) of component i is to have, sx x sy
// pixels apart, and whether any pixel that they stand for changed.
func (p *painting) block(old *jpegfile.Samples, i, bx, by int, sx, sy float64) (samples [64]float64, touched bool) {
	plane := old.Planes[i]
	for s := range samples {
		x, y := 8*bx+s%8, 8*by+s/8
		was := float64(plane.Pix[y*plane.Stride+x])
		sum, n := 0.0, 0
		for _, py := range pixels(y, sy, p.height) {
			for _, px := range pixels(x, sx, p.width) {
				at := py*p.width + px
				n++
				if p.changed[at] {
					touched = true
					sum += float64(p.samples[i][at])
				} else {
					sum += was
				}
			}
		}
		samples[s] = math.Round(sum / float64(n))
	}
	return samples, touched
}

// pixels returns those that a sample stands for, scale for each. Beyond the
// picture's edge it is the last one.
func pixels(sample int, scale float64, size int) (all []int) {
	for at := int(float64(sample) * scale); at < int(math.Ceil(float64(sample+1)*scale)); at++ {
		if at < size || len(all) == 0 {
			all = append(all, min(at, size-1))
		}
	}
	return all
}
