package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"overpaint.dev/overpaint/assets/icons"
)

// drawn returns the application's icon, side by side pixels.
func drawn(side int) (*image.RGBA, error) {
	drawing, err := oksvg.ReadIconStream(bytes.NewReader(icons.AppSVG))
	if err != nil {
		return nil, err
	}
	drawing.SetTarget(0, 0, float64(side), float64(side))
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	drawing.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, img, img.Rect)), 1)
	return img, nil
}

// icon returns the application's icon as a PNG file.
func icon(side int) ([]byte, error) {
	img, err := drawn(side)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}

// icoSides are the sides that Windows shows at 100 to 300 %, in pixels.
var icoSides = []int{16, 20, 24, 32, 40, 48, 64, 96, 128, 256}

// ico returns the icon as a Windows .ico file, after Microsoft's description of the
// format: 256 pixels as PNG, the smaller ones as bitmaps of 32 bits, which every
// reader knows.
func ico() ([]byte, error) {
	head := []byte{0, 0, 1, 0, byte(len(icoSides)), 0}
	var body []byte
	for _, side := range icoSides {
		picture, err := icoPicture(side)
		if err != nil {
			return nil, err
		}
		offset := 6 + 16*len(icoSides) + len(body)
		head = append(head, byte(side), byte(side), 0, 0, 1, 0, 32, 0) // 256 is written as 0
		head = binary.LittleEndian.AppendUint32(head, uint32(len(picture)))
		head = binary.LittleEndian.AppendUint32(head, uint32(offset))
		body = append(body, picture...)
	}
	return append(head, body...), nil
}

// icoPicture returns one picture of an .ico file.
func icoPicture(side int) ([]byte, error) {
	if side >= 256 {
		return icon(side)
	}
	img, err := drawn(side)
	if err != nil {
		return nil, err
	}
	maskRow := (side + 31) / 32 * 4
	var b bytes.Buffer
	// A BITMAPINFOHEADER, whose height counts the mask behind the colours.
	for _, v := range []any{uint32(40), int32(side), int32(2 * side), uint16(1), uint16(32), uint32(0), uint32(side * (4*side + maskRow)), [4]uint32{}} {
		_ = binary.Write(&b, binary.LittleEndian, v) // a buffer takes everything
	}
	mask := make([]byte, side*maskRow)
	for y := side - 1; y >= 0; y-- { // from the bottom up
		for x := range side {
			p := img.RGBAAt(x, y)
			b.Write([]byte{straight(p.B, p.A), straight(p.G, p.A), straight(p.R, p.A), p.A})
			if p.A == 0 {
				mask[(side-1-y)*maskRow+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	b.Write(mask)
	return b.Bytes(), nil
}

// straight returns a premultiplied colour without its alpha.
func straight(c, a uint8) uint8 {
	if a == 0 {
		return 0
	}
	return uint8(min(255, (int(c)*255+int(a)/2)/int(a)))
}

// icnsPictures are the pictures of an .icns file: their types and sides in pixels,
// those of screens with two pixels to the point among them.
var icnsPictures = []struct {
	kind string
	side int
}{{"icp4", 16}, {"ic11", 32}, {"icp5", 32}, {"ic12", 64}, {"ic07", 128}, {"ic13", 256}, {"ic08", 256}, {"ic14", 512}, {"ic09", 512}, {"ic10", 1024}}

// icns returns the icon as Apple's .icns file, all of whose pictures are PNG.
func icns() ([]byte, error) {
	var body []byte
	for _, p := range icnsPictures {
		picture, err := icon(p.side)
		if err != nil {
			return nil, err
		}
		body = append(body, p.kind...)
		body = binary.BigEndian.AppendUint32(body, uint32(8+len(picture)))
		body = append(body, picture...)
	}
	return append(binary.BigEndian.AppendUint32([]byte("icns"), uint32(8+len(body))), body...), nil
}
