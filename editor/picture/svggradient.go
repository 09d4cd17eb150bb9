package picture

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
)

// svgGradient is a gradient of a drawing and where it is in the file.
type svgGradient struct {
	href    string // the gradient whose stops it has, where it has none itself
	at, end int64  // its first tag
	close   int64  // where its last tag begins; end where it ends itself
	stops   bool
}

// gradient notes the beginning of one.
func (s *svgScan) gradient(t xml.StartElement, at, end int64) {
	g := &svgGradient{href: strings.TrimPrefix(attribute(t, "href"), "#"), at: at, end: end, close: end}
	s.gradients = append(s.gradients, g)
	s.inGradient = g
	if id := attribute(t, "id"); id != "" {
		s.named[id] = g
	}
}

// svgStop is a stop of a gradient, and svgStyle its style.
var (
	svgStop  = regexp.MustCompile(`<([\w.-]+:)?stop\s[^>]*>`)
	svgStyle = regexp.MustCompile(`\sstyle\s*=\s*("[^"]*"|'[^']*')`)
)

// plainStop returns a stop with attributes in place of its style, which oksvg doesn't read there.
func plainStop(tag []byte) []byte {
	found := svgStyle.FindSubmatch(tag)
	if found == nil {
		return tag
	}
	quote, style := found[1][:1], found[1][1:len(found[1])-1]
	attributes := []byte{}
	for _, one := range bytes.Split(style, []byte(";")) {
		name, value, ok := bytes.Cut(one, []byte(":"))
		if name = bytes.TrimSpace(name); ok && (string(name) == "stop-color" || string(name) == "stop-opacity") {
			attributes = append(append(append(append(append(attributes, ' '), name...), '='), quote...), bytes.TrimSpace(value)...)
			attributes = append(attributes, quote...)
		}
	}
	return bytes.Replace(tag, found[0], attributes, 1)
}

// svgHref is a reference of an element.
var svgHref = regexp.MustCompile(`\s([\w.-]+:)?href\s*=\s*("[^"]*"|'[^']*')`)

// stopsOf returns the gradient whose stops one has: itself, or the first with any of those
// that it refers to; nil where there is none.
func (s *svgScan) stopsOf(g *svgGradient) *svgGradient {
	const most = 10 // of references one after the other, which may go round
	for range most {
		if g == nil || g.stops {
			return g
		}
		g = s.named[g.href]
	}
	return nil
}

// inherit gives the gradients that refer to another one its stops: oksvg knows only those of
// gradients that come before. What they would make much more of is left as it is.
func (s *svgScan) inherit() {
	left := len(s.data) + 1<<16
	for _, g := range s.gradients {
		from := s.stopsOf(g)
		if g.stops || from == nil {
			continue
		}
		stops := s.data[from.end:from.close]
		if left -= len(stops); left < 0 {
			return
		}
		tag := svgHref.ReplaceAll(s.data[g.at:g.end], nil)
		name := bytes.TrimLeft(tag, "<")
		name = name[:bytes.IndexAny(name, " \t\r\n/>")]
		whole := bytes.TrimRight(bytes.TrimSuffix(tag, []byte(">")), "/ \t\r\n")
		text := append(append(bytes.Clone(whole), '>'), stops...)
		if bytes.HasSuffix(tag, []byte("/>")) {
			text = append(append(append(text, "</"...), name...), '>')
		}
		s.edits = append(s.edits, svgEdit{g.at, g.end, text})
	}
}
