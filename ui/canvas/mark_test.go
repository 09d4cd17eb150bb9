package canvas_test

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/canvas"
)

// marker is a bench with quick selection in hand, and the marks that were told.
type marker struct {
	*bench
	marks []selection.Mark
	done  []bool
}

func newMarker(t *testing.T) *marker {
	t.Helper()
	m := &marker{bench: setUp(t, image.Pt(300, 200), 1, 1<<30)}
	m.surface.OnMark = func(mark selection.Mark, done bool) {
		m.marks, m.done = append(m.marks, mark), append(m.done, done)
	}
	m.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}})
	m.surface.SetTool(canvas.Quick)
	return m
}

func TestQuickSelectionReportsTheStrokeAsItGrows(t *testing.T) {
	m := newMarker(t)
	m.press(m.at(50, 60), desktop.MouseButtonPrimary)
	m.drag(m.at(80, 60))
	m.drag(m.at(90, 70))
	first := m.marks[0].Points
	m.release(m.at(90, 70), desktop.MouseButtonPrimary)
	m.surface.DragEnd()
	last := m.marks[len(m.marks)-1]
	if len(first) != 1 || len(last.Points) < 3 || last.Radius != 10 || last.Box || last.Outside {
		t.Errorf("the stroke begins with %v and ends as %+v", first, last)
	}
	for i, done := range m.done {
		if done != (i == len(m.done)-1) {
			t.Errorf("told as %v", m.done)
		}
	}
	if len(m.commits) != 0 {
		t.Errorf("the surface commits %v itself", m.commits)
	}
}

func TestQuickSelectionTakesAClickABoxAndCtrl(t *testing.T) {
	m := newMarker(t)
	m.mods = fyne.KeyModifierControl
	m.press(m.at(50, 60), desktop.MouseButtonPrimary)
	m.release(m.at(50, 60), desktop.MouseButtonPrimary)
	if len(m.marks) != 2 || !m.marks[1].Outside || len(m.marks[1].Points) != 1 || !m.done[1] {
		t.Errorf("a click with Ctrl is told as %+v", m.marks)
	}
	m.marks, m.done = nil, nil
	m.mods = fyne.KeyModifierShift
	m.press(m.at(50, 60), desktop.MouseButtonPrimary)
	m.drag(m.at(120, 90))
	if len(m.marks) != 0 {
		t.Error("a box is told before it is complete")
	}
	m.release(m.at(120, 90), desktop.MouseButtonPrimary)
	if len(m.marks) != 2 || !m.marks[1].Box || len(m.marks[1].Points) != 2 || !m.done[1] {
		t.Errorf("a box is told as %+v", m.marks)
	}
	m.marks = nil
	m.press(m.at(50, 60), desktop.MouseButtonPrimary)
	m.release(m.at(50, 60), desktop.MouseButtonPrimary)
	if len(m.marks) != 2 || m.marks[1].Box || len(m.marks[1].Points) != 1 || !m.done[len(m.done)-1] {
		t.Errorf("a box without a size is told as %+v, not as a click", m.marks)
	}
}

func TestEscDropsWhatIsSelectedBy(t *testing.T) {
	m := newMarker(t)
	m.press(m.at(50, 60), desktop.MouseButtonPrimary)
	m.drag(m.at(120, 90))
	if !m.surface.Cancel() {
		t.Error("nothing was dropped")
	}
	told := len(m.marks)
	m.release(m.at(120, 90), desktop.MouseButtonPrimary)
	if len(m.marks) != told {
		t.Error("a stroke that was dropped is told")
	}
}
