package dialogs

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func window(t *testing.T) fyne.Window {
	return uitest.Window(t, widgets.NewSurface(theme.Surround), fyne.NewSize(1024, 672))
}

// top is the dialog that is open.
func top(t *testing.T, w fyne.Window) fyne.CanvasObject {
	t.Helper()
	o := w.Canvas().Overlays().Top()
	if o == nil {
		t.Fatal("no dialog is open")
	}
	return o
}

func find[T fyne.CanvasObject](root fyne.CanvasObject) []T {
	var all []T
	uitest.Walk(root, func(o fyne.CanvasObject, _ fyne.Position) {
		if v, ok := o.(T); ok {
			all = append(all, v)
		}
	})
	return all
}

func button(t *testing.T, w fyne.Window, key string) *widgets.Button {
	t.Helper()
	for _, b := range find[*widgets.Button](top(t, w)) {
		if b.Text() == text.T(key) {
			return b
		}
	}
	t.Fatalf("no button %q in %q", text.T(key), uitest.Texts(top(t, w)))
	return nil
}

func key(w fyne.Window, name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(e)
	} else if f := w.Canvas().OnTypedKey(); f != nil {
		f(e)
	}
}

// unsaved is the question about changes that would be lost.
func unsaved(key, name string, save, discard func()) Question {
	return Question{Title: text.T(key), Text: text.T(key+".text", "Name", name), Answers: []Answer{
		{Label: text.T(key + ".discard"), Do: discard}, {Label: text.T("dialog.cancel")}, {Label: text.T("dialog.save"), Safe: true, Do: save},
	}}
}

func TestEnterAndEscape(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	before := 0
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { before++ })
	saved, discarded := 0, 0
	ask := func() { Ask(w, unsaved("dialog.unsaved", "flower.jpg", func() { saved++ }, func() { discarded++ })) }
	ask()
	if !IsOpen(w) || !uitest.Has(top(t, w), "flower.jpg has changes") {
		t.Error("the question is not asked")
	}
	key(w, fyne.KeyReturn)
	ask()
	key(w, fyne.KeyEscape)
	ask()
	w.Canvas().Unfocus()
	key(w, fyne.KeyReturn)
	ask()
	test.Tap(button(t, w, "dialog.unsaved.discard"))
	if saved != 2 || discarded != 1 || IsOpen(w) {
		t.Errorf("saved %d, discarded %d, open %v", saved, discarded, IsOpen(w))
	}
	key(w, fyne.KeyB)
	if before != 1 {
		t.Errorf("the window's keys are not given back: heard %d", before)
	}
}

func TestError(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	again := 0
	ShowError(w, &api.Error{
		Kind: api.KindQuota, Status: 402, Code: "insufficient_quota", RequestID: "req-7", Message: "no credit",
		Cause: errors.New("inner"),
	}, Next{text.T("dialog.next.again"), func() { again++ }})
	if !uitest.Has(top(t, w), "no credit left") || uitest.Has(top(t, w), "req-7") {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
	test.Tap(button(t, w, "dialog.details"))
	if !uitest.Has(top(t, w), "Request ID: req-7") || !uitest.Has(top(t, w), "Status: 402") {
		t.Errorf("details: %q", uitest.Texts(top(t, w)))
	}
	test.Tap(button(t, w, "dialog.copy"))
	if got := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(got, "insufficient_quota") {
		t.Errorf("copied %q", got)
	}
	test.Tap(button(t, w, "dialog.next.again"))
	if again != 1 || IsOpen(w) {
		t.Errorf("again %d, open %v", again, IsOpen(w))
	}
	ShowError(w, nil)
	if IsOpen(w) {
		t.Error("no error opens a dialog")
	}
}

func TestSides(t *testing.T) {
	old := image.Pt(300, 200)
	for _, c := range []struct {
		size image.Point
		x, y float64
		want Sides
	}{
		{Scaled(old, 2), 0.5, 0.5, Sides{150, 100, 150, 100}},
		{Scaled(old, 1.25), 0, 0, Sides{0, 0, 75, 50}},
		{Scaled(old, 1.5), 1, 1, Sides{150, 100, 0, 0}},
		{ToRatio(old, 1, 1), 0.5, 0.5, Sides{0, 50, 0, 50}},
		{ToRatio(old, 16, 9), 0.5, 0.5, Sides{28, 0, 28, 0}},
		{ToRatio(old, 3, 2), 0.5, 0.5, Sides{}},
		{image.Pt(10, 10), 0.5, 0.5, Sides{}},
	} {
		got := SidesFor(old, c.size, c.x, c.y)
		if got != c.want {
			t.Errorf("%v at %v, %v: %+v, want %+v", c.size, c.x, c.y, got, c.want)
		}
	}
	for w := 1; w < 60; w += 7 {
		for h := 1; h < 60; h += 5 {
			size := ToRatio(image.Pt(w, h), 4, 3)
			if size.X < w || size.Y < h {
				t.Errorf("%d x %d does not fit into %v", w, h, size)
			}
			if d := size.X*3 - size.Y*4; d < -4 || d > 4 {
				t.Errorf("%d x %d became %v, which is not 4:3", w, h, size)
			}
		}
	}
}

func TestExtend(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var got []Sides
	AskExtend(w, image.Pt(300, 200), 1_000_000, func(s Sides) { got = append(got, s) })
	key(w, fyne.KeyReturn)
	if !IsOpen(w) || len(got) != 0 {
		t.Error("Enter extends by nothing")
	}
	for _, b := range find[*widgets.Button](top(t, w)) {
		if b.Text() == "2×" {
			test.Tap(b)
		}
	}
	test.Tap(find[*widgets.AnchorButton](top(t, w))[0])
	if !uitest.Has(top(t, w), "becomes 600 × 400") {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
	test.Tap(button(t, w, "dialog.extend.do"))
	if len(got) != 1 || got[0] != (Sides{0, 0, 300, 200}) {
		t.Errorf("got %+v", got)
	}
	AskExtend(w, image.Pt(900, 900), 1_000_000, func(s Sides) { got = append(got, s) })
	fields := find[*widgets.NumberField](top(t, w))[4:] // after those for a size and a ratio
	fields[0].SetText("1000")
	fields[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(got) != 1 || !uitest.Has(top(t, w), "more than the limit of 1 megapixels") {
		t.Errorf("too large: got %+v, %q", got, uitest.Texts(top(t, w)))
	}
}

func TestExtendObeysItsDisabledButton(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	for typed, says := range map[string]string{
		"9999999999999": "That is too large. The largest possible number is 32768.",
		"-1":            "That is too small. The smallest possible number is 0.",
		"wide":          "Enter a whole number from 0 to 32768.",
	} {
		w := window(t)
		var got []Sides
		AskExtend(w, image.Pt(600, 400), 400e6, func(s Sides) { got = append(got, s) })
		left := find[*widgets.NumberField](top(t, w))[4] // after those for a size and a ratio
		left.SetText(typed)
		if !uitest.Has(top(t, w), says) || !button(t, w, "dialog.extend.do").Disabled() {
			t.Errorf("%s: %q", typed, uitest.Texts(top(t, w)))
		}
		if left.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}); len(got) != 0 || !IsOpen(w) || left.Text != typed {
			t.Errorf("%s: Enter extends by %v", typed, got)
		}
		for _, b := range find[*widgets.Button](top(t, w)) {
			if b.Text() == "2×" {
				test.Tap(b)
			}
		}
		if left.Text != "300" || !uitest.Has(top(t, w), "becomes 1200 × 800") {
			t.Errorf("after %s a button leads to %q, %q", typed, left.Text, uitest.Texts(top(t, w)))
		}
	}
}

func TestExtendToASize(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var got []Sides
	AskExtend(w, image.Pt(400, 300), 0, func(s Sides) { got = append(got, s) })
	fields := find[*widgets.NumberField](top(t, w))[:2]
	if fields[0].Value() != 400 || fields[1].Value() != 300 {
		t.Errorf("it begins with %v x %v", fields[0].Value(), fields[1].Value())
	}
	enter := func(i int, v string) {
		fields[i].SetText(v)
		fields[i].OnEnded(v)
	}
	enter(0, "1000")
	enter(1, "200")
	if !uitest.Has(top(t, w), "becomes 1000 × 300") || fields[1].Value() != 200 {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
	enter(1, "500")
	test.Tap(button(t, w, "dialog.extend.do"))
	if len(got) != 1 || got[0] != (Sides{300, 100, 300, 100}) {
		t.Errorf("got %+v", got)
	}
}

func TestExtendToAnyRatio(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	AskExtend(w, image.Pt(400, 400), 0, func(Sides) {})
	press := func(label string) {
		t.Helper()
		for _, b := range find[*widgets.Button](top(t, w)) {
			if b.Text() == label {
				test.Tap(b)
				return
			}
		}
		t.Fatalf("no button %q", label)
	}
	expect := func(size string) {
		t.Helper()
		if !uitest.Has(top(t, w), "becomes "+size) {
			t.Errorf("no %s in %q", size, uitest.Texts(top(t, w)))
		}
	}
	for label, size := range map[string]string{"4:5": "400 × 500", "5:4": "500 × 400", "2:3": "400 × 600", "3:2": "600 × 400", "21:9": "934 × 400"} {
		press(label)
		expect(size)
	}
	press("2:3")
	press(text.T("dialog.extend.swap"))
	expect("600 × 400")
	free := find[*widgets.NumberField](top(t, w))[2:4] // after those for a size
	for i, v := range []string{"2", "1"} {
		free[i].SetText(v)
		free[i].OnEnded(v)
	}
	expect("800 × 400")
}

func TestSaveNeverTouchesTheFile(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := window(t)
	dir := t.TempDir()
	there := filepath.Join(dir, "there.png")
	if err := os.WriteFile(there, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	var path string
	replace := file.Nothing
	calls := 0
	ask := func(name string) []*widgets.Field {
		SaveFile(w, FileRequest{Folder: dir, Name: name, Endings: []string{".png", ".jpg"}}, func(p string, r file.Over) {
			path, replace = p, r
			calls++
		})
		return find[*widgets.Field](top(t, w))
	}
	ask("there.png")
	if !uitest.Has(top(t, w), "exists already") || button(t, w, "dialog.file.replace").Disabled() {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
	key(w, fyne.KeyReturn)
	if path != there || replace != file.Writable {
		t.Errorf("chose %q, replace %v", path, replace)
	}
	if got, _ := os.ReadFile(there); string(got) != "precious" {
		t.Errorf("the file holds %q", got)
	}
	// One that wasn't suggested is asked about, and Enter leaves it alone and the dialog open.
	path, calls = "", 0
	ask("free.png")[0].SetText("there.png")
	key(w, fyne.KeyReturn)
	if !uitest.Has(top(t, w), "Replace there.png?") || calls != 0 {
		t.Errorf("%q, called %d times", uitest.Texts(top(t, w)), calls)
	}
	key(w, fyne.KeyReturn)
	if !uitest.Has(top(t, w), "exists already") || calls != 0 {
		t.Errorf("%q, called %d times", uitest.Texts(top(t, w)), calls)
	}
	key(w, fyne.KeyReturn)
	test.Tap(button(t, w, "dialog.file.replace"))
	if path != there || replace != file.Writable || calls != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %q, replace %v, called %d times", path, replace, calls)
	}
	fields := ask("free.png")
	fields[0].SetText("elsewhere/free.png")
	if !uitest.Has(top(t, w), "can't be a file's name") || !button(t, w, "dialog.save").Disabled() {
		t.Errorf("a folder in the name is passed over: %q", uitest.Texts(top(t, w)))
	}
	key(w, fyne.KeyEscape)
	// A write-protected one is asked about again, and Enter leaves it alone and the dialog open.
	if err := os.Chmod(there, 0o400); err != nil {
		t.Fatal(err)
	}
	path, calls = "", 0
	ask("there.png")
	for _, answer := range []func(){func() { key(w, fyne.KeyReturn) }, func() { key(w, fyne.KeyEscape) }, func() { test.Tap(button(t, w, "dialog.file.replace")) }} {
		if !uitest.Has(top(t, w), "exists already") {
			t.Fatalf("%q", uitest.Texts(top(t, w)))
		}
		test.Tap(button(t, w, "dialog.file.replace"))
		if !uitest.Has(top(t, w), "there.png is write-protected. Replace it?") || calls != 0 {
			t.Errorf("%q, called %d times", uitest.Texts(top(t, w)), calls)
		}
		answer()
	}
	if path != there || replace != file.Protected || calls != 1 || IsOpen(w) {
		t.Errorf("chose %q, replace %v, called %d times", path, replace, calls)
	}
	fields = ask("new.png")
	fields[0].SetText("照片 +1")
	test.Tap(button(t, w, "dialog.save"))
	if path != filepath.Join(dir, "照片 +1.png") || replace != file.Nothing || exists(path) {
		t.Errorf("chose %q, replace %v, exists %v", path, replace, exists(path))
	}
	fields = ask("new.png")
	for _, bad := range []string{"", "x.exe", "  "} {
		fields[0].SetText(bad)
		if !button(t, w, "dialog.save").Disabled() {
			t.Errorf("%q can be saved", bad)
		}
	}
	fields[0].SetText("x.JPG")
	if button(t, w, "dialog.save").Disabled() {
		t.Error("capital letters in the ending are refused")
	}
	fields[1].SetText(filepath.Join(dir, "nowhere"))
	if !button(t, w, "dialog.save").Disabled() {
		t.Error("a folder that is none is taken")
	}
	key(w, fyne.KeyEscape)
	if calls != 2 {
		t.Errorf("called %d times", calls)
	}
}

// openSettings shows the dialog and returns what it saves.
func openSettings(t *testing.T, w fyne.Window, s Settings) (saved **settings.Settings, keys *map[string]secret.Key, forget *[]string) {
	t.Helper()
	saved, keys, forget = new(*settings.Settings), new(map[string]secret.Key), new([]string)
	s.OnSave = func(n *settings.Settings, k map[string]secret.Key, f []string) { *saved, *keys, *forget = n, k, f }
	ShowSettings(w, s)
	return saved, keys, forget
}

// TestTheMissingKeyIsTypedAtOnce opens the settings where a key is missing.
func TestTheMissingKeyIsTypedAtOnce(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	_, keys, _ := openSettings(t, w, Settings{Settings: settings.Default(), Selected: settings.OpenAI, EnterKey: true})
	field, ok := w.Canvas().Focused().(*widgets.Field)
	if !ok || !field.Password {
		t.Fatalf("the cursor is in %T", w.Canvas().Focused())
	}
	test.Type(field, "sk-test")
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if k := (*keys)[settings.OpenAI]; k.IsZero() || IsOpen(w) {
		t.Errorf("the keys that were entered: %v", *keys)
	}
}

// TestKeyNote has the keyring answer late, and not at all.
func TestKeyNote(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var answer func(service.KeyState)
	openSettings(t, w, Settings{
		Settings: settings.Default(), Selected: settings.OpenAI,
		OnKeySource: func(_ string, tell func(service.KeyState)) { answer = tell },
	})
	says := func(want string) {
		t.Helper()
		if !uitest.Has(top(t, w), text.T(want)) {
			t.Errorf("%q is not said: %q", text.T(want), uitest.Texts(top(t, w)))
		}
	}
	says("dialog.key.looking")
	answer(service.KeyState{Keyring: true})
	says("dialog.key.none")
	answer(service.KeyState{Locked: true})
	says("dialog.key.locked")
	answer(service.KeyState{From: secret.FromKeyring, Keyring: true})
	says("dialog.key.keyring")
	answer(service.KeyState{})
	if has := uitest.Has(top(t, w), "only until the program ends"); !has {
		t.Errorf("a keyring is promised: %q", uitest.Texts(top(t, w)))
	}
}

func TestSettings(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	given := settings.Default()
	tested := ""
	s := Settings{
		Settings: given, Selected: settings.OpenAI,
		OnKeySource: func(id string, tell func(service.KeyState)) {
			if id == settings.OpenAI {
				tell(service.KeyState{From: secret.FromSession})
			}
		},
		OnTest: func(c settings.Connection, k secret.Key, pictures int, tell func(Tested)) {
			tested = c.BaseURL
			if k.IsZero() {
				tested += " without a key"
			}
			tell(Tested{
				Sentences: []string{"It works.", "It has models."}, OK: true, Models: []string{"m-1"},
				Quirks: &settings.Quirks{OneAtATime: pictures > 0},
			})
		},
	}
	saved, keys, forget := openSettings(t, w, s)
	if !uitest.Has(top(t, w), "kept for this session only") {
		t.Errorf("no notice: %q", uitest.Texts(top(t, w)))
	}
	fields := find[*widgets.Field](top(t, w))
	set := func(from, to string) {
		t.Helper()
		for _, f := range fields {
			if f.Text == from {
				f.SetText(to)
				return
			}
		}
		t.Fatalf("no field holds %q", from)
	}
	set("https://api.openai.com/v1", " https://example.com/v1 ")
	test.Tap(button(t, w, "dialog.test"))
	if tested != "https://example.com/v1 without a key" || !uitest.Has(top(t, w), "It works.") {
		t.Errorf("tested %q", tested)
	}
	set("", "sk-secret") // the key is the only empty field that shows
	for _, line := range uitest.Texts(top(t, w)) {
		if strings.Contains(line, "sk-secret") {
			t.Errorf("the key can be read: %q", line)
		}
	}
	picks := find[*widgets.Dropdown](top(t, w))
	if picks[0].Selected() != settings.OpenAI {
		t.Errorf("%q is shown", picks[0].Selected())
	}
	picks[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp}) // to dddai
	test.Tap(find[*widgets.ToolButton](top(t, w))[1])   // remove
	for _, d := range find[*widgets.Dropdown](top(t, w)) {
		if d.Selected() == "" && len(d.Options()) == 3 && d.Options()[1].ID == "dark" {
			d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
	}
	test.Tap(button(t, w, "dialog.save"))
	got := *saved
	if got == nil {
		t.Fatal("nothing was saved")
	}
	if len(got.Connections) != 1 || got.Connections[0].ID != settings.OpenAI || got.Connections[0].BaseURL != "https://example.com/v1" {
		t.Errorf("connections %+v", got.Connections)
	}
	if got.Theme != "dark" {
		t.Errorf("theme %q", got.Theme)
	}
	if (*keys)[settings.OpenAI].IsZero() || len(*keys) != 1 {
		t.Errorf("keys %v", *keys)
	}
	if len(*forget) != 1 || (*forget)[0] != settings.Dddai {
		t.Errorf("forget %v", *forget)
	}
	if len(given.Connections) != 2 || given.Connections[1].BaseURL != "https://api.openai.com/v1" || given.Theme != "" {
		t.Error("the settings that were given have changed")
	}
}

func TestSettingsWithWrongNumbersArentSaved(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	given := settings.Default()
	given.MonthlyCap = 20_000_000
	var saved *settings.Settings
	d := &settingsSheet{
		Settings: Settings{Settings: given, OnSave: func(s *settings.Settings, _ map[string]secret.Key, _ []string) { saved = s }},
		edited:   given.Clone(), keys: map[string]secret.Key{}, window: w, wrong: map[*widgets.Field]string{},
	}
	d.open()
	for _, c := range []struct {
		field *widgets.Field
		typed []string
	}{{d.cap, []string{"abc", "-5", "2e9"}}, {d.timeout, []string{"soon", "0", "1.5", "9999"}}, {d.price.picture, []string{"cheap"}}} {
		was := c.field.Text
		for _, typed := range c.typed {
			c.field.SetText(typed)
			c.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			if saved != nil || !IsOpen(w) || c.field.Text != typed || !button(t, w, "dialog.save").Disabled() || !uitest.Has(top(t, w), "or leave the field empty") {
				t.Errorf("%q became %q; saved: %v; %q", typed, c.field.Text, saved != nil, uitest.Texts(top(t, w)))
			}
		}
		if c.field.SetText(was); uitest.Has(top(t, w), "or leave the field empty") {
			t.Error("what was corrected is still wrong")
		}
	}
	d.cap.SetText("12,5")
	d.cap.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if saved == nil || saved.MonthlyCap != 12_500_000 {
		t.Errorf("saved %+v", saved)
	}
}

func TestSettingsCancelled(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	saved, _, _ := openSettings(t, w, Settings{Settings: settings.Default()})
	find[*widgets.Field](top(t, w))[0].SetText("changed")
	key(w, fyne.KeyEscape)
	if *saved != nil || IsOpen(w) {
		t.Errorf("saved %v, open %v", *saved, IsOpen(w))
	}
	empty := settings.Default()
	empty.Connections = nil
	openSettings(t, w, Settings{Settings: empty})
	if uitest.Has(top(t, w), text.T("dialog.base_url")) {
		t.Error("without a connection its fields are shown")
	}
}

func TestNothingIsClipped(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
		w := window(t)
		for name, open := range map[string]func(){
			"unsaved": func() { Ask(w, unsaved("dialog.unsaved", "a photo with a long name.jpg", nil, nil)) },
			"mask":    func() { Ask(w, unsaved("dialog.unsaved_mask", "a photo with a long name.jpg", nil, nil)) },
			"error": func() {
				ShowError(w, &api.Error{Kind: api.KindUnknown, Status: 502}, Next{text.T("dialog.next.settings"), nil})
			},
			"extend":   func() { AskExtend(w, image.Pt(4000, 3000), 400e6, nil) },
			"settings": func() { ShowSettings(w, Settings{Settings: settings.Default()}) },
			"keyboard": func() { newTyped(t).show(w) },
			"export": func() {
				AskExport(w, Exporting{Presets: export.Presets(), Of: export.Original{Size: image.Pt(4000, 3000), Name: "a photo with a long name", Folder: "/home/ada/Pictures/of last summer", Meta: picture.Metadata{Format: "jpeg"}}})
			},
			"steps": func() { ShowSteps(w, []string{"As opened", "Brush stroke with a long name"}, 1, nil) },
			"about": func() { ShowAbout(w, "1.0.0") },
			"save":  func() { SaveFile(w, FileRequest{Name: "a.png", Endings: []string{".jpg"}}, nil) },
		} {
			open()
			size := top(t, w).MinSize()
			if size.Width > 1024 || size.Height > 672 {
				t.Errorf("%s: %v is larger than the smallest window", name, size)
			}
			for _, fault := range uitest.Clipped(top(t, w)) {
				t.Errorf("%s: %s", name, fault)
			}
			key(w, fyne.KeyEscape)
			if IsOpen(w) {
				t.Fatalf("%s: Esc does not close it", name)
			}
		}
	})
}

// TestEscapeClosesFyneDialog presses Esc where Fyne's own dialog is open, alone
// and over one of ours.
func TestEscapeClosesFyneDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := window(t)
	before := 0
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { before++ })
	SaveFile(w, FileRequest{Folder: t.TempDir(), Name: "a.png"}, func(string, file.Over) { t.Error("saved") })
	button(t, w, "dialog.file.choose").Tapped(nil)
	if !uitest.Has(top(t, w), text.T("dialog.file.folder")) {
		t.Fatalf("no dialog for a folder: %q", uitest.Texts(top(t, w)))
	}
	key(w, fyne.KeyEscape)
	if !uitest.Has(top(t, w), text.T("dialog.file.save")) {
		t.Fatalf("Esc left %q", uitest.Texts(top(t, w)))
	}
	key(w, fyne.KeyEscape)
	if IsOpen(w) {
		t.Error("Esc left our dialog open")
	}
	if key(w, fyne.KeyA); before != 1 {
		t.Error("the window doesn't hear keys again")
	}
}
