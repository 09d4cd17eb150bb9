package picture

import (
	"bytes"
	"image"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// unchanged returns the file that img was opened from where it can be written as it is: no
// pixel has changed, and the file has all that the options ask for. To a JPEG file only the
// label may be added. It is nil otherwise, and where a part of the file was missing.
func (e *Encoding) unchanged(img *image.NRGBA) []byte {
	src := e.Source
	if src == nil || src.Picture == nil || e.Strip || len(e.Text) > 0 || !e.isOf(&src.Picture.Meta) || !src.shows(img) {
		return nil
	}
	if e.Label == nil {
		return src.Bytes
	}
	if e.Format != JPEG {
		return nil
	}
	return relabelled(src.Bytes, e.Label, contentID(img))
}

// isOf reports whether a file with metadata m has the properties that e asks for.
func (e *Encoding) isOf(m *Metadata) bool {
	deep := m.Has(Deep)
	switch {
	case m.Format != string(e.Format), m.Has(Cut):
		return false
	case e.Format == WebP:
		return e.Lossless && m.Lossless // Quality applies to the whole file
	case e.Format == PNG || e.Format == TIFF:
		return e.Depth == 0 || e.Depth == 16 && deep || e.Depth == 8 && !deep
	}
	return true
}

// shows reports whether img equals the picture that was opened.
func (s *Source) shows(img *image.NRGBA) bool {
	base := s.Picture.Pix
	if s.Offset != (image.Point{}) || img.Rect.Size() != base.Rect.Size() {
		return false
	}
	n := 4 * img.Rect.Dx()
	for y := range img.Rect.Dy() {
		if !bytes.Equal(img.Pix[y*img.Stride:][:n], base.Pix[y*base.Stride:][:n]) {
			return false
		}
	}
	return true
}

// allKept returns Kept for a file that stays as it is.
func allKept(data []byte) Kept {
	f, err := jpegfile.ReadFrame(data)
	if err != nil {
		return Kept{}
	}
	return f.All()
}

// relabelled returns a JPEG file with a label in its XMP packet and all else unchanged, also
// further pictures after it. It is nil where the packet has no room for the label.
func relabelled(data []byte, l *Label, id string) []byte {
	var packet []byte
	from, to := 2, 2 // the range that the new segment replaces
	index := 0       // the offset of the MPF segment's payload
	at, found := 2, false
	jpegSegments(data, func(marker byte, payload []byte) bool {
		for data[at+1] == 0xff { // fill bytes
			at++
		}
		end := at + 4 + len(payload)
		switch {
		case found:
		case marker == markerAPP1 && bytes.HasPrefix(payload, xmpPrefix):
			packet, from, to, found = payload[len(xmpPrefix):], at, end, true
		case at == to && (marker == markerAPP0 || marker == markerAPP1 && bytes.HasPrefix(payload, exifPrefix)):
			from, to = end, end
		}
		if marker == markerAPP2 && bytes.HasPrefix(payload, mpfPrefix) {
			index = at + 4
		}
		at = end
		return true
	})
	packet = labelledXMP(packet, l, id)
	if len(packet) > maxSegment-len(xmpPrefix) {
		return nil
	}
	out := appendSegment(bytes.Clone(data[:from]), markerAPP1, xmpPrefix, packet)
	grown := len(out) - to
	out = append(out, data[to:]...)
	if index > to {
		moveIndex(out[index+grown:], grown, 0)
	} else if index > 0 {
		moveIndex(out[index:], grown, grown)
	}
	return out
}

// moveIndex corrects the index of further pictures (CIPA DC-007, 5.2.3.3) in the payload of an
// MPF segment: the first picture has become longer by grown bytes, and the distance of the
// others from the index by further bytes.
func moveIndex(payload []byte, grown, further int) {
	const entries, entry = 0xb002, 16 // the tag, and the bytes of each: attribute, size, offset, two numbers
	block := payload[len(mpfPrefix):]
	d, ok := firstIFD(block)
	if !ok {
		return
	}
	e, ok := d.find(entries)
	if !ok {
		return
	}
	size, from := int64(d.order.Uint32(block[e.at+4:])), int64(d.order.Uint32(block[e.at+8:]))
	for i := int64(0); (i+1)*entry <= size && from+(i+1)*entry <= int64(len(block)); i++ {
		one := block[from+i*entry:]
		add := func(at, n int) {
			if v := d.order.Uint32(one[at:]); v > 0 || at == 4 {
				d.order.PutUint32(one[at:], uint32(int64(v)+int64(n)))
			}
		}
		if i == 0 {
			add(4, grown)
		} else {
			add(8, further)
		}
	}
}

// gainMapPrefix begins the payload of a gain map's segment (ISO 21496-1).
var gainMapPrefix = []byte("urn:iso:std:iso:ts:21496:-1\x00")

// appleGainMap is the identifier in Apple's gain maps, which follow the picture.
var appleGainMap = []byte("urn:com:apple:photo:2020:aux:hdrgainmap")
