package picture

import (
	"errors"
	"image"
	"image/color"

	"overpaint.dev/overpaint/editor/colour"

	"overpaint.dev/overpaint/editor/tifffile"
)

// Values of TIFF's tags that are written.
const (
	photometricBlackIsZero = 1
	photometricRGB         = 2
	photometricPalette     = 3
	noPredictor            = 1
	differencing           = 2
	extraStraight          = 2

	tagSubfile   = 0x00fe
	tagColourMap = 0x0140
	tagLayers    = 0x935c
)

// tiffPage returns the directory that is shown, the first that isn't a smaller copy of another
// page or a mask, and the number of others.
func tiffPage(data []byte) (page *tifffile.Directory, others int) {
	for _, d := range tifffile.Directories(data) {
		const reduced, transparency = 1, 4
		if d.Number(tagSubfile, 0)&(reduced|transparency) != 0 {
			continue
		}
		if page == nil {
			page = d
		} else {
			others++
		}
	}
	if page == nil {
		if all := tifffile.Directories(data); len(all) > 0 {
			return all[0], len(all) - 1
		}
	}
	return page, others
}

// readTIFF reads the directory of the page that is shown.
func readTIFF(data []byte) (*tifffile.Page, error) {
	d, _ := tiffPage(data)
	if d == nil {
		return nil, ErrTruncated
	}
	p, err := d.Page()
	if err != nil {
		return nil, err
	}
	// A truncated file is read as far as it goes, but a nearly empty one gets no memory for
	// its pixels.
	if int64(len(data)) < p.Least()/16 {
		return nil, ErrTruncated
	}
	return p, nil
}

func tiffConfig(data []byte) (image.Config, error) {
	p, err := readTIFF(data)
	if err != nil {
		return image.Config{}, err
	}
	return image.Config{ColorModel: color.NRGBAModel, Width: p.Width, Height: p.Height}, nil
}

func decodeTIFF(data []byte, _ image.Config) (image.Image, error) {
	p, err := readTIFF(data)
	if err != nil {
		return nil, err
	}
	img, whole, err := p.Decode()
	switch m := img.(type) {
	case *image.CMYK:
		img = printed(m, inksOfTIFF(data))
	case *tifffile.TransparentInks:
		out := FromImage(printed(m.CMYK, inksOfTIFF(data)))
		for i, a := range m.Cover.Pix {
			out.Pix[4*i+3] = a
		}
		img = out
	}
	if err == nil && !whole {
		err = errPart
	}
	return img, err
}

// inksOfTIFF returns the CMYK profile of the page that is shown, nil without one.
func inksOfTIFF(data []byte) *colour.Inks {
	d, _ := tiffPage(data)
	return inksOf(d.Bytes(tagICC))
}

// printed converts a CMYK picture by its profile; without one it returns m itself.
func printed(m *image.CMYK, profile *colour.Inks) image.Image {
	if profile == nil {
		return m
	}
	size := m.Rect.Size()
	out := image.NewNRGBA(image.Rectangle{Max: size})
	inBands(size.Y, size.X*size.Y, func(from, to int) {
		for y := from; y < to; y++ {
			profile.ToSRGB(out.Pix[y*out.Stride:][:4*size.X], m.Pix[y*m.Stride:][:4*size.X])
		}
	})
	return out
}

func tiffMeta(data []byte) (Metadata, int) {
	d, others := tiffPage(data)
	if d == nil {
		return Metadata{}, 1
	}
	meta := Metadata{ICC: checkICC(d.Bytes(tagICC)), IPTC: cleanIPTC(d.Bytes(tagIPTC)), XMP: cleanXMP(d.Bytes(tagXMP), true)}
	meta.EXIF, _ = cleanEXIF(exifOfTIFF(d))
	meta.densityOfEXIF()
	if others > 0 {
		meta.note(Pages, others+1)
	}
	if d.Bytes(tagLayers) != nil {
		meta.note(Layers, 0)
	}
	if p, err := d.Page(); err == nil {
		meta.Grey = p.Grey()
		meta.Palette = p.Palette()
		if p.Inks() {
			meta.note(Inks, 0)
			if p.Deep {
				meta.note(Deep, 0)
			}
		}
	}
	orientation := 1
	if o := d.Number(tagOrientation, 1); o >= 1 && o <= 8 {
		orientation = int(o)
	}
	meta.Thumbnail = orientations[orientation].view(thumbnailOfTIFF(data))
	return meta, orientation
}

// explainTIFF converts tifffile's errors to this package's.
func explainTIFF(err error) error {
	var unsupported *tifffile.UnsupportedError
	if errors.As(err, &unsupported) {
		return &UnsupportedError{"tiff", unsupported.Feature}
	}
	return nil
}
