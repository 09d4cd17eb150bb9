package document

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

// The bounds of a history.
const (
	defaultSteps = 1000
	defaultBytes = 512 << 20
)

// never is a position that no history has.
const never = -1

// entry is one step: the states before and after it, which share all that the
// step left alone with each other and with the states of the other steps.
type entry struct {
	id            int64
	name          string
	dirty         image.Rectangle
	before, after *State
	bytes         int64 // the memory that after doesn't share with before
}

func newEntry(name string, before, after *State, dirty image.Rectangle) *entry {
	return &entry{
		name: name, dirty: dirty, before: before, after: after,
		bytes: maskBytes(before.Mask, after.Mask) + resultBytes(before.Results, after.Results) + linesBytes(before.Lines, after.Lines),
	}
}

// empty reports whether the step changed nothing.
func (e *entry) empty() bool {
	return !e.resized() && e.before.Mask == e.after.Mask && slices.Equal(e.before.Results, e.after.Results) && sameLines(e.before.Lines, e.after.Lines)
}

// resized reports whether the canvas has another size or everything has moved.
func (e *entry) resized() bool {
	return e.before.Size != e.after.Size || e.before.Offset != e.after.Offset
}

// resultBytes returns the bytes that the results after a step hold and do not share with those
// before it.
func resultBytes(before, after []*Result) int64 {
	n := int64(0)
	for i, r := range after {
		if i < len(before) && r == before[i] || slices.Contains(before, r) {
			continue
		}
		var old *Result
		if i := slices.IndexFunc(before, func(b *Result) bool { return b.ID == r.ID }); i >= 0 {
			old = before[i]
		}
		n += r.bytes(old)
	}
	return n
}

// bytes returns the memory that r holds and does not share with old, unless that is nil.
// Decoded pixels belong to the cache.
func (r *Result) bytes(old *Result) int64 {
	n := int64(0)
	for _, v := range r.Variants {
		if old == nil || !slices.Contains(old.Variants, v) {
			n += int64(len(v.Encoded()))
		}
	}
	if r.kept != nil && (old == nil || old.kept == nil || old.kept.blob != r.kept.blob) {
		n += int64(len(r.kept.blob.data))
	}
	if old == nil {
		// The mask of a new result was counted at the steps that painted it.
		return n + maskBytes(nil, r.weight) + r.learned.bytes()
	}
	n += maskBytes(old.weight, r.weight) + maskBytes(old.Mask, r.Mask)
	if r.full != r.weight {
		n += maskBytes(old.full, r.full)
	}
	for _, pair := range [...]struct{ before, after *mask.Mask }{{old.Erased, r.Erased}, {old.Limit, r.Limit}, {old.Drawn, r.Drawn}} {
		if pair.after != nil {
			n += maskBytes(pair.before, pair.after)
		}
	}
	for i, m := range r.Mix {
		if m != nil {
			n += maskBytes(old.mixOf(i), m)
		}
	}
	if old.learned != r.learned {
		n += r.learned.bytes()
	}
	return n
}

// solid is the tile of full coverage that all masks share.
var solid = mask.All(image.Pt(mask.TileSize, mask.TileSize)).Tile(0, 0)

// maskBytes returns the bytes of those tiles of a mask that the one before it
// does not share, and of the rows of pointers to them.
func maskBytes(before, after *mask.Mask) int64 {
	if before == after {
		return 0
	}
	same := before != nil && before.Size() == after.Size()
	n := int64(0)
	cols, rows := after.Grid()
	const pointer = 8
	for row := range rows {
		changed := false
		for col := range cols {
			t := after.Tile(col, row)
			if same && t == before.Tile(col, row) {
				continue
			}
			changed = true
			if t != nil && t != solid {
				n += int64(len(t))
			}
		}
		if changed {
			n += int64(cols) * pointer
		}
	}
	return n + int64(rows)*3*pointer
}

// history is the list of steps and the current position in it. Each tile or variant counts
// once, at the step that brought it.
type history struct {
	entries  []*entry
	done     int   // entries[:done] are made, the rest undone
	base     int64 // the position before the first entry
	last     int64 // the latest id given
	saved    int64
	bytes    int64
	maxSteps int
	maxBytes int64
}

func newHistory() history { return history{maxSteps: defaultSteps, maxBytes: defaultBytes} }

// position returns the ID of the last step made.
func (h *history) position() int64 {
	if h.done == 0 {
		return h.base
	}
	return h.entries[h.done-1].id
}

// push adds a step, drops those that were undone, and returns how many old steps it dropped.
func (h *history) push(e *entry) int {
	for _, gone := range h.entries[h.done:] {
		h.bytes -= gone.bytes
	}
	clear(h.entries[h.done:])
	h.last++
	e.id = h.last
	h.entries = append(h.entries[:h.done], e)
	h.done++
	h.bytes += e.bytes
	return h.trim()
}

// trim drops the oldest steps until the bounds hold and returns how many. It
// drops only steps that can be undone, and never the latest of these.
func (h *history) trim() int {
	n, bytes := 0, h.bytes
	for n < h.done-1 && (len(h.entries)-n > h.maxSteps || bytes > h.maxBytes) {
		bytes -= h.entries[n].bytes
		n++
	}
	if n > 0 {
		h.base, h.bytes = h.entries[n-1].id, bytes
		h.entries = slices.Delete(h.entries, 0, n)
		h.done -= n
	}
	return n
}

// back undoes the last step and returns it, nil where there is none.
func (h *history) back() (*State, *entry) {
	if h.done == 0 {
		return nil, nil
	}
	h.done--
	return h.entries[h.done].before, h.entries[h.done]
}

// forward redoes the next step and returns it, nil where there is none.
func (h *history) forward() (*State, *entry) {
	if h.done == len(h.entries) {
		return nil, nil
	}
	h.done++
	return h.entries[h.done-1].after, h.entries[h.done-1]
}

func (h *history) undoName() (string, bool) {
	if h.done == 0 {
		return "", false
	}
	return h.entries[h.done-1].name, true
}

func (h *history) redoName() (string, bool) {
	if h.done == len(h.entries) {
		return "", false
	}
	return h.entries[h.done].name, true
}
