package canvas

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	fc "fyne.io/fyne/v2/canvas"

	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
)

// brushOutline follows the pointer: the brush's outline at its true size, white with a dark
// halo, and a minus sign where the tool subtracts. Its objects are moved, never redrawn by the
// compositor.
type brushOutline struct {
	halo, line        *fc.Circle
	minusHalo, minusW *fc.Rectangle
}

func newBrushOutline() *brushOutline {
	r := &brushOutline{
		halo: fc.NewCircle(color.Transparent), line: fc.NewCircle(color.Transparent),
		minusHalo: fc.NewRectangle(color.NRGBA{A: 150}), minusW: fc.NewRectangle(color.White),
	}
	r.halo.StrokeColor, r.line.StrokeColor = color.NRGBA{A: 140}, color.White
	for _, o := range r.objects() {
		o.Hide()
	}
	return r
}

func (r *brushOutline) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.halo, r.line, r.minusHalo, r.minusW}
}

func (s *Surface) brushInHand() bool {
	return s.toolID == "brush" || s.toolID == "eraser" || s.toolID == Quick
}

// ringDiameter returns the brush's diameter in device pixels.
func (s *Surface) ringDiameter() float64 { return s.settings.Brush.Size * s.view.Scale }

// drawable reports whether a press would draw, or is drawing.
func (s *Surface) drawable() bool {
	p := &s.pointer
	if s.shown == nil || s.toolID == Hand || s.compare == view.CompareSides {
		return false
	}
	if p.act == drawing || p.act == choosing || p.act == resizing || p.act == selecting {
		return true
	}
	return p.act == idle && p.over && !s.space && s.gripAt(p.x, p.y) == noGrip
}

func (s *Surface) ringVisible() bool { return s.brushInHand() && s.drawable() }

// subtracts reports whether the selected tool subtracts.
func (s *Surface) subtracts() bool {
	if s.toolID == Guide {
		return false
	}
	return s.toolID == "eraser" || s.settings.Mode == tool.Subtract || s.toolPointer().Ctrl
}

// updateRing places outline and minus sign and marks the guide line that a press would hold.
func (s *Surface) updateRing() {
	s.placeRing()
	s.placeMinus()
	s.markGuide()
}

func (s *Surface) placeRing() {
	r := s.ring
	if !s.ringVisible() {
		hide(r.halo, r.line)
		return
	}
	edge := max(1, math.Round(s.screen.density)) // of the halo on either side of the line
	line := edge + 1                             // one pixel is lost to the painter's soft edges
	// The painter rounds positions and sizes to whole pixels. A circle of odd diameter is
	// centred on the pointer's pixel.
	outer := 2*math.Round((s.ringDiameter()+line-1)/2) + 1
	s.placeCircle(r.halo, outer+2*edge, line+2*edge)
	s.placeCircle(r.line, outer, line)
}

// placeCircle shows a circle of an outer diameter and line width in device
// pixels about the pointer.
func (s *Surface) placeCircle(c *fc.Circle, diameter, line float64) {
	diameter = max(diameter, line)
	if width := s.screen.unit(line); c.StrokeWidth != width {
		c.StrokeWidth = width
		c.Refresh()
	}
	c.Resize(fyne.NewSquareSize(s.screen.unit(diameter)))
	x, y := s.pointer.x, s.pointer.y
	if s.pointer.act == resizing {
		x, y = s.pointer.fromX, s.pointer.fromY
	}
	c.Move(s.screen.position(x-diameter/2, y-diameter/2))
	if c.Hidden {
		c.Show()
	}
}

// placeMinus shows the minus sign below and to the right of the pointer.
func (s *Surface) placeMinus() {
	r := s.ring
	if !s.drawable() || !s.subtracts() {
		hide(r.minusHalo, r.minusW)
		return
	}
	d := s.screen.density
	x, y := math.Floor(s.pointer.x+9*d), math.Floor(s.pointer.y+12*d)
	place := func(o *fc.Rectangle, grow float64) {
		o.Resize(fyne.NewSize(s.screen.unit(9*d+2*grow), s.screen.unit(2*d+2*grow)))
		o.Move(s.screen.position(x-grow, y-grow))
		if o.Hidden {
			o.Show()
		}
	}
	place(r.minusHalo, math.Round(d))
	place(r.minusW, 0)
}

func hide(objects ...fyne.CanvasObject) {
	for _, o := range objects {
		if o.Visible() {
			o.Hide()
		}
	}
}
