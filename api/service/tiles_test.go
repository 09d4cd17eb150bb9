package service_test

import (
	"image"
	"testing"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// wide is a document with a mask that is too large for one answer of 256 pixels.
func wide() *document.State {
	pix := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for i := range pix.Pix {
		pix.Pix[i] = []uint8{90, 120, uint8(i / 3600), 255}[i%4]
	}
	s := document.NewState(&picture.Picture{Pix: pix})
	return s.WithMask(mask.Rectangle(s.Size, mask.Point{X: 200, Y: 0}, mask.Point{X: 900, Y: 300}))
}

// TestTilesShowWhatTheirNeighboursBecame answers each tile with another grey.
func TestTilesShowWhatTheirNeighboursBecame(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	c := choices(3)
	c.Size = image.Pt(256, 256)
	tiles, err := b.PrepareTiles(t.Context(), wide(), c)
	if err != nil || tiles.Left() < 3 || len(tiles.Windows()) != tiles.Left() {
		t.Fatalf("%d tiles, %v", tiles.Left(), err)
	}
	n := tiles.Left()
	if tiles.Cost().Amount != int64(n)*20_000 {
		t.Errorf("%d tiles cost %+v", n, tiles.Cost())
	}
	for i := 0; tiles.Draft() != nil; i++ {
		j := tiles.Draft().Job
		if r := j.Request(); r.N != 1 {
			t.Fatalf("tile %d asks for %d variants", i, r.N)
		}
		if i > 0 { // the one before it is in the picture
			sent := j.Request().Image
			seen := false
			for k := 0; k < len(sent.Pix); k += 4 {
				seen = seen || sent.Pix[k] > 150
			}
			if !seen {
				t.Errorf("tile %d does not show the one before it", i)
			}
		}
		white := image.NewNRGBA(image.Rectangle{Max: j.Plan().Send})
		for k := range white.Pix {
			white.Pix[k] = 255
		}
		v, err := j.Variant(api.Answer{Image: white})
		if err != nil {
			t.Fatal(err)
		}
		if err := tiles.Came(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	end := tiles.State()
	if len(end.Results) != n || tiles.Left() != 0 || tiles.Covered().At(880, 150) != 255 || tiles.Covered().At(100, 150) != 0 {
		t.Errorf("%d results, %d left", len(end.Results), tiles.Left())
	}
	if p := end.Flatten().NRGBAAt(600, 150); p.R < 150 {
		t.Errorf("in the middle is %v", p)
	}
	// Where one answer does there is one tile.
	if one, err := b.PrepareTiles(t.Context(), state(), choices(1)); err != nil || one.Left() != 1 {
		t.Errorf("%d tiles for a small mask, %v", one.Left(), err)
	}
}
