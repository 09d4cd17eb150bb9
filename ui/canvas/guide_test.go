package canvas_test

import (
	"bytes"
	"image"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/canvas"
)

// ruler is a bench with the guide tool in hand, and what was told of lines.
type ruler struct {
	*bench
	begun   int
	lines   [][]image.Point
	removed []int
}

func newRuler(t *testing.T, freehand bool) *ruler {
	t.Helper()
	r := &ruler{bench: setUp(t, image.Pt(300, 200), 1, 1<<30)}
	r.surface.OnGuideBegin = func() { r.begun++ }
	r.surface.OnGuide = func(line []image.Point) { r.lines = append(r.lines, line) }
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
