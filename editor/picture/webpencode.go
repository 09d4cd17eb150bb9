package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"

	"github.com/gen2brain/webp"

	"overpaint.dev/overpaint/editor/webpfile"
)

// errLargeWebP reports a picture with more columns or rows than a WebP can have.
var errLargeWebP = errors.New("picture: the picture is too large for a WebP file, which has at most 16383 columns and rows")

// VP8X's flags (RFC 9649, 2.7).
const (
	webpXMP   = 1 << 2
	webpEXIF  = 1 << 3
	webpAlpha = 1 << 4
	webpICC   = 1 << 5
)

// encodeWebP writes a lossless or lossy picture with its profile, EXIF and XMP. The encoder is
// libwebp in a WebAssembly sandbox.
func encodeWebP(w io.Writer, img *image.NRGBA, e Encoding) error {
	const most = 1<<14 - 1
	size := img.Rect.Size()
	if max(size.X, size.Y) > most {
		return errLargeWebP
	}
	quality := e.Quality
	if quality == 0 {
		quality = 90
	}
	const method = 4
	options := webp.Options{Quality: quality, Lossless: e.Lossless, Method: method, Exact: true}
	if !e.Lossless && quality == 100 {
		options.Quality = 99 // the wrapper of libwebp treats 100 as lossless
	}
	var plain bytes.Buffer
	machine.Lock()
	err := webp.Encode(&plain, img, options)
	machine.Unlock()
	if err != nil {
		return err
	}
	m := e.carried(img, false)
	extended := make([]byte, 10)
	var pixels []byte
	webpfile.Chunks(plain.Bytes()[min(webpfile.Head, plain.Len()):], func(kind string, p []byte) bool {
		switch kind {
		case "ALPH", "VP8 ", "VP8L":
			pixels = appendRIFF(pixels, kind, p)
		}
		return true
	})
	if !img.Opaque() {
		extended[0] |= webpAlpha
	}
	put24 := func(to []byte, v int) { to[0], to[1], to[2] = byte(v), byte(v>>8), byte(v>>16) }
	put24(extended[4:], size.X-1)
	put24(extended[7:], size.Y-1)
	var before, behind []byte
	if len(m.ICC) > 0 {
		extended[0] |= webpICC
		before = appendRIFF(before, "ICCP", m.ICC)
	}
	if len(m.EXIF) > 0 {
		extended[0] |= webpEXIF
		behind = appendRIFF(behind, "EXIF", sizedEXIF(m.EXIF, size.X, size.Y))
	}
	if len(m.XMP) > 0 {
		extended[0] |= webpXMP
		behind = appendRIFF(behind, "XMP ", m.XMP)
	}
	body := append([]byte("WEBP"), appendRIFF(nil, "VP8X", extended)...)
	body = append(append(append(body, before...), pixels...), behind...)
	head := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}
