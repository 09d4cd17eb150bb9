package colour

import "math"

// gridSide is the number of a table's points along each of three channels, inkSide along
// each of four.
const (
	gridSide = 33
	inkSide  = 17
)

// grid converts three channels by a lookup table of colours in sRGB (or another space) with
// tetrahedral interpolation.
type grid struct {
	points []vector // 0 to 255; red varies slowest
}

// newGrid fills a table by calling at for each of its points; channels are 0 to 1.
func newGrid(at func(r, g, b float64) vector) *grid {
	g := &grid{points: make([]vector, gridSide*gridSide*gridSide)}
	const last = gridSide - 1
	for i := range g.points {
		r, green, b := i/(gridSide*gridSide), i/gridSide%gridSide, i%gridSide
		g.points[i] = at(float64(r)/last, float64(green)/last, float64(b)/last)
	}
	return g
}

// strides are the distances in points of neighbours along red, green and blue.
var strides = [3]int{gridSide * gridSide, gridSide, 1}

// at interpolates the table; channels are 0 to 1.
func (g *grid) at(v vector) (out vector) {
	base := 0
	var rest vector
	order := [3]int{0, 1, 2}
	for c := range 3 {
		x := min(max(v[c], 0), 1) * (gridSide - 1)
		i := min(int(x), gridSide-2)
		rest[c], base = x-float64(i), base+i*strides[c]
	}
	if rest[order[0]] < rest[order[1]] {
		order[0], order[1] = order[1], order[0]
	}
	if rest[order[1]] < rest[order[2]] {
		order[1], order[2] = order[2], order[1]
	}
	if rest[order[0]] < rest[order[1]] {
		order[0], order[1] = order[1], order[0]
	}
	before := 1.0
	for _, c := range order {
		w := before - rest[c]
		p := &g.points[base]
		out[0], out[1], out[2] = out[0]+w*p[0], out[1]+w*p[1], out[2]+w*p[2]
		before, base = rest[c], base+strides[c]
	}
	p := &g.points[base]
	return vector{out[0] + before*p[0], out[1] + before*p[1], out[2] + before*p[2]}
}

// fixed is the number of fractions of a level in a table's fixed-point values.
const fixed = 64

// place is the position of a byte between two points: the first point's index, and the rest
// in 256ths.
type place struct{ at, rest int32 }

var places = func() (p [256]place) {
	for v := range p {
		x := v * (gridSide - 1) * 256 / 255
		at := min(x/256, gridSide-2)
		p[v] = place{int32(at), int32(x - 256*at)}
	}
	return p
}()

// table is a grid in fixed-point numbers, for pixels.
type table struct{ points [][4]int32 }

func (g *grid) table() *table {
	t := &table{make([][4]int32, len(g.points))}
	for i, p := range g.points {
		for c := range p {
			t.points[i][c] = int32(math.Round(min(max(p[c], 0), 255) * fixed))
		}
	}
	return t
}

func (t *table) convert(row []byte) {
	for ; len(row) >= 4; row = row[4:] {
		r, g, b := places[row[0]], places[row[1]], places[row[2]]
		base := int(r.at)*gridSide*gridSide + int(g.at)*gridSide + int(b.at)
		first, second, third := r.rest, g.rest, b.rest // the largest first
		one, two, three := gridSide*gridSide, gridSide, 1
		if first < second {
			first, second, one, two = second, first, two, one
		}
		if second < third {
			second, third, two, three = third, second, three, two
		}
		if first < second {
			first, second, one, two = second, first, two, one
		}
		p, q := &t.points[base], &t.points[base+one]
		u, v := &t.points[base+one+two], &t.points[base+one+two+three]
		for c := range 3 {
			sum := p[c]*(256-first) + q[c]*(first-second) + u[c]*(second-third) + v[c]*third
			row[c] = byte((sum + 128*fixed) / (256 * fixed))
		}
	}
}

func level(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

// inverse returns the inverse table: at each of its points, the channels that g maps nearest
// to it. Each search starts at the neighbouring point's result and takes few steps; where it
// doesn't converge, it starts again at the nearest of a coarse set of points.
func (g *grid) inverse() *grid {
	const coarse = 8 // steps along each channel of the coarse set
	var starts, colours []vector
	for i := range (coarse + 1) * (coarse + 1) * (coarse + 1) {
		v := vector{float64(i / (coarse + 1) / (coarse + 1)), float64(i / (coarse + 1) % (coarse + 1)), float64(i % (coarse + 1))}
		for c := range v {
			v[c] /= coarse
		}
		starts, colours = append(starts, v), append(colours, g.at(v))
	}
	var found vector
	return newGrid(func(r, green, b float64) vector {
		want := vector{255 * r, 255 * green, 255 * b}
		found = g.search(want, found)
		nearest, start := distance(g.at(found), want), -1
		for i := range colours {
			if d := distance(colours[i], want); d+1 < nearest {
				nearest, start = d, i
			}
		}
		if start >= 0 {
			found = g.search(want, starts[start])
		}
		return vector{255 * found[0], 255 * found[1], 255 * found[2]}
	})
}

// distance returns the squared distance of two colours.
func distance(a, b vector) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return x*x + y*y + z*z
}

// search looks for the channels, 0 to 1, that g maps to a colour, starting at a guess. It uses
// Levenberg's method, which finds the nearest where no channels map to the colour.
func (g *grid) search(want, guess vector) vector {
	damping := 1.0
	off, missed := g.miss(want, guess)
	for range 40 {
		if missed < 0.01 {
			break
		}
		by, ok := step(g.slope(want, guess, off), guess, off, damping)
		if !ok {
			break
		}
		next := guess
		for c := range 3 {
			next[c] = min(max(guess[c]+by[c], 0), 1)
		}
		if o, m := g.miss(want, next); m < missed {
			enough := missed-m < 0.01
			guess, off, missed, damping = next, o, m, damping/4
			if enough {
				break
			}
		} else if damping *= 4; damping > 1e6 {
			break
		}
	}
	return guess
}

// slope returns the Jacobian of g at the channels at, by differences: a row for each channel.
// off is the difference between want and g's colour there.
func (g *grid) slope(want, at, off vector) (slope matrix) {
	const h = 1.0 / 128
	for c := range 3 {
		p := at
		step := h
		if p[c]+h > 1 {
			step = -h
		}
		p[c] += step
		moved, _ := g.miss(want, p)
		for i := range 3 {
			slope[c][i] = (moved[i] - off[i]) / step
		}
	}
	return slope
}

// step solves the damped normal equations for one step from the channels at; ok is false
// where they are singular.
func step(slope matrix, at, off vector, damping float64) (by vector, ok bool) {
	var normal matrix
	var right vector
	for i := range 3 {
		for j := range 3 {
			normal[i][j] = slope[i][0]*slope[j][0] + slope[i][1]*slope[j][1] + slope[i][2]*slope[j][2]
		}
		right[i] = -(slope[i][0]*off[0] + slope[i][1]*off[1] + slope[i][2]*off[2])
		// A channel at its limit whose gradient points outward stays fixed.
		if at[i] <= 0 && right[i] < 0 || at[i] >= 1 && right[i] > 0 {
			right[i] = 0
		}
		normal[i][i] += damping * (1 + normal[i][i])
	}
	inv, ok := normal.inverse()
	if !ok {
		return vector{}, false
	}
	return inv.of(right), true
}

// miss returns the difference between a colour and that of the channels at, and its square.
func (g *grid) miss(want, at vector) (off vector, square float64) {
	v := g.at(at)
	for i := range 3 {
		off[i] = v[i] - want[i]
		square += off[i] * off[i]
	}
	return off, square
}

// Inks converts CMYK to sRGB by a profile, and back where the profile has a table for that.
// It is immutable, and any number of goroutines may use it.
type Inks struct {
	points []vector // 0 to 255; cyan varies slowest
	back   func() *inkGrid
}

// inkGrid is a table from three channels to four inks.
type inkGrid struct{ colours, black *grid }

// ToSRGB converts inks, four bytes a pixel in which 255 is the most, to straight RGBA in dst,
// which may be the same memory.
func (k *Inks) ToSRGB(dst, inks []byte) {
	var last, result uint32
	for i := 0; i+4 <= len(inks) && i+4 <= len(dst); i += 4 {
		p := uint32(inks[i]) | uint32(inks[i+1])<<8 | uint32(inks[i+2])<<16 | uint32(inks[i+3])<<24
		if i == 0 || p != last {
			v := k.at([4]byte(inks[i:]))
			last, result = p, uint32(level(v[0]))|uint32(level(v[1]))<<8|uint32(level(v[2]))<<16
		}
		dst[i], dst[i+1], dst[i+2], dst[i+3] = byte(result), byte(result>>8), byte(result>>16), 255
	}
}

// at interpolates between the sixteen neighbours of an ink mixture.
func (k *Inks) at(inks [4]byte) (out vector) {
	var rest [4]float64
	base := 0
	steps := [4]int{inkSide * inkSide * inkSide, inkSide * inkSide, inkSide, 1}
	for c, v := range inks {
		x := float64(v) * (inkSide - 1) / 255
		i := min(int(x), inkSide-2)
		rest[c], base = x-float64(i), base+i*steps[c]
	}
	for corner := range 16 {
		w, at := 1.0, base
		for c := range 4 {
			if corner>>c&1 != 0 {
				w, at = w*rest[c], at+steps[c]
			} else {
				w *= 1 - rest[c]
			}
		}
		if w != 0 {
			p := &k.points[at]
			out[0], out[1], out[2] = out[0]+w*p[0], out[1]+w*p[1], out[2]+w*p[2]
		}
	}
	return out
}

// Mixes reports whether the profile converts from sRGB, so that FromSRGB can be called.
func (k *Inks) Mixes() bool { return k.back() != nil }

// FromSRGB returns the inks, 255 being the most, of a colour of sRGB.
func (k *Inks) FromSRGB(r, g, b byte) (cyan, magenta, yellow, black byte) {
	t := k.back()
	v := vector{float64(r) / 255, float64(g) / 255, float64(b) / 255}
	c := t.colours.at(v)
	return level(c[0]), level(c[1]), level(c[2]), level(t.black.at(v)[0])
}

// finite reports whether all values are finite, as those of broken profiles may not be.
func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
