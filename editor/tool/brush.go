package tool

import (
	"image"

	"overpaint.dev/overpaint/editor/mask"
)

// brush is the brush and the eraser.
type brush struct {
	id   string
	end  Point       // of the last finished stroke,
	size image.Point // on a canvas of this size; zero if there was none
}

func (b *brush) ID() string { return b.id }

func (b *brush) Begin(s Settings, m *mask.Mask, _ func(image.Rectangle) *image.NRGBA, p Pointer) Gesture {
	erase := b.id == "eraser" || s.Mode.under(p) == Subtract
	g := &stroke{tool: b, before: m, stroke: mask.NewStroke(m, s.Brush, erase)}
	if p.Shift && b.size == m.Size() {
		g.add(b.end)
		g.add(p.point())
		g.stroke.Corner()
	} else {
		g.add(p.point())
	}
	return g
}

// stroke is the gesture of a brush.
type stroke struct {
	tool   *brush
	before *mask.Mask
	stroke *mask.Stroke
	dirty  image.Rectangle // since the last Move
}

func (g *stroke) add(p Point) { g.dirty = g.dirty.Union(g.stroke.Add(p.X, p.Y)) }

func (g *stroke) Move(p Pointer) image.Rectangle {
	g.add(p.point())
	dirty := g.dirty
	g.dirty = image.Rectangle{}
	return dirty
}

func (g *stroke) Release(p Pointer) bool {
	g.add(p.point())
	return true
}

func (g *stroke) Preview() *mask.Mask { return g.stroke.Mask() }

func (g *stroke) Finish() (*mask.Mask, image.Rectangle) {
	if end, ok := g.stroke.End(); ok {
		g.tool.end, g.tool.size = end, g.before.Size()
	}
	after, changed := finish(g.before, g.stroke.Mask())
	return after, changed.Intersect(g.stroke.Touched())
}

func (g *stroke) Outline() ([]Point, bool) { return nil, false }
