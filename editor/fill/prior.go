package fill

// prior is what speaks against a source before anything was compared. It
// leads the choice at the coarsest level; the levels below follow.
type prior struct {
	level   *level
	alone   bool // only the level's lines speak
	perStep float32
	// taste is this variant's dislike of each cell of the picture, or nil.
	taste []int32
	cell  int // side of a cell in pixels
	cells int // in a row
}

const (
	distanceStrength = 5    // levels of brightness by which a source a hole's thickness away counts as worse
	tasteStrength    = 0.15 // of the mean distance of two patches, by which a cell counts as worse at most
)

// newPrior returns the prior of a variant. The first has no taste of its own.
func newPrior(l *level, o run) *prior {
	p := &prior{level: l, perStep: area * 3 * distanceStrength * distanceStrength / float32(1+l.thick)}
	if o.variant > 0 {
		p.cell = max(4, l.thick)
		p.cells = l.w/p.cell + 1
		p.taste = make([]int32, p.cells*(l.h/p.cell+1))
		r := newRandom(o.seed, 4)
		most := 1 + int(tasteStrength*l.contrast(&r))
		for i := range p.taste {
			p.taste[i] = int32(r.intn(most))
		}
	}
	return p
}

// newLinesPrior returns the prior by which only l's lines speak, or nil where it has none.
func newLinesPrior(l *level) *prior {
	if l.lines == nil {
		return nil
	}
	return &prior{level: l, alone: true}
}

// contrast returns the mean distance of the patches about two sources, from a sample.
func (l *level) contrast(r *random) float64 {
	if len(l.sources) == 0 {
		return 0
	}
	const pairs = 256
	sum := 0.0
	for range pairs {
		a, b := int(l.sources[r.intn(len(l.sources))]), int(l.sources[r.intn(len(l.sources))])
		for k := range area {
			step := (k/side-radius)*l.w + k%side - radius
			a0, a1, a2 := unpack(l.pix[a+step])
			b0, b1, b2 := unpack(l.pix[b+step])
			d0, d1, d2 := float64(a0)-float64(b0), float64(a1)-float64(b1), float64(a2)-float64(b2)
			sum += d0*d0 + d1*d1 + d2*d2
		}
	}
	return sum / pairs
}

// aimed is a prior for one target.
type aimed struct {
	*prior
	x, y   int
	smooth expected // of likely's guide
}

// aim returns the prior for the target (x, y).
func (p *prior) aim(x, y int) aimed {
	a := aimed{prior: p, x: x, y: y}
	if l := p.level; l.likely != nil {
		a.smooth = l.likely.smooth.at(x>>l.likelyShift, y>>l.likelyShift)
	}
	return a
}

// ofLines returns what the level's lines have against the source (u, v).
func (a *aimed) ofLines(u, v int) int32 {
	if a.level.lines == nil {
		return 0
	}
	return a.level.lines.against(a.x, a.y, u, v)
}

// of returns c with the rest of the prior of the source (u, v), in the units of a patch's
// distance: what is near is likelier to show the same things, and see likely. Its parts are
// not negative, and what is cheap comes first: as soon as the sum times part is at least
// limit, that sum is returned.
func (a *aimed) of(u, v int, c int32, part, limit float32) int32 {
	if a.alone {
		return c
	}
	dx, dy := u-a.x, v-a.y
	c += int32(a.perStep * float32(max(dx, -dx)+max(dy, -dy)))
	if float32(c)*part >= limit {
		return c
	}
	if a.taste != nil {
		c += a.taste[int(uint32(v)/uint32(a.cell))*a.cells+int(uint32(u)/uint32(a.cell))]
	}
	k := a.level.likely
	if k == nil {
		return c
	}
	n := a.level.likelyShift
	u, v = u>>n, v>>n
	c += k.variogram(u-a.x>>n, v-a.y>>n)
	if float32(c)*part >= limit {
		return c
	}
	return c + a.smooth.against(k.smooth, u, v)
}
