package panel_test

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func sending() *panel.Sending {
	return &panel.Sending{
		Thumb: image.NewNRGBA(image.Rect(0, 0, 96, 96)), Size: image.Pt(1024, 1024), Bytes: 1_363_149,
		Limit: 4_000_000, Fraction: 0.12,
	}
}

// What "More options" opens is scrolled into view in a low window.
func TestMoreOptionsAreSeen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	p.SetProfile(profile.Classic())
	uitest.Window(t, p.Object(), fyne.NewSize(300, 420))
	for _, b := range find[*widgets.Button](p.Object()) {
		if b.Text() == "More options" {
			test.Tap(b)
		}
	}
	if offset := p.Scroller().(*container.Scroll).Offset.Y; offset <= 0 {
		t.Errorf("scrolled by %v", offset)
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
	p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
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
	p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
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
	p.SetReady("Open a picture first.", "")
	test.Tap(button("Generate"))
	if pressed != 0 || !uitest.Has(p.Object(), "Open a picture first.") || button("Generate").Tip() != "" {
		t.Errorf("pressed %d times, %q", pressed, uitest.Texts(p.Object()))
	}
	entered := 0
	p.OnRemedy = func() { entered++ }
	p.SetReady("Relay has no key yet.", "Enter the key…")
	test.Tap(button("Enter the key…"))
	if entered != 1 || !uitest.Has(p.Object(), "Relay has no key yet.") {
		t.Errorf("led to the key %d times, %q", entered, uitest.Texts(p.Object()))
	}
	p.SetReady("", "")
	if uitest.Has(p.Object(), "Enter the key…") {
		t.Error("the key is still asked for")
	}
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
	p.SetReady("Paint first.", "")
	if prompt.TypedShortcut(ctrlEnter); pressed != 3 {
		t.Error("Ctrl+Enter is not heard where the person is to be told why not")
	}
	p.TogglePrompt()
	if f := win.Canvas().Focused(); f != nil {
		t.Errorf("the focus went from the prompt to %v", f)
	}
	p.SetReady("Paint first.", "")
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
	p.SetProfile(profile.Builtin().For("gpt-image-2", ""))
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
