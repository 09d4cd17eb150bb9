package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"unicode/utf8"

	"overpaint/editor/colour"
	"overpaint/editor/jpegfile"
)

// JPEG markers (ITU-T T.81, table B.1).
const (
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
	markerAPP2 = 0xe2
)

// jpegSegments calls f with the payload of every marker segment before the
// first scan, until f returns false. A file that breaks off just ends.
func jpegSegments(data []byte, f func(marker byte, payload []byte) bool) {
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			return
		}
		marker := data[i+1]
		if marker == 0xff { // fill byte
			i++
			continue
		}
		if marker == markerSOS || marker == markerEOI {
			return
		}
		end := i + 2 + int(binary.BigEndian.Uint16(data[i+2:]))
		if end < i+4 || end > len(data) || !f(marker, data[i+4:end]) {
			return
		}
		i = end
	}
}

func jpegConfig(data []byte) (image.Config, error) {
	f, err := jpegfile.ReadFrame(data)
	if err != nil {
		return image.Config{}, err
	}
	return image.Config{ColorModel: color.NRGBAModel, Width: f.Width, Height: f.Height}, nil
}

// decodeJPEG converts and turns the picture's rows as they come. A *jpegfile.CutError
// comes with the picture as far as it goes.
func decodeJPEG(data []byte, maxPixels int64, orientation int) (*image.NRGBA, error) {
	var p *painter
	err := jpegfile.Decode(data, maxPixels, func(s *jpegfile.Samples) func(from, to int) {
		p = newPainter(image.Pt(s.Width, s.Height), orientation, jpegRows(s, data), fresh)
		return p.paint
	})
	if p == nil {
		return nil, err
	}
	return p.out, err
}

// jpegRows returns a function that writes row y of the picture of a file as straight RGBA.
func jpegRows(s *jpegfile.Samples, file []byte) func(dst []byte, y int) {
	rect := image.Rect(0, 0, s.Width, s.Height)
	p := s.Planes
	var profile *colour.Inks
	switch s.Colour {
	case jpegfile.Grey:
		return rows(&image.Gray{Pix: p[0].Pix, Stride: p[0].Stride, Rect: rect})
	case jpegfile.YCbCr:
		if ratio, ok := subsampling(s.Frame); ok {
			return rows(&image.YCbCr{Y: p[0].Pix, Cb: p[1].Pix, Cr: p[2].Pix, YStride: p[0].Stride, CStride: p[1].Stride, SubsampleRatio: ratio, Rect: rect})
		}
	}
	if s.Colour == jpegfile.CMYK || s.Colour == jpegfile.YCCK {
		m, _ := jpegMeta(file)
		profile = inksOf(m.ICC)
	}
	return func(dst []byte, y int) {
		w := s.Width
		var c [4][]byte
		buf := make([]byte, len(p)*w)
		for i := range p {
			c[i] = s.Row(i, y, buf[i*w:][:w])
		}
		switch s.Colour {
		case jpegfile.RGB:
			for i := range w {
				dst[4*i], dst[4*i+1], dst[4*i+2], dst[4*i+3] = c[0][i], c[1][i], c[2][i], 255
			}
		case jpegfile.YCbCr:
			ycbcr444(dst, c[0], c[1], c[2])
		case jpegfile.YCCK:
			ycbcr444(dst, c[0], c[1], c[2])
			inks(dst, dst, dst[1:], dst[2:], 4, c[3], 0, 255, profile)
		case jpegfile.CMYK:
			var inverted uint8
			if s.Inverted {
				inverted = 255
			}
			inks(dst, c[0], c[1], c[2], 1, c[3], inverted, inverted, profile)
		}
	}
}

// inks converts CMYK to RGB by a profile, without one as image/color does. Samples of C, M
// and Y lie step apart; they and K are first combined with the masks (255 to invert).
func inks(dst, c, m, y []byte, step int, k []byte, maskCMY, maskK uint8, profile *colour.Inks) {
	if profile != nil {
		for i, black := range k {
			at := i * step
			dst[4*i], dst[4*i+1], dst[4*i+2], dst[4*i+3] = c[at]^maskCMY, m[at]^maskCMY, y[at]^maskCMY, black^maskK
		}
		profile.ToSRGB(dst, dst[:4*len(k)])
		return
	}
	for i, black := range k {
		at := i * step
		r, g, b := color.CMYKToRGB(c[at]^maskCMY, m[at]^maskCMY, y[at]^maskCMY, black^maskK)
		dst[4*i], dst[4*i+1], dst[4*i+2], dst[4*i+3] = r, g, b, 255
	}
}

// subsampling names how chroma is sampled, where image.YCbCr has a name for it.
func subsampling(f *jpegfile.Frame) (image.YCbCrSubsampleRatio, bool) {
	c := f.Components
	if c[1].H != 1 || c[1].V != 1 || c[2].H != 1 || c[2].V != 1 {
		return 0, c[0].H == c[1].H && c[0].V == c[1].V && c[0].H == c[2].H && c[0].V == c[2].V
	}
	switch [2]int{c[0].H, c[0].V} {
	case [2]int{1, 1}:
		return image.YCbCrSubsampleRatio444, true
	case [2]int{2, 1}:
		return image.YCbCrSubsampleRatio422, true
	case [2]int{2, 2}:
		return image.YCbCrSubsampleRatio420, true
	case [2]int{1, 2}:
		return image.YCbCrSubsampleRatio440, true
	case [2]int{4, 1}:
		return image.YCbCrSubsampleRatio411, true
	case [2]int{4, 2}:
		return image.YCbCrSubsampleRatio410, true
	}
	return 0, false
}

var (
	exifPrefix = []byte("Exif\x00\x00")
	iccPrefix  = []byte("ICC_PROFILE\x00")
	mpfPrefix  = []byte("MPF\x00")
)

// jfifDensity returns the density in a JFIF header (JFIF 1.02).
func jfifDensity(p []byte) Density {
	x, y := float64(binary.BigEndian.Uint16(p[8:])), float64(binary.BigEndian.Uint16(p[10:]))
	switch p[7] {
	case 1:
		return Density{x / inch, y / inch}.sane()
	case 2:
		return Density{100 * x, 100 * y}.sane()
	}
	return Density{}
}

// densityOfEXIF takes the density from the EXIF block where the file says none.
func (m *Metadata) densityOfEXIF() {
	if d, ok := firstIFD(m.EXIF); ok && m.Density == (Density{}) {
		m.Density = d.density()
	}
}

// comment returns a comment as UTF-8; what is none is taken for Latin 1.
func comment(p []byte) string {
	p = bytes.TrimRight(p, "\x00")
	if utf8.Valid(p) {
		return string(p)
	}
	r := make([]rune, len(p))
	for i, b := range p {
		r[i] = rune(b)
	}
	return string(r)
}

// furtherPictures returns how many pictures an index (CIPA DC-007, MPF) speaks of.
func furtherPictures(index []byte) int {
	const numberOfImages = 0xb001
	d, ok := firstIFD(index)
	if !ok {
		return 0
	}
	n, _ := d.value(numberOfImages)
	return int(min(n, 1000))
}

func jpegMeta(data []byte) (Metadata, int) {
	var (
		meta        Metadata
		orientation = 1
		parts       [256][]byte // of the profile, by its number from 1 on
		count       int
		gainMap     bool
	)
	jpegSegments(data, func(marker byte, payload []byte) bool {
		switch {
		case marker == markerAPP0 && bytes.HasPrefix(payload, jfifPrefix) && len(payload) >= 12:
			meta.Density = jfifDensity(payload)
		case marker == markerAPP1 && meta.EXIF == nil && bytes.HasPrefix(payload, exifPrefix):
			meta.EXIF, orientation = cleanEXIF(payload[len(exifPrefix):])
			meta.Thumbnail = orientations[orientation].view(thumbnailOf(payload[len(exifPrefix):]))
		case marker == markerAPP1 && meta.XMP == nil && bytes.HasPrefix(payload, xmpPrefix):
			gainMap = gainMap || bytes.Contains(payload, []byte("hdrgm:"))
			meta.XMP = cleanXMP(payload[len(xmpPrefix):], true)
		case marker == markerAPP13 && meta.IPTC == nil && bytes.HasPrefix(payload, photoshopPrefix):
			meta.IPTC = iptcOf(payload[len(photoshopPrefix):])
		case marker == markerCOM && len(payload) > 0:
			meta.Comments = append(meta.Comments, comment(payload))
		case marker == markerAPP2 && bytes.HasPrefix(payload, gainMapPrefix):
			gainMap = true
		case marker == markerAPP2 && bytes.HasPrefix(payload, mpfPrefix):
			gainMap = gainMap || bytes.Contains(data, appleGainMap)
			if n := furtherPictures(payload[len(mpfPrefix):]); n > 1 {
				meta.note(Pictures, n)
			}
		case marker == markerAPP2 && bytes.HasPrefix(payload, iccPrefix) && len(payload) >= len(iccPrefix)+2:
			rest := payload[len(iccPrefix):]
			parts[rest[0]], count = rest[2:], int(rest[1])
		}
		return true
	})
	if gainMap {
		meta.note(GainMap, 0)
		meta.Notes = slices.DeleteFunc(meta.Notes, func(n Note) bool { return n.Kind == Pictures }) // that is the map
	}
	if f, err := jpegfile.ReadFrame(data); err == nil {
		meta.Grey = f.Colour == jpegfile.Grey
		if f.Colour == jpegfile.CMYK || f.Colour == jpegfile.YCCK {
			meta.note(Inks, 0)
		}
	}
	meta.densityOfEXIF()
	for i := 1; i <= count; i++ {
		if parts[i] == nil {
			return meta, orientation // an incomplete profile is worse than none
		}
	}
	meta.ICC = checkICC(bytes.Join(parts[1:count+1], nil))
	return meta, orientation
}
