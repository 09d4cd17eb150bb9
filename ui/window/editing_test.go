package window

import (
	"fmt"
	"image"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
	"overpaint/editor/region"
	"overpaint/ui/dialogs"
)

// TestShortcutsAreTheDrivers names what Fyne's driver makes of these keys; a
// shortcut of another name is never heard.
func TestShortcutsAreTheDrivers(t *testing.T) {
	for _, c := range []struct {
		key  fyne.KeyName
		mod  fyne.KeyModifier
		want string
	}{
		{fyne.KeyZ, ctrl, (&fyne.ShortcutUndo{}).ShortcutName()},
		{fyne.KeyY, ctrl, (&fyne.ShortcutRedo{}).ShortcutName()},
		{fyne.KeyA, ctrl, (&fyne.ShortcutSelectAll{}).ShortcutName()},
		{fyne.KeyV, ctrl, (&fyne.ShortcutPaste{}).ShortcutName()},
		{fyne.KeyZ, ctrlShift, "CustomDesktop:Shift+Control+Z"},
		{fyne.KeyS, ctrl, "CustomDesktop:Control+S"},
	} {
		if got := shortcut(c.key, c.mod).ShortcutName(); got != c.want {
			t.Errorf("%s is %q, want %q", c.key, got, c.want)
		}
	}
}

func TestStepLabels(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for _, c := range []struct {
		language string
		step     stepName
		want     string
	}{
		{"en", "", "Undo"}, {"en", "step.brush", "Undo brush stroke"}, {"en", document.StepAddResult, "Undo use result"},
		{"zh", "", "撤销"}, {"zh", "step.invert", "撤销：" + "反转蒙版"},
	} {
		text.Use(c.language)
		if got := c.step.label("menu.undo"); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.language, c.step, got, c.want)
		}
	}
}

// TestKeyboardIsListed checks that the list says what each key does.
func TestKeyboardIsListed(t *testing.T) {
	for _, k := range keyboard {
		if !text.Has("keyboard." + k.does) {
			t.Errorf("%s: %q has no name", k.keys, k.does)
		}
	}
}

// TestStepsHaveNames checks that the menu can name every step that there is.
func TestStepsHaveNames(t *testing.T) {
	for _, step := range []string{"step.brush", "step.eraser", "step.rectangle", "step.ellipse", "step.lasso", "step.polygon", "step.wand",
		"step.all", "step.none", "step.invert", "step.grow", "step.shrink", "step.feather", "step.fill_holes", "step.transparency",
		"step.load", "step.result_mask", document.StepExtend, document.StepAddResult, document.StepRefine, document.StepSwap, document.StepChangeResult,
		document.StepShowResult, document.StepHideResult, document.StepRenameResult, document.StepMoveResult, document.StepRemoveResult} {
		if !text.Has(step) {
			t.Errorf("%s has no name", step)
		}
	}
}

// TestMissingReferencesAreNamed has a file that is gone and one of the history
// whose entry was deleted: the first by its name, the second as the panel shows it.
func TestMissingReferencesAreNamed(t *testing.T) {
	text.Use("en")
	t.Cleanup(func() { text.Use("") })
	mine, kept := filepath.Join(t.TempDir(), "cat.png"), filepath.Join(t.TempDir(), "0badcafe")
	names := map[string]string{kept: "Picture 2 from the history"}
	for path, want := range map[string]string{mine: "cat.png is no longer", kept: "Picture 2 from the history can't be sent: its edit was deleted"} {
		_, err := new(references).read([]string{path}, names)
		if e := api.AsError(err); e == nil || e.Kind != api.KindInput || !strings.Contains(dialogs.Sentence(e.Text()), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestFileErrorsArePlain(t *testing.T) {
	text.Use("en")
	t.Cleanup(func() { text.Use("") })
	path := filepath.Join("somewhere", "holiday.overpaint")
	for _, c := range []struct {
		err  error
		want string
	}{
		{projectError(path, &document.NewerError{Version: 9}), "newer version of Overpaint"},
		{projectError(path, fmt.Errorf("zip: %w", document.ErrNotProject)), "not an Overpaint project"},
		{projectError(path, fmt.Errorf("part: %w", document.ErrDamaged)), "damaged"},
		{projectError(path, &document.SizeError{Width: 50000, Height: 40000, MaxPixels: 400e6}), "50000 x 40000"},
		{projectError(path, fs.ErrNotExist), "There is no file holiday.overpaint"},
	} {
		e := api.AsError(c.err)
		if got := dialogs.Sentence(e.Text()); !strings.Contains(got, c.want) || e.Kind != api.KindInput {
			t.Errorf("%v: %q (%s), want %q", c.err, got, e.Kind, c.want)
		}
	}
}

func TestRecentLabel(t *testing.T) {
	t.Setenv("HOME", "/home/li")
	for path, want := range map[string]string{
		"/home/li/photos/sea.jpg": "sea.jpg   ~/photos",
		"/mnt/sea.jpg":            "sea.jpg   /mnt",
		"/mnt/a/very/long/way/down/to/the/folder/of/it/sea.jpg": "sea.jpg   …ng/way/down/to/the/folder/of/it",
	} {
		got := recentLabel(path)
		folder := strings.TrimPrefix(got, "sea.jpg   ")
		if n := len([]rune(folder)); got != want && (n != 36 || !strings.HasSuffix(got, "folder/of/it")) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// flat is a state of a grey picture.
func flat(w, h int) *document.State {
	pix := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range pix.Pix {
		pix.Pix[i] = 200
		if i%4 == 3 {
			pix.Pix[i] = 255
		}
	}
	return document.NewState(&picture.Picture{Pix: pix})
}

// resultOn lays a white answer over a rectangle.
func resultOn(t *testing.T, s *document.State, x, y, w, h int, opacity float64) *document.Result {
	t.Helper()
	m := mask.Rectangle(s.Size, mask.Point{X: float64(x), Y: float64(y)}, mask.Point{X: float64(x + w), Y: float64(y + h)})
	plan, err := region.NewPlan(m, region.Limits{}, region.Options{Context: 1.5, Min: 16, Grow: 4})
	if err != nil {
		t.Fatal(err)
	}
	answer := image.NewNRGBA(image.Rectangle{Max: plan.Send})
	for i := range answer.Pix {
		answer.Pix[i] = 255
	}
	b := region.DefaultBlend()
	b.Opacity = opacity
	v, err := document.NewVariant(nil, 0, answer, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return document.NewResult(s, document.Edit{Plan: plan, Mask: m, Blend: b}, []*document.Variant{v}, 0)
}

func TestResultAt(t *testing.T) {
	s := flat(300, 200)
	s = s.WithResult(resultOn(t, s, 40, 40, 60, 60, 1))
	s = s.WithResult(resultOn(t, s, 80, 80, 60, 60, 0)) // can't be seen, yet is there
	for _, c := range []struct {
		at   image.Point
		want document.ID
	}{
		{image.Pt(50, 50), s.Results[0].ID}, {image.Pt(90, 90), s.Results[1].ID}, {image.Pt(130, 130), s.Results[1].ID}, {image.Pt(34, 60), s.Results[0].ID},
		{image.Pt(250, 150), none}, {image.Pt(-5, 50), none}, {image.Pt(300, 200), none},
	} {
		if got := resultAt(s, c.at); got != c.want {
			t.Errorf("at %v is result %d, want %d", c.at, got, c.want)
		}
	}
}

func TestFrameHoldsTheMask(t *testing.T) {
	size := image.Pt(300, 200)
	box := func(r image.Rectangle) *mask.Mask {
		return mask.Rectangle(size, mask.Point{X: float64(r.Min.X), Y: float64(r.Min.Y)}, mask.Point{X: float64(r.Max.X), Y: float64(r.Max.Y)})
	}
	frame := drawnFrame{rect: image.Rect(50, 50, 150, 150)}
	for _, c := range []struct {
		mask *mask.Mask
		want bool
	}{
		{box(image.Rect(60, 60, 100, 100)), true}, {box(frame.rect), true}, {box(image.Rect(60, 60, 151, 100)), false},
		{box(image.Rect(200, 10, 220, 30)), false}, {mask.New(size.X, size.Y), true},
	} {
		if got := frame.holds(c.mask); got != c.want {
			t.Errorf("a mask of %v: %v", c.mask.Bounding(), got)
		}
	}
	if frame.fresh = true; !frame.holds(box(image.Rect(200, 10, 220, 30))) {
		t.Error("a frame that was just drawn is moved, not forgotten")
	}
}

func TestSessionOf(t *testing.T) {
	want := session{Name: "a.overpaint", Prompt: "a boat", Frame: [4]int{1, 2, 3, 4}}
	if got := sessionOf([]byte(`{"name":"a.overpaint","prompt":"a boat","frame":[1,2,3,4],"later":true}`)); got != want {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{"", "null", "[]", `{"prompt":7}`, "{"} {
		if got := sessionOf([]byte(bad)); got != (session{}) {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}
