package picture

import (
	"bytes"
	"image"
	"image/color"
	"math"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

// isSVG reports whether a file begins as a drawing in XML does.
func isSVG(data []byte) bool {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	if !bytes.HasPrefix(data, []byte("<")) {
		return false
	}
	return bytes.HasPrefix(data, []byte("<svg")) || bytes.HasPrefix(data, []byte("<?xml")) && bytes.Contains(data, []byte("<svg")) ||
		bytes.HasPrefix(data, []byte("<!--")) && bytes.Contains(data, []byte("<svg"))
}

// svgSide is the length in pixels of a drawing's longer side, where the drawing
// itself doesn't ask for more.
const svgSide = 2048

// readSVG reads a drawing, and works out the size that it is shown in.
func readSVG(data []byte) (*oksvg.SvgIcon, image.Point, error) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(data), oksvg.IgnoreErrorMode)
	if err != nil {
		return nil, image.Point{}, err
	}
	w, h := icon.ViewBox.W, icon.ViewBox.H
	const most = 1 << 15
	if !(w > 0 && h > 0) || math.IsInf(w, 0) || math.IsInf(h, 0) {
		return nil, image.Point{}, &UnsupportedError{"svg", "no size"}
	}
	scale := max(1, svgSide/max(w, h))
	size := image.Pt(int(math.Round(min(w*scale, most))), int(math.Round(min(h*scale, most))))
	return icon, image.Pt(max(size.X, 1), max(size.Y, 1)), nil
}

func svgConfig(data []byte) (image.Config, error) {
	_, size, err := readSVG(data)
	return image.Config{ColorModel: color.RGBAModel, Width: size.X, Height: size.Y}, err
}

func decodeSVG(data []byte, _ image.Config) (image.Image, error) {
	icon, size, err := readSVG(data)
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rectangle{Max: size})
	icon.SetTarget(0, 0, float64(size.X), float64(size.Y))
	scanner := rasterx.NewScannerGV(size.X, size.Y, img, img.Rect)
	icon.Draw(rasterx.NewDasher(size.X, size.Y, scanner), 1)
	return img, nil
}

func svgMeta([]byte) (Metadata, int) {
	var m Metadata
	m.note(Drawing, 0)
	return m, 1
}
