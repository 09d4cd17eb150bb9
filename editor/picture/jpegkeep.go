package picture

import (
	"bytes"
	"encoding/binary"
	"image"

	"overpaint/editor/jpegfile"
)

const (
	markerAPP0  = 0xe0
	markerAPP11 = 0xeb
	markerAPP13 = 0xed
	markerAPP14 = 0xee
	markerCOM   = 0xfe
)

var (
	jfifPrefix      = []byte("JFIF\x00")
	xmpPrefix       = []byte("http://ns.adobe.com/xap/1.0/\x00")
	photoshopPrefix = []byte("Photoshop 3.0\x00")
)

// keptSegments returns the segments of a JPEG file that are saved with the edited
// picture. What holds the picture as it was before, or points to such pictures
// behind the file's end, goes: thumbnails and previews in EXIF, JFIF, XMP and
// Photoshop's resources, the index of further pictures (MPF), content credentials.
// The orientation stays, as the pixels are stored as they were. coloured tells that
// f was grey, whose profile means nothing for colours.
func keptSegments(f *jpegfile.Frame, orientation int, coloured bool) []jpegfile.Segment {
	var kept []jpegfile.Segment
	size := image.Pt(f.Width, f.Height)
	exif := false
	for _, s := range f.Segments {
		if coloured && s.Marker == markerAPP2 && bytes.HasPrefix(s.Payload, iccPrefix) {
			continue
		}
		if s.Marker == markerAPP1 && bytes.HasPrefix(s.Payload, exifPrefix) {
			if exif {
				continue // only the first was read
			}
			exif = true
		}
		if p := keptPayload(s, orientation, size); p != nil {
			kept = append(kept, jpegfile.Segment{Marker: s.Marker, Payload: p})
		}
	}
	return kept
}

// keptPayload returns what is saved of a segment, nil for nothing.
func keptPayload(s jpegfile.Segment, orientation int, size image.Point) []byte {
	p := s.Payload
	has := func(marker byte, prefix []byte) bool { return s.Marker == marker && bytes.HasPrefix(p, prefix) }
	switch {
	case has(markerAPP0, jfifPrefix):
		return withoutJFIFThumbnail(p)
	case has(markerAPP1, exifPrefix):
		return turnedEXIF(p, orientation, size)
	case has(markerAPP1, xmpPrefix):
		return keptXMP(p)
	case has(markerAPP13, photoshopPrefix):
		return withoutResources(p)
	case has(markerAPP2, iccPrefix), s.Marker == markerAPP14, s.Marker == markerCOM:
		return p
	case s.Marker == markerAPP11, s.Marker == markerAPP1, s.Marker == markerAPP2, has(markerAPP0, []byte("JFXX\x00")):
		return nil // JUMBF, extended XMP, MPF, FlashPix, thumbnails
	case bytes.Contains(p, []byte{0xff, markerSOI, 0xff}):
		return nil // a JPEG file in something unknown
	}
	return p
}

// withoutJFIFThumbnail returns a JFIF header without its picture (JFIF 1.02).
func withoutJFIFThumbnail(p []byte) []byte {
	const fixed = 14
	if len(p) < fixed {
		return nil
	}
	p = bytes.Clone(p[:fixed])
	p[12], p[13] = 0, 0
	return p
}

// turnedEXIF returns the segment of a cleaned block that still asks for the
// orientation that it asked for.
func turnedEXIF(p []byte, orientation int, size image.Point) []byte {
	clean, _ := cleanEXIF(p[len(exifPrefix):])
	if clean == nil {
		return nil
	}
	clean = sizedEXIF(clean, size.X, size.Y)
	if first, ok := firstIFD(clean); ok {
		if e, ok := first.find(tagOrientation); ok {
			e.setNumber(uint32(orientation))
		}
	}
	return append(bytes.Clone(exifPrefix), clean...)
}

// keptXMP returns an XMP packet unless it holds pictures, or describes pictures
// behind the file's end (a gain map, depth).
func keptXMP(p []byte) []byte {
	for _, word := range []string{"xmpGImg:image", "hdrgm:", "GImage:", "GDepth:", "Container:Directory"} {
		if bytes.Contains(p, []byte(word)) {
			return nil
		}
	}
	return p
}

// withoutResources returns Photoshop's resources without thumbnails (1033 and
// 1036, "Adobe Photoshop File Formats", image resource blocks). What can't be read is dropped.
func withoutResources(p []byte) []byte {
	kept := bytes.Clone(photoshopPrefix)
	for p = p[len(photoshopPrefix):]; len(p) > 0; {
		if len(p) < 7 || string(p[:4]) != "8BIM" {
			break
		}
		name := (1 + int(p[6]) + 1) &^ 1
		if len(p) < 6+name+4 {
			break
		}
		n := int64(binary.BigEndian.Uint32(p[6+name:]))
		end := int64(6+name+4) + (n+1)&^1
		if int64(6+name+4)+n > int64(len(p)) {
			break
		}
		end = min(end, int64(len(p)))
		if id := binary.BigEndian.Uint16(p[4:]); id != 1033 && id != 1036 {
			kept = append(kept, p[:end]...)
		}
		p = p[end:]
	}
	if len(kept) == len(photoshopPrefix) {
		return nil
	}
	return kept
}
