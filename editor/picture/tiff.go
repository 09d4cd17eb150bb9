package picture

import (
	"bytes"
	"image"
	"math"

	"golang.org/x/image/tiff"
)

// Values of TIFF's PhotometricInterpretation and PlanarConfiguration (TIFF 6.0,
// sections 8 and 16), and of ExtraSamples (section 18): what a fourth sample
// beside red, green and blue means.
const (
	photometricGrey = 1
	photometricRGB  = 2
	photometricCMYK = 5

	planarSeparate = 2

	extraAnything      = 0
	extraPremultiplied = 1
	extraStraight      = 2
)

// colours is how a TIFF page keeps its colours.
type colours struct {
	samples, extra uint32
	cmyk, planes   bool
}

// coloursOf reads a page's directory. plain reports that x/image reads such a
// page as it is.
func coloursOf(page ifd) (c colours, plain bool) {
	c.samples, _ = page.value(tagSamples)
	c.extra, _ = page.value(tagExtraSamples)
	planar, _ := page.value(tagPlanar)
	photometric, _ := page.value(tagPhotometric)
	inks, given := page.value(tagInkSet)
	c.planes = planar == planarSeparate && c.samples > 1
	c.cmyk = photometric == photometricCMYK && c.samples == 4 && (!given || inks == 1)
	rgb := photometric == photometricRGB && c.samples == 4 && c.extra == extraAnything
	return c, !c.planes && !c.cmyk && !rgb
}

// four is the change that makes x/image return four interleaved samples, whatever
// they mean, as they are.
var four = map[uint16]uint32{tagPhotometric: photometricRGB, tagExtraSamples: extraStraight}

func tiffConfig(data []byte) (image.Config, error) {
	if int64(len(data)) > math.MaxUint32 {
		return image.Config{}, &UnsupportedError{"tiff", "a file of over 4 GB"} // offsets have 32 bits
	}
	if page, ok := firstIFD(data); ok {
		c, plain := coloursOf(page)
		switch {
		case c.samples > 4:
			return image.Config{}, &UnsupportedError{"tiff", "more than four samples a pixel"}
		case !plain && c.samples == 4:
			return tiff.DecodeConfig(amend(page, four).reader())
		}
	}
	return tiff.DecodeConfig(bytes.NewReader(data))
}

// decodeTIFF reads the first page. x/image knows neither CMYK nor colours in
// separate planes, and would take the latter for interleaved. It reads both, in
// parts, under a directory that says something simpler of the same bytes.
func decodeTIFF(data []byte, _ image.Config) (image.Image, error) {
	page, ok := firstIFD(data)
	if !ok {
		return tiff.Decode(bytes.NewReader(data))
	}
	c, plain := coloursOf(page)
	if plain {
		return tiff.Decode(bytes.NewReader(data))
	}
	if !c.planes {
		img, err := tiff.Decode(amend(page, four).reader())
		if err != nil {
			return nil, err
		}
		return c.picture(img)
	}
	if photometric, _ := page.value(tagPhotometric); !c.cmyk && photometric != photometricRGB {
		return nil, &UnsupportedError{"tiff", "these colours in separate planes"}
	}
	return c.readPlanes(page)
}

// readPlanes reads each plane as a grey picture and brings them together.
func (c colours) readPlanes(page ifd) (image.Image, error) {
	var out image.Image
	for i := range int(c.samples) {
		plane, err := tiff.Decode(amendPlane(page, i, int(c.samples)).reader())
		if err != nil {
			return nil, err
		}
		r := plane.Bounds()
		switch m := plane.(type) {
		case *image.Gray:
			if i == 0 {
				out = image.NewNRGBA(r)
			}
			interleave(out.(*image.NRGBA).Pix, m.Pix, i, 1)
		case *image.Gray16:
			if i == 0 {
				out = image.NewNRGBA64(r)
			}
			interleave(out.(*image.NRGBA64).Pix, m.Pix, i, 2)
		default:
			return nil, &UnsupportedError{"tiff", "these colours in separate planes"}
		}
	}
	return c.picture(out)
}

// interleave sets sample i of pixels of four samples, each of size bytes.
func interleave(pix, plane []byte, i, size int) {
	for from, to := 0, i*size; from < len(plane); from, to = from+size, to+4*size {
		copy(pix[to:to+size], plane[from:from+size])
	}
}

// picture gives four interleaved samples their meaning.
func (c colours) picture(img image.Image) (image.Image, error) {
	switch m := img.(type) {
	case *image.NRGBA:
		switch {
		case c.cmyk:
			return &image.CMYK{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}, nil
		case c.samples == 3 || c.extra == extraAnything:
			for i := 3; i < len(m.Pix); i += 4 {
				m.Pix[i] = 0xff
			}
		case c.extra == extraPremultiplied:
			return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}, nil
		}
	case *image.NRGBA64:
		switch {
		case c.cmyk:
			return nil, &UnsupportedError{"tiff", "CMYK of 16 bits"}
		case c.samples == 3 || c.extra == extraAnything:
			for i := 6; i < len(m.Pix); i += 8 {
				m.Pix[i], m.Pix[i+1] = 0xff, 0xff
			}
		case c.extra == extraPremultiplied:
			return &image.RGBA64{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}, nil
		}
	}
	return img, nil
}

func tiffMeta(data []byte) (Metadata, int) {
	first, ok := firstIFD(data)
	if !ok {
		return Metadata{}, 1
	}
	var meta Metadata
	if e, ok := first.find(tagICC); ok {
		meta.ICC = checkICC(e.bytes())
	}
	return meta, first.orientation()
}
