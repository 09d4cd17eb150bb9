package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// maxProfile bounds an inflated ICC profile; large ones have a few megabytes.
const maxProfile = 32 << 20

// pngChunks calls f with every chunk until f returns false.
func pngChunks(data []byte, f func(kind string, payload []byte) bool) {
	for i := len(pngMagic); i+12 <= len(data); {
		n := int64(binary.BigEndian.Uint32(data[i:]))
		if n > int64(len(data)-i-12) || !f(string(data[i+4:i+8]), data[i+8:i+8+int(n)]) {
			return
		}
		i += 12 + int(n)
	}
}

func pngMeta(data []byte) (Metadata, int) {
	meta, orientation := Metadata{}, 1
	pngChunks(data, func(kind string, payload []byte) bool {
		switch kind {
		case "iCCP":
			// A name, a zero, the method 0, the deflated profile.
			if end := bytes.IndexByte(payload, 0); end >= 0 && end+2 <= len(payload) && payload[end+1] == 0 {
				meta.ICC = inflateICC(payload[end+2:])
			}
		case "eXIf":
			meta.EXIF, orientation = cleanEXIF(payload)
		}
		return kind != "IEND"
	})
	return meta, orientation
}

func inflateICC(deflated []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(deflated))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil || len(profile) > maxProfile {
		return nil
	}
	return checkICC(profile)
}
