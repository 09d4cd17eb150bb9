package jpegfile

import (
	"slices"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/parallel"
)

// Kept tells how many of a file's blocks are those of the file that it was made from.
type Kept struct {
	Blocks, Total int64
}

// Percent returns the share of blocks that were kept, 0 to 100, rounded down to
// tenths: 100 is only said of all.
func (k Kept) Percent() float64 {
	if k.Total == 0 {
		return 0
	}
	return float64(k.Blocks*1000/k.Total) / 10
}

// All is what is kept of a file that stays as it is.
func (f *Frame) All() Kept { return Kept{Blocks: f.coded(), Total: f.coded()} }

// PixelRows gives the picture that a file is to hold, a row at a time. It is
// called for different rows on several goroutines.
//
// It sets changed[x] for each pixel of row y that is not what the file shows, and
// for these alone samples[i][x] of all components, at the picture's full size. It
// returns false where it set none. All slices are as long as the row, and zero before.
type PixelRows func(y int, changed []bool, samples [][]uint8) bool

// Recode encodes those blocks again that have a changed pixel among those which
// their samples stand for, with the component's own quantisation table. In such a
// block pixels that did not change keep the file's samples.
func (f *File) Recode(rows PixelRows) Kept {
	var kept atomic.Int64
	parallel.All(f.mcusY, 1, func(y, _ int) {
		band := newBand(&f.Frame)
		changed := band.read(f, y, rows)
		for i := range f.Components {
			c := &f.Components[i]
			for by := y * c.v; by < min((y+1)*c.v, c.Rows); by++ {
				n := int64(c.Columns)
				if changed {
					n = band.recodeRow(f, i, by)
				}
				if !c.added {
					kept.Add(n)
				}
			}
			if changed {
				c.continueEdge(y)
			}
		}
	})
	return Kept{Blocks: kept.Load(), Total: f.coded()}
}

// band is a row of MCUs as pixels.
type band struct {
	top, width, height int
	changed            []bool
	samples            [][]uint8
}

func newBand(f *Frame) *band {
	size := f.Width * 8 * f.vMax
	b := &band{width: f.Width, changed: make([]bool, size)}
	for range f.Components {
		b.samples = append(b.samples, make([]uint8, size))
	}
	return b
}

// read fills the band with row y of the MCUs, and reports whether anything changed.
func (b *band) read(f *File, y int, rows PixelRows) (changed bool) {
	b.top = y * 8 * f.vMax
	b.height = min(8*f.vMax, f.Height-b.top)
	row := make([][]uint8, len(b.samples))
	for y := range b.height {
		for i := range row {
			row[i] = b.samples[i][y*b.width:][:b.width]
		}
		if rows(b.top+y, b.changed[y*b.width:][:b.width], row) {
			changed = true
		}
	}
	return changed
}

// continueEdge gives empty blocks beyond the picture's edge in row y of the MCUs
// the level of the block beside or above, which costs the fewest bits.
func (c *Component) continueEdge(y int) {
	for by := y * c.v; by < (y+1)*c.v; by++ {
		for bx := range c.Stride {
			b := c.Block(bx, by)
			switch {
			case bx < c.Columns && by < c.Rows || *b != [64]int16{}:
			case bx > 0:
				b[0] = c.Block(bx-1, by)[0]
			case by > 0:
				b[0] = c.Block(bx, by-1)[0]
			}
		}
	}
}

// footprint is which pixels a sample stands for in one direction, cut to the
// picture; beyond its edge there is the last pixel.
func footprint(sample, scale, parts, size int) (from, to int) {
	from, to = sample*scale/parts, up((sample+1)*scale, parts)
	from = min(from, size-1)
	return from, max(min(to, size), from+1)
}

// recodeRow codes the blocks of row by of component i that lie over changed
// pixels, and returns how many do not.
func (b *band) recodeRow(f *File, i, by int) (kept int64) {
	c := &f.Components[i]
	top, _ := footprint(8*by, f.vMax, c.v, f.Height)
	_, bottom := footprint(8*by+7, f.vMax, c.v, f.Height)
	for bx := range c.Columns {
		left, _ := footprint(8*bx, f.hMax, c.h, f.Width)
		_, right := footprint(8*bx+7, f.hMax, c.h, f.Width)
		n := b.count(left, top-b.top, right, bottom-b.top)
		if n == 0 {
			kept++
			continue
		}
		block := c.Block(bx, by)
		var samples [64]uint8
		whole := (right-left)*c.h == 8*f.hMax && (bottom-top)*c.v == 8*f.vMax && f.hMax%c.h == 0 && f.vMax%c.v == 0
		if whole && n == (right-left)*(bottom-top) {
			b.shrink(&samples, i, left, top-b.top, f.hMax/c.h, f.vMax/c.v)
		} else {
			inverse(samples[:], 8, block, &c.Quant, last(block))
			for s := range samples {
				x0, x1 := footprint(8*bx+s%8, f.hMax, c.h, f.Width)
				y0, y1 := footprint(8*by+s/8, f.vMax, c.v, f.Height)
				samples[s] = b.mean(i, x0, y0-b.top, x1, y1-b.top, samples[s])
			}
		}
		forward(block, &samples, &c.Quant)
	}
	return kept
}

// count returns how many pixels of the rectangle changed.
func (b *band) count(x0, y0, x1, y1 int) (n int) {
	for y := y0; y < y1; y++ {
		for _, changed := range b.changed[y*b.width+x0 : y*b.width+x1] {
			if changed {
				n++
			}
		}
	}
	return n
}

// shrink computes the samples of a block of which all pixels changed, sx x sy for
// each: mean, with nothing to look at.
func (b *band) shrink(to *[64]uint8, component, left, top, sx, sy int) {
	plane := b.samples[component]
	if sx == 1 && sy == 1 {
		for y := range 8 {
			copy(to[8*y:8*y+8], plane[(top+y)*b.width+left:])
		}
		return
	}
	var sums [64]int32
	for y := range 8 * sy {
		row := plane[(top+y)*b.width+left:][:8*sx]
		line := sums[y/sy*8:][:8]
		for x := range line {
			for _, v := range row[x*sx : x*sx+sx] {
				line[x] += int32(v)
			}
		}
	}
	n := int32(sx * sy)
	for s, sum := range sums {
		to[s] = uint8((sum + n/2) / n)
	}
}

// mean returns the sample for the pixels of a rectangle: what changed is new, the
// rest is old.
func (b *band) mean(component, x0, y0, x1, y1 int, old uint8) uint8 {
	sum, n := 0, (x1-x0)*(y1-y0)
	for y := y0; y < y1; y++ {
		row := y * b.width
		for x := row + x0; x < row+x1; x++ {
			if b.changed[x] {
				sum += int(b.samples[component][x])
			} else {
				sum += int(old)
			}
		}
	}
	return uint8((sum + n/2) / n)
}

// Resized returns a file like f for a picture of another size in which f's lies
// at (dx, dy): with its tables, sampling, scans and segments. Where the offset is
// a multiple of the MCU's size the blocks of f are there, else kept is false and
// none is. All other blocks are empty. f is not changed.
func (f *File) Resized(width, height, dx, dy int) (g *File, kept bool) {
	g = &File{Frame: f.Frame, scans: f.scans}
	g.Width, g.Height = width, height
	g.Components = append([]Component(nil), f.Components...)
	g.lay()
	g.allocate()
	w, h := f.MCU()
	if dx%w != 0 || dy%h != 0 {
		return g, false
	}
	for i := range f.Components {
		from, to := &f.Components[i], &g.Components[i]
		for y := range from.Rows {
			at := y + dy/h*to.v
			x, n := dx/w*to.h, from.Columns
			if at < 0 || at >= to.Rows || x < 0 || x+n > to.Stride {
				continue
			}
			copy(to.Coefficients[64*(at*to.Stride+x):], from.Coefficients[64*y*from.Stride:][:64*n])
		}
	}
	return g, true
}

// Coloured returns a grey file as one of three components, YCbCr of full
// sampling, whose blocks of chroma are empty. The blocks of luma are f's own.
func (f *File) Coloured() *File {
	g := &File{Frame: f.Frame}
	luma := f.Components[0]
	luma.ID, luma.H, luma.V = 1, 1, 1
	g.Components = []Component{luma, luma, luma}
	g.Colour, g.Arithmetic = YCbCr, false
	g.Segments = slices.DeleteFunc(slices.Clone(f.Segments), func(s Segment) bool { return s.Marker == mAPP14 }) // it may say RGB
	g.lay()
	for i := range g.Components {
		c := &g.Components[i]
		c.ID = byte(i + 1)
		if i > 0 {
			c.added = true
			c.Coefficients = make([]int16, len(luma.Coefficients))
		}
	}
	g.scans = plainScript(3)
	if f.Mode != Progressive {
		g.scans = g.scans[:1]
		g.scans[0].se = 63
	}
	return g
}
