package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// svgScanner is a rasterx.Scanner that fills each path within its own box alone, and
// gives up a drawing that would take minutes: some dashes and curves become
// thousands of millions of lines.
type svgScanner struct {
	img    *image.RGBA
	source image.Image
	lines  []svgLine // of the path, from its start on
	box    fixed.Rectangle26_6
	left   int64 // of the work that is done, in about as many nanoseconds
}

// svgLine is a line from the point before, or the start of a new one.
type svgLine struct {
	to    fixed.Point26_6
	start bool
}

// errSVGWork is what a scanner panics with that has no work left.
var errSVGWork = &UnsupportedError{"svg", "so much to draw"}

func newSVGScanner(size image.Point) *svgScanner {
	s := &svgScanner{img: image.NewRGBA(image.Rectangle{Max: size})}
	const least, rounds = 4_000_000_000, 16
	s.left = least + rounds*int64(size.X)*int64(size.Y)
	s.Clear()
	return s
}

// draw has do draw, and returns errSVGWork if that was too much.
func (s *svgScanner) draw(do func()) (err error) {
	defer func() {
		if r := recover(); r == any(errSVGWork) {
			err = errSVGWork
		} else if r != nil {
			panic(r)
		}
	}()
	do()
	return nil
}

func (s *svgScanner) work(n int64) {
	if s.left -= n; s.left < 0 {
		panic(errSVGWork)
	}
}

func (s *svgScanner) add(to fixed.Point26_6, start bool) {
	const each = 400
	rows := int64(0)
	if n := len(s.lines); n > 0 && !start {
		from := s.lines[n-1].to.Y
		bottom := fixed.I(s.img.Rect.Max.Y)
		rows = max(int64(min(max(from, to.Y), bottom))-int64(min(from, to.Y)), 0) >> 6
	}
	s.work(each + 4*rows)
	s.lines = append(s.lines, svgLine{to, start})
	s.box.Min.X, s.box.Max.X = min(s.box.Min.X, to.X), max(s.box.Max.X, to.X)
	s.box.Min.Y, s.box.Max.Y = min(s.box.Min.Y, to.Y), max(s.box.Max.Y, to.Y)
}

func (s *svgScanner) Start(a fixed.Point26_6) { s.add(a, true) }
func (s *svgScanner) Line(b fixed.Point26_6)  { s.add(b, false) }

// Draw fills the path.
func (s *svgScanner) Draw() {
	if len(s.lines) == 0 || s.source == nil {
		return
	}
	r := image.Rect(s.box.Min.X.Floor(), s.box.Min.Y.Floor(), s.box.Max.X.Floor()+1, s.box.Max.Y.Floor()+1).Intersect(s.img.Rect)
	if r.Empty() {
		return
	}
	each := int64(4)
	if _, ok := s.source.(shading); ok {
		each = 40
	}
	s.work(each * int64(r.Dx()) * int64(r.Dy()))
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	p := newSVGPen(z)
	for _, l := range s.lines {
		to := [2]float64{float64(l.to.X)/64 - float64(r.Min.X), float64(l.to.Y)/64 - float64(r.Min.Y)}
		if l.start {
			p.moveTo(to)
		} else {
			p.lineTo(to)
		}
	}
	z.DrawOp = draw.Over
	z.Draw(s.img, r, s.source, r.Min)
}

// svgPen draws lines. What lies far outside of the picture is led along a frame around it,
// which looks the same, because a vector.Rasterizer's numbers overflow far away.
type svgPen struct {
	to       *vector.Rasterizer
	min, max [2]float64 // the frame, x and y
	at       [2]float64
}

func newSVGPen(to *vector.Rasterizer) *svgPen {
	const far = 1 << 12 // pixels
	size := to.Size()
	return &svgPen{to: to, min: [2]float64{-far, -far}, max: [2]float64{float64(size.X + far), float64(size.Y + far)}}
}

// framed brings a point to the nearest one of the frame or within.
func (p *svgPen) framed(q [2]float64) (x, y float32) {
	return float32(min(max(q[0], p.min[0]), p.max[0])), float32(min(max(q[1], p.min[1]), p.max[1]))
}

func (p *svgPen) moveTo(to [2]float64) {
	p.at = to
	p.to.MoveTo(p.framed(to))
}

// lineTo cuts a line where it crosses the frame's sides, so that each part stays straight
// when its ends are framed.
func (p *svgPen) lineTo(to [2]float64) {
	cuts := make([]float64, 0, 4)
	for axis := range 2 {
		for _, side := range [2]float64{p.min[axis], p.max[axis]} {
			if t := (side - p.at[axis]) / (to[axis] - p.at[axis]); t > 0 && t < 1 {
				cuts = append(cuts, t)
			}
		}
	}
	slices.Sort(cuts)
	for _, t := range cuts {
		p.to.LineTo(p.framed([2]float64{p.at[0] + t*(to[0]-p.at[0]), p.at[1] + t*(to[1]-p.at[1])}))
	}
	p.at = to
	p.to.LineTo(p.framed(to))
}

func (s *svgScanner) GetPathExtent() fixed.Rectangle26_6 { return s.box }
func (s *svgScanner) SetBounds(int, int)                 {}
func (s *svgScanner) SetWinding(bool)                    {} // vector knows one alone
func (s *svgScanner) SetClip(image.Rectangle)            {}

// SetColor takes a color.Color or a rasterx.ColorFunc.
func (s *svgScanner) SetColor(c any) {
	switch c := c.(type) {
	case color.Color:
		s.source = image.NewUniform(c)
	case rasterx.ColorFunc:
		s.source = shading{c}
	}
}

// Clear forgets the path.
func (s *svgScanner) Clear() {
	s.lines = s.lines[:0]
	s.box.Min = fixed.Point26_6{X: math.MaxInt32, Y: math.MaxInt32}
	s.box.Max = fixed.Point26_6{X: -math.MaxInt32, Y: -math.MaxInt32}
}

// shading is a gradient.
type shading struct{ at rasterx.ColorFunc }

func (s shading) ColorModel() color.Model { return color.RGBAModel }
func (s shading) Bounds() image.Rectangle { return image.Rect(-1e9, -1e9, 1e9, 1e9) }
func (s shading) At(x, y int) color.Color { return s.at(x, y) }
