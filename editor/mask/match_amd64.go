package mask

// matchFactors are what matchWords works with, each in all eight lanes of a register:
// the bits of the levels that name a cell, the factors that put a cell's number together,
// times eight, and the mask of a place in a word of cells.
//
//lint:ignore U1000 the assembly reads it
var matchFactors = func() (m [4][8]uint32) {
	for i, v := range [4]uint32{0x00f8f8f8, 64 | 2<<8 | 1<<16, 16 | 1<<16, 30} {
		m[i] = [8]uint32{v, v, v, v, v, v, v, v}
	}
	return m
}()

// matchWords looks up the cells of 64 pixels for each of n words, n at least 1. It sets the
// bits of in of those whose cell is in, and the bits of mixed of those whose cell is mixed;
// both only where alpha is above below and less than above.
//
//go:noescape
func matchWords(in, mixed *uint64, pix *byte, n int, cells *uint32, below, above int32)

// fastWords compares pixels as word does, and returns how many words of to it wrote:
// those of 64 pixels, or none.
func (m *match) fastWords(to []uint64, pix []uint8) int {
	words := min(len(to), len(pix)/256)
	if !avx2 || words == 0 {
		return 0
	}
	low, high := m.alphas()
	var mixed [64]uint64
	for i := 0; i < words; i += len(mixed) {
		part := to[i:min(i+len(mixed), words)]
		from := pix[256*i:][:256*len(part)]
		matchWords(&part[0], &mixed[0], &from[0], len(part), &m.cells[0], int32(low)-1, int32(high)+1)
		for j := range part {
			part[j] |= m.decide(mixed[j], from[256*j:][:256])
		}
	}
	return words
}
