package region_test

import (
	"image"
	"reflect"
	"testing"

	"overpaint.dev/overpaint/editor/region"
)

// A window shows guide lines in its own pixels, scaled as it is sent.
func TestLinesOfAWindow(t *testing.T) {
	window := image.Rect(100, 50, 300, 250)
	cases := []struct {
		name string
		send image.Point
		line []image.Point
		want []image.Point
	}{
		{"moved", image.Pt(200, 200), []image.Point{{100, 50}, {299, 249}}, []image.Point{{0, 0}, {199, 199}}},
		{"halved", image.Pt(100, 100), []image.Point{{100, 50}, {299, 249}}, []image.Point{{0, 0}, {99, 99}}},
		{"doubled", image.Pt(400, 400), []image.Point{{100, 50}, {110, 60}}, []image.Point{{1, 1}, {21, 21}}},
		{"reaching over its edges", image.Pt(200, 200), []image.Point{{0, 150}, {400, 160}}, []image.Point{{-100, 100}, {300, 110}}},
		{"beyond the edge, rounded down", image.Pt(100, 100), []image.Point{{99, 50}, {101, 50}}, []image.Point{{-1, 0}, {0, 0}}},
		{"elsewhere", image.Pt(200, 200), []image.Point{{0, 0}, {90, 300}}, nil},
		{"one pixel once it is sent", image.Pt(2, 2), []image.Point{{110, 60}, {120, 70}}, nil},
		{"with repeated points", image.Pt(200, 200), []image.Point{{110, 60}, {110, 60}, {120, 60}}, []image.Point{{10, 10}, {20, 10}}},
		{"a single point", image.Pt(200, 200), []image.Point{{110, 60}}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var want [][]image.Point
			if c.want != nil {
				want = [][]image.Point{c.want}
			}
			got := region.Plan{Window: window, Send: c.send}.Lines([][]image.Point{c.line})
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%v became %v, not %v", c.line, got, want)
			}
		})
	}
}
