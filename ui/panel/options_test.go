package panel_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func TestOptionsBar(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b := panel.NewOptionsBar()
	var heard []tool.Settings
	b.OnChanged = func(s tool.Settings) { heard = append(heard, s) }
	uitest.Window(t, b.Object(), fyne.NewSize(980, 40))

	want := tool.Settings{Tolerance: 12, Contiguous: false, Mode: tool.Subtract}
	want.Brush.Size, want.Brush.Hardness = 300, 0.25
	b.SetSettings(want)
	if got := b.Settings(); got != want {
		t.Errorf("settings %+v, want %+v", got, want)
	}
	if len(heard) != 0 {
		t.Errorf("a setter was heard: %v", heard)
	}
	sliders := find[*widgets.Slider](b.Object())
	if len(sliders) != 2 {
		t.Fatalf("the brush shows %d sliders", len(sliders))
	}
	sliders[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if len(heard) != 1 || heard[0].Brush.Size != 1 || heard[0].Brush.Hardness != 0.25 {
		t.Errorf("heard %+v", heard)
	}
	if segments := find[*widgets.Segmented](b.Object()); len(segments) != 1 {
		t.Errorf("the brush shows %d segmented controls", len(segments))
	} else {
		segments[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	if got := heard[len(heard)-1]; got.Mode != tool.Add {
		t.Error("Paint was picked and Subtract stays")
	}
	b.SetTool("wand")
	want = tool.Settings{Mode: tool.Intersect, Brush: want.Brush}
	b.SetSettings(want)
	if got := b.Settings(); got != want {
		t.Errorf("settings %+v, want %+v", got, want)
	}
	if n := len(find[*widgets.Slider](b.Object())); n != 1 {
		t.Errorf("the wand shows %d sliders", n)
	}
	b.SetTool("guide")
	want = tool.Settings{Freehand: true, Brush: want.Brush}
	b.SetSettings(want)
	if got := b.Settings(); got != want {
		t.Errorf("settings %+v, want %+v", got, want)
	}
	if n := len(find[*widgets.Segmented](b.Object())); n != 1 {
		t.Errorf("the guide line shows %d segmented controls", n)
	}
	b.SetIgnored(true)
	if !uitest.Has(b.Object(), text.T("tool.guide.ignored")) {
		t.Error("the guide line doesn't say that the service ignores it")
	}
	b.SetIgnored(false)
	if !uitest.Has(b.Object(), text.T("tool.guide.hint")) {
		t.Error("the guide line has lost its hint")
	}
	b.SetTool("lasso")
	if n := len(find[*widgets.Slider](b.Object())); n != 0 {
		t.Errorf("the lasso shows %d sliders", n)
	}
}

func TestChangedKeysAreInTheTooltips(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	if got := panel.WithKey("Brush", ""); got != "Brush" {
		t.Errorf("without a key the tooltip is %q", got)
	}
	b := panel.NewOptionsBar()
	b.SetKeys(func(command string) string { return map[string]string{"smaller": "Q", "swap": "Y"}[command] })
	uitest.Window(t, b.Object(), fyne.NewSize(900, 40))
}

// TestAutomatic gives up the drawn window by the window tool's button.
func TestAutomatic(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b := panel.NewOptionsBar()
	uitest.Window(t, b.Object(), fyne.NewSize(980, 40))
	automatic := 0
	b.OnAutomatic = func() { automatic++ }
	b.SetTool(panel.Move)
	if n := len(find[*widgets.Button](b.Object())); n != 0 || !uitest.Has(b.Object(), text.T("tool.move.hint")) {
		t.Errorf("without a drawn window: %d buttons in %q", n, uitest.Texts(b.Object()))
	}
	b.SetDrawn(true)
	test.Tap(find[*widgets.Button](b.Object())[0])
	if automatic != 1 {
		t.Errorf("automatic %d", automatic)
	}
}

// TestBarFits has each tool's row in bars down to that of the
// smallest window, and of a larger one whose side panel is dragged wide.
func TestBarFits(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		b := panel.NewOptionsBar()
		b.SetNote(text.T("ui.grow", "Pixels", 4))
		fits := func(what string, width float32) {
			t.Helper()
			uitest.Walk(b.Object(), func(o fyne.CanvasObject, at fyne.Position) {
				if w, ok := o.(fyne.Widget); ok && at.X+w.Size().Width > width {
					t.Errorf("%s: %T at %v, size %v, in a bar of %v", what, o, at, w.Size(), width)
				}
			})
			for _, fault := range uitest.Clipped(b.Object()) {
				t.Errorf("%s, %v wide: %s", what, width, fault)
			}
		}
		for _, width := range []float32{600, 724} {
			uitest.Window(t, b.Object(), fyne.NewSize(width, theme.OptionsHeight))
			b.SetDrawn(true)
			for _, tool := range panel.Tools() {
				b.SetTool(tool.ID)
				fits(tool.ID, width)
			}
		}
	})
}

// TestWhatTheBarCantHoldIsInTooltips has the hint of quick selection in a bar that is too narrow
// for it, and in one that isn't.
func TestWhatTheBarCantHoldIsInTooltips(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b := panel.NewOptionsBar()
	b.SetNote(text.T("ui.grow", "Pixels", 4))
	b.SetTool(panel.Quick)
	for width, want := range map[float32]string{600: text.T("tool.quick.hint") + "\nGrow 4 px", 2000: ""} {
		uitest.Window(t, b.Object(), fyne.NewSize(width, theme.OptionsHeight))
		tipped := find[*widgets.Tipped](b.Object())
		if got := tipped[len(tipped)-1].Tip(); got != want {
			t.Errorf("%v wide: the tooltip is %q, want %q", width, got, want)
		}
	}
}

// TestDoneIsAlwaysThere has something painted on that has a long name, in the
// smallest window's bar.
func TestDoneIsAlwaysThere(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		b := panel.NewOptionsBar()
		b.SetNote(text.T("ui.grow", "Pixels", 4))
		uitest.Window(t, b.Object(), fyne.NewSize(600, theme.OptionsHeight))
		done := 0
		b.OnDone = func() { done++ }
		b.SetEditing(text.T("ui.editing.result", "Name", "Violet petals instead of the striped ones, soft morning light"))
		for _, tool := range []string{"brush", "eraser", "rectangle", "wand"} {
			b.SetTool(tool)
			buttons := find[*widgets.Button](b.Object())
			if len(buttons) != 1 {
				t.Fatalf("%s: %d buttons", tool, len(buttons))
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(buttons[0])
			if at.X+buttons[0].Size().Width > 600 {
				t.Errorf("%s: Done ends at %v", tool, at.X+buttons[0].Size().Width)
			}
			test.Tap(buttons[0])
		}
		if done != 4 {
			t.Errorf("done %d", done)
		}
		b.SetEditing("")
		if len(find[*widgets.Button](b.Object())) != 0 {
			t.Error("Done stays")
		}
	})
}
