package colour

import (
	"encoding/binary"
	"math"
	"sync"
)

// Primaries are the chromaticities (CIE 1931 x and y) of white, red, green and blue.
type Primaries struct{ White, Red, Green, Blue [2]float64 }

// Known primaries.
var (
	d65 = [2]float64{0.3127, 0.3290}

	primariesSRGB     = Primaries{d65, [2]float64{0.64, 0.33}, [2]float64{0.30, 0.60}, [2]float64{0.15, 0.06}}
	primariesAdobeRGB = Primaries{d65, [2]float64{0.64, 0.33}, [2]float64{0.21, 0.71}, [2]float64{0.15, 0.06}}
	primariesP3       = Primaries{d65, [2]float64{0.680, 0.320}, [2]float64{0.265, 0.690}, [2]float64{0.150, 0.060}}
	primaries2020     = Primaries{d65, [2]float64{0.708, 0.292}, [2]float64{0.170, 0.797}, [2]float64{0.131, 0.046}}
	// codedPrimaries are the primaries of ISO/IEC 23091-2 that occur in pictures, by code.
	codedPrimaries = map[int]Primaries{
		1:  primariesSRGB,
		5:  {d65, [2]float64{0.64, 0.33}, [2]float64{0.29, 0.60}, [2]float64{0.15, 0.06}},
		6:  {d65, [2]float64{0.630, 0.340}, [2]float64{0.310, 0.595}, [2]float64{0.155, 0.070}},
		7:  {d65, [2]float64{0.630, 0.340}, [2]float64{0.310, 0.595}, [2]float64{0.155, 0.070}},
		9:  primaries2020,
		11: {[2]float64{0.314, 0.351}, primariesP3.Red, primariesP3.Green, primariesP3.Blue},
		12: primariesP3,
	}
)

// sRGBColumns are sRGB's primaries in XYZ, adapted to D50.
var sRGBColumns, _ = primariesSRGB.columns()

// xyz returns the XYZ of a chromaticity with Y = 1.
func xyz(c [2]float64) vector { return vector{c[0] / c[1], 1, (1 - c[0] - c[1]) / c[1]} }

// columns returns the matrix from linear light to XYZ, adapted to D50; ok is false where
// the chromaticities are invalid.
func (p Primaries) columns() (m matrix, ok bool) {
	for _, c := range [][2]float64{p.White, p.Red, p.Green, p.Blue} {
		if !(c[1] > 1e-3) || !finite(c[:]...) {
			return m, false
		}
	}
	r, g, b, white := xyz(p.Red), xyz(p.Green), xyz(p.Blue), xyz(p.White)
	for i := range 3 {
		m[i] = vector{r[i], g[i], b[i]}
	}
	inv, ok := m.inverse()
	if !ok {
		return m, false
	}
	shares := inv.of(white)
	for i := range 3 {
		for j := range 3 {
			m[i][j] *= shares[j]
		}
	}
	return adapted(white).times(m), true
}

// adapted returns Bradford's adaptation from a white to D50.
func adapted(white vector) matrix {
	bradford := matrix{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}
	inv, _ := bradford.inverse()
	from, to := bradford.of(white), bradford.of(vector{0.9642, 1, 0.8249})
	return inv.times(matrix{{to[0] / from[0], 0, 0}, {0, to[1] / from[1], 0}, {0, 0, to[2] / from[2]}}.times(bradford))
}

// curveOf returns a tone curve's values for bytes.
func curveOf(f func(float64) float64) (c [256]float64) {
	for i := range c {
		c[i] = f(float64(i) / 255)
	}
	return c
}

// space returns the space of primaries and a tone curve, nil for sRGB. lit reports that the
// curve's maximum is 1, as a profile requires.
func (p Primaries) space(curve [256]float64, lit bool) *Space {
	columns, ok := p.columns()
	if !ok {
		return nil
	}
	var profile []byte
	if lit {
		profile = writeProfile(columns, [3]tones{curve[:], curve[:], curve[:]})
	}
	s, err := newShaped(&[3][256]float64{curve, curve, curve}, fromD50.times(columns), profile)
	if err != nil {
		return nil
	}
	return s
}

// Coded returns the space of the code points for primaries and transfer function of ISO/IEC
// 23091-2 (CICP), nil for sRGB and for unspecified ones. HDR highlights above the reference
// white are clipped.
func Coded(primaries, transfer int) *Space {
	p, ok := codedPrimaries[primaries]
	if !ok {
		p = primariesSRGB
	}
	gamma := func(g float64) func(float64) float64 {
		return func(v float64) float64 { return math.Pow(v, g) }
	}
	switch transfer {
	case 4:
		return p.space(curveOf(gamma(2.2)), true)
	case 5:
		return p.space(curveOf(gamma(2.8)), true)
	case 8:
		return p.space(curveOf(gamma(1)), true)
	case 16:
		return p.space(curveOf(pq), false)
	case 17:
		return p.space(curveOf(gamma(2.6)), true)
	case 18:
		return p.space(curveOf(hlg), false)
	}
	// The transfer functions of television (1, 6, 14, 15) are treated as sRGB's.
	return p.space(curveOf(linear), true)
}

// referenceWhite is the luminance, in cd/m2, at which HDR shows the white of SDR pictures
// (ITU-R BT.2408).
const referenceWhite = 203

// pq is the transfer function of SMPTE ST 2084, with the reference white at 1.
func pq(v float64) float64 {
	const m1, m2 = 2610.0 / 16384, 2523.0 / 4096 * 128
	const c1, c2, c3 = 3424.0 / 4096, 2413.0 / 4096 * 32, 2392.0 / 4096 * 32
	x := math.Pow(v, 1/m2)
	return 10000.0 / referenceWhite * math.Pow(max(x-c1, 0)/(c2-c3*x), 1/m1)
}

// hlg is the transfer function of ARIB STD-B67 on a screen of 1000 cd/m2, with the reference
// white at 1.
func hlg(v float64) float64 {
	const a, b, c = 0.17883277, 0.28466892, 0.55991073
	scene := v * v / 3
	if v > 0.5 {
		scene = (math.Exp((v-c)/a) + b) / 12
	}
	return 1000.0 / referenceWhite * math.Pow(scene, 1.2)
}

// Gamma returns the space of a file's encoding gamma (usually 1/2.2; 0 for sRGB's tone curve)
// and primaries (nil for sRGB's). Nil is sRGB.
func Gamma(gamma float64, p *Primaries) *Space {
	if p == nil {
		p = &primariesSRGB
	}
	// 1/2.2 with sRGB's primaries means sRGB, as PNG's specification says.
	if gamma == 0 || math.Abs(gamma-1/2.2) < 0.002 && p.near(primariesSRGB) {
		return p.space(curveOf(linear), true)
	}
	if !(gamma > 0.1 && gamma < 10) {
		return nil
	}
	return p.space(curveOf(func(v float64) float64 { return math.Pow(v, 1/gamma) }), true)
}

func (p Primaries) near(o Primaries) bool {
	d := 0.0
	for i := range 2 {
		d = max(d, math.Abs(p.White[i]-o.White[i]), math.Abs(p.Red[i]-o.Red[i]), math.Abs(p.Green[i]-o.Green[i]), math.Abs(p.Blue[i]-o.Blue[i]))
	}
	return d < 0.002
}

// AdobeRGB returns the space Adobe RGB (1998).
var AdobeRGB = sync.OnceValue(func() *Space {
	return primariesAdobeRGB.space(curveOf(func(v float64) float64 { return math.Pow(v, 563.0/256) }), true)
})

func xyzToLab(v vector) vector {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x, y, z := f(v[0]/0.9642), f(v[1]), f(v[2]/0.8249)
	return vector{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// tones are a tone curve's values at equal steps.
type tones []float64

// writeProfile returns a matrix-and-curve display profile (ICC.1:2001-04, version 2.4).
func writeProfile(columns matrix, curves [3]tones) []byte {
	type tag struct {
		name string
		data []byte
	}
	fixed := func(b []byte, v ...float64) []byte {
		for _, x := range v {
			b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(x*65536))))
		}
		return b
	}
	text := func(kind, s string) []byte { return append([]byte(kind+"\x00\x00\x00\x00"), s...) }
	const name = "RGB\x00"
	description := append(binary.BigEndian.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(name))), name...)
	description = append(description, make([]byte, 8+3+67)...) // no Unicode and no Macintosh description
	tags := []tag{
		{"desc", description},
		{"cprt", text("text", "CC0\x00")},
		{"wtpt", fixed([]byte("XYZ \x00\x00\x00\x00"), 0.9642, 1, 0.8249)},
	}
	for i, c := range [3]string{"r", "g", "b"} {
		tags = append(tags, tag{c + "XYZ", fixed([]byte("XYZ \x00\x00\x00\x00"), columns[0][i], columns[1][i], columns[2][i])})
		curve := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), uint32(len(curves[i])))
		for _, v := range curves[i] {
			curve = binary.BigEndian.AppendUint16(curve, uint16(min(max(v, 0), 1)*65535+0.5))
		}
		tags = append(tags, tag{c + "TRC", curve})
	}
	p := make([]byte, headLength, 4096)
	copy(p[8:], "\x02\x40\x00\x00mntrRGB XYZ ")
	copy(p[24:], "\x07\xd0\x00\x01\x00\x01") // a fixed date, so that the profile is reproducible
	copy(p[36:], "acsp")
	copy(p[68:], fixed(nil, 0.9642, 1, 0.8249))
	p = binary.BigEndian.AppendUint32(p, uint32(len(tags)))
	at := len(p) + 12*len(tags)
	var data []byte
	for _, t := range tags {
		p = binary.BigEndian.AppendUint32(append(p, t.name...), uint32(at+len(data)))
		p = binary.BigEndian.AppendUint32(p, uint32(len(t.data)))
		data = append(data, t.data...)
		data = append(data, make([]byte, (4-len(data)%4)%4)...)
	}
	p = append(p, data...)
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}
