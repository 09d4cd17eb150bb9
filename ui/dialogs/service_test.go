package dialogs

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// below is the field under a label.
func below(t *testing.T, w fyne.Window, label string) *widgets.Field {
	t.Helper()
	var found *widgets.Field
	armed := false
	uitest.Walk(top(t, w), func(o fyne.CanvasObject, _ fyne.Position) {
		switch o := o.(type) {
		case *widgets.Label:
			armed = armed && found == nil || o.Text() == text.T(label)
		case *widgets.Field:
			if armed && found == nil {
				found = o
			}
		}
	})
	if found == nil {
		t.Fatalf("no field under %q in %q", text.T(label), uitest.Texts(top(t, w)))
	}
	return found
}

// TestFoldedSettings opens all that is folded; it must fit in both languages.
func TestFoldedSettings(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		w := window(t)
		openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.OpenAI})
		for _, fold := range []string{"dialog.more", "dialog.prices", "dialog.limits", "dialog.saving"} {
			test.Tap(button(t, w, fold))
		}
		for _, fault := range uitest.Clipped(top(t, w)) {
			t.Error(fault)
		}
		if h := top(t, w).MinSize().Height; h > w.Canvas().Size().Height {
			t.Errorf("the dialog is %v high", h)
		}
		key(w, fyne.KeyEscape)
	})
}

// What is opened at the end of the settings is scrolled into view.
func TestWhatIsUnfoldedIsSeen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	w.Resize(fyne.NewSize(900, 640))
	openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.OpenAI})
	test.Tap(button(t, w, "dialog.saving"))
	field := below(t, w, "dialog.template")
	bottom := fyne.CurrentApp().Driver().AbsolutePositionForObject(field).Y + field.Size().Height
	if save := fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, w, "dialog.save")).Y; bottom > save {
		t.Errorf("the file name's field ends at %v, below the buttons at %v", bottom, save)
	}
}

func TestPricesAndLimits(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.Dddai})
	for _, fold := range []string{"dialog.prices", "dialog.limits"} {
		test.Tap(button(t, w, fold))
	}
	for label, typed := range map[string]string{
		"dialog.price": "0,02", "dialog.price.words": "5", "dialog.price.images": "8", "dialog.price.output": "40", "dialog.limit.file": "8", "dialog.limit.prompt": "4000",
		"dialog.limit.variants": "8", "dialog.limit.sizes": "512x512, 2048X1024 nonsense 9", "dialog.cap": "12.5", "dialog.kept": "2",
	} {
		below(t, w, label).SetText(typed)
	}
	test.Tap(button(t, w, "dialog.save"))
	s := *saved
	c, _ := s.Find(settings.Dddai)
	if p := c.Price; p.Picture != 20_000 || p.Tokens[settings.TextTokens] != 5_000_000 || p.Tokens[settings.ImageTokens] != 8_000_000 || p.Tokens[settings.OutputTokens] != 40_000_000 || p.Currency != "USD" || p.AsOf == "" {
		t.Errorf("price %+v", p)
	}
	if o := c.Limits; o.ImageBytes != 8_000_000 || o.PromptChars != 4000 || o.MaxN != 8 || !slices.Equal(o.Sizes, []image.Point{{X: 512, Y: 512}, {X: 2048, Y: 1024}}) {
		t.Errorf("limits %+v", o)
	}
	if s.MonthlyCap != 12_500_000 || s.HistoryBytes != 2<<30 {
		t.Errorf("cap %d, history %d", s.MonthlyCap, s.HistoryBytes)
	}
}

// TestNoNumberIsNotSaved leaves fields for numbers with nonsense in them.
func TestNoNumberIsNotSaved(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.Dddai})
	test.Tap(button(t, w, "dialog.more"))
	test.Tap(button(t, w, "dialog.limits"))
	for label, c := range map[string]struct{ typed, want string }{
		"dialog.timeout": {"abc", "abc"}, "dialog.limit.prompt": {"-5", "-5"}, "dialog.limit.variants": {"4", "4"}, "dialog.limit.sizes": {"512X512 and more", "512x512"},
	} {
		f := below(t, w, label)
		w.Canvas().Focus(f)
		f.SetText(c.typed)
		w.Canvas().Unfocus()
		if f.Text != c.want {
			t.Errorf("%q: %q became %q, want %q", text.T(label), c.typed, f.Text, c.want)
		}
	}
	if !button(t, w, "dialog.save").Disabled() || !uitest.Has(top(t, w), "or leave the field empty") {
		t.Errorf("nonsense can be saved: %q", uitest.Texts(top(t, w)))
	}
}

// TestSavingOfPictures changes names, format and text of saved pictures.
func TestSavingOfPictures(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.Dddai})
	test.Tap(button(t, w, "dialog.saving"))
	f := below(t, w, "dialog.template")
	w.Canvas().Focus(f)
	f.SetText("../{name} of {n}?")
	w.Canvas().Unfocus()
	if f.Text != "{name} of {n}" {
		t.Errorf("the name became %q", f.Text)
	}
	for _, c := range find[*widgets.Check](top(t, w)) {
		switch c.ControlName() {
		case text.T("dialog.saving.text"), text.T("dialog.file.strip"), text.T("dialog.file.label"):
			test.Tap(c)
		}
	}
	test.Tap(button(t, w, "dialog.save"))
	if got := (*saved).Saving; got.Text || got.Template != "{name} of {n}" || got.Format != "source" || got.Label || !got.Strip {
		t.Errorf("saving %+v", got)
	}
}

// TestKnownPrices shows published prices with their date, and the user's own
// with today's.
func TestKnownPrices(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.OpenAI})
	test.Tap(button(t, w, "dialog.prices"))
	known, _ := settings.KnownPrice("https://api.openai.com/v1", "gpt-image-2")
	if got := below(t, w, "dialog.price.output").Text; got != "30" || !uitest.Has(top(t, w), "Prices as of "+known.AsOf) {
		t.Errorf("output %q, %q", got, uitest.Texts(top(t, w)))
	}
	below(t, w, "dialog.price.images").SetText("9")
	if uitest.Has(top(t, w), "Prices as of "+known.AsOf) {
		t.Error("a changed price has the date of the published one")
	}
	test.Tap(button(t, w, "dialog.save"))
	c, _ := (*saved).Find(settings.OpenAI)
	if p := c.Price; p.Tokens[settings.ImageTokens] != 9_000_000 || p.Tokens[settings.TextTokens] != 5_000_000 || p.AsOf == known.AsOf {
		t.Errorf("price %+v", p)
	}
}

// TestProbe says the price first, then keeps what was learnt, until the address
// is another one.
func TestProbe(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var pictures []int
	saved, _, _ := openSettings(t, w, Settings{
		Settings: settings.Default(), Selected: settings.Dddai,
		OnTest: func(c settings.Connection, k secret.Key, n int, tell func(Tested)) {
			pictures = append(pictures, n)
			tell(Tested{Sentences: []string{"It works.", "It ignores n."}, OK: true, Models: []string{"m-1", "m-2"}, Quirks: &settings.Quirks{OneAtATime: true}})
		},
	})
	test.Tap(button(t, w, "dialog.probe"))
	if !slices.Equal(pictures, []int{0}) || !uitest.Has(top(t, w), "may cost as much as 2") {
		t.Fatalf("probed before the price was said: %v, %q", pictures, uitest.Texts(top(t, w)))
	}
	test.Tap(button(t, w, "dialog.probe.do"))
	if !slices.Equal(pictures, []int{0, 2}) || !uitest.Has(top(t, w), "It works.") || !uitest.Has(top(t, w), "It ignores n.") {
		t.Errorf("probed with %v: %q", pictures, uitest.Texts(top(t, w)))
	}
	test.Tap(button(t, w, "dialog.save"))
	c, _ := (*saved).Find(settings.Dddai)
	if !c.Quirks.OneAtATime || !slices.Equal(c.Models, []string{"m-1", "m-2"}) {
		t.Errorf("not kept: %+v", c)
	}
	again, _, _ := openSettings(t, w, Settings{Settings: *saved, Selected: settings.Dddai})
	below(t, w, "dialog.base_url").SetText("https://elsewhere.example/v1")
	test.Tap(button(t, w, "dialog.save"))
	c, _ = (*again).Find(settings.Dddai)
	if c.Quirks != (settings.Quirks{}) || len(c.Models) != 0 {
		t.Errorf("another service is taken for the old one: %+v", c)
	}
}

func TestKeyInClearIsConfirmed(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.Dddai})
	below(t, w, "dialog.base_url").SetText("http://relay.example/v1")
	test.Tap(button(t, w, "dialog.save"))
	if *saved != nil || !uitest.Has(top(t, w), "not encrypted") {
		t.Fatalf("saved unasked: %q", uitest.Texts(top(t, w)))
	}
	key(w, fyne.KeyEscape) // back to the settings
	if *saved != nil || !IsOpen(w) {
		t.Fatal("the settings are gone")
	}
	test.Tap(button(t, w, "dialog.save"))
	test.Tap(button(t, w, "dialog.exposed.do"))
	if *saved == nil || IsOpen(w) {
		t.Fatal("not saved")
	}
	if c, _ := (*saved).Find(settings.Dddai); !c.Plain {
		t.Error("what the person allowed is not kept")
	}
}

// TestProbeSpeaksOfMoneyOnlyWhereAddressAndKeyAreGood tries them first, for free.
func TestProbeSpeaksOfMoneyOnlyWhereAddressAndKeyAreGood(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	openSettings(t, w, Settings{
		Settings: settings.Default(), Selected: settings.Dddai,
		OnTest: func(_ settings.Connection, _ secret.Key, n int, tell func(Tested)) {
			if n != 0 {
				t.Errorf("made %d pictures", n)
			}
			tell(Tested{Sentences: []string{"The key is refused."}})
		},
	})
	test.Tap(button(t, w, "dialog.probe"))
	if uitest.Has(top(t, w), "may cost") || !uitest.Has(top(t, w), "The key is refused.") {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
}

// added adds a connection of one's own in the open settings.
func added(t *testing.T, w fyne.Window) {
	t.Helper()
	for _, b := range find[*widgets.ToolButton](top(t, w)) {
		if b.ControlName() == text.T("dialog.add") {
			b.Tapped(nil)
		}
	}
	menu := w.Canvas().Overlays().Top()
	if !uitest.Has(menu, text.T("dialog.custom")) {
		t.Fatalf("no menu: %q", uitest.Texts(menu))
	}
	f := w.Canvas().Focused()
	for range 3 { // it is the last one, after two presets
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

func TestANewConnectionIsChosenAndItsAddressIsTidy(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.Dddai})
	added(t, w)
	address := below(t, w, "dialog.base_url")
	if address.Text != "https://" {
		t.Fatalf("the address begins as %q", address.Text)
	}
	address.SetText("https://https://relay.example/v1")
	address.OnEnded(address.Text)
	if address.Text != "https://relay.example/v1" {
		t.Errorf("the address is %q", address.Text)
	}
	test.Tap(button(t, w, "dialog.save"))
	c, ok := (*saved).Find((*saved).Connection)
	if !ok || c.BaseURL != "https://relay.example/v1" || c.Name != text.T("dialog.new_connection") {
		t.Errorf("chosen is %+v", c)
	}
}

// TestNothingMovesWhileAKeyIsTyped looks where the buttons under the key are.
func TestNothingMovesWhileAKeyIsTyped(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	openSettings(t, w, Settings{
		Settings: settings.Default(), Selected: settings.Dddai,
		OnKeySource: func(_ string, tell func(service.KeyState)) { tell(service.KeyState{}) },
	})
	place := func() fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, w, "dialog.test"))
	}
	before := place()
	test.Type(below(t, w, "dialog.key"), "sk-1234")
	if got := place(); got != before || before == (fyne.Position{}) {
		t.Errorf("the button has moved from %v to %v", before, got)
	}
}

// TestProfilesDialectsAndWhatWasLearnt: the lists say first what the name and the
// address tell of, and what was learnt can be forgotten.
func TestProfilesDialectsAndWhatWasLearnt(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	given := settings.Default()
	c, _ := given.Find(settings.OpenAI)
	c.Quirks = settings.Quirks{Path: "/v1/images/edits", NoStream: true}
	saved, _, _ := openSettings(t, w, Settings{Settings: given, Selected: settings.OpenAI})
	test.Tap(button(t, w, "dialog.more"))
	for _, words := range []string{"By the model's name: gpt-image-2", "By the address: OpenAI images/edits"} {
		if !uitest.Has(top(t, w), words) {
			t.Errorf("%q isn't there: %q", words, uitest.Texts(top(t, w)))
		}
	}
	drops := find[*widgets.Dropdown](top(t, w))
	choose := func(id string) {
		for _, d := range drops {
			before := d.Selected()
			if d.Select(id); d.Selected() == id {
				d.OnChanged(id)
				return
			}
			d.Select(before)
		}
		t.Fatalf("there is no %s", id)
	}
	choose("flux-2")
	choose("xai")
	test.Tap(button(t, w, "dialog.save"))
	got, _ := (*saved).Find(settings.OpenAI)
	if got.Profile != "flux-2" || got.Dialect != "xai" || got.Quirks != (settings.Quirks{}) {
		t.Errorf("%q, %q, %+v", got.Profile, got.Dialect, got.Quirks)
	}

	saved, _, _ = openSettings(t, w, Settings{Settings: given, Selected: settings.OpenAI})
	test.Tap(button(t, w, "dialog.more"))
	forget := button(t, w, "dialog.forget_learnt")
	if test.Tap(forget); !forget.Disabled() {
		t.Error("there is still something to forget")
	}
	test.Tap(button(t, w, "dialog.save"))
	if got, _ := (*saved).Find(settings.OpenAI); got.Quirks != (settings.Quirks{}) || got.Dialect != "" {
		t.Errorf("%+v", got)
	}
}

// TestWhatATestSaysIsSeen tests a connection in a small window: what comes of it lies in
// sight, below the button, however long it is.
func TestWhatATestSaysIsSeen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	w.Resize(fyne.NewSize(900, 640))
	long := "The service reads the mask the other way round. From now on it is sent in the way that the service understands."
	openSettings(t, w, Settings{
		Settings: settings.Default(), Selected: settings.Dddai,
		OnTest: func(_ settings.Connection, _ secret.Key, _ int, tell func(Tested)) {
			tell(Tested{OK: true, Sentences: []string{long, long, long, "The end."}})
		},
	})
	test.Tap(button(t, w, "dialog.test"))
	y := func(o fyne.CanvasObject) float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y }
	for _, l := range find[*widgets.Label](top(t, w)) {
		if uitest.Has(l, "The end.") {
			if y(l) < y(button(t, w, "dialog.test")) || y(l)+l.Size().Height > y(button(t, w, "dialog.save")) {
				t.Errorf("it lies at %v to %v", y(l), y(l)+l.Size().Height)
			}
			return
		}
	}
	t.Fatalf("it says %q", uitest.Texts(top(t, w)))
}
