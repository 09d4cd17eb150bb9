package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// pngOptions are the options in which the two exported encoders differ.
type pngOptions struct {
	level int // 1 to 9, 0 chooses by the content, for speed
	meta  Metadata
	text  map[string]string
}

// pngColours are PNG's colour types by the number of samples (PNG specification,
// 11.2.2).
var pngColours = [5]byte{1: 0, 2: 4, 3: 2, 4: 6}

// pngIndexed is the colour type of indices into a palette.
const pngIndexed = 3

// encodePNG writes a PNG of 8 or 16 bits (W3C Portable Network Graphics, third
// edition).
func encodePNG(w io.Writer, img *raster, o pngOptions) error {
	width, height := img.size.X, img.size.Y
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	bits, kind := byte(8*img.bytes), pngColours[img.samples]
	if img.palette != nil {
		bits, kind = byte(img.bits), pngIndexed
	}
	head = append(head, bits, kind, 0, 0, 0)
	p := &chunkWriter{w: w}
	p.write([]byte(pngMagic))
	p.chunk("IHDR", head)
	if err := p.meta(&o.meta, width, height); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(o.text)) {
		kind, payload, err := textChunk(key, o.text[key])
		if err != nil {
			return err
		}
		p.chunk(kind, payload)
	}
	if img.palette != nil {
		colours, alpha := pngColoursOf(img.palette)
		if p.chunk("PLTE", colours); len(alpha) > 0 {
			p.chunk("tRNS", alpha)
		}
	}
	if p.err == nil {
		p.err = writeIDAT(p, img, o.level)
	}
	p.chunk("IEND", nil)
	return p.err
}

// meta writes the chunks before the pixels.
func (p *chunkWriter) meta(m *Metadata, width, height int) error {
	for _, c := range m.Chunks {
		if c.Kind == "sRGB" && len(m.ICC) > 0 {
			continue // only one of the two is allowed
		}
		p.chunk(c.Kind, c.Payload)
	}
	if len(m.ICC) > 0 {
		p.chunk("iCCP", append([]byte("ICC profile\x00\x00"), deflated(m.ICC)...))
	}
	if d := m.Density; d != (Density{}) {
		b := binary.BigEndian.AppendUint32(nil, uint32(math.Round(d.X)))
		p.chunk("pHYs", append(binary.BigEndian.AppendUint32(b, uint32(math.Round(d.Y))), 1))
	}
	if len(m.EXIF) > 0 {
		p.chunk("eXIf", sizedEXIF(m.EXIF, width, height))
	}
	if len(m.XMP) > 0 {
		p.chunk("iTXt", append([]byte(xmpKey+"\x00\x00\x00\x00\x00"), m.XMP...))
	}
	if len(m.IPTC) > 0 {
		resource := withIPTC(m.IPTC) // as ImageMagick and exiftool write it
		words := fmt.Sprintf("\niptc\n%8d\n%s\n", len(resource), hex.EncodeToString(resource))
		p.chunk("zTXt", append([]byte("Raw profile type iptc\x00\x00"), deflated([]byte(words))...))
	}
	for _, t := range m.Texts {
		if kind, payload, err := textChunk(t.Key, t.Value); err == nil { // texts with invalid keys are left out
			p.chunk(kind, payload)
		}
	}
	for _, words := range m.Comments {
		if kind, payload, err := textChunk("Comment", words); err == nil {
			p.chunk(kind, payload)
		}
	}
	return p.err
}

// textChunk returns a tEXt chunk for ASCII, which every program reads, and an uncompressed
// iTXt chunk (UTF-8) for other text.
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
	z.Write(data) // a bytes.Buffer never fails
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
