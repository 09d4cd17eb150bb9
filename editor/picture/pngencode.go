package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// pngOptions are what the two exported encoders differ in.
type pngOptions struct {
	alpha bool // colour type 6 even if the picture is opaque
	level int  // 1 to 9, 0 chooses by the content, for speed
	meta  Metadata
	text  map[string]string
}

// PNG colour types (PNG specification, 11.2.2).
const (
	colourRGB  = 2
	colourRGBA = 6
)

// encodePNG writes an 8-bit RGB or RGBA PNG (W3C Portable Network Graphics,
// third edition).
func encodePNG(w io.Writer, img *image.NRGBA, o pngOptions) error {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	colour := byte(colourRGBA)
	if !o.alpha && img.Opaque() {
		colour = colourRGB
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	head = append(head, 8, colour, 0, 0, 0)
	p := &chunkWriter{w: w}
	p.write([]byte(pngMagic))
	p.chunk("IHDR", head)
	if len(o.meta.ICC) > 0 {
		p.chunk("iCCP", append([]byte("ICC profile\x00\x00"), deflated(o.meta.ICC)...))
	}
	if len(o.meta.EXIF) > 0 {
		p.chunk("eXIf", sizedEXIF(o.meta.EXIF, width, height))
	}
	for _, key := range slices.Sorted(maps.Keys(o.text)) {
		kind, payload, err := textChunk(key, o.text[key])
		if err != nil {
			return err
		}
		p.chunk(kind, payload)
	}
	if p.err == nil {
		p.err = writeIDAT(p, img, colour, o.level)
	}
	p.chunk("IEND", nil)
	return p.err
}

// textChunk returns a tEXt chunk for plain ASCII, which every program reads,
// and an uncompressed iTXt (UTF-8) chunk for the rest.
func textChunk(key, value string) (kind string, payload []byte, err error) {
	plain := func(s string) bool {
		return strings.IndexFunc(s, func(r rune) bool { return (r < ' ' && r != '\n') || r > '~' }) < 0
	}
	if len(key) < 1 || len(key) > 79 || !plain(key) || strings.ContainsRune(key, '\n') || strings.TrimSpace(key) != key {
		return "", nil, fmt.Errorf("picture: %q can't be the key of a PNG text", key)
	}
	if !utf8.ValidString(value) || strings.IndexByte(value, 0) >= 0 {
		return "", nil, fmt.Errorf("picture: the PNG text %q holds bytes that are not text", key)
	}
	if plain(value) {
		return "tEXt", []byte(key + "\x00" + value), nil
	}
	// Key, not compressed, no language, no translated key.
	return "iTXt", []byte(key + "\x00\x00\x00\x00\x00" + value), nil
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	return b.Bytes()
}

// chunkWriter writes chunks and keeps the first error.
type chunkWriter struct {
	w   io.Writer
	err error
}

func (p *chunkWriter) write(b []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(b)
	}
}

func (p *chunkWriter) chunk(kind string, payload []byte) {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	p.write(append(head, kind...))
	p.write(payload)
	crc := crc32.Update(crc32.ChecksumIEEE([]byte(kind)), crc32.IEEETable, payload)
	p.write(binary.BigEndian.AppendUint32(nil, crc))
}
