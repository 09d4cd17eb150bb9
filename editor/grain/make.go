package grain

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/fourier"
	"overpaint.dev/overpaint/editor/parallel"
)

// Bytes is how much memory a Grain takes.
const Bytes = 12 * tileSide * tileSide

// tileSide is after how many pixels made grain repeats: far enough, for it holds
// nothing coarser than a block.
const tileSide = 256

// Grain is made grain, to be added to a picture. It is immutable and may be used
// by several goroutines.
type Grain struct {
	tile  []float32    // red, green, blue, for a luma that varies by one level
	gain  [256]float32 // by the level of luma
	sigma float64
}

// New makes the grain that an answer lacks: all of the wanted one, less what the answer
// has of it in the same places (Compare; nil is nothing), frequency by frequency. inside is what was measured where
// the grain is to go, or nil: where the answer has still less there, it gets more,
// provided that so much of the wanted one's picture is plain that what was measured
// is grain for sure. The result is nil where nothing that could be seen is lacking. The
// same seed gives the same grain.
func New(wanted, has, inside *Spectrum, seed uint64) *Grain {
	if wanted == nil || !wanted.Shows() {
		return nil
	}
	if has == nil {
		has = &Spectrum{}
	}
	if inside == nil || wanted.plain < sure {
		inside = has
	}
	lacking, variance := wanted.less(has, inside)
	g := &Grain{sigma: math.Sqrt(variance)}
	if g.sigma < seen/2 {
		return nil
	}
	for i := range g.gain {
		const softLow, softHigh = 8, 12 // levels over which grain ends towards what is cut off
		l := float64(i)
		cut := min(1, l/softLow, (255-l)/softHigh)
		g.gain[i] = float32(cut * math.Sqrt(wanted.at(l)))
	}
	g.make(lacking, seed)
	return g
}

// less returns the power by frequency that the lesser of two lacks, over luma's variance, and luma's
// variance of it in squared levels.
func (s *Spectrum) less(a, b *Spectrum) (power [axes][Block * Block]float64, variance float64) {
	partA, partB := s.part(a), s.part(b)
	for ch := range axes {
		for i, p := range s.power[ch] {
			power[ch][i] = max(p-min(partA*a.power[ch][i], partB*b.power[ch][i]), 0)
			if ch == 0 {
				variance += power[ch][i] * s.typical / (Block * Block)
			}
		}
	}
	return power, variance
}

// part is the variance of another spectrum over the one that s has at its levels.
func (s *Spectrum) part(o *Spectrum) float64 {
	if len(o.levels) == 0 {
		return 0
	}
	mine := 0.0
	for _, l := range o.levels {
		mine += s.at(l) / float64(len(o.levels))
	}
	return o.typical / mine
}

// make fills the tile with noise of a power by frequency.
func (g *Grain) make(power [axes][Block * Block]float64, seed uint64) {
	g.tile = make([]float32, 3*tileSide*tileSide)
	for ch, toRGB := range [axes][3]float32{{1, 1, 1}, {0, -0.344136, 1.772}, {1.402, -0.714136, 0}} {
		kernel := kernelOf(&power[ch])
		noise := make([]float32, tileSide*tileSide)
		for i := range noise {
			noise[i] = normal(seed, uint64(ch*len(noise)+i))
		}
		parallel.All(tileSide, 8, func(from, to int) {
			for y := from; y < to; y++ {
				g.line(y, noise, kernel, toRGB)
			}
		})
	}
}

// line adds noise, correlated by a kernel, to a line of the tile.
func (g *Grain) line(y int, noise []float32, kernel *[Block * Block]float32, toRGB [3]float32) {
	var sum [tileSide]float32
	for ky := 1 - Block/2; ky < Block/2; ky++ {
		row := noise[(y+ky+tileSide)%tileSide*tileSide:][:tileSide]
		for kx := 1 - Block/2; kx < Block/2; kx++ {
			w := kernel[(ky+Block)%Block*Block+(kx+Block)%Block]
			if w == 0 {
				continue
			}
			from := (kx + tileSide) % tileSide
			for x, v := range row[from:] {
				sum[x] += w * v
			}
			for x, v := range row[:from] {
				sum[tileSide-from+x] += w * v
			}
		}
	}
	for x, v := range sum {
		to := g.tile[3*(y*tileSide+x):][:3]
		to[0], to[1], to[2] = to[0]+toRGB[0]*v, to[1]+toRGB[1]*v, to[2]+toRGB[2]*v
	}
}

// kernelOf returns the symmetric kernel that gives white noise a power by frequency.
// Its middle is at its first place, and it goes around its edges.
func kernelOf(power *[Block * Block]float64) *[Block * Block]float32 {
	v := make([]complex128, Block*Block)
	for i, p := range power {
		v[i] = complex(math.Sqrt(p), 0)
	}
	fourier.New(Block).Plane(v)
	var k [Block * Block]float32
	for i, z := range v {
		k[i] = float32(real(z) / (Block * Block))
	}
	return &k
}

// normal returns the nth of random numbers with mean 0 and variance 1, nearly of a normal distribution: the sum
// of four even ones (the bits are those of Steele, Lea, Flood, "Fast Splittable
// Pseudorandom Number Generators", 2014).
func normal(seed, n uint64) float32 {
	z := seed + (n+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	sum := z&0xffff + z>>16&0xffff + z>>32&0xffff + z>>48
	const middle, deviation = 2 * 0xffff, 37837.2 // of four even numbers up to 0xffff
	return float32((float64(sum) - middle) / deviation)
}

// Sigma returns by how many levels of luma the grain varies where it was measured.
func (g *Grain) Sigma() float64 { return g.sigma }

// Add lays the grain over dst where the weight, which has the same bounds, is not 0. from is where the grain
// begins: pixels with the same place from there have the same.
func (g *Grain) Add(dst *image.NRGBA, weight *image.Alpha, from image.Point) {
	r := dst.Rect
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(r.Min.X, y):][:4*r.Dx()]
		weights := weight.Pix[weight.PixOffset(r.Min.X, y):][:r.Dx()]
		tile := g.tile[3*tileSide*((y-from.Y)&(tileSide-1)):][:3*tileSide]
		for x, w := range weights {
			if w == 0 {
				continue
			}
			p := row[4*x : 4*x+4 : 4*x+4]
			gain := g.gain[(77*int(p[0])+150*int(p[1])+29*int(p[2]))>>8]
			t := tile[3*((r.Min.X+x-from.X)&(tileSide-1)):][:3]
			for ch := range 3 {
				p[ch] = uint8(min(max(float32(p[ch])+gain*t[ch]+0.5, 0), 255))
			}
		}
	}
}
