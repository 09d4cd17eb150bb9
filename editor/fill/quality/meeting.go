package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"overpaint.dev/overpaint/editor/colour"
)

// texture is a computed surface: colours of 0 to 255 for places in pixels.
type texture func(x, y float64) [3]float64

// grain returns noise with a spread of about 1 that is the same whenever it is asked for.
func grain(seed uint64, x, y float64) float64 {
	return rand.New(rand.NewPCG(seed, uint64(x)+uint64(y)<<32)).NormFloat64()
}

func leaves(x, y float64) [3]float64 {
	v := 45*smoothNoise(x/7, y/6) + 25*smoothNoise(x/3+40, y/3+70) + 6*grain(21, x, y)
	return [3]float64{70 + 0.8*v, 100 + v, 40 + 0.5*v}
}

func sky(x, y float64) [3]float64 {
	n := 1.5 * grain(22, x, y)
	return [3]float64{150 + y/8 + n, 180 + y/12 + n, 225 + n}
}

func bark(x, y float64) [3]float64 {
	v := 40*smoothNoise(x/4, y/40) + 8*grain(23, x, y)
	return [3]float64{105 + v, 80 + 0.9*v, 60 + 0.7*v}
}

func sand(x, y float64) [3]float64 {
	v := 12*smoothNoise(x/14, y/5+30) + 7*grain(24, x, y)
	return [3]float64{205 + v, 185 + v, 145 + v}
}

// beyond returns a line at an angle in degrees, off pixels from the middle of a picture of
// 400 pixels, and which part of a pixel lies beyond it.
func beyond(deg, off float64) (*line, func(x, y float64) float64) {
	a := deg * math.Pi / 180
	l := &line{200 - off*math.Sin(a), 200 + off*math.Cos(a), -math.Sin(a), math.Cos(a)}
	return l, func(x, y float64) float64 { return ramp((x-l.x)*l.nx + (y-l.y)*l.ny) }
}

// within returns which part of a pixel lies in a disc.
func within(cx, cy, r float64) func(x, y float64) float64 {
	return func(x, y float64) float64 { return ramp(r - math.Hypot(x-cx, y-cy)) }
}

// meetings returns computed pictures whose hole lies where two surfaces meet, so that what
// is known about it contradicts itself; some of which are lit unevenly, and some with a mask
// that leaves out the outermost pixels of what is to be removed.
func meetings() []*testCase {
	const n = 400
	middle := disc(0.5, 0.5, 0.18)(image.Pt(n, n))
	var cases []*testCase
	add := func(name string, a, b texture, l *line, inB func(x, y float64) float64, light texture) *testCase {
		c := &testCase{name: name, hole: middle, truth: paint(n, n, func(x, y float64) [3]float64 {
			part, p, q := inB(x, y), a(x, y), b(x, y)
			for i := range p {
				p[i] += part * (q[i] - p[i])
				if light != nil {
					p[i] *= light(x, y)[i]
				}
			}
			return p
		})}
		if l != nil {
			c.lines = []line{*l}
		}
		cases = append(cases, c)
		return c
	}
	nowhere := func(float64, float64) float64 { return 0 }
	l, in := beyond(17, 20)
	add("meet-leaves-sky", sky, leaves, l, in, nil)
	l, in = beyond(72, -15)
	add("meet-bark-sand", bark, sand, l, in, nil)
	l, in = beyond(45, 40)
	add("meet-sky-sand", sky, sand, l, in, nil)
	add("meet-touch-leaves", leaves, sand, nil, within(310, 170, 46), nil)
	add("meet-touch-sky", sky, bark, nil, within(200, 80, 52), nil)
	add("meet-touch-both", sand, leaves, nil, func(x, y float64) float64 {
		return max(within(100, 240, 40)(x, y), within(270, 290, 36)(x, y))
	}, nil)
	shade := func(x, y float64) [3]float64 { v := 0.65 + 0.6*x/n; return [3]float64{v, v, v} }
	add("lit-leaves", leaves, leaves, nil, nowhere, shade)
	add("lit-sand", sand, sand, nil, nowhere, shade)
	l, in = beyond(17, 20)
	add("lit-meet", sky, leaves, l, in, func(x, y float64) [3]float64 { v := 0.75 + 0.4*y/n; return [3]float64{v, v, v} })
	for _, s := range []struct {
		name string
		a    texture
		wide float64
	}{{"tight-leaves", leaves, 2}, {"tight-sand", sand, 1.5}, {"tight-sky", sky, 2.5}} {
		c := add(s.name, s.a, s.a, nil, nowhere, nil)
		c.given = surrounded(c.truth, 72, s.wide)
	}
	return cases
}

// surrounded returns img with what a tight mask of the given radius about its middle has left
// of a dark red thing: a ring about its lower half.
func surrounded(img *image.NRGBA, radius, wide float64) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			d := math.Hypot(float64(x)-200, float64(y)-200)
			if part := ramp(radius + wide - d); part > 0 && y > 180 {
				g := 8 * grain(25, float64(x), float64(y))
				p := img.NRGBAAt(x, y)
				mix := func(v uint8, to float64) uint8 { return uint8(math.Round(float64(v) + part*(max(0, to)-float64(v)))) }
				out.SetNRGBA(x, y, color.NRGBA{mix(p.R, 120+g), mix(p.G, 30+g), mix(p.B, 30+g), 255})
			}
		}
	}
	return out
}

// strangeness returns how much of the hole looks like nothing that is known: the mean, over
// windows of 5x5 pixels in the hole, of how far their mean colour and spread of brightness are
// from those of the most similar known window, in levels.
func strangeness(img *image.NRGBA, hole *image.Alpha) float64 {
	const half = 2
	var inside, known [][4]float64
	for y := half; y < img.Rect.Dy()-half; y++ {
		for x := half; x < img.Rect.Dx()-half; x++ {
			n, w := 0, [4]float64{}
			squares := 0.0
			for v := y - half; v <= y+half; v++ {
				for u := x - half; u <= x+half; u++ {
					if inHole(hole, u, v) {
						n++
					}
					q := img.Pix[img.PixOffset(u, v):]
					for i := range 3 {
						w[i] += float64(q[i]) / 25
					}
					l := luma(img, u, v)
					squares += l * l / 25
				}
			}
			m := colour.LumaRed*w[0] + colour.LumaGreen*w[1] + colour.LumaBlue*w[2]
			w[3] = math.Sqrt(max(0, squares-m*m))
			switch {
			case n == 25 && (x+2*y)%11 == 0:
				inside = append(inside, w)
			case n == 0 && (x+3*y)%31 == 0:
				known = append(known, w)
			}
		}
	}
	sum := 0.0
	for _, a := range inside {
		least := math.Inf(1)
		for _, b := range known {
			d0, d1, d2, d3 := a[0]-b[0], a[1]-b[1], a[2]-b[2], a[3]-b[3]
			least = min(least, d0*d0+d1*d1+d2*d2+d3*d3)
		}
		sum += math.Sqrt(least)
	}
	return sum / max(1, float64(len(inside)))
}
