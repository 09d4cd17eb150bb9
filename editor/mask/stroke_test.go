package mask_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// wander returns samples of a pointer as it arrives: whole units, some of them
// twice, some far outside a canvas of a size.
func wander(rng *rand.Rand, n int, size image.Point) []mask.Point {
	samples := []mask.Point{{X: float64(rng.IntN(size.X)), Y: float64(rng.IntN(size.Y))}}
	vx, vy := 0.0, 0.0
	for len(samples) < n {
		p := samples[len(samples)-1]
		if rng.IntN(6) > 0 {
			vx, vy = vx*0.8+rng.NormFloat64()*8, vy*0.8+rng.NormFloat64()*8
			p = mask.Point{X: math.Round(p.X + vx), Y: math.Round(p.Y + vy)}
		}
		samples = append(samples, p)
	}
	return samples
}

func TestFastCircleComesOutRound(t *testing.T) {
	for _, c := range []struct {
		radius  float64
		samples int // in one turn: 60 a second, so 12 are a fifth of a second
	}{{40, 10}, {90, 12}, {150, 12}, {300, 16}} {
		side := int(2*c.radius) + 100
		mid := float64(side) / 2
		s := mask.NewStroke(mask.New(side, side), mask.Brush{Size: 12, Hardness: 1}, false)
		for i := range c.samples + 4 { // a bit more than once around
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(c.samples))
			s.Add(math.Round(mid+c.radius*cos), math.Round(mid+c.radius*sin))
		}
		m := s.Mask()
		worst := 0.0
		for a := range 720 {
			sin, cos := math.Sincos(2 * math.Pi * float64(a) / 720)
			sum, weight := 0.0, 0.0 // the middle of the line along a ray
			for r := c.radius - 15; r < c.radius+15; r += 0.1 {
				v := float64(m.At(int(mid+r*cos), int(mid+r*sin)))
				sum, weight = sum+v*r, weight+v
			}
			worst = max(worst, math.Abs(sum/weight-c.radius))
		}
		// Samples in whole units are up to 0.71 away from the circle; chords
		// between them would be far more: 5 pixels for the largest one.
		t.Logf("radius %v: %.2f off; chords: %.2f", c.radius, worst, c.radius*(1-math.Cos(math.Pi/float64(c.samples))))
		if worst > 1.1 {
			t.Errorf("a circle of radius %v in %d samples is %.2f pixels out of round", c.radius, c.samples, worst)
		}
	}
}

func TestStraightStrokeHasTheBrushsProfile(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	for range 30 {
		b := mask.Brush{Size: 4 + rng.Float64()*80, Hardness: float64(rng.IntN(11)) / 10}
		p, q := mask.Point{X: 60 + rng.Float64()*200, Y: 60 + rng.Float64()*100}, mask.Point{X: 60 + rng.Float64()*200, Y: 60 + rng.Float64()*100}
		s := mask.NewStroke(mask.New(330, 220), b, false)
		s.Add(p.X, p.Y)
		s.Add(q.X, q.Y)
		m := s.Mask()
		// Scallops of a tenth of a pixel and a centre that is a thirty-second off.
		slope := min(255, 1.5*255/(b.Size/2*(1-b.Hardness)+1e-9))
		tolerance := 6 + 0.2*slope
		for y := range 220 {
			for x := range 330 {
				middle := distanceToLine(mask.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}, p, q)
				if want := 255 * b.Coverage(middle); middle > b.Size/2+1 && m.At(x, y) != 0 || middle < b.Size/2*b.Hardness-1 && float64(m.At(x, y)) < want-tolerance {
					t.Fatalf("%+v from %v to %v: (%d, %d) is %v", b, p, q, x, y, m.At(x, y))
				}
				if middle > b.Size/2+1 || middle < b.Size/2*b.Hardness-1 {
					continue
				}
				want := 0.0
				for i := range 64 {
					c := mask.Point{X: float64(x) + (float64(i%8)+0.5)/8, Y: float64(y) + (float64(i/8)+0.5)/8}
					want += b.Coverage(distanceToLine(c, p, q)) * 255 / 64
				}
				if got := float64(m.At(x, y)); math.Abs(got-want) > tolerance {
					t.Fatalf("%+v from %v to %v: (%d, %d) is %v, should be %.1f ± %.1f", b, p, q, x, y, got, want, tolerance)
				}
			}
		}
	}
}

func distanceToLine(c, p, q mask.Point) float64 {
	dx, dy := q.X-p.X, q.Y-p.Y
	t := ((c.X-p.X)*dx + (c.Y-p.Y)*dy) / (dx*dx + dy*dy)
	t = min(max(t, 0), 1)
	return math.Hypot(c.X-p.X-t*dx, c.Y-p.Y-t*dy)
}

// TestStrokeDoesntDependOnWhenItIsLookedAt draws the same samples with previews
// at random times, checks that what is said to have changed is all that did,
// and that every preview is the stroke that ended there.
func TestStrokeDoesntDependOnWhenItIsLookedAt(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	for range 40 {
		size := image.Pt(100+rng.IntN(400), 100+rng.IntN(400))
		base := random(rng, size.X, size.Y)
		b := mask.Brush{Size: 1 + rng.Float64()*120, Hardness: rng.Float64()}
		erase := rng.IntN(2) == 0
		samples := wander(rng, 2+rng.IntN(25), size)
		s := mask.NewStroke(base, b, erase)
		shadow, dirty := base.Alpha(base.Bounds()), image.Rectangle{}
		for i, p := range samples {
			dirty = dirty.Union(s.Add(p.X, p.Y))
			if rng.IntN(3) > 0 && i < len(samples)-1 {
				continue
			}
			m := s.Mask()
			for y := dirty.Min.Y; y < dirty.Max.Y; y++ {
				for x := dirty.Min.X; x < dirty.Max.X; x++ {
					shadow.Pix[shadow.PixOffset(x, y)] = m.At(x, y)
				}
			}
			if !mask.FromAlpha(shadow, size).Equal(m) {
				t.Fatal("more changed than was said")
			}
			again := mask.NewStroke(base, b, erase)
			for _, q := range samples[:i+1] {
				again.Add(q.X, q.Y)
			}
			if !again.Mask().Equal(m) {
				t.Fatalf("after %d samples the preview isn't the stroke that ends there", i+1)
			}
			if !again.Touched().Eq(s.Touched()) && !mask.Diff(base, m).In(tileBounds(s.Touched(), size)) {
				t.Fatal("the stroke touched more than it says")
			}
			dirty = image.Rectangle{}
		}
	}
}

// tileBounds returns r grown to whole tiles.
func tileBounds(r image.Rectangle, size image.Point) image.Rectangle {
	r.Min = r.Min.Div(mask.TileSize).Mul(mask.TileSize)
	r.Max = r.Max.Add(image.Pt(mask.TileSize-1, mask.TileSize-1)).Div(mask.TileSize).Mul(mask.TileSize)
	return r.Intersect(image.Rectangle{Max: size})
}

// TestStrokesGoOnOutside draws over the edges of a canvas; what is inside must
// be as if the canvas were larger.
func TestStrokesGoOnOutside(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 3))
	for range 40 {
		size := image.Pt(20+rng.IntN(200), 20+rng.IntN(200))
		border := image.Pt(300, 300)
		b := mask.Brush{Size: 1 + rng.Float64()*90, Hardness: rng.Float64()}
		small := mask.NewStroke(mask.New(size.X, size.Y), b, false)
		large := mask.NewStroke(mask.New(size.X+600, size.Y+600), b, false)
		for range 2 + rng.IntN(10) {
			x, y := float64(rng.IntN(size.X+560)-280), float64(rng.IntN(size.Y+560)-280)
			small.Add(x, y)
			large.Add(x+300, y+300)
		}
		if !small.Mask().Equal(large.Mask().Resized(size, image.Point{}.Sub(border))) {
			t.Fatalf("a stroke over the edges of %v isn't the inner part of a larger one", size)
		}
	}
}

func TestStrokeTakesBadSamples(t *testing.T) {
	s := mask.NewStroke(mask.New(50, 50), mask.Brush{Size: 10, Hardness: 1}, false)
	for _, p := range []mask.Point{{X: math.NaN(), Y: 1}, {X: 1, Y: math.Inf(1)}, {X: 1e18, Y: 0}} {
		if r := s.Add(p.X, p.Y); !r.Empty() {
			t.Errorf("a sample at %v changed %v", p, r)
		}
	}
	if _, ok := s.End(); ok || !s.Mask().Empty() {
		t.Error("bad samples were painted")
	}
	s.Add(25, 25)
	before := s.Mask()
	if r := s.Add(25, 25); !r.Empty() || s.Mask() != before {
		t.Error("a sample that repeats the last one changed something")
	}
}

func TestSoftStrokeDoesntBuildUp(t *testing.T) {
	b := mask.Brush{Size: 60, Hardness: 0}
	once := mask.NewStroke(mask.New(300, 100), b, false)
	often := mask.NewStroke(mask.New(300, 100), b, false)
	for _, x := range []float64{50, 250} {
		once.Add(x, 50)
	}
	for i := range 11 {
		often.Add(50+200*float64(i%2), 50)
		often.Corner()
	}
	a, c := once.Mask(), often.Mask()
	for y := range 100 {
		for x := range 300 {
			if d := int(a.At(x, y)) - int(c.At(x, y)); d > 5 || d < -5 {
				t.Fatalf("(%d, %d) is %d after one pass and %d after eleven", x, y, a.At(x, y), c.At(x, y))
			}
		}
	}
}

func TestThinLinesHaveTheirWidth(t *testing.T) {
	for _, size := range []float64{1, 1.5, 2, 3, 4, 5} {
		for i := range 16 {
			s := mask.NewStroke(mask.New(300, 200), mask.Brush{Size: size, Hardness: 1}, false)
			s.Add(20, 20+float64(i)/16)
			s.Add(280, 20+float64(i)*7)
			length := math.Hypot(260, float64(i)*7-float64(i)/16)
			got := s.Mask().Area() / (length + size)
			if math.Abs(got-size) > 0.06*size+0.04 {
				t.Errorf("a line of %v pixels is %.2f wide at slope %d", size, got, i)
			}
		}
	}
}

func TestCornerKeepsLinesStraight(t *testing.T) {
	b := mask.Brush{Size: 8, Hardness: 1}
	line := mask.NewStroke(mask.New(200, 200), b, false)
	line.Add(20, 20)
	line.Add(150, 40)
	straight := line.Mask()
	line.Corner()
	line.Add(30, 180)
	bent := line.Mask()
	if !mask.Subtract(straight, bent).Empty() {
		t.Error("going on after a corner moved the line before it")
	}
}

func TestPaintAndEraseLieOver(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	base := random(rng, 200, 200)
	b := mask.Brush{Size: 100, Hardness: 0.2}
	for _, erase := range []bool{false, true} {
		alone := mask.NewStroke(mask.New(200, 200), b, false)
		over := mask.NewStroke(base, b, erase)
		for _, p := range wander(rng, 8, image.Pt(200, 200)) {
			alone.Add(p.X, p.Y)
			over.Add(p.X, p.Y)
		}
		a, o := alone.Mask(), over.Mask()
		for i := range 200 * 200 {
			below, paint := float64(base.At(i%200, i/200)), float64(a.At(i%200, i/200))
			want := below + paint - below*paint/255
			if erase {
				want = below - below*paint/255
			}
			if got := float64(o.At(i%200, i/200)); math.Abs(got-want) > 0.5001 {
				t.Fatalf("erase %v: %v under %v became %v, should be %.2f", erase, below, paint, got, want)
			}
		}
	}
}

func TestFloorDiv(t *testing.T) {
	for a := -50; a <= 50; a++ {
		for b := 1; b <= 12; b++ {
			if got, want := mask.FloorDiv(a, b), int(math.Floor(float64(a)/float64(b))); got != want {
				t.Errorf("%d / %d rounds down to %d, want %d", a, b, got, want)
			}
		}
	}
}
