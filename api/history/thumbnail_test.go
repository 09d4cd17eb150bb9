package history_test

import (
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/history"
)

func TestThumbnails(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	cache := filepath.Join(t.TempDir(), "thumbnails")
	thumbs := history.NewThumbnails(s, cache)
	if err := thumbs.Sweep(); err != nil {
		t.Fatalf("nothing to sweep: %v", err)
	}
	e := entry("large", 1)
	e.Canvas = plain(600, 9)
	id := do(t, s, e, nil)
	item, err := s.Item(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // made, then from the cache
		img, err := thumbs.Get(item.Canvas)
		if err != nil {
			t.Fatal(err)
		}
		if img.Rect.Dx() != history.ThumbnailSide || img.NRGBAAt(5, 5).R != 9 {
			t.Errorf("the thumbnail is %v, %v", img.Rect, img.NRGBAAt(5, 5))
		}
	}
	path := filepath.Join(cache, item.Canvas+".png")
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := thumbs.Get(item.Canvas); err != nil {
		t.Errorf("a damaged thumbnail is not made again: %v", err)
	}
	if _, err := thumbs.Get("0000"); err == nil {
		t.Error("there is a thumbnail of nothing")
	}
	if err := thumbs.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("swept what is still wanted: %v", err)
	}
	if err := s.Delete(id); err != nil {
		t.Fatal(err)
	}
	if err := thumbs.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the thumbnail of a deleted picture stays: %v", err)
	}
}
