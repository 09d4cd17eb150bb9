// Package webpfile reads still WebP pictures (RFC 9649, RFC 6386) by golang.org/x/image/webp,
// and adds what that package leaves out: the range of VP8's numbers, interpolated
// chroma, lossless pictures whose alpha isn't used, and headers with a wrong flag of
// alpha.
package webpfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// Head is the length in bytes of what stands before a RIFF file's chunks.
const Head = 12

// Chunks calls f with every chunk of a RIFF body, which begins Head bytes after the
// file, until f returns false or a chunk is longer than what is there.
func Chunks(body []byte, f func(kind string, payload []byte) bool) {
	for len(body) >= 8 {
		n := int64(binary.LittleEndian.Uint32(body[4:]))
		if n > int64(len(body)-8) || !f(string(body[:4]), body[8:8+int(n)]) {
			return
		}
		body = body[min(int64(len(body)), 8+n+n&1):]
	}
}

// ErrEmpty is the error for a picture whose header names a width or a height of 0.
var ErrEmpty = errors.New("webpfile: a picture without pixels")

// DecodeConfig returns a picture's size in pixels, at least 1x1. Its errors are ErrEmpty
// and x/image's.
func DecodeConfig(data []byte) (image.Config, error) {
	config, err := webp.DecodeConfig(bytes.NewReader(data))
	if err == nil && (config.Width < 1 || config.Height < 1) {
		return image.Config{}, ErrEmpty
	}
	return config, err
}

// Decode returns a still picture of at least one pixel: *image.NRGBA of a lossless one,
// else *Lossy. Its errors are ErrEmpty and x/image's.
func Decode(data []byte) (image.Image, error) {
	img, err := webp.Decode(withFlag(data))
	if err == nil && img.Bounds().Empty() {
		return nil, ErrEmpty
	}
	switch m := img.(type) {
	case *image.YCbCr:
		return &Lossy{YCbCr: m}, err
	case *image.NYCbCrA:
		return &Lossy{YCbCr: &m.YCbCr, alpha: m.A, alphaStride: m.AStride}, err
	case *image.NRGBA:
		if !usesAlpha(data) {
			for i := 3; i < len(m.Pix); i += 4 {
				m.Pix[i] = 255
			}
		}
	}
	return img, err
}

// withFlag reads a file whose extended header says of alpha what its chunks say.
// x/image refuses a file whose flag is set without alpha before the picture or unset
// with it; libwebp goes by the chunks.
func withFlag(file []byte) io.Reader {
	const (
		at   = Head + 8 // the flags of an extended header, which is the first chunk
		flag = 1 << 4   // RFC 9649, 2.7
	)
	var extended, alpha, lossy bool
	Chunks(file[min(Head, len(file)):], func(kind string, p []byte) bool {
		switch kind {
		case "VP8X":
			extended = len(p) > 0
		case "ALPH":
			alpha = true
		case "VP8 ":
			lossy = true
		}
		return extended && !lossy && kind != "VP8L"
	})
	if !extended || !lossy || (file[at]&flag != 0) == alpha {
		return bytes.NewReader(file)
	}
	flags := []byte{file[at] ^ flag}
	return io.MultiReader(bytes.NewReader(file[:at]), bytes.NewReader(flags), bytes.NewReader(file[at+1:]))
}

// usesAlpha reports whether a lossless picture's header says that its alpha is used
// (RFC 9649, 3.4: alpha_is_used).
func usesAlpha(file []byte) bool {
	uses := true
	Chunks(file[min(Head, len(file)):], func(kind string, p []byte) bool {
		if kind == "VP8L" && len(p) >= 5 {
			uses = p[4]&0x10 != 0
		}
		return kind != "VP8L"
	})
	return uses
}

// Lossy is a lossy picture. VP8 keeps BT.601 in studio range (luma 16 to 235),
// which x/image hands over in types that image/color takes for full range: read as
// these, black would be grey. Row converts it.
type Lossy struct {
	*image.YCbCr
	alpha       []byte // nil: opaque
	alphaStride int
}

// Row writes row y as straight RGBA, computed as libwebp does it: chroma
// interpolated by its "fancy upsampler", then the constants of its yuv.h. dst has
// 4 bytes for each pixel of the row.
func (m *Lossy) Row(dst []byte, y int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := (w+1)/2, (h+1)/2
	near, other := y/2, y/2-1
	if y%2 == 1 {
		other = near + 1
	}
	other = min(max(other, 0), ch-1)
	ys := m.Y[y*m.YStride:]
	cbNear, cbOther := m.Cb[near*m.CStride:][:cw], m.Cb[other*m.CStride:][:cw]
	crNear, crOther := m.Cr[near*m.CStride:][:cw], m.Cr[other*m.CStride:][:cw]
	for x := range w {
		l := int32(ys[x]) * 19077 >> 8
		u, v := Upsample(cbNear, cbOther, x), Upsample(crNear, crOther, x)
		d := dst[4*x : 4*x+4 : 4*x+4]
		d[0] = clip14(l + v*26149>>8 - 14234)
		d[1] = clip14(l - u*6419>>8 - v*13320>>8 + 8708)
		d[2] = clip14(l + u*33050>>8 - 17685)
		d[3] = 255
		if m.alpha != nil {
			d[3] = m.alpha[y*m.alphaStride+x]
		}
	}
}

// Upsample returns chroma of the pixel in column x, of two rows of which each sample
// covers two columns: the row that covers the pixel and the next one on its other
// side. It weights the four samples around about 9:3:3:1, rounded as libwebp rounds.
func Upsample(near, other []byte, x int) int32 {
	c := x / 2
	next := c - 1
	if x%2 == 1 {
		next = c + 1
	}
	n, q := int32(near[c]), int32(other[c])
	if next < 0 || next >= len(near) {
		return (3*n + q + 2) >> 2
	}
	p, o := int32(near[next]), int32(other[next])
	return ((n+3*p+3*q+o+8)>>3 + n) >> 1
}

// clip14 takes the upper 8 of 14 bits.
func clip14(v int32) uint8 { return uint8(min(max(v>>6, 0), 255)) }

// Rows returns a function that writes row y of what Decode returned as straight
// RGBA; nil for other pictures.
func Rows(img image.Image) func(dst []byte, y int) {
	switch m := img.(type) {
	case *Lossy:
		return m.Row
	case *image.NRGBA:
		return func(dst []byte, y int) { copy(dst, m.Pix[y*m.Stride:][:4*m.Rect.Dx()]) }
	}
	return nil
}
