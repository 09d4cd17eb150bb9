package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"slices"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// maxSegment is the largest payload of a JPEG segment in bytes.
const maxSegment = 0xffff - 2

// encodeJPEG writes a JPEG file, with the unchanged blocks of the source where there is one.
func encodeJPEG(w io.Writer, img *image.NRGBA, e Encoding) error {
	if e.Source == nil {
		return encodeNewJPEG(w, img, e)
	}
	kept, done, err := encodeOver(w, img, e)
	if !done {
		err = encodeNewJPEG(w, img, e)
	}
	if err == nil && e.Kept != nil {
		e.Kept(kept)
	}
	return err
}

// encodeNewJPEG writes a baseline JPEG with the metadata first. EXIF that is too large for its
// single segment is left out.
func encodeNewJPEG(w io.Writer, img *image.NRGBA, e Encoding) error {
	quality := e.Quality
	if quality == 0 {
		quality = 90
	}
	opaque := overWhite(img)
	grey := e.Meta.staysGrey()
	if grey && !isGrey(img) {
		if grey = false; e.Lost != nil {
			e.Lost(LostGrey)
		}
	}
	if _, err := w.Write(jpegHead(e.carried(img, grey), img.Rect.Size())); err != nil {
		return err
	}
	rest := &skipper{w: w, skip: 2} // both encoders write a start marker, which the head has already
	switch {
	case grey:
		return jpeg.Encode(rest, greyOf(opaque), &jpeg.Options{Quality: quality})
	case e.Sampling == Full:
		return encodeFull(rest, opaque, quality)
	}
	return jpeg.Encode(rest, opaque, &jpeg.Options{Quality: quality})
}

// jpegHead returns the start marker and the segments of metadata of a picture of a size.
func jpegHead(m Metadata, size image.Point) []byte {
	head := []byte{0xff, markerSOI}
	if x, y := m.Density.DPI(); x > 0 && x <= 0xffff && y > 0 && y <= 0xffff {
		head = appendSegment(head, markerAPP0, jfifPrefix, []byte{1, 2, 1, byte(x >> 8), byte(x), byte(y >> 8), byte(y), 0, 0})
	}
	if n := len(m.EXIF); n > 0 && n <= maxSegment-len(exifPrefix) {
		head = appendSegment(head, markerAPP1, exifPrefix, sizedEXIF(m.EXIF, size.X, size.Y))
	}
	if n := len(m.XMP); n > 0 && n <= maxSegment-len(xmpPrefix) {
		head = appendSegment(head, markerAPP1, xmpPrefix, m.XMP)
	}
	if n := len(m.IPTC); n > 0 && n <= maxSegment-len(photoshopPrefix)-16 {
		head = appendSegment(head, markerAPP13, photoshopPrefix, withIPTC(m.IPTC))
	}
	for _, words := range m.comments() {
		if len(words) <= maxSegment {
			head = appendSegment(head, markerCOM, []byte(words))
		}
	}
	for _, s := range profileSegments(m.ICC) {
		head = appendSegment(head, s.Marker, s.Payload)
	}
	return head
}

// greyOf returns a picture without colours as an *image.Gray.
func greyOf(img *image.RGBA) *image.Gray {
	out := image.NewGray(image.Rectangle{Max: img.Rect.Size()})
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:]
		for x := range out.Pix[y*out.Stride:][:out.Stride] {
			out.Pix[y*out.Stride+x] = row[4*x]
		}
	}
	return out
}

// errLargeJPEG reports a picture with more columns or rows than a JPEG can have.
var errLargeJPEG = errors.New("picture: the picture is too large for a JPEG file, which has at most 65535 columns and rows")

// encodeFull writes a JPEG file without chroma subsampling, which image/jpeg can't. It needs
// memory for all coefficients, 6 bytes per pixel.
func encodeFull(w io.Writer, opaque *image.RGBA, quality int) error {
	size := opaque.Rect.Size()
	if max(size.X, size.Y) > 0xffff {
		return errLargeJPEG
	}
	o := &over{
		img: &image.NRGBA{Pix: opaque.Pix, Stride: opaque.Stride, Rect: image.Rectangle{Max: size}}, base: &image.NRGBA{},
		turn: orientations[1], file: jpegfile.New(size.X, size.Y, quality), fresh: true,
	}
	o.file.Recode(o.row)
	return o.file.Write(w)
}

// profileSegments divides a profile into segments; it returns none where there would be too
// many.
func profileSegments(profile []byte) (all []jpegfile.Segment) {
	const part = maxSegment - 14 // the prefix, the number and the count
	count := (len(profile) + part - 1) / part
	if count > 255 {
		return nil
	}
	for i := range count {
		p := append(bytes.Clone(iccPrefix), byte(i+1), byte(count))
		all = append(all, jpegfile.Segment{Marker: markerAPP2, Payload: append(p, profile[i*part:min((i+1)*part, len(profile))]...)})
	}
	return all
}

// comments returns the comments for a JPEG file; a PNG's texts are among them, each after its
// key.
func (m *Metadata) comments() []string {
	all := slices.Clone(m.Comments)
	for _, t := range m.Texts {
		if t.Key == "Comment" {
			all = append(all, t.Value)
		} else {
			all = append(all, t.Key+": "+t.Value)
		}
	}
	return all
}

func appendSegment(to []byte, marker byte, parts ...[]byte) []byte {
	n := 2
	for _, p := range parts {
		n += len(p)
	}
	to = append(to, 0xff, marker)
	to = binary.BigEndian.AppendUint16(to, uint16(n))
	for _, p := range parts {
		to = append(to, p...)
	}
	return to
}

// skipper drops the first bytes that are written to it.
type skipper struct {
	w    io.Writer
	skip int
}

func (s *skipper) Write(p []byte) (int, error) {
	n := min(s.skip, len(p))
	s.skip -= n
	m, err := s.w.Write(p[n:])
	return n + m, err
}
