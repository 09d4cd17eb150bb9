package service_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
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

// TestTilesCountThemselves goes through the tiles of a document that changes beneath them.
func TestTilesCountThemselves(t *testing.T) {
	c := choices(3)
	c.Size, c.Spots = image.Pt(256, 256), job.SpotsTiles
	s := wide()
	tiles, err := service.PlanTiles(s, api.Builtin(), c)
	if err != nil || tiles.Count() < 3 || tiles.At() != 0 || tiles.Left() != tiles.Count() || tiles.Size() != s.Size {
		t.Fatalf("%d tiles, %v", tiles.Left(), err)
	}
	n := tiles.Count()
	left := s.Mask
	for i := range n {
		o := tiles.Submission(service.Submission{OverCap: true})
		if tiles.At() != i || tiles.Left() != n-i || o.More != n-i-1 || o.Hold != tiles.Hold() || !o.OverCap {
			t.Errorf("tile %d: number %d, %d left, %+v", i, tiles.At(), tiles.Left(), o)
		}
		of, own := tiles.Of(s)
		if own.N != 1 || own.Spots != "" || own.Region.Window != tiles.Windows()[i] {
			t.Errorf("tile %d is prepared by %+v", i, own)
		}
		left = mask.Subtract(left, of.Mask)
		if more := tiles.Next(); more != (i < n-1) {
			t.Errorf("another one after tile %d: %v", i, more)
		}
	}
	if !left.Empty() || tiles.Left() != 0 || tiles.Next() || tiles.At() != n {
		t.Errorf("in the end %v of the mask and %d tiles are left", left.Area(), tiles.Left())
	}
	one, err := service.PlanTiles(state(), api.Builtin(), c)
	if err != nil || one.Count() != 1 {
		t.Fatalf("%d tiles for a small mask, %v", one.Count(), err)
	}
	if of, own := one.Of(state()); own.N != 1 || own.Spots != "" || of.Mask.Area() != state().Mask.Area() {
		t.Errorf("one tile is prepared by %+v", own)
	}
	if _, err := service.PlanTiles(document.NewState(wide().Base), api.Builtin(), c); err == nil {
		t.Error("nothing is masked, and tiles are made")
	}
}
