package mask

import "encoding/binary"

// Eight coverages are worked on at once in the bytes of a word ("SIMD within a
// register": Lamport, Multiple Byte Processing with Full-Word Instructions,
// CACM 1975).
const tops = 0x8080808080808080 // the top bit of each byte

// atLeast returns 0xff in every byte in which a >= b: where a's top bit is set
// and b's isn't, or where they are the same and the rest doesn't borrow.
func atLeast(a, b uint64) uint64 {
	t := (a&^b | ^(a^b)&((a|tops)-b&^tops)) & tops
	return t<<1 - t>>7
}

// max8 returns the greater of each pair of bytes.
func max8(a, b uint64) uint64 { return b ^ (a^b)&atLeast(a, b) }

// min8 returns the lesser of each pair of bytes.
func min8(a, b uint64) uint64 { return a ^ (a^b)&atLeast(a, b) }

// raise makes every byte of dst at least that of src, which must not be shorter.
func raise(dst, src []uint8) {
	src = src[:len(dst)]
	for len(dst) >= 16 && len(src) >= 16 {
		d, s := (*[16]uint8)(dst), (*[16]uint8)(src)
		a, b := binary.LittleEndian.Uint64(d[:8]), binary.LittleEndian.Uint64(s[:8])
		binary.LittleEndian.PutUint64(d[:8], max8(a, b))
		a, b = binary.LittleEndian.Uint64(d[8:]), binary.LittleEndian.Uint64(s[8:])
		binary.LittleEndian.PutUint64(d[8:], max8(a, b))
		dst, src = dst[16:], src[16:]
	}
	if len(dst) >= 8 && len(src) >= 8 {
		a, b := binary.LittleEndian.Uint64(dst), binary.LittleEndian.Uint64(src)
		binary.LittleEndian.PutUint64(dst, max8(a, b))
		dst, src = dst[8:], src[8:]
	}
	for i, v := range src {
		dst[i] = max(dst[i], v)
	}
}

// lower makes every byte of dst at most that of src, which must not be shorter.
func lower(dst, src []uint8) {
	src = src[:len(dst)]
	for len(dst) >= 8 {
		a, b := binary.LittleEndian.Uint64(dst), binary.LittleEndian.Uint64(src)
		if a != b {
			binary.LittleEndian.PutUint64(dst, min8(a, b))
		}
		dst, src = dst[8:], src[8:]
	}
	for i, v := range src {
		dst[i] = min(dst[i], v)
	}
}

// raiseLimited makes every byte of dst at least that of src or limit, whichever
// is less. src must not be shorter than dst.
func raiseLimited(dst, src []uint8, limit uint8) {
	src = src[:len(dst)]
	limits := uint64(limit) * 0x0101010101010101
	for len(dst) >= 8 {
		if b := binary.LittleEndian.Uint64(src); b != 0 {
			binary.LittleEndian.PutUint64(dst, max8(binary.LittleEndian.Uint64(dst), min8(b, limits)))
		}
		dst, src = dst[8:], src[8:]
	}
	for i, v := range src {
		dst[i] = max(dst[i], min(v, limit))
	}
}

// subtractBytes subtracts src from dst, byte by byte, down to zero at the least. src must not be
// shorter than dst.
func subtractBytes(dst, src []uint8) {
	src = src[:len(dst)]
	for len(dst) >= 8 {
		a, b := binary.LittleEndian.Uint64(dst), binary.LittleEndian.Uint64(src)
		binary.LittleEndian.PutUint64(dst, a-min8(a, b)) // no byte borrows
		dst, src = dst[8:], src[8:]
	}
	for i, v := range src {
		dst[i] -= min(dst[i], v)
	}
}

// product returns a*b/255, rounded, for a and b up to 255.
func product(a, b uint32) uint32 {
	p := a*b + 128
	return (p + p>>8) >> 8
}

// paintOver writes what was in dst after src was painted over below:
// below + src - below*src.
func paintOver(dst, below, src []uint8) {
	below, src = below[:len(dst)], src[:len(dst)]
	for i := 0; i < len(dst); {
		if i+8 <= len(dst) {
			b, s := binary.LittleEndian.Uint64(below[i:]), binary.LittleEndian.Uint64(src[i:])
			if b == 0 || s == 0 || s == 1<<64-1 {
				binary.LittleEndian.PutUint64(dst[i:], b|s)
				i += 8
				continue
			}
		}
		for end := min(i+8, len(dst)); i < end; i++ {
			dst[i] = 255 - uint8(product(uint32(255-below[i]), uint32(255-src[i])))
		}
	}
}

// eraseFrom writes what is left of below after src was erased from it:
// below - below*src.
func eraseFrom(dst, below, src []uint8) {
	below, src = below[:len(dst)], src[:len(dst)]
	for i := 0; i < len(dst); {
		if i+8 <= len(dst) {
			b, s := binary.LittleEndian.Uint64(below[i:]), binary.LittleEndian.Uint64(src[i:])
			if b == 0 || s == 0 || s == 1<<64-1 {
				binary.LittleEndian.PutUint64(dst[i:], b&^s)
				i += 8
				continue
			}
		}
		for end := min(i+8, len(dst)); i < end; i++ {
			dst[i] = uint8(product(uint32(below[i]), uint32(255-src[i])))
		}
	}
}
