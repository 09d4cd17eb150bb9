package net

// plainTile adds the product of a, 4 rows of depth numbers, and b, depth rows of 16, to c.
// Two rows by four channels at a time are as many sums as stay in registers.
func plainTile(c *[rows * columns]float32, a, b []float32, depth int) {
	if depth < 1 {
		return
	}
	for r := 0; r < rows; r += 2 {
		first, second := a[r*depth:][:depth], a[(r+1)*depth:][:depth]
		for j := 0; j < columns; j += 4 {
			c0, c1 := (*[4]float32)(c[r*columns+j:]), (*[4]float32)(c[(r+1)*columns+j:])
			s0, s1, s2, s3 := c0[0], c0[1], c0[2], c0[3]
			t0, t1, t2, t3 := c1[0], c1[1], c1[2], c1[3]
			panel := b[j:]
			for k, x := range first {
				y, w := second[k], (*[4]float32)(panel)
				s0 += x * w[0]
				s1 += x * w[1]
				s2 += x * w[2]
				s3 += x * w[3]
				t0 += y * w[0]
				t1 += y * w[1]
				t2 += y * w[2]
				t3 += y * w[3]
				if len(panel) > columns {
					panel = panel[columns:]
				}
			}
			*c0, *c1 = [4]float32{s0, s1, s2, s3}, [4]float32{t0, t1, t2, t3}
		}
	}
}
