package compare

import (
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

func overlay(t *testing.T, v View) (*Overlay, fyne.Window) {
	o := New()
	img := canvas.NewImageFromImage(uitest.Flower(600, 400, color.NRGBA{240, 120, 170, 255}))
	w := uitest.Window(t, container.NewStack(img, o.Object()), fyne.NewSize(600, 400))
	o.Set(v)
	return o, w
}

func TestLooks(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		name := strings.NewReplacer("TestLooks/", "", "_", "-").Replace(t.Name())
		for how, kind := range map[How]string{Vertical: "vertical", Horizontal: "horizontal", SideBySide: "side", Flicker: "flicker"} {
			o, w := overlay(t, View{How: how, At: 0.55, Left: "原图 Original", Right: "2 · dddai.dev"})
			if faults := uitest.Clipped(o.Object()); len(faults) > 0 {
				t.Errorf("%s: %v", kind, faults)
			}
			uitest.Shot(t, w, "compare-"+kind+"-"+name)
		}
	})
}

func TestDragCallsBack(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	for _, how := range []How{Vertical, Horizontal} {
		v := View{How: how, At: 0.5, Left: "a", Right: "b"}
		o, _ := overlay(t, v)
		var got []float64
		ended := 0
		o.OnMove = func(at float64, done bool) {
			v.At = at
			o.Set(v)
			got = append(got, at)
			if done {
				ended++
			}
		}
		to := func(x, y float32) {
			p := fyne.NewPos(x, y).Subtract(o.handle.Position())
			o.handle.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
		}
		to(150, 100)
		to(-90, -90)
		to(900, 900)
		o.handle.DragEnd()
		o.handle.DragEnd()
		if want := []float64{0.25, 0, 1, 1}; len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != 1 || ended != 1 {
			t.Errorf("%v: told %v and %d ends", how, got, ended)
		}
	}
}

// TestTheDividerTakesThePress has what Fyne asks of the topmost object for it to
// hear of a press, before any drag.
func TestTheDividerTakesThePress(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	o, _ := overlay(t, View{How: Vertical, At: 0.5})
	if _, ok := fyne.CanvasObject(o.handle).(desktop.Mouseable); !ok {
		t.Error("a press on the divider reaches the canvas")
	}
}

func TestOnlyTheDividerTakesThePointer(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	o, _ := overlay(t, View{How: Vertical, At: 0.5})
	if w := o.handle.Size().Width; w > 32 {
		t.Errorf("the divider takes %v of the canvas", w)
	}
	for _, how := range []How{Off, SideBySide, Flicker} {
		if o.Set(View{How: how}); o.handle.Visible() {
			t.Errorf("the divider is there in %v", how)
		}
	}
}

func TestFlickerNamesWhatIsShown(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	o, _ := overlay(t, View{How: Flicker, Left: "first", Right: "second"})
	if got := strings.Join(uitest.Texts(o.Object()), " "); got != "first" {
		t.Errorf("named: %q", got)
	}
	o.Set(View{How: Flicker, Left: "first", Right: "second", Second: true})
	if got := strings.Join(uitest.Texts(o.Object()), " "); got != "second" {
		t.Errorf("named: %q", got)
	}
}

func TestOnePictureMayHaveAName(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	o, _ := overlay(t, View{Right: "Original"})
	if got := strings.Join(uitest.Texts(o.Object()), " "); got != "Original" {
		t.Errorf("named: %q", got)
	}
	if o.Set(View{}); len(uitest.Texts(o.Object())) != 0 {
		t.Error("the name stays")
	}
}
