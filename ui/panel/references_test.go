package panel_test

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// pressTool presses the n-th small button of a name that is shown.
func pressTool(t *testing.T, root fyne.CanvasObject, name string, n int) {
	t.Helper()
	for _, b := range find[*widgets.ToolButton](root) {
		if b.ControlName() == name && b.Visible() {
			if n == 0 {
				test.Tap(b)
				return
			}
			n--
		}
	}
	t.Fatalf("there is no %q", name)
}

func TestReferencesAreShownAndChanged(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	w := uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
	var heard []string
	p.OnAddReference, p.OnPasteReference = func() { heard = append(heard, "add") }, func() { heard = append(heard, "paste") }
	p.OnRemoveReference = func(i int) { heard = append(heard, fmt.Sprint("remove ", i)) }
	p.OnMoveReference = func(i, to int) { heard = append(heard, fmt.Sprint("move ", i, to)) }
	p.OnPrompt = func(s string) { heard = append(heard, s) }
	thumb := uitest.Flower(32, 24, color.NRGBA{200, 40, 40, 255})
	p.SetReferences([]panel.Reference{{Name: "a hat.png", Number: 2, Thumb: thumb}, {Name: "Variant 3", Number: 3}}, 2_340_000, 50_000_000)
	if !uitest.Has(p.Object(), "a hat.png") || !uitest.Has(p.Object(), "Together 2.3 MB; each may have 50 MB, larger ones are sent smaller") {
		t.Errorf("it says %q", uitest.Texts(p.Object()))
	}
	uitest.Shot(t, w, "references")
	p.SetPrompt("the hat of")
	for _, b := range find[*widgets.Button](p.Object()) {
		switch b.Text() {
		case "image 3", text.T("ui.references.add"):
			test.Tap(b)
		}
	}
	pressTool(t, p.Object(), text.T("ui.references.down"), 0)
	pressTool(t, p.Object(), text.T("ui.references.up"), 0)
	pressTool(t, p.Object(), text.T("ui.references.remove"), 1)
	pressTool(t, p.Object(), text.T("ui.references.paste"), 0)
	want := []string{"the hat of image 3", "add", "move 0 1", "move 1 0", "remove 1", "paste"}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %q, not %q", heard, want)
	}
	p.SetReferences([]panel.Reference{{Name: "b", Number: 2}}, 900_000, 0)
	if !uitest.Has(p.Object(), "Together 0.9 MB") || uitest.Has(p.Object(), "a hat.png") {
		t.Errorf("then it says %q", uitest.Texts(p.Object()))
	}
}

// TestAReferenceThatIsAddedIsSeen adds one in a small window, where the list is far below.
func TestAReferenceThatIsAddedIsSeen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 560))
	p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
	p.SetReferences([]panel.Reference{{Name: "a hat.png", Number: 2}}, 2_340_000, 50_000_000)
	if !strings.Contains(strings.Join(inSight(t, p.Object(), 560-90), "\n"), "a hat.png") {
		t.Error("it can't be seen")
	}
}

// inSight returns the texts that lie above a place.
func inSight(t *testing.T, o fyne.CanvasObject, y float32) (list []string) {
	t.Helper()
	for _, l := range find[*widgets.Label](o) {
		if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l).Y; l.Visible() && at > 0 && at+l.Size().Height <= y {
			list = append(list, uitest.Texts(l)...)
		}
	}
	return list
}

// draggable is what can be dragged.
type draggable interface {
	fyne.CanvasObject
	fyne.Draggable
}

// TestReferencesAreDragged to another place: Fyne may tell of the end twice.
func TestReferencesAreDragged(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
	var heard []string
	p.OnMoveReference = func(i, to int) { heard = append(heard, fmt.Sprint(i, to)) }
	p.SetReferences([]panel.Reference{{Name: "a", Number: 2}, {Name: "b", Number: 3}, {Name: "c", Number: 4}}, 0, 0)
	var list []draggable
	for _, r := range find[draggable](p.Object()) {
		if uitest.Has(r, "a") || uitest.Has(r, "b") || uitest.Has(r, "c") {
			list = append(list, r)
		}
	}
	if len(list) < 3 {
		t.Fatalf("%d can be dragged", len(list))
	}
	list = list[len(list)-3:]
	drag := func(i int, y float32) {
		row := list[i]
		list[i].Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, y-row.Position().Y)}})
		list[i].DragEnd()
		list[i].DragEnd()
	}
	high := list[0].Size().Height
	drag(0, 3*high)
	drag(2, 1)
	drag(1, high+10) // where it is
	if want := []string{"0 2", "2 0"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, not %q", heard, want)
	}
}
