package document

import (
	"image"
	"iter"

	"overpaint.dev/overpaint/editor/mask"
)

// shows reports whether the result may show within r.
func (r *Result) shows(rect image.Rectangle) bool {
	rect = rect.Intersect(r.inside())
	return !rect.Empty() && r.Visible() && anyTile(r.shownWeight(), rect)
}

// looksAs reports whether two results certainly look the same within r, over what looks the
// same.
func (r *Result) looksAs(o *Result, rect image.Rectangle) bool {
	return r == o || r.sameBut(o) && sameTiles(r.weight, o.weight, rect) && sameMix(r, o, rect)
}

// sameBut reports whether two results look the same except for their masks and mixes.
func (r *Result) sameBut(o *Result) bool {
	return r.learned == o.learned && r.kept == o.kept && r.Visible() == o.Visible() &&
		opacity256(r.Blend.Opacity) == opacity256(o.Blend.Opacity) && r.Variant() == o.Variant() && r.inside() == o.inside()
}

func sameMix(a, b *Result, rect image.Rectangle) bool {
	for i := range max(len(a.Mix), len(b.Mix)) {
		if i != a.Chosen && !sameTiles(a.mixOf(i), b.mixOf(i), rect) {
			return false
		}
	}
	return true
}

// Same reports whether two states certainly look the same within r, whatever their masks. It
// compares what they share and no pixels, so that equal pixels computed twice count as
// different.
func (s *State) Same(o *State, r image.Rectangle) bool {
	if s == o {
		return true
	}
	if s.Base != o.Base || s.Size != o.Size || s.Offset != o.Offset {
		return false
	}
	a, b := s.Results, o.Results
	for {
		for len(a) > 0 && !a[0].shows(r) {
			a = a[1:]
		}
		for len(b) > 0 && !b[0].shows(r) {
			b = b[1:]
		}
		if len(a) == 0 || len(b) == 0 {
			return len(a) == len(b)
		}
		if !a[0].looksAs(b[0], r) {
			return false
		}
		a, b = a[1:], b[1:]
	}
}

// Difference returns a rectangle of canvas pixels that holds all in which the
// looks of two states of the same canvas differ, whatever their masks.
func (s *State) Difference(o *State) image.Rectangle {
	if s.Base != o.Base || s.Size != o.Size || s.Offset != o.Offset {
		return s.Bounds().Union(o.Bounds())
	}
	var dirty image.Rectangle
	before, after := map[ID]int{}, map[ID]int{}
	for i, r := range s.Results {
		before[r.ID] = i
	}
	for i, r := range o.Results {
		after[r.ID] = i
		if j, ok := before[r.ID]; ok {
			dirty = dirty.Union(difference(s.Results[j], r))
		} else {
			dirty = dirty.Union(shown(r))
		}
	}
	for i, r := range s.Results {
		to, ok := after[r.ID]
		if !ok {
			dirty = dirty.Union(shown(r))
			continue
		}
		// Those that were below it and are above it now.
		for _, below := range s.Results[:i] {
			if j, ok := after[below.ID]; ok && j > to {
				dirty = dirty.Union(shown(below).Intersect(shown(r)))
			}
		}
	}
	return dirty
}

// shown returns the rectangle in which a result shows.
func shown(r *Result) image.Rectangle {
	if !r.Visible() {
		return image.Rectangle{}
	}
	return r.shownWeight().Bounding()
}

// difference returns a rectangle that holds all in which two versions of a result look
// different.
func difference(a, b *Result) image.Rectangle {
	switch {
	case a == b:
		return image.Rectangle{}
	case !a.sameBut(b):
		return shown(a).Union(shown(b))
	case !a.Visible():
		return image.Rectangle{}
	}
	dirty := tilesApart(a.weight, b.weight)
	for i := range max(len(a.Mix), len(b.Mix)) {
		if i != a.Chosen {
			dirty = dirty.Union(tilesApart(a.mixOf(i), b.mixOf(i)).Intersect(a.inside()))
		}
	}
	return dirty
}

// tilesApart returns a rectangle that holds all in which two masks differ; nil stands for no
// mask.
func tilesApart(a, b *mask.Mask) image.Rectangle {
	switch {
	case a == b:
		return image.Rectangle{}
	case a == nil:
		return b.Bounding()
	case b == nil:
		return a.Bounding()
	}
	return mask.Diff(a, b)
}

// Tiles returns an iterator over the columns and rows, in a grid of a side that
// is a multiple of mask.TileSize, of the squares in which the result may show.
func (r *Result) Tiles(side int) iter.Seq[image.Point] {
	return func(yield func(image.Point) bool) {
		g := blocks(r.inside(), image.Point{}, side)
		for row := g.Min.Y; row < g.Max.Y; row++ {
			for col := g.Min.X; col < g.Max.X; col++ {
				square := image.Rect(col*side, row*side, (col+1)*side, (row+1)*side)
				if r.shows(square) && !yield(image.Pt(col, row)) {
					return
				}
			}
		}
	}
}
