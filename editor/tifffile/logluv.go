package tifffile

import (
	"fmt"
	"math"
)

// SGI's logarithmic codings (Greg Ward Larson, "LogLuv encoding for full-gamut,
// high-dynamic range images", 1998; TIFF technical note of SGI): luminance as a logarithm, and
// colour as CIE u'v'. They are read into sRGB of 16 bits, in which a luminance of 1
// and the colour of equal energy are white; what is brighter is white.

// logSamples returns a chunk of these codings as samples of 16 bits in the file's
// order of bytes, one or three a pixel.
func (p *Page) logSamples(data []byte, c chunk) (raw []byte, whole bool) {
	raw, whole = make([]byte, 2*c.columns*c.rows*p.Samples), true
	o := p.d.file.order
	codes := make([]uint32, c.columns)
	for y := range c.rows {
		var n int
		switch {
		case p.compression == compressLog24:
			n, data = packedCodes(codes, data)
		case p.Samples == 1:
			n, data = logRuns(codes, data, 2)
		default:
			n, data = logRuns(codes, data, 4)
		}
		to := raw[2*y*c.columns*p.Samples:]
		for x, code := range codes[:n] {
			if p.Samples == 1 {
				o.PutUint16(to[2*x:], gammaOf(log16(code)))
				continue
			}
			for i, v := range p.luv(code) {
				o.PutUint16(to[6*x+2*i:], v)
			}
		}
		if n < len(codes) {
			return raw, false
		}
	}
	return raw, whole
}

// luv converts a code of 24 or 32 bits.
func (p *Page) luv(code uint32) [3]uint16 {
	if p.compression == compressLog24 {
		u, v := uvOf(int(code & 0x3fff))
		return luvToRGB(log10(code>>14), u, v)
	}
	const step = 1.0 / 410
	return luvToRGB(log16(code>>16), (float64(code>>8&0xff)+0.5)*step, (float64(code&0xff)+0.5)*step)
}

// packedCodes reads a row of codes of 3 bytes and returns how many there were, and
// the data behind them.
func packedCodes(codes []uint32, data []byte) (n int, rest []byte) {
	for n = 0; n < len(codes) && len(data) >= 3; n++ {
		codes[n] = uint32(data[0])<<16 | uint32(data[1])<<8 | uint32(data[2])
		data = data[3:]
	}
	return n, data
}

// logRuns reads a row of codes of size bytes, which are stored as so many rows of
// bytes in runs, the most significant first. A count from 128 on is that of a byte that
// is repeated, less 126; others are that of bytes that follow.
func logRuns(codes []uint32, data []byte, size int) (n int, rest []byte) {
	clear(codes)
	for shift := 8 * (size - 1); shift >= 0; shift -= 8 {
		for n = 0; n < len(codes) && len(data) > 1; {
			count := int(data[0])
			if count >= 128 {
				for range min(count-126, len(codes)-n) {
					codes[n] |= uint32(data[1]) << shift
					n++
				}
				data = data[2:]
				continue
			}
			k := min(count, len(data)-1, len(codes)-n)
			for i, b := range data[1 : 1+k] {
				codes[n+i] |= uint32(b) << shift
			}
			n += k
			data = data[1+k:]
		}
		if n < len(codes) {
			return 0, nil
		}
	}
	return n, data
}

// log16 returns the luminance of a code of a sign and 15 bits, 0 of a negative one.
func log16(code uint32) float64 {
	if code&0x7fff == 0 || code&0x8000 != 0 {
		return 0
	}
	return math.Exp2((float64(code)+0.5)/256 - 64)
}

// log10 returns the luminance of a code of 10 bits.
func log10(code uint32) float64 {
	if code == 0 {
		return 0
	}
	return math.Exp2((float64(code)+0.5)/64 - 12)
}

// luvToRGB converts luminance and CIE u'v' by way of XYZ.
func luvToRGB(l, u, v float64) [3]uint16 {
	if l <= 0 || v <= 0 {
		return [3]uint16{}
	}
	x, z := l*9*u/(4*v), l*(12-3*u-20*v)/(4*v)
	x, z = x*0.950456, z*1.089058 // of equal energy as of sRGB's white
	return [3]uint16{
		gammaOf(3.2404542*x - 1.5371385*l - 0.4985314*z),
		gammaOf(-0.9692660*x + 1.8760108*l + 0.0415560*z),
		gammaOf(0.0556434*x - 0.2040259*l + 1.0572252*z),
	}
}

// uvOf returns the colour of an index of 14 bits: it counts squares in rows over
// the colours that there are. Beyond the last it is that of equal energy.
func uvOf(index int) (u, v float64) {
	const side, first = 0.0035, 0.016940
	for i, row := range uvRows {
		if index < row.n {
			return row.start + (float64(index)+0.5)*side, first + (float64(i)+0.5)*side
		}
		index -= row.n
	}
	return 4.0 / 19, 9.0 / 19
}

// uvRows are the rows of squares from the lowest v' on: u' where a row starts, and how
// many it has.
var uvRows = [...]struct {
	start float64
	n     int
}{
	{0.247663, 4}, {0.243779, 6}, {0.241684, 7}, {0.237874, 9}, {0.235906, 10}, {0.232153, 12},
	{0.228352, 14}, {0.226259, 15}, {0.222371, 17}, {0.220410, 18}, {0.214710, 21}, {0.212714, 22},
	{0.210721, 23}, {0.204976, 26}, {0.202986, 27}, {0.199245, 29}, {0.195525, 31}, {0.193560, 32},
	{0.189878, 34}, {0.186216, 36}, {0.186216, 36}, {0.182592, 38}, {0.179003, 40}, {0.175466, 42},
	{0.172001, 44}, {0.172001, 44}, {0.168612, 46}, {0.168612, 46}, {0.163575, 49}, {0.158642, 52},
	{0.158642, 52}, {0.158642, 52}, {0.153815, 55}, {0.153815, 55}, {0.149097, 58}, {0.149097, 58},
	{0.142746, 62}, {0.142746, 62}, {0.142746, 62}, {0.138270, 65}, {0.138270, 65}, {0.138270, 65},
	{0.132166, 69}, {0.132166, 69}, {0.126204, 73}, {0.126204, 73}, {0.126204, 73}, {0.120381, 77},
	{0.120381, 77}, {0.120381, 77}, {0.120381, 77}, {0.112962, 82}, {0.112962, 82}, {0.112962, 82},
	{0.107450, 86}, {0.107450, 86}, {0.107450, 86}, {0.107450, 86}, {0.100343, 91}, {0.100343, 91},
	{0.100343, 91}, {0.095126, 95}, {0.095126, 95}, {0.095126, 95}, {0.095126, 95}, {0.088276, 100},
	{0.088276, 100}, {0.088276, 100}, {0.088276, 100}, {0.081523, 105}, {0.081523, 105}, {0.081523, 105},
	{0.081523, 105}, {0.074861, 110}, {0.074861, 110}, {0.074861, 110}, {0.074861, 110}, {0.068290, 115},
	{0.068290, 115}, {0.068290, 115}, {0.068290, 115}, {0.063573, 119}, {0.063573, 119}, {0.063573, 119},
	{0.063573, 119}, {0.057219, 124}, {0.057219, 124}, {0.057219, 124}, {0.057219, 124}, {0.050985, 129},
	{0.050985, 129}, {0.050985, 129}, {0.050985, 129}, {0.050985, 129}, {0.044859, 134}, {0.044859, 134},
	{0.044859, 134}, {0.044859, 134}, {0.040571, 138}, {0.040571, 138}, {0.040571, 138}, {0.040571, 138},
	{0.036339, 142}, {0.036339, 142}, {0.036339, 142}, {0.036339, 142}, {0.032139, 146}, {0.032139, 146},
	{0.032139, 146}, {0.032139, 146}, {0.027947, 150}, {0.027947, 150}, {0.027947, 150}, {0.023739, 154},
	{0.023739, 154}, {0.023739, 154}, {0.023739, 154}, {0.019504, 158}, {0.019504, 158}, {0.019504, 158},
	{0.016976, 161}, {0.016976, 161}, {0.016976, 161}, {0.016976, 161}, {0.012639, 165}, {0.012639, 165},
	{0.012639, 165}, {0.009991, 168}, {0.009991, 168}, {0.009991, 168}, {0.009016, 170}, {0.009016, 170},
	{0.009016, 170}, {0.006217, 173}, {0.006217, 173}, {0.005097, 175}, {0.005097, 175}, {0.005097, 175},
	{0.003909, 177}, {0.003909, 177}, {0.002340, 177}, {0.002389, 170}, {0.001068, 164}, {0.001653, 157},
	{0.000717, 150}, {0.001614, 143}, {0.000270, 136}, {0.000484, 129}, {0.001103, 123}, {0.001242, 115},
	{0.001188, 109}, {0.001011, 103}, {0.000709, 97}, {0.000301, 89}, {0.002416, 82}, {0.003251, 76},
	{0.003246, 69}, {0.004141, 62}, {0.005963, 55}, {0.008839, 47}, {0.010490, 40}, {0.016994, 31},
	{0.023659, 21},
}

// readLogarithmic makes a page in one of the codings of this file one of what
// logSamples makes of them.
func (p *Page) readLogarithmic() error {
	if p.photometric != inLogL && p.photometric != inLogLuv {
		if p.compression == compressLog || p.compression == compressLog24 {
			return damaged("LogLuv of colour model %d", p.photometric)
		}
		return nil
	}
	samples := map[int]int{inLogL: 1, inLogLuv: 3}[p.photometric]
	switch {
	case p.compression != compressLog && (p.compression != compressLog24 || samples == 1):
		return &UnsupportedError{fmt.Sprintf("LogLuv with compression %d", p.compression)}
	case p.planes || p.Samples != samples:
		return damaged("%d samples in LogLuv", p.Samples)
	}
	p.bits, p.format, p.predictor, p.Deep = 16, unsigned, 1, true
	p.photometric = inRGB
	if samples == 1 {
		p.photometric = blackIsZero
	}
	return nil
}
