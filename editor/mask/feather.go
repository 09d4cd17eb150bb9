package mask

import (
	"image"
	"math"
)

// Feather returns the mask with its edges softened by a Gaussian of standard
// deviation radius/2, so that an edge goes from 2% to 98% over radius pixels to
// each side. The mask is taken to go on beyond the canvas's edges as it is at
// them. A radius of 0 or less changes nothing.
//
// The Gaussian is a true one, cut at three deviations. From a radius of 16 on
// it runs on the mask made smaller by a power of two (averaged, and linearly
// interpolated back, the spread of both taken off the Gaussian's), which stays
// within one level of 255 of the exact result.
func (m *Mask) Feather(radius float64) *Mask {
	if !(radius > 0) {
		return m
	}
	g := newGaussian(min(radius, 1<<14) / 2)
	// Blocks of tiles, so large that the border around them doesn't dominate.
	side := 8 * max(1, g.border()/128)
	out := newMask(m.size)
	for r := range out.rows {
		out.rows[r] = make([]*Tile, out.cols)
	}
	across, down := (m.cols+side-1)/side, (len(m.rows)+side-1)/side
	parallel(across*down, func(i int) {
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

// border returns how many pixels around a block have a say in it.
func (g *gaussian) border() int { return len(g.weights) * g.scale }

// block fills in out's tiles of the cells, columns and rows of the grid.
func (g *gaussian) block(out, m *Mask, cells image.Rectangle) {
	r := image.Rectangle{Min: cells.Min.Mul(TileSize), Max: cells.Max.Mul(TileSize)}
	around := r.Inset(-g.border())
	near := around.Intersect(m.Bounds())
	if !m.touches(near) {
		return
	}
	if m.covers(near) {
		for row := cells.Min.Y; row < cells.Max.Y; row++ {
			copy(out.rows[row][cells.Min.X:cells.Max.X], m.rows[row][cells.Min.X:cells.Max.X])
		}
		return
	}
	small := g.reduce(m, around)
	small = g.blurRows(small)
	small = g.blurColumns(small)
	for row := cells.Min.Y; row < cells.Max.Y; row++ {
		for col := cells.Min.X; col < cells.Max.X; col++ {
			t := new(Tile)
			g.enlarge(t, m.square(col, row), small, around.Min)
			out.rows[row][col] = canonical(t)
		}
	}
}

// cellPlane is a mask at a reduced size, coverage from 0 to 255<<8.
type cellPlane struct {
	width, height int
	pix           []uint16
}

// reduce averages the coverage over cells. Beyond the canvas the coverage is
// that of its nearest pixel.
func (g *gaussian) reduce(m *Mask, r image.Rectangle) cellPlane {
	k := g.scale
	p := cellPlane{width: r.Dx() / k, height: r.Dy() / k}
	p.pix = make([]uint16, p.width*p.height)
	line := make([]uint8, r.Dx())
	sums := make([]uint32, p.width)
	shift := 2*log2(k) - 8
	for y := range r.Dy() {
		m.readLine(line, r.Min.X, r.Min.Y+y)
		for i := range sums {
			var s uint32
			for _, v := range line[i*k : i*k+k] {
				s += uint32(v)
			}
			sums[i] += s
		}
		if y%k != k-1 {
			continue
		}
		to := p.pix[y/k*p.width:][:p.width]
		for i, s := range sums {
			if shift >= 0 {
				to[i] = uint16(s >> shift)
			} else {
				to[i] = uint16(s << -shift)
			}
			sums[i] = 0
		}
	}
	return p
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
		add := func(row int, w uint32) {
			for x, v := range p.pix[row*p.width:][:p.width] {
				sums[x] += uint32(v) * w
			}
		}
		add(y, g.weights[0])
		for i := 1; i <= reach; i++ {
			add(y-i, g.weights[i])
			add(y+i, g.weights[i])
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

// enlarge interpolates the tile's pixels within s from the reduced plane, whose
// top-left pixel is origin.
func (g *gaussian) enlarge(t *Tile, s image.Rectangle, p cellPlane, origin image.Point) {
	if s.Empty() {
		return
	}
	k := g.scale
	shift := log2(k) + 1
	// The first cells whose middles lie left of and above the tile's first pixel.
	cx, cy := (s.Min.X-origin.X)/k, (s.Min.Y-origin.Y)/k
	if k > 1 {
		cx, cy = cx-1, cy-1
	}
	n := s.Dx()/k + 3
	line := make([]int, n)
	for y := range s.Dy() {
		// In units of half pixels from the middle of a cell to that of a pixel.
		fy, row := offset(y, k)
		a := p.pix[(cy+row)*p.width+cx:][:n]
		b := p.pix[(cy+row+1)*p.width+cx:][:n]
		for i := range line {
			line[i] = int(a[i])<<shift + (int(b[i])-int(a[i]))*fy
		}
		to := t[y*TileSize:][:s.Dx()]
		for x := range to {
			fx, col := offset(x, k)
			v := line[col]<<shift + (line[col+1]-line[col])*fx
			to[x] = uint8((v + 128<<(2*shift)) >> (2*shift + 8))
		}
	}
}

// offset returns between which two cells the pixel i lies, counted from the one
// left of the first pixel, and how far from the first of them in units of half
// pixels, 0 to 2k-1.
func offset(i, k int) (frac, cell int) {
	if k == 1 {
		return 0, i
	}
	at := 2*i + 1 + k // from the middle of the cell left of the first pixel
	return at % (2 * k), at / (2 * k)
}
