package net

import "golang.org/x/sys/cpu"

// fma reports that the processor has the instructions of tile4x16.
var fma = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// tile4x16 is plainTile for processors with AVX2 and FMA. It rounds once for each product
// that is added. depth must be at least 1.
//
//go:noescape
func tile4x16(c, a, b *float32, depth int)

// tile adds the product of a, 4 rows of depth numbers, and b, depth rows of 16, to c.
func tile(c *[rows * columns]float32, a, b []float32, depth int) {
	if !fma || depth < 1 {
		plainTile(c, a, b, depth)
		return
	}
	_, _ = a[rows*depth-1], b[columns*depth-1]
	tile4x16(&c[0], &a[0], &b[0], depth)
}
