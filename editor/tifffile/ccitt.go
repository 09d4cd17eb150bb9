package tifffile

import "strings"

// Fax coding (ITU-T T.4 and T.6): rows are runs of white and black pixels. A row
// is coded by itself, or by how its changes of colour lie to those of the row above.

// faxOptions is how a strip's rows are coded.
type faxOptions struct {
	width, height int
	// group4 has all rows coded by the row above, without marks between them.
	// twoDimensional is group 3 in which a bit behind each mark says how. aligned
	// begins each row at a whole byte, or two (words).
	group4, twoDimensional, aligned, words bool
}

// White and black codes of runs of 0 to 63 pixels, then of 64, 128, ... 1728
// (T.4, tables 2 and 3a), and those for both colours of 1792, 1856, ... 2560.
const (
	whiteCodes = `00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101
		101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000
		00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000
		00101001 00101010 00101011 00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011
		01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 01001010 01001011 00110010
		00110011 00110100
		11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101
		011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011
		010011000 010011001 010011010 011000 010011011`
	blackCodes = `0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111
		000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000
		00000010111 00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001
		000001101010 000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111
		000001101100 000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111
		000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111
		000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111
		0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100
		0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011
		0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100
		0000001010101 0000001011010 0000001011011 0000001100100 0000001100101`
	longCodes = `00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101
		000000010110 000000010111 000000011100 000000011101 000000011110 000000011111`
	// modeCodes are those of T.4's table 4 in the order of the modes.
	modeCodes = `0001 001 0000010 000010 010 1 011 000011 0000011`
)

// The modes of a row that is coded by the one above. Between modeVertical-3 and
// +3 the change lies as many pixels to the right of the one above.
const (
	modePass = iota
	modeHorizontal
	modeVertical = 5
)

const faxBits = 13 // of the longest code

// code is what the next bits mean: the value, and how many of them it takes, 0
// where no code begins like that.
type code struct {
	value int16
	bits  uint8
}

var (
	runs  = [2][]code{codeTable(runCodes(whiteCodes)), codeTable(runCodes(blackCodes))}
	modes = codeTable(numbered(modeCodes))
)

func numbered(codes string) map[string]int {
	all := map[string]int{}
	for i, c := range strings.Fields(codes) {
		all[c] = i
	}
	return all
}

// runCodes returns the lengths of runs by their codes.
func runCodes(colour string) map[string]int {
	all := map[string]int{}
	for i, c := range strings.Fields(colour + " " + longCodes) {
		if i >= 64 {
			i = 64 * (i - 63)
		}
		all[c] = i
	}
	return all
}

// codeTable returns what each possible value of the next bits means.
func codeTable(codes map[string]int) []code {
	t := make([]code, 1<<faxBits)
	for c, value := range codes {
		first := 0
		for _, bit := range c {
			first = first<<1 | int(bit-'0')
		}
		rest := faxBits - len(c)
		for i := range 1 << rest {
			t[first<<rest|i] = code{int16(value), uint8(len(c))}
		}
	}
	return t
}

// faxReader reads the rows of a strip. Beyond the data there are zeros.
type faxReader struct {
	faxOptions
	data []byte
	bit  int
	// above and changes are where the colour changes in the row before and in this
	// one, beginning with the change to black; each ends with the width.
	above, changes []int
	// damaged reports that a row made no sense somewhere.
	damaged bool
}

// peek returns the next n bits, at most 16.
func (r *faxReader) peek(n int) int {
	at, v := r.bit/8, 0
	for i := range 4 {
		v <<= 8
		if at+i < len(r.data) {
			v |= int(r.data[at+i])
		}
	}
	return v >> (32 - r.bit%8 - n) & (1<<n - 1)
}

// over reports that the data is used up.
func (r *faxReader) over() bool { return r.bit >= 8*len(r.data) }

// decodeFax returns rows of a bit a pixel, 1 where black runs are, and whether all of
// them were there without damage. Rows that are missing and the rest of a damaged one
// are white.
func decodeFax(data []byte, o faxOptions) (pix []byte, whole bool) {
	r := &faxReader{faxOptions: o, data: data, above: []int{o.width}}
	stride := (o.width + 7) / 8
	pix = make([]byte, stride*o.height)
	for y := range o.height {
		if !r.row() {
			return pix, false
		}
		fillRuns(pix[y*stride:][:stride], r.changes)
		r.above, r.changes = r.changes, r.above[:0]
	}
	return pix, !r.damaged
}

// fillRuns sets the bits of the black runs.
func fillRuns(row []byte, changes []int) {
	for i := 0; i+1 < len(changes); i += 2 {
		for x := changes[i]; x < changes[i+1]; {
			if x%8 == 0 && x+8 <= changes[i+1] {
				row[x/8] = 0xff
				x += 8
				continue
			}
			row[x/8] |= 0x80 >> (x % 8)
			x++
		}
	}
}

// row reads one row. It returns false at the end, or where it makes no sense and
// there is no mark to go on from.
func (r *faxReader) row() bool {
	if r.group4 {
		return r.byAbove()
	}
	for !r.over() {
		r.align()
		marked := !r.aligned && r.skipMark()
		byAbove := false
		if r.twoDimensional && marked {
			byAbove = r.peek(1) == 0
			r.bit++
		}
		if r.over() {
			return false
		}
		ok := false
		if byAbove {
			ok = r.byAbove()
		} else {
			ok = r.byItself()
		}
		if ok {
			return true
		}
		r.damaged = r.damaged || len(r.changes) > 0 || r.peek(11) != 0
		if len(r.changes) > 0 { // a damaged row is shown as far as it goes
			r.changes = r.changes[:len(r.changes)&^1] // not beyond the last black run
			r.finishRow()
			r.toMark()
			return true
		}
		if r.aligned || !r.toMark() { // there are no marks, or no more
			return false
		}
	}
	return false
}

// align goes to where the next row begins, where rows begin at whole bytes or words.
func (r *faxReader) align() {
	unit := 1
	switch {
	case r.aligned && r.words:
		unit = 16
	case r.aligned:
		unit = 8
	}
	r.bit = (r.bit + unit - 1) / unit * unit
}

// skipMark goes behind a mark between rows (eleven zeros or more, and a one), if
// there is one.
func (r *faxReader) skipMark() bool {
	if r.peek(11) != 0 || r.over() {
		return false
	}
	for r.bit += 11; !r.over(); r.bit++ {
		if r.peek(1) == 1 {
			r.bit++
			return true
		}
	}
	r.bit = 8 * len(r.data)
	return false
}

// toMark goes to the next mark.
func (r *faxReader) toMark() bool {
	for ; !r.over(); r.bit++ {
		if r.peek(12) == 1 {
			return true
		}
	}
	return false
}

// run reads the length of a run, -1 where no code follows.
func (r *faxReader) run(black int) int {
	total := 0
	for {
		c := runs[black][r.peek(faxBits)]
		if c.bits == 0 || total > r.width {
			return -1
		}
		r.bit += int(c.bits)
		total += int(c.value)
		if c.value < 64 {
			return total
		}
	}
}

// byItself reads a row of runs.
func (r *faxReader) byItself() bool {
	r.changes = r.changes[:0]
	x := 0
	for black := 0; x < r.width; black ^= 1 {
		n := r.run(black)
		if n < 0 {
			return false
		}
		x = min(x+n, r.width)
		r.changes = append(r.changes, x)
	}
	r.finishRow()
	return true
}

// finishRow ends the list of changes with the width.
func (r *faxReader) finishRow() {
	if n := len(r.changes); n == 0 || r.changes[n-1] < r.width {
		r.changes = append(r.changes, r.width)
	}
}

// byAbove reads a row that is coded by the one above (T.4, 4.2).
func (r *faxReader) byAbove() bool {
	r.changes = r.changes[:0]
	a0, black, at := -1, 0, 0
	for a0 < r.width {
		// b1 is the first change above to the right of a0 that is to the other colour.
		for at > 0 && (at > len(r.above) || r.above[at-1] > a0) {
			at--
		}
		for at < len(r.above) && (r.above[at] <= a0 || at%2 != black) && r.above[at] < r.width {
			at++
		}
		b1, b2 := r.width, r.width
		if at < len(r.above) {
			b1 = r.above[at]
		}
		if at+1 < len(r.above) {
			b2 = r.above[at+1]
		}
		c := modes[r.peek(faxBits)]
		if c.bits == 0 || r.over() {
			return false
		}
		r.bit += int(c.bits)
		switch c.value {
		case modePass:
			a0 = b2
		case modeHorizontal:
			first := r.run(black)
			second := -1
			if first >= 0 {
				second = r.run(black ^ 1)
			}
			if second < 0 {
				return false
			}
			a1 := min(max(a0, 0)+first, r.width)
			a0 = min(a1+second, r.width)
			r.changes = append(r.changes, a1, a0)
		default:
			a1 := min(b1+int(c.value)-modeVertical, r.width)
			if a1 < max(a0, 0) {
				return false
			}
			r.changes = append(r.changes, a1)
			a0 = a1
			black ^= 1
		}
	}
	r.finishRow()
	return true
}
