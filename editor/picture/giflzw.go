package picture

// Widths of GIF's literals in bits. The specification has 2 to 8; programs write others too.
const (
	leastLiteral = 1
	mostLiteral  = 11
)

// gifTable holds the strings that the codes of GIF's LZW stand for (GIF89a specification,
// appendix F): each is an earlier one with a byte more.
type gifTable struct {
	before [1 << 12]uint16 // the earlier string
	first  [1 << 12]byte
	last   [1 << 12]byte
	length [1 << 12]uint16
}

// unpackGIF expands LZW with literals of a width in bits into to, and returns the number of
// bytes before the end, or before what makes no sense. The code for the end may be missing.
func unpackGIF(to, data []byte, literal int) (n int) {
	if literal < leastLiteral || literal > mostLiteral {
		return 0
	}
	const most = 12 // bits of a code
	t := newGIFTable(literal)
	empty := 1 << literal // this code empties the table; the next one is the end
	next, width, previous := empty+2, literal+1, -1
	codes := gifCodes{data: data}
	for n < len(to) {
		code, ok := codes.take(width)
		switch {
		case !ok:
			return n
		case code == empty:
			next, width, previous = empty+2, literal+1, -1
			continue
		case code == empty+1, code >= 256 && code < empty, code > next, code == next && (previous < 0 || next == 1<<most):
			return n
		}
		if previous >= 0 && next < 1<<most {
			from := code
			if code == next { // the string before, with its own first byte behind it
				from = previous
			}
			t.add(next, previous, t.first[from])
			next++
		}
		if next == 1<<width && width < most {
			width++
		}
		n += t.write(to[n:], code)
		previous = code
	}
	return n
}

// gifCodes reads codes, each byte from its lowest bit on.
type gifCodes struct {
	data []byte
	bits uint
	have int
}

// take reads a code of a width in bits; ok is false at the end of the data.
func (c *gifCodes) take(width int) (code int, ok bool) {
	for ; c.have < width; c.have += 8 {
		if len(c.data) == 0 {
			return 0, false
		}
		c.bits |= uint(c.data[0]) << c.have
		c.data = c.data[1:]
	}
	code = int(c.bits & (1<<width - 1))
	c.bits, c.have = c.bits>>width, c.have-width
	return code, true
}

// newGIFTable returns a table of the literals alone.
func newGIFTable(literal int) *gifTable {
	t := &gifTable{}
	for i := range min(1<<literal, 256) {
		t.first[i], t.last[i], t.length[i] = byte(i), byte(i), 1
	}
	return t
}

// add makes a code stand for an earlier one's string with a byte behind it.
func (t *gifTable) add(code, before int, b byte) {
	t.before[code], t.first[code], t.last[code] = uint16(before), t.first[before], b
	t.length[code] = t.length[before] + 1
}

// write writes a code's string, as far as there is room, and returns how much that was.
func (t *gifTable) write(to []byte, code int) int {
	at := int(t.length[code])
	n := min(at, len(to))
	for ; at > n; at-- {
		code = int(t.before[code])
	}
	for ; at > 0; at-- {
		to[at-1] = t.last[code]
		code = int(t.before[code])
	}
	return n
}
