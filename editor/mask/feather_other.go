//go:build !amd64

package mask

// fastPairs reports that it has no faster way of adding pairs.
func fastPairs(sums []uint64, line []uint8) int { return 0 }

// fastWeigh reports that it has no faster way of blurring.
func (g *gaussian) fastWeigh(to, from []uint16, at, step int) int { return 0 }

// fastRow reports that it has no faster way of interpolating.
func (e *between) fastRow(to *[TileSize]uint8, line *cellLine, a, b []uint16, w int) bool {
	return false
}
