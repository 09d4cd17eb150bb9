package svgfile

import (
	"math"
	"strings"
)

// viewport is what an element says of the part of its plane that is shown (SVG 2, section 8).
type viewport struct {
	x, y, w, h    float64 // the part of the plane; w is 0 where none is named
	width, height float64 // how large it asks to be shown, or 0
	align         string  // where the part lies in that: "xMidYMid" and so on, or "none" to stretch it
	slice         bool    // the part fills it, and is cut off
}

// readViewport reads the attributes of an element. Percentages of a width and height are
// nothing.
func readViewport(n *node, font fonts) viewport {
	v := viewport{align: "xMidYMid"}
	if b := numbersOf(n.get("viewBox")); len(b) == 4 && b[2] > 0 && b[3] > 0 {
		v.x, v.y, v.w, v.h = b[0], b[1], b[2], b[3]
	}
	v.width = max(lengthOr(n.get("width"), 0, font, 0), 0)
	v.height = max(lengthOr(n.get("height"), 0, font, 0), 0)
	v.place(strings.Fields(strings.TrimPrefix(n.get("preserveAspectRatio"), "defer ")))
	v.complete()
	return v
}

// place reads the words of preserveAspectRatio.
func (v *viewport) place(words []string) {
	if len(words) > 0 && (words[0] == "none" || len(words[0]) == len(v.align)) {
		v.align = words[0]
	}
	v.slice = len(words) > 1 && words[1] == "slice"
}

// complete makes of what is given what isn't.
func (v *viewport) complete() {
	switch {
	case v.w == 0 && (v.width == 0 || v.height == 0): // is found out from the shapes
	case v.w == 0:
		v.w, v.h = v.width, v.height
	case v.width == 0 && v.height == 0:
		v.width, v.height = v.w, v.h
	case v.width == 0:
		v.width = v.height * v.w / v.h
	case v.height == 0:
		v.height = v.width * v.h / v.w
	}
}

// sized reports whether there is a size.
func (v viewport) sized() bool {
	for _, n := range []float64{v.w, v.h, v.width, v.height} {
		if !(n > 0) || math.IsInf(n, 0) {
			return false
		}
	}
	return !math.IsInf(v.x+v.y, 0)
}

// onto returns what brings the plane onto a rectangle from (0, 0) on.
func (v viewport) onto(width, height float64) matrix {
	across, down := width/v.w, height/v.h
	x, y := 0.0, 0.0
	if v.align != "none" {
		scale := min(across, down)
		if v.slice {
			scale = max(across, down)
		}
		across, down = scale, scale
		x = alignment(v.align[1:4]) * (width - v.w*scale)
		y = alignment(v.align[5:8]) * (height - v.h*scale)
	}
	return matrix{across, 0, 0, down, x - v.x*across, y - v.y*down}
}

// alignment returns which part of what is free lies before the plane.
func alignment(word string) float64 {
	switch word {
	case "Min":
		return 0
	case "Max":
		return 1
	}
	return 0.5
}

// defaultFont is the size of a font, in pixels, that no style names.
const defaultFont = 16

// units are those of lengths, in pixels.
var units = map[string]float64{
	"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6,
}

// fonts are the sizes of fonts in pixels: the element's, and the root's.
type fonts struct{ own, root float64 }

// plainFonts are those that no style names.
var plainFonts = fonts{defaultFont, defaultFont}

// length reads a length in pixels, where percentages are of a length, and em and rem are
// sizes of fonts.
func length(s string, of float64, font fonts) (float64, bool) {
	v, unit, ok := number(strings.TrimSpace(s))
	if !ok {
		return 0, false
	}
	unit = strings.ToLower(strings.TrimSpace(unit))
	switch unit {
	case "%":
		return v / 100 * of, true
	case "em":
		return v * font.own, true
	case "rem":
		return v * font.root, true
	case "ex":
		return v * font.own / 2, true
	}
	scale, ok := units[unit]
	return v * scale, ok
}

// lengthOr returns a length, or another one where it is none.
func lengthOr(s string, of float64, font fonts, or float64) float64 {
	if v, ok := length(s, of, font); ok {
		return v
	}
	return or
}

// diagonal returns the length that percentages of neither direction are of.
func diagonal(w, h float64) float64 { return math.Sqrt((w*w + h*h) / 2) }
