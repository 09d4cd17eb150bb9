package document_test

import (
	"image"
	"reflect"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// lines returns n guide lines.
func lines(n int) (list [][]image.Point) {
	for i := range n {
		list = append(list, []image.Point{{10, 10 * i}, {150, 10*i + 5}})
	}
	return list
}

func TestGuideLinesAreStepsOfTheirOwn(t *testing.T) {
	d := opened(200, 150, 1)
	paint(d, image.Rect(60, 50, 120, 100))
	var last document.Step
	defer d.Subscribe(func(s document.Step) { last = s })()
	two := lines(2)
	if !d.SetLines(document.StepGuide, two[:1]) || !d.SetLines(document.StepGuide, two) {
		t.Fatal("lines were refused")
	}
	if want := image.Rect(10, 0, 151, 16); last.Name != document.StepGuide || last.Dirty != want {
		t.Errorf("told of %q in %v, want %v", last.Name, last.Dirty, want)
	}
	if d.SetLines(document.StepGuide, lines(2)) {
		t.Error("the same lines again are a step")
	}
	if d.HistoryBytes() <= 0 {
		t.Error("the lines aren't accounted for")
	}
	d.Undo()
	if got := d.State().Lines; !reflect.DeepEqual(got, two[:1]) {
		t.Errorf("after undo there are %v", got)
	}
	if d.State().Mask.Empty() {
		t.Error("undoing a line took the mask")
	}
	d.Redo()
	if got := d.State().Lines; !reflect.DeepEqual(got, two) {
		t.Errorf("after redo there are %v", got)
	}
}

// What no edit can have is refused, and nothing changes.
func TestImpossibleGuideLinesAreRefused(t *testing.T) {
	d := opened(200, 150, 1)
	for what, list := range map[string][][]image.Point{
		"too many":       lines(document.MaxLines + 1),
		"a single point": {{image.Pt(3, 4)}},
		"no point":       {nil},
		"too long":       {make([]image.Point, document.MaxLinePoints+1)},
		"too far":        {{image.Pt(0, 0), image.Pt(1<<40, 0)}},
	} {
		if d.SetLines(document.StepGuide, list) || d.State().Lines != nil || d.Modified() {
			t.Errorf("%s: taken", what)
		}
	}
}

func TestAGuideLineIsMovedInOneStep(t *testing.T) {
	d := opened(200, 150, 1)
	two := lines(2)
	d.SetLines(document.StepGuide, two)
	var last document.Step
	defer d.Subscribe(func(s document.Step) { last = s })()
	moved := document.Dragged(two[1], -1, image.Pt(3, 40))
	if want := []image.Point{{13, 50}, {153, 55}}; !reflect.DeepEqual(moved, want) {
		t.Errorf("the line was dragged to %v, want %v", moved, want)
	}
	if !d.MoveLine(1, moved) || last.Name != document.StepGuideMove || last.Dirty != image.Rect(10, 0, 154, 56) {
		t.Errorf("told of %q in %v", last.Name, last.Dirty)
	}
	end := document.Dragged(moved, 0, image.Pt(-30, -2))
	if !d.MoveLine(1, end) {
		t.Error("a point wasn't moved")
	}
	if got, want := d.State().Lines, [][]image.Point{two[0], {{-17, 48}, {153, 55}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the lines are %v, want %v", got, want)
	}
	d.MoveLine(0, []image.Point{{10, 0}, {90, 9}, {90, 9}, {10, 0}})
	if got, want := d.State().Lines[0], []image.Point{{10, 0}, {90, 9}, {10, 0}}; !reflect.DeepEqual(got, want) {
		t.Errorf("a point that was dragged onto the next became %v, want %v", got, want)
	}
	d.Undo()
	d.Undo()
	if got := d.State().Lines[1]; !reflect.DeepEqual(got, moved) {
		t.Errorf("after undo the line is %v, want %v", got, moved)
	}
	d.Undo()
	if got := d.State().Lines; !reflect.DeepEqual(got, lines(2)) {
		t.Errorf("after two the lines are %v", got)
	}
}

func TestAGuideLineIsNotMovedToWhereNoneCanBe(t *testing.T) {
	d := opened(200, 150, 1)
	d.SetLines(document.StepGuide, lines(2))
	before := d.State()
	for what, move := range map[string]struct {
		i    int
		line []image.Point
	}{
		"nowhere":    {0, lines(1)[0]},
		"to a pixel": {0, []image.Point{{7, 8}, {7, 8}}},
		"to nothing": {0, nil},
		"too far":    {0, []image.Point{{0, 0}, {1 << 28, 0}}},
		"none":       {2, []image.Point{{0, 0}, {9, 9}}},
		"below none": {-1, []image.Point{{0, 0}, {9, 9}}},
	} {
		if d.MoveLine(move.i, move.line) || d.State() != before {
			t.Errorf("%s: moved", what)
		}
	}
}

// However far a line or a point is dragged, it stays where a document can have it, and whole.
func TestAGuideLineIsDraggedNoFartherThanItCanBe(t *testing.T) {
	line := []image.Point{{10, 20}, {150, 25}, {160, -40}}
	for _, by := range []image.Point{{1 << 40, 3}, {-1 << 40, 1 << 40}, {5, -1 << 40}, {1<<28 - 161, 0}, {1 << 28, 0}} {
		all := document.Dragged(line, -1, by)
		for i := range line {
			if all[i].Sub(all[0]) != line[i].Sub(line[0]) {
				t.Errorf("by %v the line became %v", by, all)
			}
		}
		one := document.Dragged(line, 1, by)
		if one[0] != line[0] || one[2] != line[2] {
			t.Errorf("by %v the other points became %v", by, one)
		}
		if !document.ValidLines([][]image.Point{all, one}) {
			t.Errorf("by %v they can't be: %v, %v", by, all, one)
		}
	}
	if line[0] != image.Pt(10, 20) || line[1] != image.Pt(150, 25) {
		t.Errorf("the line itself became %v", line)
	}
}

// Guide lines are the edit's that is being prepared: they go with its mask, and come back with it.
func TestGuideLinesGoWithTheMask(t *testing.T) {
	for what, end := range map[string]func(d *document.Document){
		"cleared": func(d *document.Document) {
			d.Paint("step.none", document.Target{}, mask.New(200, 150))
		},
		"used": func(d *document.Document) { accept(t, d, 2) },
		"refined": func(d *document.Document) {
			d.Refine(made(d.State(), 1, 2), box(d.State().Size, image.Rect(1, 1, 9, 9)))
		},
	} {
		d := opened(200, 150, 1)
		paint(d, image.Rect(60, 50, 120, 100))
		d.SetLines(document.StepGuide, lines(1))
		var told document.Step
		cancel := d.Subscribe(func(s document.Step) { told = s })
		end(d)
		cancel()
		if d.State().Lines != nil {
			t.Errorf("%s: the lines stay", what)
		}
		if !image.Rect(10, 0, 151, 6).In(told.Dirty) {
			t.Errorf("%s: told of %v, where the line was not", what, told.Dirty)
		}
		d.Undo()
		if !reflect.DeepEqual(d.State().Lines, lines(1)) {
			t.Errorf("%s: undo brings back %v", what, d.State().Lines)
		}
	}
	d := opened(200, 150, 1)
	d.SetLines(document.StepGuide, lines(1))
	paint(d, image.Rect(60, 50, 120, 100))
	if len(d.State().Lines) != 1 {
		t.Error("painting the mask took the line that was drawn before")
	}
	if d.State().Original().Lines != nil {
		t.Error("the original has lines")
	}
}

func TestGuideLinesMoveWithThePicture(t *testing.T) {
	d := opened(200, 150, 1)
	d.SetLines(document.StepGuide, lines(2))
	if err := d.Extend(40, 30, 0, 0); err != nil {
		t.Fatal(err)
	}
	want := [][]image.Point{{{50, 30}, {190, 35}}, {{50, 40}, {190, 45}}}
	if got := d.State().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("lines at %v, want %v", got, want)
	}
	d.Undo()
	if got := d.State().Lines; !reflect.DeepEqual(got, lines(2)) {
		t.Errorf("undo leaves them at %v", got)
	}
}
