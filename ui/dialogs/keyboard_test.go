package dialogs

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// typed is a keyboard on which a test presses keys.
type typed struct {
	*testing.T
	now  *keys.Map
	held fyne.KeyModifier
}

func newTyped(t *testing.T) *typed { return &typed{T: t, now: keys.New(nil)} }

func (k *typed) show(w fyne.Window) {
	ShowKeyboard(w, Keyboard{
		Keys: func() *keys.Map { return k.now }, Modifiers: func() fyne.KeyModifier { return k.held },
		Chord: func(name fyne.KeyName, held fyne.KeyModifier) (keys.Chord, bool) {
			s := strings.NewReplacer("Escape", "Esc", "Return", "Enter").Replace(string(name))
			if held&fyne.KeyModifierControl != 0 {
				s = "Ctrl+" + s
			}
			return keys.Parse(s)
		},
		OnChange: func(m *keys.Map) { k.now = m },
	})
}

// press presses a key on what has the focus, as the driver would.
func (k *typed) press(w fyne.Window, held fyne.KeyModifier, name fyne.KeyName) {
	k.Helper()
	k.held = held
	e := &fyne.KeyEvent{Name: name}
	focused := w.Canvas().Focused()
	if d, ok := focused.(desktop.Keyable); ok {
		d.KeyDown(e)
	}
	switch {
	case held != 0:
	case focused != nil:
		focused.TypedKey(e)
	default:
		key(w, name)
	}
	k.held = 0
}

// keyOf is the button with the keys of a command.
func (k *typed) keyOf(w fyne.Window, command string) *widgets.Button {
	k.Helper()
	label, y := text.T("keyboard."+command), float32(-1)
	uitest.Walk(top(k.T, w), func(o fyne.CanvasObject, at fyne.Position) {
		if l, ok := o.(*widgets.Label); ok && l.Text() == label {
			y = at.Y + l.Size().Height/2
		}
	})
	var found *widgets.Button
	nearest := float32(1e9)
	x := float32(0)
	uitest.Walk(top(k.T, w), func(o fyne.CanvasObject, at fyne.Position) {
		if l, ok := o.(*widgets.Label); ok && l.Text() == label {
			x = at.X
		}
	})
	uitest.Walk(top(k.T, w), func(o fyne.CanvasObject, at fyne.Position) {
		b, ok := o.(*widgets.Button)
		if ok && at.X > x && at.Y <= y && y <= at.Y+b.Size().Height && at.X-x < nearest {
			nearest, found = at.X-x, b
		}
	})
	if found == nil {
		k.Fatalf("no key beside %q", label)
	}
	return found
}

func TestKeysAreChangedInTheList(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	k := newTyped(t)
	k.show(w)
	if got := k.keyOf(w, "redo").Text(); got != "Ctrl+Shift+Z, Ctrl+Y" {
		t.Fatalf("redo has %q", got)
	}
	k.keyOf(w, "redo").Tapped(nil)
	if got := k.keyOf(w, "redo").Text(); got != text.T("dialog.keyboard.press") {
		t.Errorf("while a key is waited for it says %q", got)
	}
	k.press(w, fyne.KeyModifierControl, "U")
	if k.now.Label("redo") != "Ctrl+U" || k.keyOf(w, "redo").Text() != "Ctrl+U" {
		t.Errorf("redo has %q, the list says %q", k.now.Label("redo"), k.keyOf(w, "redo").Text())
	}

	// A key of another command is a conflict, which is shown before anything is lost.
	k.keyOf(w, "redo").Tapped(nil)
	k.press(w, fyne.KeyModifierControl, "E")
	if want := text.T("dialog.keyboard.taken", "Keys", "Ctrl+E", "Other", text.T("keyboard.extend")); !uitest.Has(top(t, w), want) || k.now.Label("redo") != "Ctrl+U" {
		t.Errorf("it doesn't say %q: %q", want, uitest.Texts(top(t, w)))
	}
	button(t, w, "dialog.keyboard.take").Tapped(nil)
	if k.now.Label("redo") != "Ctrl+E" || k.now.Label("extend") != "" || k.keyOf(w, "extend").Text() != "–" {
		t.Errorf("redo has %q, extending %q", k.now.Label("redo"), k.now.Label("extend"))
	}

	// One that is fixed can't be taken, and Esc leaves it.
	k.keyOf(w, "undo").Tapped(nil)
	k.press(w, 0, "1")
	if want := text.T("dialog.keyboard.fixed", "Keys", "1", "Other", text.T("keyboard.show")); !uitest.Has(top(t, w), want) {
		t.Errorf("it doesn't say %q: %q", want, uitest.Texts(top(t, w)))
	}
	k.press(w, 0, fyne.KeyEscape)
	if k.now.Label("undo") != "Ctrl+Z" || !IsOpen(w) || k.keyOf(w, "undo").Text() != "Ctrl+Z" {
		t.Errorf("undo has %q, the dialog is open: %v", k.now.Label("undo"), IsOpen(w))
	}
	k.keyOf(w, "fit").Tapped(nil)
	button(t, w, "dialog.keyboard.none").Tapped(nil)
	if k.now.Label("fit") != "" {
		t.Error("a command can't be without a key")
	}
	button(t, w, "dialog.keyboard.reset_all").Tapped(nil)
	if len(k.now.Custom()) != 0 || k.keyOf(w, "fit").Text() != "Ctrl+0" {
		t.Errorf("after resetting all: %v", k.now.Custom())
	}
	k.press(w, 0, fyne.KeyEscape)
	if IsOpen(w) {
		t.Error("Esc doesn't close the dialog")
	}
}

func TestKeysAreSearchedFor(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	k := newTyped(t)
	k.show(w)
	field := find[*widgets.Field](top(t, w))[0]
	test.Type(field, "full")
	if s := uitest.Texts(top(t, w)); !slices.Contains(s, "Full screen") || slices.Contains(s, "Undo") {
		t.Errorf("searching finds %q", s)
	}
	field.SetText("Ctrl+Shift+Z")
	field.OnChanged("")
	if s := uitest.Texts(top(t, w)); !slices.Contains(s, "Redo") || slices.Contains(s, "Full screen") {
		t.Errorf("searching for a key finds %q", s)
	}
}

func TestConflictsOfAHandWrittenFileAreShown(t *testing.T) {
	uitest.App(t, "zh", theme.Light)
	w := window(t)
	k := newTyped(t)
	k.now = keys.New(map[string][]string{"undo": {"Ctrl+E"}})
	k.show(w)
	if n := len(find[*widgets.Icon](top(t, w))); n != 2 {
		t.Errorf("%d warnings", n)
	}
	for _, b := range find[*widgets.ToolButton](top(t, w)) {
		if b.ControlName() == text.T("dialog.keyboard.reset") {
			b.Tapped(nil)
			break
		}
	}
	if len(k.now.Custom()) != 0 {
		t.Errorf("after resetting: %v", k.now.Custom())
	}
	uitest.Shot(t, w, "keyboard-zh-light")
}

func TestStepsAreGoneTo(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var gone []int
	ShowSteps(w, []string{"As opened", "Brush stroke", "Invert mask"}, 2, func(i int) { gone = append(gone, i) })
	key2 := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	key2(fyne.KeyUp)
	key2(fyne.KeyUp)
	key2(fyne.KeyDown)
	if !slices.Equal(gone, []int{1, 0, 1}) {
		t.Errorf("gone to %v", gone)
	}
	key2(fyne.KeyEscape)
	if IsOpen(w) {
		t.Error("Esc doesn't close it")
	}
}

func TestStepsHaveAMenu(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var gone []int
	ShowSteps(w, []string{"As opened", "Brush stroke", "Invert mask"}, 2, func(i int) { gone = append(gone, i) })
	press := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	press(desktop.KeyMenu) // of the step that is there: nothing can be chosen
	press(fyne.KeyDown)
	press(fyne.KeyReturn)
	rows := func() (all []*stepRow) {
		uitest.Walk(w.Canvas().Overlays().Top(), func(o fyne.CanvasObject, _ fyne.Position) {
			if r, ok := o.(*stepRow); ok {
				all = append(all, r)
			}
		})
		return all
	}
	for _, r := range rows() {
		if r.ControlName() == "As opened" {
			r.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(100, 100)})
		}
	}
	press(fyne.KeyDown)
	press(fyne.KeyReturn)
	if !slices.Equal(gone, []int{0}) {
		t.Fatalf("gone to %v, want the first step", gone)
	}
	for _, r := range rows() {
		if r.ControlName() == "Brush stroke" {
			r.Tapped(&fyne.PointEvent{})
		}
	}
	press(desktop.KeyMenu)
	press(fyne.KeyEscape)
	press(fyne.KeyDown)
	if !slices.Equal(gone, []int{0, 1, 2}) {
		t.Errorf("gone to %v", gone)
	}
}
