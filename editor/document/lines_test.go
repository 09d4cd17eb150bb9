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
