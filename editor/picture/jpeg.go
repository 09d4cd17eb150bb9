package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"unicode/utf8"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/jpegfile"
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
// first scan, until f returns false. The end of a truncated file is no error.
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

// decodeJPEG converts and orients the picture's rows while they are decoded. With a
// *jpegfile.CutError it returns the decoded part.
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
			m := &image.YCbCr{Y: p[0].Pix, Cb: p[1].Pix, Cr: p[2].Pix, YStride: p[0].Stride, CStride: p[1].Stride, SubsampleRatio: ratio, Rect: rect}
			if narrowChroma(s.Frame) {
				return genericRows(m)
			}
			return rows(m)
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

// inks converts CMYK to RGB by a profile, or without one as image/color does. Samples of C, M
// and Y are step bytes apart; all are first XORed with the masks (255 inverts).
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

// subsampling returns the chroma sampling; false where image.YCbCr has no constant for it.
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

// narrowChroma reports whether chroma has half the columns of luma, and at most two: libjpeg
// then repeats its samples instead of interpolating them.
func narrowChroma(f *jpegfile.Frame) bool {
	return f.Components[0].H == 2 && f.Components[1].H == 1 && f.Width <= 4
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

// densityOfEXIF sets the density from the EXIF block where the file has none.
func (m *Metadata) densityOfEXIF() {
	if d, ok := firstIFD(m.EXIF); ok && m.Density == (Density{}) {
		m.Density = d.density()
	}
}

// comment returns a comment as UTF-8; bytes that aren't valid UTF-8 are read as Latin-1.
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

// furtherPictures returns the number of pictures in an index (CIPA DC-007, MPF).
func furtherPictures(index []byte) int {
	const numberOfImages = 0xb001
	d, ok := firstIFD(index)
	if !ok {
		return 0
	}
	n, _ := d.value(numberOfImages)
	return int(min(n, 1000))
}

// jpegMeta returns a JPEG file's metadata and its orientation, 1 to 8.
func jpegMeta(data []byte) (Metadata, int) {
	m := jpegReader{data: data, orientation: 1}
	jpegSegments(data, func(marker byte, payload []byte) bool {
		m.segment(marker, payload)
		return true
	})
	if m.gainMap {
		m.note(GainMap, 0)
		m.Notes = slices.DeleteFunc(m.Notes, func(n Note) bool { return n.Kind == Pictures }) // the further picture is the gain map
	}
	if f, err := jpegfile.ReadFrame(data); err == nil {
		m.Grey = f.Colour == jpegfile.Grey
		if f.Colour == jpegfile.CMYK || f.Colour == jpegfile.YCCK {
			m.note(Inks, 0)
		}
	}
	m.densityOfEXIF()
	m.ICC = m.profile()
	return m.Metadata, m.orientation
}

// jpegReader collects the metadata of a JPEG file's segments.
type jpegReader struct {
	Metadata
	data        []byte // the whole file
	orientation int
	parts       [256][]byte // of the profile, by its number from 1 on
	count       int         // of these parts
	gainMap     bool
}

// segment reads one segment.
func (m *jpegReader) segment(marker byte, payload []byte) {
	switch marker {
	case markerAPP0:
		if bytes.HasPrefix(payload, jfifPrefix) && len(payload) >= 12 {
			m.Density = jfifDensity(payload)
		}
	case markerAPP1:
		m.app1(payload)
	case markerAPP2:
		m.app2(payload)
	case markerAPP13:
		if m.IPTC == nil && bytes.HasPrefix(payload, photoshopPrefix) {
			m.IPTC = iptcOf(payload[len(photoshopPrefix):])
		}
	case markerCOM:
		if len(payload) > 0 {
			m.Comments = append(m.Comments, comment(payload))
		}
	}
}

// app1 reads EXIF and XMP, the first of each.
func (m *jpegReader) app1(payload []byte) {
	if block, ok := bytes.CutPrefix(payload, exifPrefix); ok && m.EXIF == nil {
		m.EXIF, m.orientation = cleanEXIF(block)
		m.Thumbnail = orientations[m.orientation].view(thumbnailOf(block))
		return
	}
	if block, ok := bytes.CutPrefix(payload, xmpPrefix); ok && m.XMP == nil {
		m.gainMap = m.gainMap || bytes.Contains(payload, []byte("hdrgm:"))
		m.XMP = cleanXMP(block, true)
	}
}

// app2 reads parts of the profile, and the index of further pictures.
func (m *jpegReader) app2(payload []byte) {
	if bytes.HasPrefix(payload, gainMapPrefix) {
		m.gainMap = true
		return
	}
	if index, ok := bytes.CutPrefix(payload, mpfPrefix); ok {
		m.gainMap = m.gainMap || bytes.Contains(m.data, appleGainMap)
		if n := furtherPictures(index); n > 1 {
			m.note(Pictures, n)
		}
		return
	}
	if part, ok := bytes.CutPrefix(payload, iccPrefix); ok && len(part) >= 2 {
		m.parts[part[0]], m.count = part[2:], int(part[1])
	}
}

// profile joins the profile's parts; it returns nil where parts are missing.
func (m *jpegReader) profile() []byte {
	for i := 1; i <= m.count; i++ {
		if m.parts[i] == nil {
			return nil
		}
	}
	return checkICC(bytes.Join(m.parts[1:m.count+1], nil))
}
