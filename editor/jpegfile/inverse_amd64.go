package jpegfile

import "golang.org/x/sys/cpu"

// avx2 reports that the processor has the instructions of inverse8x8.
var avx2 = cpu.X86.HasAVX2

// multipliers are what inverse8x8 works with, each in all eight lanes of a register.
// The last is an order of bytes: those of 4x4 bytes, columns one after the other,
// as rows.
//
//lint:ignore U1000 the assembly reads it
var multipliers = func() (m [15][8]int32) {
	for i, v := range [14]int32{
		f0298, f0541, f0765, f1175, f1501, f1847, f2053, f3072, -f0390, -f0899, -f1961, -f2562, columnHalf, rowHalf,
	} {
		m[i] = [8]int32{v, v, v, v, v, v, v, v}
	}
	m[14] = [8]int32{0x0c080400, 0x0d090501, 0x0e0a0602, 0x0f0b0703, 0x0c080400, 0x0d090501, 0x0e0a0602, 0x0f0b0703}
	return m
}()

// inverse8x8 is transform8x8 for processors with AVX2: the same bits. It writes 8
// bytes at dst and at the seven places that lie stride apart behind it.
//
//go:noescape
func inverse8x8(dst *byte, stride int, w *[64]int32)

// transform computes 8x8 samples from coefficients in rows, whose values it may
// destroy, and writes them as rows that lie stride apart. few says that there are
// none beyond the fourth row and column.
func transform(dst []byte, stride int, w *[64]int32, few bool) {
	if avx2 {
		_ = dst[7*stride+7]
		inverse8x8(&dst[0], stride, w)
		return
	}
	transform8x8(dst, stride, w, few)
}
