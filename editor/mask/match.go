package mask

import (
	"image/color"
	"math"
	"math/bits"
	"sync"

	"overpaint.dev/overpaint/editor/oklab"
)

// Difference returns the perceived difference of two colours, 0 to 255: 255 times their
// distance in OKLab, in which chroma counts twice as much as lightness, or the difference of
// their alpha, whichever is larger. Black and white differ by 255. Colours that can't be told
// apart differ by up to about 3.
func Difference(a, b color.NRGBA) int {
	m := match{seed: a, lab: labOf(a.R, a.G, a.B)}
	return m.difference([]uint8{b.R, b.G, b.B, b.A})
}

// lab is a colour in OKLab, so that distances are differences of 0 to 255.
type lab [3]float32

func labOf(r, g, b uint8) lab {
	l, u, v := oklab.FromSRGB(float32(r), float32(g), float32(b))
	return lab{255 * l, 510 * u, 510 * v}
}

func (a *lab) from(b lab) float32 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return float32(math.Sqrt(float64(x*x + y*y + z*z)))
}

// match tells which colours are within the tolerance.
type match struct {
	seed      color.NRGBA
	lab       lab
	tolerance int
	cells     [cellCount / cellsPerWord]uint32 // what is known of all colours of a cell
}

// Colours are sorted into cells of 8 levels of red, green and blue each.
const (
	cellBits  = 5
	cellCount = 1 << (3 * cellBits)
	// cellsPerWord are in a word of match.cells, two bits each, the first in the lowest,
	// so that all of them fit the fastest cache.
	cellsPerWord = 16
)

// What is known of the colours of a cell: one bit of two, or none.
const (
	cellOut uint32 = iota
	cellIn
	cellMixed // some are within the tolerance, or may be
)

// cells are the middles of the cells, and how far their colours are from these, at most.
var cells = sync.OnceValue(func() *[cellCount]struct {
	middle lab
	reach  float32
} {
	var all [cellCount]struct {
		middle lab
		reach  float32
	}
	for i := range all {
		r, g, b := uint8(i>>10<<3), uint8(i>>5<<3), uint8(i<<3)
		c := &all[i]
		c.middle = labOf(r+4, g+4, b+4)
		for corner := range uint8(8) {
			far := c.middle.from(labOf(r+corner&1*7, g+corner>>1&1*7, b+corner>>2*7))
			c.reach = max(c.reach, 1.1*far)
		}
	}
	return &all
})

// newMatch returns what matches a colour within a tolerance.
func newMatch(seed color.NRGBA, tolerance int) *match {
	m := &match{seed: seed, lab: labOf(seed.R, seed.G, seed.B), tolerance: min(max(tolerance, 0), 255)}
	most := float32(m.tolerance) + 0.5 // differences are rounded
	for i, c := range cells() {
		what := cellOut
		switch d := m.lab.from(c.middle); {
		case seed.A == 0 || m.tolerance == 255 || d+c.reach < most:
			what = cellIn
		case d-c.reach < most:
			what = cellMixed
		}
		m.cells[i/cellsPerWord] |= what << (i % cellsPerWord * 2)
	}
	return m
}

// alphas returns the least and the greatest alpha within the tolerance.
func (m *match) alphas() (low, high uint8) {
	return uint8(max(int(m.seed.A)-m.tolerance, 0)), uint8(min(int(m.seed.A)+m.tolerance, 255))
}

// row compares a row of pixels and sets a bit for each that is within the tolerance, the
// lowest of the first word for the first; to has a word for each 64 pixels or part of them.
func (m *match) row(to []uint64, pix []uint8) {
	for i := m.fastWords(to, pix); i < len(to); i++ {
		to[i] = m.word(pix[256*i : min(256*(i+1), len(pix))])
	}
}

// decide returns those of up to 64 pixels, given as bits, that are within the tolerance.
func (m *match) decide(mixed uint64, pix []uint8) (in uint64) {
	for ; mixed != 0; mixed &= mixed - 1 {
		i := bits.TrailingZeros64(mixed)
		if m.difference(pix[4*i:][:4]) <= m.tolerance {
			in |= 1 << i
		}
	}
	return in
}

// word compares up to 64 pixels and sets a bit for each that is within the
// tolerance, the lowest for the first.
func (m *match) word(pix []uint8) (out uint64) {
	low, high := m.alphas()
	for i := 0; len(pix) >= 4; i++ {
		p := pix[:4:4]
		pix = pix[4:]
		cell := int(p[0])>>3<<10 | int(p[1])>>3<<5 | int(p[2])>>3
		in := m.cells[cell/cellsPerWord] >> (cell % cellsPerWord * 2) & 3
		switch {
		case p[3] < low || p[3] > high:
			continue
		case in == cellMixed && m.difference(p) > m.tolerance:
			continue
		case in != cellOut:
			out |= 1 << i
		}
	}
	return out
}

// difference returns how much a pixel differs, 0 to 255. Those of invisible pixels count
// as any colour.
func (m *match) difference(p []uint8) int {
	d := abs(int(p[3]) - int(m.seed.A))
	if m.seed.A == 0 {
		return d
	}
	return max(d, min(int(m.lab.from(labOf(p[0], p[1], p[2]))+0.5), 255))
}

// levels returns the greatest difference of any channel of a pixel.
func (m *match) levels(p []uint8) int {
	d := abs(int(p[3]) - int(m.seed.A))
	if m.seed.A == 0 {
		return d
	}
	for i, v := range [...]uint8{m.seed.R, m.seed.G, m.seed.B} {
		d = max(d, abs(int(p[i])-int(v)))
	}
	return d
}

func abs(v int) int { return max(v, -v) }
