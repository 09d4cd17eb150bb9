package canvas_test

import (
	"bytes"
	"image"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/canvas"
)

// ruler is a bench with the guide tool in hand, and what was told of lines.
type ruler struct {
	*bench
	begun   int
	lines   [][]image.Point
	moved   map[int][]image.Point
	removed []int
}

func newRuler(t *testing.T, freehand bool) *ruler {
	t.Helper()
	r := &ruler{bench: setUp(t, image.Pt(300, 200), 1, 1<<30)}
	r.surface.OnGuideBegin = func() { r.begun++ }
	r.surface.OnGuide = func(line []image.Point) { r.lines = append(r.lines, line) }
	r.moved = map[int][]image.Point{}
	r.surface.OnGuideMove = func(i int, line []image.Point) { r.moved[i] = line }
	r.surface.OnGuideRemove = func(i int) { r.removed = append(r.removed, i) }
	r.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}, Freehand: freehand})
	r.surface.SetTool(canvas.Guide)
	return r
}

// draw drags from pixel to pixel.
func (r *ruler) draw(points ...image.Point) {
	for i, p := range points {
		at := r.at(float64(p.X), float64(p.Y))
		if i == 0 {
			r.press(at, desktop.MouseButtonPrimary)
		}
		r.drag(at)
	}
	last := points[len(points)-1]
	r.release(r.at(float64(last.X), float64(last.Y)), desktop.MouseButtonPrimary)
}

func TestGuideLineIsStraightOrFollowsThePointer(t *testing.T) {
	path := []image.Point{{40, 60}, {90, 140}, {200, 70}}
	r := newRuler(t, false)
	r.draw(path...)
	if len(r.lines) != 1 || len(r.lines[0]) != 2 || r.lines[0][0] != path[0] || r.lines[0][1] != path[2] {
		t.Errorf("a straight line became %v", r.lines)
	}
	r = newRuler(t, true)
	r.draw(path...)
	if len(r.lines) != 1 || len(r.lines[0]) != 3 || r.lines[0][1] != path[1] {
		t.Errorf("a freehand line became %v", r.lines)
	}
	if r.begun != 1 || len(r.commits) != 0 {
		t.Errorf("begun %d times, commits %v", r.begun, r.commits)
	}
	r.mods = fyne.KeyModifierShift
	r.draw(path...)
	line := r.lines[1]
	degrees := math.Atan2(float64(line[1].Y-line[0].Y), float64(line[1].X-line[0].X)) * 180 / math.Pi
	if len(line) != 2 || math.Abs(degrees) > 0.5 {
		t.Errorf("with Shift it became %v, at %.1f degrees", line, degrees)
	}
}

func TestGuideLineIsRemovedByAClick(t *testing.T) {
	r := newRuler(t, false)
	plain := r.shown()
	r.surface.SetGuides([][]image.Point{{{20, 30}, {280, 30}}, {{20, 150}, {150, 100}, {280, 150}}})
	r.settle()
	if bytes.Equal(plain.Pix, r.shown().Pix) {
		t.Error("the lines aren't seen")
	}
	r.draw(image.Pt(150, 102))
	r.draw(image.Pt(200, 32))
	if len(r.removed) != 2 || r.removed[0] != 1 || r.removed[1] != 0 || len(r.lines) != 0 {
		t.Errorf("removed %v, drawn %v", r.removed, r.lines)
	}
	r.gestures = nil
	r.draw(image.Pt(150, 70))
	if len(r.removed) != 2 || len(r.lines) != 0 || len(r.gestures) != 1 || r.gestures[0] {
		t.Errorf("a click beside them removed %v, drew %v, told %v", r.removed, r.lines, r.gestures)
	}
	r.hover(r.at(100, 31))
	if r.surface.Cursor() != desktop.PointerCursor {
		t.Error("the pointer doesn't show that a click would remove the line")
	}
	r.surface.SetGuides(nil)
	r.settle()
	if !bytes.Equal(plain.Pix, r.shown().Pix) {
		t.Error("the lines stay on the screen")
	}
}

func TestGuideLineThatIsCancelledIsNone(t *testing.T) {
	r := newRuler(t, false)
	r.press(r.at(40, 60), desktop.MouseButtonPrimary)
	r.drag(r.at(140, 60))
	if !r.surface.Cancel() {
		t.Error("there was nothing to cancel")
	}
	r.release(r.at(140, 60), desktop.MouseButtonPrimary)
	if len(r.lines) != 0 || len(r.gestures) != 1 || r.gestures[0] {
		t.Errorf("drawn %v, told %v", r.lines, r.gestures)
	}
}

// twoLines are a level one and one with a bend.
func twoLines() [][]image.Point {
	return [][]image.Point{{{20, 30}, {280, 30}}, {{20, 150}, {150, 100}, {280, 150}}}
}

// At every zoom a press near a point drags it, and one on the line between them drags all of it.
func TestGuideLineIsDragged(t *testing.T) {
	for _, scale := range []float64{0.5, 1, 4} {
		r := newRuler(t, true)
		r.surface.ZoomTo(scale)
		r.surface.SetGuides(twoLines())
		reach := int(7 / scale) // in canvas pixels
		r.draw(image.Pt(150-reach, 100), image.Pt(130, 120), image.Pt(160-reach, 80))
		if want := []image.Point{{20, 150}, {160, 80}, {280, 150}}; !slices.Equal(r.moved[1], want) {
			t.Errorf("at a scale of %v the point was dragged to %v, want %v", scale, r.moved[1], want)
		}
		r.draw(image.Pt(150, 30+reach), image.Pt(140, 60+reach))
		if want := []image.Point{{10, 60}, {270, 60}}; !slices.Equal(r.moved[0], want) {
			t.Errorf("at a scale of %v the line was dragged to %v, want %v", scale, r.moved[0], want)
		}
		if r.begun != 2 || len(r.lines)+len(r.removed)+len(r.gestures) != 0 {
			t.Errorf("begun %d times, drawn %v, removed %v, told %v", r.begun, r.lines, r.removed, r.gestures)
		}
	}
}

func TestGuideLineIsDraggedUnderKeys(t *testing.T) {
	r := newRuler(t, false)
	r.surface.SetGuides(twoLines())
	r.mods = fyne.KeyModifierShift
	r.draw(image.Pt(280, 30), image.Pt(260, 50), image.Pt(200, 36))
	if want := []image.Point{{20, 30}, {200, 30}}; !slices.Equal(r.moved[0], want) {
		t.Errorf("with Shift the end was dragged to %v, want %v", r.moved[0], want)
	}
	r.mods = fyne.KeyModifierControl
	r.draw(image.Pt(280, 30), image.Pt(270, 90))
	if len(r.lines) != 1 || r.lines[0][0] != image.Pt(280, 30) || r.lines[0][1] != image.Pt(270, 90) || len(r.moved) != 1 {
		t.Errorf("with Ctrl these were drawn on the end of a line: %v; moved: %v", r.lines, r.moved)
	}
}

// The screen shows what would be held, then where it is dragged to, and after Esc what was there.
func TestGuideLineIsSeenWhereItIsDraggedTo(t *testing.T) {
	r := newRuler(t, false)
	lines := twoLines()
	r.surface.SetGuides(lines)
	shows := func(what string, mark view.LineMark, lines ...[]image.Point) {
		t.Helper()
		r.settle()
		shown := make([][]view.Point, len(lines))
		for i, line := range lines {
			for _, p := range line {
				shown[i] = append(shown[i], view.Point{X: float64(p.X) + 0.5, Y: float64(p.Y) + 0.5})
			}
		}
		t.Log(what)
		r.compare(func(c *view.Compositor) { c.SetLines(shown, mark) })
	}
	shows("nothing held", view.NoLine, lines...)
	r.hover(r.at(100, 32))
	shows("over a line", view.LineMark{Line: 0, Point: -1}, lines...)
	r.hover(r.at(150, 102))
	shows("over a point", view.LineMark{Line: 1, Point: 1}, lines...)
	r.mods = fyne.KeyModifierControl
	r.surface.KeyDown(&fyne.KeyEvent{})
	shows("with Ctrl", view.NoLine, lines...)
	r.mods = 0
	r.surface.KeyUp(&fyne.KeyEvent{})
	r.press(r.at(150, 102), desktop.MouseButtonPrimary)
	r.drag(r.at(151, 103))
	shows("pressed", view.LineMark{Line: 1, Point: 1}, lines...)
	r.drag(r.at(170, 62))
	if r.surface.Cursor() != desktop.PointerCursor {
		t.Error("the pointer changes while a point is dragged")
	}
	shows("dragged", view.LineMark{Line: 1, Point: 1}, lines[0], []image.Point{{20, 150}, {170, 60}, {280, 150}})
	if !r.surface.Cancel() {
		t.Error("there was nothing to cancel")
	}
	shows("cancelled", view.NoLine, lines...)
	r.release(r.at(170, 62), desktop.MouseButtonPrimary)
	if len(r.moved)+len(r.removed)+len(r.lines) != 0 || len(r.gestures) != 1 || r.gestures[0] {
		t.Errorf("cancelled, and moved %v, removed %v, drew %v, told %v", r.moved, r.removed, r.lines, r.gestures)
	}
	r.hover(r.at(100, 32))
	r.surface.MouseOut()
	shows("with the pointer elsewhere", view.NoLine, lines...)
	r.hover(r.at(100, 32))
	r.surface.SetTool(canvas.Hand)
	shows("with another tool", view.NoLine, lines...)
}

// A line that was dragged about and brought back was not clicked.
func TestGuideLineThatIsBroughtBackStays(t *testing.T) {
	r := newRuler(t, false)
	r.surface.SetGuides(twoLines())
	r.draw(image.Pt(150, 30), image.Pt(150, 90), image.Pt(150, 30))
	if len(r.removed) != 0 || !slices.Equal(r.moved[0], twoLines()[0]) {
		t.Errorf("removed %v, moved %v", r.removed, r.moved)
	}
}

// Where the lines change while one is dragged, as by undo, nothing is moved.
func TestGuideLineThatGoesWhileItIsDragged(t *testing.T) {
	r := newRuler(t, false)
	r.surface.SetGuides(twoLines())
	r.press(r.at(150, 102), desktop.MouseButtonPrimary)
	r.drag(r.at(170, 62))
	r.surface.SetGuides(twoLines()[:1])
	r.drag(r.at(180, 62))
	r.release(r.at(180, 62), desktop.MouseButtonPrimary)
	if len(r.moved)+len(r.removed)+len(r.lines) != 0 || len(r.gestures) != 1 || r.gestures[0] {
		t.Errorf("moved %v, removed %v, drew %v, told %v", r.moved, r.removed, r.lines, r.gestures)
	}
}
