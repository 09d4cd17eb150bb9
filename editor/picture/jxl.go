package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"io"

	"github.com/gen2brain/jpegxl"
)

// jxlBoxes calls f with the boxes of a JPEG XL file in a container (ISO/IEC 18181-2).
func jxlBoxes(data []byte, f func(kind string, payload []byte)) {
	for len(data) >= 8 {
		n, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch {
		case n == 1 && len(data) >= 16:
			n, head = binary.BigEndian.Uint64(data[8:]), 16
		case n == 0:
			n = uint64(len(data))
		}
		if n < head {
			return
		}
		end := min(n, uint64(len(data)))
		if end < head {
			return
		}
		f(string(data[4:8]), data[head:end])
		data = data[end:]
	}
}

// jxlStream returns the codestream, or its first part.
func jxlStream(data []byte) (stream []byte) {
	if len(data) >= 2 && data[0] == 0xff && data[1] == 0x0a {
		return data
	}
	jxlBoxes(data, func(kind string, p []byte) {
		switch {
		case stream != nil:
		case kind == "jxlc":
			stream = p
		case kind == "jxlp" && len(p) > 4:
			stream = p[4:]
		}
	})
	return stream
}

// lowBits reads bits, each byte from its lowest bit on.
type lowBits struct {
	data []byte
	at   int
}

func (b *lowBits) take(n int) (v int) {
	for i := range n {
		if b.at/8 < len(b.data) {
			v |= int(b.data[b.at/8]>>(b.at%8)&1) << i
		}
		b.at++
	}
	return v
}

// jxlRatios are those of width to height that have a number.
var jxlRatios = [8][2]int{1: {1, 1}, 2: {12, 10}, 3: {4, 3}, 4: {3, 2}, 5: {16, 9}, 6: {5, 4}, 7: {2, 1}}

// side reads a length in one of four encodings.
func (b *lowBits) side() int { return 1 + b.take([4]int{9, 13, 18, 30}[b.take(2)]) }

// jxlSize reads the picture's size as it is shown: libjxl turns it itself. ok is false where
// there is no header.
func jxlSize(data []byte) (width, height int, ok bool) {
	_, h, ok := imageOfJXL(jxlStream(data))
	if h.turned {
		return h.height, h.width, ok
	}
	return h.width, h.height, ok
}

func jxlConfig(data []byte) (image.Config, error) {
	w, h, ok := jxlSize(data)
	if !ok {
		return image.Config{}, io.ErrUnexpectedEOF
	}
	return image.Config{ColorModel: color.NRGBAModel, Width: w, Height: h}, within(w, h, mostJXL)
}

// decodeJXL reads the first picture. Of an animation gen2brain/jpegxl is given no more, as it
// writes beyond its memory where there are hundreds of frames.
func decodeJXL(data []byte, _ image.Config) (image.Image, error) {
	decode := func(data []byte) (image.Image, error) { return jpegxl.Decode(bytes.NewReader(data)) }
	if _, first := framesOfJXL(data); first != nil {
		if img, err := inMachine(decode, first); err == nil {
			return img, nil
		}
	}
	return inMachine(decode, data)
}

func jxlMeta(data []byte) (Metadata, int) {
	var m Metadata
	jxlBoxes(data, func(kind string, p []byte) {
		switch {
		case kind == "Exif" && len(p) > 4 && m.EXIF == nil:
			if at := uint64(binary.BigEndian.Uint32(p)); at < uint64(len(p)-4) {
				m.EXIF, _ = cleanEXIF(p[4+at:])
			}
		case kind == "xml " && m.XMP == nil:
			m.XMP = cleanXMP(p, true)
		}
	})
	m.densityOfEXIF()
	switch found, _ := framesOfJXL(data); found {
	case jxlAnimated:
		m.note(Animated, 0)
	case jxlLayered:
		m.note(Layers, 0)
	}
	return m, 1
}
