package canvas

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
)

// Guide is the ID of the tool that draws guide lines: along which an edge is to go on.
const Guide = "guide"

// guideStep is the angle, in degrees, in whose multiples a line with Shift runs.
const guideStep = 15

// SetGuides shows guide lines, polylines in canvas pixels, which must not be changed afterwards.
func (s *Surface) SetGuides(lines [][]image.Point) {
	if slices.EqualFunc(s.guides, lines, slices.Equal[[]image.Point]) {
		return
	}
	s.guides = lines
	shown := make([][]view.Point, len(lines))
	for i, line := range lines {
		for _, p := range line {
			shown[i] = append(shown[i], view.Point{X: float64(p.X) + 0.5, Y: float64(p.Y) + 0.5})
		}
	}
	s.comp.SetLines(shown)
	s.changed()
}

// guideAt returns the index of the guide line at a device position, the nearest of several, -1 where none is.
func (s *Surface) guideAt(x, y float64) int {
	cx, cy := s.view.ToCanvas(x, y)
	nearest, at := s.reach(), -1
	for i, line := range s.guides {
		for k := range line[1:] {
			a, b := line[k], line[k+1]
			d := mask.Distance(tool.Point{X: cx, Y: cy}, tool.Point{X: float64(a.X) + 0.5, Y: float64(a.Y) + 0.5}, tool.Point{X: float64(b.X) + 0.5, Y: float64(b.Y) + 0.5})
			if d <= nearest {
				nearest, at = d, i
			}
		}
	}
	return at
}

// reach is how near, in canvas pixels, a click must come to something to count as on it.
func (s *Surface) reach() float64 { return 8 * s.screen.density / s.view.Scale }

// beginGuide begins a guide line with the pointer pressed.
func (s *Surface) beginGuide() {
	if s.want == nil || s.want.Size != s.shown.Size {
		return
	}
	p := s.toolPointer()
	s.pointer.act, s.pointer.path = ruling, []tool.Point{{X: p.X, Y: p.Y}}
	if s.OnGuideBegin != nil {
		s.OnGuideBegin()
	}
}

// dragGuide takes the line to where the pointer is.
func (s *Surface) dragGuide() {
	p := s.toolPointer()
	path, at := s.pointer.path, tool.Point{X: p.X, Y: p.Y}
	switch {
	case p.Shift:
		path = []tool.Point{path[0], tool.Snap(path[0], at, guideStep)}
	case !s.settings.Freehand:
		path = []tool.Point{path[0], at}
	case path[len(path)-1] != at:
		path = append(path, at)
	}
	s.pointer.path = path
	s.comp.SetOutline(path, false)
	s.changed()
}

// endGuide tells of the complete line, or of the one that was clicked.
func (s *Surface) endGuide() {
	s.comp.SetOutline(s.outline, true)
	s.changed()
	path := s.pointer.path
	s.pointer.path = nil
	if s.clicked() {
		at := s.guideAt(s.pointer.fromX, s.pointer.fromY)
		if at >= 0 && s.OnGuideRemove != nil {
			s.OnGuideRemove(at)
			return
		}
	} else if line := tool.Line(path, max(1/s.view.Scale, 0.5), document.MaxLinePoints); line != nil && s.OnGuide != nil {
		s.OnGuide(line)
		return
	}
	s.dropGuide()
}

// dropGuide tells that no line came of what was begun.
func (s *Surface) dropGuide() {
	if s.OnGesture != nil {
		s.OnGesture(false)
	}
}

// overGuide reports whether a click would remove a guide line.
func (s *Surface) overGuide() bool {
	return s.toolID == Guide && s.pointer.act == idle && s.guideAt(s.pointer.x, s.pointer.y) >= 0
}
