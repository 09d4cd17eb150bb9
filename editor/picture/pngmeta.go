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

// maxProfile is the largest size of an inflated ICC profile or text, in bytes; large ones have
// a few megabytes.
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
	m := pngReader{orientation: 1}
	pngChunks(data, func(kind string, payload []byte) bool {
		m.chunk(kind, payload)
		return kind != "IEND"
	})
	m.densityOfEXIF()
	if m.indexed {
		m.Palette = pngPalette(m.colours, m.alpha)
	}
	return m.Metadata, m.orientation
}

// pngReader collects the metadata of a PNG's chunks.
type pngReader struct {
	Metadata
	orientation int
	exif        bool // EXIF came from its own chunk
	size        int  // of all texts, in bytes
	// indexed reports that the pixels are indices; colours and alpha are the PLTE and tRNS chunks.
	indexed        bool
	colours, alpha []byte
	pixels         bool // there was a chunk of them
}

// xmpKey is the key of the text that holds an XMP packet.
const xmpKey = "XML:com.adobe.xmp"

// chunk reads one chunk.
func (m *pngReader) chunk(kind string, payload []byte) {
	switch kind {
	case "IHDR":
		m.indexed = len(payload) > 9 && payload[9] == pngIndexed
	case "PLTE":
		m.colours = payload
	case "IDAT":
		m.pixels = true
	case "tRNS":
		if !m.pixels {
			m.alpha = payload
		}
	case "iCCP":
		m.iccp(payload)
	case "eXIf":
		m.EXIF, m.orientation = cleanEXIF(payload)
		m.exif = true
	case "zTXt", "tEXt", "iTXt":
		m.text(pngText(kind, payload))
	case "acTL":
		// More than one frame.
		if len(payload) >= 8 && binary.BigEndian.Uint32(payload) > 1 {
			m.note(Animated, 0)
		}
	case "pHYs":
		m.physical(payload)
	case "gAMA", "cHRM", "sRGB", "cICP", "tIME":
		m.Chunks = append(m.Chunks, Chunk{kind, bytes.Clone(payload)})
	}
}

// iccp reads a profile: a name, a zero, the method 0, and the deflated profile.
func (m *pngReader) iccp(payload []byte) {
	if end := bytes.IndexByte(payload, 0); end >= 0 && end+2 <= len(payload) && payload[end+1] == 0 {
		m.ICC = inflateICC(payload[end+2:])
	}
}

// physical reads the density, where it is in pixels per metre.
func (m *pngReader) physical(payload []byte) {
	if len(payload) >= 9 && payload[8] == 1 {
		m.Density = Density{float64(binary.BigEndian.Uint32(payload)), float64(binary.BigEndian.Uint32(payload[4:]))}.sane()
	}
}

// text reads a text, which may hold a profile or other metadata as ImageMagick and others
// write it.
func (m *pngReader) text(key, text string) {
	const most = 64 << 20 // bytes of all texts: each may inflate to a thousand times its chunk
	if m.size += len(text); key == "" || m.size > most {
		return
	}
	if key == xmpKey {
		m.XMP = cleanXMP([]byte(text), true)
		return
	}
	profile, ok := strings.CutPrefix(key, "Raw profile type ")
	if !ok {
		m.Texts = append(m.Texts, Text{key, text})
		return
	}
	if block := rawProfile(text); block != nil {
		m.profile(profile, block)
	}
}

// profile reads ImageMagick's raw profile of a kind.
func (m *pngReader) profile(kind string, block []byte) {
	switch {
	case (kind == "exif" || kind == "APP1") && !m.exif:
		if block, ok := bytes.CutPrefix(block, exifPrefix); ok || kind == "exif" {
			m.EXIF, m.orientation = cleanEXIF(block)
		} else if block, ok := bytes.CutPrefix(block, xmpPrefix); ok && m.XMP == nil {
			m.XMP = cleanXMP(block, true)
		}
	case kind == "iptc":
		m.IPTC = cleanIPTC(block)
		if records := iptcOf(block); records != nil {
			m.IPTC = records
		}
	case kind == "xmp" && m.XMP == nil:
		m.XMP = cleanXMP(block, true)
	case (kind == "icc" || kind == "icm") && m.ICC == nil:
		m.ICC = checkICC(block)
	}
}

// colourChunks returns the chunks that give the colour space.
func colourChunks(all []Chunk) (some []Chunk) {
	for _, c := range all {
		if c.Kind != "tIME" {
			some = append(some, c)
		}
	}
	return some
}

// pngText returns a text chunk's key and text as UTF-8; the key is empty where the chunk is
// invalid (PNG specification, 11.3.3).
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

// inflate decompresses metadata, up to maxProfile bytes.
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
