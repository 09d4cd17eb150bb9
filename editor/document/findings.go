package document

import (
	"context"
	"image"
	"sync"
	"weak"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/change"
	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// Findings cache what was found in the answers to an edit: which part of the window each
// shows, and what it really changed. They are computed when they are needed, for all versions
// of all results of the edit together, and stored as masks. They are safe for use by several
// goroutines.
type Findings struct {
	plan   region.Plan
	canvas image.Rectangle
	offset image.Point // of the canvas
	below  *State      // what was sent

	mu      sync.Mutex
	maps    map[mapKey]weak.Pointer[changes]
	changed map[changedKey]*changed
}

type mapKey struct {
	id    blobID
	align bool
}

type changedKey struct {
	mapKey
	counts float64
}

// changes are what an answer changed, and where.
type changes struct {
	*change.Map
	at image.Rectangle
}

// changed is a mask of changes for a value of Blend.Counts, with its share of the window.
type changed struct {
	once  sync.Once
	mask  *mask.Mask
	share float64
}

// mostChanged is how many masks are cached: dragging a slider makes many.
const mostChanged = 48

// NewFindings returns the findings of an edit of s with the window of p.
func NewFindings(s *State, p region.Plan) *Findings {
	below := *s
	below.Mask = nil
	return &Findings{
		plan: p, canvas: s.Bounds(), offset: s.Offset, below: &below,
		maps: map[mapKey]weak.Pointer[changes]{}, changed: map[changedKey]*changed{},
	}
}

// changes finds what a variant changed; nil where it cannot be decoded, and where ctx ends.
func (f *Findings) changes(ctx context.Context, v *Variant, b region.Blend) (*changes, error) {
	key := mapKey{v.blob.id, b.Align}
	f.mu.Lock()
	c := f.maps[key].Value()
	f.mu.Unlock()
	if c != nil {
		return c, nil
	}
	fitted := v.fitted(f.plan, b)
	if fitted == nil || f.plan.Window.Intersect(f.canvas).Empty() {
		return nil, ctx.Err()
	}
	m, at, err := f.plan.Changes(ctx, seen{f.below, v.blob.space}, f.canvas, fitted, v.Motion)
	if err != nil {
		return nil, err
	}
	c = &changes{m, at}
	f.mu.Lock()
	f.maps[key] = weak.Make(c)
	f.mu.Unlock()
	return c, nil
}

// seen returns the pixels of a state as they come back from a service that takes sRGB.
type seen struct {
	*State
	space *colour.Space
}

// Pixels returns the canvas within r.
func (s seen) Pixels(r image.Rectangle) *image.NRGBA {
	return s.space.Of(s.space.SRGB(s.State.Pixels(r)))
}

// of returns what a variant changed as a mask, for a value of Blend.Counts.
func (f *Findings) of(v *Variant, b region.Blend) *changed {
	key := changedKey{mapKey{v.blob.id, b.Align}, b.Counts}
	f.mu.Lock()
	c := f.changed[key]
	if c == nil {
		if len(f.changed) >= mostChanged {
			clear(f.changed)
		}
		c = new(changed)
		f.changed[key] = c
	}
	f.mu.Unlock()
	c.once.Do(func() {
		ctx := context.Background() // which never ends
		m, _ := f.changes(ctx, v, b)
		if m == nil {
			return
		}
		a, _ := m.Mask(ctx, b.Amount())
		c.share = change.Share(a)
		a.Rect = m.at
		c.mask = mask.FromAlpha(a, f.canvas.Size())
	})
	return c
}

// limit returns the most that a result of a variant may cover by its blend: with Align, only
// what the variant still shows after it moved or was cropped; with KeepMore, only what it
// really changed, unless it is a different picture. nil is no limit.
func (f *Findings) limit(v *Variant, b region.Blend) *mask.Mask {
	var most *image.Alpha
	if b.Align {
		most = f.plan.Shown(v.Motion, max(b.Feather, 0))
	}
	var changed *mask.Mask
	if b.KeepMore && v.Motion.Finding != align.Other {
		changed = f.of(v, b).mask
	}
	switch {
	case most == nil:
		return changed
	case changed != nil:
		box := changed.Bounding()
		return mask.FromAlpha(lower(changed.Alpha(box), most), f.canvas.Size())
	}
	return mask.FromAlpha(most.SubImage(f.canvas.Intersect(most.Rect)).(*image.Alpha), f.canvas.Size())
}

// lower lowers a to b, which counts as 0 outside its bounds, and returns a.
func lower(a, b *image.Alpha) *image.Alpha {
	r := a.Rect.Intersect(b.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row, most := a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()], b.Pix[b.PixOffset(r.Min.X, y):][:r.Dx()]
		for x := range row {
			row[x] = min(row[x], most[x])
		}
	}
	return a
}

// limitedBy returns the part of a blend that the limit depends on.
func limitedBy(b region.Blend) region.Blend {
	l := region.Blend{Align: b.Align, KeepMore: b.KeepMore}
	if b.Align {
		l.Feather = b.Feather
	}
	if b.KeepMore {
		l.Counts = b.Counts
	}
	return l
}

// limited sets the result's limit by its chosen variant and its blend.
func (r *Result) limited() {
	r.Limit = nil
	if r.found == nil || len(r.Variants) == 0 {
		return
	}
	if r.Limit = r.found.limit(r.Variant(), r.Blend); r.Limit != nil && (r.Limit.Size() != r.Mask.Size() || r.found.offset != r.Offset) {
		r.Limit = r.Limit.Resized(r.Mask.Size(), r.Offset.Sub(r.found.offset))
	}
}

// asked returns the mask around which the answer is corrected: what was asked for or, within
// the limit, what is used of it.
func (r *Result) asked() *mask.Mask {
	if r.Blend.KeepMore && r.Limit != nil {
		if m := mask.Intersect(r.Sent, r.Limit); !m.Empty() {
			return m
		}
	}
	return r.Sent
}

// ChangedShare returns the share of the window that the chosen variant really changed, 0 to 1,
// whether or not the result is limited to it. The first call may take some tenths of a second.
func (r *Result) ChangedShare() float64 {
	if r.found == nil {
		return 0
	}
	return r.found.of(r.Variant(), r.Blend).share
}

// Changes returns what the chosen variant really changed as a mask of the canvas, whether or
// not the result is limited to it; nil where it is unknown.
func (r *Result) Changes() *mask.Mask {
	if r.found == nil {
		return nil
	}
	m := r.found.of(r.Variant(), r.Blend).mask
	if m == nil || m.Size() == r.Mask.Size() && r.found.offset == r.Offset {
		return m
	}
	return m.Resized(r.Mask.Size(), r.Offset.Sub(r.found.offset))
}

// Hold measures what the chosen variant changed. While the returned value is referenced the
// measurement stays in memory, so that other values of Blend.Counts are cheap. It takes some
// tenths of a second; the only error is ctx's.
func (r *Result) Hold(ctx context.Context) (any, error) {
	if r.found == nil {
		return nil, ctx.Err()
	}
	return r.found.changes(ctx, r.Variant(), r.Blend)
}
