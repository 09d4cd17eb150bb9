package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// deepOver returns img with 16 bits per channel: the source's own samples where the pixel is
// unchanged, else the 8-bit values widened. It is nil where the source has no more than 8
// bits, or can't be read again.
func deepOver(img *image.NRGBA, src *Source) *image.NRGBA64 {
	if src == nil || src.Picture == nil || !src.Picture.Meta.Has(Deep) {
		return nil
	}
	c, ok := codecs[sniff(src.Bytes)]
	if !ok || c.decode == nil {
		return nil
	}
	config, err := c.config(src.Bytes)
	if err != nil {
		return nil
	}
	stored, err := decodeStored(c, src.Bytes, config)
	if err != nil || !deep(stored) {
		return nil
	}
	_, orientation := c.meta(src.Bytes)
	t := orientations[orientation]
	base := src.Picture.Pix
	if t.view(stored.Bounds().Size()) != base.Rect.Size() {
		return nil
	}
	out := image.NewNRGBA64(image.Rectangle{Max: img.Rect.Size()})
	row := deepRows(stored)
	place := image.Rectangle{Min: src.Offset, Max: src.Offset.Add(base.Rect.Size())}.Intersect(out.Rect)
	inBands(img.Rect.Dy(), img.Rect.Dx()*img.Rect.Dy(), func(from, to int) {
		for y := from; y < to; y++ {
			widen(out.Pix[y*out.Stride:][:8*img.Rect.Dx()], img.Pix[y*img.Stride:])
		}
	})
	size := stored.Bounds().Size()
	inBands(size.Y, size.X*size.Y, func(from, to int) {
		buf := make([]byte, 8*size.X)
		at, stepX, stepY := t.walk(size.X, size.Y, base.Stride)
		for y := from; y < to; y++ {
			row(buf, y)
			for x := range size.X {
				b := at + x*stepX + y*stepY
				p := image.Pt(b%base.Stride/4, b/base.Stride).Add(src.Offset)
				if p.In(place) && bytes.Equal(img.Pix[p.Y*img.Stride+4*p.X:][:4], base.Pix[b:b+4]) {
					copy(out.Pix[p.Y*out.Stride+8*p.X:][:8], buf[8*x:])
				}
			}
		}
	})
	return out
}

// decodeStored decodes a file that was opened before, even where it is incomplete.
func decodeStored(c codec, data []byte, config image.Config) (img image.Image, err error) {
	defer func() {
		if recover() != nil {
			err = ErrTruncated
		}
	}()
	img, err = c.decode(data, config)
	if img != nil {
		err = nil
	}
	return img, err
}

// widen converts 8-bit samples to 16 bits.
func widen(to, from []byte) {
	for i := range len(to) / 2 {
		to[2*i], to[2*i+1] = from[i], from[i]
	}
}

// deepRows returns a function that writes row y of a deep picture as straight RGBA
// of 16 bits, big-endian.
func deepRows(img image.Image) func(to []byte, y int) {
	switch m := img.(type) {
	case *image.NRGBA64:
		return func(to []byte, y int) { copy(to, m.Pix[y*m.Stride:][:len(to)]) }
	case *image.Gray16:
		return func(to []byte, y int) {
			for i := 0; i < len(to); i += 8 {
				v := m.Pix[y*m.Stride+i/4:][:2]
				copy(to[i:], v)
				copy(to[i+2:], v)
				copy(to[i+4:], v)
				to[i+6], to[i+7] = 0xff, 0xff
			}
		}
	}
	m, ok := img.(*image.RGBA64)
	if !ok {
		return func([]byte, int) {}
	}
	return func(to []byte, y int) {
		copy(to, m.Pix[y*m.Stride:][:len(to)])
		for i := 0; i < len(to); i += 8 {
			a := uint64(binary.BigEndian.Uint16(to[i+6:]))
			if a == 0 || a == 0xffff {
				continue
			}
			for c := range 3 {
				v := uint64(binary.BigEndian.Uint16(to[i+2*c:]))
				binary.BigEndian.PutUint16(to[i+2*c:], uint16(min((v*0xffff+a/2)/a, 0xffff)))
			}
		}
	}
}
