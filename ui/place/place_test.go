package place_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/ui/place"
)

func TestAWindowIsKeptOnTheScreen(t *testing.T) {
	screen := image.Pt(3840, 2160)
	for _, c := range []struct {
		at, size, want image.Point
		ok             bool
	}{
		{image.Pt(300, 200), image.Pt(1280, 800), image.Pt(300, 200), true},
		{image.Pt(1501, 1120), image.Pt(2560, 1280), image.Pt(1280, 880), true}, // kept at half the scale
		{image.Pt(-200, 10), image.Pt(1280, 800), image.Pt(0, 10), true},
		{image.Pt(100, 100), image.Pt(5000, 3000), image.Pt(0, 0), true},
		{image.Pt(5000, 300), image.Pt(1280, 800), image.Pt(5000, 300), false},
		{image.Pt(300, -400), image.Pt(1280, 800), image.Pt(300, -400), false},
	} {
		if got, ok := place.Within(c.at, c.size, screen); got != c.want || ok != c.ok {
			t.Errorf("%v at %v: %v, %v; want %v, %v", c.size, c.at, got, ok, c.want, c.ok)
		}
	}
}
