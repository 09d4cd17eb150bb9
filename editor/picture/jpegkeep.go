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

// keptSegments returns the segments of a JPEG file that are saved with the edited picture. It
// removes all that shows the picture before the edit, or points to such pictures after the
// file's end: thumbnails and previews in EXIF, JFIF, XMP and Photoshop's resources, the index
// of further pictures (MPF), content credentials. The orientation stays, as the pixels are
// stored as they were. coloured reports that a grey picture has got colours, so that its grey
// profile is removed.
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

// isProfile reports whether a segment is a part of a profile.
func isProfile(s jpegfile.Segment) bool {
	return s.Marker == markerAPP2 && bytes.HasPrefix(s.Payload, iccPrefix)
}

// keptPayload returns the saved form of a segment, nil where it is removed.
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
		return nil // a JPEG file in an unknown segment
	}
	return p
}

// withoutJFIFThumbnail returns a JFIF header without its thumbnail (JFIF 1.02).
func withoutJFIFThumbnail(p []byte) []byte {
	const fixed = 14
	if len(p) < fixed {
		return nil
	}
	p = bytes.Clone(p[:fixed])
	p[12], p[13] = 0, 0
	return p
}

// turnedEXIF returns the segment of a cleaned block with its original orientation.
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

// thumbnailed adds a thumbnail of img to the EXIF segment among the kept ones, stored in the
// file's orientation.
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

// keptXMP returns the segment of an XMP packet without its pictures.
func keptXMP(p []byte) []byte {
	clean := cleanXMP(p[len(xmpPrefix):], false)
	if clean == nil {
		return nil
	}
	return append(bytes.Clone(xmpPrefix), clean...)
}

// withoutResources returns Photoshop's resources without thumbnails (1033 and 1036) and other
// resources that contain JPEG files. Unreadable ones are dropped.
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

// strippedSegments returns the segments that the pixels need: colours, orientation, and what
// label returns for each XMP packet.
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

// labelledSegments returns a file's segments with a label in the XMP packet.
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
