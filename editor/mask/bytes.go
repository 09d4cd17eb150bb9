package mask

import "encoding/binary"

// Eight coverages are worked on at once in the 16-bit lanes of two words, the
// even and the odd ones ("SIMD within a register": Lamport, Multiple Byte
// Processing with Full-Word Instructions, CACM 1975).
const (
	lanes = 0x00ff00ff00ff00ff // the coverages of every second byte
	carry = 0x0100010001000100 // the bit above each of them
)

// atLeast returns 0xff in every lane in which a >= b.
func atLeast(a, b uint64) uint64 {
	c := (a | carry) - b&lanes
	c &= carry
	return c - c>>8
}

// max8 returns the greater of each pair of bytes.
func max8(a, b uint64) uint64 {
	ae, be := a&lanes, b&lanes
	ao, bo := a>>8&lanes, b>>8&lanes
	e := be ^ (ae^be)&atLeast(ae, be)
	o := bo ^ (ao^bo)&atLeast(ao, bo)
	return e | o<<8
}

// min8 returns the lesser of each pair of bytes.
func min8(a, b uint64) uint64 {
	ae, be := a&lanes, b&lanes
	ao, bo := a>>8&lanes, b>>8&lanes
	e := ae ^ (ae^be)&atLeast(ae, be)
	o := ao ^ (ao^bo)&atLeast(ao, bo)
	return e | o<<8
}

// raise makes every byte of dst at least that of src, which must not be shorter.
func raise(dst, src []uint8) {
	src = src[:len(dst)]
	for len(dst) >= 8 {
		a, b := binary.LittleEndian.Uint64(dst), binary.LittleEndian.Uint64(src)
		if a != b {
			binary.LittleEndian.PutUint64(dst, max8(a, b))
		}
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

// takeAway lowers every byte of dst by that of src, to zero at the least. src
// must not be shorter than dst.
func takeAway(dst, src []uint8) {
	for i, v := range src[:len(dst)] {
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
