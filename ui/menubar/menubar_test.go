package menubar

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

const ctrl = fyne.KeyModifierControl

// keyed is a test canvas that handles shortcuts, as a window's does.
type keyed struct {
	fyne.Canvas
	handler *fyne.ShortcutHandler
}

func (k keyed) AddShortcut(s fyne.Shortcut, f func(fyne.Shortcut)) { k.handler.AddShortcut(s, f) }
func (k keyed) RemoveShortcut(s fyne.Shortcut)                     { k.handler.RemoveShortcut(s) }

// bar shows three menus in a window and records the chosen items.
func bar(t *testing.T) (*Bar, fyne.Window, *[]string) {
	heard := &[]string{}
	item := func(label string, key fyne.KeyName, mod fyne.KeyModifier) *fyne.MenuItem {
		it := fyne.NewMenuItem(label, func() { *heard = append(*heard, label) })
		if key != "" {
			it.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: mod}
		}
		return it
	}
	w := uitest.Window(t, nil, fyne.NewSize(900, 400))
	b := New(keyed{w.Canvas(), &fyne.ShortcutHandler{}})
	w.SetContent(container.NewBorder(b.Object(), nil, nil, nil, widgets.NewSurface(theme.Surround)))
	w.Resize(fyne.NewSize(900, 400))
	off := item("Recover", "", 0)
	off.Disabled = true
	recent := item("Recent", "", 0)
	recent.ChildMenu = fyne.NewMenu("", item("one.png", "", 0), item("two.png", "", 0))
	frame := item("Frame", fyne.KeyF11, 0)
	frame.Checked = true
	b.Set(
		Menu{fyne.NewMenu(text.T("menu.file"), item("Open…", fyne.KeyO, ctrl), recent, off, fyne.NewMenuItemSeparator(),
			item("Save project…", fyne.KeyS, ctrl|fyne.KeyModifierShift)), fyne.KeyF},
		Menu{fyne.NewMenu(text.T("menu.edit"), item("Generate", fyne.KeyReturn, ctrl)), fyne.KeyE},
		Menu{fyne.NewMenu(text.T("menu.view"), frame, item("Zoom in", fyne.KeyEqual, ctrl)), fyne.KeyV})
	b.SetNote("$0.32 today · cap $5 今日")
	return b, w, heard
}

func (b *Bar) isOpen() bool { return b.sheet != nil }

func (b *Bar) marked() string {
	if b.sheet == nil || b.sheet.last().item() == nil {
		return ""
	}
	return b.sheet.last().item().Label
}

func keys(b *Bar, names ...fyne.KeyName) {
	for _, n := range names {
		if b.sheet == nil {
			b.TypedKey(&fyne.KeyEvent{Name: n})
		} else {
			b.sheet.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
}

func TestLooks(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		b, w, _ := bar(t)
		if faults := uitest.Clipped(b.Object()); len(faults) > 0 {
			t.Error(faults)
		}
		keys(b, fyne.KeyF10, fyne.KeyDown, fyne.KeyRight)
		if len(b.sheet.panels) != 2 {
			t.Fatal("the submenu is not open")
		}
		if faults := uitest.Clipped(b.sheet); len(faults) > 0 {
			t.Error(faults)
		}
		uitest.Shot(t, w, "menubar-"+strings.NewReplacer("TestLooks/", "", "_", "-").Replace(t.Name()))
	})
}

func TestKeyboard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b, _, heard := bar(t)
	for _, c := range []struct {
		keys   []fyne.KeyName
		marked string
	}{
		{[]fyne.KeyName{fyne.KeyF10}, "Open…"},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyDown}, "Recover"},
		{[]fyne.KeyName{fyne.KeyDown}, "Save project…"}, // past the separator
		{[]fyne.KeyName{fyne.KeyDown}, "Open…"},
		{[]fyne.KeyName{fyne.KeyUp}, "Save project…"},
		{[]fyne.KeyName{fyne.KeyHome}, "Open…"},
		{[]fyne.KeyName{fyne.KeyEnd}, "Save project…"},
		{[]fyne.KeyName{fyne.KeyLeft}, "Frame"},
		{[]fyne.KeyName{fyne.KeyRight}, "Open…"},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyRight}, "one.png"},
		{[]fyne.KeyName{fyne.KeyEscape}, "Recent"},
		{[]fyne.KeyName{fyne.KeyRight, fyne.KeyLeft}, "Recent"},
		{[]fyne.KeyName{fyne.KeyRight, fyne.KeyDown, fyne.KeyReturn}, ""}, // two.png
		{[]fyne.KeyName{fyne.KeyF10, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn}, "Recover"},
		{[]fyne.KeyName{fyne.KeyEscape}, ""},
		{[]fyne.KeyName{fyne.KeyF11}, ""},
	} {
		if keys(b, c.keys...); b.marked() != c.marked {
			t.Errorf("after %v %q is marked, want %q", c.keys, b.marked(), c.marked)
		}
	}
	b.Open(0)
	b.sheet.TypedRune('r')
	b.sheet.TypedRune('R')
	if b.marked() != "Recover" {
		t.Errorf("letters mark %q", b.marked())
	}
	b.sheet.TypedRune('s')
	if want := []string{"two.png", "Frame", "Save project…"}; !slices.Equal(*heard, want) {
		t.Errorf("done %v, want %v", *heard, want)
	}
}

// TestMenusAreUpToDate changes the state that the menus show before one is opened, and while
// one is open.
func TestMenusAreUpToDate(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b, _, _ := bar(t)
	masked, made, acted := false, 0, 0
	build := func() {
		made++
		save := fyne.NewMenuItem("Save mask…", func() { acted++ })
		save.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyM, Modifier: ctrl}
		save.Disabled = !masked
		b.Set(Menu{Menu: fyne.NewMenu("Mask", save)}, Menu{Menu: fyne.NewMenu("View", fyne.NewMenuItem("Fit", nil))})
	}
	b.OnOpen = build
	build()
	choose := func() bool {
		b.Open(0)
		keys(b, fyne.KeyReturn)
		open := b.isOpen()
		b.Close()
		return !open
	}
	if choose() || acted != 0 {
		t.Error("an item is chosen that has nothing to work on")
	}
	b.canvas.(keyed).handler.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyM, Modifier: ctrl})
	if acted != 1 {
		t.Error("the shortcut of a disabled item doesn't act")
	}
	masked = true
	if !choose() || acted != 2 {
		t.Error("the menu is out of date")
	}
	before := made
	b.Open(0)
	keys(b, fyne.KeyRight)
	if b.marked() != "Fit" || made != before+1 {
		t.Errorf("%q is marked, the menus were made %d times", b.marked(), made-before)
	}
}

func TestShortcutsAndMnemonics(t *testing.T) {
	for _, language := range text.Languages() {
		uitest.App(t, language, theme.Dark)
		b, _, heard := bar(t)
		press := func(key fyne.KeyName, mod fyne.KeyModifier) {
			b.canvas.(keyed).handler.TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: mod})
		}
		press(fyne.KeyS, ctrl|fyne.KeyModifierShift)
		press(fyne.KeyReturn, ctrl)
		if want := []string{"Save project…", "Generate"}; !slices.Equal(*heard, want) {
			t.Errorf("done %v, want %v", *heard, want)
		}
		press(fyne.KeyV, fyne.KeyModifierAlt)
		if !b.isOpen() || b.marked() != "Frame" {
			t.Errorf("%s: Alt+V marks %q", language, b.marked())
		}
		b.sheet.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyE, Modifier: fyne.KeyModifierAlt})
		if b.marked() != "Generate" {
			t.Errorf("%s: Alt+E marks %q", language, b.marked())
		}
		b.Set() // no menus: no shortcuts
		press(fyne.KeyReturn, ctrl)
		if len(*heard) != 2 || b.isOpen() {
			t.Error("a removed menu's shortcut still acts")
		}
	}
}

func TestPointer(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b, w, heard := bar(t)
	middle := func(label string) fyne.Position {
		at, size, ok := place(b, label)
		if !ok {
			t.Fatalf("%q is not on the screen", label)
		}
		return at.AddXY(size.Width/2, size.Height/2)
	}
	move := func(label string) {
		b.sheet.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middle(label)}})
	}
	tap := func(p fyne.Position) { b.sheet.Tapped(&fyne.PointEvent{Position: p}) }
	test.Tap(b.titles[0])
	move("Edit")
	if _, visible := find(b, "Generate"); !visible {
		t.Fatal("the pointer does not switch menus")
	}
	move("File")
	move("Recent")
	move("two.png")
	tap(middle("two.png"))
	if b.isOpen() || w.Canvas().Overlays().Top() != nil {
		t.Error("the menu stays open")
	}
	test.Tap(b.titles[0])
	tap(middle("Recover")) // disabled
	if !b.isOpen() {
		t.Error("a disabled item closes the menu")
	}
	tap(fyne.NewPos(800, 350))
	if b.isOpen() {
		t.Error("a click elsewhere does not close the menu")
	}
	test.Tap(b.titles[1])
	tap(middle("Edit"))
	if b.isOpen() {
		t.Error("a second click on the title does not close the menu")
	}
	if want := []string{"two.png"}; !slices.Equal(*heard, want) {
		t.Errorf("done %v, want %v", *heard, want)
	}
}

func TestNoMenuOpensOverADialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b, w, _ := bar(t)
	w.Canvas().Overlays().Add(widgets.NewLabel("a dialog"))
	keys(b, fyne.KeyF10)
	test.Tap(b.titles[0])
	if b.isOpen() {
		t.Error("a menu lies over the dialog")
	}
}

func TestFocusComesBack(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b, w, _ := bar(t)
	field := widgets.NewField()
	w.SetContent(container.NewBorder(b.Object(), nil, nil, nil, field))
	w.Canvas().Focus(field)
	b.Open(1)
	keys(b, fyne.KeyEscape)
	if w.Canvas().Focused() != fyne.Focusable(field) {
		t.Error("the field has lost the focus")
	}
}

func TestMenusStayInTheWindow(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := uitest.Window(t, nil, fyne.NewSize(330, 120))
	b := New(w.Canvas())
	w.SetContent(container.NewVBox(b.Object()))
	w.Resize(fyne.NewSize(330, 120))
	sub := fyne.NewMenuItem("A longer name for a submenu", nil)
	sub.ChildMenu = fyne.NewMenu("", fyne.NewMenuItem("inside", nil))
	b.Set(Menu{Menu: fyne.NewMenu("File", sub)})
	keys(b, fyne.KeyF10, fyne.KeyRight)
	for i, p := range b.sheet.panels {
		if p.at.X < 0 || p.at.Y < 0 || p.at.X+p.size.Width > 330 {
			t.Errorf("panel %d lies at %v, %v", i, p.at, p.size)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		s    fyne.Shortcut
		want string
	}{
		{&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: ctrl}, "Ctrl+Enter"},
		{&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: ctrl | fyne.KeyModifierShift}, "Ctrl+Shift+S"},
		{&desktop.CustomShortcut{KeyName: fyne.KeyF1}, "F1"},
		{&desktop.CustomShortcut{KeyName: fyne.KeyPageUp}, "PgUp"},
		{&desktop.CustomShortcut{KeyName: fyne.KeyPageDown}, "PgDn"},
		{&fyne.ShortcutUndo{}, "Ctrl+Z"},
	} {
		if got := Keys(c.s); got != c.want {
			t.Errorf("%v is written %q, want %q", c.s, got, c.want)
		}
	}
	mac := &desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierSuper | fyne.KeyModifierAlt}
	if got := written(mac, "darwin"); got != "Cmd+Option+S" {
		t.Errorf("on macOS it is written %q", got)
	}
}

// find returns an item by its label, or nil, and whether it is on the screen.
func find(b *Bar, label string) (it *fyne.MenuItem, visible bool) {
	for _, m := range b.menus {
		each(m.Menu, func(one *fyne.MenuItem) {
			if one.Label == label {
				it = one
			}
		})
	}
	if b.sheet != nil && it != nil {
		for _, p := range b.sheet.panels {
			visible = visible || slices.Contains(p.items, it)
		}
	}
	return it, visible
}

// place returns the position and size of an open item or a menu's title in the window, by
// its label.
func place(b *Bar, label string) (at fyne.Position, size fyne.Size, ok bool) {
	if b.sheet != nil {
		for _, p := range b.sheet.panels {
			for i, it := range p.items {
				if it.Label == label {
					return p.at.AddXY(0, p.tops[i]), fyne.NewSize(p.size.Width, itemHigh), true
				}
			}
		}
	}
	for _, t := range b.titles {
		if b.menus[t.i].Label == label {
			return absolute(t), t.Size(), true
		}
	}
	return fyne.Position{}, fyne.Size{}, false
}
