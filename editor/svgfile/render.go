package svgfile

import (
	"encoding/xml"
	"slices"
	"strings"
)

// renderer goes through a drawing and paints it, or only looks at it where to is nil.
type renderer struct {
	d      *Drawing
	to     *canvas
	spare  []*canvas // layers to be used again
	layers int       // that there are, one over the other
	area   area
	left   int64   // of the work that is done, in about as many nanoseconds
	uses   []*node // that are being drawn, for those that go round
	depth  int
	seen   box  // of what was looked at
	partly bool // something isn't drawn
	shape  bool // only the outlines count, as in a clip path
}

func newRenderer(d *Drawing) *renderer {
	return &renderer{d: d, left: d.budget, seen: nowhere}
}

// work counts work, and ends run where there was too much.
func (r *renderer) work(n int64) {
	if r.left -= n; r.left < 0 || n < 0 {
		panic(ErrTooMuch)
	}
}

// run draws all, brought onto the picture by m.
func (r *renderer) run(m matrix) (err error) {
	defer func() {
		if v := recover(); v == any(ErrTooMuch) {
			err = ErrTooMuch
		} else if v != nil {
			panic(v)
		}
	}()
	s := plainStyle()
	s.view = [2]float64{r.d.view.w, r.d.view.h}
	root := r.d.root
	s = r.d.styleOf(root, s)
	if !s.gone {
		if r.to != nil && s.background.A > 0 {
			r.rectangle(identity, 0, 0, float64(r.to.img.Rect.Dx()), float64(r.to.img.Rect.Dy()), premultiplied(s.background, 1))
		}
		m, ok := r.transformed(s, m)
		if ok {
			r.group(s, m, nowhere, func() { r.children(root, m, s) })
		}
	}
	return nil
}

// undrawn are the elements that are seen and that are left out here.
var undrawn = map[string]bool{"text": true, "image": true, "foreignObject": true, "flowRoot": true}

// containers are the elements whose contents are drawn in their place.
var containers = map[string]bool{"g": true, "a": true, "svg": true, "switch": true, "use": true}

// element draws an element.
func (r *renderer) element(n *node, m matrix, outer *style) {
	const each = 2000
	r.work(each)
	if !seen(n) || !allowed(n) {
		return
	}
	s := r.d.styleOf(n, outer)
	if s.gone {
		return
	}
	if undrawn[n.name] {
		r.partly = r.partly || !s.hidden && (n.words || n.name != "text")
		return
	}
	m, ok := r.transformed(s, m)
	if !ok {
		return
	}
	r.tell(s)
	if r.depth++; r.depth > 2*deepest {
		panic(ErrTooMuch)
	}
	defer func() { r.depth-- }()
	switch n.name {
	case "g", "a":
		r.group(s, m, nowhere, func() { r.children(n, m, s) })
	case "switch":
		r.group(s, m, nowhere, func() { r.choose(n, m, s) })
	case "svg":
		r.inner(n, n, m, s)
	case "use":
		r.use(n, m, s)
	default:
		r.drawShape(n, m, s)
	}
}

// seen reports whether an element is one that is seen where it stands.
func seen(n *node) bool {
	return undrawn[n.name] || containers[n.name] || shapes[n.name] != nil
}

// tell notes that something isn't drawn as a style asks for.
func (r *renderer) tell(s *style) {
	r.partly = r.partly || s.odd || s.filtered || s.blended
}

func (r *renderer) children(n *node, m matrix, s *style) {
	for _, c := range n.children {
		r.element(c, m, s)
	}
}

// transformed adds an element's own transform; ok is false where nothing is left of it.
func (r *renderer) transformed(s *style, m matrix) (matrix, bool) {
	if s.transform == "" || s.transform == "none" {
		return m, true
	}
	own, ok := readTransform(s.transform)
	if !ok {
		return m, true
	}
	if x, y, ok := origin(s); ok {
		own = move(x, y).times(own).times(move(-x, -y))
	} else {
		r.partly = true
	}
	m = m.times(own)
	_, ok = m.inverse()
	return m, ok
}

// origin reads the point around which an element is transformed.
func origin(s *style) (x, y float64, ok bool) {
	if s.origin == "" {
		return 0, 0, true
	}
	words := strings.Fields(s.origin)
	at := [2]string{"50%", "50%"}
	for i, w := range words[:min(len(words), 2)] {
		switch w {
		case "left":
			at[0] = "0"
		case "right":
			at[0] = "100%"
		case "top":
			at[1] = "0"
		case "bottom":
			at[1] = "100%"
		case "center":
		default:
			at[i] = w
		}
	}
	x, okX := length(at[0], s.view[0], s.font)
	y, okY := length(at[1], s.view[1], s.font)
	return x, y, okX && okY
}

// allowed reports whether the conditions of an element are met, for a reader of English.
func allowed(n *node) bool {
	if slices.ContainsFunc(n.attrs, func(a xml.Attr) bool { return a.Name.Local == "requiredExtensions" }) {
		return false
	}
	for _, a := range n.attrs {
		if a.Name.Local != "systemLanguage" {
			continue
		}
		return slices.ContainsFunc(strings.Split(a.Value, ","), func(tag string) bool {
			first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
			return first == "en"
		})
	}
	return true
}

// choose draws the first element that may be.
func (r *renderer) choose(n *node, m matrix, s *style) {
	for _, c := range n.children {
		if seen(c) && allowed(c) {
			r.element(c, m, s)
			return
		}
	}
}

// use draws an element of somewhere else.
func (r *renderer) use(n *node, m matrix, s *style) {
	ref := n.get("href")
	target := r.d.target(ref)
	if target == nil {
		r.partly = r.partly || ref != "" && !strings.HasPrefix(ref, "#")
		return
	}
	if slices.Contains(r.uses, target) || r.shape && shapes[target.name] == nil {
		r.partly = r.partly || !r.shape
		return
	}
	if n.within(target) { // what it would draw contains it
		r.partly = true
		return
	}
	r.uses = append(r.uses, target)
	defer func() { r.uses = r.uses[:len(r.uses)-1] }()
	x, y := lengthOr(n.get("x"), s.view[0], s.font, 0), lengthOr(n.get("y"), s.view[1], s.font, 0)
	inside := m.times(move(x, y))
	r.group(s, m, nowhere, func() {
		switch target.name {
		case "symbol", "svg":
			ts := r.d.styleOf(target, s)
			if im, ok := r.transformed(ts, inside); ok && !ts.gone {
				r.tell(ts)
				r.inner(target, n, im, ts)
			}
		default:
			r.element(target, inside, s)
		}
	})
}

// within reports whether an element is another one or lies in it.
func (n *node) within(other *node) bool {
	for at := n; at != nil; at = at.parent {
		if at == other {
			return true
		}
	}
	return false
}

// inner draws what has a plane of its own: an svg or symbol, whose size another element may say.
func (r *renderer) inner(n, sizes *node, m matrix, s *style) {
	size := func(name string, all float64) float64 {
		for _, from := range []*node{sizes, n} {
			if v, ok := length(from.get(name), all, s.font); ok && (from == sizes || n.name == "svg") {
				return v
			}
		}
		return all
	}
	v := readViewport(n, s.font)
	v.width, v.height = size("width", s.view[0]), size("height", s.view[1])
	if v.width <= 0 || v.height <= 0 {
		return
	}
	if v.w == 0 {
		v.w, v.h = v.width, v.height
	}
	if n.name == "svg" {
		m = m.times(move(lengthOr(n.get("x"), s.view[0], s.font, 0), lengthOr(n.get("y"), s.view[1], s.font, 0)))
	}
	inside := m.times(v.onto(v.width, v.height))
	c := *s
	c.view = [2]float64{v.w, v.h}
	draw := func() { r.group(s, inside, nowhere, func() { r.children(n, inside, &c) }) }
	if _, open := r.d.declared(n)["overflow"]; open && !s.cut {
		draw()
		return
	}
	r.layer(draw, func(l *canvas) {
		r.cut(l, func() { r.rectangle(m, 0, 0, v.width, v.height, white) })
		r.put(l, 1)
	})
}

// named returns the element that a reference names, if it is of a kind.
func (r *renderer) named(ref, kind string) *node {
	if n := r.d.target(ref); n != nil && n.name == kind {
		return n
	}
	return nil
}

// group draws with what an element says of all that is in it: how opaque it is, and which parts
// are seen. The box is of a shape, in its own plane, or nowhere.
func (r *renderer) group(s *style, m matrix, own box, draw func()) {
	if r.to == nil {
		draw()
		r.lookAt(s, m, own)
		return
	}
	opacity := s.opacity
	if r.shape {
		opacity = 1
	}
	clip, mask := r.named(s.clip, "clipPath"), r.named(s.mask, "mask")
	if r.shape {
		mask = nil
	}
	if opacity == 1 && clip == nil && mask == nil {
		draw()
		return
	}
	r.layer(draw, func(l *canvas) {
		if own == nowhere && (boxed(clip, "clipPathUnits") || boxed(mask, "maskUnits") || boxed(mask, "maskContentUnits")) {
			own = r.extent(m, draw)
		}
		if clip != nil {
			r.cut(l, func() { r.clip(clip, s, m, own) })
		}
		if mask != nil {
			r.mask(l, mask, s, m, own)
		}
		r.put(l, opacity)
	})
}
