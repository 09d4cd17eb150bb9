package apitest

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Paint returns the colour that the relay puts at a pixel of variant n (from
// 0) of an edit: a pattern that depends on prompt and variant, so that variants
// differ and a test can tell where each pixel came from.
func Paint(prompt string, n, x, y int) color.NRGBA {
	h := fnv.New32a()
	h.Write([]byte(prompt))
	seed := h.Sum32() + uint32(n)*2654435761
	if (x/16+y/16)%2 == 0 {
		seed = seed>>7 | seed<<25
	}
	return color.NRGBA{uint8(seed), uint8(seed >> 8), uint8(seed >> 16), 255}
}

// Edit is the edit that the relay makes: img with Paint wherever the mask is
// transparent (img itself without a mask), and otherwise as it was.
func Edit(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
	if mask == nil {
		mask = img
	}
	out := image.NewNRGBA(image.Rectangle{Max: img.Rect.Size()})
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			c := img.NRGBAAt(x, y)
			if mask.NRGBAAt(x, y).A == 0 {
				c = Paint(prompt, n, x, y)
			}
			out.SetNRGBA(x, y, c)
		}
	}
	return out
}

// Repaint is Edit by a service that leaves nothing alone: outside the mask
// every pixel is changed a little.
func Repaint(img, mask *image.NRGBA, prompt string, n int) *image.NRGBA {
	out := Edit(img, mask, prompt, n)
	for i := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] ^= 24
		}
	}
	return out
}

// variant makes variant n of the exchange's edit, at the size that was asked for.
func (x *Exchange) variant(n int) *image.NRGBA {
	q := x.Request
	file := q.File("image")
	if file == nil {
		file = q.File("image[]")
	}
	img := mustDecode(file.Data)
	var mask *image.NRGBA
	if f := q.File("mask"); f != nil {
		mask = mustDecode(f.Data)
	}
	make := Edit
	if x.scenario.edit != nil {
		make = x.scenario.edit
	}
	return scaled(make(img, mask, q.Field("prompt"), n), x.size(img.Rect.Size()))
}

// size is the size of the answer. The classic contract has a default.
func (x *Exchange) size(sent image.Point) image.Point {
	switch v := x.Request.Field("size"); {
	case x.scenario.size != (image.Point{}):
		return x.scenario.size
	case v == "" && x.classic():
		return image.Pt(1024, 1024)
	case v == "" || v == "auto":
		return sent
	default:
		return parseSize(v)
	}
}

func scaled(img *image.NRGBA, size image.Point) *image.NRGBA {
	if img.Rect.Size() == size {
		return img
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.BiLinear.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
	return out
}

func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	(&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes()
}

func encodeJPEG(img image.Image) []byte {
	var b bytes.Buffer
	jpeg.Encode(&b, img, &jpeg.Options{Quality: 90})
	return b.Bytes()
}

// mustDecode decodes a PNG that was checked before; what cannot be decoded
// gives one transparent pixel.
func mustDecode(data []byte) *image.NRGBA {
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	}
	if img, ok := src.(*image.NRGBA); ok {
		return img
	}
	img := image.NewNRGBA(image.Rectangle{Max: src.Bounds().Size()})
	draw.Draw(img, img.Rect, src, src.Bounds().Min, draw.Src)
	return img
}
