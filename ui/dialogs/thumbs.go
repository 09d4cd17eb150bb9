package dialogs

import (
	"image"
	"slices"
)

// maxThumbs is how many thumbnails a dialog keeps in memory.
const maxThumbs = 400

// thumbs loads thumbnails one by one, the one requested last first, so that what has just
// become visible is there soonest.
type thumbs struct {
	// load passes a thumbnail, or nil, to tell, later and on Fyne's goroutine.
	load func(hash string, tell func(image.Image))
	// arrived is called with the key of a thumbnail once it is there.
	arrived func(hash string)

	known  map[string]image.Image // nil where there is none to be had
	wanted []string
	busy   bool
}

// get returns a thumbnail, or nil and requests it.
func (t *thumbs) get(hash string) image.Image {
	if hash == "" {
		return nil
	}
	if img, ok := t.known[hash]; ok {
		return img
	}
	t.wanted = append(slices.DeleteFunc(t.wanted, func(h string) bool { return h == hash }), hash)
	t.next()
	return nil
}

func (t *thumbs) next() {
	if t.busy || len(t.wanted) == 0 {
		return
	}
	last := len(t.wanted) - 1
	hash := t.wanted[last]
	t.wanted = t.wanted[:last]
	t.busy = true
	t.load(hash, func(img image.Image) {
		t.busy = false
		if t.known == nil || len(t.known) >= maxThumbs {
			t.known = map[string]image.Image{}
		}
		t.known[hash] = img
		t.arrived(hash)
		t.next()
	})
}
