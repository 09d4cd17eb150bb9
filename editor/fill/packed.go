package fill

// A pixel's three channels are kept in 32 bits: the first two in the lowest two bytes,
// the third in the highest, and nothing between them. One multiplication then does the
// work of two for a scalar product: with X = 2^24 a source's outer channels are
// a0 + a2*X, and a target's, the other way round, b2 + b0*X. In the product of the two
// the coefficient of X is a0*b0 + a2*b2. The middle channel takes a multiplication of
// its own, and is moved to the same place. The sum over the seven pixels of a patch's
// row is at most 7*3*255^2 < 2^21, so that nothing runs from one coefficient into the
// next.
//
// Sums of pixels have 64 bits and a lane of 21 for each channel.

const (
	laneBits = 21
	laneMask = 1<<laneBits - 1

	outerBytes = 0xff0000ff // of a pixel: its first and third channel
	innerByte  = 0x0000ff00 // its second
	outerBits  = 24         // by which the third channel lies above the first

	radius = 3            // of a patch in pixels
	side   = 2*radius + 1 // of a patch in pixels
	area   = side * side  // of a patch in pixels
)

// pack returns the pixel that has three channels of 8 bits.
func pack(a, b, c uint32) uint32 { return a | b<<8 | c<<outerBits }

// unpack returns the three channels of a pixel.
func unpack(v uint32) (a, b, c uint32) { return v & 255, v >> 8 & 255, v >> outerBits }

// channelBits holds where the channels of a pixel begin.
var channelBits = [3]uint8{0, 8, outerBits}

// lane returns a channel of a pixel.
func lane(v uint32, channel int) float32 { return float32(v >> channelBits[channel] & 255) }

// square returns the sum of the squares of a pixel's channels.
func square(v uint32) uint32 {
	a, b, c := unpack(v)
	return a*a + b*b + c*c
}

// spread returns a pixel's channels in the lanes of a sum.
func spread(v uint32) uint64 {
	return uint64(v&255) | uint64(v&innerByte)<<(laneBits-8) | uint64(v>>outerBits)<<(2*laneBits)
}

// lanes returns the three lanes of a sum.
func lanes(sum uint64) (a, b, c uint32) {
	return uint32(sum & laneMask), uint32(sum >> laneBits & laneMask), uint32(sum >> (2 * laneBits))
}

// divide returns the pixel of a sum's lanes divided by n and rounded.
func divide(sum uint64, n uint32) uint32 {
	a, b, c := lanes(sum)
	if n == 4 {
		return pack((a+2)>>2, (b+2)>>2, (c+2)>>2)
	}
	return pack((a+n/2)/n, (b+n/2)/n, (c+n/2)/n)
}

// patch is a target patch, in which the channels of its pixels are where a scalar product needs them.
type patch struct {
	outer [side][side]uint64 // the first channel above the third
	inner [side][side]uint64 // the second
}

// set sets the pixel in column x of row y.
func (p *patch) set(x, y int, v uint32) {
	p.outer[y][x] = uint64(v>>outerBits) | uint64(v&255)<<outerBits
	p.inner[y][x] = uint64(v&innerByte) << (outerBits - 16)
}

// load copies the patch whose top left pixel is at index i of plane.
func (p *patch) load(plane []uint32, i, stride int) {
	for y := range side {
		for x, v := range (*[side]uint32)(plane[i:]) {
			p.set(x, y, v)
		}
		i += stride
	}
}

// dot returns the scalar product of p with the source patch whose top left pixel is at index i.
func (p *patch) dot(plane []uint32, i, stride int) uint32 {
	total := uint64(0)
	for y := range side {
		s, o, m := (*[side]uint32)(plane[i:]), &p.outer[y], &p.inner[y]
		sum := o[0]*uint64(s[0]&outerBytes) + m[0]*uint64(s[0]&innerByte)
		sum += o[1]*uint64(s[1]&outerBytes) + m[1]*uint64(s[1]&innerByte)
		sum += o[2]*uint64(s[2]&outerBytes) + m[2]*uint64(s[2]&innerByte)
		sum += o[3]*uint64(s[3]&outerBytes) + m[3]*uint64(s[3]&innerByte)
		sum += o[4]*uint64(s[4]&outerBytes) + m[4]*uint64(s[4]&innerByte)
		sum += o[5]*uint64(s[5]&outerBytes) + m[5]*uint64(s[5]&innerByte)
		sum += o[6]*uint64(s[6]&outerBytes) + m[6]*uint64(s[6]&innerByte)
		total += sum >> outerBits & (1<<outerBits - 1)
		i += stride
	}
	return uint32(total)
}

// dotOuter is dot for pixels without a second channel, such as those of textures.
func (p *patch) dotOuter(plane []uint32, i, stride int) uint32 {
	total := uint64(0)
	for y := range side {
		s, o := (*[side]uint32)(plane[i:]), &p.outer[y]
		sum := o[0]*uint64(s[0]) + o[1]*uint64(s[1]) + o[2]*uint64(s[2]) + o[3]*uint64(s[3]) +
			o[4]*uint64(s[4]) + o[5]*uint64(s[5]) + o[6]*uint64(s[6])
		total += sum >> outerBits & (1<<outerBits - 1)
		i += stride
	}
	return uint32(total)
}

// row returns the scalar product of row y of p with the source's row that begins at index i.
func (p *patch) row(plane []uint32, i, y int) uint32 {
	s, o, m := (*[side]uint32)(plane[i:]), &p.outer[y], &p.inner[y]
	outer := o[0]*uint64(s[0]&outerBytes) + o[1]*uint64(s[1]&outerBytes) + o[2]*uint64(s[2]&outerBytes) +
		o[3]*uint64(s[3]&outerBytes) + o[4]*uint64(s[4]&outerBytes) + o[5]*uint64(s[5]&outerBytes) + o[6]*uint64(s[6]&outerBytes)
	inner := m[0]*uint64(s[0]&innerByte) + m[1]*uint64(s[1]&innerByte) + m[2]*uint64(s[2]&innerByte) +
		m[3]*uint64(s[3]&innerByte) + m[4]*uint64(s[4]&innerByte) + m[5]*uint64(s[5]&innerByte) + m[6]*uint64(s[6]&innerByte)
	return uint32((outer + inner) >> outerBits & (1<<outerBits - 1))
}

// rowOuter is row for pixels without a second channel.
func (p *patch) rowOuter(plane []uint32, i, y int) uint32 {
	s, o := (*[side]uint32)(plane[i:]), &p.outer[y]
	sum := o[0]*uint64(s[0]) + o[1]*uint64(s[1]) + o[2]*uint64(s[2]) + o[3]*uint64(s[3]) +
		o[4]*uint64(s[4]) + o[5]*uint64(s[5]) + o[6]*uint64(s[6])
	return uint32(sum >> outerBits & (1<<outerBits - 1))
}
