package jpegfile

// lookupBits is the longest code that is found by one look into a table.
const lookupBits = 10

// huffman is a table of codes, for reading and for writing.
type huffman struct {
	counts [16]byte // codes of 1 to 16 bits
	values []byte   // symbols in the order of their codes

	*lookups // nil until a scan is read with it

	limit [17]uint32 // of each length, the first code beyond, moved to 16 bits
	first [17]int32  // what a code of that length is to be added to for its place in values

	codes   [256]uint16
	lengths [256]uint8 // 0: the symbol has no code
}

// lookups are what the next lookupBits bits of a scan mean.
type lookups struct {
	lookup [1 << lookupBits]uint16 // length and symbol, 0 for longer codes
	// quick holds, where a code and the bits that follow it fit, the value in
	// the upper half (never 0), the zeros before it and the length in a byte each.
	quick [1 << lookupBits]uint32
}

// newHuffman builds the codes (C.2). It returns nil for counts that no code fulfils.
func newHuffman(counts [16]byte, values []byte) *huffman {
	h := &huffman{counts: counts, values: values}
	code, at := uint32(0), 0
	for length := 1; length <= 16; length++ {
		h.first[length] = int32(at) - int32(code)
		for range counts[length-1] {
			if code>>length != 0 || at >= len(values) {
				return nil
			}
			h.codes[values[at]], h.lengths[values[at]] = uint16(code), uint8(length)
			code++
			at++
		}
		h.limit[length] = code << (16 - length)
		if code > 1<<length {
			return nil
		}
		code <<= 1
	}
	return h
}

// forReading returns h with its lookups, which headers alone and tables that are written
// with don't need.
func (h *huffman) forReading() *huffman {
	if h == nil || h.lookups != nil {
		return h
	}
	h.lookups = new(lookups)
	code, at := uint32(0), 0
	for length := 1; length <= lookupBits; length++ {
		for range h.counts[length-1] {
			h.enter(code, length, h.values[at])
			code++
			at++
		}
		code <<= 1
	}
	return h
}

// enter fills the tables for all bits that begin with a code.
func (l *lookups) enter(code uint32, length int, symbol byte) {
	rest := uint(lookupBits - length)
	fillRun(l.lookup[code<<rest:][:1<<rest], uint16(length)<<8|uint16(symbol))
	size := uint(symbol & 15)
	if size == 0 || size > rest {
		return
	}
	after := rest - size
	for bits := range uint32(1) << size {
		entry := uint32(uint16(extend(int32(bits), size)))<<16 | uint32(symbol>>4)<<8 | uint32(length) + uint32(size)
		fillRun(l.quick[code<<rest|bits<<after:][:1<<after], entry)
	}
}

// fillRun sets all of run to v.
func fillRun[T uint16 | uint32](run []T, v T) {
	for i := range run {
		run[i] = v
	}
}

// long finds the code longer than lookupBits that 16 bits begin with, and
// returns its symbol, -1 if there is none. libjpeg passes 17 bits then.
func (h *huffman) long(bits uint32) (length uint, symbol int) {
	for length := lookupBits + 1; length <= 16; length++ {
		if bits < h.limit[length] {
			return uint(length), int(h.values[int32(bits>>(16-length))+h.first[length]])
		}
	}
	return 17, -1
}

// sameCodes reports whether two tables are written alike.
func (h *huffman) sameCodes(other *huffman) bool {
	return h == other || h != nil && other != nil && h.counts == other.counts && string(h.values) == string(other.values)
}

// optimal returns the table with the shortest coding for symbols that occur so
// often (annex K.2). Symbol 256 is reserved so that no code is all ones.
func optimal(frequency *[257]int64) *huffman {
	freq := *frequency
	freq[256] = 1
	var size [257]int
	var next [257]int
	for i := range next {
		next[i] = -1
	}
	for {
		a, b := leastTwo(&freq)
		if b < 0 {
			break
		}
		freq[a] += freq[b]
		freq[b] = 0
		lengthen(a, b, &size, &next)
	}
	var counts [258]int
	for _, n := range size {
		if n > 0 {
			counts[n]++
		}
	}
	return fromSizes(limitSizes(&counts), &size)
}

// leastTwo returns the two rarest symbols, of equal ones the last; -1 for none.
func leastTwo(freq *[257]int64) (a, b int) {
	a, b = -1, -1
	for i, f := range freq {
		if f == 0 {
			continue
		}
		if a < 0 || f <= freq[a] {
			a, b = i, a
		} else if b < 0 || f <= freq[b] {
			b = i
		}
	}
	return a, b
}

// lengthen adds a bit to the codes of all symbols in the chains of a and b, and
// joins them.
func lengthen(a, b int, size, next *[257]int) {
	for ; ; a = next[a] {
		size[a]++
		if next[a] < 0 {
			break
		}
	}
	next[a] = b
	for ; b >= 0; b = next[b] {
		size[b]++
	}
}

// limitSizes brings codes of more than 16 bits down to that, and takes out the
// reserved one (figure K.3).
func limitSizes(counts *[258]int) [16]byte {
	for i := len(counts) - 1; i > 16; i-- {
		for counts[i] > 0 {
			j := i - 2
			for counts[j] == 0 {
				j--
			}
			counts[i] -= 2
			counts[i-1]++
			counts[j+1] += 2
			counts[j]--
		}
	}
	i := 16
	for i > 0 && counts[i] == 0 {
		i--
	}
	counts[i]--
	var out [16]byte
	for i := range out {
		out[i] = byte(counts[i+1])
	}
	return out
}

// fromSizes builds the table of symbols in the order of their codes' sizes.
func fromSizes(counts [16]byte, size *[257]int) *huffman {
	var values []byte
	for n := 1; n < len(size); n++ {
		for s := range 256 {
			if size[s] == n {
				values = append(values, byte(s))
			}
		}
	}
	return newHuffman(counts, values)
}

// The tables of annex K.3, which files without tables of their own (frames of
// Motion JPEG) mean. The AC ones are kept in the standard's order of symbols.
var standardDC, standardAC = [2]*huffman{
	newHuffman([16]byte{0, 1, 5, 1, 1, 1, 1, 1, 1}, []byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")).forReading(),
	newHuffman([16]byte{0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")).forReading(),
}, [2]*huffman{
	newHuffman([16]byte{0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125}, []byte(
		"\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xa1\x08\x23\x42\xb1\xc1\x15\x52\xd1\xf0"+
			"\x24\x33\x62\x72\x82\x09\x0a\x16\x17\x18\x19\x1a\x25\x26\x27\x28\x29\x2a\x34\x35\x36\x37\x38\x39\x3a\x43\x44\x45\x46\x47\x48\x49"+
			"\x4a\x53\x54\x55\x56\x57\x58\x59\x5a\x63\x64\x65\x66\x67\x68\x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x83\x84\x85\x86\x87\x88\x89"+
			"\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5"+
			"\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa")).forReading(),
	newHuffman([16]byte{0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119}, []byte(
		"\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\x08\x14\x42\x91\xa1\xb1\xc1\x09\x23\x33\x52\xf0"+
			"\x15\x62\x72\xd1\x0a\x16\x24\x34\xe1\x25\xf1\x17\x18\x19\x1a\x26\x27\x28\x29\x2a\x35\x36\x37\x38\x39\x3a\x43\x44\x45\x46\x47\x48"+
			"\x49\x4a\x53\x54\x55\x56\x57\x58\x59\x5a\x63\x64\x65\x66\x67\x68\x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x82\x83\x84\x85\x86\x87"+
			"\x88\x89\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xc2\xc3"+
			"\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa")).forReading(),
}
