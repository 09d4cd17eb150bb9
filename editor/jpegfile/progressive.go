package jpegfile

// progressiveRow returns the decoder of a row for the scan's band and bits
// (annex G.1, decoding by G.2).
func (s *scanReader) progressiveRow() func(y int) error {
	var block func(p *scanPart, b *[64]int16) bool
	switch sc := s.scan; {
	case sc.ss == 0 && sc.ah == 0:
		block = s.firstDC
	case sc.ss == 0:
		block = s.refineDC
	case sc.ah == 0:
		return s.firstACRow
	default:
		block = s.refineAC
	}
	return func(int) error {
		for x := range s.cols {
			if err := s.mcu(); err != nil {
				return err
			}
			for i := range s.parts {
				p := &s.parts[i]
				for v := range p.v {
					at := 64 * (v*p.stride + x*p.h)
					for range p.h {
						if !block(p, (*[64]int16)(p.coefficients[at:])) {
							return damaged("an impossible code")
						}
						at += 64
					}
				}
			}
		}
		if s.overrun() {
			return damaged("cut off in a scan")
		}
		return nil
	}
}

func (s *scanReader) firstDC(p *scanPart, b *[64]int16) bool {
	v, ok := s.nextDC(p, uint(s.scan.al))
	if ok {
		b[0] = v
	}
	return ok
}

func (s *scanReader) refineDC(_ *scanPart, b *[64]int16) bool {
	b[0] |= int16(s.take(1) << s.scan.al)
	return true
}

// firstACRow decodes a row of blocks of a band's first scan. Blocks that a run
// covers are passed by at once.
func (s *scanReader) firstACRow(int) error {
	p := &s.parts[0]
	for x := 0; x < s.cols; x++ {
		if s.run > 0 && s.restart == 0 {
			n := min(int(s.run), s.cols-x)
			s.run -= int32(n)
			x += n - 1
			continue
		}
		if err := s.mcu(); err != nil {
			return err
		}
		if s.run > 0 {
			s.run--
			continue
		}
		if !s.firstAC(p.ac, (*[64]int16)(p.coefficients[64*x:])) {
			return damaged("an impossible code")
		}
	}
	if s.overrun() {
		return damaged("cut off in a scan")
	}
	return nil
}

func (s *scanReader) firstAC(h *huffman, b *[64]int16) bool {
	se, al := s.scan.se, uint(s.scan.al)
	for k := s.scan.ss; k <= se; {
		if s.n < 32 {
			s.fill()
		}
		var v int32
		if q := h.quick[s.acc>>(64-lookupBits)]; q != 0 {
			s.acc <<= q & 63
			s.n -= int(q & 63)
			k += int(q >> 8 & 0xff)
			v = int32(int16(q >> 16))
		} else {
			symbol := s.symbol(h)
			size := uint(symbol & 15)
			switch {
			case symbol < 0:
				return false
			case size == 0 && symbol != 0xf0:
				r := uint(symbol >> 4)
				s.run = 1<<r + s.take(r) - 1
				return true
			case size == 0:
				k += 16
				continue
			}
			k += symbol >> 4
			v = extend(s.take(size), size)
		}
		v <<= al
		if k > se || v > 1<<15-1 || v < -(1<<15-1) {
			return false
		}
		b[k] = int16(v)
		k++
	}
	return true
}

// refineAC adds a bit to the coefficients that are known not to be zero, and
// finds those whose first bit it is (G.1.2.3).
func (s *scanReader) refineAC(p *scanPart, b *[64]int16) bool {
	k, se, bit := s.scan.ss, s.scan.se, int16(1)<<s.scan.al
	for s.run == 0 && k <= se {
		symbol := s.symbol(p.ac)
		if symbol < 0 {
			return false
		}
		zeros := symbol >> 4
		var v int16
		switch symbol & 15 {
		case 0:
			if zeros < 15 {
				s.run = 1<<uint(zeros) + s.take(uint(zeros))
			}
		case 1:
			v = -bit
			if s.take(1) != 0 {
				v = bit
			}
		default:
			return false
		}
		if s.run > 0 {
			break
		}
		k = s.refine(b, k, zeros, bit)
		if v != 0 {
			if k > se {
				return false
			}
			b[k] = v
		}
		k++
	}
	if s.run > 0 {
		s.refine(b, k, 64, bit)
		s.run--
	}
	return true
}

// refine reads a bit for each coefficient from k on that is not zero, until it
// has passed so many that are; it returns the place of the next that is, or the
// one behind the band.
func (s *scanReader) refine(b *[64]int16, k, zeros int, bit int16) int {
	for ; k <= s.scan.se; k++ {
		v := b[k]
		if v == 0 {
			if zeros == 0 {
				break
			}
			zeros--
			continue
		}
		if s.take(1) != 0 && v&bit == 0 {
			if v > 0 {
				b[k] = v + bit
			} else {
				b[k] = v - bit
			}
		}
	}
	return k
}

// progression watches whether scans refine each other in the standard's order
// (G.1.1.1): only then can they be written as they were read.
type progression struct {
	regular bool
	bits    [][64]int8 // the lowest bit that is known, -1 for nothing
}

func newProgression(components int) progression {
	p := progression{regular: true, bits: make([][64]int8, components)}
	for i := range p.bits {
		for k := range p.bits[i] {
			p.bits[i][k] = -1
		}
	}
	return p
}

func (p *progression) add(sc *scan) {
	for _, c := range sc.components {
		bits := &p.bits[c.index]
		if sc.ss > 0 && bits[0] < 0 {
			p.regular = false
		}
		for k := sc.ss; k <= sc.se; k++ {
			if sc.ah == 0 && bits[k] >= 0 || sc.ah > 0 && int(bits[k]) != sc.ah {
				p.regular = false
			}
			bits[k] = int8(sc.al)
		}
	}
}

// plainScript is a progression without refinements, for files whose own can't be
// written again.
func plainScript(components int) []scan {
	var all scan
	for i := range components {
		all.components = append(all.components, scanComponent{index: i})
	}
	script := []scan{all}
	for _, band := range [][2]int{{1, 5}, {6, 63}} {
		for i := range components {
			script = append(script, scan{components: []scanComponent{{index: i}}, ss: band[0], se: band[1]})
		}
	}
	return script
}
