package tifffile

// CIE L*a*b* (TIFF 6.0, section 23; technical note 4 for that of ICC).

// White points in XYZ with Y = 1: that of Lab where the file tells no other, and sRGB's.
var (
	whiteD50 = [3]float64{0.9642, 1, 0.8249}
	whiteD65 = [3]float64{0.95047, 1, 1.08883}
)

// lightOfXYZ are the rows of the matrix from XYZ to linear light of sRGB (IEC 61966-2-1).
var lightOfXYZ = [3][3]float64{{3.2404542, -1.5371385, -0.4985314}, {-0.9692660, 1.8760108, 0.0415560}, {0.0556434, -0.2040259, 1.0572252}}

// cones and ofCones are Bradford's matrix and its inverse.
var (
	cones   = [3][3]float64{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}
	ofCones = [3][3]float64{{0.9869929, -0.1470543, 0.1599627}, {0.4323053, 0.5183603, 0.0492912}, {-0.0085287, 0.0400428, 0.9684867}}
)

// whiteOfLab returns the white that the numbers of L*a*b* are relative to: the file's
// WhitePoint, or D50, which ICC's kind of Lab always has.
func (p *Page) whiteOfLab() [3]float64 {
	w := p.d.fractions(tagWhitePoint)
	if p.photometric == inICCLab || len(w) < 2 {
		return whiteD50
	}
	x, y := w[0], w[1]
	if !(x > 0.1 && y > 0.1 && x+y < 0.9) { // no white looks like that
		return whiteD50
	}
	return [3]float64{x / y, 1, (1 - x - y) / y}
}

// lightOfLab returns the matrix from XYZ, each divided by that of Lab's white, to linear
// light of sRGB, with the white adapted.
func (p *Page) lightOfLab() (m [3][3]float64) {
	white := p.whiteOfLab()
	from, to := times(cones, white), times(cones, whiteD65)
	for i := range 3 {
		var column [3]float64
		column[i] = white[i]
		column = times(cones, column)
		for k := range column {
			column[k] *= to[k] / from[k]
		}
		column = times(lightOfXYZ, times(ofCones, column))
		for k := range 3 {
			m[k][i] = column[k]
		}
	}
	return m
}

// times returns the product of a matrix and a vector.
func times(m [3][3]float64, v [3]float64) (out [3]float64) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

// lab converts CIE L*a*b* to sRGB.
func (c *canvas) lab(s []uint16) (r, g, b uint16) {
	var l, a, bb float64
	if c.Deep {
		l = float64(s[0]) / 65535 * 100
		a, bb = float64(int16(s[1]))/256, float64(int16(s[2]))/256
		if c.photometric == inICCLab {
			l, a, bb = float64(s[0])/65280*100, float64(s[1])/256-128, float64(s[2])/256-128
		}
	} else {
		l = float64(s[0]) / 255 * 100
		a, bb = float64(int8(s[1])), float64(int8(s[2]))
		if c.photometric == inICCLab {
			a, bb = float64(s[1])-128, float64(s[2])-128
		}
	}
	return c.labToRGB(l, a, bb)
}

// labToRGB converts by way of XYZ and IEC 61966-2-1.
func (c *canvas) labToRGB(l, a, b float64) (uint16, uint16, uint16) {
	fy := (l + 16) / 116
	f := func(t float64) float64 {
		if t > 6.0/29 {
			return t * t * t
		}
		return 3 * 36.0 / 841 * (t - 4.0/29)
	}
	rgb := times(c.light, [3]float64{f(fy + a/500), f(fy), f(fy - b/200)})
	return gammaOf(rgb[0]), gammaOf(rgb[1]), gammaOf(rgb[2])
}
