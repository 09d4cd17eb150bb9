package tifffile

import (
	"errors"
	"image"
	"math"
	"sync"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/parallel"
)

// canvas is the picture that is being read.
type canvas struct {
	*Page
	pix     *image.NRGBA
	deep    *image.NRGBA64
	inks    *image.CMYK
	cover   *image.Alpha // of inks, nil where these are opaque
	scale   float64      // of floating point
	palette []uint64
	widen   uint64 // what its numbers are multiplied by for 16 bits
	ycbcr   ycbcr
	// light turns Lab's XYZ, relative to its white, into linear light of sRGB.
	light [3][3]float64
}

func (p *Page) newCanvas() *canvas {
	c := &canvas{Page: p, scale: 1, palette: p.d.Numbers(tagColourMap), widen: 1, ycbcr: p.newYCbCr()}
	if p.Lab() {
		c.light = p.lightOfLab()
	}
	if !c.widePalette() {
		c.widen = 257 // written by programs that took its numbers for bytes
	}
	return c
}

// read reads all chunks, several at a time.
func (p *Page) read() (img image.Image, whole bool, err error) {
	rect := image.Rect(0, 0, p.Width, p.Height)
	c := p.newCanvas()
	switch {
	case p.Inks():
		c.inks = image.NewCMYK(rect)
		img = c.inks
		if p.alpha > 0 {
			c.cover = image.NewAlpha(rect)
			img = &TransparentInks{CMYK: c.inks, Cover: c.cover}
		}
	case p.Deep && p.photometric != inPalette:
		c.deep = image.NewNRGBA64(rect)
		img = c.deep
	default:
		c.pix = image.NewNRGBA(rect)
		img = c.pix
	}
	if p.format == floating {
		c.scale = p.white()
	}
	var (
		mu     sync.Mutex
		some   atomic.Bool
		broken atomic.Bool
		why    error
	)
	chunks := min(p.across*p.down, len(p.offsets)) // a header may claim many more
	broken.Store(chunks < p.across*p.down || p.photometric == inPalette && len(c.palette) < 3<<p.bits)
	parallel.All(chunks, 1, func(i, _ int) {
		ok, err := c.readChunk(i)
		if !ok {
			broken.Store(true)
		}
		if err != nil {
			mu.Lock()
			defer mu.Unlock()
			var unsupported *UnsupportedError
			if why == nil || errors.As(err, &unsupported) {
				why = err
			}
			return
		}
		some.Store(true)
	})
	if !some.Load() {
		if why == nil {
			why = damaged("no pixels")
		}
		return nil, false, why
	}
	c.opaqueIfEmpty()
	if c.associated && c.deep != nil {
		img = &image.RGBA64{Pix: c.deep.Pix, Stride: c.deep.Stride, Rect: rect}
	} else if c.associated && c.pix != nil {
		img = &image.RGBA{Pix: c.pix.Pix, Stride: c.pix.Stride, Rect: rect}
	}
	return img, !broken.Load(), nil
}

// errNoData reports a chunk of which the file has nothing.
var errNoData = damaged("no data")

// samples returns the samples of chunk i of a plane, without predictor.
func (p *Page) samples(i, plane, samples int) (raw []byte, rowBytes int, whole bool, err error) {
	ch := p.chunk(i)
	data, there := p.bytes(i, plane)
	if len(data) == 0 {
		return nil, 0, false, errNoData
	}
	rowBytes = (ch.columns*samples*p.bits + 7) / 8
	switch p.compression {
	case compressJPEG, compressOldJPEG:
		if p.bits != 8 {
			return nil, 0, false, &UnsupportedError{"JPEG of more than 8 bits"}
		}
		raw, whole, err = p.jpegSamples(data, ch, samples)
		return raw, rowBytes, whole && there, err
	case compressWebP:
		raw, whole, err = p.webpSamples(data, ch, samples)
		return raw, rowBytes, whole && there, err
	case compressLog, compressLog24:
		raw, whole = p.logSamples(data, ch)
		return raw, rowBytes, whole && there, nil
	}
	if p.photometric == inYCbCr && !p.planes {
		if h, v := p.subsampling(); h*v > 1 {
			raw, whole, err = p.subsampled(data, ch, h, v)
			return raw, rowBytes, whole && there, err
		}
	}
	raw, whole, err = p.expand(data, ch, rowBytes*ch.rows, samples)
	if err == nil {
		p.unpredict(raw, rowBytes, ch.columns, samples)
	}
	return raw, rowBytes, whole && there, err
}

// readChunk reads a chunk of all planes and paints it.
func (c *canvas) readChunk(i int) (whole bool, err error) {
	planes, each := 1, c.Samples
	if c.planes {
		planes, each = c.Samples, 1
	}
	raw, rowBytes := make([][]byte, planes), 0
	whole = true
	for plane := range planes {
		var ok bool
		if raw[plane], rowBytes, ok, err = c.samples(i, plane, each); err != nil {
			return false, err
		}
		whole = whole && ok
	}
	ch := c.chunk(i)
	row, part := make([]uint16, ch.columns*c.Samples), make([]uint16, ch.columns)
	width := min(ch.columns, c.Width-ch.at.X)
	for y := range min(ch.rows, c.Height-ch.at.Y) {
		if planes == 1 {
			c.unpack(row, raw[0][y*rowBytes:], c.scale)
		} else {
			for plane := range planes {
				c.unpack(part, raw[plane][y*rowBytes:], c.scale)
				for x, v := range part {
					row[x*c.Samples+plane] = v
				}
			}
		}
		c.paint(ch.at.X, ch.at.Y+y, row[:width*c.Samples])
	}
	return whole, nil
}

// paint writes the pixels of a row.
func (c *canvas) paint(x, y int, row []uint16) {
	most := uint32(c.max())
	n := c.Samples
	switch {
	case c.inks != nil:
		to := c.inks.Pix[c.inks.PixOffset(x, y):]
		for i := 0; i < len(row)/n; i++ {
			for k := range 4 {
				to[4*i+k] = uint8((uint32(row[i*n+k])*255 + most/2) / most)
			}
			if c.cover != nil {
				c.coverInks(to[4*i:4*i+4], x+i, y, uint8((uint32(row[i*n+c.alpha])*255+most/2)/most))
			}
		}
	case c.deep != nil:
		to := c.deep.Pix[c.deep.PixOffset(x, y):]
		for i := 0; i < len(row)/n; i++ {
			p := c.colour(row[i*n:(i+1)*n], most)
			for k, v := range p {
				to[8*i+2*k], to[8*i+2*k+1] = uint8(v>>8), uint8(v)
			}
		}
	default:
		to := c.pix.Pix[c.pix.PixOffset(x, y):]
		for i := 0; i < len(row)/n; i++ {
			p := c.colour(row[i*n:(i+1)*n], most)
			for k, v := range p {
				to[4*i+k] = narrow(v)
			}
		}
	}
}

// coverInks notes the alpha of a pixel, and divides its inks by it where the file has them
// multiplied.
func (c *canvas) coverInks(inks []uint8, x, y int, alpha uint8) {
	c.cover.Pix[c.cover.PixOffset(x, y)] = alpha
	if !c.associated || alpha == 0 {
		return
	}
	for k, v := range inks {
		inks[k] = uint8(min((uint32(v)*255+uint32(alpha)/2)/uint32(alpha), 255))
	}
}

// narrow returns a number of 16 bits rounded to 8.
func narrow(v uint16) uint8 { return uint8((uint32(v)*255 + 0x80ff) >> 16) }

// colour returns RGBA of 16 bits, premultiplied where the file has it so.
func (c *canvas) colour(s []uint16, most uint32) (p [4]uint16) {
	wide := func(v uint16) uint16 {
		if most == 0xffff {
			return v
		}
		return uint16((uint32(v)*0xffff + most/2) / most)
	}
	p[3] = 0xffff
	if c.alpha > 0 {
		p[3] = wide(s[c.alpha])
	}
	switch c.photometric {
	case whiteIsZero:
		v := 0xffff - wide(s[0])
		p[0], p[1], p[2] = v, v, v
	case inRGB:
		p[0], p[1], p[2] = wide(s[0]), wide(s[1]), wide(s[2])
	case inPalette:
		p[0], p[1], p[2] = c.entry(int(s[0]))
	case inYCbCr:
		p[0], p[1], p[2] = c.ycbcr.convert(s[0], s[1], s[2])
	case inCIELab, inICCLab:
		p[0], p[1], p[2] = c.lab(s)
	default:
		v := wide(s[0])
		p[0], p[1], p[2] = v, v, v
	}
	return p
}

// entry returns a colour of the palette, black beyond its end.
func (c *canvas) entry(i int) (r, g, b uint16) {
	n := len(c.palette) / 3
	if i >= n {
		return 0, 0, 0
	}
	k := c.widen
	return uint16(c.palette[i] * k), uint16(c.palette[n+i] * k), uint16(c.palette[2*n+i] * k)
}

// widePalette reports that the palette has numbers of 16 bits.
func (c *canvas) widePalette() bool {
	for _, v := range c.palette {
		if v > 255 {
			return true
		}
	}
	return false
}

// opaqueIfEmpty makes a picture opaque whose alpha is nowhere said to be any and
// is zero everywhere.
func (c *canvas) opaqueIfEmpty() {
	if c.alpha == 0 || c.d.Numbers(tagExtraSamples) != nil {
		return
	}
	if c.pix != nil {
		for i := 3; i < len(c.pix.Pix); i += 4 {
			if c.pix.Pix[i] != 0 {
				return
			}
		}
		for i := 3; i < len(c.pix.Pix); i += 4 {
			c.pix.Pix[i] = 255
		}
		return
	}
	if c.deep != nil {
		for i := 6; i < len(c.deep.Pix); i += 8 {
			if c.deep.Pix[i] != 0 || c.deep.Pix[i+1] != 0 {
				return
			}
		}
		for i := 6; i < len(c.deep.Pix); i += 8 {
			c.deep.Pix[i], c.deep.Pix[i+1] = 255, 255
		}
	}
}

// white returns what of floating point samples is white: 1, or 255 or 65535 where
// there are larger ones than the smaller.
func (p *Page) white() float64 {
	most := 0.0
	planes, each := 1, p.Samples
	if p.planes {
		planes, each = p.Samples, 1
	}
	for plane := range planes {
		for i := range min(p.across*p.down, len(p.offsets)) {
			raw, _, _, err := p.samples(i, plane, each)
			if err != nil {
				continue
			}
			for ; len(raw) >= p.bits/8; raw = raw[p.bits/8:] {
				if v := p.float(raw); v > most && !math.IsInf(v, 0) {
					most = v
				}
			}
		}
	}
	switch {
	case most <= 2: // light that is a little brighter than white
		return 1
	case most <= 256:
		return 255
	case most <= 65536:
		return 65535
	}
	return most
}

// gammaOf returns light, of which 1 is white, as a number of sRGB.
func gammaOf(v float64) uint16 {
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint16(v*0xffff + 0.5)
}
