package svgfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

// node is an element.
type node struct {
	name     string
	attrs    []xml.Attr
	parent   *node
	children []*node
	words    bool              // there is text in it
	declared map[string]string // its properties, once they were worked out
}

// get returns an attribute's value, "" without.
func (n *node) get(name string) string {
	other := ""
	for _, a := range n.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		} else if a.Name.Local == name && name == "href" {
			other = strings.TrimSpace(a.Value) // of XLink
		}
	}
	return other
}

// Bounds of what is read: elements, and how deep they lie in each other.
const (
	mostNodes = 1 << 20
	deepest   = 500
)

// reader builds the tree of a drawing.
type reader struct {
	d      *Drawing
	at     *node
	depth  int
	nodes  int
	space  string // of the outermost element
	sheets []string
}

// parse reads the elements of a drawing.
func parse(data []byte) (*Drawing, error) {
	r := reader{d: &Drawing{ids: map[string]*node{}}}
	x := xml.NewDecoder(bytes.NewReader(data))
	x.CharsetReader = charset.NewReaderLabel
	for {
		t, err := x.Token()
		if errors.Is(err, io.EOF) && r.d.root != nil {
			break
		} else if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = r.start(t)
		case xml.EndElement:
			r.at = r.at.parent
			r.depth--
		case xml.CharData:
			r.characters(t)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, s := range r.sheets {
		r.d.readSheet(s)
	}
	return r.d, nil
}

func (r *reader) start(t xml.StartElement) error {
	const namespace = "http://www.w3.org/2000/svg"
	n := &node{name: t.Name.Local, attrs: t.Attr, parent: r.at}
	if r.d.root == nil {
		r.d.root, r.space = n, t.Name.Space
	} else if t.Name.Space != r.space && t.Name.Space != namespace {
		n.name = "" // of another language
	}
	if r.at != nil {
		r.at.children = append(r.at.children, n)
	} else {
		n.parent = &node{}
	}
	r.at = n
	r.nodes++
	if r.depth++; r.nodes > mostNodes || r.depth > deepest {
		return ErrTooMuch
	}
	if id := n.get("id"); id != "" && r.d.ids[id] == nil {
		r.d.ids[id] = n
	}
	return nil
}

func (r *reader) characters(t xml.CharData) {
	switch {
	case r.at == nil || len(bytes.TrimSpace(t)) == 0:
	case r.at.name == "style":
		if kind := r.at.get("type"); kind != "" && kind != "text/css" {
			return
		}
		r.sheets = append(r.sheets, string(t))
	default:
		for n := r.at; n != nil && !n.words; n = n.parent {
			n.words = true
		}
	}
}

// target returns the element that a reference of this file names, nil without.
func (d *Drawing) target(ref string) *node {
	if id, ok := strings.CutPrefix(ref, "#"); ok {
		return d.ids[id]
	}
	return nil
}

// entity is the declaration of an entity, as some programs write them for names of namespaces.
var entity = regexp.MustCompile(`<!ENTITY\s+([\w.-]+)\s+(?:"([^"&<]*)"|'([^'&<]*)')\s*>`)

// withoutEntities returns a drawing with what its own entities stand for in their place,
// which package encoding/xml doesn't do; data itself where it has none, or where they
// would make it much larger.
func withoutEntities(data []byte) []byte {
	const head, most, longest = 16 << 10, 100, 1000
	out := data
	for _, m := range entity.FindAllSubmatch(data[:min(len(data), head)], most) {
		value := append(bytes.Clone(m[2]), m[3]...)
		if name := []byte("&" + string(m[1]) + ";"); len(value) <= longest {
			if len(out)+bytes.Count(out, name)*len(value) > 2*len(data)+head {
				return data
			}
			out = bytes.ReplaceAll(out, name, value)
		}
	}
	return out
}
