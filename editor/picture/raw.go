package picture

import (
	"bytes"
	"image"
	"image/color"
	"slices"

	"overpaint.dev/overpaint/editor/jpegfile"
	"overpaint.dev/overpaint/editor/tifffile"
)

// Cameras' raw files hold previews that the camera made, as embedded JPEG files: DNG, NEF, CR2,
// ARW, ORF, RW2 and PEF are TIFF files, RAF and CR3 are not. The largest preview is opened; the
// raw data isn't developed.

// Tags and values by which raw data is recognised (TIFF/EP, DNG 1.7).
const (
	tagSubIFDs    = 0x014a
	tagDNGVersion = 0xc612

	photometricCFA       = 32803
	photometricLinearRaw = 34892
)

// isRaw reports whether a file that may be a TIFF is a camera's raw file.
func isRaw(data []byte) bool {
	has := func(at int, magic string) bool {
		return len(data) >= at+len(magic) && string(data[at:at+len(magic)]) == magic
	}
	switch {
	case has(0, "II*\x00") && has(8, "CR"):
		return true
	case !has(0, "II*\x00") && !has(0, "MM\x00*"):
		return false
	}
	for _, d := range rawDirectories(data) {
		if d.Number(tagDNGVersion, 0) != 0 || d.Bytes(tagDNGVersion) != nil || holdsRaw(d) {
			return true
		}
	}
	return false
}

// holdsRaw reports whether a directory's pixels are sensor data.
func holdsRaw(d *tifffile.Directory) bool {
	p := d.Number(tagPhotometric, 0)
	return p == photometricCFA || p == photometricLinearRaw
}

// rawDirectories returns a file's directories and their subdirectories.
func rawDirectories(data []byte) []*tifffile.Directory {
	all := tifffile.Directories(data)
	for _, d := range all {
		subs := d.Numbers(tagSubIFDs)
		for _, at := range subs[:min(len(subs), 64)] {
			if sub := d.At(at); sub != nil {
				all = append(all, sub)
			}
		}
	}
	return all
}

// preview is a picture within a raw file: either a JPEG file or a page.
type preview struct {
	jpeg []byte         // a JPEG file, or
	page *tifffile.Page // pixels
	size image.Point
}

// largestPreview finds the largest JPEG file in a raw file that isn't a part of its
// raw data, or else the largest page of plain pixels.
func largestPreview(data []byte) preview {
	directories := rawDirectories(data)
	if best := largestJPEG(data, rawParts(directories)); best.jpeg != nil {
		return best
	}
	var best preview
	for _, d := range directories {
		if holdsRaw(d) {
			continue
		}
		if p, err := d.Page(); err == nil && p.Width*p.Height > best.size.X*best.size.Y && int64(len(data)) >= p.Least()/16 {
			best = preview{page: p, size: image.Pt(p.Width, p.Height)}
		}
	}
	return best
}

// mostParts is the largest number of parts of raw data, and of beginnings of JPEG files, that
// are examined.
const mostParts = 1 << 16

// span is a range of a file's bytes.
type span struct{ from, to uint64 }

// rawParts returns the ranges of the strips and tiles of raw data.
func rawParts(directories []*tifffile.Directory) (raw []span) {
	for _, d := range directories {
		if !holdsRaw(d) || len(raw) > mostParts {
			continue
		}
		for _, tags := range [][2]uint16{{tagStripOffsets, tagStripCounts}, {tagTileOffsets, tagTileCounts}} {
			from, sizes := d.Numbers(tags[0]), d.Numbers(tags[1])
			for i := range min(len(from), len(sizes), mostParts) {
				raw = append(raw, span{from[i], from[i] + sizes[i]})
			}
		}
	}
	return raw
}

// largestJPEG finds the largest JPEG file that begins outside of the raw data.
func largestJPEG(data []byte, raw []span) (best preview) {
	const (
		mostTries = 1000
		mostHead  = 1 << 20 // bytes before the first scan
	)
	start := []byte{0xff, markerSOI, 0xff}
	at, tries := 0, 0
	for range mostParts {
		i := bytes.Index(data[at:], start)
		if i < 0 || tries > mostTries {
			break
		}
		at += i
		if p := slices.IndexFunc(raw, func(p span) bool { return uint64(at) >= p.from && uint64(at) < p.to }); p >= 0 {
			at = int(min(raw[p].to, uint64(len(data))))
			continue
		}
		tries++
		if f, err := jpegfile.ReadFrame(data[at:min(len(data), at+mostHead)]); err == nil && f.Width*f.Height > best.size.X*best.size.Y {
			best = preview{jpeg: data[at:], size: image.Pt(f.Width, f.Height)}
		}
		at += 2
	}
	return best
}

// errNoPreview reports a raw file without a preview.
var errNoPreview = &UnsupportedError{"raw", "no preview"}

func rawConfig(data []byte) (image.Config, error) {
	p := largestPreview(data)
	if p.size == (image.Point{}) {
		return image.Config{}, errNoPreview
	}
	return image.Config{ColorModel: color.NRGBAModel, Width: p.size.X, Height: p.size.Y}, nil
}

// decodeRaw reads the preview with the orientation applied.
func decodeRaw(data []byte, maxPixels int64, orientation int) (*image.NRGBA, error) {
	p := largestPreview(data)
	switch {
	case p.jpeg != nil:
		return decodeJPEG(p.jpeg, maxPixels, orientation)
	case p.page == nil:
		return nil, errNoPreview
	}
	img, whole, err := p.page.Decode()
	if err != nil {
		return nil, err
	}
	if !whole {
		err = errPart
	}
	return oriented(img, orientation, fresh), err
}

// rawMeta returns the preview's metadata, completed from the raw file.
func rawMeta(data []byte) (Metadata, int) {
	var m Metadata
	orientation := 1
	if p := largestPreview(data); p.jpeg != nil {
		m, orientation = jpegMeta(p.jpeg)
		m.Notes = nil
	}
	if all := tifffile.Directories(data); len(all) > 0 {
		if exif, _ := cleanEXIF(exifOfTIFF(all[0])); len(exif) > 0 {
			m.EXIF = exif
		}
		if o := all[0].Number(tagOrientation, 1); orientation == 1 && o >= 1 && o <= 8 {
			orientation = int(o)
		}
		if x := cleanXMP(all[0].Bytes(tagXMP), true); m.XMP == nil {
			m.XMP = x
		}
	}
	m.densityOfEXIF()
	m.note(Preview, 0)
	return m, orientation
}
