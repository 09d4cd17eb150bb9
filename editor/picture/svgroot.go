package picture

import (
	"bytes"
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/srwiley/rasterx"
)

// svgRoot is what a drawing's outermost element says of its size (SVG 2, section 8).
type svgRoot struct {
	x, y, w, h    float64 // the part of the drawing's plane that is shown; w is 0 where none is named
	width, height float64 // how large it asks to be shown, in pixels, or 0
	align         string  // where the part lies in that: "xMidYMid" and so on, or "none" to stretch it
	slice         bool    // the part fills it, and is cut off
}

// readSVGRoot reads the attributes of the outermost element.
func readSVGRoot(attrs []xml.Attr) svgRoot {
	r := svgRoot{align: "xMidYMid"}
	for _, a := range attrs {
		switch a.Name.Local {
		case "viewBox":
			if n := svgNumbers(a.Value); len(n) == 4 && n[2] > 0 && n[3] > 0 {
				r.x, r.y, r.w, r.h = n[0], n[1], n[2], n[3]
			}
		case "width":
			r.width = svgLength(a.Value)
		case "height":
			r.height = svgLength(a.Value)
		case "preserveAspectRatio":
			r.place(strings.Fields(strings.TrimPrefix(strings.TrimSpace(a.Value), "defer ")))
		}
	}
	r.complete()
	return r
}

// place reads the words of preserveAspectRatio.
func (r *svgRoot) place(words []string) {
	if len(words) > 0 && (words[0] == "none" || len(words[0]) == len(r.align)) {
		r.align = words[0]
	}
	r.slice = len(words) > 1 && words[1] == "slice"
}

// complete makes of what is given what isn't.
func (r *svgRoot) complete() {
	switch {
	case r.w == 0:
		r.w, r.h = r.width, r.height
	case r.width == 0 && r.height == 0:
		r.width, r.height = r.w, r.h
	case r.width == 0:
		r.width = r.height * r.w / r.h
	case r.height == 0:
		r.height = r.width * r.h / r.w
	}
}

// sized reports whether the drawing has a size.
func (r svgRoot) sized() bool {
	for _, v := range []float64{r.w, r.h, r.width, r.height} {
		if !(v > 0) || math.IsInf(v, 0) {
			return false
		}
	}
	return !math.IsInf(r.x+r.y, 0)
}

// onto returns what brings the drawing's plane onto a picture.
func (r svgRoot) onto(width, height float64) rasterx.Matrix2D {
	across, down := width/r.w, height/r.h
	x, y := 0.0, 0.0
	if r.align != "none" {
		scale := min(across, down)
		if r.slice {
			scale = max(across, down)
		}
		across, down = scale, scale
		x = svgAlign(r.align[1:4]) * (width - r.w*scale)
		y = svgAlign(r.align[5:8]) * (height - r.h*scale)
	}
	return rasterx.Identity.Translate(x, y).Scale(across, down).Translate(-r.x, -r.y)
}

// svgAlign returns which part of what is free lies before the drawing.
func svgAlign(word string) float64 {
	switch word {
	case "Min":
		return 0
	case "Max":
		return 1
	}
	return 0.5
}

// svgLength reads a length in pixels; 0 where it is none, or depends on what is around it.
func svgLength(s string) float64 {
	s = strings.TrimSpace(s)
	n := strings.LastIndexFunc(s, func(c rune) bool { return unicode.IsDigit(c) || c == '.' }) + 1
	v, err := strconv.ParseFloat(s[:n], 64)
	if err != nil || !(v > 0) {
		return 0
	}
	switch strings.ToLower(s[n:]) {
	case "", "px":
		return v
	case "pt":
		return v * 96 / 72
	case "pc":
		return v * 16
	case "in":
		return v * 96
	case "cm":
		return v * 96 / 2.54
	case "mm":
		return v * 96 / 25.4
	}
	return 0
}

// svgNumbers reads numbers with commas or blanks between them.
func svgNumbers(s string) (list []float64) {
	for _, word := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || unicode.IsSpace(c) }) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil || math.IsNaN(v) {
			return nil
		}
		list = append(list, v)
	}
	return list
}

// svgSizes are the attributes of the outermost element that oksvg can't all read.
var svgSizes = regexp.MustCompile(`\s(width|height|viewBox|preserveAspectRatio)\s*=\s*("[^"]*"|'[^']*')`)

// withBox returns an outermost element's tag that names its part of the plane in plain numbers.
func (r svgRoot) withBox(tag []byte) []byte {
	tag = svgSizes.ReplaceAll(tag, nil)
	end := bytes.TrimRight(bytes.TrimSuffix(tag, []byte(">")), "/ \t\r\n")
	box := ` viewBox="`
	for i, v := range []float64{r.x, r.y, r.w, r.h} {
		if i > 0 {
			box += " "
		}
		box += strconv.FormatFloat(v, 'f', -1, 64)
	}
	return append(append(bytes.Clone(end), box...), append([]byte{'"'}, tag[len(end):]...)...)
}

// svgPercent is an attribute of a shape that is a part of the plane that is shown.
var svgPercent = regexp.MustCompile(`(\s(?:x|y|width|height|cx|cy|r|rx|ry|x1|y1|x2|y2)\s*=\s*["'])\s*([-+.\d]+)%\s*(["'])`)

// plain returns a shape's tag with numbers in place of such attributes.
func (r svgRoot) plain(tag []byte) []byte {
	if !bytes.ContainsRune(tag, '%') || !r.sized() {
		return tag
	}
	return svgPercent.ReplaceAllFunc(tag, func(found []byte) []byte {
		m := svgPercent.FindSubmatch(found)
		v, err := strconv.ParseFloat(string(m[2]), 64)
		if err != nil {
			return found
		}
		of := math.Sqrt((r.w*r.w + r.h*r.h) / 2)
		switch name := string(bytes.TrimSpace(m[1][:bytes.IndexByte(m[1], '=')])); name {
		case "x", "width", "cx", "rx", "x1", "x2":
			of = r.w
		case "y", "height", "cy", "ry", "y1", "y2":
			of = r.h
		}
		return append(append(m[1][:len(m[1]):len(m[1])], strconv.FormatFloat(v/100*of, 'f', -1, 64)...), m[3]...)
	})
}

// svgEntity is the declaration of an entity, as some programs write them for names of namespaces.
var svgEntity = regexp.MustCompile(`<!ENTITY\s+([\w.-]+)\s+(?:"([^"&<]*)"|'([^'&<]*)')\s*>`)

// withoutEntities returns a drawing with what its own entities stand for in their place,
// which package encoding/xml doesn't do; data itself where it has none, or where they
// would make it much larger.
func withoutEntities(data []byte) []byte {
	const head, most, longest = 16 << 10, 100, 1000
	out := data
	for _, m := range svgEntity.FindAllSubmatch(data[:min(len(data), head)], most) {
		value := append(bytes.Clone(m[2]), m[3]...)
		if name := []byte("&" + string(m[1]) + ";"); len(value) <= longest {
			if bytes.Count(out, name)*len(value) > len(data)+head {
				return data
			}
			out = bytes.ReplaceAll(out, name, value)
		}
	}
	return out
}
