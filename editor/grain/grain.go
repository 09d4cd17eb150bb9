// Package grain measures the grain of a photo where the photo is plain, and makes
// more of the same: as strong at each brightness, as coarse, and as coloured.
//
// How well that succeeds is in the table of make align-quality: of photos to which grain of 3 and 7
// levels was added, in answers that are enlarged 1.5 to 3 times, the power inside the mask is 0.8 to 1.22
// times the photo's in each of three bands of frequency. Two of 45 cells are outside: the coarsest band of
// a photo with few plain places (coffee.png, 7 levels, 1.5 and 2 times), with 1.51 and 1.36. Of photos as
// they are, the finest band of one (flower.jpg, 3 times) has 1.32; where the ring shows no grain, none is
// made, whatever there is inside (tulips.png: 0.19 to 1.98).
package grain

import (
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/fourier"
	"overpaint.dev/overpaint/editor/parallel"
)

// Block is the side in pixels of the squares in which grain is looked for.
const Block = 16

// The bounds of what counts as grain.
const (
	fewest = 8   // plain blocks that tell something
	most   = 512 // of whose spectra the mean is taken
	plain  = 1.6 // variances over that of the plainest blocks, of those that are plain too
	darker = 6   // mean levels below and above which levels are cut off
	bright = 249
	seen   = 0.8  // the least spread in levels that shows
	strong = 20   // the largest spread in levels; what varies more is no grain
	fine   = 0.25 // the least part of grain's power that is finer than an eighth of a period a pixel
	spread = 3    // a level's variance over that of the plainest level, at most
	sure   = 0.25 // the part of a picture that must be plain for what it shows to be grain for sure
	trust  = 4    // blocks that a level's own variance needs to count as much as that of all
)

// nodes are the levels at which a variance is known: every 32nd.
const nodes = 9

// axes are luma and two chromas (ITU-R BT.601).
const axes = 3

// Spectrum is how the grain of a picture is spread: over brightness, over axes of
// colour, and over frequencies. It is immutable.
type Spectrum struct {
	variance [nodes]float64 // of luma, by level
	// power is that of each axis by frequency, over luma's variance.
	power   [axes][Block * Block]float64
	typical float64   // luma's variance where it was measured
	levels  []float64 // the mean luma of the blocks that it was measured in
	plain   float64   // which part of the picture is about as plain as the plainest of it
}

// block is a square of a picture, less what of it is smooth.
type block struct {
	at       image.Rectangle
	rest     [axes][Block * Block]float64
	level    float64
	variance float64 // of luma
}

// Pixels returns pixels of a picture that hold at least a rectangle.
type Pixels func(r image.Rectangle) *image.NRGBA

// Measure finds the grain of the plainest of the given blocks, which are squares of
// side Block. It is nil where there are too few plain blocks to tell.
func Measure(get Pixels, blocks []image.Rectangle) *Spectrum {
	s, _ := Compare(get, nil, blocks)
	return s
}

// Compare measures a picture, and with it what another one, which shows the same
// without some of the grain, has of it in the same places. Without another picture
// there is nothing of that, and neither where there are too few plain blocks to tell.
func Compare(get, other Pixels, blocks []image.Rectangle) (s, has *Spectrum) {
	all := read(get, blocks)
	kept := plainest(all, plain)
	s = &Spectrum{plain: float64(len(kept)) / float64(max(len(all), 1))}
	if s.plain < sure { // then most of that is no grain either
		kept = plainest(all, 1)
	}
	if len(kept) < fewest {
		return nil, nil
	}
	s.byLevel(kept)
	kept = evenly(kept, most)
	s.byFrequency(kept)
	if other == nil {
		return s, nil
	}
	places := make([]image.Rectangle, len(kept))
	for i, b := range kept {
		places[i] = b.at
	}
	has = &Spectrum{variance: s.variance, plain: s.plain}
	has.byFrequency(measure(other, places))
	return s, has
}

// read reads the blocks whose levels are not cut off.
func read(get Pixels, blocks []image.Rectangle) []block {
	return slices.DeleteFunc(measure(get, blocks), func(b block) bool { return b.level < darker || b.level > bright })
}

// measure reads blocks.
func measure(get Pixels, blocks []image.Rectangle) []block {
	all := make([]block, len(blocks))
	parallel.All(len(blocks), 16, func(from, to int) {
		for i := from; i < to; i++ {
			all[i].read(get(blocks[i]), blocks[i])
		}
	})
	return all
}

// evenly returns at most n of the blocks, from all over.
func evenly(list []block, n int) []block {
	if len(list) <= n {
		return list
	}
	out := make([]block, n)
	for i := range out {
		out[i] = list[i*len(list)/n]
	}
	return out
}

// read takes the block's pixels and takes off what of them is smooth.
func (b *block) read(img *image.NRGBA, at image.Rectangle) {
	b.at = at
	for y := range Block {
		row := img.Pix[img.PixOffset(at.Min.X, at.Min.Y+y):][:4*Block]
		for x := range Block {
			i := y*Block + x
			b.rest[0][i], b.rest[1][i], b.rest[2][i] = axesOf(float64(row[4*x]), float64(row[4*x+1]), float64(row[4*x+2]))
		}
	}
	for ch := range axes {
		mean := smooth(&b.rest[ch])
		if ch == 0 {
			b.level = mean
		}
	}
	for _, v := range b.rest[0] {
		b.variance += v * v
	}
	b.variance /= Block*Block - float64(len(surfaces)) - 1
}

// axesOf returns luma and chromas of a colour.
func axesOf(r, g, b float64) (luma, blue, red float64) {
	luma = colour.LumaRed*r + colour.LumaGreen*g + colour.LumaBlue*b
	return luma, (b - luma) / 1.772, (r - luma) / 1.402
}

// surfaces are the slopes and curves that a block's smooth part is made of, orthogonal to one
// another and to what is constant.
var surfaces = func() (list [5][Block * Block]float64) {
	const middle, bow = (Block - 1) / 2.0, (Block*Block - 1) / 12.0
	for i := range Block * Block {
		x, y := float64(i%Block)-middle, float64(i/Block)-middle
		for k, v := range [...]float64{x, y, x*x - bow, y*y - bow, x * y} {
			list[k][i] = v
		}
	}
	for k := range list {
		sum := 0.0
		for _, v := range list[k] {
			sum += v * v
		}
		for i := range list[k] {
			list[k][i] /= math.Sqrt(sum)
		}
	}
	return list
}()

// smooth takes the mean, slopes and curves off a block, and returns its mean.
func smooth(v *[Block * Block]float64) float64 {
	mean := 0.0
	for _, x := range v {
		mean += x
	}
	mean /= Block * Block
	for i := range v {
		v[i] -= mean
	}
	for k := range surfaces {
		sum := 0.0
		for i, x := range v {
			sum += x * surfaces[k][i]
		}
		for i := range v {
			v[i] -= sum * surfaces[k][i]
		}
	}
	return mean
}

// plainest returns the blocks that vary at most so many times as much as the plainest ones of
// their brightness, which a tenth of them are.
func plainest(all []block, times float64) (kept []block) {
	var byLevel [nodes - 1][]float64
	var every []float64
	for i := range all {
		at := int(all[i].level) / 32
		byLevel[at] = append(byLevel[at], all[i].variance)
		every = append(every, all[i].variance)
	}
	if len(every) < fewest {
		return nil
	}
	floor := tenth(every)
	for at := range byLevel {
		least := floor
		if len(byLevel[at]) >= fewest {
			least = min(tenth(byLevel[at]), spread*floor)
		}
		for i := range all {
			if int(all[i].level)/32 == at && all[i].variance <= times*least+1e-9 {
				kept = append(kept, all[i])
			}
		}
	}
	return kept
}

// tenth returns what a tenth of the values are below of.
func tenth(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/10]
}

// byLevel learns the variance at each level.
func (s *Spectrum) byLevel(kept []block) {
	all := 0.0
	var sum, weight [nodes]float64
	for i := range kept {
		b := &kept[i]
		all += b.variance / float64(len(kept))
		at, part := int(b.level)/32, b.level/32-math.Floor(b.level/32)
		for k, w := range [2]float64{1 - part, part} {
			sum[at+k] += w * b.variance
			weight[at+k] += w
		}
	}
	for i := range nodes {
		s.variance[i] = (sum[i] + trust*all) / (weight[i] + trust)
	}
}

// at returns luma's variance at a level.
func (s *Spectrum) at(level float64) float64 {
	i := min(max(int(level)/32, 0), nodes-2)
	part := level/32 - float64(i)
	return s.variance[i]*(1-part) + s.variance[i+1]*part
}

// byFrequency learns the power of each frequency, through a Hann window.
func (s *Spectrum) byFrequency(kept []block) {
	n := len(kept)
	powers := make([][axes][Block * Block]float64, n)
	transform := fourier.New(Block)
	parallel.All(n, 8, func(from, to int) {
		v := make([]complex128, Block*Block)
		for k := from; k < to; k++ {
			for ch := range axes {
				for i, x := range kept[k].rest[ch] {
					v[i] = complex(x*window[i], 0)
				}
				transform.Plane(v)
				for i, z := range v {
					powers[k][ch][i] = real(z)*real(z) + imag(z)*imag(z)
				}
			}
		}
	})
	for k := range powers {
		level := kept[k].level
		s.levels = append(s.levels, level)
		s.typical += kept[k].variance / float64(n)
		for ch := range axes {
			for i, p := range powers[k][ch] {
				s.power[ch][i] += p / left[i] / float64(n)
			}
		}
	}
	if s.typical > 0 {
		for ch := range axes {
			for i := range s.power[ch] {
				s.power[ch][i] /= s.typical
			}
		}
	}
}

// window is a Hann window whose squares are 1 in the sum.
var window = func() (w [Block * Block]float64) {
	var line [Block]float64
	sum := 0.0
	for i := range line {
		line[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/Block)
		sum += line[i] * line[i]
	}
	for i := range w {
		w[i] = line[i%Block] * line[i/Block] / sum
	}
	return w
}()

// left is what is left of even noise's power at each frequency, once the noise is smoothed and
// windowed; at least a quarter, below which nothing is told.
var left = func() (l [Block * Block]float64) {
	transform := fourier.New(Block)
	for i := range l {
		l[i] = 1
	}
	v := make([]complex128, Block*Block)
	for k := range len(surfaces) + 1 {
		for i := range v {
			surface := 1.0 / Block // what is constant
			if k < len(surfaces) {
				surface = surfaces[k][i]
			}
			v[i] = complex(window[i]*surface, 0)
		}
		transform.Plane(v)
		for i, z := range v {
			l[i] -= real(z)*real(z) + imag(z)*imag(z)
		}
	}
	for i := range l {
		l[i] = max(l[i], 0.25)
	}
	return l
}()

// Sigma returns the grain's spread in levels of luma.
func (s *Spectrum) Sigma() float64 { return math.Sqrt(s.typical) }

// Shows reports that what was measured is grain that can be seen: strong enough,
// not stronger than grain is, and fine.
func (s *Spectrum) Shows() bool {
	all, small := 0.0, 0.0
	for i, p := range s.power[0] {
		all += p
		if frequency(i) > Block/8 {
			small += p
		}
	}
	return s.Sigma() >= seen && s.Sigma() <= strong && small >= fine*all
}

// frequency is how far a place in a spectrum is from its middle, in periods a block.
func frequency(i int) float64 {
	x, y := i%Block, i/Block
	return math.Hypot(float64(min(x, Block-x)), float64(min(y, Block-y)))
}

// Band returns luma's power, in squared levels, of the frequencies from lo up to hi, in periods a
// pixel: for those who compare spectra.
func (s *Spectrum) Band(lo, hi float64) (power float64) {
	for i, p := range s.power[0] {
		if f := frequency(i) / Block; f >= lo && f < hi {
			power += p * s.typical / (Block * Block)
		}
	}
	return power
}
