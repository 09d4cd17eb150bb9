package mask

import (
	"image"
	"math"
	"slices"
	"sync"

	"golang.org/x/image/vector"
)

// Rectangle returns a mask of a size that covers the rectangle between two
// opposite corners, antialiased where they lie within pixels.
func Rectangle(size image.Point, a, b Point) *Mask {
	return Polygon(size, []Point{a, {b.X, a.Y}, b, {a.X, b.Y}})
}

// Ellipse returns a mask of a size that covers the ellipse that fills the
// rectangle between two opposite corners, antialiased.
func Ellipse(size image.Point, a, b Point) *Mask { return Polygon(size, EllipsePoints(a, b)) }

// EllipsePoints returns the corners of a polygon that is never further than a
// fiftieth of a pixel from the ellipse that fills the rectangle between two
// opposite corners.
func EllipsePoints(a, b Point) []Point {
	centre := a.to(b, 0.5)
	rx, ry := math.Abs(b.X-a.X)/2, math.Abs(b.Y-a.Y)/2
	// An arc of an angle w is r(1-cos(w/2)), about rw²/8, away from its chord.
	n := int(math.Ceil(2 * math.Pi / math.Sqrt(8*0.02/max(rx, ry, 1))))
	n = min(max(n, 16), 1<<14)
	points := make([]Point, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = Point{centre.X + rx*cos, centre.Y + ry*sin}
	}
	return points
}

// Polygon returns a mask of a size that covers the polygon with the given
// corners, closed from the last to the first and antialiased. Corners may lie
// outside the mask. What the outline goes around more often one way than the
// other is inside (the nonzero rule), so loops within loops are filled. Corners
// that are not numbers are left out.
//
// Only tiles that the outline crosses are rasterised, so large shapes cost
// little more than small ones.
func Polygon(size image.Point, corners []Point) *Mask {
	p := make(polygon, 0, len(corners))
	for _, c := range corners {
		if !math.IsNaN(c.X) && !math.IsNaN(c.Y) {
			p = append(p, Point{min(max(c.X, -farthest), farthest), min(max(c.Y, -farthest), farthest)})
		}
	}
	if len(p) < 3 {
		return newMask(size)
	}
	return build(size, p.bounds(), func(r int, row []*Tile) { p.fillRow(size, r, row) })
}

// rasters keeps rasterisers for the next shapes: a shape that is being drawn is
// rasterised with every move of the pointer.
var rasters = sync.Pool{New: func() any { return vector.NewRasterizer(TileSize, TileSize) }}

// polygon is a closed line: from each corner to the next, and back to the first.
type polygon []Point

// bounds returns the rectangle of all pixels that the polygon reaches.
func (p polygon) bounds() image.Rectangle {
	low, high := p[0], p[0]
	for _, c := range p {
		low = Point{min(low.X, c.X), min(low.Y, c.Y)}
		high = Point{max(high.X, c.X), max(high.Y, c.Y)}
	}
	return image.Rect(int(math.Floor(low.X)), int(math.Floor(low.Y)), int(math.Ceil(high.X)), int(math.Ceil(high.Y)))
}

// edges calls do for every edge that isn't a point.
func (p polygon) edges(do func(a, b Point)) {
	last := p[len(p)-1]
	for _, c := range p {
		if c != last {
			do(last, c)
		}
		last = c
	}
}

func (p polygon) fillRow(size image.Point, r int, row []*Tile) {
	top, bottom := float64(r*TileSize), float64((r+1)*TileSize)
	crossed := p.crossed(top, bottom, len(row))
	inside := p.insideAt((top+bottom)/2, len(row))
	band := p.clip(func(c Point) float64 { return c.Y - (top - 1) }).
		clip(func(c Point) float64 { return (bottom + 1) - c.Y })
	empty := newMask(size)
	raster := rasters.Get().(*vector.Rasterizer)
	defer rasters.Put(raster)
	for c := range row {
		switch {
		case crossed[c]:
			row[c] = band.tile(raster, c, r, empty.square(c, r))
		case inside[c]:
			row[c] = empty.inverted(c, r)
		}
	}
}

// crossed reports in which of the tiles between two heights there is any of the
// outline.
func (p polygon) crossed(top, bottom float64, cols int) []bool {
	crossed := make([]bool, cols)
	p.edges(func(a, b Point) {
		if a.Y > b.Y {
			a, b = b, a
		}
		if b.Y < top || a.Y > bottom {
			return
		}
		from, to := a, b
		if a.Y < top {
			from = a.to(b, (top-a.Y)/(b.Y-a.Y))
		}
		if b.Y > bottom {
			to = a.to(b, (bottom-a.Y)/(b.Y-a.Y))
		}
		const slack = 1.0 / 64 // for rounding
		first := math.Floor((min(from.X, to.X) - slack) / TileSize)
		last := math.Floor((max(from.X, to.X) + slack) / TileSize)
		for c := max(int(first), 0); c <= min(int(last), cols-1); c++ {
			crossed[c] = true
		}
	})
	return crossed
}

// insideAt reports which tiles' middles, at a height y, are inside.
func (p polygon) insideAt(y float64, cols int) []bool {
	type crossing struct {
		x float64
		d int
	}
	var crossings []crossing
	p.edges(func(a, b Point) {
		if (a.Y <= y) == (b.Y <= y) {
			return
		}
		d := 1
		if a.Y > b.Y {
			d = -1
		}
		crossings = append(crossings, crossing{a.to(b, (y-a.Y)/(b.Y-a.Y)).X, d})
	})
	slices.SortFunc(crossings, func(a, b crossing) int {
		if a.x < b.x {
			return -1
		}
		return 1
	})
	inside := make([]bool, cols)
	winding, next := 0, 0
	for c := range inside {
		middle := (float64(c) + 0.5) * TileSize
		for ; next < len(crossings) && crossings[next].x < middle; next++ {
			winding += crossings[next].d
		}
		inside[c] = winding != 0
	}
	return inside
}

// clip returns the part of the polygon where distance is not negative, with
// the border as an edge wherever there was more (Sutherland, Hodgman: Reentrant
// Polygon Clipping, 1974). distance must be linear.
func (p polygon) clip(distance func(Point) float64) polygon {
	if len(p) == 0 {
		return nil
	}
	out := make(polygon, 0, len(p)+2)
	last := p[len(p)-1]
	before := distance(last)
	for _, c := range p {
		d := distance(c)
		if (d < 0) != (before < 0) {
			out = append(out, last.to(c, before/(before-d)))
		}
		if d >= 0 {
			out = append(out, c)
		}
		last, before = c, d
	}
	return out
}

// tile rasterises the tile at a column and row, and cuts it to the pixels of s.
func (p polygon) tile(raster *vector.Rasterizer, col, row int, s image.Rectangle) *Tile {
	left, top := float64(col*TileSize), float64(row*TileSize)
	p = p.clip(func(c Point) float64 { return c.X - (left - 1) }).
		clip(func(c Point) float64 { return (left + TileSize + 1) - c.X })
	if len(p) < 3 {
		return nil
	}
	whole := image.Rect(0, 0, TileSize, TileSize)
	raster.Reset(TileSize, TileSize)
	last := p[len(p)-1]
	raster.MoveTo(float32(last.X-left), float32(last.Y-top))
	for _, c := range p {
		// The rasteriser cuts x to a 512th of a pixel with every row, so long
		// edges would drift. Short ones don't get far.
		n := max(1, int(math.Abs(c.Y-last.Y)/4))
		for i := range n {
			q := last.to(c, float64(i+1)/float64(n))
			raster.LineTo(float32(q.X-left), float32(q.Y-top))
		}
		last = c
	}
	raster.ClosePath()
	t := new(Tile)
	raster.Draw(&image.Alpha{Pix: t[:], Stride: TileSize, Rect: whole}, whole, image.Opaque, image.Point{})
	if s.Dx() < TileSize {
		for y := range s.Dy() {
			clear(t[y*TileSize+s.Dx() : (y+1)*TileSize])
		}
	}
	clear(t[s.Dy()*TileSize:])
	return t
}
