package mask

// pairSums adds the pairs of neighbours in a line to the 16-bit lanes of n words, n a
// multiple of 4, of sums.
//
//go:noescape
func pairSums(sums *uint64, line *byte, n int)

// weighCells writes the weighted means of n cells, at least 8: of each cell, by the first
// weight, and of reach cells on both sides, at least 1, which are step cells apart.
//
//go:noescape
func weighCells(to, from *uint16, weights *uint32, reach, step, n int)

// betweenCells interpolates a row of a tile as between.row does, of n cells, a multiple of
// 8, of a and b. The weight is w.
//
//go:noescape
func betweenCells(to *byte, line, a, b *uint16, e *between, w, n int)

// fastPairs adds pairs as addPairs does, and returns how many words it did.
func fastPairs(sums []uint64, line []uint8) int {
	n := len(sums) &^ 3
	if !avx2 || n == 0 {
		return 0
	}
	_ = line[8*n-1]
	pairSums(&sums[0], &line[0], n)
	return n
}

// fastWeigh writes cells as weigh does, and returns how many it wrote: all or none.
func (g *gaussian) fastWeigh(to, from []uint16, at, step int) int {
	n, reach := len(to), len(g.weights)-1
	if !avx2 || n < 8 || reach < 1 {
		return 0
	}
	_, _ = from[at-reach*step], from[at+reach*step+n-1]
	weighCells(&to[0], &from[at], &g.weights[0], reach, step, n)
	return n
}

// fastRow interpolates a row of pixels as row does, and reports whether it did. It reads up to
// seven cells more.
func (e *between) fastRow(to *[TileSize]uint8, line *cellLine, a, b []uint16, w int) bool {
	n := (e.cells + 7) &^ 7
	if !avx2 || n > min(len(a), len(b)) {
		return false
	}
	betweenCells(&to[0], &line[0], &a[0], &b[0], e, w, n)
	return true
}
