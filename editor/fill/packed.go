package fill

// Pixels are kept packed so that one 64-bit multiplication does the work of
// three: a source holds its channels as a0 + a1*X + a2*X^2 with X = 2^21, a
// target the other way round, b2 + b1*X + b0*X^2. In the product of the two
// the coefficient of X^2 is a0*b0 + a1*b1 + a2*b2. The sum over the seven
// pixels of a patch's row is at most 7*3*255^2 < 2^21, so that nothing runs
// from one lane into the next and a row's scalar product costs seven
// multiplications, seven additions and two shifts.

const (
	laneBits = 21
	laneMask = 1<<laneBits - 1

	radius = 3            // of a patch in pixels
	side   = 2*radius + 1 // of a patch in pixels
	area   = side * side  // of a patch in pixels
)

// pack returns three channels of 8 bits in source order. Exchanging the first
// with the last gives target order.
func pack(a, b, c uint32) uint64 {
	return uint64(a) | uint64(b)<<laneBits | uint64(c)<<(2*laneBits)
}

// unpack returns the three lanes of v in source order.
func unpack(v uint64) (a, b, c uint32) {
	return uint32(v & laneMask), uint32(v >> laneBits & laneMask), uint32(v >> (2 * laneBits))
}

// lane returns a channel of v in source order.
func lane(v uint64, channel int) float32 { return float32(v >> (laneBits * channel) & laneMask) }

// flip exchanges source order and target order.
func flip(v uint64) uint64 {
	a, b, c := unpack(v)
	return pack(c, b, a)
}

// square returns the sum of the squares of the three lanes of v.
func square(v uint64) uint32 {
	a, b, c := unpack(v)
	return a*a + b*b + c*c
}

// patch is a target patch in target order.
type patch [side][side]uint64

// load copies the patch whose top left pixel is at index i of plane.
func (p *patch) load(plane []uint64, i, stride int) {
	for y := range p {
		p[y] = *(*[side]uint64)(plane[i:])
		i += stride
	}
}

// dot returns the scalar product of p with the source patch whose top left pixel is at index i.
func (p *patch) dot(plane []uint64, i, stride int) uint32 {
	var sum uint64
	for y := range p {
		s := (*[side]uint64)(plane[i:])
		t := &p[y]
		row := t[0]*s[0] + t[1]*s[1] + t[2]*s[2] + t[3]*s[3] + t[4]*s[4] + t[5]*s[5] + t[6]*s[6]
		sum += row << 1 >> (2*laneBits + 1)
		i += stride
	}
	return uint32(sum)
}

// row returns the scalar product of row y of p with the source's row that begins at index i.
func (p *patch) row(plane []uint64, i, y int) uint32 {
	s, t := (*[side]uint64)(plane[i:]), &p[y]
	row := t[0]*s[0] + t[1]*s[1] + t[2]*s[2] + t[3]*s[3] + t[4]*s[4] + t[5]*s[5] + t[6]*s[6]
	return uint32(row << 1 >> (2*laneBits + 1))
}
