package mask_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// noisy returns a mask with single pixels of any coverage beside its blobs.
func noisy(rng *rand.Rand, w, h int) *mask.Mask {
	a := random(rng, w, h).Alpha(image.Rect(0, 0, w, h))
	for range rng.IntN(40) {
		a.Pix[rng.IntN(len(a.Pix))] = uint8(rng.Uint32())
	}
	return mask.FromAlpha(a, image.Pt(w, h))
}

// slowGrow is Grow's definition, pixel by pixel.
func slowGrow(m *mask.Mask, px int) *mask.Mask {
	size := m.Size()
	out, in := image.NewAlpha(m.Bounds()), m.Alpha(m.Bounds())
	for dy := -px; dy <= px; dy++ {
		for dx := -px; dx <= px; dx++ {
			disc := 1 + float64(px) - math.Hypot(float64(dx), float64(dy))
			reached := uint8(min(max(disc, 0), 1)*255 + 0.5)
			for y := max(0, -dy); y < min(size.Y, size.Y-dy); y++ {
				for x := max(0, -dx); x < min(size.X, size.X-dx); x++ {
					i := y*size.X + x
					out.Pix[i] = max(out.Pix[i], min(in.Pix[i+dy*size.X+dx], reached))
				}
			}
		}
	}
	return mask.FromAlpha(out, size)
}

func TestGrowAndShrink(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	for i := range 24 {
		m := noisy(rng, 1+rng.IntN(140), 1+rng.IntN(140))
		px := rng.IntN(9)
		if i == 10 {
			px = 17 + rng.IntN(10)
		}
		if !m.Grow(px).Equal(slowGrow(m, px)) {
			t.Errorf("grown by %d, a mask of %v isn't what it should be", px, m.Size())
		}
		if !m.Shrink(px).Equal(slowGrow(m.Invert(), px).Invert()) {
			t.Errorf("shrunk by %d, a mask of %v isn't what it should be", px, m.Size())
		}
	}
}

// Radii from which on another way is taken where the mask is not all soft: hard
// and soft shapes, specks and plains of any level, across blocks.
func TestGrowFar(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 3))
	for i := range 14 {
		size := image.Pt(1+rng.IntN(200), 1+rng.IntN(150))
		m := mask.New(size.X, size.Y)
		switch i % 4 {
		case 0:
			m = noisy(rng, size.X, size.Y)
		case 1:
			m = mask.Ellipse(size, mask.Point{X: 20, Y: 30}, mask.Point{X: 60.3, Y: 61.7}).Feather(float64(3 + rng.IntN(20)))
		case 2:
			e := m.Edit()
			e.Dab(mask.Brush{Size: 30}, rng.Float64()*float64(size.X), rng.Float64()*float64(size.Y))
			m = e.Mask()
		}
		a := m.Alpha(m.Bounds())
		for range rng.IntN(4) {
			v := uint8(rng.Uint32())
			r := image.Rect(rng.IntN(size.X), rng.IntN(size.Y), rng.IntN(size.X), rng.IntN(size.Y))
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					a.Pix[a.PixOffset(x, y)] = max(v, a.Pix[a.PixOffset(x, y)])
				}
			}
		}
		m = mask.FromAlpha(a, size)
		px := 24 + rng.IntN(30)
		if !m.Grow(px).Equal(slowGrow(m, px)) {
			t.Errorf("%d: grown by %d, a mask of %v isn't what it should be", i, px, m.Size())
		}
		if px = 24 + rng.IntN(8); !m.Shrink(px).Equal(slowGrow(m.Invert(), px).Invert()) {
			t.Errorf("%d: shrunk by %d, a mask of %v isn't what it should be", i, px, m.Size())
		}
	}
}

func TestGrowAcrossBlocks(t *testing.T) {
	// A pixel far from all others, and a plain area, on a mask of many blocks.
	a := image.NewAlpha(image.Rect(0, 0, 1500, 700))
	a.Pix[a.PixOffset(640, 320)] = 255
	for y := 100; y < 600; y++ {
		for x := 900; x < 1400; x++ {
			a.Pix[a.PixOffset(x, y)] = 255
		}
	}
	m := mask.FromAlpha(a, image.Pt(1500, 700)).Grow(90)
	for _, c := range []struct {
		x, y int
		want uint8
	}{{640, 320, 255}, {640 - 90, 320, 255}, {640 - 91, 320, 0}, {640, 320 + 90, 255}, {640 + 63, 320 + 63, 255}, {640 + 65, 320 + 65, 0}, {1200, 300, 255}, {1489, 300, 255}, {1490, 300, 0}, {809, 599, 0}, {1399 + 65, 100 - 65, 0}} {
		if got := m.At(c.x, c.y); got != c.want {
			t.Errorf("(%d, %d) is %d, should be %d", c.x, c.y, got, c.want)
		}
	}
	if all := mask.All(image.Pt(300, 200)); !all.Shrink(20).Equal(all) || !all.Feather(20).Equal(all) {
		t.Error("a mask of everything shrank from the canvas's edges")
	}
}

// slowHoles raises everything inside and lowers it until nothing changes.
func slowHoles(m *mask.Mask) *mask.Mask {
	size := m.Size()
	level := make([]uint8, size.X*size.Y)
	at := func(x, y int) uint8 {
		if x < 0 || y < 0 || x >= size.X || y >= size.Y {
			return 0
		}
		return level[y*size.X+x]
	}
	for i := range level {
		level[i] = 255
	}
	for changed := true; changed; {
		changed = false
		for i, old := range level {
			x, y := i%size.X, i/size.X
			v := max(m.At(x, y), min(at(x-1, y), at(x+1, y), at(x, y-1), at(x, y+1)))
			if v < old {
				level[i], changed = v, true
			}
		}
	}
	return mask.FromAlpha(&image.Alpha{Pix: level, Stride: size.X, Rect: m.Bounds()}, size)
}

func TestFillHoles(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 2))
	for range 60 {
		w, h := 1+rng.IntN(90), 1+rng.IntN(90)
		m := noisy(rng, w, h)
		for range 3 {
			x, y := rng.Float64()*float64(w), rng.Float64()*float64(h)
			ring := func(r float64) *mask.Mask {
				return mask.Ellipse(m.Size(), mask.Point{X: x - r, Y: y - r}, mask.Point{X: x + r, Y: y + r})
			}
			m = mask.Union(m, mask.Subtract(ring(14), ring(9)))
		}
		if !m.FillHoles().Equal(slowHoles(m)) {
			t.Errorf("the holes of a mask of %v aren't filled as they should be", m.Size())
		}
	}
}

func TestRadiiWithoutBounds(t *testing.T) {
	size := image.Pt(150, 90)
	e := mask.New(size.X, size.Y).Edit()
	e.Writable(1, 0)[0] = 200
	m := e.Mask()
	if got := m.Grow(1 << 40); got.At(0, 89) != 200 || got.Area() != m.Area()*150*90 {
		t.Error("grown without bounds it doesn't cover all as much as its one pixel")
	}
	if !mask.All(size).Shrink(1<<40).Equal(mask.All(size)) || !m.Shrink(1<<40).Empty() {
		t.Error("shrunk without bounds")
	}
	for _, radius := range []float64{math.Inf(1), 1e300} {
		if got := m.Feather(radius); got.Size() != size {
			t.Error("feathered without bounds")
		}
	}
	for _, radius := range []float64{0, -3, math.NaN()} {
		if m.Feather(radius) != m {
			t.Errorf("feathered by %v it changed", radius)
		}
	}
	if m.Grow(0) != m || m.Grow(-2) != m || m.Shrink(0) != m {
		t.Error("grown by nothing it changed")
	}
}
