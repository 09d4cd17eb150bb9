package picture

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/webp"
)

// webpChunks calls f with every chunk of a RIFF body until f returns false.
func webpChunks(body []byte, f func(kind string, payload []byte) bool) {
	for len(body) >= 8 {
		n := int64(binary.LittleEndian.Uint32(body[4:]))
		if n > int64(len(body)-8) || !f(string(body[:4]), body[8:8+int(n)]) {
			return
		}
		body = body[min(int64(len(body)), 8+n+n&1):]
	}
}

func webpConfig(data []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(data)) }

func decodeWebP(data []byte, _ image.Config) (image.Image, error) {
	return webp.Decode(bytes.NewReader(data))
}

func webpMeta(data []byte) (Metadata, int) {
	meta, orientation := Metadata{}, 1
	webpChunks(data[sniffLen:], func(kind string, payload []byte) bool {
		switch kind {
		case "ICCP":
			meta.ICC = checkICC(payload)
		case "EXIF":
			// Some writers keep JPEG's prefix.
			meta.EXIF, orientation = cleanEXIF(bytes.TrimPrefix(payload, exifPrefix))
		}
		return true
	})
	return meta, orientation
}
