package picture

import (
	"bytes"
	"encoding/binary"
	"image"

	"overpaint.dev/overpaint/editor/webpfile"
)

func webpConfig(data []byte) (image.Config, error) { return webpfile.DecodeConfig(data) }

// decodeWebP reads the picture, or the first frame of an animation on a
// transparent canvas.
func decodeWebP(data []byte, config image.Config) (image.Image, error) {
	frame, at := firstFrame(data)
	if frame == nil {
		return webpfile.Decode(data)
	}
	canvas := image.Rect(0, 0, config.Width, config.Height)
	size, err := webpConfig(frame)
	if err != nil {
		return nil, err
	}
	if place := image.Rect(0, 0, size.Width, size.Height).Add(at); place.Empty() || !place.In(canvas) {
		return nil, ErrTruncated
	}
	img, err := webpfile.Decode(frame)
	if err != nil {
		return nil, err
	}
	return onCanvas(img, at, canvas), nil
}

// firstFrame returns the first frame of an animation as a separate file, since x/image reads
// only still pictures, and the frame's position; nil for a still picture.
func firstFrame(data []byte) (frame []byte, at image.Point) {
	webpfile.Chunks(data[webpfile.Head:], func(kind string, p []byte) bool {
		if kind != "ANMF" {
			// In a still picture the pixels come before any frame.
			return kind != "VP8 " && kind != "VP8L"
		}
		if len(p) < 16 {
			return false
		}
		at = image.Pt(2*uint24(p), 2*uint24(p[3:]))
		extended := make([]byte, 10) // VP8X: flags, then the frame's size less 1
		copy(extended[4:], p[6:12])
		const alphaFlag = 1 << 4
		var pixels []byte
		webpfile.Chunks(p[16:], func(kind string, p []byte) bool {
			switch kind {
			case "ALPH":
				extended[0] = alphaFlag
				pixels = appendRIFF(pixels, kind, p)
			case "VP8 ", "VP8L":
				pixels = appendRIFF(pixels, kind, p)
				return false
			}
			return true
		})
		body := append([]byte("WEBP"), appendRIFF(nil, "VP8X", extended)...)
		frame = appendRIFF(nil, "RIFF", append(body, pixels...))
		return false
	})
	return frame, at
}

func uint24(p []byte) int { return int(p[0]) | int(p[1])<<8 | int(p[2])<<16 }

func appendRIFF(to []byte, kind string, payload []byte) []byte {
	to = append(to, kind...)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(payload)))
	to = append(to, payload...)
	if len(payload)%2 == 1 {
		to = append(to, 0)
	}
	return to
}

func webpMeta(data []byte) (Metadata, int) {
	meta, orientation, frames := Metadata{}, 1, 0
	webpfile.Chunks(data[webpfile.Head:], func(kind string, payload []byte) bool {
		switch kind {
		case "ICCP":
			meta.ICC = checkICC(payload)
		case "EXIF":
			// Some writers keep JPEG's prefix.
			meta.EXIF, orientation = cleanEXIF(bytes.TrimPrefix(payload, exifPrefix))
		case "VP8L":
			meta.Lossless = true
		case "XMP ":
			meta.XMP = cleanXMP(payload, true)
		case "ANMF":
			if frames++; frames == 2 {
				meta.note(Animated, 0)
			}
		}
		return true
	})
	meta.densityOfEXIF()
	return meta, orientation
}
