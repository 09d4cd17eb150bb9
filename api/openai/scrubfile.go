package openai

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// inflatedBytes is how much of a compressed text of a picture is looked at.
const inflatedBytes = 1 << 20

// clean returns a picture's file without the secrets in its metadata, which may
// have been hidden within base64 until now. In PNG the parts that held one are left
// out: they have a wrong checksum once they are scrubbed, for which decoders refuse
// the whole file; and so are compressed ones. Other formats have no checksums. data
// is not changed, and returned itself where there is nothing to leave out.
func (s scrubber) clean(data []byte) []byte {
	data = s.Bytes(data)
	const start = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(data, []byte(start)) {
		return data
	}
	keep := make([][]byte, 1, 16)
	keep[0] = data[:len(start)]
	dropped := false
	rest := data[len(start):]
	for len(rest) >= 12 {
		n := int64(binary.BigEndian.Uint32(rest)) + 12
		if n > int64(len(rest)) {
			break
		}
		chunk := rest[:n]
		rest = rest[n:]
		if ancillary := chunk[4]&0x20 != 0; ancillary && s.spoilt(chunk) {
			dropped = true
			continue
		}
		keep = append(keep, chunk)
	}
	if !dropped {
		return data
	}
	return bytes.Join(append(keep, rest), nil)
}

// spoilt reports whether a chunk that isn't needed is damaged, or holds a secret in
// what is compressed of it (PNG, third edition, sections 11.3.3 and 11.3.2.3).
func (s scrubber) spoilt(chunk []byte) bool {
	end := len(chunk) - 4
	if crc32.ChecksumIEEE(chunk[4:end]) != binary.BigEndian.Uint32(chunk[end:]) {
		return true
	}
	if s.Scrubber == nil {
		return false
	}
	kind, content := string(chunk[4:8]), chunk[8:end]
	_, content, _ = bytes.Cut(content, []byte{0}) // a name stands first
	switch {
	case len(content) < 2:
		return false
	case kind == "zTXt" || kind == "iCCP":
		content = content[1:] // the method
	case kind == "iTXt" && content[0] == 1:
		_, content, _ = bytes.Cut(content[2:], []byte{0}) // the language
		_, content, _ = bytes.Cut(content, []byte{0})     // the translated name
	default:
		return false
	}
	z, err := zlib.NewReader(bytes.NewReader(content))
	if err != nil {
		return false
	}
	text, _ := io.ReadAll(io.LimitReader(z, inflatedBytes)) // what can be read of it
	return s.Contains(text)
}
