package tifffile

import "math"

// ycbcr converts YCbCr (TIFF 6.0, section 21).
type ycbcr struct {
	red, green, blue float64
	// low and high are the codes of black and white of luma, and of no and all
	// colour of chroma.
	low, high [3]float64
}

func (p *Page) newYCbCr() ycbcr {
	c := ycbcr{0.299, 0.587, 0.114, [3]float64{0, 128, 128}, [3]float64{255, 255, 255}}
	// Some writers have a digit wrong.
	if k := p.d.fractions(tagCoefficients); len(k) >= 3 && k[1] > 0 && math.Abs(k[0]+k[1]+k[2]-1) < 0.01 {
		c.red, c.green, c.blue = k[0], k[1], k[2]
	}
	if r := p.d.fractions(tagReference); len(r) >= 6 {
		for i := range 3 {
			if r[2*i+1] > r[2*i] {
				c.low[i], c.high[i] = r[2*i], r[2*i+1]
			}
		}
	}
	return c
}

// convert returns RGB of 16 bits.
func (c ycbcr) convert(y, cb, cr uint16) (r, g, b uint16) {
	part := func(v uint16, i int, span float64) float64 {
		return (float64(v) - c.low[i]) * span / (c.high[i] - c.low[i])
	}
	l, u, v := part(y, 0, 255), part(cb, 1, 127), part(cr, 2, 127)
	red := l + v*(2-2*c.red)
	blue := l + u*(2-2*c.blue)
	green := (l - c.blue*blue - c.red*red) / c.green
	return byteToWide(red), byteToWide(green), byteToWide(blue)
}

func byteToWide(v float64) uint16 { return uint16(min(max(v, 0), 255)+0.5) * 257 }

// subsampling returns how many pixels share a sample of chroma, 1 to 4 each way.
func (p *Page) subsampling() (h, v int) {
	h, v = 2, 2
	if s := p.d.Numbers(tagSubsampling); len(s) >= 2 {
		h, v = int(min(s[0], 9)), int(min(s[1], 9))
	}
	ok := func(n int) bool { return n == 1 || n == 2 || n == 4 }
	if !ok(h) || !ok(v) {
		return 2, 2
	}
	return h, v
}

// subsampled returns a chunk that is stored in units of h x v luma samples and two
// of chroma, with as many samples of each.
func (p *Page) subsampled(data []byte, c chunk, h, v int) (raw []byte, whole bool, err error) {
	if p.bits != 8 || p.Samples != 3 {
		return nil, false, &UnsupportedError{"these samples with shared chroma"}
	}
	across, down, unit := (c.columns+h-1)/h, (c.rows+v-1)/v, h*v+2
	units, whole, err := p.expand(data, c, across*down*unit, 3)
	if err != nil {
		return nil, false, err
	}
	raw = make([]byte, c.columns*c.rows*3)
	for y := range c.rows {
		for x := range c.columns {
			u := units[(y/v*across+x/h)*unit:]
			to := raw[3*(y*c.columns+x):]
			to[0], to[1], to[2] = u[y%v*h+x%h], u[h*v], u[h*v+1]
		}
	}
	return raw, whole, nil
}
