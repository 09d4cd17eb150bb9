package picture

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/webp"
)

// riffHead is the length of what stands before a RIFF file's chunks.
const riffHead = 12

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

// decodeWebP reads the picture, or the first frame of an animation on a
// transparent canvas.
func decodeWebP(data []byte, config image.Config) (image.Image, error) {
	frame, at := firstFrame(data)
	if frame == nil {
		img, err := webp.Decode(bytes.NewReader(data))
		return usedAlpha(studio(img), data), err
	}
	canvas := image.Rect(0, 0, config.Width, config.Height)
	size, err := webpConfig(frame)
	if err != nil {
		return nil, err
	}
	if place := image.Rect(0, 0, size.Width, size.Height).Add(at); place.Empty() || !place.In(canvas) {
		return nil, ErrTruncated
	}
	img, err := webp.Decode(bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	return onCanvas(usedAlpha(studio(img), frame), at, canvas), nil
}

// usedAlpha makes a lossless picture opaque whose header says that its alpha isn't
// used (RFC 9649, 3.4: alpha_is_used).
func usedAlpha(img image.Image, file []byte) image.Image {
	m, ok := img.(*image.NRGBA)
	if !ok {
		return img
	}
	webpChunks(file[riffHead:], func(kind string, p []byte) bool {
		if kind == "VP8L" && len(p) >= 5 && p[4]&0x10 == 0 {
			for i := 3; i < len(m.Pix); i += 4 {
				m.Pix[i] = 255
			}
		}
		return kind != "VP8L"
	})
	return img
}

// firstFrame returns the first frame of an animation as a file of its own,
// because x/image reads still pictures alone, and where the frame lies; nil
// for a still picture.
func firstFrame(data []byte) (frame []byte, at image.Point) {
	webpChunks(data[riffHead:], func(kind string, p []byte) bool {
		if kind != "ANMF" {
			// A still picture has its pixels before any frame.
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
		webpChunks(p[16:], func(kind string, p []byte) bool {
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
	webpChunks(data[riffHead:], func(kind string, payload []byte) bool {
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

// studioImage is a lossy WebP picture. VP8 keeps BT.601 in studio range (luma
// 16 to 235), which x/image hands over in types that image/color takes for
// full range: read as these, black would be grey.
type studioImage struct {
	*image.YCbCr
	alpha       []byte // nil: opaque
	alphaStride int
}

// studio marks what x/image/webp decoded from VP8.
func studio(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.YCbCr:
		return studioImage{YCbCr: m}
	case *image.NYCbCrA:
		return studioImage{YCbCr: &m.YCbCr, alpha: m.A, alphaStride: m.AStride}
	}
	return img
}

// row writes row y as straight RGBA, computed as libwebp does it: chroma
// interpolated by its "fancy upsampler", then the constants of its yuv.h.
func (m studioImage) row(dst []byte, y int) {
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
		u, v := upsample(cbNear, cbOther, x), upsample(crNear, crOther, x)
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

// upsample weights the four chroma samples around column x about 9:3:3:1,
// rounded as libwebp rounds.
func upsample(near, other []byte, x int) int32 {
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
