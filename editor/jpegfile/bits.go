package jpegfile

import "encoding/binary"

// bitReader reads the bits of entropy coded data, in which a zero byte follows
// each 0xff. At a marker, or at the end of the data, it goes on with zeros.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64 // the next bits, from the top
	n    int    // how many of acc are valid
	pad  int    // how many of all bits were zeros beyond the data
}

// fill brings acc to at least 56 valid bits. There must be fewer than that before.
func (b *bitReader) fill() {
	if b.pos+8 <= len(b.data) {
		v := binary.BigEndian.Uint64(b.data[b.pos:])
		const ones = 0x0101010101010101
		if (^v-ones)&v&(0x80*ones) == 0 { // no byte is 0xff
			// Bits beyond b.n are those of the byte that is read next.
			b.acc |= v >> uint(b.n&63)
			k := (63 - b.n) >> 3
			b.pos += k
			b.n += 8 * k
			return
		}
	}
	for b.n <= 56 {
		var v byte
		if b.pos < len(b.data) && b.data[b.pos] != 0xff {
			v = b.data[b.pos]
			b.pos++
		} else if b.skipFill(); b.pos+1 < len(b.data) && b.data[b.pos+1] == 0 {
			v = 0xff
			b.pos += 2
		} else {
			b.pad += 8
		}
		b.acc |= uint64(v) << uint(56-b.n)
		b.n += 8
	}
}

// skipFill goes to the last of several 0xff in a row.
func (b *bitReader) skipFill() {
	for b.pos+1 < len(b.data) && b.data[b.pos+1] == 0xff {
		b.pos++
	}
}

// overrun reports that more bits were taken than there are.
func (b *bitReader) overrun() bool { return b.n < b.pad }

// reset forgets the bits that are left, to go on after a marker.
func (b *bitReader) reset() { b.acc, b.n, b.pad = 0, 0, 0 }

// take returns the next k bits, 0 to 16.
func (b *bitReader) take(k uint) int32 {
	if b.n < 16 {
		b.fill()
	}
	v := int32(b.acc >> (64 - k))
	b.acc <<= k
	b.n -= int(k)
	return v
}

// extend turns k bits into the signed value that they stand for (F.2.2.1).
func extend(v int32, k uint) int32 {
	// The sign of v - 2^(k-1) selects whether 2^k - 1 is taken off.
	return v + (v-1<<k>>1)>>31&(-1<<k+1)
}

// symbol returns the next symbol of a table, -1 if no code of it follows.
func (b *bitReader) symbol(h *huffman) int {
	if b.n < 17 {
		b.fill()
	}
	if e := h.lookup[b.acc>>(64-lookupBits)]; e != 0 {
		b.acc <<= e >> 8
		b.n -= int(e >> 8)
		return int(e & 0xff)
	}
	length, s := h.long(uint32(b.acc >> 48))
	b.acc <<= length
	b.n -= int(length)
	return s
}
