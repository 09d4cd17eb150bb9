package fill

// prior is what speaks against a source before anything was compared. It
// leads the choice at the coarsest level; the levels below follow.
type prior struct {
	w       int
	perStep float32
	// taste is this variant's dislike of each cell of the picture.
	taste []uint32
	cell  int // side of a cell in pixels
	cells int // in a row
}

const (
	distanceStrength = 5  // levels of brightness by which a source a hole's thickness away counts as worse
	tasteStrength    = 14 // levels by which the sources in a cell count as worse at most
)

// newPrior returns the prior of a variant. The first has no taste of its own.
func newPrior(l *level, o run) *prior {
	thick := l.thickness()
	p := &prior{w: l.w, perStep: area * 3 * distanceStrength * distanceStrength / float32(1+thick)}
	p.cell = max(4, thick)
	p.cells = l.w/p.cell + 1
	p.taste = make([]uint32, p.cells*(l.h/p.cell+1))
	if o.variant > 0 {
		r := newRandom(o.seed, 4)
		for i := range p.taste {
			p.taste[i] = uint32(r.intn(area * 3 * tasteStrength * tasteStrength))
		}
	}
	return p
}

// of returns the prior of the source s for the target (x, y), in the units of
// a patch's distance: what is near, above all at the same height, is likely to
// show the same things.
func (p *prior) of(x, y int, s int32) uint32 {
	u, v := int(s)%p.w, int(s)/p.w
	dx, dy := u-x, v-y
	return uint32(p.perStep*float32(max(dx, -dx)+2*max(dy, -dy))) + p.taste[v/p.cell*p.cells+u/p.cell]
}
