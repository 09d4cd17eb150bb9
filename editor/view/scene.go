package view

import (
	"image"
	"slices"

	"overpaint/editor/document"
	"overpaint/editor/picture"
)

// islandAlign is the grid that islands lie on: a sample of any level that the
// view uses (at MinScale it is level 5) lies either wholly inside an island or
// wholly outside.
const islandAlign = 64

// Scene is the picture of one document state, made ready to be drawn: a pyramid
// of the canvas without patches, and over it islands, small pyramids of the
// places that patches cover. A Scene is immutable and any goroutine may read it;
// it must not be drawn after pixels of its picture were written to.
type Scene struct {
	size    image.Point
	base    *picture.Pyramid
	of      *picture.Picture
	offset  image.Point
	islands []island
}

// An island is the flattened picture inside rect, in canvas pixels.
type island struct {
	rect    image.Rectangle
	patches []*document.Patch // those that reach into rect
	pyramid *picture.Pyramid
}

// NewScene makes a state ready to be drawn. What it shares with prev, which may
// be nil, is taken from there. It may take as long as reading the whole picture
// a few times, so call it on a worker goroutine when the picture, the canvas or
// a patch has changed; a state that differs in its mask alone costs nothing.
func NewScene(st *document.State, prev *Scene) *Scene {
	s := &Scene{size: st.Size, of: st.Base, offset: st.Offset}
	var old []island
	if prev != nil && prev.of == st.Base && prev.offset == st.Offset && prev.size == st.Size {
		s.base, old = prev.base, prev.islands
	} else {
		bare := &document.State{Base: st.Base, Size: st.Size, Offset: st.Offset, Mask: st.Mask}
		s.base = picture.NewPyramid(bare.Flatten())
	}
	for _, r := range islandRects(st) {
		s.islands = append(s.islands, newIsland(st, r, old))
	}
	return s
}

// Size returns the size of the canvas in pixels.
func (s *Scene) Size() image.Point { return s.size }

// islandRects returns rectangles that cover all patches, on the grid, none
// overlapping another.
func islandRects(st *document.State) []image.Rectangle {
	var rects []image.Rectangle
	for _, p := range st.Patches {
		r := alignOut(p.Layer.Rect).Intersect(image.Rectangle{Max: st.Size})
		if r.Empty() {
			continue
		}
		// Growing over a neighbour can bring it into touch with a further one.
		for i := 0; i < len(rects); i++ {
			if rects[i].Overlaps(r) {
				r = r.Union(rects[i])
				rects = slices.Delete(rects, i, i+1)
				i = -1
			}
		}
		rects = append(rects, r)
	}
	return rects
}

func alignOut(r image.Rectangle) image.Rectangle {
	down := func(v int) int { return v &^ (islandAlign - 1) }
	return image.Rect(down(r.Min.X), down(r.Min.Y), down(r.Max.X+islandAlign-1), down(r.Max.Y+islandAlign-1))
}

func newIsland(st *document.State, r image.Rectangle, old []island) island {
	fresh := island{rect: r}
	for _, p := range st.Patches {
		if p.Layer.Rect.Overlaps(r) {
			fresh.patches = append(fresh.patches, p)
		}
	}
	for _, o := range old {
		if o.rect == r && slices.Equal(o.patches, fresh.patches) {
			return o
		}
	}
	// The pyramid starts at (0, 0), whatever bounds the pixels came with.
	pix := *st.Pixels(r)
	pix.Rect = image.Rectangle{Max: r.Size()}
	fresh.pyramid = picture.NewPyramid(&pix)
	return fresh
}

// changed returns the rectangle of canvas pixels in which two scenes may differ.
func (s *Scene) changed(o *Scene) image.Rectangle {
	if s == o {
		return image.Rectangle{}
	}
	if s == nil || o == nil || s.base != o.base {
		var r image.Rectangle
		for _, t := range []*Scene{s, o} {
			if t != nil {
				r = r.Union(image.Rectangle{Max: t.size})
			}
		}
		return r
	}
	var r image.Rectangle
	for _, pair := range [2][2]*Scene{{s, o}, {o, s}} {
		for _, i := range pair[0].islands {
			if !slices.ContainsFunc(pair[1].islands, func(j island) bool { return i.pyramid == j.pyramid }) {
				r = r.Union(i.rect)
			}
		}
	}
	return r
}

// bare returns the scene without its patches.
func (s *Scene) bare() *Scene {
	if s == nil || len(s.islands) == 0 {
		return s
	}
	c := *s
	c.islands = nil
	return &c
}

// levelSize returns the size of a level in samples.
func (s *Scene) levelSize(k int) image.Point { return s.base.Level(k).Rect.Size() }

// row returns row y of level k as straight RGBA bytes, of which the samples
// lo..hi-1, indexed from the canvas's left edge, are valid; past the level's
// right edge they are zero. The bytes are shared with the pyramid or lie in
// buf, which is grown as needed.
func (s *Scene) row(k, y, lo, hi int, buf *[]byte) []byte {
	level := s.base.Level(k)
	width := level.Rect.Dx()
	line := level.Pix[y*level.Stride:][:width*4]
	if hi <= width && !s.crosses(k, y) {
		return line
	}
	if need := max(hi, width) * 4; cap(*buf) < need {
		*buf = make([]byte, need)
	}
	out := (*buf)[:max(hi, width)*4]
	copy(out[lo*4:min(hi, width)*4], line[lo*4:])
	if hi > width {
		clear(out[width*4:])
	}
	for _, i := range s.islands {
		if x0, x1, ok := i.at(k, y); ok {
			level := i.pyramid.Level(k)
			from, to := max(x0, lo), min(x0+level.Rect.Dx(), x1, hi)
			if from < to {
				at := (y - i.rect.Min.Y>>k) * level.Stride
				copy(out[from*4:to*4], level.Pix[at+(from-x0)*4:])
			}
		}
	}
	return out
}

// crosses reports whether an island lies on row y of level k.
func (s *Scene) crosses(k, y int) bool {
	for _, i := range s.islands {
		if _, _, ok := i.at(k, y); ok {
			return true
		}
	}
	return false
}

// at returns the samples x0..x1-1 that the island covers of row y of level k.
func (i *island) at(k, y int) (x0, x1 int, ok bool) {
	up := func(v int) int { return (v + 1<<k - 1) >> k }
	y0, y1 := i.rect.Min.Y>>k, min(up(i.rect.Max.Y), i.rect.Min.Y>>k+i.pyramid.Level(k).Rect.Dy())
	return i.rect.Min.X >> k, up(i.rect.Max.X), y >= y0 && y < y1
}
