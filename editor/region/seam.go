package region

import (
	"image"
	"math"
	"runtime"
	"sync"

	"overpaint/editor/mask"
)

// correction is what is added to an answer's colours before it is laid over
// the canvas: the match, and what the match leaves at the seam. Both are
// learnt in the ring around the mask, where answer and canvas
// should show the same, from means over square cells: fine enough for a
// seam and too coarse for detail that resampling took from the answer.
type correction struct {
	match *match
	cube  *cube
	seam  *field
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

// correction learns what to correct. All its parts are nil for an answer that equals the canvas.
func (p Plan) correction(src Source, size image.Point, m *mask.Mask, fitted *image.NRGBA, b Blend) *correction {
	c := &correction{}
	if !b.Match && b.Seam <= 0 {
		return c
	}
	ring := p.newRing(src, size, m, fitted)
	if len(ring.index) == 0 {
		return c
	}
	if b.Match {
		a, k := make([]lab, len(ring.index)), make([]lab, len(ring.index))
		for i := range ring.index {
			x, y := ring.answer[i], ring.canvas[i]
			a[i], k[i] = fromSRGB(x[0], x[1], x[2]), fromSRGB(y[0], y[1], y[2])
		}
		if c.match = newMatch(a, k); c.match != nil {
			c.cube = newCube(c.match)
		}
	}
	if b.Seam > 0 {
		c.seam = ring.seam(c.match, float64(b.Seam))
	}
	return c
}

// ring is the cells around the mask in which all pixels are known on both sides.
type ring struct {
	field
	mask   []bool // the mask covers something of the cell
	index  []int  // the ring's cells
	answer [][3]float64
	canvas [][3]float64
}

func (p Plan) newRing(src Source, size image.Point, m *mask.Mask, fitted *image.NRGBA) *ring {
	inside := p.inside(size)
	area := m.Bounding().Inset(-ringWidth - 16).Intersect(inside)
	cell := 8
	if min(inside.Dx(), inside.Dy()) < 160 {
		cell = 4
	}
	g := &ring{field: field{origin: area.Min, cell: cell, cols: ceilDiv(area.Dx(), cell), rows: ceilDiv(area.Dy(), cell)}}
	g.mask = make([]bool, g.cols*g.rows)
	coverage := m.Alpha(area)
	parallel(g.rows, func(from, to int) {
		for row := from; row < to; row++ {
			for col := range g.cols {
				g.mask[row*g.cols+col] = anyCovered(coverage, g.square(col, row).Intersect(area))
			}
		}
	})
	distance := g.distance(g.mask)
	// One cell's distance keeps clear of the mask as it was sent, which is grown.
	clear := float32(max(2, ceilDiv(p.Grow+2, cell)+1))
	reach := float32(ceilDiv(ringWidth, cell) + 1)
	below := src.Pixels(area)
	for i, d := range distance {
		if d < clear*clear || d > reach*reach {
			continue
		}
		r := g.square(i%g.cols, i/g.cols)
		if !r.In(area) {
			continue
		}
		a, ok := mean(fitted, r)
		if !ok {
			continue
		}
		k, ok := mean(below, r)
		if !ok {
			continue
		}
		g.index = append(g.index, i)
		g.answer = append(g.answer, a)
		g.canvas = append(g.canvas, k)
	}
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

// mean returns the mean colour of a square, ok only where all of it is opaque.
func mean(img *image.NRGBA, r image.Rectangle) (c [3]float64, ok bool) {
	var sum [3]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for i := 0; i < len(row); i += 4 {
			if row[i+3] != 255 {
				return c, false
			}
			sum[0] += int(row[i])
			sum[1] += int(row[i+1])
			sum[2] += int(row[i+2])
		}
	}
	n := float64(r.Dx() * r.Dy())
	return [3]float64{float64(sum[0]) / n, float64(sum[1]) / n, float64(sum[2]) / n}, true
}

// seam spreads what is left of the difference in the ring as a smooth membrane
// (Perez et al., "Poisson Image Editing", 2003, section 2 with no guidance) that
// fades out within width canvas pixels inside the mask. It returns nil where
// nothing is left.
func (g *ring) seam(m *match, width float64) *field {
	known := make([]bool, len(g.mask))
	f := &field{origin: g.origin, cell: g.cell, cols: g.cols, rows: g.rows, v: make([][3]float32, len(g.mask))}
	needed := false
	for n, i := range g.index {
		a := g.answer[n]
		if m != nil {
			a[0], a[1], a[2] = m.apply(a[0], a[1], a[2])
		}
		for ch := range 3 {
			d := g.canvas[n][ch] - a[ch]
			needed = needed || d != 0
			f.v[i][ch] = float32(min(max(d, -maxSeam), maxSeam))
		}
		known[i] = true
	}
	if !needed {
		return nil
	}
	f.membrane(known)
	outside := make([]bool, len(g.mask))
	for i, in := range g.mask {
		outside[i] = !in
	}
	for i, d2 := range g.distance(outside) {
		// Half a cell lies between the edge of the mask and the middle of a cell.
		t := 1 - (math.Sqrt(float64(d2))-0.5)*float64(g.cell)/width
		if d2 > 0 && t < 1 {
			t = max(t, 0)
			fade := float32(t * t * (3 - 2*t))
			for ch := range 3 {
				f.v[i][ch] *= fade
			}
		}
	}
	return f
}

// membrane fills the cells that are not known so that each is the mean of its
// neighbours: first coarse to fine from means of what is known (pull and
// push, Gortler et al., "The Lumigraph", 1996), then by relaxation.
func (f *field) membrane(known []bool) {
	weight := make([]float32, len(known))
	for i, k := range known {
		if k {
			weight[i] = 1
		}
	}
	f.pullPush(weight)
	for range 24 {
		for y := range f.rows {
			for x := range f.cols {
				i := y*f.cols + x
				if known[i] {
					continue
				}
				l, r, u, d := i, i, i, i
				if x > 0 {
					l--
				}
				if x < f.cols-1 {
					r++
				}
				if y > 0 {
					u -= f.cols
				}
				if y < f.rows-1 {
					d += f.cols
				}
				for ch := range 3 {
					const over = 1.5 // successive over-relaxation
					mean := (f.v[l][ch] + f.v[r][ch] + f.v[u][ch] + f.v[d][ch]) / 4
					f.v[i][ch] += over * (mean - f.v[i][ch])
				}
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

// row interpolates the field along one row of pixels from x on.
func (f *field) row(out [][3]float32, x, y int) {
	cell := float32(f.cell)
	fy := (float32(y-f.origin.Y)+0.5)/cell - 0.5
	r0 := min(max(int(math.Floor(float64(fy))), 0), f.rows-1)
	r1 := min(r0+1, f.rows-1)
	ty := min(max(fy-float32(r0), 0), 1)
	for i := range out {
		fx := (float32(x+i-f.origin.X)+0.5)/cell - 0.5
		c0 := min(max(int(math.Floor(float64(fx))), 0), f.cols-1)
		c1 := min(c0+1, f.cols-1)
		tx := min(max(fx-float32(c0), 0), 1)
		for ch := range 3 {
			a := f.v[r0*f.cols+c0][ch] + tx*(f.v[r0*f.cols+c1][ch]-f.v[r0*f.cols+c0][ch])
			b := f.v[r1*f.cols+c0][ch] + tx*(f.v[r1*f.cols+c1][ch]-f.v[r1*f.cols+c0][ch])
			out[i][ch] = a + ty*(b-a)
		}
	}
}

// render writes the corrected answer into the layer's rows from to to, where the weight is not 0.
func (c *correction) render(l Layer, fitted *image.NRGBA, from, to int) {
	width := l.Rect.Dx()
	var seam [][3]float32
	if c.seam != nil {
		seam = make([][3]float32, width)
	}
	for y := from; y < to; y++ {
		src := fitted.Pix[fitted.PixOffset(l.Rect.Min.X, y):][:4*width]
		dst := l.Pix.Pix[l.Pix.PixOffset(l.Rect.Min.X, y):][:4*width]
		weight := l.Weight.Pix[l.Weight.PixOffset(l.Rect.Min.X, y):][:width]
		if seam != nil {
			c.seam.row(seam, l.Rect.Min.X, y)
		}
		for x, w := range weight {
			if w == 0 {
				continue
			}
			s, d := src[4*x:4*x+4:4*x+4], dst[4*x:4*x+4:4*x+4]
			const unit = 16 * cubeScale
			r, g, b := int(s[0])*unit, int(s[1])*unit, int(s[2])*unit
			if c.cube != nil {
				dr, dg, db := c.cube.at(s[0], s[1], s[2])
				r, g, b = r+dr, g+dg, b+db
			}
			if seam != nil {
				r, g, b = r+int(seam[x][0]*unit), g+int(seam[x][1]*unit), b+int(seam[x][2]*unit)
			}
			d[0], d[1], d[2], d[3] = level(r, unit), level(g, unit), level(b, unit), s[3]
		}
	}
}

func level(v, unit int) uint8 { return uint8(min(max((v+unit/2)/unit, 0), 255)) }

// parallel calls do on parts of 0..n, one for each processor, and waits.
func parallel(n int, do func(from, to int)) {
	parts := min(runtime.GOMAXPROCS(0), n)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { do(n*i/parts, n*(i+1)/parts) })
	}
	wg.Wait()
}
