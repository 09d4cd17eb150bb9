package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"image"
	"math"
)

// Text is a piece of text under a key.
type Text struct{ Key, Value string }

// Chunk is a PNG chunk of metadata.
type Chunk struct {
	Kind    string
	Payload []byte
}

// Density is the resolution in pixels per metre; both are 0 where it isn't known.
type Density struct{ X, Y float64 }

const inch = 0.0254

// DPI returns pixels per inch, rounded.
func (d Density) DPI() (x, y int) { return int(math.Round(d.X * inch)), int(math.Round(d.Y * inch)) }

// sane drops invalid densities.
func (d Density) sane() Density {
	ok := func(v float64) bool { return v > 1 && v < 1e7 } // NaN is not ok
	if !ok(d.X) || !ok(d.Y) {
		return Density{}
	}
	return d
}

// mostThumbnail is the largest size of a thumbnail in a TIFF file, in bytes.
const mostThumbnail = 1 << 20

// carried returns the metadata to write with img: Meta, without what Strip removes, and with
// the label. grey reports whether img is written as grey.
func (e *Encoding) carried(img *image.NRGBA, grey bool) Metadata {
	m := e.Meta
	if e.Strip {
		m = Metadata{ICC: m.ICC, Space: m.Space, Chunks: colourChunks(m.Chunks), XMP: e.ownLabel(m.XMP)}
	}
	if m.Thumbnail != (image.Point{}) {
		switch e.Format {
		case JPEG:
			m.EXIF = withThumbnail(m.EXIF, img, m.Space, m.Thumbnail, maxSegment-len(exifPrefix), false)
		case TIFF:
			m.EXIF = withThumbnail(m.EXIF, img, m.Space, m.Thumbnail, len(m.EXIF)+mostThumbnail, true)
		}
	}
	m.ICC = m.profile(e.Format, grey)
	if e.Label != nil {
		m.XMP = labelledXMP(m.XMP, e.Label, contentID(img))
	}
	return m
}

// ownLabel returns what Strip leaves of an XMP packet: its label, nil where it has none or
// Unlabelled is set.
func (e *Encoding) ownLabel(packet []byte) []byte {
	if e.Unlabelled {
		return nil
	}
	return onlyLabel(packet)
}

// contentID returns an anonymous identifier of a picture, a hash of its pixels.
func contentID(img *image.NRGBA) string {
	h := sha256.New()
	for y := range img.Rect.Dy() {
		h.Write(img.Pix[y*img.Stride:][:4*img.Rect.Dx()]) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// wipePictures overwrites JPEG files in a block of metadata, such as previews in a MakerNote,
// with zeros, since they show the picture before the edit. Offsets stay valid.
func wipePictures(block []byte) {
	start := []byte{0xff, markerSOI, 0xff}
	for at := 0; ; {
		i := bytes.Index(block[at:], start)
		if i < 0 {
			return
		}
		i += at
		end := jpegEnd(block[i:])
		clear(block[i : i+end])
		at = i + end
	}
}

// jpegEnd returns the end of the JPEG file at the beginning of data: after its last marker, or
// where it becomes invalid.
func jpegEnd(data []byte) int {
	at := 2
	for at+4 <= len(data) {
		if data[at] != 0xff {
			return at
		}
		marker := data[at+1]
		switch marker {
		case 0xff:
			at++
			continue
		case markerEOI:
			return at + 2
		}
		n := 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 4 || at+n > len(data) {
			return len(data)
		}
		at += n
		if marker != markerSOS {
			continue
		}
		for ; at+1 < len(data); at++ { // to the next marker that isn't part of the data
			if m := data[at+1]; data[at] == 0xff && m != 0 && (m < 0xd0 || m > 0xd7) && m != 0xff {
				break
			}
		}
	}
	return len(data)
}

// photoshopIPTC is the resource of Photoshop that holds IPTC's records.
const photoshopIPTC = 1028

// iptcOf returns the IPTC records among Photoshop's resources, nil without.
func iptcOf(resources []byte) (records []byte) {
	eachResource(resources, func(id uint16, whole, payload []byte) {
		if id == photoshopIPTC && records == nil {
			records = cleanIPTC(payload)
		}
	})
	return records
}

// cleanIPTC returns a copy of records fit to be saved with an edited picture: without
// JPEG files (IIM, 2:202 is a preview).
func cleanIPTC(records []byte) []byte {
	records = bytes.Clone(records)
	wipePictures(records)
	return records
}

// withIPTC returns IPTC records as a resource of Photoshop.
func withIPTC(records []byte) []byte {
	b := append([]byte("8BIM"), photoshopIPTC>>8, photoshopIPTC&0xff, 0, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(len(records)))
	b = append(b, records...)
	if len(records)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// eachResource calls f with Photoshop's resources ("Adobe Photoshop File Formats", image
// resource blocks) up to the first invalid one.
func eachResource(p []byte, f func(id uint16, whole, payload []byte)) {
	for len(p) >= 7 && string(p[:4]) == "8BIM" {
		name := (1 + int(p[6]) + 1) &^ 1
		if len(p) < 6+name+4 {
			return
		}
		from := 6 + name + 4
		n := int64(binary.BigEndian.Uint32(p[6+name:]))
		if int64(from)+n > int64(len(p)) {
			return
		}
		end := min(int64(from)+(n+1)&^1, int64(len(p)))
		f(binary.BigEndian.Uint16(p[4:]), p[:end], p[from:from+int(n)])
		p = p[end:]
	}
}

// density returns the density in an EXIF block.
func (d ifd) density() Density {
	x, okX := d.fraction(tagResolutionX)
	y, okY := d.fraction(tagResolutionY)
	if !okX || !okY {
		return Density{}
	}
	unit, ok := d.value(tagResolutionUnit)
	return inUnit(x, y, unit, ok)
}

// inUnit returns the density of values per TIFF ResolutionUnit, by default the inch.
func inUnit(x, y float64, unit uint32, given bool) Density {
	switch {
	case unit == 3:
		return Density{100 * x, 100 * y}.sane()
	case unit == 2 || !given:
		return Density{x / inch, y / inch}.sane()
	}
	return Density{}
}

// fraction returns a RATIONAL.
func (d ifd) fraction(tag uint16) (float64, bool) {
	e, ok := d.find(tag)
	if !ok || d.order.Uint16(d.data[e.at+2:]) != 5 {
		return 0, false
	}
	at := int64(d.order.Uint32(d.data[e.at+8:]))
	if at+8 > int64(len(d.data)) {
		return 0, false
	}
	return float64(d.order.Uint32(d.data[at:])) / float64(d.order.Uint32(d.data[at+4:])), true
}
