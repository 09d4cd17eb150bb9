package picture

import (
	"bytes"
	"image"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/jpegfile"
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
		if coloured && isProfile(s) {
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

// isProfile reports that a segment is a part of a profile.
func isProfile(s jpegfile.Segment) bool {
	return s.Marker == markerAPP2 && bytes.HasPrefix(s.Payload, iccPrefix)
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

// thumbnailed gives the segment of EXIF among those that are kept a thumbnail of img, as a
// file with this orientation stores it.
func thumbnailed(all []jpegfile.Segment, img *image.NRGBA, space *colour.Space, box image.Point, orientation int) {
	inverse := [9]int{1, 1, 2, 3, 4, 5, 8, 7, 6}[orientation]
	for i, s := range all {
		if s.Marker == markerAPP1 && bytes.HasPrefix(s.Payload, exifPrefix) {
			small := shrunk(img, fitted(img.Rect.Size(), box))
			block := withThumbnail(s.Payload[len(exifPrefix):], oriented(small, inverse, fresh), space,
				orientations[orientation].view(box), maxSegment-len(exifPrefix), false)
			all[i].Payload = append(bytes.Clone(exifPrefix), block...)
		}
	}
}

// keptXMP returns the segment of a packet without pictures.
func keptXMP(p []byte) []byte {
	clean := cleanXMP(p[len(xmpPrefix):], false)
	if clean == nil {
		return nil
	}
	return append(bytes.Clone(xmpPrefix), clean...)
}

// withoutResources returns Photoshop's resources without thumbnails (1033 and
// 1036) and others with JPEG files in them. What can't be read is dropped.
func withoutResources(p []byte) []byte {
	kept := bytes.Clone(photoshopPrefix)
	eachResource(p[len(photoshopPrefix):], func(id uint16, whole, _ []byte) {
		if id != 1033 && id != 1036 && !bytes.Contains(whole, []byte{0xff, markerSOI, 0xff}) {
			kept = append(kept, whole...)
		}
	})
	if len(kept) == len(photoshopPrefix) {
		return nil
	}
	return kept
}

// strippedSegments keeps of a file's segments what its pixels need, colours and
// orientation, and what label returns of its packets of XMP.
func strippedSegments(all []jpegfile.Segment, orientation int, label func(packet []byte) []byte) []jpegfile.Segment {
	var kept []jpegfile.Segment
	for _, s := range all {
		switch {
		case s.Marker == markerAPP1 && bytes.HasPrefix(s.Payload, xmpPrefix):
			if packet := label(s.Payload[len(xmpPrefix):]); packet != nil {
				kept = append(kept, jpegfile.Segment{Marker: markerAPP1, Payload: append(bytes.Clone(xmpPrefix), packet...)})
			}
		case s.Marker == markerAPP0 && bytes.HasPrefix(s.Payload, jfifPrefix), s.Marker == markerAPP14, isProfile(s):
			kept = append(kept, s)
		}
	}
	if orientation > 1 {
		block := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
		block[18] = byte(orientation)
		kept = append(kept, jpegfile.Segment{Marker: markerAPP1, Payload: append(bytes.Clone(exifPrefix), block...)})
	}
	return kept
}

// labelledSegments returns a file's segments with a label in the packet of XMP.
func labelledSegments(all []jpegfile.Segment, l *Label, id string) []jpegfile.Segment {
	var kept []jpegfile.Segment
	var packet []byte
	for _, s := range all {
		if s.Marker == markerAPP1 && bytes.HasPrefix(s.Payload, xmpPrefix) {
			packet = s.Payload[len(xmpPrefix):]
			continue
		}
		kept = append(kept, s)
	}
	packet = labelledXMP(packet, l, id)
	if len(packet) > maxSegment-len(xmpPrefix) {
		packet = labelledXMP(nil, l, id)
	}
	return append(kept, jpegfile.Segment{Marker: markerAPP1, Payload: append(bytes.Clone(xmpPrefix), packet...)})
}
