package tool_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/tool"
)

func TestAPressHoldsAPointOrItsLine(t *testing.T) {
	lines := [][]image.Point{
		{{10, 20}, {60, 20}, {60, 80}},
		{{200, 20}, {100, 120}},
	}
	for _, c := range []struct {
		what  string
		x, y  float64
		reach float64
		want  tool.Grip
	}{
		{"on an end", 10.5, 20.5, 4, tool.Grip{Line: 0, Point: 0}},
		{"near a bend", 62, 18, 4, tool.Grip{Line: 0, Point: 1}},
		{"just in reach of an end", 200.5, 24.5, 4, tool.Grip{Line: 1, Point: 0}},
		{"just out of reach of it, on the line", 197.5, 23.5, 4, tool.Grip{Line: 1, Point: -1}},
		{"between points", 60.5, 50, 4, tool.Grip{Line: 0, Point: -1}},
		{"beside a stretch", 35, 24, 4, tool.Grip{Line: 0, Point: -1}},
		{"farther beside it", 35, 25.5, 4, tool.Grip{Line: -1, Point: -1}},
		{"the same with a longer reach", 35, 25.5, 8, tool.Grip{Line: 0, Point: -1}},
		{"beyond an end", 5, 20.5, 4, tool.Grip{Line: -1, Point: -1}},
	} {
		if got := tool.GripAt(lines, tool.Point{X: c.x, Y: c.y}, c.reach); got != c.want || got.Held() != (c.want.Line >= 0) {
			t.Errorf("%s: %+v is held, want %+v", c.what, got, c.want)
		}
	}
	if tool.GripAt(nil, tool.Point{}, 1e9).Held() {
		t.Error("something is held where there is nothing")
	}
}

// The nearest point counts, and the nearest line where no point is in reach; found here by looking
// along all lines in small steps.
func TestAPressHoldsWhatIsNearest(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var lines [][]image.Point
		for range 1 + rng.IntN(4) {
			var line []image.Point
			for range 2 + rng.IntN(3) {
				line = append(line, image.Pt(rng.IntN(120), rng.IntN(120)))
			}
			lines = append(lines, line)
		}
		p, reach := tool.Point{X: 120 * rng.Float64(), Y: 120 * rng.Float64()}, 3+12*rng.Float64()
		point, stretch := math.Inf(1), make([]float64, len(lines))
		for i, line := range lines {
			stretch[i] = math.Inf(1)
			for k := range line[1:] {
				a, b := line[k], line[k+1]
				for u := 0.0; u <= 1; u += 1. / 1024 {
					d := math.Hypot(float64(a.X)+u*float64(b.X-a.X)+0.5-p.X, float64(a.Y)+u*float64(b.Y-a.Y)+0.5-p.Y)
					stretch[i] = min(stretch[i], d)
					if u == 0 || u == 1 {
						point = min(point, d)
					}
				}
			}
		}
		g := tool.GripAt(lines, p, reach)
		switch {
		case g.Point >= 0:
			at := lines[g.Line][g.Point]
			if d := math.Hypot(float64(at.X)+0.5-p.X, float64(at.Y)+0.5-p.Y); d != point || d > reach {
				t.Errorf("a point %.2f away is held, the nearest is %.2f away, in reach are %.2f", d, point, reach)
			}
		case point <= reach:
			t.Errorf("%+v is held, and a point is %.2f away", g, point)
		default:
			nearest := math.Inf(1)
			for _, d := range stretch {
				nearest = min(nearest, d)
			}
			if g.Held() && stretch[g.Line] > nearest+0.1 || g.Held() != (nearest <= reach) && math.Abs(nearest-reach) > 0.1 {
				t.Errorf("%+v is held of lines %.2f away, in reach are %.2f", g, stretch, reach)
			}
		}
	}
}

func TestWhatIsHeldMovesWithThePointer(t *testing.T) {
	line := []image.Point{{10, 20}, {60, 20}, {60, 80}}
	from := tool.Point{X: 12, Y: 21}
	for _, c := range []struct {
		what  string
		point int
		to    tool.Point
		step  float64
		want  image.Point
	}{
		{"the line", -1, tool.Point{X: 15.4, Y: 18.6}, 0, image.Pt(3, -2)},
		{"the line, with a step", -1, tool.Point{X: 15.4, Y: 18.6}, 15, image.Pt(3, -2)},
		{"a point", 1, tool.Point{X: 2, Y: 31}, 0, image.Pt(-10, 10)},
		{"the first point, level with the second", 0, tool.Point{X: 2, Y: 23}, 15, image.Pt(-10, 0)},
		{"the last point, straight below the one before", 2, tool.Point{X: 14, Y: 41}, 15, image.Pt(0, 20)},
	} {
		if got := (tool.Grip{Line: 0, Point: c.point}).Shift(line, from, c.to, c.step); got != c.want {
			t.Errorf("%s moves by %v, want %v", c.what, got, c.want)
		}
	}
}
