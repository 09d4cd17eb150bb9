package svgfile

import (
	"image/color"
	"slices"
	"strings"
)

// paint is what shapes are filled or stroked with.
type paint struct {
	colour color.NRGBA
	none   bool
	text   bool   // the colour is that of the element's property color
	server string // the reference of a gradient, "" without; the colour is for where it is missing
}

// any reports whether there is anything to paint with.
func (p paint) any() bool { return !p.none || p.server != "" }

// style is the properties of an element.
type style struct {
	fill, stroke                       paint
	fillOpacity, strokeOpacity         float64
	evenOdd, clipEvenOdd               bool
	width, miterLimit, dashOffset      float64
	dashes                             []float64
	cap, join, order                   string
	colour                             color.NRGBA
	hidden                             bool
	font                               fonts
	markers                            bool
	opacity                            float64 // from here on not inherited
	gone                               bool    // neither it nor what it contains is drawn
	clip, mask, transform, origin      string
	fixedWidth, filtered, blended, cut bool
	stop, background                   color.NRGBA
	stopOpacity                        float64
	alphaMask                          bool
	view                               [2]float64 // what percentages are of
	odd                                bool       // something isn't understood, which changes what is seen
}

// plainStyle is the style of what no element surrounds.
func plainStyle() *style {
	black := color.NRGBA{A: 255}
	return &style{
		fill: paint{colour: black}, stroke: paint{none: true}, fillOpacity: 1, strokeOpacity: 1, width: 1, miterLimit: 4,
		colour: black, font: plainFonts, opacity: 1, stop: black, stopOpacity: 1,
	}
}

// inside returns the style that an element in one of a style begins with.
func (s *style) inside() *style {
	c := *s
	c.opacity, c.gone, c.clip, c.mask, c.transform, c.origin = 1, false, "", "", "", ""
	c.fixedWidth, c.filtered, c.blended, c.cut, c.alphaMask = false, false, false, false, false
	c.background = color.NRGBA{}
	c.stop, c.stopOpacity = color.NRGBA{A: 255}, 1
	return &c
}

// setter takes in a value.
type setter func(s *style, value string)

// properties are what is understood of styles. Those that others depend on are in early.
var properties map[string]setter

// early are the properties that are read before the others.
var early = []string{"font-size", "color"}

func init() {
	properties = map[string]setter{
		"fill":         func(s *style, v string) { s.paint(&s.fill, v) },
		"stroke":       func(s *style, v string) { s.paint(&s.stroke, v) },
		"fill-opacity": func(s *style, v string) { opacity(&s.fillOpacity, v) },
		"stroke-opacity": func(s *style, v string) {
			opacity(&s.strokeOpacity, v)
		},
		"opacity":      func(s *style, v string) { opacity(&s.opacity, v) },
		"stop-opacity": func(s *style, v string) { opacity(&s.stopOpacity, v) },
		"fill-rule":    func(s *style, v string) { s.evenOdd = v == "evenodd" },
		"clip-rule":    func(s *style, v string) { s.clipEvenOdd = v == "evenodd" },
		"stroke-width": func(s *style, v string) { s.positive(&s.width, v) },
		"stroke-miterlimit": func(s *style, v string) {
			if n, ok := part(v); ok && n >= 1 && !strings.HasSuffix(v, "%") {
				s.miterLimit = n
			}
		},
		"background":        func(s *style, v string) { s.background, _ = readColour(v, s.colour) },
		"background-color":  func(s *style, v string) { s.background, _ = readColour(v, s.colour) },
		"stroke-dashoffset": func(s *style, v string) { s.dashOffset = lengthOr(v, s.across(), s.font, s.dashOffset) },
		"stroke-dasharray":  func(s *style, v string) { s.readDashes(v) },
		"stroke-linecap":    func(s *style, v string) { s.cap = v },
		"stroke-linejoin":   func(s *style, v string) { s.join = v },
		"paint-order":       func(s *style, v string) { s.order = v },
		"visibility":        func(s *style, v string) { s.hidden = v == "hidden" || v == "collapse" },
		"display":           func(s *style, v string) { s.gone = v == "none" },
		"clip-path":         func(s *style, v string) { s.clip = s.reference(v) },
		"mask":              func(s *style, v string) { s.mask = s.reference(v) },
		"mask-type":         func(s *style, v string) { s.alphaMask = v == "alpha" },
		"filter":            func(s *style, v string) { s.filtered = v != "none" },
		"mix-blend-mode":    func(s *style, v string) { s.blended = v != "normal" },
		"vector-effect":     func(s *style, v string) { s.fixedWidth = v == "non-scaling-stroke" },
		"transform":         func(s *style, v string) { s.transform = v },
		"transform-origin":  func(s *style, v string) { s.origin = v },
		"transform-box":     func(s *style, v string) { s.odd = s.odd || v == "fill-box" || v == "stroke-box" },
		"marker":            func(s *style, v string) { s.markers = v != "none" },
		"marker-start":      func(s *style, v string) { s.markers = s.markers || v != "none" },
		"marker-mid":        func(s *style, v string) { s.markers = s.markers || v != "none" },
		"marker-end":        func(s *style, v string) { s.markers = s.markers || v != "none" },
		"overflow":          func(s *style, v string) { s.cut = v == "hidden" || v == "scroll" },
		"font-size":         func(s *style, v string) { s.positive(&s.font.own, v) },
		"color": func(s *style, v string) {
			if c, ok := readColour(v, s.colour); ok {
				s.colour = c
			}
		},
		"stop-color": func(s *style, v string) {
			if c, ok := readColour(v, s.colour); ok {
				s.stop = c
			}
		},
	}
}

// across is what percentages of neither direction are of.
func (s *style) across() float64 { return diagonal(s.view[0], s.view[1]) }

// paint reads the value of fill or stroke.
func (s *style) paint(p *paint, v string) {
	next := paint{none: true}
	if rest, ok := strings.CutPrefix(v, "url("); ok {
		ref, after, _ := strings.Cut(rest, ")")
		next.server, v = strings.Trim(strings.TrimSpace(ref), `"'`), strings.TrimSpace(after)
	}
	c, ok := readColour(v, s.colour)
	switch {
	case ok:
		next.colour, next.none, next.text = c, false, strings.EqualFold(v, "currentColor")
	case strings.HasPrefix(v, "context-"):
		s.odd = true
	case v != "none" && next.server == "":
		return // isn't understood, and so passed over
	}
	*p = next
}

// reference reads url(#id), or none as "".
func (s *style) reference(v string) string {
	rest, ok := strings.CutPrefix(v, "url(")
	if !ok {
		s.odd = s.odd || v != "none" && v != ""
		return ""
	}
	ref, _, _ := strings.Cut(rest, ")")
	return strings.Trim(strings.TrimSpace(ref), `"'`)
}

// part reads a number or percentage.
func part(s string) (float64, bool) {
	v, unit, ok := number(s)
	if unit == "%" {
		return v / 100, ok
	}
	return v, ok && unit == ""
}

func opacity(to *float64, s string) {
	if v, ok := part(s); ok {
		*to = min(max(v, 0), 1)
	}
}

// positive takes in a length that isn't negative.
func (s *style) positive(to *float64, v string) {
	of := s.across()
	if to == &s.font.own {
		of = s.font.own
	}
	if n, ok := length(v, of, s.font); ok && n >= 0 {
		*to = n
	}
}

// readDashes reads lengths; what isn't understood, is negative or nothing is no dashes.
func (s *style) readDashes(v string) {
	s.dashes = nil
	var list []float64
	total := 0.0
	for _, word := range strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		n, ok := length(word, s.across(), s.font)
		if !ok || n < 0 {
			return
		}
		list, total = append(list, n), total+n
	}
	const most = 1000
	if total > 0 && len(list) <= most {
		if len(list)%2 == 1 {
			list = append(list, list...)
		}
		s.dashes = list
	}
}

// styleOf returns the style of an element within one of another.
func (d *Drawing) styleOf(n *node, outer *style) *style {
	s := outer.inside()
	declared := d.declared(n)
	for _, name := range early {
		if v, ok := declared[name]; ok && v != "inherit" {
			properties[name](s, v)
		}
	}
	if n == d.root {
		s.font.root = s.font.own
	}
	if v, ok := declared["marker"]; ok {
		properties["marker"](s, v)
	}
	for name, v := range declared {
		set, ok := properties[name]
		switch {
		case !ok || name == "color" || name == "font-size" || name == "marker":
		case v == "inherit":
			s.inherit(name, outer)
		default:
			set(s, v)
		}
	}
	return s
}

// styleWithin returns the style of an element that is used elsewhere, by all that it lies in.
func (d *Drawing) styleWithin(n *node, s *style) *style {
	var above []*node
	for at := n; at != nil && at.name != ""; at = at.parent {
		above = append(above, at)
	}
	for _, n := range slices.Backward(above) {
		s = d.styleOf(n, s)
	}
	return s
}

// inherit takes over what isn't inherited unless a style asks for it.
func (s *style) inherit(name string, outer *style) {
	switch name {
	case "opacity":
		s.opacity = outer.opacity
	case "stop-color":
		s.stop = outer.stop
	case "stop-opacity":
		s.stopOpacity = outer.stopOpacity
	case "display":
		s.gone = outer.gone
	case "clip-path", "mask", "filter", "transform":
		s.odd = true
	}
}
