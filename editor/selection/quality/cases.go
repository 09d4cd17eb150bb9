package main

import (
	"fmt"
	"image"
	_ "image/jpeg" // the photos
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
)

// testCase is a picture and the coverage of an object in it.
type testCase struct {
	name  string
	load  func() error // sets the picture and the truth, which are nil before
	img   *image.NRGBA
	truth *image.Alpha
}

// allCases returns the cases whose photos are in the folders, with small the small ones, and
// counts the others.
func allCases(folders []string, small bool) (cases []*testCase, absent int, err error) {
	if cases, absent, err = photoCases(folders, small); err != nil || small {
		return cases, absent, err
	}
	for i := range 18 {
		c := &testCase{name: fmt.Sprintf("painted-%02d", i)}
		c.load = func() error { c.paint(i); return nil }
		cases = append(cases, c)
	}
	return cases, absent, nil
}

func readPhoto(path string) (*image.NRGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, _, err := image.Decode(f)
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rectangle{Max: src.Bounds().Size()})
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			img.Set(x, y, src.At(src.Bounds().Min.X+x, src.Bounds().Min.Y+y))
		}
	}
	return img, nil
}

// stuff is a synthetic texture: two colours mixed by noise, and light from one side.
type stuff struct {
	a, b  [3]float64
	noise *noise
	fine  float64 // the noise's size, in pixels
	light float64
}

func newStuff(r *rand.Rand, base [3]float64, spread float64) stuff {
	s := stuff{noise: newNoise(r), fine: math.Exp(1 + 3*r.Float64()), light: 0.3 * r.Float64()}
	for c := range base {
		s.a[c], s.b[c] = base[c]+spread*(r.Float64()-0.5), base[c]+spread*(r.Float64()-0.5)
	}
	return s
}

func (s *stuff) at(x, y, w float64) (c [3]float64) {
	n := (s.noise.at(x/s.fine, y/s.fine) + 0.5*s.noise.at(2.1*x/s.fine, 2.1*y/s.fine)) / 1.5
	for i := range c {
		c[i] = (s.a[i] + n*(s.b[i]-s.a[i])) * (1 + s.light*(x/w-0.5))
	}
	return c
}

// paint draws an object on a background with some other objects, with edges soft by half a pixel
// and grain as in a photo. With higher numbers object and background are more similar.
func (c *testCase) paint(number int) {
	const w, h = 900, 700
	r := rand.New(rand.NewPCG(uint64(number), 99))
	tone := func() [3]float64 { return [3]float64{60 + 140*r.Float64(), 60 + 140*r.Float64(), 60 + 140*r.Float64()} }
	ground, own := tone(), tone()
	for distance(ground, own) < 40 || distance(ground, own) > 150 {
		own = tone()
	}
	mix := 0.25 * float64(number) / 18
	for c := range own {
		own[c] += mix * (ground[c] - own[c])
	}
	spread := 25 + 70*r.Float64()
	back, front := newStuff(r, ground, spread), newStuff(r, own, spread*0.7)
	others := []stuff{newStuff(r, tone(), spread), newStuff(r, own, spread*0.7)}
	shapes := []shape{newShape(r, 120+120*r.Float64(), 300+300*r.Float64(), 250+200*r.Float64())}
	shapes = append(shapes, newShape(r, 50+40*r.Float64(), 120, 120), newShape(r, 40+30*r.Float64(), 800, 600))
	c.img, c.truth = image.NewNRGBA(image.Rect(0, 0, w, h)), image.NewAlpha(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x)+0.5, float64(y)+0.5
			v := back.at(fx, fy, w)
			for i, o := range others {
				v = over(v, o.at(fx, fy, w), shapes[1+i].cover(fx, fy))
			}
			a := shapes[0].cover(fx, fy)
			v = over(v, front.at(fx, fy, w), a)
			grain := 5 * r.NormFloat64()
			for ch, level := range v {
				c.img.Pix[c.img.PixOffset(x, y)+ch] = uint8(min(max(level+grain, 0), 255))
			}
			c.img.Pix[c.img.PixOffset(x, y)+3] = 255
			c.truth.Pix[y*w+x] = uint8(255*a + 0.5)
		}
	}
}

func over(below, above [3]float64, a float64) [3]float64 {
	for i := range below {
		below[i] += a * (above[i] - below[i])
	}
	return below
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// shape is a round shape with lobes and bays.
type shape struct {
	x, y, radius float64
	size, turn   [8]float64
}

func newShape(r *rand.Rand, radius, x, y float64) shape {
	s := shape{x: x, y: y, radius: radius}
	for i := range s.size {
		s.size[i], s.turn[i] = 0.35*r.Float64()/math.Sqrt(float64(i+1)), 2*math.Pi*r.Float64()
	}
	return s
}

func (s *shape) cover(x, y float64) float64 {
	angle := math.Atan2(y-s.y, x-s.x)
	reach := 1.0
	for i := range s.size {
		reach += s.size[i] * math.Cos(float64(i+1)*angle+s.turn[i])
	}
	return min(max(s.radius*max(reach, 0.2)-math.Hypot(x-s.x, y-s.y)+0.5, 0), 1)
}

// noise is smooth noise from 0 to 1 with a period of 64.
type noise [64][64]float64

func newNoise(r *rand.Rand) *noise {
	n := &noise{}
	for y := range n {
		for x := range n[y] {
			n[y][x] = r.Float64()
		}
	}
	return n
}

func (n *noise) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	i, j := int(fx)&63, int(fy)&63
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	top := n[j][i] + u*(n[j][(i+1)&63]-n[j][i])
	low := n[(j+1)&63][i] + u*(n[(j+1)&63][(i+1)&63]-n[(j+1)&63][i])
	return top + v*(low-top)
}
