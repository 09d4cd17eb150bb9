package main

import (
	"image"
	"strings"
	"testing"
)

// The letters of a blind sheet stand for what its key says, and their order depends on the
// task's name alone.
func TestBlindSheetsHideWhatMadeAResult(t *testing.T) {
	names := []string{"variant 0, pieces", "variant 1, patches", "G'MIC matchpatch", "OpenCV shiftmap"}
	pictures := map[*image.NRGBA]string{}
	fresh := func() (tiles []tile) {
		for _, name := range names {
			img := image.NewNRGBA(image.Rect(0, 0, 1, 1))
			pictures[img] = name
			tiles = append(tiles, tile{name, img})
		}
		return tiles
	}
	orders := map[string]bool{}
	for _, task := range []string{"bottle", "fir", "peak", "plank", "sun", "path"} {
		tiles, again := fresh(), fresh()
		key := hide(task, tiles)
		if hide(task, again) != key {
			t.Errorf("%s: another order the second time", task)
		}
		orders[key] = true
		for i, tile := range tiles {
			if want := string(rune('A' + i)); tile.name != want {
				t.Errorf("%s: tile %d is named %s", task, i, tile.name)
			}
			if !strings.Contains(key, "  "+tile.name+": "+pictures[tile.img]) {
				t.Errorf("%s: the key %q doesn't tell that %s is %s", task, key, tile.name, pictures[tile.img])
			}
		}
	}
	if len(orders) < 3 {
		t.Errorf("6 tasks have only %d orders", len(orders))
	}
}
