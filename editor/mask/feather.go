package mask

import (
	"encoding/binary"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// lanes masks every second byte of a word, each with room for 16 bits.
const lanes = 0x00ff00ff00ff00ff

// Feather returns the mask with its edges softened by a Gaussian of standard
// deviation radius/2, so that an edge goes from 2% to 98% over radius pixels to
// each side. The mask is taken to go on beyond the canvas's edges as it is at
// them. A radius of 0 or less changes nothing, one above 4096 is taken as that.
//
// The Gaussian is a true one, cut at three deviations. From a radius of 16 on
// it runs on the mask made smaller by a power of two (averaged, and linearly
// interpolated back, the spread of both taken off the Gaussian's). Either way the
// result is within a level and a half, of 255, of the exact one.
func (m *Mask) Feather(radius float64) *Mask {
	if !(radius > 0) {
		return m
	}
	g := newGaussian(min(radius, 4096) / 2)
	out := newMask(m.size)
	for r := range out.rows {
		out.rows[r] = make([]*Tile, out.cols)
	}
	side := g.side(m.cols, len(m.rows))
	across, down := (m.cols+side-1)/side, (len(m.rows)+side-1)/side
	parallel.All(across*down, 1, func(i, _ int) {
		col, row := i%across*side, i/across*side
		cells := image.Rect(col, row, min(col+side, m.cols), min(row+side, len(m.rows)))
		g.block(out, m, cells)
	})
	return out
}

// gaussian blurs coverage at a reduced size.
type gaussian struct {
	scale   int      // pixels to a side of a cell of the reduced size: a power of two up to 64
	weights []uint32 // of a cell and of those at 1, 2, ... to each side; their sum over both sides is 1<<16
	between between
}

func newGaussian(sigma float64) *gaussian {
	g := &gaussian{scale: 1}
	// Four deviations to a cell: linear interpolation is then off by half a
	// level at the most curved place.
	for g.scale < TileSize && sigma/float64(2*g.scale) >= 4 {
		g.scale *= 2
	}
	k := float64(g.scale)
	// Averaging over k pixels has the variance (k²-1)/12, linear interpolation
	// over k pixels (k²-1)/6.
	s := math.Sqrt(sigma*sigma-(k*k-1)/4) / k
	reach := int(math.Ceil(3 * s))
	exact, sum := make([]float64, reach+1), 0.0
	for i := range exact {
		exact[i] = math.Exp(-float64(i*i) / (2 * s * s))
		sum += exact[i]
		if i > 0 {
			sum += exact[i]
		}
	}
	g.weights = make([]uint32, reach+1)
	rest := uint32(1 << 16)
	for i := reach; i > 0; i-- {
		g.weights[i] = uint32(exact[i]/sum*(1<<16) + 0.5)
		rest -= 2 * g.weights[i]
	}
	g.weights[0] = rest
	if g.scale > 1 {
		g.between = newBetween(g.scale)
	}
	return g
}

// border returns how many pixels around a block its pixels depend on.
func (g *gaussian) border() int { return len(g.weights) * g.scale }

// least is the fewest tiles along a block's side: with less, the border around
// it would dominate.
func (g *gaussian) least() int { return max(1, g.border()/16) }

// side is how many tiles there are along a block's side for a grid of a size:
// many, so that little is computed twice, but enough blocks for all processors.
func (g *gaussian) side(cols, rows int) int {
	side := 4 * g.least()
	for side > g.least() && ((cols+side-1)/side)*((rows+side-1)/side) < 12 {
		side = max(side/2, g.least())
	}
	return side
}

// around returns the pixels that a block depends on. The block is given by the
// columns and rows of its tiles.
func (g *gaussian) around(cells image.Rectangle) image.Rectangle {
	return image.Rectangle{Min: cells.Min.Mul(TileSize), Max: cells.Max.Mul(TileSize)}.Inset(-g.border())
}

// plain does a block around which the mask is all 0 or all full, and reports
// whether it was one.
func (g *gaussian) plain(out, m *Mask, cells image.Rectangle) bool {
	near := g.around(cells).Intersect(m.Bounds())
	if !m.touches(near) {
		return true
	}
	if !m.covers(near) {
		return false
	}
	for row := cells.Min.Y; row < cells.Max.Y; row++ {
		copy(out.rows[row][cells.Min.X:cells.Max.X], m.rows[row][cells.Min.X:cells.Max.X])
	}
	return true
}

// block fills in out's tiles of a block. One of which a quarter is plain is
// done in quarters.
func (g *gaussian) block(out, m *Mask, cells image.Rectangle) {
	if g.plain(out, m, cells) {
		return
	}
	if cells.Dx() >= 2*g.least() && cells.Dy() >= 2*g.least() {
		middle := cells.Min.Add(cells.Max).Div(2)
		var rest []image.Rectangle
		for _, q := range []image.Rectangle{
			{Min: cells.Min, Max: middle},
			{Min: image.Pt(middle.X, cells.Min.Y), Max: image.Pt(cells.Max.X, middle.Y)},
			{Min: image.Pt(cells.Min.X, middle.Y), Max: image.Pt(middle.X, cells.Max.Y)},
			{Min: middle, Max: cells.Max},
		} {
			if !g.plain(out, m, q) {
				rest = append(rest, q)
			}
		}
		if len(rest) < 4 {
			for _, q := range rest {
				g.block(out, m, q)
			}
			return
		}
	}
	around := g.around(cells)
	small := g.reduce(m, around)
	small = g.blurRows(small)
	small = g.blurColumns(small)
	for row := cells.Min.Y; row < cells.Max.Y; row++ {
		for col := cells.Min.X; col < cells.Max.X; col++ {
			out.rows[row][col] = canonical(g.enlarge(m.square(col, row), small, around.Min))
		}
	}
}

// cellPlane is a mask at a reduced size, coverage from 0 to 255<<8.
type cellPlane struct {
	width, height int
	pix           []uint16
}

func newCellPlane(width, height int) cellPlane {
	return cellPlane{width, height, make([]uint16, width*height)}
}

func (p *cellPlane) row(y int) []uint16 { return p.pix[y*p.width:][:p.width] }

// reduce averages the coverage over cells. Beyond the canvas the coverage is
// that of its nearest pixel.
func (g *gaussian) reduce(m *Mask, r image.Rectangle) cellPlane {
	k := g.scale
	p := newCellPlane(r.Dx()/k, r.Dy()/k)
	stride := (r.Dx() + 7) &^ 7
	lines := make([]uint8, k*stride)
	// Pairs of columns are summed over the rows of a cell first, in the 16-bit
	// lanes of words.
	sums := make([]uint64, stride/8)
	for y := range p.height {
		top := r.Min.Y + y*k
		m.readLines(lines, stride, image.Rect(r.Min.X, top, r.Max.X, top+k))
		if k == 1 {
			for x, v := range lines[:p.width] {
				p.pix[y*p.width+x] = uint16(v) << 8
			}
			continue
		}
		clear(sums)
		for i := range k {
			addPairs(sums, lines[i*stride:][:stride])
		}
		g.gather(p.row(y), sums)
	}
	return p
}

// addPairs adds the pairs of neighbours in a line to the 16-bit lanes of sums, of which
// there is a word for each eight pixels.
func addPairs(sums []uint64, line []uint8) {
	for i := fastPairs(sums, line); i < len(sums); i++ {
		v := binary.LittleEndian.Uint64(line[8*i:])
		sums[i] += v&lanes + v>>8&lanes
	}
}

// gather averages sums of pairs of columns over a row of cells, of two or more pixels
// to a side.
func (g *gaussian) gather(to []uint16, sums []uint64) {
	switch k := g.scale; k {
	case 2:
		for i := range to {
			to[i] = uint16(sums[i/4] >> (i % 4 * 16) << 6)
		}
	case 4:
		for i := range to {
			v := sums[i/2] >> (i % 2 * 32)
			to[i] = uint16((v&0xffff + v>>16&0xffff) << 4)
		}
	default:
		for i := range to {
			sum := uint64(0)
			for _, v := range sums[i*k/8 : (i+1)*k/8] {
				sum += v&0xffff + v>>16&0xffff + v>>32&0xffff + v>>48
			}
			to[i] = uint16(sum << 8 >> (2 * log2(k)))
		}
	}
}

// readLines copies the coverage within r to dst, whose rows are stride apart; beyond the
// canvas it is that of the nearest pixel.
func (m *Mask) readLines(dst []uint8, stride int, r image.Rectangle) {
	if r.Min.Y < 0 || r.Max.Y > m.size.Y {
		for i := range r.Dy() {
			y := min(max(r.Min.Y+i, 0), m.size.Y-1)
			m.readLines(dst[i*stride:][:stride], stride, image.Rect(r.Min.X, y, r.Max.X, y+1))
		}
		return
	}
	clear(dst)
	m.read(dst, stride, r)
	left, right := min(max(-r.Min.X, 0), r.Dx()), min(max(m.size.X-r.Min.X, 0), r.Dx())
	for i := range r.Dy() {
		line, y := dst[i*stride:][:r.Dx()], r.Min.Y+i
		for x := range left {
			line[x] = m.At(0, y)
		}
		for x := right; x < len(line); x++ {
			line[x] = m.At(m.size.X-1, y)
		}
	}
}

// blurRows blurs along rows all cells but those that are too near to the left or right side.
func (g *gaussian) blurRows(p cellPlane) cellPlane {
	out := newCellPlane(p.width, p.height)
	reach := len(g.weights) - 1
	for y := range p.height {
		from, to := p.row(y), out.row(y)
		if uniform(from) {
			copy(to, from)
			continue
		}
		g.weigh(to[reach:p.width-reach], from, reach, 1)
	}
	return out
}

// blurColumns blurs along columns all cells but those that are too near to the top or bottom.
func (g *gaussian) blurColumns(p cellPlane) cellPlane {
	out := newCellPlane(p.width, p.height)
	reach := len(g.weights) - 1
	for y := reach; y < p.height-reach; y++ {
		g.weigh(out.row(y), p.pix, y*p.width, p.width)
	}
	return out
}

// weigh writes the weighted means of cells from the one at a position on, which are step
// cells apart.
func (g *gaussian) weigh(to, from []uint16, at, step int) {
	for x := at + g.fastWeigh(to, from, at, step); x < at+len(to); x++ {
		sum := uint32(from[x])*g.weights[0] + 1<<15
		left, right := x, x
		for _, w := range g.weights[1:] {
			left -= step
			right += step
			sum += (uint32(from[left]) + uint32(from[right])) * w
		}
		to[x-at] = uint16(sum >> 16)
	}
}

func uniform(p []uint16) bool {
	for _, v := range p {
		if v != p[0] {
			return false
		}
	}
	return true
}
