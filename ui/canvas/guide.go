package canvas

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
)

// Guide is the ID of the tool that draws guide lines: along which an edge is to go on.
const Guide = "guide"

// guideStep is the angle, in degrees, in whose multiples a line with Shift runs.
const guideStep = 15

// ruled is a press with the guide tool: a line that is drawn, or what of one is dragged.
type ruled struct {
	path  []tool.Point  // of the line that is drawn
	grip  tool.Grip     // what is dragged instead
	moved bool          // the pointer has gone farther than a click
	line  []image.Point // where the line that is held is dragged to, nil before it has moved
}

// SetGuides shows guide lines, polylines in canvas pixels, which must not be changed afterwards. Where
// they are others than before, a drag of one is dropped.
func (s *Surface) SetGuides(lines [][]image.Point) {
	if slices.EqualFunc(s.guides, lines, slices.Equal[[]image.Point]) {
		return
	}
	s.guides = lines
	if s.pointer.act == ruling && s.pointer.ruled.grip.Held() {
		s.cancelDrag()
	}
	s.showGuides()
	s.changed()
}

// showGuides shows the guide lines as they are, or would be if the drag ended now, and marks what is
// held of them.
func (s *Surface) showGuides() {
	grip := s.guideHeld()
	s.held = grip
	shown := make([][]view.Point, len(s.guides))
	for i, line := range s.guides {
		if dragged := s.pointer.ruled.line; i == grip.Line && dragged != nil {
			line = dragged
		}
		for _, p := range line {
			shown[i] = append(shown[i], view.Point{X: float64(p.X) + 0.5, Y: float64(p.Y) + 0.5})
		}
	}
	s.comp.SetLines(shown, view.LineMark(grip))
}

// guideHeld returns what of the guide lines is held, or would be by a press.
func (s *Surface) guideHeld() tool.Grip {
	p := &s.pointer
	switch {
	case s.toolID != Guide:
	case p.act == ruling:
		return p.ruled.grip
	case p.act == idle && p.over && !s.space && s.shown != nil && s.compare != view.CompareSides && s.gripAt(p.x, p.y) == noGrip:
		return s.guideAt(p.x, p.y)
	}
	return tool.Grip{Line: -1, Point: -1}
}

// guideAt returns what a press at a device position holds of the guide lines: nothing with Ctrl, which
// begins a line anywhere.
func (s *Surface) guideAt(x, y float64) tool.Grip {
	if s.toolPointer().Ctrl {
		return tool.Grip{Line: -1, Point: -1}
	}
	cx, cy := s.view.ToCanvas(x, y)
	return tool.GripAt(s.guides, tool.Point{X: cx, Y: cy}, s.reach())
}

// markGuide marks what a press would hold of the guide lines.
func (s *Surface) markGuide() {
	if len(s.guides) > 0 && s.guideHeld() != s.held {
		s.showGuides()
		s.changed()
	}
}

// reach is how near, in canvas pixels, a press must come to something to count as on it.
func (s *Surface) reach() float64 { return 8 * s.screen.density / s.view.Scale }

// beginGuide takes hold of what there is of guide lines under the pointer, or begins a line.
func (s *Surface) beginGuide() {
	if s.want == nil || s.want.Size != s.shown.Size {
		return
	}
	p := s.toolPointer()
	s.pointer.ruled = ruled{path: []tool.Point{{X: p.X, Y: p.Y}}, grip: s.guideAt(s.pointer.x, s.pointer.y)}
	s.pointer.act = ruling
	if s.OnGuideBegin != nil {
		s.OnGuideBegin()
	}
}

// dragGuide takes the line, or what is held of one, to where the pointer is.
func (s *Surface) dragGuide() {
	r := &s.pointer.ruled
	if r.moved = r.moved || !s.clicked(); !r.moved && r.grip.Held() {
		return
	}
	p := s.toolPointer()
	path, at := r.path, tool.Point{X: p.X, Y: p.Y}
	switch {
	case r.grip.Held():
		step := 0.0
		if p.Shift {
			step = guideStep
		}
		line := s.guides[r.grip.Line]
		r.line = document.Dragged(line, r.grip.Point, r.grip.Shift(line, path[0], at, step))
		s.showGuides()
		s.changed()
		return
	case p.Shift:
		path = []tool.Point{path[0], tool.Snap(path[0], at, guideStep)}
	case !s.settings.Freehand:
		path = []tool.Point{path[0], at}
	case path[len(path)-1] != at:
		path = append(path, at)
	}
	r.path = path
	s.comp.SetOutline(path, false)
	s.changed()
}

// endGuide tells of the complete line, of the one that was moved, or of the one that was clicked.
func (s *Surface) endGuide() {
	r := s.pointer.ruled
	s.endRuled()
	switch {
	case r.grip.Held() && r.line != nil:
		if s.OnGuideMove != nil {
			s.OnGuideMove(r.grip.Line, r.line)
			return
		}
	case r.grip.Held():
		if s.OnGuideRemove != nil {
			s.OnGuideRemove(r.grip.Line)
			return
		}
	case !s.clicked():
		line := tool.Line(r.path, max(1/s.view.Scale, 0.5), document.MaxLinePoints)
		if line != nil && s.OnGuide != nil {
			s.OnGuide(line)
			return
		}
	}
	s.dropGuide()
}

// endRuled shows the guide lines without what was drawn or dragged.
func (s *Surface) endRuled() {
	s.pointer.ruled = ruled{}
	s.comp.SetOutline(s.outline, true)
	s.showGuides()
	s.changed()
}

// dropGuide tells that no line came of what was begun.
func (s *Surface) dropGuide() {
	if s.OnGesture != nil {
		s.OnGesture(false)
	}
}
