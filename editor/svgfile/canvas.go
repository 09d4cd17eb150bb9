package svgfile

import (
	"image"
	"math"
)

// canvas is a picture that is painted on, and the part of it that was.
type canvas struct {
	img   *image.RGBA
	dirty image.Rectangle
}

func newCanvas(size image.Point) *canvas {
	return &canvas{img: image.NewRGBA(image.Rectangle{Max: size})}
}

// clear makes what was painted transparent again.
func (c *canvas) clear() {
	for y := c.dirty.Min.Y; y < c.dirty.Max.Y; y++ {
		clear(c.row(c.dirty, y))
	}
	c.dirty = image.Rectangle{}
}

// row returns the bytes of a row within a part.
func (c *canvas) row(r image.Rectangle, y int) []uint8 {
	return c.img.Pix[c.img.PixOffset(r.Min.X, y) : c.img.PixOffset(r.Max.X-1, y)+4]
}

// edge is a line of an outline, in pixels.
type edge struct{ x0, y0, x1, y1 float64 }

// area adds up how much of each pixel an outline covers: each edge changes the cover of the
// pixels in its rows that are right of it, so that sums along the rows are the cover.
type area struct {
	w, h  int
	cover []float32 // rows of w+2
}

// reset makes the area empty, of a size in pixels.
func (a *area) reset(w, h int) {
	a.w, a.h = w, h
	n := (w + 2) * h
	if cap(a.cover) < n {
		a.cover = make([]float32, n)
	}
	a.cover = a.cover[:n]
	clear(a.cover)
}

// add takes in an edge.
func (a *area) add(e edge) {
	sign := 1.0
	if e.y0 > e.y1 {
		sign = -1
		e = edge{e.x1, e.y1, e.x0, e.y0}
	}
	top, bottom := max(e.y0, 0), min(e.y1, float64(a.h))
	if !(top < bottom) {
		return
	}
	slope := (e.x1 - e.x0) / (e.y1 - e.y0)
	inside := func(y float64) float64 { return min(max(e.x0+(y-e.y0)*slope, 0), float64(a.w)) }
	from := inside(top)
	for y := int(top); y < a.h && float64(y) < bottom; y++ {
		end := min(float64(y+1), bottom)
		to := inside(end)
		row := a.cover[y*(a.w+2):][:a.w+2]
		spread(row, min(from, to), max(from, to), sign*(end-max(top, float64(y))))
		from = to
	}
}

// spread adds to a row what a piece of an edge between two places changes: by d in all.
func spread(row []float32, x0, x1, d float64) {
	first, last := int(x0), int(math.Ceil(x1))
	if last <= first+1 {
		right := d * ((x0+x1)/2 - float64(first))
		row[first] += float32(d - right)
		row[first+1] += float32(right)
		return
	}
	// Up to x the piece has taken away a triangle of each pixel that it has passed.
	steep, before := d/(x1-x0), 0.0
	for x := first; x < last; x++ {
		a, b := max(x0, float64(x)), min(x1, float64(x+1))
		covered := steep * ((b-a)*(float64(x+1)-(a+b)/2) + (a-x0)*1)
		row[x] += float32(covered - before)
		before = covered
	}
	row[last] += float32(d - before)
}

// values brings what covers a row to 0 to 255 by the rule of the outline.
func (a *area) values(dst []uint8, y int, evenOdd bool) {
	sum := float32(0)
	for x, v := range a.cover[y*(a.w+2):][:a.w] {
		sum += v
		c := sum
		if c < 0 {
			c = -c
		}
		if evenOdd {
			if c -= 2 * float32(int(c/2)); c > 1 {
				c = 2 - c
			}
		}
		dst[x] = uint8(min(c, 1)*255 + 0.5)
	}
}

// source gives the colours that are painted with.
type source interface {
	// colours writes those of pixels from (x, y) on to the right, multiplied by alpha.
	colours(dst []uint8, x, y int)
}

// over paints colours over a row, as much as alpha says.
func over(dst, src, alpha []uint8) {
	for i, a := range alpha {
		if a == 0 {
			continue
		}
		s, d := src[4*i:4*i+4:4*i+4], dst[4*i:4*i+4:4*i+4]
		m := uint32(a)
		left := 255*255 - m*uint32(s[3])
		for k := range d {
			d[k] = uint8((m*uint32(s[k])*255 + left*uint32(d[k]) + 255*255/2) / (255 * 255))
		}
	}
}

// fill paints an outline.
func (r *renderer) fill(edges []edge, bounds box, evenOdd bool, with source, each int64) {
	part := image.Rect(floor(bounds.x0), floor(bounds.y0), floor(bounds.x1)+1, floor(bounds.y1)+1).Intersect(r.to.img.Rect)
	if part.Empty() || with == nil {
		return
	}
	w, h := part.Dx(), part.Dy()
	r.work(each * int64(w) * int64(h))
	a := &r.area
	a.reset(w, h)
	x, y := float64(part.Min.X), float64(part.Min.Y)
	for _, e := range edges {
		a.add(edge{e.x0 - x, e.y0 - y, e.x1 - x, e.y1 - y})
	}
	alpha, colours := make([]uint8, w), make([]uint8, 4*w)
	for y := range h {
		a.values(alpha, y, evenOdd)
		with.colours(colours, part.Min.X, part.Min.Y+y)
		over(r.to.row(part, part.Min.Y+y), colours, alpha)
	}
	r.to.dirty = r.to.dirty.Union(part)
}

// floor rounds down, to numbers that a picture may have.
func floor(v float64) int {
	const far = 1 << 24
	return int(math.Floor(min(max(v, -far), far)))
}
