package svgfile

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// rule is a rule of a style sheet for one selector.
type rule struct {
	selector []compound
	weight   int // what is more specific is more
	of       []declaration
}

// compound is a selector of one element.
type compound struct {
	tag     string
	classes []string
	attrs   [][2]string
	isID    string
	has     []string // attributes of any value
	first   bool     // of those around it
	child   bool     // its parent is what the compound before selects, rather than any ancestor
}

// declaration is a property and its value.
type declaration struct {
	name, value string
	important   bool
}

var (
	comment   = regexp.MustCompile(`(?s)/\*.*?\*/|<!--|-->`)
	pseudo    = regexp.MustCompile(`:(hover|focus|active|visited|target|link)\b`)
	simple    = regexp.MustCompile(`^(?:([\w-]+|\*)|#([\w-]+)|\.([\w-]+)|\[\s*([\w-]+)\s*(?:=\s*["']?([^"'\]]*)["']?\s*)?\]|(:first-child))`)
	important = regexp.MustCompile(`\s*!\s*important\s*$`)
)

// Bounds of style sheets: how many rules there are, how many compounds in one, and the work of
// comparing an attribute with a rule.
const (
	mostRules     = 10_000
	mostCompounds = 20
	matchWork     = 20
)

// readSheet takes in a style sheet.
func (d *Drawing) readSheet(s string) {
	s = comment.ReplaceAllString(s, "")
	for {
		s = strings.TrimSpace(s)
		if strings.HasPrefix(s, "@") {
			s = d.skipAt(s)
			continue
		}
		selectors, rest, ok := strings.Cut(s, "{")
		if !ok || len(d.rules) >= mostRules {
			break
		}
		body, after, _ := strings.Cut(rest, "}")
		s = after
		of := readDeclarations(body)
		for one := range strings.SplitSeq(selectors, ",") {
			if r, ok := readSelector(one); ok {
				r.of = of
				d.rules = append(d.rules, r)
			} else if !pseudo.MatchString(one) {
				d.odd = true
			}
		}
	}
	slices.SortStableFunc(d.rules, func(a, b rule) int { return cmp.Compare(a.weight, b.weight) })
}

// skipAt skips a rule for all of the sheet.
func (d *Drawing) skipAt(s string) string {
	for _, name := range []string{"@font-face", "@charset", "@namespace", "@keyframes"} {
		if strings.HasPrefix(s, name) {
			name = ""
			break
		} else if name == "@keyframes" {
			d.odd = true
		}
	}
	end := strings.IndexAny(s, ";{")
	if end < 0 {
		return ""
	} else if s[end] == ';' {
		return s[end+1:]
	}
	depth := 0
	for i, c := range s {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[i+1:]
			}
		}
	}
	return ""
}

// readSelector reads compounds with blanks or '>' between them.
func readSelector(s string) (r rule, ok bool) {
	child := false
	for word := range strings.FieldsSeq(strings.ReplaceAll(s, ">", " > ")) {
		if word == ">" {
			child = true
			continue
		}
		c, weight, ok := readCompound(word)
		if !ok || len(r.selector) == mostCompounds {
			return r, false
		}
		c.child, child = child, false
		r.selector, r.weight = append(r.selector, c), r.weight+weight
	}
	return r, len(r.selector) > 0 && !child
}

func readCompound(s string) (c compound, weight int, ok bool) {
	const id, class, tag = 10_000, 100, 1
	for s != "" {
		m := simple.FindStringSubmatch(s)
		switch {
		case m == nil:
			return c, 0, false
		case m[1] == "*":
		case m[1] != "":
			c.tag, weight = m[1], weight+tag
		case m[2] != "":
			c.isID, weight = m[2], weight+id
		case m[3] != "":
			c.classes, weight = append(c.classes, m[3]), weight+class
		case m[6] != "":
			c.first, weight = true, weight+class
		case strings.Contains(m[0], "="):
			c.attrs, weight = append(c.attrs, [2]string{m[4], m[5]}), weight+class
		default:
			c.has, weight = append(c.has, m[4]), weight+class
		}
		s = s[len(m[0]):]
	}
	return c, weight, true
}

func (c compound) selects(n *node) bool {
	if c.tag != "" && c.tag != n.name || c.isID != "" && c.isID != n.get("id") || n.name == "" {
		return false
	}
	if c.first && (len(n.parent.children) == 0 || n.parent.children[0] != n) {
		return false
	}
	if len(c.classes) > 0 {
		own := strings.Fields(n.get("class"))
		for _, class := range c.classes {
			if !slices.Contains(own, class) {
				return false
			}
		}
	}
	for _, a := range c.attrs {
		if n.get(a[0]) != a[1] {
			return false
		}
	}
	return !slices.ContainsFunc(c.has, func(name string) bool { return n.get(name) == "" })
}

// matches reports whether compounds select an element, the last one itself. It goes from the
// outermost element inwards and keeps which beginnings of the list are matched so far, so that it
// takes no longer than elements times compounds.
func matches(list []compound, n *node) bool {
	last := len(list) - 1
	if !list[last].selects(n) {
		return false
	} else if last == 0 {
		return true
	}
	var around []*node
	for at := n.parent; at != nil; at = at.parent {
		around = append(around, at)
	}
	var above, parent uint32 // bit k: the compounds up to k end at an element above, or at the parent
	for _, at := range slices.Backward(around) {
		var here uint32
		for k := range last {
			if reaches(list[k], k, above, parent) && list[k].selects(at) {
				here |= 1 << k
			}
		}
		above, parent = above|here, here
	}
	return reaches(list[last], last, above, parent)
}

// reaches reports whether what comes before compound k in its selector has been matched where
// the compound asks for it.
func reaches(c compound, k int, above, parent uint32) bool {
	if c.child {
		above = parent
	}
	return k == 0 || above>>(k-1)&1 == 1
}

func readDeclarations(s string) (list []declaration) {
	for one := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(one, ":")
		if !ok {
			continue
		}
		d := declaration{name: strings.ToLower(strings.TrimSpace(name)), value: strings.TrimSpace(value)}
		if m := important.FindString(d.value); m != "" {
			d.value, d.important = strings.TrimSuffix(d.value, m), true
		}
		list = append(list, d)
	}
	return list
}

// declared returns the properties of an element: its attributes, over which go the rules of
// style sheets, its attribute style, and what is marked as important. It panics with ErrTooMuch,
// as the renderer's work does.
func (d *Drawing) declared(n *node) map[string]string {
	if n.declared != nil {
		return n.declared
	}
	n.declared = map[string]string{}
	for _, a := range n.attrs {
		if _, known := properties[a.Name.Local]; known && a.Name.Space == "" {
			n.declared[a.Name.Local] = strings.TrimSpace(a.Value)
		}
	}
	var all []declaration
	if d.matched += matchWork * int64(len(d.rules)) * int64(1+len(n.attrs)); d.matched > d.budget {
		panic(ErrTooMuch)
	}
	for _, r := range d.rules {
		if matches(r.selector, n) {
			all = append(all, r.of...)
		}
	}
	if s := n.get("style"); s != "" {
		all = append(all, readDeclarations(comment.ReplaceAllString(s, ""))...)
	}
	for _, marked := range []bool{false, true} {
		for _, one := range all {
			if one.important == marked {
				n.declared[one.name] = one.value
			}
		}
	}
	return n.declared
}
