package region_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// border is the mask of what a picture is extended by.
func border(size image.Point, inside image.Rectangle) *mask.Mask {
	return mask.Subtract(mask.All(size), rectangle(size, inside))
}

func TestTilesProperties(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	limits := []region.Limits{
		{Square: true, Sizes: []image.Point{{X: 256, Y: 256}, {X: 512, Y: 512}, {X: 1024, Y: 1024}}},
		{Sizes: []image.Point{{X: 1024, Y: 1024}, {X: 1536, Y: 1024}, {X: 1024, Y: 1536}}},
		{Multiple: 16, MaxRatio: 3, MaxSide: 1536, MaxPixels: 1 << 20, MinPixels: 256 << 10},
		{Multiple: 64, MaxRatio: 2, MaxSide: 1024},
	}
	several := 0
	for i := range 40 {
		l := limits[i%len(limits)]
		size := image.Pt(1200+rnd.IntN(3600), 900+rnd.IntN(3000))
		var m *mask.Mask
		switch i / len(limits) % 3 {
		case 0:
			m = border(size, image.Rect(rnd.IntN(300), rnd.IntN(300), size.X/2+rnd.IntN(size.X/2), size.Y/2+rnd.IntN(size.Y/2)))
		case 1:
			m = disc(size, float64(size.X)*rnd.Float64(), float64(size.Y)*rnd.Float64(), 400+900*rnd.Float64())
		default:
			x, y := rnd.IntN(size.X/2), rnd.IntN(size.Y/2)
			m = rectangle(size, image.Rect(x, y, x+size.X/2, y+size.Y/2))
		}
		if checkTiles(t, m, l) > 1 {
			several++
		}
	}
	if several < 20 {
		t.Errorf("only %d of 40 have several tiles", several)
	}
}

// checkTiles sees that what NewTiles promises holds, and returns how many tiles there are.
func checkTiles(t *testing.T, m *mask.Mask, l region.Limits) int {
	t.Helper()
	o := region.DefaultOptions()
	tiles, err := region.NewTiles(m, l, o)
	if err != nil {
		t.Fatal(err)
	}
	canvas := image.Rectangle{Max: m.Size()}
	all, area := mask.New(m.Size().X, m.Size().Y), 0.0
	for i, tile := range tiles {
		all, area = mask.Union(all, tile.Mask), area+tile.Mask.Area()
		p := tile.Plan
		if !tile.Mask.Bounding().In(p.Window) {
			t.Errorf("tile %d: its part %v is not in its window %v", i, tile.Mask.Bounding(), p.Window)
		}
		if len(tiles) == 1 {
			continue
		}
		if p.Blown() > 1.51 && len(tiles) < region.MaxTiles/2 {
			t.Errorf("tile %d of %v is enlarged %.2f times", i, m.Size(), p.Blown())
		}
		if !taken(l, p.Send) {
			t.Errorf("tile %d is sent at %v", i, p.Send)
		}
		if i > 0 && !slices.ContainsFunc(tiles[:i], func(before region.Spot) bool {
			both := before.Plan.Window.Intersect(p.Window)
			return both.Dx()*both.Dy() >= p.Window.Dx()*p.Window.Dy()/6
		}) && known(m, p.Window.Intersect(canvas)) < 0.15 {
			t.Errorf("tile %d of %d at %v shows nothing that is known by then", i, len(tiles), p.Window)
		}
		// The same window comes of it when it is asked for, but for what rounding does.
		o.Window = p.Window
		if again, err := region.NewPlan(tile.Mask, l, o); err != nil || again.Send != p.Send || !again.Window.Inset(2).In(p.Window) || !p.Window.In(again.Window) {
			t.Errorf("tile %d is planned as %+v, then as %+v", i, p, again)
		}
	}
	if !all.Equal(m) || area > 1.000001*m.Area() {
		t.Errorf("the parts of %d tiles cover %v, the mask %v", len(tiles), area, m.Area())
	}
	return len(tiles)
}

// taken reports that limits allow a size.
func taken(l region.Limits, p image.Point) bool {
	if l.Multiple == 0 {
		return slices.Contains(l.Sizes, p)
	}
	return p.X%l.Multiple == 0 && p.Y%l.Multiple == 0 && max(p.X, p.Y) <= l.MaxSide && (l.MaxPixels == 0 || p.X*p.Y <= l.MaxPixels) && p.X*p.Y >= l.MinPixels
}

// known is which part of a rectangle the mask leaves.
func known(m *mask.Mask, r image.Rectangle) float64 {
	n := 0
	a := m.Alpha(r)
	for _, v := range a.Pix {
		if v == 0 {
			n++
		}
	}
	return float64(n) / float64(len(a.Pix))
}

func TestTilesWhereOneDoes(t *testing.T) {
	size := image.Pt(3000, 2000)
	if _, err := region.NewTiles(mask.New(100, 100), classic, region.DefaultOptions()); !errors.Is(err, region.ErrEmptyMask) {
		t.Errorf("an empty mask: %v", err)
	}
	m := disc(size, 1500, 1000, 900)
	o := region.DefaultOptions()
	for name, c := range map[string]struct {
		m *mask.Mask
		l region.Limits
		o region.Options
	}{
		"a small mask": {disc(size, 1500, 1000, 200), classic, o}, "no limits": {m, region.Limits{}, o},
		"a drawn window": {m, classic, region.Options{Window: image.Rect(500, 0, 2500, 2000)}},
	} {
		tiles, err := region.NewTiles(c.m, c.l, c.o)
		p, _ := region.NewPlan(c.m, c.l, c.o)
		if err != nil || len(tiles) != 1 || tiles[0].Plan != p || tiles[0].Mask != c.m {
			t.Errorf("%s: %d tiles, %v", name, len(tiles), err)
		}
	}
}

// The first tiles of what a picture is extended by lie at the picture.
func TestTilesBeginAtThePicture(t *testing.T) {
	size := image.Pt(4000, 1000)
	tiles, err := region.NewTiles(border(size, image.Rect(0, 0, 1200, 1000)), classic, region.DefaultOptions())
	if err != nil || len(tiles) < 3 {
		t.Fatalf("%d tiles, %v", len(tiles), err)
	}
	for i := 1; i < len(tiles); i++ {
		if a, b := tiles[i-1].Plan.Window, tiles[i].Plan.Window; b.Min.X <= a.Min.X || b.Min.X >= a.Max.X {
			t.Errorf("tile %d at %v comes after %v", i, b, a)
		}
	}
}
