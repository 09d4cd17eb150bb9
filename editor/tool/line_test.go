package tool_test

import (
	"image"
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
)

func TestALineKeepsTheCornersOfAPath(t *testing.T) {
	var path []tool.Point
	for x := 0.0; x <= 100; x++ {
		path = append(path, tool.Point{X: x, Y: 50 + 0.3*math.Sin(x)})
	}
	for y := 50.0; y <= 120; y++ {
		path = append(path, tool.Point{X: 100, Y: y})
	}
	want := []image.Point{{0, 50}, {100, 50}, {100, 120}}
	if got := tool.Line(path, 1, 100); len(got) != 3 || got[0] != want[0] || got[2] != want[2] || got[1].Sub(want[1]).X < -1 || got[1].Sub(want[1]).Y > 1 {
		t.Errorf("a corner became %v, want about %v", got, want)
	}
}

// Of a curve no point lies further from the line than the tolerance and a pixel's half diagonal.
func TestALineFollowsACurve(t *testing.T) {
	var path []tool.Point
	for a := 0.0; a < 3; a += 0.01 {
		path = append(path, tool.Point{X: 200 + 150*math.Cos(a), Y: 200 + 150*math.Sin(a)})
	}
	const tolerance = 1.5
	line := tool.Line(path, tolerance, 1000)
	if len(line) < 8 || len(line) > 40 {
		t.Errorf("%d points of a half circle", len(line))
	}
	for _, p := range path {
		near := math.Inf(1)
		for i := range line[1:] {
			near = min(near, mask.Distance(p, tool.Point{X: float64(line[i].X) + 0.5, Y: float64(line[i].Y) + 0.5},
				tool.Point{X: float64(line[i+1].X) + 0.5, Y: float64(line[i+1].Y) + 0.5}))
		}
		if near > tolerance+math.Sqrt2/2 {
			t.Fatalf("%v lies %.2f from the line", p, near)
		}
	}
	if few := tool.Line(path, tolerance, 5); len(few) > 5 || len(few) < 2 || few[0] != line[0] || few[len(few)-1] != line[len(line)-1] {
		t.Errorf("of at most 5 points there are %v", few)
	}
}

func TestALineOfOnePixelIsNone(t *testing.T) {
	for _, path := range [][]tool.Point{nil, {{X: 1, Y: 1}}, {{X: 1.1, Y: 1.2}, {X: 1.8, Y: 1.9}}} {
		if got := tool.Line(path, 1, 10); got != nil {
			t.Errorf("%v became %v", path, got)
		}
	}
}

func TestSnapping(t *testing.T) {
	from := tool.Point{X: 10, Y: 10}
	for degrees, want := range map[float64]float64{0: 0, 7: 0, 8: 15, 14: 15, 50: 45, 53: 60, 97: 90, 98: 105, 359: 0} {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		p := tool.Snap(from, tool.Point{X: 10 + 100*cos, Y: 10 + 100*sin}, 15)
		got := math.Mod(math.Atan2(p.Y-10, p.X-10)*180/math.Pi+360.0001, 360)
		if math.Abs(got-want) > 0.01 {
			t.Errorf("%v degrees became %.2f, want %v", degrees, got, want)
		}
	}
}
