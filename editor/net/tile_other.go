//go:build !amd64

package net

// tile adds the product of a, 4 rows of depth numbers, and b, depth rows of 16, to c.
func tile(c *[rows * columns]float32, a, b []float32, depth int) { plainTile(c, a, b, depth) }
