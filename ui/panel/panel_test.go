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
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"overpaint/api"
	"overpaint/api/profile"
	"overpaint/assets/text"
	"overpaint/editor/tool"
	"overpaint/ui/gallery"
	"overpaint/ui/panel"
	"overpaint/ui/theme"
	"overpaint/ui/uitest"
	"overpaint/ui/widgets"
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

func sending() *panel.Sending {
	return &panel.Sending{Thumb: image.NewNRGBA(image.Rect(0, 0, 96, 96)), Size: image.Pt(1024, 1024), Bytes: 1_363_149,
		Limit: 4_000_000, Fraction: 0.12}
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
		w.side.SetProfile(profile.GPTImage())
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

func TestRail(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	r := panel.NewToolRail(panel.Tools()...)
	var picked []string
	r.OnSelect = func(id string) { picked = append(picked, id) }
	uitest.Window(t, r.Object(), fyne.NewSize(44, 500))
	buttons := find[*widgets.ToolButton](r.Object())
	if len(buttons) != len(panel.Tools()) {
		t.Fatalf("%d buttons for %d tools", len(buttons), len(panel.Tools()))
	}
	for i, tl := range panel.Tools() {
		if (tl.ID == "brush") != buttons[i].Selected() {
			t.Errorf("%s is selected at first: %v", tl.ID, buttons[i].Selected())
		}
	}
	for i, tl := range panel.Tools() {
		test.Tap(buttons[i])
		if !buttons[i].Selected() {
			t.Errorf("%s is not selected", tl.ID)
		}
		if !strings.HasSuffix(buttons[i].Tip(), "("+tl.Key+")") {
			t.Errorf("%s: the tooltip %q has no %s", tl.ID, buttons[i].Tip(), tl.Key)
		}
	}
	r.Select("wand")
	if len(picked) != len(buttons) {
		t.Errorf("heard %v: a setter must not be heard", picked)
	}
	for _, id := range []string{"brush", "eraser", "rectangle", "ellipse", "lasso", "polygon", "wand"} {
		if tool.New(id) == nil {
			t.Errorf("the editor has no tool %s", id)
		}
	}
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

func TestOptionsBar(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b := panel.NewOptionsBar()
	var heard []tool.Settings
	b.OnChanged = func(s tool.Settings) { heard = append(heard, s) }
	uitest.Window(t, b.Object(), fyne.NewSize(980, 40))

	want := tool.Settings{Tolerance: 12, Contiguous: false, Subtract: true}
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
	if got := heard[len(heard)-1]; got.Subtract {
		t.Error("Paint was picked and Subtract stays")
	}
	b.SetTool("wand")
	if n := len(find[*widgets.Slider](b.Object())); n != 1 {
		t.Errorf("the wand shows %d sliders", n)
	}
	b.SetTool("lasso")
	if n := len(find[*widgets.Slider](b.Object())); n != 0 {
		t.Errorf("the lasso shows %d sliders", n)
	}
}

func TestSidePanelShowsWhatTheProfileHas(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	p.SetSending(sending())

	has := func(s string) bool { return uitest.Has(p.Object(), s) }
	if has("Model") || !has("Nothing leaves this computer") || !has("not at the prompt") {
		t.Errorf("built-in: %q", uitest.Texts(p.Object()))
	}
	p.SetProfile(profile.Classic())
	if !has("Model") || !has("of 4 MB") || !has("12% of your photo") || !has("/ 1000") {
		t.Errorf("classic: %q", uitest.Texts(p.Object()))
	}
	open := func() {
		for _, b := range find[*widgets.Button](p.Object()) {
			if b.Text() == "More options" {
				test.Tap(b)
			}
		}
	}
	if has("Response format") {
		t.Error("more options are open at first")
	}
	open()
	if !has("Response format") || !has("User") || has("Quality") {
		t.Errorf("classic, more: %q", uitest.Texts(p.Object()))
	}
	p.SetProfile(profile.GPTImage())
	if has("Response format") || !has("Quality") || !has("Background") || !has("/ 32000") {
		t.Errorf("gpt-image, more: %q", uitest.Texts(p.Object()))
	}
	p.SetProfile(api.Builtin())
	if !has("Seed") || has("Quality") {
		t.Errorf("built-in, more: %q", uitest.Texts(p.Object()))
	}
	p.SetSending(nil)
	if !has("Paint over what should change") {
		t.Errorf("nothing marked: %q", uitest.Texts(p.Object()))
	}
}

// TestPromptHint: what the built-in engine can't do is said, and a connection offered.
func TestPromptHint(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	added := 0
	p.OnAddConnection = func() { added++ }
	typed := ""
	p.OnPrompt = func(s string) { typed = s }
	hinted := func() bool { return uitest.Has(p.Object(), "asks for something new") }
	press := func() (offered bool) {
		for _, b := range find[*widgets.Button](p.Object()) {
			if b.Text() == "Add a connection…" && b.Visible() {
				test.Tap(b)
				offered = true
			}
		}
		return offered
	}

	if hinted() {
		t.Error("a hint with no prompt")
	}
	p.SetPrompt("a red balloon")
	if !hinted() || !press() || added != 1 {
		t.Errorf("balloon: hint %v, pressed %d times", hinted(), added)
	}
	p.SetPrompt("remove the balloon")
	if hinted() {
		t.Error("a hint for what the engine does")
	}
	p.TogglePrompt()
	test.Type(find[*widgets.Prompt](p.Object())[0], " and add a kite")
	if !hinted() || !strings.HasSuffix(typed, "kite") && !strings.HasPrefix(typed, " and add a kite") {
		t.Errorf("typing: hint %v, heard %q", hinted(), typed)
	}
	p.SetProfile(profile.Classic())
	if hinted() {
		t.Error("a hint for a service")
	}
}

func TestSizes(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	var heard []image.Point
	p.OnSize = func(s image.Point) { heard = append(heard, s) }
	p.SetProfile(profile.GPTImage())
	p.SetSize(image.Pt(1536, 1024))
	dropdown := find[*widgets.Dropdown](p.Object())[0]
	if dropdown.Selected() != "1536 × 1024" || len(heard) != 0 {
		t.Errorf("selected %q, heard %v", dropdown.Selected(), heard)
	}
	key := func(name fyne.KeyName) { dropdown.TypedKey(&fyne.KeyEvent{Name: name}) }
	key(fyne.KeyUp)
	key(fyne.KeyUp)
	if len(heard) != 2 || heard[0] != image.Pt(1024, 1024) || heard[1] != (image.Point{}) {
		t.Errorf("heard %v", heard)
	}
	p.SetSize(image.Pt(2048, 1152))
	if dropdown.Selected() != "custom" || !uitest.Has(p.Object(), "Width") {
		t.Errorf("a size of one's own: selected %q", dropdown.Selected())
	}
	fields := find[*widgets.NumberField](p.Object())
	fields[0].SetText("1001")
	fields[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := heard[len(heard)-1]; got.X != 1008 || got.Y != 1152 {
		t.Errorf("1001 wide became %v, want the next multiple of 16", got)
	}
}

func TestGenerateSaysWhyNot(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	win := uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	pressed, cancelled := 0, 0
	p.OnGenerate = func() { pressed++ }
	p.OnCancel = func() { cancelled++ }
	button := func(s string) *widgets.Button {
		for _, b := range find[*widgets.Button](p.Object()) {
			if b.Text() == s {
				return b
			}
		}
		t.Fatalf("no button %s", s)
		return nil
	}
	p.SetReady("Open a picture first.")
	test.Tap(button("Generate"))
	if pressed != 0 || !uitest.Has(p.Object(), "Open a picture first.") || button("Generate").Tip() != "" {
		t.Errorf("pressed %d times, %q", pressed, uitest.Texts(p.Object()))
	}
	p.SetReady("")
	test.Tap(button("Generate"))
	p.TogglePrompt()
	prompt := find[*widgets.Prompt](p.Object())[0]
	if win.Canvas().Focused() != fyne.Focusable(prompt) {
		t.Error("the prompt is not focused")
	}
	prompt.TypedShortcut(ctrlEnter)
	if pressed != 2 {
		t.Errorf("pressed %d times, want 2: by the button and by Ctrl+Enter", pressed)
	}
	p.SetReady("Paint first.")
	if prompt.TypedShortcut(ctrlEnter); pressed != 3 {
		t.Error("Ctrl+Enter is not heard where the person is to be told why not")
	}
	p.TogglePrompt()
	if f := win.Canvas().Focused(); f != nil {
		t.Errorf("the focus went from the prompt to %v", f)
	}
	p.SetReady("Paint first.")
	p.SetRunning(true)
	if button("Generate").Tip() != "Paint first." || uitest.Has(p.Object(), "Paint first.") {
		t.Errorf("while an edit runs, the tooltip is %q: %q", button("Generate").Tip(), uitest.Texts(p.Object()))
	}
	p.SetProgress(0.5, "The service is working")
	if !uitest.Has(p.Object(), "The service is working") {
		t.Error("the stage is not shown")
	}
	test.Tap(button("Cancel"))
	p.SetRunning(false)
	if cancelled != 1 || uitest.Has(p.Object(), "Cancel") {
		t.Errorf("cancelled %d times; %q", cancelled, uitest.Texts(p.Object()))
	}
}

func TestMoreOptionsAreHeard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	p.SetProfile(profile.GPTImage())
	given := panel.More{Options: map[string]string{"quality": "low"}}
	p.SetMore(given)
	var heard panel.More
	p.OnMore = func(m panel.More) { heard = m }
	for _, b := range find[*widgets.Button](p.Object()) {
		if b.Text() == "More options" {
			test.Tap(b)
		}
	}
	chosen := ""
	for _, d := range find[*widgets.Dropdown](p.Object()) {
		if d.Selected() == "low" {
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
			chosen = d.Selected()
		}
	}
	if chosen != "medium" || heard.Options["quality"] != "medium" {
		t.Errorf("chosen %q, heard %+v", chosen, heard)
	}
	if given.Options["quality"] != "low" {
		t.Error("the caller's map was changed")
	}
}

func TestStatusBar(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	s := panel.NewStatusBar()
	uitest.Window(t, s.Object(), fyne.NewSize(1280, 24))
	s.SetPicture("flower.jpg", image.Pt(2268, 1512), 0.62)
	s.SetMask(0.041, image.Pt(720, 720), image.Pt(720, 720))
	s.SetEngine("dddai.dev ready", panel.Ready)
	for _, want := range []string{"flower.jpg · 2268 × 1512", "62%", "Mask 4.1% · area 720 × 720", "dddai.dev ready"} {
		if !uitest.Has(s.Object(), want) {
			t.Errorf("no %q in %q", want, uitest.Texts(s.Object()))
		}
	}
	s.SetMask(0.00001, image.Pt(1440, 1440), image.Pt(1024, 1024))
	if !uitest.Has(s.Object(), "Mask < 0.1% · area 1440 × 1440 · sent at 1:1.4") {
		t.Errorf("%q", uitest.Texts(s.Object()))
	}
	s.SetMask(-1, image.Pt(500, 500), image.Pt(500, 500))
	if !uitest.Has(s.Object(), "No mask · area 500 × 500") {
		t.Errorf("%q", uitest.Texts(s.Object()))
	}
	s.SetPicture("一个很长很长的文件名 with spaces and a very long name indeed.png", image.Pt(2268, 1512), 0.62)
	if got := uitest.Texts(s.Object())[0]; !strings.HasPrefix(got, "一个很长很长的文件名") || !strings.Contains(got, "indeed.png · 2268") || len([]rune(got)) > 60 {
		t.Errorf("a long name is shown as %q", got)
	}
	s.SetMask(0, image.Point{}, image.Point{})
	if uitest.Has(s.Object(), "Mask") {
		t.Error("an empty mask is shown")
	}
}

// TestRailFitsALowWindow has all tools within a rail as low as that of a window of
// 900 x 640, and within reach of the wheel in a lower one.
func TestRailFitsALowWindow(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	r := panel.NewToolRail(panel.Tools()...)
	win := uitest.Window(t, r.Object(), fyne.NewSize(44, 380))
	buttons := find[*widgets.ToolButton](r.Object())
	last := buttons[len(buttons)-1]
	bottom := func() float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(last).Y + last.Size().Height
	}
	if b := bottom(); b > 380 || last.Size().Height < last.MinSize().Height {
		t.Errorf("the last tool ends at %v", b)
	}
	for i, b := range buttons[1:] {
		if above := buttons[i]; above.Position().Y+above.Size().Height > b.Position().Y {
			t.Errorf("tool %d lies on the next", i)
		}
	}
	win.Resize(fyne.NewSize(44, 200))
	find[*container.Scroll](r.Object())[0].Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -500}})
	if b := bottom(); b > 200 {
		t.Errorf("scrolled, the last tool ends at %v", b)
	}
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

func TestTheZoomIsTypedOrChosen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	s := panel.NewStatusBar()
	w := uitest.Window(t, s.Object(), fyne.NewSize(1280, 300))
	var zooms []float64
	s.OnZoom = func(z float64) { zooms = append(zooms, z) }
	s.SetPicture("flower.jpg", image.Pt(2268, 1512), 0.62)
	field := find[*widgets.NumberField](s.Object())[0]
	w.Canvas().Focus(field)
	test.Type(field, "150")
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.SetPicture("flower.jpg", image.Pt(2268, 1512), 1.5)
	if !slices.Equal(zooms, []float64{1.5}) || field.Value() != 150 {
		t.Errorf("heard %v, the field says %v", zooms, field.Value())
	}
	find[*widgets.ToolButton](s.Object())[0].Tapped(nil)
	menu := w.Canvas().Overlays().Top()
	if menu == nil || !uitest.Has(menu, "Fit in window") || !uitest.Has(menu, "200%") {
		t.Error("no zooms are offered")
	}
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

func TestChangedKeysAreInTheTooltips(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	if got := panel.WithKey("Brush", ""); got != "Brush" {
		t.Errorf("without a key the tooltip is %q", got)
	}
	b := panel.NewOptionsBar()
	b.SetKeys(func(command string) string { return map[string]string{"smaller": "Q", "swap": "Y"}[command] })
	uitest.Window(t, b.Object(), fyne.NewSize(900, 40))
}

// TestWhatIsBelowIsRevealed has more under what is sent than there is room for:
// the prompt and Generate stay where they are while it is scrolled to.
func TestWhatIsBelowIsRevealed(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	below := widgets.Sized(100, 200, widgets.NewLabel("below"))
	p.SetBelow(below)
	uitest.Window(t, p.Object(), fyne.NewSize(300, 588))
	where := func(o fyne.CanvasObject) float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y }
	prompt, generate := find[*widgets.Prompt](p.Object())[0], places(p)["Generate"]
	before := where(prompt)
	p.RevealBelow()
	if at := where(below); at+200 > 588-90 {
		t.Errorf("it ends at %v", at+200)
	}
	if where(prompt) != before || places(p)["Generate"] != generate {
		t.Error("the prompt or Generate has moved")
	}
}

// TestAConnectionIsOnlyToBeAddedWhereThereIsNone asks the built-in engine for
// something new, with a service and without.
func TestAConnectionIsOnlyToBeAddedWhereThereIsNone(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	p.SetPrompt("add a red balloon")
	for n, offered := range []bool{true, false} {
		p.SetServices([]widgets.Option{{ID: "builtin", Text: "Built-in engine"}, {ID: "relay", Text: "Relay"}}[:n+1], []string{"builtin"})
		if got := uitest.Has(p.Object(), "Add a connection…"); got != offered {
			t.Errorf("with %d connections: offered %v", n, got)
		}
	}
}

// TestRailFits has the rail beside the canvas of the smallest window.
func TestRailFits(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	const window, menu, gallery = 640, 28, 136
	if high := panel.NewToolRail(panel.Tools()...).Object().MinSize().Height; high > window-menu-theme.OptionsHeight-gallery-theme.StatusHeight {
		t.Errorf("the rail is %v high", high)
	}
}
