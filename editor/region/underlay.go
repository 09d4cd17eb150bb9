package region

import "image"

// underlay gives what is wholly transparent of a picture the colour of the nearest
// pixel that isn't, for servers that drop the alpha channel and would show
// black. Alpha stays as it is.
func underlay(img *image.NRGBA) {
	n := nearest{w: img.Rect.Dx(), h: img.Rect.Dy()}
	if !n.begin(img) {
		return
	}
	for y := range n.h {
		n.sweep(y, y-1)
	}
	for y := n.h - 2; y >= 0; y-- {
		n.sweep(y, y+1)
	}
	for i, from := range n.from {
		if img.Pix[4*i+3] == 0 {
			copy(img.Pix[4*i:4*i+3], img.Pix[4*int(from):])
		}
	}
}

// nearest finds the nearest pixel that shows anything, by vectors that neighbours
// pass on (Danielsson, "Euclidean Distance Mapping", 1980): exact but for a fraction
// of a pixel.
type nearest struct {
	w, h int
	from []int32 // the index of the nearest one, -1 where none is known yet
}

// begin starts from what shows; false where that is all, or nothing.
func (n *nearest) begin(img *image.NRGBA) bool {
	shown := 0
	for i := range n.w * n.h {
		if img.Pix[4*i+3] != 0 {
			shown++
		}
	}
	if shown == 0 || shown == n.w*n.h {
		return false
	}
	n.from = make([]int32, n.w*n.h)
	for i := range n.from {
		if n.from[i] = int32(i); img.Pix[4*i+3] == 0 {
			n.from[i] = -1
		}
	}
	return true
}

// sweep takes over into a row what is known in another one, then along it both ways.
func (n *nearest) sweep(y, other int) {
	if other >= 0 && other < n.h {
		for x := range n.w {
			for dx := -1; dx <= 1; dx++ {
				if x+dx >= 0 && x+dx < n.w {
					n.take(x, y, n.from[other*n.w+x+dx])
				}
			}
		}
	}
	for x := 1; x < n.w; x++ {
		n.take(x, y, n.from[y*n.w+x-1])
	}
	for x := n.w - 2; x >= 0; x-- {
		n.take(x, y, n.from[y*n.w+x+1])
	}
}

// take takes a candidate over where it is nearer.
func (n *nearest) take(x, y int, candidate int32) {
	at := &n.from[y*n.w+x]
	if candidate >= 0 && (*at < 0 || n.away(x, y, candidate) < n.away(x, y, *at)) {
		*at = candidate
	}
}

func (n *nearest) away(x, y int, i int32) int {
	dx, dy := int(i)%n.w-x, int(i)/n.w-y
	return dx*dx + dy*dy
}

// padding calls do for the runs of pixels, as they are sent, that lie outside a canvas
// of a size: what is mirrored there is to be kept.
func (p Plan) padding(size image.Point, do func(y, x0, x1 int)) {
	inside := p.inside(size).Sub(p.Window.Min)
	if inside.Size() == p.Window.Size() {
		return
	}
	w := p.Window.Size()
	// Pixels by their middles.
	edge := func(v, send, window int) int { return (2*v*send + window) / (2 * window) }
	x0, x1 := edge(inside.Min.X, p.Send.X, w.X), edge(inside.Max.X, p.Send.X, w.X)
	y0, y1 := edge(inside.Min.Y, p.Send.Y, w.Y), edge(inside.Max.Y, p.Send.Y, w.Y)
	for y := range p.Send.Y {
		if y < y0 || y >= y1 {
			do(y, 0, p.Send.X)
			continue
		}
		do(y, 0, x0)
		do(y, x1, p.Send.X)
	}
}
