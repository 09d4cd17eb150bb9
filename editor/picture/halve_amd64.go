package picture

// halveFactors are the constants of halveOpaque: the byte shuffle that brings the channels of
// neighbours together, ones and twos, and the mask of alpha.
//
//lint:ignore U1000 the assembly reads it
var halveFactors = func() (m [4][32]byte) {
	for i := range 32 {
		m[0][i] = byte(i%16&^7 + i%2*4 + i%8/2)
		m[1][i] = 1
		m[2][i] = byte(2 * (1 - i%2))
		m[3][i] = byte(i % 4 / 3 * 255)
	}
	return m
}()

// halveOpaque averages 2x2 pixels for each of up to n pixels, eight at a time, and returns how
// many it wrote. It stops before a group of fewer than eight, or of eight with a pixel that
// isn't opaque.
//
//go:noescape
func halveOpaque(dst, row0, row1 *byte, n int) int

// fastHalves averages 2x2 opaque pixels for pixels of dst as halvePairs does, and
// returns how many bytes of dst it wrote; it stops where a pixel isn't opaque.
func fastHalves(dst, row0, row1 []byte) int {
	if !avx2 || len(dst) < 32 {
		return 0
	}
	_, _ = row0[2*len(dst)-1], row1[2*len(dst)-1]
	return 4 * halveOpaque(&dst[0], &row0[0], &row1[0], len(dst)/4)
}
