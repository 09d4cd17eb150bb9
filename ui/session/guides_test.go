package session_test

import (
	"image"
	"path/filepath"
	"reflect"
	"testing"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

var shore = []image.Point{{X: 10, Y: 50}, {X: 150, Y: 62}}

// guide draws a guide line as the canvas does.
func (b *bench) guide(line []image.Point) {
	b.BeginGuide()
	b.AddGuide(line)
}

// lines checks the guide lines that are seen.
func (b *bench) lines(what string, want ...[]image.Point) {
	b.Helper()
	if got := b.View().Guides; len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		b.Errorf("%s: guide lines %v, want %v", what, got, want)
	}
}

func TestGuideLinesAreStepsThatCanBeUndone(t *testing.T) {
	b := ready(t)
	wire := []image.Point{{X: 0, Y: 0}, {X: 80, Y: 10}, {X: 159, Y: 0}}
	b.guide(shore)
	b.guide(wire)
	b.lines("drawn", shore, wire)
	if steps := b.Steps(); len(steps) != 3 || steps[2].Name.String() != "Guide line" {
		t.Errorf("the steps are %v", steps)
	}
	if b.Editing().Stroke {
		t.Error("a stroke is still under way")
	}
	b.Undo()
	b.lines("undone", shore)
	b.Redo()
	b.lines("done again", shore, wire)
	b.RemoveGuide(0)
	b.lines("removed", wire)
	b.RemoveGuide(7)
	moved := []image.Point{{X: 0, Y: 9}, {X: 80, Y: 19}, {X: 159, Y: 9}}
	b.BeginGuide()
	b.MoveGuide(0, moved)
	b.lines("moved", moved)
	if steps := b.Steps(); steps[len(steps)-1].Name.String() != "Move guide line" || b.Editing().Stroke {
		t.Errorf("moving is the step %q", steps[len(steps)-1].Name)
	}
	b.Undo()
	b.lines("moved back", wire)
	b.BeginGuide()
	b.MoveGuide(4, moved)
	if b.Editing().Stroke {
		t.Error("a stroke is still under way")
	}
	b.Undo()
	b.lines("brought back", shore, wire)
	b.ClearGuides()
	b.lines("cleared")
	if b.Can("guides_clear") || b.mask().Empty() {
		t.Error("there are lines to clear, or the mask is gone")
	}
	b.Undo()
	b.ChangeMask(session.MaskNone, 0)
	b.until("no mask", func() bool { return b.mask().Empty() })
	b.lines("gone with the mask")
	b.Undo()
	b.lines("back with the mask", shore, wire)
}

func TestAGuideLineThatIsDroppedIsNoStep(t *testing.T) {
	b := ready(t)
	b.BeginGuide()
	b.Escape()
	if b.shapes != 1 || b.Editing().Stroke || len(b.Steps()) != 1 {
		t.Errorf("%d shapes were dropped, steps %v", b.shapes, b.Steps())
	}
	b.BeginGuide()
	b.AddGuide([]image.Point{{X: 1, Y: 1}})
	if b.Editing().Stroke || len(b.Steps()) != 1 {
		t.Error("a single point is a line")
	}
	for range document.MaxLines {
		b.guide(shore)
	}
	b.guide(shore)
	b.noticed("guide.many")
	if n := len(b.View().Guides); n != document.MaxLines {
		t.Errorf("there are %d lines", n)
	}
}

// The lines are seen with the mask that they belong to: not over a variant, nor while a result is painted on.
func TestGuideLinesAreSeenWithTheirMask(t *testing.T) {
	b := ready(t)
	b.guide(shore)
	b.ToggleMask()
	b.lines("with the mask hidden")
	b.BeginGuide()
	b.lines("when the next begins", shore)
	b.EndStroke()
	e, id := b.generate()
	b.begins(id)
	v := b.arrives(e, id, 0, 250)
	b.Choose(v)
	b.lines("over a variant")
	b.BeginGuide()
	b.lines("when one begins over a variant", shore)
	b.AddGuide(shore[:2:2])
	if len(b.Results()) != 0 {
		t.Error("a line accepted the variant")
	}
	b.Use(v)
	b.lines("once it was used")
	b.Undo()
	b.lines("and that undone", shore, shore)
}

// The built-in engine is asked with the lines in the window's pixels, a service without.
func TestGenerateHandsOnGuideLines(t *testing.T) {
	b := ready(t)
	b.guide(shore)
	if b.Tool().GuidesIgnored != true {
		t.Error("the tool doesn't say that the service ignores lines")
	}
	_, id := b.generate()
	if got := b.service.seen().edits[id].Job.Request().Lines; got != nil {
		t.Errorf("the service is asked with %v", got)
	}
	b.ChooseServices(settings.Builtin)
	b.planned()
	if b.Tool().GuidesIgnored {
		t.Error("the tool says that the built-in engine ignores lines")
	}
	_, id = b.generate()
	asked := b.service.seen().edits[id].Job
	min := asked.Plan().Window.Min
	want := [][]image.Point{{shore[0].Sub(min), shore[1].Sub(min)}}
	if got := asked.Request().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("the engine is asked with %v, want %v", got, want)
	}
}

func TestGuideLinesAreSavedAndReadBack(t *testing.T) {
	b := ready(t)
	b.guide(shore)
	b.until("an autosave", func() bool {
		kept, ok := b.kept()
		return ok && reflect.DeepEqual(kept.State.Lines, [][]image.Point{shore})
	})
	b.saveProject(t)
	b.Open(filepath.Join(b.folder, "lake.overpaint"))
	b.until("the project", func() bool { return b.Document().Name == "lake.overpaint" })
	b.lines("opened again", shore)
	if b.Document().Modified {
		t.Error("the opened project is modified")
	}
	p, err := document.OpenProject(filepath.Join(b.folder, "lake.overpaint"), picture.DefaultLimits)
	if err != nil || !reflect.DeepEqual(p.State.Lines, [][]image.Point{shore}) {
		t.Errorf("the file holds %v (%v)", p.State.Lines, err)
	}
}
