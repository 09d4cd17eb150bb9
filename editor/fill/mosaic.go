package fill

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// mosaic is a level whose hole is laid out with whole pieces of the known: each pixel has a
// label, and is copied from as far away as the label's offset says.
type mosaic struct {
	*level
	r        image.Rectangle // the level's cover
	offsets  []image.Point   // of the labels
	taste    []int32         // this variant's dislike of each label, as what it adds to fit
	label    []int16         // over r; noLabel but for the hole's pixels
	usable   []bool          // over the level: known, and no pixel of the hole beside it
	likely   *likely         // or nil
	shift    int             // of the level below the one that likely belongs to
	features []feature       // of the level's pixels, or nil
	costs    []int32         // what alone returns for each pixel of r and label, or nil
}

const (
	noLabel = -1

	seamUnit    = 4   // what a difference of one level of brightness costs
	seamLimit   = 400 // the most that a pixel costs at a seam
	fitWeight   = 2   // of how well a label fits to what is known beside a pixel
	linesWeight = 1   // of how far a pixel is from what lines show, at a strength of 1
	guideParts  = 5   // a pixel's unlikely source costs one part of so many of what a seam of that difference does
)

// newMosaic returns a mosaic of l without any labels.
func newMosaic(l *level) *mosaic {
	m := &mosaic{level: l, r: l.cover(), usable: make([]bool, len(l.state))}
	m.label = make([]int16, m.r.Dx()*m.r.Dy())
	for i := range m.label {
		m.label[i] = noLabel
	}
	for i, state := range l.state {
		m.usable[i] = state&unknown == 0
	}
	for i, state := range l.state {
		if state&unknown != 0 {
			m.exclude(i%l.w, i/l.w)
		}
	}
	return m
}

// exclude keeps what is about an unknown pixel from being copied: where a mask is tight, that
// is what is left of the thing to be removed.
func (m *mosaic) exclude(x, y int) {
	for v := max(0, y-1); v <= min(m.h-1, y+1); v++ {
		for u := max(0, x-1); u <= min(m.w-1, x+1); u++ {
			m.usable[v*m.w+u] = false
		}
	}
}

// at returns the index over r of a pixel of the level, which must be in r.
func (m *mosaic) at(x, y int) int { return (y-m.r.Min.Y)*m.r.Dx() + x - m.r.Min.X }

// source returns the pixel that a label puts at (x, y), or -1 where that can't be copied.
func (m *mosaic) source(x, y int, label int16) int {
	o := m.offsets[label]
	return m.from(x+o.X, y+o.Y)
}

// from returns the index of a pixel that can be copied, or -1.
func (m *mosaic) from(x, y int) int {
	if x < 0 || y < 0 || x >= m.w || y >= m.h || !m.usable[y*m.w+x] {
		return -1
	}
	return y*m.w + x
}

// unlike returns how unlike two pixels are in colour and texture, 0 to seamLimit; what can't be copied is unlike all.
func (m *mosaic) unlike(i, j int) int32 { return steps[m.squares(i, j)] }

// squares returns the sum of the squared differences of two pixels, at most mostSquares.
func (m *mosaic) squares(i, j int) int32 {
	if i == j && i >= 0 {
		return 0
	}
	if i < 0 || j < 0 {
		return mostSquares
	}
	if m.features != nil {
		return m.features[i].squares(&m.features[j])
	}
	a, b := m.feature(i), m.feature(j)
	return a.squares(&b)
}

func (a *feature) squares(b *feature) int32 {
	d0, d1, d2 := int32(a[0])-int32(b[0]), int32(a[1])-int32(b[1]), int32(a[2])-int32(b[2])
	d3, d4 := int32(a[3])-int32(b[3]), int32(a[4])-int32(b[4])
	return min(mostSquares, d0*d0+d1*d1+d2*d2+d3*d3+d4*d4)
}

// mostSquares is the squared difference that costs seamLimit.
const mostSquares = (seamLimit / seamUnit) * (seamLimit / seamUnit)

// steps holds what a squared difference costs.
var steps = func() (t [mostSquares + 1]int32) {
	for i := range t {
		t[i] = int32(seamUnit * math.Sqrt(float64(i)))
	}
	return t
}()

// feature holds what pixels are compared by: the colour and the texture.
type feature [5]uint8

// feature returns those of a known pixel.
func (m *mosaic) feature(i int) feature {
	a, b, c := unpack(m.pix[i])
	f := feature{uint8(a), uint8(b), uint8(c)}
	if m.tex != nil {
		a, _, b := unpack(m.tex[i])
		f[3], f[4] = uint8(a), uint8(b)
	}
	return f
}

// compile computes the features of all pixels: worth their memory where a hole is laid out.
func (m *mosaic) compile() {
	features := make([]feature, len(m.pix))
	for i := range features {
		features[i] = m.feature(i)
	}
	m.features = features
}

// seam returns what it costs that two neighbours have these labels: how unlike the two pieces
// are at both of them. It is a metric of the labels.
func (m *mosaic) seam(x, y, u, v int, a, b int16) int32 {
	if a == b {
		return 0
	}
	return m.unlike(m.source(x, y, a), m.source(x, y, b)) + m.unlike(m.source(u, v, a), m.source(u, v, b))
}

// fit returns what it costs that (x, y) has a label but for its neighbours in the hole: how
// unlike the piece is to what is known beside the pixel, and how unlikely it is there.
func (m *mosaic) fit(x, y int, label int16) int32 {
	o := m.offsets[label]
	cost := int32(0)
	if m.taste != nil {
		cost += m.taste[label]
	}
	if m.likely != nil {
		n := m.shift
		c := m.likely.against(x>>n, y>>n, (x+o.X)>>n, (y+o.Y)>>n)
		cost += int32(seamUnit*math.Sqrt(float64(c)/area)) / guideParts
	}
	if m.lines != nil {
		c := m.lines.against(x, y, x+o.X, y+o.Y)
		cost += int32(linesWeight * seamUnit * math.Sqrt(float64(c)/area))
	}
	if m.depth[m.at(x, y)] > radius {
		return cost
	}
	sum, n := int32(0), int32(0)
	for v := max(0, y-radius); v <= min(m.h-1, y+radius); v++ {
		for u := max(0, x-radius); u <= min(m.w-1, x+radius); u++ {
			if m.state[v*m.w+u]&unknown == 0 {
				sum += m.unlike(v*m.w+u, m.from(u+o.X, v+o.Y))
				n++
			}
		}
	}
	if n > 0 {
		cost += fitWeight * sum / n
	}
	return cost
}

// alone returns what it costs that a pixel of the hole has a label, but for its seams.
func (m *mosaic) alone(x, y int, label int16) int32 {
	if m.costs != nil {
		return m.costs[m.at(x, y)*len(m.offsets)+int(label)]
	}
	return m.fit(x, y, label) + m.border(x, y, label)
}

// tabulate computes costs, those of the labels below first from those there are.
func (m *mosaic) tabulate(ctx context.Context, workers parallel.Workers, first int) error {
	n := len(m.offsets)
	costs := make([]int32, len(m.label)*n)
	err := workers.Range(ctx, m.r.Dy(), 1, func(row, _ int) {
		y := m.r.Min.Y + row
		for x := m.r.Min.X; x < m.r.Max.X; x++ {
			if m.state[y*m.w+x]&hole == 0 {
				continue
			}
			k := m.at(x, y)
			to := costs[k*n:][:n]
			copy(to, m.costs[k*first:][:first])
			for a := first; a < n; a++ {
				if m.source(x, y, int16(a)) >= 0 {
					to[a] = m.fit(x, y, int16(a)) + m.border(x, y, int16(a))
				}
			}
		}
	})
	m.costs = costs
	return err
}

// each calls f for all pixels of the hole.
func (m *mosaic) each(f func(x, y, k int)) {
	for y := m.r.Min.Y; y < m.r.Max.Y; y++ {
		for x := m.r.Min.X; x < m.r.Max.X; x++ {
			if m.state[y*m.w+x]&hole != 0 {
				f(x, y, m.at(x, y))
			}
		}
	}
}

// neighbour returns the index over r of the pixel beside (x, y), and whether it is one of the hole.
func (m *mosaic) neighbour(x, y int, d image.Point) (int, bool) {
	at := image.Pt(x+d.X, y+d.Y)
	if !at.In(m.r) || m.state[at.Y*m.w+at.X]&hole == 0 {
		return 0, false
	}
	return m.at(at.X, at.Y), true
}

// border returns what the step from (x, y) with a label to what is known beside it costs.
func (m *mosaic) border(x, y int, label int16) (cost int32) {
	o := m.offsets[label]
	for _, d := range around[1:5] {
		u, v := x+d.X, y+d.Y
		if u >= 0 && v >= 0 && u < m.w && v < m.h && m.state[v*m.w+u]&unknown == 0 {
			cost += 2 * m.unlike(v*m.w+u, m.from(u+o.X, v+o.Y))
		}
	}
	return cost
}
