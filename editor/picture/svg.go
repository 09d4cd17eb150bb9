package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"math"
	"regexp"

	"overpaint.dev/overpaint/editor/svgfile"
)

// isSVG reports whether a file begins as a drawing in XML does: behind what may come
// before it, the outermost element is one.
func isSVG(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for {
		data = bytes.TrimLeft(data, " \t\r\n")
		end := ""
		switch {
		case bytes.HasPrefix(data, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(data, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(data, []byte("<!")):
			end = ">"
			if open := bytes.IndexByte(data, '['); open >= 0 && open < bytes.IndexByte(data, '>') {
				end = "]"
			}
		case bytes.HasPrefix(data, []byte("]")): // the end of a document type
			end = ">"
		default:
			return svgTag.Match(data)
		}
		at := bytes.Index(data, []byte(end))
		if at < 0 {
			return false
		}
		if data = data[at:]; end != "]" {
			data = data[len(end):]
		}
	}
}

// svgTag is the beginning of a drawing's outermost element.
var svgTag = regexp.MustCompile(`^<([\w.-]+:)?svg[\s/>]`)

// svgSide is the length in pixels of a drawing's longer side, where the drawing
// itself doesn't ask for more.
const svgSide = 2048

// readSVG reads a drawing, and works out the size that it is shown in.
func readSVG(data []byte) (*svgfile.Drawing, image.Point, error) {
	d, err := svgfile.Read(data)
	if err != nil {
		return nil, image.Point{}, explainSVG(err)
	}
	w, h, ok := d.Size()
	if !ok {
		return nil, image.Point{}, &UnsupportedError{"svg", "no size"}
	}
	const most = 1 << 15
	scale := max(1, svgSide/max(w, h))
	size := image.Pt(int(math.Round(min(w*scale, most))), int(math.Round(min(h*scale, most))))
	return d, image.Pt(max(size.X, 1), max(size.Y, 1)), nil
}

// explainSVG turns errors of package svgfile into this package's.
func explainSVG(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, svgfile.ErrTooMuch):
		return &UnsupportedError{"svg", "so much to draw"}
	case errors.As(err, &syntax):
		return ErrTruncated
	}
	return err
}

// openSVG reads a drawing once for its size, its notes and its pixels.
func openSVG(data []byte) codec {
	d, size, err := readSVG(data)
	return codec{
		config: func([]byte) (image.Config, error) {
			return image.Config{ColorModel: color.RGBAModel, Width: size.X, Height: size.Y}, err
		},
		meta: func([]byte) (m Metadata, orientation int) {
			m.note(Drawing, 0)
			if d.Partly() {
				m.note(Undrawn, 0)
			}
			return m, 1
		},
		decode: func([]byte, image.Config) (image.Image, error) {
			img, err := d.Draw(size)
			if err != nil {
				return nil, explainSVG(err)
			}
			return img, nil
		},
	}
}
