package picture

import (
	"encoding/binary"
	"image"
	"image/color"
)

// maxPalette is the largest number of colours of a palette.
const maxPalette = 256

// Loss is a property of the source's file that the written file has lost.
type Loss string

// The losses.
const (
	// LostPalette: the picture has too many colours for a palette.
	LostPalette Loss = "palette"
	// LostGrey: a grey picture has got colours.
	LostGrey Loss = "grey"
	// LostGainMap: the file's gain map doesn't match the edited picture.
	LostGainMap Loss = "gainmap"
)

// pngPalette returns the palette of PLTE and tRNS chunks.
func pngPalette(colours, alpha []byte) (palette []color.NRGBA) {
	for i := 0; 3*i+3 <= len(colours) && i < maxPalette; i++ {
		c := color.NRGBA{colours[3*i], colours[3*i+1], colours[3*i+2], 255}
		if i < len(alpha) {
			c.A = alpha[i]
		}
		palette = append(palette, c)
	}
	return palette
}

// pngColoursOf is pngPalette's inverse.
func pngColoursOf(palette []color.NRGBA) (colours, alpha []byte) {
	last := 0 // one more than the last entry that isn't opaque
	for i, c := range palette {
		colours, alpha = append(colours, c.R, c.G, c.B), append(alpha, c.A)
		if c.A < 255 {
			last = i + 1
		}
	}
	return colours, alpha[:last]
}

// colours are the colours of a palette and of an edited picture that used it.
type colours struct {
	palette []color.NRGBA
	index   map[uint32]uint8 // of a colour's first entry in palette
	used    [maxPalette]bool // entries of palette
	count   int              // of those
	fresh   []uint32         // colours that the palette lacks, as they come
}

// key returns a colour as one number, with its bytes in the order of pixels.
func key(c color.NRGBA) uint32 {
	return binary.LittleEndian.Uint32([]byte{c.R, c.G, c.B, c.A})
}

// coloursOf collects the colours of a picture. It returns false where there are too many for a
// palette.
func coloursOf(img *image.NRGBA, palette []color.NRGBA) (*colours, bool) {
	c := &colours{palette: palette[:min(len(palette), maxPalette)], index: map[uint32]uint8{}}
	for i, entry := range c.palette {
		if _, ok := c.index[key(entry)]; !ok {
			c.index[key(entry)] = uint8(i)
		}
	}
	fresh := map[uint32]bool{}
	last, begun := uint32(0), false
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			k := binary.LittleEndian.Uint32(row)
			if begun && k == last || fresh[k] {
				continue
			}
			last, begun = k, true
			if i, ok := c.index[k]; !ok {
				fresh[k] = true
				c.fresh = append(c.fresh, k)
			} else if !c.used[i] {
				c.used[i] = true
				c.count++
			}
			if c.count+len(c.fresh) > maxPalette {
				return c, false
			}
		}
	}
	return c, true
}

// join adds the missing colours to the palette, in place of unused entries where it is full.
func (c *colours) join() {
	all := c.palette
	if len(all)+len(c.fresh) > maxPalette {
		all = nil
		for i, entry := range c.palette {
			if c.used[i] {
				all = append(all, entry)
			}
		}
	}
	all = all[:len(all):len(all)]
	for _, k := range c.fresh {
		all = append(all, color.NRGBA{uint8(k), uint8(k >> 8), uint8(k >> 16), uint8(k >> 24)})
	}
	c.palette = all
	clear(c.index)
	for i, entry := range all {
		if _, ok := c.index[key(entry)]; !ok {
			c.index[key(entry)] = uint8(i)
		}
	}
}

// indexed returns a picture as indices into its source's palette, to which new colours are
// added; nil where there are too many. The indices have the first of the sizes, in bits, that
// is large enough.
func indexed(img *image.NRGBA, palette []color.NRGBA, sizes ...int) *raster {
	c, ok := coloursOf(img, palette)
	if !ok {
		return nil
	}
	c.join()
	r := &raster{size: img.Rect.Size(), samples: 1, bytes: 1, palette: c.palette}
	for _, r.bits = range sizes {
		if len(c.palette) <= 1<<r.bits {
			break
		}
	}
	r.row = func(dst []byte, y int) {
		clear(dst)
		row := img.Pix[y*img.Stride:][:4*r.size.X]
		last, index := uint32(0), c.index[0]
		for x := range r.size.X {
			if k := binary.LittleEndian.Uint32(row[4*x:]); k != last {
				last, index = k, c.index[k]
			}
			bit := x * r.bits
			dst[bit/8] |= index << (8 - r.bits - bit%8)
		}
	}
	return r
}
