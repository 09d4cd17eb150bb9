package mask_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// windings returns how often the polygon goes around a position.
func windings(p []mask.Point, x, y float64) int {
	n := 0
	for i, a := range p {
		b := p[(i+1)%len(p)]
		if (a.Y <= y) == (b.Y <= y) {
			continue
		}
		if at := a.X + (y-a.Y)/(b.Y-a.Y)*(b.X-a.X); at < x {
			if a.Y < b.Y {
				n++
			} else {
				n--
			}
		}
	}
	return n
}

// near returns how many of the polygon's edges come within a pixel's reach.
func near(p []mask.Point, x, y int) int {
	n := 0
	for i, a := range p {
		if b := p[(i+1)%len(p)]; a != b && distanceToLine(mask.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}, a, b) < 0.75 {
			n++
		}
	}
	return n
}

func TestPolygonCoversWhatItGoesAround(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	const n = 32 // samples to a pixel's side
	for range 40 {
		size := image.Pt(1+rng.IntN(200), 1+rng.IntN(200))
		p := make([]mask.Point, 3+rng.IntN(6))
		spread := []float64{0.5, 1, 4}[rng.IntN(3)]
		for i := range p {
			p[i] = mask.Point{X: float64(size.X) * (0.5 + spread*(rng.Float64()-0.5)), Y: float64(size.Y) * (0.5 + spread*(rng.Float64()-0.5))}
		}
		m := mask.Polygon(size, p)
		for i := range size.X * size.Y {
			x, y := i%size.X, i/size.X
			got := float64(m.At(x, y))
			edges := near(p, x, y)
			if edges > 1 {
				continue // where edges cross, coverage isn't the area
			}
			if edges == 0 {
				if inside := windings(p, float64(x)+0.5, float64(y)+0.5) != 0; inside != (got == 255) || !inside && got != 0 {
					t.Fatalf("%v: (%d, %d) has %v; it is inside: %v", p, x, y, got, inside)
				}
				continue
			}
			sum := 0.0
			for s := range n * n {
				if windings(p, float64(x)+(float64(s%n)+0.5)/n, float64(y)+(float64(s/n)+0.5)/n) != 0 {
					sum += 255.0 / n / n
				}
			}
			if math.Abs(got-sum) > 8 {
				t.Fatalf("%v: (%d, %d) is %v, should be about %.1f", p, x, y, got, sum)
			}
		}
	}
}

func TestRectanglesAndEllipses(t *testing.T) {
	size := image.Pt(900, 700)
	r := mask.Rectangle(size, mask.Point{X: 700, Y: 13}, mask.Point{X: 20, Y: 640})
	if got := r.Area(); got != 680*627 || !r.Bounding().Eq(image.Rect(20, 13, 700, 640)) {
		t.Errorf("a rectangle of whole pixels has area %v and lies in %v", got, r.Bounding())
	}
	half := mask.Rectangle(size, mask.Point{X: 10.5, Y: 10.25}, mask.Point{X: 12.5, Y: 12.25})
	if got := half.Area(); math.Abs(got-4) > 0.05 {
		t.Errorf("a square of 2x2 between pixels covers %v", got)
	}
	if got := mask.Rectangle(size, mask.Point{X: -1e9, Y: -1e9}, mask.Point{X: 1e9, Y: 1e9}); !got.Equal(mask.All(size)) {
		t.Error("a huge rectangle doesn't cover all")
	}
	for _, c := range []struct{ rx, ry float64 }{{1, 1}, {5, 3}, {60, 100}, {300, 250}} {
		e := mask.Ellipse(size, mask.Point{X: 400.3 - c.rx, Y: 350.6 + c.ry}, mask.Point{X: 400.3 + c.rx, Y: 350.6 - c.ry})
		want := math.Pi * c.rx * c.ry
		if got := e.Area(); math.Abs(got-want) > 0.006*want+0.1 {
			t.Errorf("an ellipse of %v by %v covers %v, should be %v", c.rx, c.ry, got, want)
		}
	}
}

func TestOddPolygons(t *testing.T) {
	size := image.Pt(100, 100)
	nan, inf := math.NaN(), math.Inf(1)
	for _, p := range [][]mask.Point{nil, {{X: 1, Y: 1}}, {{X: 1, Y: 1}, {X: 50, Y: 50}}, {{X: nan, Y: 1}, {X: 50, Y: nan}, {X: 3, Y: 3}, {X: 9, Y: 3}}, {{X: 5, Y: 5}, {X: 5, Y: 5}, {X: 5, Y: 5}}, {{X: 1, Y: 50}, {X: 99, Y: 50}, {X: 40, Y: 50}}} {
		if m := mask.Polygon(size, p); !m.Empty() {
			t.Errorf("%v covers %v", p, m.Bounding())
		}
	}
	m := mask.Polygon(size, []mask.Point{{X: -inf, Y: -inf}, {X: inf, Y: -inf}, {X: inf, Y: inf}, {X: -inf, Y: inf}})
	if !m.Equal(mask.All(size)) {
		t.Error("a polygon around everything doesn't cover all")
	}
	// Two loops, one in the other and both drawn the same way around.
	twice := []mask.Point{{X: 10, Y: 10}, {X: 90, Y: 10}, {X: 90, Y: 90}, {X: 10, Y: 90}, {X: 10, Y: 10}, {X: 30, Y: 30}, {X: 70, Y: 30}, {X: 70, Y: 70}, {X: 30, Y: 70}, {X: 30, Y: 30}}
	if got := mask.Polygon(size, twice).At(50, 50); got != 255 {
		t.Errorf("what is gone around twice has %d", got)
	}
}
