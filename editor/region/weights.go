package region

import (
	"encoding/binary"
	"image"
	"math"
	"sync"

	"overpaint.dev/overpaint/editor/parallel"
)

// weights returns the weight (0 to 255) of each pixel of a plane of coverage:
// the largest, over all pixels of the mask, of its coverage let fall off with
// the distance. It is never less than the coverage, and 0 beyond reach.
func (f *falloff) weights(a *image.Alpha) *image.Alpha {
	out := image.NewAlpha(a.Rect)
	w, h := a.Rect.Dx(), a.Rect.Dy()
	reach := int(math.Ceil(f.reach))
	height := max(64, 4*reach) // neighbours work twice on what is in reach of both
	scratch := sync.Pool{New: func() any { return newStrip(f, w, min(height+2*reach, h)) }}
	parallel.All(h, height, func(from, to int) {
		for y := from; y < to; y++ {
			copy(out.Pix[y*out.Stride:][:w], a.Pix[y*a.Stride:])
		}
		if reach == 0 {
			return
		}
		s := scratch.Get().(*strip)
		defer scratch.Put(s)
		top := max(from-reach, 0)
		s.read(a, top, min(to+reach, h))
		s.columns()
		for y := from; y < to; y++ {
			s.row(y-top, out.Pix[y*out.Stride:][:w])
		}
	})
	return out
}

// strip is the scratch of weights for some rows of pixels. It works on words of
// eight pixels, and only on those that are near the mask's edge.
type strip struct {
	*envelope
	falloff     *falloff
	words, rows int
	coverage    []uint64     // row by row, the first pixel in the lowest byte
	across      []kind       // of each word, row by row; none where no column reaches it
	down        []kind       // of each word, column by column
	squared     [][8]float32 // by the distance along columns, where across is some
	line        []float32
}

// kind is what the pixels of a word are.
type kind uint8

const (
	none kind = iota // none of them counts
	some
	all // all of them are covered in full
)

func newStrip(f *falloff, width, rows int) *strip {
	words := ceilDiv(width, 8)
	n := words * rows
	longest := max(8*words, rows) + 2
	return &strip{
		envelope: newEnvelope(longest, int(math.Ceil(f.reach))), falloff: f, words: words,
		coverage: make([]uint64, n), across: make([]kind, n), down: make([]kind, n),
		squared: make([][8]float32, n), line: make([]float32, 8*longest),
	}
}

// read takes the rows from to to.
func (s *strip) read(a *image.Alpha, from, to int) {
	s.rows = to - from
	width := a.Rect.Dx()
	for y := range s.rows {
		pix := a.Pix[(from+y)*a.Stride:][:width]
		for k := range s.words {
			var c uint64
			if len(pix) >= 8 {
				c = binary.LittleEndian.Uint64(pix)
				pix = pix[8:]
			} else {
				// The last pixel goes on: further away it adds nothing.
				for i := range 8 {
					c |= uint64(pix[min(i, len(pix)-1)]) << (8 * i)
				}
			}
			across, down := none, none
			switch c {
			case 0:
			case 1<<64 - 1:
				across, down = all, all
			default:
				down = some
			}
			s.coverage[y*s.words+k], s.across[y*s.words+k], s.down[k*s.rows+y] = c, across, down
		}
	}
}

// reached calls do for the stretches of a line that are not covered in full and
// no further than reach from anything that counts.
func reached(line []kind, reach int, do func(lo, hi int)) {
	lo, hi := 0, 0 // the stretch that has begun
	for i := 0; i < len(line); i++ {
		if line[i] == none {
			continue
		}
		if from := i - reach; from > hi || lo == hi {
			if lo < hi {
				do(lo, hi)
			}
			lo = max(from, hi)
		}
		if line[i] == all {
			if lo < i {
				do(lo, i)
			}
			for i+1 < len(line) && line[i+1] == all {
				i++
			}
			lo = i + 1
		}
		hi = min(i+reach+1, len(line))
	}
	if lo < hi {
		do(lo, hi)
	}
}

// columns transforms the coverage along columns.
func (s *strip) columns() {
	for k := range s.words {
		kinds := s.down[k*s.rows:][:s.rows]
		reached(kinds, s.reach, func(lo, hi int) {
			// What is covered in full at the ends counts too.
			from, to := lo, hi
			if lo > 0 && kinds[lo-1] == all {
				from--
			}
			if hi < s.rows && kinds[hi] == all {
				to++
			}
			n := to - from
			for y := range n {
				c := s.coverage[(from+y)*s.words+k]
				for i := range 8 {
					s.line[i*n+y] = s.falloff.squared[uint8(c>>(8*i))]
				}
			}
			for i := range 8 {
				s.transform(s.line[i*n:][:n])
			}
			for y := lo; y < hi; y++ {
				at := y*s.words + k
				s.across[at] = some
				for i := range 8 {
					s.squared[at][i] = s.line[i*n+y-from]
				}
			}
		})
	}
}

// row transforms a row of what columns left and raises its weights.
func (s *strip) row(y int, weight []uint8) {
	kinds := s.across[y*s.words:][:s.words]
	full2 := float32(s.falloff.full * s.falloff.full)
	reach2 := float32(s.falloff.reach * s.falloff.reach)
	reached(kinds, ceilDiv(s.reach, 8), func(lo, hi int) {
		line := s.line[:1+8*(hi-lo)+1]
		line[0], line[len(line)-1] = far, far
		if lo > 0 && kinds[lo-1] == all {
			line[0] = 0
		}
		if hi < s.words && kinds[hi] == all {
			line[len(line)-1] = 0
		}
		for k := lo; k < hi; k++ {
			to := (*[8]float32)(line[1+8*(k-lo):])
			if kinds[k] == some {
				*to = s.squared[y*s.words+k]
			} else {
				*to = [8]float32{far, far, far, far, far, far, far, far}
			}
		}
		s.transform(line)
		part := weight[8*lo : min(8*hi, len(weight))]
		for i, d2 := range line[1:][:len(part)] {
			switch {
			case d2 <= full2:
				part[i] = 255
			case d2 < reach2:
				part[i] = max(part[i], uint8(255*s.falloff.at(math.Sqrt(float64(d2)))+0.5))
			}
		}
	})
}
