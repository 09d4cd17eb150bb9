package view

import "image"

// A region is a short list of rectangles that cover all that was added. They may overlap.
type region struct {
	rects []image.Rectangle
}

// most is the number of rectangles above which a region joins some.
const most = 8

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// add adds a rectangle, and joins it with others where that adds little area.
func (g *region) add(r image.Rectangle) {
	if r.Empty() {
		return
	}
	for i := 0; i < len(g.rects); i++ {
		o := g.rects[i]
		if u := o.Union(r); area(u) <= area(o)+area(r) || len(g.rects) >= most {
			g.rects[i] = g.rects[len(g.rects)-1]
			g.rects = g.rects[:len(g.rects)-1]
			r, i = u, -1
		}
	}
	g.rects = append(g.rects, r)
}

// move shifts the region and clips it to a rectangle.
func (g *region) move(by image.Point, to image.Rectangle) {
	old := g.rects
	g.rects = nil
	for _, r := range old {
		g.add(r.Add(by).Intersect(to))
	}
}

func (g *region) area() int {
	n := 0
	for _, r := range g.rects {
		n += area(r)
	}
	return n
}

// covers reports whether one of the rectangles contains r.
func (g *region) covers(r image.Rectangle) bool {
	for _, o := range g.rects {
		if r.In(o) {
			return true
		}
	}
	return false
}
