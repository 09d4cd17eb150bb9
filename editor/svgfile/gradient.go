package svgfile

import (
	"image/color"
	"math"
	"slices"
)

// solid is one colour, multiplied by alpha.
type solid [4]uint8

func (s solid) colours(dst []uint8, _, _ int) {
	for i := 0; i+3 < len(dst); i += 4 {
		copy(dst[i:i+4], s[:])
	}
}

func premultiplied(c color.NRGBA, opacity float64) solid {
	a := float64(c.A) * opacity
	return solid{eight(float64(c.R) * a / 255), eight(float64(c.G) * a / 255), eight(float64(c.B) * a / 255), eight(a)}
}

// source returns what paints a shape whose box is own, nil for nothing.
func (r *renderer) source(p paint, opacity float64, m matrix, own box, s *style) source {
	if r.shape {
		return white
	}
	if n := r.d.target(p.server); n != nil {
		switch n.name {
		case "linearGradient", "radialGradient":
			if g := r.gradient(n, opacity, m, own, s); g != nil {
				return g
			}
		case "pattern":
			return nil
		}
	}
	if p.none {
		return nil
	}
	if p.text {
		p.colour = s.colour
	}
	return premultiplied(p.colour, opacity)
}

// shades is how many colours a gradient is made of.
const shades = 1024

// gradient is colours along a line or between two circles.
type gradient struct {
	table  [shades + 1]solid
	to     matrix // from pixels to the plane of the gradient
	spread string
	radial bool
	// a line from one point to the other, or two circles
	p0, p1 point
	r0, r1 float64
}

// chain returns a gradient and those that it refers to one after the other.
func (d *Drawing) chain(n *node) (list []*node) {
	const most = 20
	for n != nil && len(list) < most && (n.name == "linearGradient" || n.name == "radialGradient") && !slices.Contains(list, n) {
		list = append(list, n)
		n = d.target(n.get("href"))
	}
	return list
}

// gradient reads one for a shape.
func (r *renderer) gradient(n *node, opacity float64, m matrix, own box, s *style) source {
	list := r.d.chain(n)
	// attribute returns the value of the first that has one; those of places count only in
	// gradients of the same kind.
	attribute := func(name string, place bool) string {
		for _, g := range list {
			if v := g.get(name); v != "" && (!place || g.name == n.name) {
				return v
			}
		}
		return ""
	}
	stops := r.stops(list)
	if len(stops) == 0 {
		return nil
	}
	g := &gradient{spread: attribute("spreadMethod", false), radial: n.name == "radialGradient"}
	view := s.view
	if attribute("gradientUnits", false) != "userSpaceOnUse" {
		unit, ok := own.onto()
		if !ok {
			return nil
		}
		m, view = m.times(unit), [2]float64{1, 1}
	}
	if own, ok := readTransform(attribute("gradientTransform", false)); ok {
		m = m.times(own)
	}
	last := stops[len(stops)-1]
	inverse, ok := m.inverse()
	if !ok {
		return premultiplied(last.colour, opacity)
	}
	g.to = inverse
	value := func(name, or string, of float64) float64 {
		return lengthOr(attribute(name, true), of, s.font, lengthOr(or, of, s.font, math.NaN()))
	}
	g.place(value, view)
	if len(stops) == 1 || !g.radial && g.p0 == g.p1 || g.radial && g.r1 <= 0 {
		return premultiplied(last.colour, opacity)
	}
	g.fill(stops, opacity)
	return g
}

// place reads where a gradient begins and ends.
func (g *gradient) place(value func(name, or string, of float64) float64, view [2]float64) {
	if !g.radial {
		g.p0 = point{value("x1", "0%", view[0]), value("y1", "0%", view[1])}
		g.p1 = point{value("x2", "100%", view[0]), value("y2", "0%", view[1])}
		return
	}
	across := diagonal(view[0], view[1])
	g.p1 = point{value("cx", "50%", view[0]), value("cy", "50%", view[1])}
	g.r1, g.r0 = value("r", "50%", across), max(value("fr", "0%", across), 0)
	g.p0 = g.p1
	if v := value("fx", "", view[0]); !math.IsNaN(v) {
		g.p0.x = v
	}
	if v := value("fy", "", view[1]); !math.IsNaN(v) {
		g.p0.y = v
	}
}

// stop is a colour of a gradient and where it lies, from 0 to 1.
type stop struct {
	at     float64
	colour color.NRGBA
}

// stops returns the stops of the first gradient that has any.
func (r *renderer) stops(list []*node) (stops []stop) {
	for _, g := range list {
		s := r.d.styleWithin(g, plainStyle())
		for _, n := range g.children {
			if n.name != "stop" {
				continue
			}
			own := r.d.styleOf(n, s)
			at, _ := part(n.get("offset"))
			at = min(max(at, 0), 1)
			if len(stops) > 0 {
				at = max(at, stops[len(stops)-1].at)
			}
			c := own.stop
			c.A = eight(float64(c.A) * own.stopOpacity)
			stops = append(stops, stop{at, c})
		}
		if len(stops) > 0 {
			return stops
		}
	}
	return nil
}

// fill works out the table of colours.
func (g *gradient) fill(stops []stop, opacity float64) {
	k := 0
	for i := range g.table {
		t := float64(i) / shades
		for k < len(stops) && stops[k].at <= t {
			k++
		}
		switch {
		case k == 0 || i == 0:
			g.table[i] = premultiplied(stops[0].colour, opacity)
		case k == len(stops) || i == shades:
			g.table[i] = premultiplied(stops[len(stops)-1].colour, opacity)
		default:
			a, b := stops[k-1], stops[k]
			g.table[i] = between(a.colour, b.colour, (t-a.at)/(b.at-a.at), opacity)
		}
	}
}

// between mixes two colours, which aren't multiplied by alpha.
func between(a, b color.NRGBA, t, opacity float64) solid {
	mix := func(x, y uint8) float64 { return float64(x) + (float64(y)-float64(x))*t }
	alpha := mix(a.A, b.A) * opacity
	return solid{
		eight(mix(a.R, b.R) * alpha / 255), eight(mix(a.G, b.G) * alpha / 255), eight(mix(a.B, b.B) * alpha / 255), eight(alpha),
	}
}

func (g *gradient) colours(dst []uint8, x, y int) {
	for i := 0; i+3 < len(dst); i += 4 {
		px, py := g.to.apply(float64(x+i/4)+0.5, float64(y)+0.5)
		t, ok := g.along(px, py)
		if !ok {
			clear(dst[i : i+4])
			continue
		}
		copy(dst[i:i+4], g.table[g.index(t)][:])
	}
}

// index returns the place in the table for a place on the line.
func (g *gradient) index(t float64) int {
	switch g.spread {
	case "repeat":
		t -= math.Floor(t)
	case "reflect":
		if t = math.Abs(math.Mod(t, 2)); t > 1 {
			t = 2 - t
		}
	}
	if !(t > 0) {
		return 0
	}
	return int(min(t, 1)*shades + 0.5)
}

// along returns how far between the beginning and the end a point lies. Between circles it is
// the largest t for which the point is on the circle that lies as far between them and has a
// radius of at least 0; ok is false where there is none.
func (g *gradient) along(x, y float64) (t float64, ok bool) {
	dx, dy := g.p1.x-g.p0.x, g.p1.y-g.p0.y
	px, py := x-g.p0.x, y-g.p0.y
	if !g.radial {
		return (px*dx + py*dy) / (dx*dx + dy*dy), true
	}
	dr := g.r1 - g.r0
	a, b, c := dx*dx+dy*dy-dr*dr, px*dx+py*dy+g.r0*dr, px*px+py*py-g.r0*g.r0
	if math.Abs(a) < 1e-12*g.r1*g.r1 {
		if b == 0 {
			return 0, false
		}
		t = c / (2 * b)
		return t, g.r0+t*dr >= 0
	}
	root := b*b - a*c
	if root < 0 {
		return 0, false
	}
	root = math.Sqrt(root)
	high, low := (b+root)/a, (b-root)/a
	if high < low {
		high, low = low, high
	}
	if g.r0+high*dr >= 0 {
		return high, true
	}
	return low, g.r0+low*dr >= 0
}
