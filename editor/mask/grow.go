package mask

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// Grow returns the mask grown by a Euclidean disc: every pixel's coverage
// spreads as far as px pixels. px below 1 changes nothing.
//
// It is the greyscale dilation (Serra: Image Analysis and Mathematical
// Morphology, 1982) by a disc of radius px whose rim is antialiased over one
// pixel more: a pixel becomes the greatest, over all others, of the lesser of
// the other's coverage and 1 + px - d, cut to 0..1, at a distance d. Straight
// antialiased edges stay as sharp as they are and a single pixel becomes a
// smooth disc. Soft masks keep their softness.
//
// A soft mask takes longer than a hard one, and both take longer the larger px.
func (m *Mask) Grow(px int) *Mask {
	if px < 1 {
		return m
	}
	d := newDisc(min(px, m.size.X+m.size.Y)) // beyond that everything is reached
	// Blocks of tiles, so large that the border around them doesn't dominate.
	side := min(1+d.radius/16, max(1, m.cols, len(m.rows)))
	if d.radius >= farRadius {
		d.prepareFar(side * TileSize)
	}
	out := newMask(m.size)
	for r := range out.rows {
		out.rows[r] = make([]*Tile, out.cols)
	}
	across, down := (m.cols+side-1)/side, (len(m.rows)+side-1)/side
	parallel.All(across*down, 1, func(i, _ int) {
		col, row := i%across*side, i/across*side
		cells := image.Rect(col, row, min(col+side, m.cols), min(row+side, len(m.rows)))
		d.growBlock(out, m, cells)
	})
	return out
}

// Shrink returns the mask shrunk by a Euclidean disc, as what Grow leaves of
// the mask's inverse. The mask is taken to go on beyond the canvas's edges: it
// doesn't shrink away from them.
func (m *Mask) Shrink(px int) *Mask {
	if px < 1 {
		return m
	}
	return m.Invert().Grow(px).Invert()
}

// disc is what Grow spreads coverage over, row by row.
type disc struct {
	radius int
	rows   []discRow // by distance from the middle row, 0 to radius

	crescents [8]crescent // by neighbour; only from farRadius on, as the next
	farStride int
}

type discRow struct {
	flat int        // pixels to each side of the middle that are covered in full
	rim  []rimPixel // the next ones, without a gap
}

type rimPixel struct {
	dx       int // 0 or more; it stands for both sides
	coverage uint8
}

func newDisc(radius int) *disc {
	d := &disc{radius: radius}
	for dy := range radius + 1 {
		row := discRow{}
		for dx := int(math.Sqrt(float64(radius*radius - dy*dy))); ; dx++ {
			c := 1 + float64(radius) - math.Hypot(float64(dx), float64(dy))
			v := uint8(min(max(c, 0), 1)*255 + 0.5)
			if v == 255 {
				row.flat = dx
			} else if v > 0 {
				row.rim = append(row.rim, rimPixel{dx, v})
			} else {
				break
			}
		}
		d.rows = append(d.rows, row)
	}
	return d
}

// growBlock fills in out's tiles of the cells, columns and rows of the grid.
func (d *disc) growBlock(out, m *Mask, cells image.Rectangle) {
	r := image.Rectangle{Min: cells.Min.Mul(TileSize), Max: cells.Max.Mul(TileSize)}
	around := r.Inset(-d.radius)
	if !m.touches(around) {
		return
	}
	if inside := r.Intersect(m.Bounds()); m.covers(inside) {
		d.store(out, m, cells, nil)
		return
	}
	var block []uint8
	if d.radius >= farRadius {
		block = d.growFar(m, r)
	}
	if block == nil {
		block = d.growNear(m, r)
	}
	d.store(out, m, cells, block)
}

// growNear returns the block within r, grown, in a time in proportion to the
// radius.
func (d *disc) growNear(m *Mask, r image.Rectangle) []uint8 {
	around := r.Inset(-d.radius)
	width := around.Dx()
	src := make([]uint8, width*around.Dy())
	m.read(src, width, around)
	dst := make([]uint8, r.Dx()*r.Dy())
	wide := &chords{d: d, width: r.Dx(), a: make([]uint8, width), b: make([]uint8, width)}
	for y := range around.Dy() {
		line := src[y*width:][:width]
		if !allZero(line) {
			wide.spread(line, dst, y-d.radius, r.Dy())
		}
	}
	return dst
}

// store cuts a block into out's tiles; without a block they are m's.
func (d *disc) store(out, m *Mask, cells image.Rectangle, block []uint8) {
	stride := cells.Dx() * TileSize
	for row := cells.Min.Y; row < cells.Max.Y; row++ {
		for col := cells.Min.X; col < cells.Max.X; col++ {
			if block == nil || m.Tile(col, row) == full {
				out.rows[row][col] = m.Tile(col, row)
				continue
			}
			t, inside := new(Tile), m.square(col, row)
			from := block[(row-cells.Min.Y)*TileSize*stride+(col-cells.Min.X)*TileSize:]
			for y := range inside.Dy() {
				copy(t[y*TileSize:][:inside.Dx()], from[y*stride:])
			}
			out.rows[row][col] = canonical(t)
		}
	}
}

// chords spreads single rows over a disc.
type chords struct {
	d     *disc
	width int     // of the block
	a, b  []uint8 // the row spread sideways, and room for the next
}

// spread raises the rows of a block by what the disc makes of one source row
// that lies at row y of the block. The source row begins radius pixels left of
// the block.
func (c *chords) spread(line, block []uint8, y, height int) {
	copy(c.a, line)
	reached := 0 // a holds the greatest within so many pixels to each side
	// From the outermost row of the disc, the shortest chord, to the middle.
	for dy := len(c.d.rows) - 1; dy >= 0; dy-- {
		row := &c.d.rows[dy]
		above, below := y-dy >= 0 && y-dy < height, y+dy >= 0 && y+dy < height && dy > 0
		if row.flat > reached {
			c.widen(row.flat, reached)
			reached = row.flat
		}
		if above {
			c.lay(row, line, block[(y-dy)*c.width:][:c.width])
		}
		if below {
			c.lay(row, line, block[(y+dy)*c.width:][:c.width])
		}
	}
}

// widen goes on from the greatest within from pixels to that within to. Where a
// step would leave a gap, it takes several.
func (c *chords) widen(to, from int) {
	for from < to {
		step := min(to-from, 2*from+1)
		n := len(c.a)
		copy(c.b, c.a)
		raise(c.b[step:], c.a[:n-step])
		raise(c.b[:n-step], c.a[step:])
		c.a, c.b = c.b, c.a
		from += step
	}
}

// lay raises one row of the block by one row of the disc.
func (c *chords) lay(row *discRow, line, to []uint8) {
	r := c.d.radius
	raise(to, c.a[r:r+c.width])
	for _, p := range row.rim {
		raiseLimited(to, line[r-p.dx:r-p.dx+c.width], p.coverage)
		if p.dx > 0 {
			raiseLimited(to, line[r+p.dx:r+p.dx+c.width], p.coverage)
		}
	}
}

func allZero(b []uint8) bool {
	for len(b) >= TileSize {
		if [TileSize]uint8(b) != [TileSize]uint8{} {
			return false
		}
		b = b[TileSize:]
	}
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}
