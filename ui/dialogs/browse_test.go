package dialogs

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// gallery makes a folder with pictures, other files and folders.
func gallery(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, sub := range []string{"holiday", ".hidden"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, petals := range map[string]color.NRGBA{"b.png": {220, 60, 60, 255}, "Ä photo.PNG": {60, 90, 220, 255}, "holiday/sea.png": {20, 140, 160, 255}} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, uitest.Flower(120, 80, petals)); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// row clicks the entry of a name.
func row(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	for _, r := range find[*browserRow](top(t, w)) {
		if r.name.Text() == name {
			test.Tap(r)
			return
		}
	}
	t.Fatalf("no entry %q in %q", name, uitest.Texts(top(t, w)))
}

func TestOurFileDialogOpensAFile(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := uitest.Window(t, widgets.NewSurface(theme.Surround), fyne.NewSize(1024, 672))
	dir := gallery(t)
	var opened []string
	closed := 0
	// The test's driver makes no difference between goroutines.
	thumbnail := func(path string, tell func(image.Image)) {
		if filepath.Ext(path) == ".png" {
			tell(uitest.Flower(96, 64, color.NRGBA{220, 60, 60, 255}))
		} else {
			tell(nil)
		}
	}
	ask := func() {
		OpenFile(w, FileRequest{Folder: dir, Endings: []string{".png", ".jpg"}, Thumbnail: thumbnail, OnClose: func() { closed++ }}, func(p string) { opened = append(opened, p) })
	}
	ask()
	s := uitest.Texts(top(t, w))
	if !slices.Contains(s, "holiday") || !slices.Contains(s, "b.png") || !slices.Contains(s, "Ä photo.PNG") || slices.Contains(s, "notes.txt") || slices.Contains(s, ".hidden") {
		t.Errorf("listed are %q", s)
	}
	if !uitest.Has(top(t, w), "PNG, JPG") || button(t, w, "dialog.file.open_do") == nil {
		t.Errorf("it doesn't say what fits, or what its button does: %q", s)
	}
	uitest.Shot(t, w, "open-en-dark")
	row(t, w, "b.png")
	if got := find[*widgets.Field](top(t, w))[0].Text; got != filepath.Join(dir, "b.png") {
		t.Errorf("the path is %q", got)
	}
	row(t, w, "b.png") // twice
	if !slices.Equal(opened, []string{filepath.Join(dir, "b.png")}) || IsOpen(w) || closed != 0 {
		t.Errorf("opened %q, closed %d times", opened, closed)
	}

	// A folder is entered by two clicks, and a path can be typed.
	ask()
	row(t, w, "holiday")
	row(t, w, "holiday")
	if s := uitest.Texts(top(t, w)); !slices.Contains(s, "sea.png") || slices.Contains(s, "b.png") {
		t.Errorf("in the folder are %q", s)
	}
	field := find[*widgets.Field](top(t, w))[0]
	field.SetText(filepath.Join(dir, "nothing.png"))
	field.OnChanged(field.Text)
	if !uitest.Has(top(t, w), text.T("dialog.file.no_file")) || !button(t, w, "dialog.file.open_do").Disabled() {
		t.Error("a file that isn't there can be opened")
	}
	field.SetText("../notes.txt")
	field.OnChanged(field.Text)
	field.OnSubmit()
	if len(opened) != 2 || opened[1] != filepath.Join(dir, "notes.txt") {
		t.Errorf("opened %q", opened)
	}

	// All files, and Esc wherever the focus is.
	ask()
	kind := find[*widgets.Dropdown](top(t, w))[0]
	kind.Select(everything)
	kind.OnChanged(everything)
	if !slices.Contains(uitest.Texts(top(t, w)), "notes.txt") {
		t.Errorf("all files are %q", uitest.Texts(top(t, w)))
	}
	w.Canvas().Focus(find[*widgets.Field](top(t, w))[0])
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if IsOpen(w) || closed != 1 {
		t.Errorf("after Esc it is open: %v, closed %d times", IsOpen(w), closed)
	}
}

// TestATripleClickOpensAFileAndNothingElse clicks a file three times in a hurry: the third
// click is not for what lies below the dialog.
func TestATripleClickOpensAFileAndNothingElse(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	at := time.Unix(1000, 0)
	widgets.Clock = func() time.Time { return at }
	t.Cleanup(func() { widgets.Clock = time.Now })
	below := 0
	back := widgets.NewButton("below", "", widgets.Normal, func() { below++ })
	w := uitest.Window(t, back, fyne.NewSize(1024, 672))
	w.SetContent(widgets.WithTips(w.Canvas(), back))
	var opened []string
	OpenFile(w, FileRequest{Folder: gallery(t), Endings: []string{".png"}, Thumbnail: func(_ string, tell func(image.Image)) { tell(nil) }}, func(p string) { opened = append(opened, p) })
	for _, r := range find[*browserRow](top(t, w)) {
		if r.name.Text() != "b.png" {
			continue
		}
		middle := fyne.CurrentApp().Driver().AbsolutePositionForObject(r).AddXY(r.Size().Width/2, r.Size().Height/2)
		for range 3 {
			test.TapCanvas(w.Canvas(), middle)
		}
		if len(opened) != 1 || IsOpen(w) || below != 0 {
			t.Errorf("opened %q, what lies below was clicked %d times", opened, below)
		}
		at = at.Add(time.Second)
		test.TapCanvas(w.Canvas(), middle)
	}
	if below != 1 {
		t.Errorf("a second later what lies below was clicked %d times", below)
	}
}

// TestLettersLeadToTheFile types the beginnings of names, and Enter.
func TestLettersLeadToTheFile(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := uitest.Window(t, widgets.NewSurface(theme.Surround), fyne.NewSize(1024, 672))
	dir := t.TempDir()
	for _, name := range []string{"beach.png", "bear.png", "Boat 2.png", "花.png"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "boats"), 0o700); err != nil {
		t.Fatal(err)
	}
	var opened []string
	OpenFile(w, FileRequest{Folder: dir, Endings: []string{".png"}, Thumbnail: func(_ string, tell func(image.Image)) { tell(nil) }},
		func(p string) { opened = append(opened, p) })
	l, path := find[*list](top(t, w))[0], find[*widgets.Field](top(t, w))[0]
	if w.Canvas().Focused() != fyne.Focusable(l) {
		t.Fatalf("%T has the focus", w.Canvas().Focused())
	}
	now := time.Unix(0, 0)
	l.now = func() time.Time { return now }
	for _, c := range []struct {
		typed string
		wait  time.Duration
		want  string
	}{
		{"b", 0, "boats"},
		{"b", 0, "beach.png"},
		{"b", 0, "bear.png"},
		{"b", 0, "Boat 2.png"},
		{"b", 0, "boats"}, // round
		{"bear", 2 * typing, "bear.png"},
		{"BOAT 2", 2 * typing, "Boat 2.png"},
		{"花", 2 * typing, "花.png"},
		{"x", 2 * typing, "花.png"},
		{"bea", 2 * typing, "beach.png"},
		{"r", 0, "bear.png"},
	} {
		now = now.Add(c.wait)
		test.Type(l, c.typed)
		if got := filepath.Base(path.Text); got != c.want {
			t.Errorf("%q leads to %q, want %q", c.typed, got, c.want)
		}
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if got := filepath.Base(path.Text); got != "boats" {
		t.Errorf("Home leads to %q", got)
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !slices.Equal(opened, []string{filepath.Join(dir, "花.png")}) {
		t.Errorf("opened %q", opened)
	}
}

// TestTheButtonOfEnterLooksSo opens our dialogs for files.
func TestTheButtonOfEnterLooksSo(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := uitest.Window(t, widgets.NewSurface(theme.Surround), fyne.NewSize(1024, 672))
	dir := gallery(t)
	none := func(_ string, tell func(image.Image)) { tell(nil) }
	for label, ask := range map[string]func(){
		"dialog.file.open_do": func() {
			OpenFile(w, FileRequest{Folder: dir, Thumbnail: none}, func(string) {})
			row(t, w, "b.png")
		},
		"dialog.file.folder_do": func() { ChooseFolder(w, FileRequest{Folder: dir, Thumbnail: none}, func(string) {}) },
		"dialog.save": func() {
			SaveFile(w, FileRequest{Folder: dir, Name: "new.png"}, func(string, file.Over) {})
		},
	} {
		ask()
		for _, b := range find[*widgets.Button](top(t, w)) {
			if does := b == button(t, w, label); (b.Style() == widgets.Outlined) != does {
				t.Errorf("%s: %q is highlighted: %v", label, b.Text(), !does)
			}
		}
		uitest.Shot(t, w, "enter-"+label)
		w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if IsOpen(w) {
			t.Errorf("%s: Enter doesn't do it", label)
			w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		}
	}
}

func TestOurFileDialogChoosesAFolder(t *testing.T) {
	uitest.App(t, "zh", theme.Light)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	w := uitest.Window(t, widgets.NewSurface(theme.Surround), fyne.NewSize(1024, 672))
	dir := gallery(t)
	var chosen []string
	ask := func() { ChooseFolder(w, FileRequest{Folder: dir}, func(p string) { chosen = append(chosen, p) }) }
	ask()
	uitest.Shot(t, w, "folder-zh-light")
	if s := uitest.Texts(top(t, w)); slices.Contains(s, "b.png") || !slices.Contains(s, "选择此文件夹") {
		t.Errorf("listed are %q", s)
	}
	button(t, w, "dialog.file.folder_do").Tapped(nil)
	ask()
	row(t, w, "holiday")
	button(t, w, "dialog.file.folder_do").Tapped(nil)
	if !slices.Equal(chosen, []string{dir, filepath.Join(dir, "holiday")}) {
		t.Errorf("chosen are %q", chosen)
	}
	ask()
	field := find[*widgets.Field](top(t, w))[0]
	field.SetText(strings.TrimSuffix(dir, "/") + "/nowhere")
	field.OnChanged(field.Text)
	if !button(t, w, "dialog.file.folder_do").Disabled() {
		t.Error("a folder that isn't there can be chosen")
	}
}

// TestNothingIsOpenedBeforeSomethingIsChosen has the button enabled by an entry, a folder and a
// typed path, and off again in another folder.
func TestNothingIsOpenedBeforeSomethingIsChosen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "album"), 0o755), os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	w := window(t)
	newBrowser(w, FileRequest{Folder: dir, Title: "Open"}, false, func(string) {})
	open := func(want bool, when string) {
		t.Helper()
		b := button(t, w, "dialog.file.open_do")
		if b.Disabled() == want || uitest.Has(top(t, w), text.T("dialog.file.none")) == want {
			t.Errorf("%s: it can be opened: %v, want %v", when, !b.Disabled(), want)
		}
	}
	open(false, "at first")
	row(t, w, "album")
	open(true, "a folder is chosen")
	row(t, w, "album") // entered
	open(false, "in another folder")
	field := find[*widgets.Field](top(t, w))[0]
	for path, want := range map[string]bool{"../notes.txt": true, ".": false, "..": true, filepath.Join(dir, "album") + "/": false} {
		field.SetText(path)
		field.OnChanged(path)
		open(want, path)
	}
	key(w, fyne.KeyEscape)
	newBrowser(w, FileRequest{Folder: dir, Title: "Folder"}, true, func(string) {})
	if button(t, w, "dialog.file.folder_do").Disabled() {
		t.Error("the folder that is shown can't be chosen")
	}
}
