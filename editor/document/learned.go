package document

import (
	"image"
	"sync"

	"overpaint.dev/overpaint/editor/grain"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// learned holds the corrections of a result's answers, computed for each variant when it is
// first shown. It is shared by all versions of a result that agree in everything that it
// depends on.
type learned struct {
	plan   region.Plan
	canvas image.Rectangle
	sent   *mask.Mask
	blend  region.Blend
	area   image.Rectangle // the pixels that it is measured on
	below  *State          // with the results that show there alone
	grains int             // how many pieces of an answer may get grain, at most

	mu sync.Mutex
	by map[blobID]*correction
}

type correction struct {
	once sync.Once
	made *region.Correction
}

// learnedBy returns the part of a blend that the corrections depend on.
func learnedBy(b region.Blend) region.Blend {
	by := region.Blend{Match: b.Match, Seam: b.Seam, Feather: b.Feather, Align: b.Align, KeepMore: b.KeepMore, Sharpen: b.Sharpen, Grain: b.Grain}
	if b.KeepMore {
		by.Counts = b.Counts
	}
	return by
}

func newLearned(r *Result, s *State) *learned {
	l := &learned{plan: r.Plan, canvas: r.Canvas, sent: r.asked(), blend: learnedBy(r.Blend), by: map[blobID]*correction{}}
	if l.blend.Grain {
		for _, v := range r.Variants {
			l.grains = max(l.grains, region.Enlarged(v.pieces(r.Plan)))
		}
	}
	if l.blend.Learns() {
		l.area = r.Plan.LearnRect(r.Canvas, r.Sent)
	}
	l.below = &State{Base: s.Base, Size: s.Size, Offset: s.Offset, Results: s.over(l.area)}
	return l
}

// holds reports whether s looks the same as the state that the corrections were computed from.
func (l *learned) holds(s *State) bool { return l.below.Same(s, l.area) }

// of returns the correction of a variant; fitted are its pixels in the window.
func (l *learned) of(v *Variant, fitted *image.NRGBA) *region.Correction {
	l.mu.Lock()
	c := l.by[v.blob.id]
	if c == nil {
		c = new(correction)
		l.by[v.blob.id] = c
	}
	l.mu.Unlock()
	c.once.Do(func() {
		known := l.canvas
		if l.blend.Align {
			known = known.Intersect(l.plan.Known(v.Motion))
		}
		c.made = l.plan.Learn(l.below, known, l.sent, fitted, v.pieces(l.plan), l.blend)
	})
	return c.made
}

// bytes estimates the memory of one variant's correction.
func (l *learned) bytes() int64 {
	const cube, cell = 40 << 10, 12
	n := cube + cell*area(l.area)/64
	return n + int64(l.grains)*grain.Bytes
}

// kept is how a result looked when it was saved. It is shown until the result or its
// surroundings change, so that a project looks the same in a version of the program that
// blends differently.
type kept struct {
	at     image.Point // of the pixels' top-left pixel
	blob   *blob
	weight *mask.Mask // opacity included
}

// moved returns the saved look on a canvas of another size, moved by an offset.
func (k *kept) moved(size, by image.Point) *kept {
	if k == nil {
		return nil
	}
	return &kept{at: k.at.Add(by), blob: k.blob, weight: k.weight.Resized(size, by)}
}

// pixels returns the pixels in their place, nil where they cannot be decoded.
func (k *kept) pixels() *image.NRGBA { return placed(k.blob.pixels(), k.at) }

// placed returns a picture with its top-left pixel at a place; nil for nil.
func placed(img *image.NRGBA, at image.Point) *image.NRGBA {
	if img == nil {
		return nil
	}
	out := *img
	out.Rect = image.Rectangle{Min: at, Max: at.Add(img.Rect.Size())}
	return &out
}
