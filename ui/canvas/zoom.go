package canvas

import (
	"math"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/editor/view"
)

const (
	fitMargin = 4  // units around a fitted picture
	keepSeen  = 48 // units of the picture that stay in view
)

// fit returns the transform that shows the whole canvas, small ones at one canvas pixel per unit
// at most, and tiny ones enlarged.
func (s *Surface) fit() view.Transform {
	if s.shown == nil {
		return view.Transform{Scale: 1}
	}
	margin := int(math.Round(fitMargin * s.screen.density))
	return view.Fit(s.shown.Size, s.screen.size, margin, max(1, s.screen.density, view.Enlarged(s.shown.Size, s.screen.size)))
}

// setView moves or zooms the view, within its limits.
func (s *Surface) setView(t view.Transform) {
	if s.shown != nil {
		t = t.Clamp(s.shown.Size, s.screen.size, int(keepSeen*s.screen.density))
	}
	zoomed := t.Scale != s.view.Scale
	s.view = t
	s.comp.SetTransform(t)
	if zoomed && s.OnViewChanged != nil {
		s.OnViewChanged(t.Scale)
	}
}

// goTo is setView for the user's actions: the view no longer follows the window's size.
func (s *Surface) goTo(t view.Transform) {
	s.fitted = false
	s.setView(t)
	s.changed()
	s.updateRing()
	s.tellCursor()
}

// Scale returns the zoom in device pixels per canvas pixel.
func (s *Surface) Scale() float64 { return s.view.Scale }

// View returns the transform from canvas pixels to the surface's device pixels.
func (s *Surface) View() view.Transform { return s.view }

// Fit shows the whole canvas, and keeps doing so when the window is resized.
func (s *Surface) Fit() {
	s.fitted = true
	s.setView(s.fit())
	s.changed()
	s.updateRing()
}

// ActualSize shows one canvas pixel on each device pixel, about the middle.
func (s *Surface) ActualSize() { s.ZoomTo(1) }

// ZoomIn goes to the next larger of the usual scales, about the pointer if it
// is over the surface, else about the middle.
func (s *Surface) ZoomIn() { s.ZoomTo(view.StepIn(s.view.Scale)) }

// ZoomOut goes to the next smaller of the usual scales, likewise.
func (s *Surface) ZoomOut() { s.ZoomTo(view.StepOut(s.view.Scale)) }

// ZoomTo goes to a scale in device pixels per canvas pixel, likewise.
func (s *Surface) ZoomTo(scale float64) {
	x, y := float64(s.screen.size.X)/2, float64(s.screen.size.Y)/2
	if s.pointer.over {
		x, y = s.pointer.x, s.pointer.y
	}
	s.zoomAbout(x, y, scale)
}

func (s *Surface) zoomAbout(x, y, scale float64) {
	t := s.view.ScaleAbout(x, y, scale)
	if t.Scale >= 1 && t.Scale == math.Trunc(t.Scale) {
		// At whole scales the picture lies on whole pixels, so that all its pixels have the same
		// size.
		t.X, t.Y = math.Round(t.X), math.Round(t.Y)
	}
	s.goTo(t)
}

const (
	notch      = 25.0 // what Fyne reports for a notch of the wheel on most systems
	notchZoom  = 1.2
	notchUnits = 75.0
)

// Scrolled implements fyne.Scrollable: the wheel zooms about the pointer; with Shift it moves
// the picture sideways, with Alt up and down. What turns sideways by itself, such as
// a tilted wheel, moves it sideways.
func (s *Surface) Scrolled(e *fyne.ScrollEvent) {
	if s.shown == nil {
		return
	}
	s.pointer.at(s.screen.device(e.Position))
	s.pointer.over = true
	dx, dy := float64(e.Scrolled.DX)/notch, float64(e.Scrolled.DY)/notch
	mods := s.options.Modifiers()
	step := notchUnits * s.screen.density
	switch {
	case mods&fyne.KeyModifierShift != 0 && dx == 0:
		s.panBy(dy*step, 0)
	case math.Abs(dx) > math.Abs(dy):
		s.panBy(dx*step, 0)
	case mods&fyne.KeyModifierAlt != 0:
		s.panBy(0, dy*step)
	default:
		// Fast wheels and touch pads report many notches at once.
		turn := max(-4, min(4, dy))
		s.zoomAbout(s.pointer.x, s.pointer.y, s.view.Scale*math.Pow(notchZoom, turn))
	}
}

// dragUnits is the distance, in units, over which a drag doubles the zoom.
const dragUnits = 120.0

// dragZoom zooms about where the drag began, by how far the pointer is above it or to the
// right.
func (s *Surface) dragZoom() {
	p := &s.pointer
	way := ((p.x - p.fromX) - (p.y - p.fromY)) / (dragUnits * s.screen.density)
	s.goTo(p.start.ScaleAbout(p.fromX, p.fromY, p.start.Scale*math.Exp2(way)))
}

// panBy moves the picture by device pixels, rounded to whole ones, which is the cheapest to
// draw.
func (s *Surface) panBy(dx, dy float64) {
	s.goTo(s.view.Pan(math.Round(dx), math.Round(dy)))
}
