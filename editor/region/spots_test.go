package region_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// boxes is a mask of rectangles.
func boxes(size image.Point, list ...image.Rectangle) *mask.Mask {
	m := mask.New(size.X, size.Y)
	for _, r := range list {
		m = mask.Union(m, rectangle(size, r))
	}
	return m
}

func spots(t *testing.T, m *mask.Mask, l region.Limits, each bool) []region.Spot {
	t.Helper()
	list, err := region.NewSpots(m, l, region.DefaultOptions(), each)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSpots(t *testing.T) {
	size := image.Pt(4000, 3000)
	one, far, near := image.Rect(100, 100, 160, 160), image.Rect(3800, 2800, 3860, 2860), image.Rect(300, 180, 360, 240)
	for _, c := range []struct {
		name   string
		mask   *mask.Mask
		limits region.Limits
		each   bool
		want   int
	}{
		{"opposite corners", boxes(size, one, far), classic, false, 2},
		{"side by side", boxes(size, one, near), classic, false, 1},
		{"side by side, each alone", boxes(size, one, near), classic, true, 2},
		{"two and one", boxes(size, one, near, far), classic, false, 2},
		{"one island", boxes(size, one), classic, true, 1},
		{"the built-in engine, far apart", boxes(size, one, far), region.Limits{}, false, 2},
		{"the built-in engine, side by side", boxes(size, one, near), region.Limits{}, false, 1},
		{"what is small in a large mask", boxes(size, image.Rect(200, 200, 3800, 2500), image.Rect(3900, 2900, 3950, 2950)), classic, false, 2},
	} {
		list := spots(t, c.mask, c.limits, c.each)
		if len(list) != c.want {
			t.Errorf("%s: %d windows, want %d", c.name, len(list), c.want)
		}
	}
	// Two spots in opposite corners go out as sharp as one alone.
	for _, s := range spots(t, boxes(size, one, far), classic, false) {
		if s.Plan.Window.Dx() != 512 || s.Plan.Send.X != 1024 {
			t.Errorf("a spot goes out as %+v", s.Plan)
		}
	}
	if _, err := region.NewSpots(mask.New(9, 9), classic, region.DefaultOptions(), false); !errors.Is(err, region.ErrEmptyMask) {
		t.Error("an empty mask")
	}
	// A frame that was drawn is one window.
	o := region.DefaultOptions()
	o.Window = image.Rect(0, 0, 4000, 3000)
	if list, err := region.NewSpots(boxes(size, one, far), classic, o, false); err != nil || len(list) != 1 {
		t.Errorf("a drawn window: %d spots, %v", len(list), err)
	}
	// Very many specks are few windows.
	rnd := rand.New(rand.NewPCG(1, 9))
	m := image.NewAlpha(image.Rectangle{Max: size})
	for range 3000 {
		m.Pix[rnd.IntN(len(m.Pix))] = 255
	}
	if list := spots(t, mask.FromAlpha(m, size), classic, true); len(list) > region.MaxSpots || len(list) < 2 {
		t.Errorf("%d windows for specks", len(list))
	}
}

// TestSpotsKeepTheirPromises tries random masks: the parts are the mask, each lies in
// its window, and none loses resolution for company.
func TestSpotsKeepTheirPromises(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	limits := []region.Limits{classic, gptImage, free16, {}}
	for range 150 {
		size := image.Pt(200+rnd.IntN(4000), 200+rnd.IntN(3000))
		var list []image.Rectangle
		for range 1 + rnd.IntN(6) {
			at := image.Pt(rnd.IntN(size.X-8), rnd.IntN(size.Y-8))
			list = append(list, image.Rectangle{Min: at, Max: at.Add(image.Pt(1+rnd.IntN(300), 1+rnd.IntN(300)))}.Intersect(image.Rectangle{Max: size}))
		}
		m, l := boxes(size, list...), limits[rnd.IntN(len(limits))]
		got := spots(t, m, l, rnd.IntN(3) == 0)
		all := mask.New(size.X, size.Y)
		for _, s := range got {
			if !s.Mask.Bounding().In(s.Plan.Window) {
				t.Fatalf("the mask %v reaches out of the window %v", s.Mask.Bounding(), s.Plan.Window)
			}
			if !mask.Intersect(all, s.Mask).Empty() {
				t.Fatal("a pixel is in two spots")
			}
			all = mask.Union(all, s.Mask)
			for _, r := range list {
				if part := boxes(size, r); mask.Intersect(part, s.Mask).Empty() || len(got) == region.MaxSpots {
					continue
				}
				alone := scaleOf(plan(t, boxes(size, hanging(r, list)), l, region.DefaultOptions()))
				if scale := scaleOf(s.Plan); scale < 0.9*alone-1e-9 {
					t.Fatalf("%v goes out at %.3f, alone at %.3f", r, scale, alone)
				}
			}
		}
		if !all.Equal(m) {
			t.Fatal("the spots are not the mask")
		}
	}
}

func scaleOf(p region.Plan) float64 { return min(1, float64(p.Send.X)/float64(p.Window.Dx())) }

// hanging returns the box of all rectangles connected to one, as squares of 16 pixels.
func hanging(r image.Rectangle, list []image.Rectangle) image.Rectangle {
	cells := func(r image.Rectangle) image.Rectangle {
		return image.Rect(r.Min.X/16-1, r.Min.Y/16-1, (r.Max.X-1)/16+2, (r.Max.Y-1)/16+2)
	}
	in := map[image.Rectangle]bool{r: true}
	for grown := true; grown; {
		grown = false
		for _, o := range list {
			for k := range in {
				inner := cells(o)
				inner = image.Rectangle{Min: inner.Min.Add(image.Pt(1, 1)), Max: inner.Max.Sub(image.Pt(1, 1))}
				if !in[o] && cells(k).Overlaps(inner) {
					in[o], grown = true, true
					break
				}
			}
		}
	}
	var box image.Rectangle
	for k := range in {
		box = box.Union(k)
	}
	return box
}

// TestSpotsAreAsFewAsCanBe compares with a search of all ways to divide a few islands.
func TestSpotsAreAsFewAsCanBe(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	more, tried := 0, 0
	for range 60 {
		size := image.Pt(1500+rnd.IntN(2500), 1000+rnd.IntN(2000))
		var list []image.Rectangle
		for len(list) < 2+rnd.IntN(4) {
			at := image.Pt(rnd.IntN(size.X-200), rnd.IntN(size.Y-200))
			r := image.Rectangle{Min: at, Max: at.Add(image.Pt(20+rnd.IntN(150), 20+rnd.IntN(150)))}
			apart := true
			for _, o := range list {
				apart = apart && !o.Inset(-40).Overlaps(r)
			}
			if apart {
				list = append(list, r)
			}
		}
		got, fewest := len(spots(t, boxes(size, list...), classic, false)), len(list)
		divisions(len(list), func(of []int, n int) {
			if n < fewest && allowed(t, size, list, of, n) {
				fewest = n
			}
		})
		tried++
		if got > fewest {
			more++
		}
		if got < fewest || got > fewest+1 {
			t.Fatalf("%v: %d windows, the fewest are %d", list, got, fewest)
		}
	}
	if more*10 > tried {
		t.Errorf("%d of %d have more windows than need be", more, tried)
	}
}

// divisions calls do for all ways to divide n things; of is the group of each.
func divisions(n int, do func(of []int, groups int)) {
	of := make([]int, n)
	var next func(i, groups int)
	next = func(i, groups int) {
		if i == n {
			do(of, groups)
			return
		}
		for g := range groups + 1 {
			of[i] = g
			next(i+1, max(groups, g+1))
		}
	}
	next(0, 0)
}

// allowed reports that in no group any rectangle loses resolution.
func allowed(t *testing.T, size image.Point, list []image.Rectangle, of []int, groups int) bool {
	t.Helper()
	for g := range groups {
		var box image.Rectangle
		for i, r := range list {
			if of[i] == g {
				box = box.Union(r)
			}
		}
		joint := scaleOf(plan(t, boxes(size, box), classic, region.DefaultOptions()))
		for i, r := range list {
			if of[i] == g && joint <= 0.9*scaleOf(plan(t, boxes(size, r), classic, region.DefaultOptions())) {
				return false
			}
		}
	}
	return true
}
