package panel_test

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/gallery"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// window is all the parts of the window in a frame.
type window struct {
	rail    *panel.ToolRail
	options *panel.OptionsBar
	side    *panel.SidePanel
	gallery *gallery.Gallery
	status  *panel.StatusBar
	frame   fyne.CanvasObject
}

func newWindow() *window {
	w := &window{panel.NewToolRail(panel.Tools()...), panel.NewOptionsBar(), panel.NewSidePanel(), gallery.NewStrip(gallery.Actions{}), panel.NewStatusBar(), nil}
	w.frame = panel.Frame(w.rail.Object(), w.options.Object(), panel.NewEmptyState().Object(), w.gallery.Object(),
		w.side.Object(), w.status.Object())
	return w
}

// find returns the visible objects of one type under root, in their order.
func find[T fyne.CanvasObject](root fyne.CanvasObject) []T {
	var all []T
	uitest.Walk(root, func(o fyne.CanvasObject, _ fyne.Position) {
		if v, ok := o.(T); ok {
			all = append(all, v)
		}
	})
	return all
}

// apart checks that a row's texts lie in it, and its note behind them all.
func apart(t *testing.T, row fyne.CanvasObject, note string) {
	t.Helper()
	var end, begin float32
	uitest.Walk(row, func(o fyne.CanvasObject, at fyne.Position) {
		l, ok := o.(*canvas.Text)
		switch {
		case !ok:
		case l.Text == note:
			begin = at.X
			if right := at.X + l.MinSize().Width; right > row.Position().X+row.Size().Width {
				t.Errorf("%q ends at %v, outside the row", note, right)
			}
		default:
			end = max(end, at.X+l.MinSize().Width)
		}
	})
	const room = 16 // a control stands out of its text
	if begin > 0 && begin < end+room {
		t.Errorf("%q begins at %v, too near to what ends at %v in %q", note, begin, end, uitest.Texts(row))
	}
	if right := row.Position().X + row.Size().Width; end > right {
		t.Errorf("%q end at %v, outside the row (%v)", uitest.Texts(row), end, right)
	}
}

// TestNothingIsClipped fills every part with the longest that it shows.
func TestNothingIsClipped(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		w := newWindow()
		win := uitest.Window(t, w.frame, fyne.NewSize(1280, 772))
		w.options.SetSettings(tool.Settings{Tolerance: 255})
		note := text.T("ui.grow", "Pixels", 4)
		w.options.SetNote(note)
		w.side.SetServices([]widgets.Option{{ID: "a", Text: "A connection of my own"}}, []string{"a"})
		w.side.SetModels("gpt-image-2.5-preview", nil)
		w.side.SetProfile(profile.Builtin().For("gpt-image-2", ""))
		w.side.SetSending(sending())
		w.side.SetRunning(true)
		w.side.SetProgress(0.4, panel.RunningSentence(2, 1, time.Minute))
		w.status.SetPicture("flower.jpg", image.Pt(22680, 15120), 0.05)
		w.status.SetMask(0.041, image.Pt(7200, 7200), image.Pt(1024, 1024))
		w.status.SetPointer(image.Pt(22000, 15000), true)
		w.status.SetEngine("dddai.dev", panel.Busy)
		for _, size := range []fyne.Size{{Width: 1280, Height: 772}, {Width: 1024, Height: 672}} {
			win.Resize(size)
			for _, tl := range panel.Tools() {
				w.options.SetTool(tl.ID)
				for _, fault := range uitest.Clipped(w.options.Object()) {
					t.Errorf("%v, %s: %s", size, tl.ID, fault)
				}
				apart(t, w.options.Object(), note)
			}
			for _, fault := range uitest.Clipped(w.frame) {
				t.Errorf("%v: %s", size, fault)
			}
			for _, s := range uitest.Texts(w.frame) {
				if strings.HasSuffix(s, "…") && !slices.Contains(dots, s) {
					t.Errorf("%v: %q was shortened", size, s)
				}
			}
		}
	})
}

// dots are the labels that end in an ellipsis because a dialog follows.
var dots = []string{"Save…", "Save all…", "Open…", "Custom…", "保存…", "全部保存…", "打开…", "自定义…"}

func TestFrameHasTheDesignsMeasures(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := newWindow()
	uitest.Window(t, w.frame, fyne.NewSize(1280, 772))
	check := func(name string, o fyne.CanvasObject, x, y, width, height float32) {
		t.Helper()
		if p, s := o.Position(), o.Size(); p != fyne.NewPos(x, y) || s != fyne.NewSize(width, height) {
			t.Errorf("%s at %v, size %v; want (%v %v) and %v x %v", name, p, s, x, y, width, height)
		}
	}
	check("options", w.options.Object(), 0, 0, 980, 40)
	check("rail", w.rail.Object(), 0, 40, 44, 572)
	check("gallery", w.gallery.Object(), 0, 612, 980, 136)
	check("side", w.side.Object(), 980, 0, 300, 748)
	check("status", w.status.Object(), 0, 748, 1280, 24)
}

// TestThemeIsFollowed looks at the pixels after the mode has changed.
func TestThemeIsFollowed(t *testing.T) {
	app := uitest.App(t, "en", theme.Dark)
	w := newWindow()
	win := uitest.Window(t, w.frame, fyne.NewSize(1280, 772))
	at := func() color.Color { return win.Canvas().Capture().At(1100, 640) }
	same := func(c color.Color, name fyne.ThemeColorName) bool {
		r, g, b, _ := c.RGBA()
		r2, g2, b2, _ := theme.Color(name).RGBA()
		return r == r2 && g == g2 && b == b2
	}
	if c := at(); !same(c, theme.Panel) {
		t.Errorf("dark: the panel is %v", c)
	}
	app.Settings().SetTheme(theme.New(theme.Light))
	if c := at(); !same(c, theme.Panel) {
		t.Errorf("light: the panel is %v", c)
	}
	uitest.Walk(w.frame, func(o fyne.CanvasObject, _ fyne.Position) {
		if l, ok := o.(*canvas.Text); ok && l.Text == "Prompt" {
			if r, _, _, _ := l.Color.RGBA(); r>>8 != 0x62 {
				t.Errorf("the label keeps the colour %v", l.Color)
			}
		}
	})
}

func TestHiddenPanelsLeaveTheirRoom(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := newWindow()
	win := uitest.Window(t, w.frame, fyne.NewSize(1280, 772))
	for _, o := range []fyne.CanvasObject{w.rail.Object(), w.options.Object(), w.side.Object(), w.gallery.Object()} {
		o.Hide()
	}
	w.frame.Refresh()
	middle := w.frame.(*fyne.Container).Objects[3]
	if middle.Position() != (fyne.Position{}) || middle.Size() != fyne.NewSize(1280, 772-theme.StatusHeight) {
		t.Errorf("the canvas is at %v, %v", middle.Position(), middle.Size())
	}
	_ = win
}
