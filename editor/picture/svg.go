package picture

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/net/html/charset"
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

// size returns the size that a drawing is shown in.
func (f *svgFile) size() (image.Point, error) {
	if !f.root.sized() {
		return image.Point{}, &UnsupportedError{"svg", "no size"}
	}
	const most = 1 << 15
	w, h := f.root.width, f.root.height
	scale := max(1, svgSide/max(w, h))
	size := image.Pt(int(math.Round(min(w*scale, most))), int(math.Round(min(h*scale, most))))
	return image.Pt(max(size.X, 1), max(size.Y, 1)), nil
}

// readSVG reads a drawing, and works out the size that it is shown in.
func readSVG(data []byte) (*oksvg.SvgIcon, image.Point, error) {
	f, err := scanSVG(data)
	if err != nil {
		return nil, image.Point{}, err
	}
	size, err := f.size()
	if err != nil {
		return nil, image.Point{}, err
	}
	icon, err := oksvg.ReadIconStream(bytes.NewReader(f.data), oksvg.IgnoreErrorMode)
	var syntax *xml.SyntaxError
	if err != nil && !errors.As(err, &syntax) {
		return nil, image.Point{}, &UnsupportedError{"svg", "numbers of a kind that isn't known: " + err.Error()}
	} else if err != nil {
		return nil, image.Point{}, err
	}
	// Not oksvg's own SetTarget: it moves by the box's corner without scaling that.
	icon.Transform = f.root.onto(float64(size.X), float64(size.Y))
	return icon, size, nil
}

// svgFile is a drawing that was looked through.
type svgFile struct {
	data   []byte // without what oksvg must not see
	root   svgRoot
	partly bool // it has what oksvg doesn't draw
}

// svgUndrawn are the elements that oksvg passes over though they are seen, or change
// what is seen.
var svgUndrawn = map[string]bool{
	"text": true, "image": true, "mask": true, "clipPath": true, "filter": true, "pattern": true, "marker": true,
	"symbol": true, "switch": true, "foreignObject": true, "flowRoot": true,
}

// svgShapes are the elements whose lengths may be in percent.
var svgShapes = map[string]bool{"rect": true, "circle": true, "ellipse": true, "line": true}

// scanSVG looks a drawing through. It takes out the uses of shapes within definitions:
// oksvg follows one that uses itself until the stack is full, which ends the program.
// It refuses what it can't take them out of, and a few shapes that are used so
// often that they would fill the memory.
func scanSVG(data []byte) (*svgFile, error) {
	data = withoutEntities(data)
	s := svgScan{svgFile: svgFile{data: data}, ids: map[string]bool{}, named: map[string]*svgGradient{}}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		s.other = true
		return charset.NewReaderLabel(label, r)
	}
	for {
		at := d.InputOffset()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s.finish()
		} else if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = s.start(t, at, d.InputOffset())
		case xml.EndElement:
			s.end(t.Name.Local, at, d.InputOffset())
		}
		if err != nil {
			return nil, err
		}
	}
}

// svgScan is a drawing that is being looked through.
type svgScan struct {
	svgFile
	other         bool // it isn't in UTF-8, and offsets aren't those in data
	began         bool
	edits         []svgEdit
	inner         bool            // shapes are used within definitions
	uses, defined int64           // how many others there are, and the bytes of definitions
	depth, from   int64           // of definitions, and where they began
	ids           map[string]bool // of what is defined so far
	gradients     []*svgGradient
	named         map[string]*svgGradient // by their IDs
	inGradient    *svgGradient            // the one that is being read, or nil
}

func (s *svgScan) start(t xml.StartElement, at, end int64) error {
	name := t.Name.Local
	switch {
	case !s.began:
		s.begin(t, at, end)
	case name == "svg", svgUndrawn[name]:
		s.partly = true
	case name == "defs":
		if s.depth++; s.depth > 1 {
			return &UnsupportedError{"svg", "definitions in definitions"}
		}
		s.from = at
	case name == "use":
		s.use(t, at, end)
	case name == "linearGradient" || name == "radialGradient":
		s.gradient(t, at, end)
	case name == "stop" && s.inGradient != nil:
		s.inGradient.stops = true
	case svgShapes[name] && !s.other:
		s.edits = append(s.edits, svgEdit{at, end, s.root.plain(s.data[at:end])})
	}
	if id := attribute(t, "id"); s.depth > 0 && id != "" {
		s.ids[id] = true
	}
	return nil
}

// begin reads the outermost element.
func (s *svgScan) begin(t xml.StartElement, at, end int64) {
	s.began, s.root = true, readSVGRoot(t.Attr)
	if !s.other && s.root.sized() {
		s.edits = append(s.edits, svgEdit{at, end, s.root.withBox(s.data[at:end])})
	}
}

// use counts a use of a shape, and takes it out within definitions.
func (s *svgScan) use(t xml.StartElement, at, end int64) {
	if s.depth > 0 {
		s.partly, s.inner = true, true
		s.edits = append(s.edits, svgEdit{at, end, nil})
		return
	}
	s.uses++
	s.partly = s.partly || !s.ids[strings.TrimPrefix(attribute(t, "href"), "#")]
}

// attribute returns an attribute's value, "" without.
func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (s *svgScan) end(name string, at, end int64) {
	switch {
	case name == "defs" && s.depth > 0:
		if s.depth--; s.depth == 0 {
			s.defined += end - s.from
		}
	case name == "use" && s.depth > 0:
		s.edits = append(s.edits, svgEdit{at, end, nil})
	case s.inGradient != nil && (name == "linearGradient" || name == "radialGradient"):
		s.inGradient.close = at
		s.inGradient = nil
	}
}

// finish takes out what oksvg must not see.
func (s *svgScan) finish() (*svgFile, error) {
	const most = 64 << 20 // bytes of definitions, each time that they are used
	if s.uses > 0 && s.defined > most/s.uses || s.other && s.inner {
		return nil, &UnsupportedError{"svg", "such uses of shapes"}
	}
	if !s.other {
		s.inherit()
		slices.SortStableFunc(s.edits, func(a, b svgEdit) int { return cmp.Compare(a.from, b.from) })
	}
	var out []byte
	last := int64(0)
	for _, e := range s.edits {
		if !s.other && e.from >= last {
			out = append(append(out, s.data[last:e.from]...), e.text...)
			last = e.to
		}
	}
	s.data = svgScale.ReplaceAll(append(out, s.data[last:]...), []byte("scale($1 $1)"))
	s.data = svgStop.ReplaceAllFunc(s.data, plainStop)
	s.data = svgOpacity.ReplaceAllFunc(s.data, func(found []byte) []byte {
		m := svgOpacity.FindSubmatch(found)
		v, _ := strconv.ParseFloat(string(m[2]), 64) // of digits
		return strconv.AppendFloat(m[1][:len(m[1]):len(m[1])], v/100, 'f', -1, 64)
	})
	return &s.svgFile, nil
}

// svgEdit replaces a part of a file.
type svgEdit struct {
	from, to int64
	text     []byte
}

// svgOpacity is an opacity in percent, which oksvg doesn't read.
var svgOpacity = regexp.MustCompile(`(opacity\s*[:=]\s*["']?\s*)(\d+(?:\.\d+)?)%`)

// svgScale is a transform with one number, of which oksvg takes the other one for zero.
var svgScale = regexp.MustCompile(`\bscale\(\s*([-+.\deE]+)\s*\)`)

func svgConfig(data []byte) (image.Config, error) {
	f, err := scanSVG(data)
	if err != nil {
		return image.Config{}, err
	}
	size, err := f.size()
	return image.Config{ColorModel: color.RGBAModel, Width: size.X, Height: size.Y}, err
}

func decodeSVG(data []byte, _ image.Config) (image.Image, error) {
	icon, size, err := readSVG(data)
	if err != nil {
		return nil, err
	}
	for i := range icon.SVGPaths {
		scaleStroke(&icon.SVGPaths[i], icon)
		shortenDashes(&icon.SVGPaths[i].PathStyle)
	}
	s := newSVGScanner(size)
	err = s.draw(func() { icon.Draw(rasterx.NewDasher(size.X, size.Y, s), 1) })
	return s.img, err
}

func svgMeta(data []byte) (Metadata, int) {
	var m Metadata
	m.note(Drawing, 0)
	if f, err := scanSVG(data); err == nil && f.partly {
		m.note(Undrawn, 0)
	}
	return m, 1
}
