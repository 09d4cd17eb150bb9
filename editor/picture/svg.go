package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"io"
	"math"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/net/html/charset"
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
	data, err := withoutInnerUses(data)
	if err != nil {
		return nil, image.Point{}, err
	}
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

// withoutInnerUses returns a drawing without the uses of shapes within definitions:
// oksvg follows one that uses itself until the stack is full, which ends the program.
// It refuses what it can't take them out of, and a few shapes that are used so
// often that they would fill the memory.
func withoutInnerUses(data []byte) ([]byte, error) {
	const most = 64 << 20 // bytes of definitions, each time that they are used
	var uses, defined, depth, from int64
	var inner [][2]int64
	d := xml.NewDecoder(bytes.NewReader(data))
	other := false // offsets are those in UTF-8
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		other = true
		return charset.NewReaderLabel(label, r)
	}
	for {
		at := d.InputOffset()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		name, step := "", int64(0)
		switch t := t.(type) {
		case xml.StartElement:
			name, step = t.Name.Local, 1
		case xml.EndElement:
			name, step = t.Name.Local, -1
		}
		switch {
		case name == "defs":
			if depth += step; depth > 1 {
				return nil, &UnsupportedError{"svg", "definitions in definitions"}
			} else if depth == 1 {
				from = at
			} else {
				defined += d.InputOffset() - from
			}
		case name == "use" && depth > 0:
			inner = append(inner, [2]int64{at, d.InputOffset()})
		case name == "use" && step > 0:
			uses++
		}
	}
	if uses > 0 && defined > most/uses || other && len(inner) > 0 {
		return nil, &UnsupportedError{"svg", "such uses of shapes"}
	}
	if len(inner) > 0 {
		data = bytes.Clone(data)
	}
	for _, part := range inner {
		for i := part[0]; i < part[1]; i++ {
			data[i] = ' '
		}
	}
	return data, nil
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
	for i := range icon.SVGPaths {
		shortenDashes(&icon.SVGPaths[i].PathStyle)
	}
	s := newSVGScanner(size)
	icon.SetTarget(0, 0, float64(size.X), float64(size.Y))
	err = s.draw(func() { icon.Draw(rasterx.NewDasher(size.X, size.Y, s), 1) })
	return s.img, err
}

// shortenDashes brings the offset of dashes into their first two rounds, which look
// the same, because rasterx counts it down dash by dash for each part of a path.
func shortenDashes(s *oksvg.PathStyle) {
	const most = 1000
	round := 0.0
	for _, v := range s.Dash {
		round += math.Floor(max(v, 0)*64) / 64
	}
	if len(s.Dash) > most || !(round > 0) || math.IsInf(round, 0) {
		s.Dash, s.DashOffset = nil, 0
		return
	}
	s.DashOffset = math.Mod(s.DashOffset, 2*round)
}

func svgMeta([]byte) (Metadata, int) {
	var m Metadata
	m.note(Drawing, 0)
	return m, 1
}
