// Package tifffile reads TIFF and BigTIFF files (TIFF 6.0, its technical notes,
// BigTIFF): strips and tiles, colours together or in planes, 1 to 64 bits a
// sample, whole or floating, bilevel, grey, palette, RGB, YCbCr, CMYK, Lab and
// LogLuv, uncompressed or coded as fax (in all flavours), LZW, deflate, PackBits,
// Zstandard, LZMA, WebP or JPEG of both kinds.
//
// A file that breaks off is read as far as it goes. What a page holds beside its
// pixels is in its Directory.
package tifffile

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
)

// ErrDamaged reports a file that breaks off before its pixels, or breaks the
// rules of the format.
var ErrDamaged = errors.New("tifffile: the file is cut off or damaged")

// UnsupportedError reports a file that uses a part of the format which this
// package does not read.
type UnsupportedError struct {
	// Feature names that part, in English.
	Feature string
}

func (e *UnsupportedError) Error() string { return "tifffile: unsupported feature: " + e.Feature }

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// Compressions (TIFF 6.0, section 3, 9, 11; technical notes; from 34676 on as libtiff has them).
const (
	compressNone     = 1
	compressRLE      = 2
	compressGroup3   = 3
	compressGroup4   = 4
	compressLZW      = 5
	compressOldJPEG  = 6
	compressJPEG     = 7
	compressDeflate  = 8
	compressAdobe    = 32946
	compressRLEWords = 32771
	compressPackBits = 32773
	compressLog      = 34676
	compressLog24    = 34677
	compressXZ       = 34925
	compressZstd     = 50000
	compressWebP     = 50001
)

// PhotometricInterpretation.
const (
	whiteIsZero = 0
	blackIsZero = 1
	inRGB       = 2
	inPalette   = 3
	maskOf      = 4
	inCMYK      = 5
	inYCbCr     = 6
	inCIELab    = 8
	inICCLab    = 9
	inLogL      = 32844
	inLogLuv    = 32845
)

// Values of SampleFormat.
const (
	unsigned = 1
	signed   = 2
	floating = 3
)

// Page is what a directory says of its pixels.
type Page struct {
	// Width and Height are in pixels, at least 1.
	Width, Height int
	// Deep reports that samples have more than 8 bits.
	Deep bool
	// Samples counts those of a pixel.
	Samples int

	d           *Directory
	bits        int
	format      int
	photometric int
	compression int
	planes      bool
	predictor   int
	alpha       int // the sample that is alpha, 0 for none
	associated  bool
	tiled       bool
	chunkW      int
	chunkH      int
	across      int // chunks side by side
	down        int
	offsets     []uint64
	counts      []uint64
	front       []byte // of the JPEG files that strips are the coded parts of
}

// Page reads the directory as that of a page. The errors are ErrDamaged and
// *UnsupportedError.
func (d *Directory) Page() (*Page, error) {
	p := &Page{d: d}
	w, h := d.Number(tagWidth, 0), d.Number(tagHeight, 0)
	if w < 1 || h < 1 || w > math.MaxInt32 || h > math.MaxInt32 {
		return nil, damaged("%dx%d pixels", w, h)
	}
	p.Width, p.Height = int(w), int(h)
	p.Samples = int(min(d.Number(tagSamples, 1), 1<<16))
	p.compression = int(d.Number(tagCompression, compressNone))
	p.photometric = int(d.Number(tagPhotometric, defaultPhotometric(p.Samples)))
	if p.compression == compressOldJPEG && p.photometric == inYCbCr {
		p.Samples = int(min(d.Number(tagSamples, 3), 1<<16)) // old programs took it for granted
	}
	p.planes = d.Number(tagPlanar, 1) == 2 && p.Samples > 1
	p.predictor = int(d.Number(tagPredictor, 1))
	p.format = int(d.Number(tagSampleFormat, unsigned))
	if err := p.readBits(); err != nil {
		return nil, err
	}
	if err := p.readLogarithmic(); err != nil {
		return nil, err
	}
	if err := p.checkColours(); err != nil {
		return nil, err
	}
	return p, p.lay()
}

func defaultPhotometric(samples int) uint64 {
	if samples >= 3 {
		return inRGB
	}
	return blackIsZero
}

// readBits finds the bits of a sample.
func (p *Page) readBits() error {
	all := p.d.Numbers(tagBits)
	p.bits = 1
	if p.compression == compressOldJPEG {
		p.bits = 8
	}
	if len(all) > 0 {
		p.bits = int(min(all[0], 128))
	}
	for _, n := range all[:min(len(all), max(p.Samples, 1))] {
		if int(min(n, 128)) != p.bits {
			return &UnsupportedError{"samples of different sizes"}
		}
	}
	switch {
	case p.Samples < 1 || p.Samples > 64:
		return &UnsupportedError{fmt.Sprintf("%d samples a pixel", p.Samples)}
	case p.bits < 1 || p.bits > 64:
		return damaged("%d bits a sample", p.bits)
	case p.format == floating && p.bits != 16 && p.bits != 24 && p.bits != 32 && p.bits != 64:
		return &UnsupportedError{fmt.Sprintf("floating point of %d bits", p.bits)}
	case p.format != floating && p.bits > 32, p.format > floating && p.format != 4:
		return &UnsupportedError{fmt.Sprintf("samples of %d bits in format %d", p.bits, p.format)}
	}
	p.Deep = p.bits > 8
	return nil
}

// checkColours sees that the samples' meaning is known, and which of them is alpha.
func (p *Page) checkColours() error {
	colours := 1
	switch p.photometric {
	case whiteIsZero, blackIsZero, maskOf:
	case inPalette:
		if p.bits > 16 || p.d.Numbers(tagColourMap) == nil {
			return damaged("a palette of %d bits", p.bits)
		}
	case inRGB, inYCbCr, inCIELab, inICCLab:
		colours = 3
		if p.photometric == inCIELab && p.Samples < 3 {
			colours = 1
			p.photometric = blackIsZero
		}
	case inCMYK:
		colours = 4
		if p.d.Number(tagInkSet, 1) != 1 {
			return &UnsupportedError{"inks other than CMYK"}
		}
	default:
		return &UnsupportedError{fmt.Sprintf("colour model %d", p.photometric)}
	}
	if p.Samples < colours {
		return damaged("%d samples for colour model %d", p.Samples, p.photometric)
	}
	if p.photometric == inYCbCr && p.Deep {
		return &UnsupportedError{"YCbCr of more than 8 bits"}
	}
	extra := p.d.Numbers(tagExtraSamples)
	switch {
	case p.Samples == colours || p.photometric == inCMYK && extra == nil:
	case extra == nil: // nobody writes a fourth sample that isn't alpha without saying so
		p.alpha = colours
	default:
		for i, kind := range extra {
			if (kind == 1 || kind == 2) && colours+i < p.Samples {
				p.alpha, p.associated = colours+i, kind == 1
				break
			}
		}
	}
	return nil
}

// lay works out how the page is divided.
func (p *Page) lay() error {
	d := p.d
	offsets, counts := d.Numbers(tagTileOffsets), d.Numbers(tagTileCounts)
	if offsets == nil && d.Number(tagTileWidth, 0) > 0 { // old programs wrote tiles as strips
		offsets, counts = d.Numbers(tagStripOffsets), d.Numbers(tagStripCounts)
	}
	if offsets != nil {
		p.tiled = true
		w, h := d.Number(tagTileWidth, 0), d.Number(tagTileHeight, 0)
		const side, area = 1 << 20, 1 << 24 // of a tile that is larger than the page
		if w < 1 || h < 1 || w > side || h > side || w*h > max(area, 4*uint64(p.Width)*uint64(p.Height)) {
			return damaged("tiles of %dx%d pixels", w, h)
		}
		p.chunkW, p.chunkH, p.offsets, p.counts = int(w), int(h), offsets, counts
	} else {
		p.chunkW = p.Width
		p.chunkH = int(min(d.Number(tagRowsPerStrip, math.MaxUint32), uint64(p.Height)))
		p.offsets, p.counts = d.Numbers(tagStripOffsets), d.Numbers(tagStripCounts)
	}
	if p.compression == compressOldJPEG {
		if err := p.layOldJPEG(); err != nil {
			return err
		}
	}
	if p.chunkH < 1 || len(p.offsets) == 0 {
		return damaged("no strips")
	}
	p.across, p.down = (p.Width+p.chunkW-1)/p.chunkW, (p.Height+p.chunkH-1)/p.chunkH
	return p.checkRoom()
}

// checkRoom refuses pages whose strips or tiles take far more than their pixels: a
// tile may be larger than the page, and a pixel may have 64 samples of 8 bytes.
func (p *Page) checkRoom() error {
	const (
		small = 1 << 24 // pixels, of a page that is smaller than its tiles
		few   = 1 << 28 // bytes of such a page
		most  = 6 << 30 // bytes of any page
	)
	columns, rows := int64(p.across)*int64(p.chunkW), int64(p.Height)
	if p.tiled {
		rows = int64(p.down) * int64(p.chunkH)
	}
	each, pixels := int64(p.Samples)*int64(p.bits), int64(p.Width)*int64(p.Height)
	if p.tiled && columns*rows > max(min(small, 8*few/each), 4*pixels) {
		return damaged("tiles of %dx%d pixels for %dx%d", p.chunkW, p.chunkH, p.Width, p.Height)
	}
	if each > 128 && columns*rows > 8*most/each {
		return &UnsupportedError{fmt.Sprintf("%d samples of %d bits in so many pixels", p.Samples, p.bits)}
	}
	return nil
}

// Least returns a lower bound of the bytes that a whole page of this coding takes;
// fax coding, JPEG and WebP have none here.
func (p *Page) Least() int64 {
	bits := int64(p.Width) * int64(p.Height) * int64(p.Samples) * int64(p.bits)
	switch p.compression {
	case compressNone:
		return bits / 8
	case compressLZW:
		return bits / 8 / 2731
	case compressDeflate, compressAdobe:
		return bits / 8 / 1032
	case compressPackBits:
		return bits / 8 / 64
	case compressLog24:
		return bits / 8 / 2
	case compressLog:
		return bits / 8 / 97 // runs of 129 bytes, which are not of as many bits
	case compressZstd:
		return bits / 8 / (1 << 15) // 4 bytes stand for at most 128 KiB
	case compressXZ:
		return bits / 8 / (1 << 18) // 11 bytes stand for at most 2 MiB
	}
	return 0
}

// Inks reports that the pixels are CMYK, which Decode returns as *image.CMYK.
func (p *Page) Inks() bool { return p.photometric == inCMYK }

// Palette returns the colours that the pixels are indices of, rounded to 8 bits; nil where
// they aren't, or have more than 8 bits or an alpha of their own.
func (p *Page) Palette() []color.NRGBA {
	if p.photometric != inPalette || p.Deep || p.alpha > 0 {
		return nil
	}
	c := p.newCanvas()
	palette := make([]color.NRGBA, 1<<p.bits)
	for i := range palette {
		r, g, b := c.entry(i)
		palette[i] = color.NRGBA{narrow(r), narrow(g), narrow(b), 255}
	}
	return palette
}

// Grey reports that the pixels have no colours.
func (p *Page) Grey() bool { return p.photometric <= blackIsZero }

// Lab reports that the pixels are in CIE L*a*b*, which Decode converts to sRGB.
func (p *Page) Lab() bool { return p.photometric == inCIELab || p.photometric == inICCLab }

// TransparentInks are pixels of inks with an alpha by which these aren't multiplied.
type TransparentInks struct {
	*image.CMYK
	// Cover is the alpha, of the same size.
	Cover *image.Alpha
}

// Decode reads the page's pixels: *image.CMYK or *TransparentInks for inks (of 8 bits), else
// *image.NRGBA, or *image.NRGBA64 where they are Deep, or *image.RGBA and
// *image.RGBA64 where the file has them multiplied by alpha. The orientation is not
// applied. whole is false where a part was missing, which is transparent, or
// white of a fax. The errors are ErrDamaged, where nothing could be read at all,
// and *UnsupportedError.
func (p *Page) Decode() (img image.Image, whole bool, err error) {
	switch p.compression {
	case compressNone, compressRLE, compressGroup3, compressGroup4, compressLZW, compressJPEG, compressOldJPEG,
		compressDeflate, compressAdobe, compressRLEWords, compressPackBits, compressLog, compressLog24, compressXZ,
		compressZstd, compressWebP:
	default:
		return nil, false, &UnsupportedError{fmt.Sprintf("compression %d", p.compression)}
	}
	return p.read()
}
