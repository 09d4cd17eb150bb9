package jpegfile

import "encoding/binary"

// The transforms are the scaled integer ones of Loeffler, Ligtenberg and
// Moschytz ("Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP
// 1989), with 13 bits of fraction in the constants and 2 between the passes: the
// precision of libjpeg's "islow", whose results these are.
const (
	constBits = 13
	passBits  = 2

	f0298 = 2446  // 0.298631336
	f0390 = 3196  // 0.390180644
	f0541 = 4433  // 0.541196100
	f0765 = 6270  // 0.765366865
	f0899 = 7373  // 0.899976223
	f1175 = 9633  // 1.175875602
	f1501 = 12299 // 1.501321110
	f1847 = 15137 // 1.847759065
	f1961 = 16069 // 1.961570560
	f2053 = 16819 // 2.053119869
	f2562 = 20995 // 2.562915447
	f3072 = 25172 // 3.072711026
)

// inverse computes 8x8 samples from the coefficients of a block, of which those
// after end are zero, and writes them as rows that lie stride apart.
func inverse(dst []byte, stride int, c *[64]int16, quant *[64]uint16, end int) {
	if end == 0 {
		flat(dst, stride, int32(c[0])*int32(quant[0]))
		return
	}
	var w [64]int32
	for k := 0; k <= end&63; k++ {
		w[zigzag[k]&63] = int32(c[k]) * int32(quant[k])
	}
	transform(dst, stride, &w, end < 10) // four diagonals reach four columns and four rows
}

// transform8x8 is transform for any processor, and what others must agree with.
func transform8x8(dst []byte, stride int, w *[64]int32, few bool) {
	if few {
		for x := range 4 {
			inverseColumn4(w, x)
		}
		for y := range 8 {
			inverseRow4(dst[y*stride:], (*[8]int32)(w[8*y:]))
		}
		return
	}
	for x := range 8 {
		inverseColumn(w, x)
	}
	for y := range 8 {
		inverseRow(dst[y*stride:], (*[8]int32)(w[8*y:]))
	}
}

// flat writes a block that has no coefficients but the first.
func flat(dst []byte, stride int, dc int32) {
	v := level((dc<<passBits + 1<<(passBits+2)) >> (passBits + 3))
	all := uint64(v) * 0x0101010101010101
	for y := range 8 {
		binary.LittleEndian.PutUint64(dst[y*stride:], all)
	}
}

// level brings a sample around zero into a byte.
func level(v int32) uint32 {
	v += 128
	if uint32(v) > 255 {
		return uint32(^(v >> 31)) & 255
	}
	return uint32(v)
}

const columnHalf = 1 << (constBits - passBits - 1)

func inverseColumn(w *[64]int32, x int) {
	c := w[x&7:]
	_ = c[56]
	if c[8]|c[16]|c[24]|c[32]|c[40]|c[48]|c[56] == 0 {
		v := c[0] << passBits
		c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56] = v, v, v, v, v, v, v, v
		return
	}
	z := (c[16] + c[48]) * f0541
	t2, t3 := z-c[48]*f1847, z+c[16]*f0765
	t0, t1 := (c[0]+c[32])<<constBits, (c[0]-c[32])<<constBits
	e0, e3, e1, e2 := t0+t3+columnHalf, t0-t3+columnHalf, t1+t2+columnHalf, t1-t2+columnHalf
	o0, o1, o2, o3 := odd(c[56], c[40], c[24], c[8])
	const s = constBits - passBits
	c[0], c[56] = (e0+o3)>>s, (e0-o3)>>s
	c[8], c[48] = (e1+o2)>>s, (e1-o2)>>s
	c[16], c[40] = (e2+o1)>>s, (e2-o1)>>s
	c[24], c[32] = (e3+o0)>>s, (e3-o0)>>s
}

// odd is the odd part of the inverse transform, of coefficients 7, 5, 3 and 1.
func odd(t0, t1, t2, t3 int32) (int32, int32, int32, int32) {
	z1, z2, z3, z4 := t0+t3, t1+t2, t0+t2, t1+t3
	z5 := (z3 + z4) * f1175
	z1, z2 = z1*-f0899, z2*-f2562
	z3, z4 = z3*-f1961+z5, z4*-f0390+z5
	return t0*f0298 + z1 + z3, t1*f2053 + z2 + z4, t2*f3072 + z2 + z3, t3*f1501 + z1 + z4
}

// inverseColumn4 is inverseColumn where coefficients 4 to 7 are zero.
func inverseColumn4(w *[64]int32, x int) {
	c := w[x&7:]
	_ = c[56]
	if c[8]|c[16]|c[24] == 0 {
		v := c[0] << passBits
		c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56] = v, v, v, v, v, v, v, v
		return
	}
	t2, t3 := c[16]*f0541, c[16]*(f0541+f0765)
	t0 := c[0]<<constBits + columnHalf
	e0, e3, e1, e2 := t0+t3, t0-t3, t0+t2, t0-t2
	o0, o1, o2, o3 := odd4(c[24], c[8])
	const s = constBits - passBits
	c[0], c[56] = (e0+o3)>>s, (e0-o3)>>s
	c[8], c[48] = (e1+o2)>>s, (e1-o2)>>s
	c[16], c[40] = (e2+o1)>>s, (e2-o1)>>s
	c[24], c[32] = (e3+o0)>>s, (e3-o0)>>s
}

// odd4 is odd where coefficients 7 and 5 are zero.
func odd4(t2, t3 int32) (int32, int32, int32, int32) {
	z5 := (t2 + t3) * f1175
	z3, z4 := z5-t2*f1961, z5-t3*f0390
	return z3 - t3*f0899, z4 - t2*f2562, t2*(f3072-f2562) + z3, t3*(f1501-f0899) + z4
}

const (
	rowShift = constBits + passBits + 3
	rowHalf  = 1<<(rowShift-1) + 128<<rowShift
)

func inverseRow(dst []byte, c *[8]int32) {
	z := (c[2] + c[6]) * f0541
	t2, t3 := z-c[6]*f1847, z+c[2]*f0765
	t0, t1 := (c[0]+c[4])<<constBits+rowHalf, (c[0]-c[4])<<constBits+rowHalf
	e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2
	o0, o1, o2, o3 := odd(c[7], c[5], c[3], c[1])
	store(dst, (e0+o3)>>rowShift, (e1+o2)>>rowShift, (e2+o1)>>rowShift, (e3+o0)>>rowShift,
		(e3-o0)>>rowShift, (e2-o1)>>rowShift, (e1-o2)>>rowShift, (e0-o3)>>rowShift)
}

// inverseRow4 is inverseRow where coefficients 4 to 7 are zero.
func inverseRow4(dst []byte, c *[8]int32) {
	t2, t3 := c[2]*f0541, c[2]*(f0541+f0765)
	t0 := c[0]<<constBits + rowHalf
	e0, e3, e1, e2 := t0+t3, t0-t3, t0+t2, t0-t2
	o0, o1, o2, o3 := odd4(c[3], c[1])
	store(dst, (e0+o3)>>rowShift, (e1+o2)>>rowShift, (e2+o1)>>rowShift, (e3+o0)>>rowShift,
		(e3-o0)>>rowShift, (e2-o1)>>rowShift, (e1-o2)>>rowShift, (e0-o3)>>rowShift)
}

// store writes eight samples, clamped to bytes.
func store(dst []byte, a, b, c, d, e, f, g, h int32) {
	if uint32(a|b|c|d|e|f|g|h) > 255 {
		a, b, c, d, e, f, g, h = clamp(a), clamp(b), clamp(c), clamp(d), clamp(e), clamp(f), clamp(g), clamp(h)
	}
	lo := uint32(a) | uint32(b)<<8 | uint32(c)<<16 | uint32(d)<<24
	hi := uint32(e) | uint32(f)<<8 | uint32(g)<<16 | uint32(h)<<24
	binary.LittleEndian.PutUint64(dst, uint64(lo)|uint64(hi)<<32)
}

func clamp(v int32) int32 { return min(max(v, 0), 255) }

// forward computes the coefficients of 8x8 samples, in zig-zag order, and
// quantises them, rounding to the nearest.
func forward(to *[64]int16, samples *[64]uint8, quant *[64]uint16) {
	var w [64]int32
	for y := range 8 {
		s := (*[8]uint8)(samples[8*y:])
		row := (*[8]int32)(w[8*y:])
		for x, v := range s {
			row[x] = int32(v) - 128
		}
		forward1(row)
		row[0], row[4] = row[0]<<passBits, row[4]<<passBits
		const half = 1 << (constBits - passBits - 1)
		for _, i := range [6]int{1, 2, 3, 5, 6, 7} {
			row[i] = (row[i] + half) >> (constBits - passBits)
		}
	}
	for x := range 8 {
		c := w[x:]
		_ = c[56]
		column := [8]int32{c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56]}
		forward1(&column)
		const half, more = 1 << (passBits - 1), 1 << (constBits + passBits - 1)
		c[0], c[32] = (column[0]+half)>>passBits, (column[4]+half)>>passBits
		for _, i := range [6]int{1, 2, 3, 5, 6, 7} {
			c[8*i] = (column[i] + more) >> (constBits + passBits)
		}
	}
	for k := range 64 {
		v, q := w[zigzag[k]&63], int32(quant[k])*8 // the transform is 8 times too large
		half := q / 2
		if v < 0 {
			half = -half
		}
		if v += half; v < q && v > -q {
			to[k] = 0
		} else {
			to[k] = int16(v / q)
		}
	}
}

// forward1 transforms eight values. All but the first and the fifth come out with
// the fraction of the constants.
func forward1(v *[8]int32) {
	t0, t7 := v[0]+v[7], v[0]-v[7]
	t1, t6 := v[1]+v[6], v[1]-v[6]
	t2, t5 := v[2]+v[5], v[2]-v[5]
	t3, t4 := v[3]+v[4], v[3]-v[4]
	e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2
	v[0], v[4] = e0+e1, e0-e1
	z := (e2 + e3) * f0541
	v[2], v[6] = z+e3*f0765, z-e2*f1847

	z1, z2, z3, z4 := t4+t7, t5+t6, t4+t6, t5+t7
	z5 := (z3 + z4) * f1175
	z1, z2 = z1*-f0899, z2*-f2562
	z3, z4 = z3*-f1961+z5, z4*-f0390+z5
	v[7], v[5] = t4*f0298+z1+z3, t5*f2053+z2+z4
	v[3], v[1] = t6*f3072+z2+z3, t7*f1501+z1+z4
}
