package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
)

// JPEG markers (ITU-T T.81, table B.1).
const (
	markerSOF2  = 0xc2
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP1  = 0xe1
	markerAPP2  = 0xe2
	markerAPP14 = 0xee
)

// maxScans is far more than any encoder writes. Each scan of a progressive
// file walks all blocks, so that a small file of many scans would take hours.
const maxScans = 500

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

func decodeJPEG(data []byte, config image.Config) (image.Image, error) {
	adobe, progressive := false, false
	jpegSegments(data, func(marker byte, payload []byte) bool {
		adobe = adobe || marker == markerAPP14 && bytes.HasPrefix(payload, []byte("Adobe"))
		progressive = progressive || marker == markerSOF2
		return true
	})
	if progressive && bytes.Count(data, []byte{0xff, markerSOS}) > maxScans {
		return nil, &UnsupportedError{"jpeg", "too many scans"}
	}
	if config.ColorModel == color.CMYKModel && !adobe {
		return decodePlainCMYK(data)
	}
	return jpeg.Decode(bytes.NewReader(data))
}

// decodePlainCMYK reads four components without Adobe's marker, which
// image/jpeg refuses because it cannot know their meaning. Such files hold
// plain CMYK; Adobe's hold it inverted. So the marker is added, and the
// inversion that it brings is undone.
func decodePlainCMYK(data []byte) (image.Image, error) {
	marked := append([]byte{0xff, markerSOI, 0xff, markerAPP14, 0, 14}, "Adobe\x00\x64\x00\x00\x00\x00\x00"...)
	marked = append(marked, data[2:]...)
	img, err := jpeg.Decode(bytes.NewReader(marked))
	if m, ok := img.(*image.CMYK); ok {
		for i, v := range m.Pix {
			m.Pix[i] = ^v
		}
	}
	return img, err
}

var (
	exifPrefix = []byte("Exif\x00\x00")
	iccPrefix  = []byte("ICC_PROFILE\x00")
)

func jpegMeta(data []byte) (Metadata, int) {
	var (
		meta        Metadata
		orientation = 1
		parts       [256][]byte // of the profile, by its number from 1 on
		count       int
	)
	jpegSegments(data, func(marker byte, payload []byte) bool {
		switch {
		case marker == markerAPP1 && meta.EXIF == nil && bytes.HasPrefix(payload, exifPrefix):
			meta.EXIF, orientation = cleanEXIF(payload[len(exifPrefix):])
		case marker == markerAPP2 && bytes.HasPrefix(payload, iccPrefix) && len(payload) >= len(iccPrefix)+2:
			rest := payload[len(iccPrefix):]
			parts[rest[0]], count = rest[2:], int(rest[1])
		}
		return true
	})
	for i := 1; i <= count; i++ {
		if parts[i] == nil {
			return meta, orientation // an incomplete profile is worse than none
		}
	}
	meta.ICC = checkICC(bytes.Join(parts[1:count+1], nil))
	return meta, orientation
}
