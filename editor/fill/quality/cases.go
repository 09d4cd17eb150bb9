package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // the photos
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// testCase is a picture, a hole in it and what should be found there.
type testCase struct {
	name  string
	truth *image.NRGBA
	given *image.NRGBA // what is known, where that isn't what the truth shows; else nil
	hole  *image.Alpha
	lines []line // bright or dark lines or edges whose place is known
	// open: what belongs into the hole is not known; truth is what was there,
	// or the hole's own blank where the picture was extended.
	open bool
}

// line is a straight line or edge: the points p with (p-at).(nx, ny) = 0.
type line struct{ x, y, nx, ny float64 }

// allCases returns how to load each case whose name is to be kept: those of
// ownCases, unless only the quick ones are wanted, and the tasks on the photos in
// the folder fetched, unless that is empty.
func allCases(photos, fetched string, quick bool, keep func(name string) bool) ([]func() (*testCase, error), error) {
	var loads []func() (*testCase, error)
	if !quick {
		own, err := ownCases(photos)
		if err != nil {
			return nil, err
		}
		for _, c := range own {
			if keep(c.name) {
				loads = append(loads, func() (*testCase, error) { return c, nil })
			}
		}
	}
	tasks, err := parseTasks(taskList)
	if err != nil || fetched == "" {
		return loads, err
	}
	for _, t := range tasks {
		if keep(t.name) && (t.quick || !quick) {
			loads = append(loads, func() (*testCase, error) { return t.load(fetched) })
		}
	}
	return loads, nil
}

// ownCases returns the computed cases and those on the repository's photos.
func ownCases(photos string) ([]*testCase, error) {
	cases := append(synthetic(), meetings()...)
	type spot struct {
		name, file string
		scale      int // the photo is shrunk by this
		hole       func(size image.Point) *image.Alpha
	}
	for _, s := range []spot{
		{"lake-island", "lakeshore.png", 1, disc(0.5, 0.45, 0.12)},
		{"lake-shore", "lakeshore.png", 1, disc(0.25, 0.6, 0.15)},
		{"lake-sky", "lakeshore.png", 1, disc(0.6, 0.15, 0.12)},
		{"lake-right", "lakeshore.png", 1, strip(0.3)},
		{"lake-scratch", "lakeshore.png", 1, scratch(5)},
		{"tulips-middle", "tulips.png", 1, disc(0.5, 0.5, 0.17)},
		{"tulips-low", "tulips.png", 1, disc(0.3, 0.75, 0.14)},
		{"coffee-cup", "coffee.png", 1, disc(0.5, 0.5, 0.2)},
		{"coffee-table", "coffee.png", 1, disc(0.8, 0.8, 0.15)},
		{"coffee-rim", "coffee.png", 1, disc(0.3, 0.35, 0.12)},
		{"flower-petal", "flower.jpg", 2, disc(0.42, 0.5, 0.1)},
		{"flower-background", "flower.jpg", 2, disc(0.85, 0.2, 0.15)},
		{"flower-whole", "flower.jpg", 2, disc(0.5, 0.5, 0.33)},
	} {
		img, err := readPhoto(filepath.Join(photos, s.file), s.scale)
		if err != nil {
			return nil, err
		}
		cases = append(cases, &testCase{name: s.name, truth: img, hole: s.hole(img.Rect.Size())})
	}
	anywhere, err := anywhereCases(photos)
	if err != nil {
		return nil, err
	}
	open, err := openCases(photos)
	return append(append(cases, anywhere...), open...), err
}

// anywhereCases returns round holes at places of the photos that nobody chose.
func anywhereCases(photos string) ([]*testCase, error) {
	r := rand.New(rand.NewPCG(7, 7))
	var cases []*testCase
	for i := range 24 {
		file, scale := "flower.jpg", 2
		if i%4 < 3 {
			file, scale = [...]string{"lakeshore.png", "tulips.png", "coffee.png"}[i%4], 1
		}
		img, err := readPhoto(filepath.Join(photos, file), scale)
		if err != nil {
			return nil, err
		}
		hole := disc(0.1+0.8*r.Float64(), 0.1+0.8*r.Float64(), 0.05+0.13*r.Float64())
		cases = append(cases, &testCase{name: fmt.Sprintf("anywhere-%02d", i), truth: img, hole: hole(img.Rect.Size())})
	}
	return cases, nil
}

// openCases returns what people use the engine for: things to be removed from
// a photo, and photos to be extended.
func openCases(photos string) ([]*testCase, error) {
	whole := image.Rect(0, 0, 100, 100)
	var cases []*testCase
	for _, s := range []struct {
		name, file string
		scale      int
		canvas     image.Rectangle                // in percent of the photo
		hole       func(image.Point) *image.Alpha // nil: the border
	}{
		{"remove-tulip", "tulips.png", 1, whole, ellipse(0.53, 0.54, 0.1, 0.145)},
		{"remove-tulips", "tulips.png", 1, whole, ellipse(0.37, 0.65, 0.09, 0.12)},
		{"remove-island", "lakeshore.png", 1, whole, ellipse(0.87, 0.645, 0.2, 0.045)},
		{"remove-islands", "lakeshore.png", 1, whole, ellipse(0.9, 0.63, 0.16, 0.075)},
		{"remove-spoon", "coffee.png", 1, whole, ellipse(0.61, 0.68, 0.1, 0.17)},
		{"remove-flower", "flower.jpg", 2, whole, ellipse(0.43, 0.3, 0.12, 0.18)},
		{"remove-buds", "flower.jpg", 2, whole, ellipse(0.13, 0.9, 0.12, 0.09)},
		{"extend-lake-right", "lakeshore.png", 1, image.Rect(0, 0, 200, 100), nil},
		{"extend-lake-left", "lakeshore.png", 1, image.Rect(-100, 0, 100, 100), nil},
		{"extend-lake-top", "lakeshore.png", 1, image.Rect(0, -100, 100, 100), nil},
		{"extend-lake-bottom", "lakeshore.png", 1, image.Rect(0, 0, 100, 150), nil},
		{"extend-lake-all", "lakeshore.png", 1, image.Rect(-25, -25, 125, 125), nil},
		{"extend-tulips-right", "tulips.png", 1, image.Rect(0, 0, 200, 100), nil},
		{"extend-tulips-all", "tulips.png", 1, image.Rect(-25, -25, 125, 125), nil},
		{"extend-coffee-left", "coffee.png", 1, image.Rect(-50, 0, 100, 100), nil},
		{"extend-flower-all", "flower.jpg", 3, image.Rect(-20, -20, 120, 120), nil},
		{"extend-flower-left", "flower.jpg", 3, image.Rect(-60, 0, 100, 100), nil},
	} {
		img, err := readPhoto(filepath.Join(photos, s.file), s.scale)
		if err != nil {
			return nil, err
		}
		c := &testCase{name: s.name, truth: img, open: true}
		if s.hole != nil {
			c.hole = s.hole(img.Rect.Size())
		} else {
			c.truth, c.hole = extended(img, s.canvas)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// extended returns img on a larger canvas, given in percent of img, and the border as a hole.
func extended(img *image.NRGBA, canvas image.Rectangle) (*image.NRGBA, *image.Alpha) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Rect(0, 0, canvas.Dx()*w/100, canvas.Dy()*h/100)
	photo := image.Rect(0, 0, w, h).Add(image.Pt(-canvas.Min.X*w/100, -canvas.Min.Y*h/100))
	out := image.NewNRGBA(size)
	draw.Draw(out, photo, img, img.Rect.Min, draw.Src)
	return out, shape(size.Size(), func(x, y int) bool { return !image.Pt(x, y).In(photo) })
}

// ellipse returns an oval hole; all in fractions of width and height.
func ellipse(cx, cy, rx, ry float64) func(image.Point) *image.Alpha {
	return func(size image.Point) *image.Alpha {
		w, h := float64(size.X), float64(size.Y)
		return shape(size, func(x, y int) bool {
			return math.Hypot((float64(x)-cx*w)/(rx*w), (float64(y)-cy*h)/(ry*h)) <= 1
		})
	}
}

// photoSize returns how large a photo is.
func photoSize(path string) (image.Point, error) {
	f, err := os.Open(path)
	if err != nil {
		return image.Point{}, err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	return image.Pt(c.Width, c.Height), err
}

// readPhoto decodes a photo and shrinks it by a whole factor.
func readPhoto(path string, by int) (*image.NRGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, _, err := image.Decode(f)
	if err != nil {
		return nil, err
	}
	b := src.Bounds()
	all := image.NewRGBA(image.Rectangle{Max: b.Size()})
	draw.Draw(all, all.Rect, src, b.Min, draw.Src)
	return paint(b.Dx()/by, b.Dy()/by, func(x, y float64) (c [3]float64) {
		for v := range by {
			row := all.Pix[all.PixOffset(int(x)*by, int(y)*by+v):]
			for u := range by {
				c[0] += float64(row[4*u])
				c[1] += float64(row[4*u+1])
				c[2] += float64(row[4*u+2])
			}
		}
		for i := range c {
			c[i] /= float64(by * by)
		}
		return c
	}), nil
}

// paint returns a picture of a function from pixels to colours of 0 to 255.
func paint(w, h int, f func(x, y float64) [3]float64) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := f(float64(x), float64(y))
			q := func(v float64) uint8 { return uint8(math.Round(min(255, max(0, v)))) }
			img.SetNRGBA(x, y, color.NRGBA{R: q(c[0]), G: q(c[1]), B: q(c[2]), A: 255})
		}
	}
	return img
}

func grey(v float64) [3]float64 { return [3]float64{v, v, v} }

// ramp is an antialiased edge: 0 below -1/2, 1 above 1/2.
func ramp(d float64) float64 { return min(1, max(0, d+0.5)) }

// synthetic returns the pictures that are computed.
func synthetic() []*testCase {
	const n = 400
	middle := disc(0.5, 0.5, 0.18)(image.Pt(n, n))
	noise := func(seed uint64, x, y float64) float64 {
		return rand.New(rand.NewPCG(seed, uint64(x)+uint64(y)<<32)).NormFloat64()
	}
	var cases []*testCase
	add := func(name string, hole *image.Alpha, lines []line, f func(x, y float64) [3]float64) {
		cases = append(cases, &testCase{name: name, truth: paint(n, n, f), hole: hole, lines: lines})
	}
	for _, deg := range []float64{0, 17, 45, 72} {
		a := deg * math.Pi / 180
		l := line{200, 200, -math.Sin(a), math.Cos(a)}
		off := func(x, y float64) float64 { return (x-l.x)*l.nx + (y-l.y)*l.ny }
		name := string([]byte{'0' + byte(deg)/10, '0' + byte(deg)%10})
		add("edge-"+name, middle, []line{l}, func(x, y float64) [3]float64 { return grey(60 + 130*ramp(off(x, y)) + 2*noise(1, x, y)) })
		add("line-"+name, middle, []line{l}, func(x, y float64) [3]float64 {
			d := off(x, y)
			return grey(180 - 140*(ramp(d+2.5)-ramp(d-2.5)) + 2*noise(2, x, y))
		})
	}
	rails := []line{{200, 170, -0.3, 0.954}, {200, 200, -0.3, 0.954}, {200, 230, -0.3, 0.954}}
	add("rails", middle, rails, func(x, y float64) [3]float64 {
		v := 160.0
		for _, l := range rails {
			d := (x-l.x)*l.nx + (y-l.y)*l.ny
			v -= 120 * (ramp(d+2) - ramp(d-2))
		}
		return grey(v + 2*noise(3, x, y))
	})
	add("cross", middle, []line{{200, 200, 0, 1}, {200, 200, 1, 0}}, func(x, y float64) [3]float64 {
		return grey(180 - 130*max(ramp(y-200+2.5)-ramp(y-200-2.5), ramp(x-200+2.5)-ramp(x-200-2.5)))
	})
	for _, p := range []float64{8, 13.3, 31} {
		name := map[float64]string{8: "grating-8", 13.3: "grating-13", 31: "grating-31"}[p]
		add(name, middle, nil, func(x, y float64) [3]float64 {
			return grey(128 + 70*math.Sin(2*math.Pi*(x*0.8+y*0.6)/p))
		})
	}
	add("stripes-20", middle, nil, func(x, y float64) [3]float64 {
		return grey(70 + 110*ramp(10-2-math.Abs(math.Mod(x*0.94+y*0.342, 20)-10)))
	})
	add("brick", middle, nil, brick)
	add("tiles", middle, nil, func(x, y float64) [3]float64 {
		u, v := math.Mod(x, 32), math.Mod(y, 32)
		if u < 3 || v < 3 {
			return [3]float64{200, 196, 188}
		}
		if (int(x/32)+int(y/32))%2 == 0 {
			return [3]float64{120, 60, 50}
		}
		return [3]float64{60, 80, 120}
	})
	add("noise", middle, nil, func(x, y float64) [3]float64 { return grey(128 + 40*noise(4, x, y)) })
	add("noise-coarse", middle, nil, func(x, y float64) [3]float64 {
		return grey(128 + 60*smoothNoise(x/6, y/6) + 10*noise(5, x, y))
	})
	add("gradient", middle, nil, func(x, y float64) [3]float64 { return [3]float64{60 + y/4, 110 + y/4, 230 - x/10} })
	add("gradient-diagonal", middle, nil, func(x, y float64) [3]float64 {
		return [3]float64{20 + (x+y)/4, 30 + (x+y)/4, 60 + (x+y)/5}
	})
	add("gradient-radial", middle, nil, func(x, y float64) [3]float64 {
		return grey(230 - 0.6*math.Hypot(x-170, y-230))
	})
	add("gradient-grain", middle, nil, func(x, y float64) [3]float64 {
		return grey(40 + (x+y)/4 + 4*noise(6, x, y))
	})
	add("horizon-extend", strip(0.5)(image.Pt(n, n)), []line{{200, 190, 0, 1}}, func(x, y float64) [3]float64 {
		if y < 190 {
			return [3]float64{100 + y/4, 150 + y/5, 220 + 2*noise(7, x, y)}
		}
		return [3]float64{70 + 14*smoothNoise(x/5, y/3), 90 + 14*smoothNoise(x/5, y/3), 60}
	})
	return cases
}

// brick is a wall of staggered bricks of slightly different shades.
func brick(x, y float64) [3]float64 {
	row := math.Floor(y / 16)
	u := x + 20*math.Mod(row, 2)
	if math.Mod(y, 16) < 2 || math.Mod(u, 40) < 2 {
		return [3]float64{190, 185, 175}
	}
	s := 14 * rand.New(rand.NewPCG(9, uint64(u/40)+uint64(row)<<20)).NormFloat64()
	g := 3 * rand.New(rand.NewPCG(10, uint64(x)+uint64(y)<<20)).NormFloat64()
	return [3]float64{160 + s + g, 75 + s/2 + g, 60 + s/2 + g}
}

// smoothNoise is value noise with a spread of about 1.
func smoothNoise(x, y float64) float64 {
	at := func(i, j float64) float64 {
		return rand.New(rand.NewPCG(11, uint64(int64(i)+1000)<<20+uint64(int64(j)+1000))).Float64()*2 - 1
	}
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := x-x0, y-y0
	fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
	return (at(x0, y0)*(1-fx)+at(x0+1, y0)*fx)*(1-fy) + (at(x0, y0+1)*(1-fx)+at(x0+1, y0+1)*fx)*fy
}

// disc returns a round hole; centre as fractions of width and height, radius of the shorter side.
func disc(cx, cy, r float64) func(image.Point) *image.Alpha {
	return func(size image.Point) *image.Alpha {
		rr := r * float64(min(size.X, size.Y))
		return shape(size, func(x, y int) bool {
			return math.Hypot(float64(x)-cx*float64(size.X), float64(y)-cy*float64(size.Y)) <= rr
		})
	}
}

// strip returns a hole along the right side: an extension by part of the whole.
func strip(part float64) func(image.Point) *image.Alpha {
	return func(size image.Point) *image.Alpha {
		return shape(size, func(x, y int) bool { return float64(x) >= float64(size.X)*(1-part) })
	}
}

// scratch returns a thin diagonal hole and a few spots.
func scratch(width float64) func(image.Point) *image.Alpha {
	return func(size image.Point) *image.Alpha {
		return shape(size, func(x, y int) bool {
			d := math.Abs(float64(x)*0.6 - float64(y)*0.8 + 30)
			return d < width/2 && x > 60 && x < size.X-40 || math.Hypot(float64(x%97)-40, float64(y%111)-30) < 4
		})
	}
}

func shape(size image.Point, in func(x, y int) bool) *image.Alpha {
	a := image.NewAlpha(image.Rect(0, 0, size.X, size.Y))
	for y := range size.Y {
		for x := range size.X {
			if in(x, y) {
				a.Pix[a.PixOffset(x, y)] = 255
			}
		}
	}
	return a
}
