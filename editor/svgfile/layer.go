package svgfile

import (
	"image"
	"slices"
)

// layer draws onto a picture of its own, which then does something with, and which is
// transparent at first.
func (r *renderer) layer(draw func(), then func(l *canvas)) {
	if r.to == nil {
		draw()
		return
	}
	const memory, least, most = 512 << 20, 4, 64 // bytes, and layers
	below := r.to
	if n := len(r.spare); n > 0 {
		r.to, r.spare = r.spare[n-1], r.spare[:n-1]
	} else if r.layers++; r.layers > min(max(memory/len(below.img.Pix), least), most) {
		panic(ErrTooMuch)
	} else {
		size := below.img.Rect.Size()
		r.work(int64(size.X) * int64(size.Y))
		r.to = newCanvas(size)
	}
	l := r.to
	draw()
	r.to = below
	then(l)
	r.work(pixels(l.dirty))
	l.clear()
	r.spare = append(r.spare, l)
}

func pixels(r image.Rectangle) int64 { return int64(r.Dx()) * int64(r.Dy()) }

// put lays a layer over what is painted so far.
func (r *renderer) put(l *canvas, opacity float64) {
	const each = 8
	r.work(each * pixels(l.dirty))
	alpha := slices.Repeat([]uint8{eight(255 * opacity)}, l.dirty.Dx())
	for y := l.dirty.Min.Y; y < l.dirty.Max.Y; y++ {
		over(r.to.row(l.dirty, y), l.row(l.dirty, y), alpha)
	}
	r.to.dirty = r.to.dirty.Union(l.dirty)
}

// cut leaves of a layer what is drawn in its place.
func (r *renderer) cut(l *canvas, draw func()) {
	shape := r.shape
	r.shape = true
	r.layer(draw, func(c *canvas) { r.keep(l, c, func(p []uint8) uint32 { return 255 * uint32(p[3]) }) })
	r.shape = shape
}

// keep leaves of a layer as much as another one says, of 255*255.
func (r *renderer) keep(l, by *canvas, much func(p []uint8) uint32) {
	const each, all = 8, 255 * 255
	r.work(each * pixels(l.dirty))
	for y := l.dirty.Min.Y; y < l.dirty.Max.Y; y++ {
		to, from := l.row(l.dirty, y), by.row(l.dirty, y)
		for i := 0; i < len(to); i += 4 {
			k := much(from[i : i+4 : i+4])
			for j := i; j < i+4; j++ {
				to[j] = uint8((uint32(to[j])*k + all/2) / all)
			}
		}
	}
}

// boxed reports whether an element measures by the box of what it is used on.
func boxed(n *node, units string) bool {
	return n != nil && (n.get(units) == "objectBoundingBox" || units == "maskUnits" && n.get(units) != "userSpaceOnUse")
}

// extent returns where what is drawn lies in the plane that m brings onto the picture.
func (r *renderer) extent(m matrix, draw func()) box {
	inverse, ok := m.inverse()
	if !ok {
		return nowhere
	}
	to, seen := r.to, r.seen
	r.to, r.seen = nil, nowhere
	draw()
	found := r.seen
	r.to, r.seen = to, seen
	b := nowhere
	for _, p := range [4]point{{found.x0, found.y0}, {found.x1, found.y0}, {found.x0, found.y1}, {found.x1, found.y1}} {
		if found != nowhere {
			b.add(inverse.apply(p.x, p.y))
		}
	}
	return b
}

// lookAt goes through what a group is cut with for what isn't drawn.
func (r *renderer) lookAt(s *style, m matrix, own box) {
	seen := r.seen
	if n := r.d.target(s.clip); n != nil {
		r.clip(n, s, m, own)
	}
	if n := r.d.target(s.mask); n != nil {
		r.within(n, func() { r.children(n, m, r.d.styleWithin(n, plainStyle())) })
	}
	r.seen = seen
}

// within draws what an element refers to, unless that is being drawn.
func (r *renderer) within(n *node, draw func()) {
	if slices.Contains(r.uses, n) {
		r.partly = true
		return
	}
	r.uses = append(r.uses, n)
	draw()
	r.uses = r.uses[:len(r.uses)-1]
}

// clip draws the outlines of a clip path.
func (r *renderer) clip(n *node, user *style, m matrix, own box) {
	r.within(n, func() {
		outer := plainStyle()
		outer.view = user.view
		s := r.d.styleWithin(n, outer)
		m, ok := r.transformed(s, m)
		if boxed(n, "clipPathUnits") {
			unit, whole := own.onto()
			m, ok = m.times(unit), ok && whole
		}
		if !ok {
			return
		}
		shape := r.shape
		r.shape = true
		r.group(s, m, own, func() {
			for _, c := range n.children {
				if shapes[c.name] != nil || c.name == "use" {
					r.element(c, m, s)
				} else if c.name == "text" {
					r.partly = true
				}
			}
		})
		r.shape = shape
	})
}

// mask leaves of a layer what a mask lets be seen (CSS Masking 1, section 7).
func (r *renderer) mask(l *canvas, n *node, user *style, m matrix, own box) {
	outer := plainStyle()
	outer.view = user.view
	s := r.d.styleWithin(n, outer)
	unit, whole := own.onto()
	x, y, w, h := -0.1, -0.1, 1.2, 1.2
	part := m
	if boxed(n, "maskUnits") {
		part = m.times(unit)
		outer.view = [2]float64{1, 1}
	}
	if !boxed(n, "maskUnits") {
		x, y, w, h = x*user.view[0], y*user.view[1], w*user.view[0], h*user.view[1]
	}
	x, y = lengthOr(n.get("x"), outer.view[0], s.font, x), lengthOr(n.get("y"), outer.view[1], s.font, y)
	w, h = lengthOr(n.get("width"), outer.view[0], s.font, w), lengthOr(n.get("height"), outer.view[1], s.font, h)
	if boxed(n, "maskContentUnits") {
		m = m.times(unit)
	}
	if !whole && (boxed(n, "maskUnits") || boxed(n, "maskContentUnits")) {
		w = 0
	}
	r.within(n, func() {
		r.layer(func() {
			if w > 0 && h > 0 {
				r.group(s, m, own, func() { r.children(n, m, s) })
			}
		}, func(c *canvas) {
			r.cut(c, func() { r.rectangle(part, x, y, w, h, white) })
			r.keep(l, c, luminance(s.alphaMask))
		})
	})
}

// luminance returns how much of something is seen through a pixel of a mask, of 255*255.
func luminance(alpha bool) func(p []uint8) uint32 {
	if alpha {
		return func(p []uint8) uint32 { return 255 * uint32(p[3]) }
	}
	return func(p []uint8) uint32 {
		const red, green, blue, all = 2125, 7154, 721, 10_000
		return 255 * (red*uint32(p[0]) + green*uint32(p[1]) + blue*uint32(p[2])) / all
	}
}

// white is what leaves all of a layer.
var white = solid{255, 255, 255, 255}

// rectangle fills one in a plane.
func (r *renderer) rectangle(m matrix, x, y, w, h float64, with source) {
	var p path
	p.moveTo(x, y)
	p.lineTo(x+w, y)
	p.lineTo(x+w, y+h)
	p.lineTo(x, y+h)
	p.close()
	r.paintPath(p, m, false, with)
}
