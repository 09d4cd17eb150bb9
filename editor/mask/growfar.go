package mask

import (
	"image"
	"slices"
)

// farRadius is the radius from which on far can be quicker than chords.
const farRadius = 24

// far grows a block by a disc in a time that hardly depends on the radius. It
// gives each kind of pixel the cheapest treatment that leaves the greatest of
// all contributions the same, to the bit.
//
// A pixel with a greater neighbour adds to it only where the disc around that
// neighbour covers less than its own: in a crescent on the far side, as wide as
// the step between the two. Elsewhere the neighbour gives as much or more, or
// a neighbour of that, up to a top: a pixel without greater neighbours. For all
// tops of one level, mostly of 255, the set of pixels of that level or more is
// grown at once, by its distances along columns and then by chords along rows.
type far struct {
	d             *disc
	src           []uint8 // the block and a border of the radius and one pixel
	srcW, srcH    int
	dst           []uint8 // the block, with room on both sides for all that src's pixels reach
	width, height int     // of the block
	distances     []int32 // along columns, of the block's rows in src's width
	column        []int32
}

// growFar returns the block within r, grown, or nil where chords are faster: where much of it
// is soft, so that there would be too many crescents, or where there are tops of many levels,
// as in noise.
func (d *disc) growFar(m *Mask, r image.Rectangle) []uint8 {
	around := r.Inset(-d.radius - 1)
	f := &far{d: d, srcW: around.Dx(), srcH: around.Dy(), width: r.Dx(), height: r.Dy()}
	f.src = make([]uint8, f.srcW*f.srcH)
	m.read(f.src, f.srcW, around)
	soft := 0
	for _, v := range f.src {
		if v-1 < 254 {
			soft++
		}
	}
	if soft > len(f.src)/softShare {
		return nil
	}
	levels := f.tops()
	if len(levels) > 1+d.radius/levelRadius {
		return nil
	}
	f.dst = make([]uint8, f.height*d.farStride)
	f.crescents()
	for _, v := range levels {
		f.level(v)
	}
	out := make([]uint8, f.width*f.height)
	for y := range f.height {
		copy(out[y*f.width:][:f.width], f.row(y))
	}
	return out
}

const (
	// softShare is the inverse share of soft pixels above which crescents are slower than
	// chords.
	softShare = 8
	// levelRadius is the increase of the radius that makes chords slower by the cost of one
	// level.
	levelRadius = 6
)

// row returns a row of the block.
func (f *far) row(y int) []uint8 {
	return f.dst[y*f.d.farStride+2*f.d.radius:][:f.width]
}

// neighbours are the steps to the eight pixels around one, the nearer ones first.
var neighbours = [8]image.Point{{-1, 0}, {1, 0}, {0, -1}, {0, 1}, {-1, -1}, {1, -1}, {-1, 1}, {1, 1}}

// tops returns the levels at which there are tops, the greatest first.
func (f *far) tops() []uint8 {
	var found [256]bool
	found[255] = slices.Contains(f.src, 255)
	f.eachSoft(func(x, y int, v uint8) {
		if !found[v] && f.greater(x, y) < 0 {
			found[v] = true
		}
	})
	var levels []uint8
	for v := 255; v > 0; v-- {
		if found[v] {
			levels = append(levels, uint8(v))
		}
	}
	return levels
}

// crescents adds the crescents of all pixels that have one.
func (f *far) crescents() {
	margin := f.d.radius + 1
	f.eachSoft(func(x, y int, v uint8) {
		if i := f.greater(x, y); i >= 0 {
			f.add(&f.d.crescents[i], x-margin, y-margin, v)
		}
	})
}

// eachSoft calls visit for the pixels of src that are partly covered. Those at its edge, which
// are too far from the block to reach it, only serve as neighbours.
func (f *far) eachSoft(visit func(x, y int, v uint8)) {
	for y := 1; y < f.srcH-1; y++ {
		line := f.src[y*f.srcW:][:f.srcW]
		if allZero(line) {
			continue
		}
		for x := 1; x < f.srcW-1; x++ {
			if v := line[x]; v-1 < 254 {
				visit(x, y, v)
			}
		}
	}
}

// greater returns which neighbour of a pixel of src is greater, -1 for none.
func (f *far) greater(x, y int) int {
	at := y*f.srcW + x
	for i, n := range neighbours {
		if f.src[at+n.Y*f.srcW+n.X] > f.src[at] {
			return i
		}
	}
	return -1
}

// add raises the block by a crescent around (x, y), limited to v.
func (f *far) add(c *crescent, x, y int, v uint8) {
	from, to := max(-f.d.radius, -y), min(f.d.radius+1, f.height-y)
	at := y*f.d.farStride + 2*f.d.radius + x
	for _, p := range c.pixels[c.rows[from+f.d.radius]:c.rows[to+f.d.radius]] {
		i := at + int(p.offset)
		f.dst[i] = max(f.dst[i], min(p.coverage, v))
	}
}

// level raises the block by all pixels of src of a level or more, as if they
// were of that level.
func (f *far) level(v uint8) {
	f.measure(v)
	for y := range f.height {
		to, distances := f.row(y), f.distances[y*f.srcW:][:f.srcW]
		f.chords(to, distances, v)
		f.rims(to, distances, v)
	}
}

// measure sets the distance along columns to the nearest pixel of level v or more.
func (f *far) measure(v uint8) {
	if f.distances == nil {
		f.distances, f.column = make([]int32, f.height*f.srcW), make([]int32, f.srcW)
	}
	margin := f.d.radius + 1
	step := func(y int) {
		for x, c := range f.src[y*f.srcW:][:f.srcW] {
			f.column[x]++
			if c >= v {
				f.column[x] = 0
			}
		}
	}
	start := func() {
		for x := range f.column {
			f.column[x] = int32(f.d.radius) // and so more than it after a step
		}
	}
	start()
	for y := range margin + f.height {
		if step(y); y >= margin {
			copy(f.distances[(y-margin)*f.srcW:], f.column)
		}
	}
	start()
	for y := f.srcH - 1; y >= margin; y-- {
		if step(y); y < margin+f.height {
			for x, d := range f.distances[(y-margin)*f.srcW:][:f.srcW] {
				f.distances[(y-margin)*f.srcW+x] = min(d, f.column[x])
			}
		}
	}
}

// chords raises a row to v where the disc around some pixel covers it in full:
// at a distance along the column that is half a chord to each side.
func (f *far) chords(to []uint8, distances []int32, v uint8) {
	margin := f.d.radius + 1
	reach := -1
	for x, d := range distances[:margin+len(to)] {
		if int(d) <= f.d.radius {
			reach = max(reach, x+f.d.rows[d].flat)
		}
		if x >= margin && x <= reach {
			to[x-margin] = max(to[x-margin], v)
		}
	}
	reach = len(distances)
	for x := len(distances) - 1; x >= margin; x-- {
		if d := distances[x]; int(d) <= f.d.radius {
			reach = min(reach, x-f.d.rows[d].flat)
		}
		if x-margin < len(to) && x >= reach {
			to[x-margin] = max(to[x-margin], v)
		}
	}
}

// rims raises a row by the discs' antialiased rims. Towards a column that is as
// near or nearer its disc reaches further.
func (f *far) rims(to []uint8, distances []int32, v uint8) {
	margin := f.d.radius + 1
	raise := func(x int, coverage uint8) {
		if x >= 0 && x < len(to) {
			to[x] = max(to[x], min(coverage, v))
		}
	}
	for x := 1; x < len(distances)-1; x++ {
		d := distances[x]
		left, right := distances[x-1] > d, distances[x+1] > d
		if int(d) > f.d.radius || !left && !right {
			continue
		}
		for _, p := range f.d.rows[d].rim {
			if left {
				raise(x-margin-p.dx, p.coverage)
			}
			if right {
				raise(x-margin+p.dx, p.coverage)
			}
		}
	}
}

// crescent is the area in which a disc covers more than the same disc moved by a step, and its
// coverage there.
type crescent struct {
	rows   []int // where each row begins in pixels, from the topmost on, and where the last one ends
	pixels []crescentPixel
}

type crescentPixel struct {
	offset   int32 // from the disc's middle, in rows of farStride
	coverage uint8
}

// prepareFar makes what growFar needs for blocks up to a width.
func (d *disc) prepareFar(width int) {
	d.farStride = width + 4*d.radius
	for i, step := range neighbours {
		d.crescents[i] = d.crescent(step)
	}
}

// crescent returns what d covers beyond the disc around a neighbour.
func (d *disc) crescent(step image.Point) crescent {
	var c crescent
	for dy := -d.radius; dy <= d.radius; dy++ {
		c.rows = append(c.rows, len(c.pixels))
		row := d.rows[max(dy, -dy)]
		inner := -1 // the neighbour's disc covers in full so far to each side
		if other := max(dy-step.Y, step.Y-dy); other <= d.radius {
			inner = d.rows[other].flat - 1
		}
		outer := row.flat + len(row.rim)
		for dx := -outer; dx <= outer; dx++ {
			if inner >= 0 && dx == -inner {
				dx = inner + 1
			}
			if v := d.at(dx, dy); v > d.at(dx-step.X, dy-step.Y) {
				c.pixels = append(c.pixels, crescentPixel{int32(dy*d.farStride + dx), v})
			}
		}
	}
	c.rows = append(c.rows, len(c.pixels))
	return c
}

// at returns what the disc covers of a pixel at a place from its middle.
func (d *disc) at(dx, dy int) uint8 {
	dx, dy = max(dx, -dx), max(dy, -dy)
	if dy > d.radius {
		return 0
	}
	row := &d.rows[dy]
	if dx <= row.flat {
		return 255
	}
	if i := dx - row.flat - 1; i < len(row.rim) {
		return row.rim[i].coverage
	}
	return 0
}
