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

func (p *cellPlane) row(y int) []uint16 { return p.pix[y*p.width:][:p.width] }

// reduce averages the coverage over cells. Beyond the canvas the coverage is
// that of its nearest pixel.
func (g *gaussian) reduce(m *Mask, r image.Rectangle) cellPlane {
	k := g.scale
	p := cellPlane{width: r.Dx() / k, height: r.Dy() / k}
	p.pix = make([]uint16, p.width*p.height)
	line := make([]uint8, (r.Dx()+7)&^7)
	// Columns are summed over the rows of a cell first, in 16-bit lanes: of a
	// word of eight pixels those of the first, third, ... and second, fourth, ...
	even, odd := make([]uint64, len(line)/8), make([]uint64, len(line)/8)
	for y := range r.Dy() {
		m.readLine(line[:r.Dx()], r.Min.X, r.Min.Y+y)
		for i := range even {
			v := binary.LittleEndian.Uint64(line[8*i:])
			even[i] += v & lanes
			odd[i] += v >> 8 & lanes
		}
		if y%k == k-1 {
			g.gather(p.pix[y/k*p.width:][:p.width], even, odd)
			clear(even)
			clear(odd)
		}
	}
	return p
}

// gather averages sums of columns over a row of cells.
func (g *gaussian) gather(to []uint16, even, odd []uint64) {
	shift := 2*log2(g.scale) - 8
	put := func(i int, sum uint64) {
		if i >= len(to) {
			return
		}
		if shift >= 0 {
			to[i] = uint16(sum >> shift)
		} else {
			to[i] = uint16(sum << -shift)
		}
	}
	switch k := g.scale; k {
	case 1:
		for i := range to {
			lane := even
			if i%2 == 1 {
				lane = odd
			}
			put(i, lane[i/8]>>(i%8/2*16)&0xffff)
		}
	case 2:
		for i := range even {
			v := even[i] + odd[i]
			for j := range 4 {
				put(4*i+j, v>>(16*j)&0xffff)
			}
		}
	case 4:
		for i := range even {
			v := even[i] + odd[i]
			put(2*i, v&0xffff+v>>16&0xffff)
			put(2*i+1, v>>32&0xffff+v>>48)
		}
	default:
		for i := range to {
			sum := uint64(0)
			for j := i * k / 8; j < (i+1)*k/8; j++ {
				v := even[j] + odd[j]
				sum += v&0xffff + v>>16&0xffff + v>>32&0xffff + v>>48
			}
			put(i, sum)
		}
	}
}

// readLine copies coverage from (x, y) to the right; beyond the canvas it is
// that of the nearest pixel.
func (m *Mask) readLine(dst []uint8, x, y int) {
	clear(dst)
	y = min(max(y, 0), m.size.Y-1)
	m.read(dst, len(dst), image.Rect(x, y, x+len(dst), y+1))
	for i, v := 0, m.At(0, y); i < len(dst) && x+i < 0; i++ {
		dst[i] = v
	}
	for i, v := max(0, m.size.X-x), m.At(m.size.X-1, y); i < len(dst); i++ {
		dst[i] = v
	}
}

func (g *gaussian) blurRows(p cellPlane) cellPlane {
	out := cellPlane{p.width, p.height, make([]uint16, len(p.pix))}
	reach := len(g.weights) - 1
	for y := range p.height {
		from, to := p.pix[y*p.width:][:p.width], out.pix[y*p.width:][:p.width]
		if uniform(from) {
			copy(to, from)
			continue
		}
		for x := reach; x < p.width-reach; x++ {
			sum := uint32(from[x])*g.weights[0] + 1<<15
			for i := 1; i <= reach; i++ {
				sum += (uint32(from[x-i]) + uint32(from[x+i])) * g.weights[i]
			}
			to[x] = uint16(sum >> 16)
		}
	}
	return out
}

func (g *gaussian) blurColumns(p cellPlane) cellPlane {
	out := cellPlane{p.width, p.height, make([]uint16, len(p.pix))}
	reach := len(g.weights) - 1
	sums := make([]uint32, p.width)
	for y := reach; y < p.height-reach; y++ {
		for x := range sums {
			sums[x] = 1 << 15
		}
		w := g.weights[0]
		for x, v := range p.row(y) {
			sums[x] += uint32(v) * w
		}
		for i := 1; i <= reach; i++ {
			above, below, w := p.row(y-i), p.row(y+i), g.weights[i]
			below = below[:len(above)]
			to := sums[:len(above)]
			for x, v := range above {
				to[x] += (uint32(v) + uint32(below[x])) * w
			}
		}
		for x, s := range sums {
			out.pix[y*p.width+x] = uint16(s >> 16)
		}
	}
	return out
}

func uniform(p []uint16) bool {
	for _, v := range p {
		if v != p[0] {
			return false
		}
	}
	return true
}

// enlarge interpolates the pixels within s, the square of a tile, from the
// reduced plane, whose top-left pixel is origin.
func (g *gaussian) enlarge(s image.Rectangle, p cellPlane, origin image.Point) *Tile {
	if s.Empty() {
		return nil
	}
	k := g.scale
	// The first cells whose middles lie left of and above the tile's first pixel.
	cx, cy := (s.Min.X-origin.X)/k, (s.Min.Y-origin.Y)/k
	if k > 1 {
		cx, cy = cx-1, cy-1
	}
	cols, rows := TileSize/k+2, TileSize/k+2
	if t, plain := p.plain(cx, cy, min(cols, p.width-cx), min(rows, p.height-cy)); plain && s.Dx() == TileSize && s.Dy() == TileSize {
		return t
	}
	t := new(Tile)
	line := make([]uint64, cols)
	wide := make([]uint8, 2*TileSize+TileSize)
	bits := log2(2 * k) // of the weights of two neighbours
	for y := range s.Dy() {
		if k == 1 {
			for x, v := range p.row(cy + y)[cx:][:s.Dx()] {
				t[y*TileSize+x] = uint8((uint32(v) + 128) >> 8)
			}
			continue
		}
		at := 2*y + 1 + k // half pixels from the middle of the row of cells above
		w := uint64(at % (2 * k))
		a := p.row(cy + at/(2*k))[cx:]
		b := p.row(cy + at/(2*k) + 1)[cx:]
		for i := range line {
			v := uint64(a[i])*(uint64(2*k)-w) + uint64(b[i])*w
			line[i] = (v + 1<<(2*bits-1)) >> (2 * bits) // 16 bits less those of the weights
		}
		g.widen(wide, line)
		copy(t[y*TileSize:][:s.Dx()], wide[k/2:])
	}
	return t
}

// plain reports whether cells are all 0 or all at most, and the tile for it.
func (p *cellPlane) plain(x, y, width, height int) (*Tile, bool) {
	first := p.row(y)[x]
	if first != 0 && first != 255<<8 {
		return nil, false
	}
	for j := range height {
		for _, v := range p.row(y + j)[x:][:width] {
			if v != first {
				return nil, false
			}
		}
	}
	if first == 0 {
		return nil, true
	}
	return full, true
}

// widen interpolates between the middles of cells, whose values times 2k are
// coverage in 8.8 bits.
func (g *gaussian) widen(to []uint8, line []uint64) {
	const half = 0x0080008000800080
	k := g.scale
	if k == 2 {
		for i, a := range line[:len(line)-1] {
			b := line[i+1]
			to[2*i], to[2*i+1] = uint8((3*a+b+128)>>8), uint8((a+3*b+128)>>8)
		}
		return
	}
	for j := 0; j < k; j += 4 {
		// The weights of four pixels in the 16-bit lanes of a word.
		var left, right uint64
		for i := range 4 {
			w := uint64(2*(j+i) + 1)
			right |= w << (16 * i)
			left |= (uint64(2*k) - w) << (16 * i)
		}
		for i, a := range line[:len(line)-1] {
			v := (a*left + line[i+1]*right + half) >> 8 & lanes
			v = (v | v>>8) & 0x0000ffff0000ffff
			binary.LittleEndian.PutUint32(to[i*k+j:], uint32(v|v>>16))
		}
	}
}
