package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// maxProfile bounds an inflated ICC profile or text; large ones have a few megabytes.
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
	found := false
	pngChunks(data, func(kind string, payload []byte) bool {
		switch kind {
		case "iCCP":
			// A name, a zero, the method 0, the deflated profile.
			if end := bytes.IndexByte(payload, 0); end >= 0 && end+2 <= len(payload) && payload[end+1] == 0 {
				meta.ICC = inflateICC(payload[end+2:])
			}
		case "eXIf":
			meta.EXIF, orientation = cleanEXIF(payload)
			found = true
		case "zTXt", "tEXt", "iTXt":
			// ImageMagick's way before there was eXIf.
			key, text := pngText(kind, payload)
			if block := rawProfile(text); !found && (key == "Raw profile type exif" || key == "Raw profile type APP1") {
				if block, ok := bytes.CutPrefix(block, exifPrefix); ok || key == "Raw profile type exif" {
					meta.EXIF, orientation = cleanEXIF(block)
				}
			}
		case "acTL":
			// More frames than one, or one that isn't the still picture.
			if len(payload) >= 8 && binary.BigEndian.Uint32(payload) > 1 {
				meta.note(Animated, 0)
			}
		}
		return kind != "IEND"
	})
	return meta, orientation
}

// pngText returns a text chunk's key and text, as UTF-8; an empty key where the
// chunk makes no sense (PNG specification, 11.3.3).
func pngText(kind string, p []byte) (key, text string) {
	k, rest, ok := bytes.Cut(p, []byte{0})
	if !ok || len(k) == 0 || len(k) > 79 {
		return "", ""
	}
	latin := func(b []byte) string {
		r := make([]rune, len(b))
		for i, c := range b {
			r[i] = rune(c)
		}
		return string(r)
	}
	switch kind {
	case "tEXt":
		return latin(k), latin(rest)
	case "zTXt":
		if len(rest) < 1 || rest[0] != 0 {
			return "", ""
		}
		plain, err := inflate(rest[1:])
		if err != nil {
			return "", ""
		}
		return latin(k), latin(plain)
	}
	if len(rest) < 2 {
		return "", ""
	}
	compressed := rest[0] != 0
	_, rest, _ = bytes.Cut(rest[2:], []byte{0})
	_, value, ok := bytes.Cut(rest, []byte{0})
	if ok && compressed {
		var err error
		if value, err = inflate(value); err != nil {
			return "", ""
		}
	}
	return latin(k), string(value)
}

// rawProfile reads ImageMagick's form of binary data in text: a name, a length and
// hexadecimal digits in lines. It returns nil for anything else.
func rawProfile(text string) []byte {
	fields := strings.Fields(text)
	if len(fields) < 3 {
		return nil
	}
	n, err := strconv.Atoi(fields[1])
	data, bad := hex.DecodeString(strings.Join(fields[2:], ""))
	if err != nil || bad != nil || n < 0 || n > len(data) {
		return nil
	}
	return data[:n]
}

func inflateICC(deflated []byte) []byte {
	profile, err := inflate(deflated)
	if err != nil {
		return nil
	}
	return checkICC(profile)
}

// inflate expands what is kept beside the pixels, up to maxProfile.
func inflate(deflated []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(deflated))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err == nil && len(data) > maxProfile {
		err = io.ErrShortBuffer
	}
	return data, err
}
