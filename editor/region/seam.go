package region

import (
	"encoding/binary"
	"image"
	"math"
	"math/bits"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/parallel"
)

// Correction is what is added to an answer's colours before it is laid over
// the canvas: the match, and what the match leaves at the seam. Both are
// learnt in the ring around the mask, where answer and canvas
// show the same (keepAlike), from means over square cells: fine enough for a
// seam and too coarse for detail that resampling took from the answer.
//
// A Correction is immutable and may be applied by several goroutines.
type Correction struct {
	match *match
	cube  *cube
	seam  *field
	// details are what was lost by enlarging, of each piece; nil where none was enlarged.
	details []*detail
}

// field is a smooth plane of colour differences in levels (0 to 255), given at
// the middles of cells; between them it is interpolated linearly.
type field struct {
	origin     image.Point // of the first cell, canvas pixels
	cell       int
	cols, rows int
	v          [][3]float32
}

// ringWidth is how far from the mask, in canvas pixels, the ring reaches.
const ringWidth = 40

// maxSeam bounds a seam's correction in levels: a greater difference means
// other content, and leading it over would only leave a ghost.
const maxSeam = 48

// LearnRect returns the part of the canvas that Learn reads: the mask's box with
// the ring around it, within the window.
func (p Plan) LearnRect(canvas image.Rectangle, m *mask.Mask) image.Rectangle {
	box := m.Bounding()
	if box.Empty() {
		return image.Rectangle{}
	}
	return ringAround(box).Intersect(p.Window).Intersect(canvas)
}

// Learn finds what is to be corrected of an answer around the mask that it was
// asked for. fitted is what Fit made of it, and pieces are what it consists of; src is what
// lies below, and canvas the part of the window's surroundings that is known, in
// canvas pixels. An answer that equals the canvas needs no correction. The colours of one that was joined of several
// are right already, and are left alone. It reads src within LearnRect alone.
func (p Plan) Learn(src Source, canvas image.Rectangle, m *mask.Mask, fitted *image.NRGBA, pieces []Piece, b Blend) *Correction {
	c := &Correction{}
	area := p.LearnRect(canvas, m)
	if area.Empty() {
		return c
	}
	c.details = p.newDetails(src, area, m, fitted, pieces, b)
	if !b.Match && b.Seam <= 0 || len(pieces) > 0 && pieces[0].joined() {
		return c
	}
	ring := p.newRing(src, p.Window.Intersect(canvas), area, m.Alpha(m.Bounding().Intersect(area)), fitted)
	if len(ring.index) == 0 {
		return c
	}
	if b.Match {
		a, k := make([]lab, len(ring.index)), make([]lab, len(ring.index))
		parallel.All(len(ring.index), 128, func(from, to int) {
			for i := from; i < to; i++ {
				x, y := ring.answer[i], ring.canvas[i]
				a[i], k[i] = fromSRGB(x[0], x[1], x[2]), fromSRGB(y[0], y[1], y[2])
			}
		})
		c.match = newMatch(a, k)
	}
	parallel.Together(
		func() { c.cube = newCube(c.match) },
		func() {
			if b.Seam > 0 {
				c.seam = ring.seam(c.match, b)
			}
		},
	)
	return c
}

// Learns reports whether a blend has any correction that is learnt around the mask.
func (b Blend) Learns() bool { return b.Match || b.Seam > 0 || b.Sharpen || b.Grain }

// ring is the cells around the mask in which all pixels are known on both sides.
type ring struct {
	field
	mask   []bool    // the mask covers something of the cell
	away   []float32 // the squared distance from such a cell, in cells
	index  []int     // the ring's cells
	answer [][3]float64
	canvas [][3]float64
}

// newRing looks for the ring in an area of the canvas; inside is what there is
// of the window, and coverage the mask's within the area.
func (p Plan) newRing(src Source, inside, area image.Rectangle, coverage *image.Alpha, fitted *image.NRGBA) *ring {
	cell := 8
	if min(inside.Dx(), inside.Dy()) < 160 {
		cell = 4
	}
	g := &ring{field: field{origin: area.Min, cell: cell, cols: ceilDiv(area.Dx(), cell), rows: ceilDiv(area.Dy(), cell)}}
	g.mask = make([]bool, g.cols*g.rows)
	parallel.All(len(g.mask), 256, func(from, to int) {
		for i := from; i < to; i++ {
			g.mask[i] = anyCovered(coverage, g.square(i%g.cols, i/g.cols).Intersect(coverage.Rect))
		}
	})
	g.away = g.distance(g.mask)
	// One cell's distance keeps clear of the mask as it was sent, which is grown.
	clear := float32(max(2, ceilDiv(p.Grow+2, cell)+1))
	reach := float32(ceilDiv(ringWidth, cell) + 1)
	var near []int
	for i, d := range g.away {
		if d >= clear*clear && d <= reach*reach && g.square(i%g.cols, i/g.cols).In(area) {
			near = append(near, i)
		}
	}
	below := src.Pixels(area)
	answer, canvas, known := make([][3]float64, len(near)), make([][3]float64, len(near)), make([]bool, len(near))
	parallel.All(len(near), 128, func(from, to int) {
		for n := from; n < to; n++ {
			r := g.square(near[n]%g.cols, near[n]/g.cols)
			if answer[n], known[n] = mean(fitted, r); known[n] {
				canvas[n], known[n] = mean(below, r)
			}
		}
	})
	for n, ok := range known {
		if ok {
			g.index = append(g.index, near[n])
			g.answer = append(g.answer, answer[n])
			g.canvas = append(g.canvas, canvas[n])
		}
	}
	g.keepAlike(below, fitted)
	return g
}

func (f *field) square(col, row int) image.Rectangle {
	at := f.origin.Add(image.Pt(col*f.cell, row*f.cell))
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(f.cell, f.cell))}
}

// distance returns the squared distance in cells to the nearest cell of a set.
func (f *field) distance(set []bool) []float32 {
	d := make([]float32, len(set))
	for i, in := range set {
		if !in {
			d[i] = far
		}
	}
	lowerEnvelope(d, f.cols, f.rows)
	return d
}

func anyCovered(a *image.Alpha, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, c := range a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()] {
			if c != 0 {
				return true
			}
		}
	}
	return false
}

// mean returns the mean colour of a square of at most 8x8 pixels, with an even
// side, ok only where all of it is opaque.
func mean(img *image.NRGBA, r image.Rectangle) (c [3]float64, ok bool) {
	// Two pixels at once: of each, red and blue in one sum, green and alpha in
	// the other, in fields of 16 bits, which hold the sum of 32.
	const low, alpha = 0x00ff00ff00ff00ff, 0xff000000ff000000
	var rb, ga uint64
	opaque := ^uint64(0)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for ; len(row) >= 8; row = row[8:] {
			two := binary.LittleEndian.Uint64(row)
			rb, ga, opaque = rb+two&low, ga+two>>8&low, opaque&two
		}
	}
	if opaque&alpha != alpha {
		return c, false
	}
	sum := func(fields uint64) float64 { return float64(fields&0xffff + fields>>32&0xffff) }
	n := float64(r.Dx() * r.Dy())
	return [3]float64{sum(rb) / n, sum(ga) / n, sum(rb>>16) / n}, true
}

// seam spreads what is left of the difference in the ring as a smooth membrane
// (Perez et al., "Poisson Image Editing", 2003, section 2 with no guidance) that
// fades out within b.Seam canvas pixels inside the mask. It returns nil where
// nothing is left.
func (g *ring) seam(m *match, b Blend) *field {
	width := float64(b.Seam)
	known := make([]bool, len(g.mask))
	f := &field{origin: g.origin, cell: g.cell, cols: g.cols, rows: g.rows, v: make([][3]float32, len(g.mask))}
	needed := false
	left := g.left(m)
	for _, n := range fitting(left) {
		i := g.index[n]
		for ch, d := range left[n] {
			needed = needed || d != 0
			f.v[i][ch] = float32(min(max(d, -maxSeam), maxSeam))
		}
		known[i] = true
	}
	if !needed {
		return nil
	}
	// Cells that are deep in the mask, or where nothing changes, need none of it.
	outside := make([]bool, len(g.mask))
	for i, in := range g.mask {
		outside[i] = !in
	}
	depth := g.distance(outside)
	deep := float32(width/float64(g.cell) + 1.5)
	off := float32(ceilDiv(max(ringWidth, b.Feather), g.cell) + 2)
	// In the order of a chessboard, white before black: no cell waits for the one before it.
	open := make([]int, 0, len(depth))
	for colour := range 2 {
		for y := range g.rows {
			for x := (y + colour) & 1; x < g.cols; x += 2 {
				if i := y*g.cols + x; !known[i] && depth[i] < deep*deep && g.away[i] < off*off {
					open = append(open, i)
				}
			}
		}
	}
	f.membrane(known, open)
	for i, d2 := range depth {
		if d2 == 0 {
			continue
		}
		// Half a cell lies between the edge of the mask and the middle of a cell.
		t := min(max(1-(math.Sqrt(float64(d2))-0.5)*float64(g.cell)/width, 0), 1)
		fade := float32(t * t * (3 - 2*t))
		for ch := range 3 {
			f.v[i][ch] *= fade
		}
	}
	return f
}

// membrane fills the cells that are not known: first coarse to fine from means
// of what is known (pull and push, Gortler et al., "The Lumigraph", 1996), then
// those in open by relaxation, until each is nearly the mean of its neighbours
// that are known or open too.
func (f *field) membrane(known []bool, open []int) {
	weight := make([]float32, len(known))
	for i, k := range known {
		if k {
			weight[i] = 1
		}
	}
	f.pullPush(weight)
	part := append([]bool(nil), known...)
	for _, i := range open {
		part[i] = true
	}
	neighbours := make([][4]int, len(open))
	for n, i := range open {
		x, y := i%f.cols, i/f.cols
		at := func(ok bool, j int) int {
			if ok && part[j] {
				return j
			}
			return i
		}
		neighbours[n] = [4]int{at(x > 0, i-1), at(x < f.cols-1, i+1), at(y > 0, i-f.cols), at(y < f.rows-1, i+f.cols)}
	}
	for range 12 {
		for n, i := range open {
			v, b := &f.v[i], &neighbours[n]
			l, r, u, d := &f.v[b[0]], &f.v[b[1]], &f.v[b[2]], &f.v[b[3]]
			for ch := range 3 {
				const over = 1.5 // successive over-relaxation
				v[ch] += over * ((l[ch]+r[ch]+u[ch]+d[ch])/4 - v[ch])
			}
		}
	}
}

func (f *field) pullPush(weight []float32) {
	if f.cols <= 1 && f.rows <= 1 {
		return
	}
	half := &field{cols: (f.cols + 1) / 2, rows: (f.rows + 1) / 2}
	half.v = make([][3]float32, half.cols*half.rows)
	w := make([]float32, len(half.v))
	for y := range f.rows {
		for x := range f.cols {
			i, j := y*f.cols+x, y/2*half.cols+x/2
			w[j] += weight[i]
			for ch := range 3 {
				half.v[j][ch] += weight[i] * f.v[i][ch]
			}
		}
	}
	for j := range w {
		if w[j] > 0 {
			for ch := range 3 {
				half.v[j][ch] /= w[j]
			}
			w[j] = min(w[j], 1)
		}
	}
	half.pullPush(w)
	for y := range f.rows {
		for x := range f.cols {
			i, j := y*f.cols+x, y/2*half.cols+x/2
			for ch := range 3 {
				f.v[i][ch] = weight[i]*f.v[i][ch] + (1-weight[i])*half.v[j][ch]
			}
		}
	}
}

// line interpolates the field along one row of pixels, cell by cell.
type line struct {
	field *field
	cells []uint64 // the field at this row, packed by changes
}

func newLine(f *field) *line { return &line{field: f, cells: make([]uint64, f.cols)} }

// seek goes to a row of pixels.
func (l *line) seek(y int) {
	f := l.field
	r0, r1, ty := between((float32(y-f.origin.Y)+0.5)/float32(f.cell)-0.5, f.rows)
	above, below := f.v[r0*f.cols:][:f.cols], f.v[r1*f.cols:][:f.cols]
	for c := range l.cells {
		a, b := &above[c], &below[c]
		l.cells[c] = changes([3]int32{
			int32(unit * (a[0] + ty*(b[0]-a[0]))),
			int32(unit * (a[1] + ty*(b[1]-a[1]))),
			int32(unit * (a[2] + ty*(b[2]-a[2]))),
		})
	}
}

// slope gives the field from pixel x on: n pixels that start at v and go by
// step, both packed. Cells have a side of a power of two, so that their middles lie
// between pixels.
func (l *line) slope(x int) (v, step uint64, n int) {
	cell := l.field.cell
	shift := bits.TrailingZeros(uint(cell))
	at := x - l.field.origin.X + cell/2 // from the middle before the first cell
	c := at >> shift                    // between the middles c-1 and c
	a, b := l.cell(c-1), l.cell(c)
	skipped := at & (cell - 1)
	n = cell - skipped
	if a == b {
		for c++; c <= len(l.cells) && l.cell(c) == b; c++ {
			n += cell
		}
		return a, 0, n
	}
	step = halved(b-a, shift)
	return a + halved(b-a, shift+1) + uint64(skipped)*step, step, n
}

// cell returns the field at a cell, beyond the ends that at the end.
func (l *line) cell(c int) uint64 { return l.cells[min(max(c, 0), len(l.cells)-1)] }

// between returns the two of n middles that a position lies between, and how
// far it is from the first to the second. Beyond the ends both are the end.
func between(at float32, n int) (i, j int, t float32) {
	if at < 0 {
		return 0, 0, 0
	}
	if at >= float32(n-1) {
		return n - 1, n - 1, 0
	}
	i = int(at)
	return i, i + 1, at - float32(i)
}

// Apply writes the corrected answer to dst, where the weight is not 0; the rest
// of dst is left as it is. dst and weight have the same bounds, in canvas pixels
// and within those of fitted.
func (c *Correction) Apply(dst, fitted *image.NRGBA, weight *image.Alpha) {
	r := dst.Rect
	fitted = c.sharpened(fitted, r)
	defer c.addGrain(dst, weight)
	width := r.Dx()
	var seam *line
	if c.seam != nil {
		seam = newLine(c.seam)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		weights := weight.Pix[weight.PixOffset(r.Min.X, y):][:width]
		first, last := weighted(weights) // the rest need not be looked at
		if first >= last {
			continue
		}
		from := fitted.Pix[fitted.PixOffset(r.Min.X, y):][:4*width]
		to := dst.Pix[dst.PixOffset(r.Min.X, y):][:4*width]
		if seam == nil {
			c.run(to[4*first:4*last], from[4*first:4*last], weights[first:last], 0, 0)
			continue
		}
		seam.seek(y)
		for x := first; x < last; {
			v, step, n := seam.slope(r.Min.X + x)
			end := min(x+n, last)
			c.run(to[4*x:4*end], from[4*x:4*end], weights[x:end], v, step)
			x = end
		}
	}
}

// weighted returns from where to where a row has weights: outside all are 0.
func weighted(weight []uint8) (first, end int) {
	end = len(weight)
	for first+8 <= end && binary.LittleEndian.Uint64(weight[first:]) == 0 {
		first += 8
	}
	for end >= first+8 && binary.LittleEndian.Uint64(weight[end-8:]) == 0 {
		end -= 8
	}
	return first, end
}

// run corrects a run of pixels along which the seam is a slope.
func (c *Correction) run(dst, src, weight []uint8, v, step uint64) {
	if c.match != nil || v|step != 0 {
		c.cube.apply(dst, src, weight, v, step)
		return
	}
	for x, w := range weight {
		if w != 0 {
			copy(dst[4*x:4*x+4], src[4*x:4*x+4])
		}
	}
}
