package mask_test

import (
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// random returns a mask of blobs, hard and soft, for tests.
func random(rng *rand.Rand, w, h int) *mask.Mask {
	e := mask.New(w, h).Edit()
	for range 1 + rng.IntN(6) {
		b := mask.Brush{Size: 1 + rng.Float64()*float64(max(w, h))/2, Hardness: rng.Float64()}
		e.Dab(b, rng.Float64()*float64(w), rng.Float64()*float64(h))
	}
	return e.Mask()
}

// TestSoak does random things to masks, holds on to many of them and checks in
// the end that none has changed, and that none of them breaks the rules for
// tiles: no tile of zeros, nothing outside the mask.
func TestSoak(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 1))
	type kept struct {
		m    *mask.Mask
		copy *image.Alpha
	}
	var all []kept
	size := image.Pt(230, 150)
	m := mask.New(size.X, size.Y)
	for range 1000 {
		m = randomStep(rng, m)
		if m.Size() != size {
			t.Fatalf("the mask became %v", m.Size())
		}
		if len(all) < 300 || rng.IntN(20) == 0 {
			k := kept{m, m.Alpha(m.Bounds())}
			if len(all) < 300 {
				all = append(all, k)
			} else {
				all[rng.IntN(len(all))] = k
			}
		}
		checkTiles(t, m)
		if m.Area() > 0.9*230*150 || rng.IntN(50) == 0 { // not always all
			m = all[rng.IntN(len(all))].m
		}
	}
	for _, k := range all {
		if !mask.FromAlpha(k.copy, size).Equal(k.m) {
			t.Fatal("a mask changed after it was published")
		}
	}
}

func randomStep(rng *rand.Rand, m *mask.Mask) *mask.Mask {
	size := m.Size()
	at := func() mask.Point {
		return mask.Point{X: rng.Float64()*300 - 35, Y: rng.Float64()*220 - 35}
	}
	switch rng.IntN(14) {
	case 0:
		return m.Invert()
	case 1:
		return m.Grow(rng.IntN(6))
	case 2:
		return m.Shrink(rng.IntN(9))
	case 3:
		return m.Feather(rng.Float64() * 20)
	case 4:
		return m.FillHoles()
	case 5:
		return mask.Union(m, mask.Ellipse(size, at(), at()))
	case 6:
		return mask.Subtract(m, mask.Polygon(size, []mask.Point{at(), at(), at(), at()}))
	case 7:
		return mask.Intersect(m, mask.Rectangle(size, at(), at()))
	case 8:
		by := image.Pt(rng.IntN(60)-30, rng.IntN(60)-30)
		return m.Resized(size.Add(image.Pt(9, 9)), by).Resized(size, image.Pt(-4, 3))
	case 9:
		return mask.FromAlpha(m.Alpha(image.Rect(10, 10, 200, 400)), size)
	}
	s := mask.NewStroke(m, mask.Brush{Size: 1 + rng.Float64()*80, Hardness: rng.Float64()}, rng.IntN(3) == 0)
	for range 1 + rng.IntN(6) {
		p := at()
		s.Add(p.X, p.Y)
		if rng.IntN(4) == 0 {
			s.Corner()
		}
		if rng.IntN(2) == 0 {
			s.Mask()
		}
	}
	return s.Mask()
}

// checkTiles checks what is promised of tiles.
func checkTiles(t *testing.T, m *mask.Mask) {
	t.Helper()
	cols, rows := m.Grid()
	size := m.Size()
	for row := range rows {
		for col := range cols {
			tile := m.Tile(col, row)
			if tile == nil {
				continue
			}
			if *tile == (mask.Tile{}) {
				t.Fatalf("tile (%d, %d) is all zero and not nil", col, row)
			}
			for i, v := range tile {
				if v != 0 && (col*mask.TileSize+i%mask.TileSize >= size.X || row*mask.TileSize+i/mask.TileSize >= size.Y) {
					t.Fatalf("tile (%d, %d) has coverage outside the mask", col, row)
				}
			}
		}
	}
}

// TestEditor writes to tiles as other packages may.
func TestEditor(t *testing.T) {
	first := mask.New(200, 100)
	e := first.Edit()
	if e.Mask() != first {
		t.Error("an unchanged editor published another mask")
	}
	e.Writable(3, 1)[5] = 77
	if got := e.Dirty(); !got.Eq(image.Rect(192, 64, 200, 100)) {
		t.Errorf("dirty is %v", got)
	}
	second := e.Mask()
	e.Writable(3, 1)[5] = 0
	third := e.Mask()
	if first.At(197, 64) != 0 || second.At(197, 64) != 77 || third.At(197, 64) != 0 {
		t.Error("a published mask changed")
	}
	if !third.Empty() || second.Empty() || !e.Dirty().Empty() {
		t.Error("tiles of zeros were kept, or the dirty rectangle was")
	}
	if second.Tile(0, 0) != nil || second.At(-1, 3) != 0 || second.At(200, 3) != 0 {
		t.Error("coverage from nowhere")
	}
}
