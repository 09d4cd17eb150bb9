package region

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// The bounds of tiles.
const (
	// MostBlown is the factor, along one side, beyond which enlarging an answer is worse than
	// the price of tiles.
	MostBlown = 1.5
	// MaxTiles is the most tiles of an edit: where more would be needed, they are enlarged
	// more.
	MaxTiles = 36
	// shared is the least fraction of its side by which a tile overlaps the next one.
	shared = 0.25
)

// Blown returns the factor, along one side, by which an answer of the size that is sent is
// enlarged to the window.
func (p Plan) Blown() float64 { return float64(p.Window.Dx()) / float64(p.Send.X) }

// NewTiles divides a mask into parts to be edited one after the other, so that no
// answer is enlarged more than MostBlown times; one part where a single window
// does. Their windows overlap by a quarter at least, and each part is what the windows before it
// left of the mask within its own: so a window shows what its neighbours have become. They are
// ordered so that each shows as much as can be of what is known by then, those at the picture
// first. Every pixel of the mask is in one part, and in its window. A window that the
// person has drawn stays one. The error is ErrEmptyMask or nil.
func NewTiles(m *mask.Mask, l Limits, o Options) ([]Spot, error) {
	p, err := NewPlan(m, l, o)
	if err != nil || !o.Window.Empty() || p.Blown() <= MostBlown {
		return []Spot{{m, p}}, err
	}
	canvas := image.Rectangle{Max: m.Size()}
	t := newTiling(m.Bounding(), canvas, l, o)
	if t.count() <= 1 {
		return []Spot{{m, p}}, nil
	}
	windows := t.ordered(m)
	left := m
	var tiles []Spot
	for _, w := range windows {
		inner := oblong(m.Size(), taken(w, canvas, o.Grow))
		part := mask.Intersect(left, inner)
		if part.Empty() {
			continue
		}
		left = mask.Subtract(left, inner)
		o.Window = w
		tiles = append(tiles, Spot{part, planBox(part.Bounding(), m.Size(), l, o)})
	}
	return tiles, nil
}

// taken is what of a window may be edited: but for the rim, by which the mask is grown, at
// edges that lie within the canvas.
func taken(w, canvas image.Rectangle, grow int) image.Rectangle {
	r := w.Inset(max(grow, 0))
	if w.Min.X <= canvas.Min.X {
		r.Min.X = canvas.Min.X
	}
	if w.Min.Y <= canvas.Min.Y {
		r.Min.Y = canvas.Min.Y
	}
	if w.Max.X >= canvas.Max.X {
		r.Max.X = canvas.Max.X
	}
	if w.Max.Y >= canvas.Max.Y {
		r.Max.Y = canvas.Max.Y
	}
	return r
}

// tiling is windows of one size in columns and rows.
type tiling struct {
	canvas     image.Rectangle
	extent     image.Rectangle // what they cover: the mask's box, with something around it
	size       image.Point
	cols, rows int
}

func (t tiling) count() int { return t.cols * t.rows }

// newTiling chooses, of the shapes that the limits allow, the one of which there are fewest windows.
func newTiling(box, canvas image.Rectangle, l Limits, o Options) (best tiling) {
	const endless = 1 << 24
	for blown := MostBlown; ; blown *= 1.1 {
		for _, s := range l.shapes(o.Size) {
			send := s.send(image.Pt(endless, endless), l)
			scale := min(blown, float64(canvas.Dx())/float64(send.X), float64(canvas.Dy())/float64(send.Y))
			t := tilingOf(box, canvas, send, scale)
			if best.count() == 0 || t.count() < best.count() || t.count() == best.count() && area(t.size) < area(best.size) {
				best = t
			}
		}
		if best.count() <= MaxTiles {
			return best
		}
		best = tiling{}
	}
}

// tilingOf lays windows, sent at a size and at most scale times as large, over a box and what is around
// it. They are no larger than their number makes necessary, nor than they are sent.
func tilingOf(box, canvas image.Rectangle, send image.Point, scale float64) tiling {
	sized := func(k float64) image.Point {
		return image.Pt(max(int(float64(send.X)*k), 1), max(int(float64(send.Y)*k), 1))
	}
	t := tiling{canvas: canvas, size: sized(scale)}
	around := max(margin, max(t.size.X, t.size.Y)/8)
	t.extent = box.Inset(-around).Intersect(canvas)
	t.cols, t.rows = tilesAlong(t.extent.Dx(), t.size.X), tilesAlong(t.extent.Dy(), t.size.Y)
	needed := func(length, n int) float64 { return math.Ceil(float64(length)/(1+(1-shared)*float64(n-1))) + 1 }
	k := max(needed(t.extent.Dx(), t.cols)/float64(send.X), needed(t.extent.Dy(), t.rows)/float64(send.Y))
	t.size = sized(min(max(k, 1), scale))
	return t
}

// tilesAlong is how many windows of a width cover a length, with what they share.
func tilesAlong(length, width int) int {
	if length <= width {
		return 1
	}
	return 1 + int(math.Ceil(float64(length-width)/((1-shared)*float64(width))))
}

// window returns the window in a column and row.
func (t tiling) window(col, row int) image.Rectangle {
	at := func(i, n, from, to, width, canvas int) int {
		if n == 1 {
			from, n = (from+to-width)/2, 2
			to = from + width
		}
		v := from + i*(to-from-width)/(n-1)
		return max(min(v, canvas-width), 0)
	}
	p := image.Pt(at(col, t.cols, t.extent.Min.X, t.extent.Max.X, t.size.X, t.canvas.Dx()), at(row, t.rows, t.extent.Min.Y, t.extent.Max.Y, t.size.Y, t.canvas.Dy()))
	return image.Rectangle{Min: p, Max: p.Add(t.size)}
}

// ordered returns the windows that hold something of the mask: next is always the one that shows
// most that is known, by the picture or by those before it.
func (t tiling) ordered(m *mask.Mask) (list []image.Rectangle) {
	type one struct {
		at    image.Rectangle
		known int
	}
	var open []one
	for i := range t.count() {
		w := t.window(i%t.cols, i/t.cols)
		if covered := coveredIn(m, w); covered > 0 {
			open = append(open, one{w, area(w.Intersect(t.canvas).Size()) - covered})
		}
	}
	for len(open) > 0 {
		best := 0
		for i := range open {
			if open[i].known > open[best].known {
				best = i
			}
		}
		next := open[best]
		list = append(list, next.at)
		open = append(open[:best], open[best+1:]...)
		for i := range open { // what both show is known now; what three show counts more than once
			both := open[i].at.Intersect(next.at)
			open[i].known += coveredIn(m, both)
		}
	}
	return list
}

// coveredIn counts the pixels of a rectangle that a mask covers at all.
func coveredIn(m *mask.Mask, r image.Rectangle) (n int) {
	a := m.Alpha(m.Bounding().Intersect(r))
	for _, v := range a.Pix {
		if v != 0 {
			n++
		}
	}
	return n
}
