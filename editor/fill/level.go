package fill

import (
	"context"
	"image"
	"math/bits"
	"slices"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/parallel"
)

// The bits of a pixel's state.
const (
	unknown = 1 << iota // hole, or transparent and so without a colour
	hole                // to be filled
)

// level is one size of the picture. It is not changed once it was built, so
// that several variants can read it at once. Indices of pixels are y*w+x.
type level struct {
	w, h  int
	byW   uint64   // 2^64/w, rounded up
	pix   []uint32 // colour; 0 where unknown
	tex   []uint32 // texture features, or nil at the finest level
	state []uint8
	// norm is 0 where the patch about a pixel is not known whole. Such pixels
	// are no sources; the others have the sum of the patch's squares, less a
	// part of its variance (see liveliness), plus 1.
	norm []uint32
	// sources are the indices of all sources in ascending order; nil where
	// there are so many that some at random would find nothing.
	sources []int32
	count   int   // how many sources there are
	first   int32 // one of them
	// box holds all targets: the centres of the patches that overlap the
	// hole and lie within the picture.
	box     image.Rectangle
	target  []bool // over box
	targets int    // how many there are
	// depth is, over cover, the distance of a pixel from a known one by the
	// larger coordinate, 0 if it is known itself, at most 255. thick is the
	// greatest of the hole, without that limit, or nothingKnown where transparent
	// pixels are all around it. The picture's own edge is no known pixel: a border
	// to be filled is as thick as it is wide.
	depth []uint8
	thick int
	// likely is set where a hole can be filled from nothing, and belongs to the
	// level that is 1<<likelyShift times as small.
	likely      *likely
	likelyShift int
	lines       *lines // that go on through the hole, or nil
}

const (
	bandRows  = 16      // rows that one goroutine takes at a time
	mostToTry = 300_000 // sources, above which none are tried at random

	nothingKnown = 1 << 30 // the thickness of a hole that no known pixel is near
)

// newLevel0 returns the finest level: the rectangle r of img with a part of
// the hole, less the trend t. Other parts of the hole, and pixels of less than
// half opacity or too far from the trend to be kept, are unknown.
func newLevel0(ctx context.Context, workers parallel.Workers, img *image.NRGBA, p part, t *trend, r image.Rectangle) (*level, error) {
	l := newLevel(r.Dx(), r.Dy())
	err := workers.Range(ctx, l.h, bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			i := y * l.w
			for x := range l.w {
				at := image.Pt(r.Min.X+x, r.Min.Y+y)
				q := img.Pix[img.PixOffset(at.X, at.Y):]
				switch {
				case at.In(p.mask.Rect) && p.mask.Pix[p.mask.PixOffset(at.X, at.Y)] > 0:
					l.state[i+x] = unknown
					if p.has(at) {
						l.state[i+x] |= hole
					}
				case q[3] < 128:
					l.state[i+x] = unknown
				case t == nil:
					l.pix[i+x] = pack(uint32(q[0]), uint32(q[1]), uint32(q[2]))
				default:
					var fits bool
					if l.pix[i+x], fits = t.without(q, at); !fits {
						l.state[i+x] = unknown
					}
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return l, l.survey(ctx, workers)
}

func newLevel(w, h int) *level {
	return &level{w: w, h: h, byW: ^uint64(0)/uint64(w) + 1, pix: make([]uint32, w*h), state: make([]uint8, w*h)}
}

// place returns the coordinates of pixel i of a level that is more than one pixel wide. The
// division costs one multiplication: by 2^64/w, whose error adds less than 1/2^32 to the quotient.
func (l *level) place(i int32) (x, y int) {
	row, _ := bits.Mul64(uint64(i), l.byW)
	return int(i) - int(row)*l.w, int(row)
}

// half returns the level at half the size: a pixel is the mean of the four
// below it, and hole or unknown where any of them is.
func (l *level) half(ctx context.Context, workers parallel.Workers) (*level, error) {
	d := newLevel((l.w+1)/2, (l.h+1)/2)
	d.tex = make([]uint32, d.w*d.h)
	err := workers.Range(ctx, d.h, bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range d.w {
				l.reduce(d, x, y)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return d, d.survey(ctx, workers)
}

// reduce computes the pixel (x, y) of d, the level above l.
func (l *level) reduce(d *level, x, y int) {
	var pix, tex uint64
	var n uint32
	var state uint8
	for v := 2 * y; v < min(2*y+2, l.h); v++ {
		for u := 2 * x; u < min(2*x+2, l.w); u++ {
			i := v*l.w + u
			state |= l.state[i]
			pix += spread(l.pix[i])
			if l.tex != nil {
				tex += spread(l.tex[i])
			} else {
				tex += spread(l.texture(u, v))
			}
			n++
		}
	}
	i := y*d.w + x
	d.state[i] = state
	if state == 0 {
		d.pix[i] = divide(pix, n)
		d.tex[i] = divide(tex, n)
	}
}

// texture returns the texture features of a pixel of the finest level: the
// steps of brightness to the right and down, magnified so that they weigh
// about as much as the colours (Newson et al. 2014, section 3.2).
func (l *level) texture(x, y int) uint32 {
	const gain = 4
	i := y*l.w + x
	step := func(j int) uint32 {
		if (l.state[i]|l.state[j])&unknown != 0 {
			return 0
		}
		d := luma(l.pix[i]) - luma(l.pix[j])
		return uint32(min(255, gain*max(d, -d)/4))
	}
	return pack(step(y*l.w+min(x+1, l.w-1)), 0, step(min(y+1, l.h-1)*l.w+x))
}

// luma returns four times the brightness of a packed colour.
func luma(v uint32) int32 {
	r, g, b := unpack(v)
	return int32(r + 2*g + b)
}

// survey finds sources and targets.
func (l *level) survey(ctx context.Context, workers parallel.Workers) error {
	l.norm = make([]uint32, l.w*l.h)
	if l.centres().Empty() {
		return nil // smaller than a patch
	}
	l.box = l.holeBox().Inset(-radius).Intersect(l.centres())
	if l.box.Empty() {
		l.box = image.Rectangle{}
	}
	l.target = make([]bool, l.box.Dx()*l.box.Dy())
	perRow := make([]int, l.h+1)
	var targets atomic.Int64
	err := workers.Range(ctx, l.h-2*radius, bandRows, func(y0, y1 int) {
		targets.Add(int64(l.surveyRows(y0+radius, y1+radius, perRow)))
	})
	if err != nil {
		return err
	}
	l.targets = int(targets.Load())
	l.measure()
	n := 0
	for y, k := range perRow {
		perRow[y] = n
		n += k
	}
	l.count = n
	l.first = int32(slices.IndexFunc(l.norm, func(v uint32) bool { return v != 0 }))
	if n > mostToTry {
		return nil
	}
	l.sources = make([]int32, n)
	return workers.Range(ctx, l.h, bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			k := perRow[y]
			for i := y * l.w; i < (y+1)*l.w; i++ {
				if l.norm[i] != 0 {
					l.sources[k] = int32(i)
					k++
				}
			}
		}
	})
}

// centres returns where the centre of a patch within the picture may lie.
func (l *level) centres() image.Rectangle {
	if l.w < side || l.h < side {
		return image.Rectangle{}
	}
	return image.Rect(radius, radius, l.w-radius, l.h-radius)
}

// holeBox returns the smallest rectangle about the hole.
func (l *level) holeBox() image.Rectangle {
	var box image.Rectangle
	for y := range l.h {
		row := l.state[y*l.w : (y+1)*l.w]
		x0, x1 := l.w, 0
		for x, s := range row {
			if s&hole != 0 {
				x0, x1 = min(x0, x), x+1
			}
		}
		if x1 > 0 {
			box = box.Union(image.Rect(x0, y, x1, y+1))
		}
	}
	return box
}

// column holds the sums over the pixels of a column within the rows of a patch.
type column struct {
	colour          uint64 // the lanes of the colours
	squares, tex    uint32 // of the colours, of the texture
	unknown, inHole uint8  // how many
}

// add adds pixel i of l, or takes it away.
func (c *column) add(l *level, i int, away bool) {
	v := column{colour: spread(l.pix[i]), squares: square(l.pix[i]), unknown: l.state[i] & unknown, inHole: l.state[i] & hole / hole}
	if l.tex != nil {
		v.tex = square(l.tex[i])
	}
	if away {
		v.colour, v.squares, v.tex, v.unknown, v.inHole = -v.colour, -v.squares, -v.tex, -v.unknown, -v.inHole
	}
	c.join(v)
}

func (c *column) join(v column) {
	c.colour += v.colour
	c.squares += v.squares
	c.tex += v.tex
	c.unknown += v.unknown
	c.inHole += v.inHole
}

// surveyRows marks and counts the sources and targets of the rows y0 to y1
// with sums that slide down the columns and along the rows. It returns the number of targets.
func (l *level) surveyRows(y0, y1 int, perRow []int) (targets int) {
	columns := make([]column, l.w)
	add := func(y int, away bool) {
		for x := range columns {
			columns[x].add(l, y*l.w+x, away)
		}
	}
	for y := y0 - radius; y < y0+radius; y++ {
		add(y, false)
	}
	for y := y0; y < y1; y++ {
		add(y+radius, false)
		var sum column
		for x := range 2 * radius {
			sum.join(columns[x])
		}
		for x := radius; x < l.w-radius; x++ {
			sum.join(columns[x+radius])
			switch {
			case sum.unknown == 0:
				l.norm[y*l.w+x] = sum.norm()
				perRow[y]++
			case sum.inHole > 0:
				l.target[(y-l.box.Min.Y)*l.box.Dx()+x-l.box.Min.X] = true
				targets++
			}
			out := columns[x-radius]
			sum.colour -= out.colour
			sum.squares -= out.squares
			sum.tex -= out.tex
			sum.unknown -= out.unknown
			sum.inHole -= out.inHole
		}
		add(y-radius, true)
	}
	return targets
}

// liveliness is how much of a source's own variance is taken off its
// distances. The distance of two unrelated patches is the sum of their
// variances, so that without this what is plain would win everywhere.
const (
	liveliness = 0.4
	// livelyEnough is the variance, as a sum over the patch, beyond which there
	// is no more taken off: it would draw strong edges to the patch's middle.
	livelyEnough = 3 * area * 20 * 20
)

// norm returns what level.norm has for the patch whose sums are in c.
func (c *column) norm() uint32 {
	r, g, b := lanes(c.colour)
	mean := (float32(r)*float32(r) + float32(g)*float32(g) + float32(b)*float32(b)) / area
	return c.squares + c.tex + 1 - uint32(liveliness*min(livelyEnough, max(0, float32(c.squares)-mean)))
}

// cover returns what all targets' patches cover together, the hole included;
// that is all of a picture that is smaller than a patch.
func (l *level) cover() image.Rectangle {
	if l.box.Empty() {
		return image.Rect(0, 0, l.w, l.h)
	}
	return l.box.Inset(-radius)
}

// measure computes depth and thick, in one sweep downwards and one upwards.
func (l *level) measure() {
	r := l.cover()
	w, h := r.Dx(), r.Dy()
	dist := make([]int32, w*h)
	at := func(x, y int) int32 {
		if x < 0 || y < 0 || x >= w || y >= h {
			return nothingKnown
		}
		return dist[y*w+x]
	}
	for y := range h {
		for x := range w {
			if l.state[(r.Min.Y+y)*l.w+r.Min.X+x]&unknown != 0 {
				dist[y*w+x] = min(nothingKnown, 1+min(at(x-1, y), at(x-1, y-1), at(x, y-1), at(x+1, y-1)))
			}
		}
	}
	l.depth = make([]uint8, w*h)
	for y := h - 1; y >= 0; y-- {
		for x := w - 1; x >= 0; x-- {
			d := min(dist[y*w+x], 1+min(at(x+1, y), at(x-1, y+1), at(x, y+1), at(x+1, y+1)))
			dist[y*w+x] = d
			if l.state[(r.Min.Y+y)*l.w+r.Min.X+x]&hole != 0 {
				l.thick = max(l.thick, int(d))
			}
			l.depth[y*w+x] = uint8(min(255, d))
		}
	}
}
