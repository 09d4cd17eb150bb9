// Package menubar is the window's menu bar, made of Fyne's menus. Unlike Fyne's own bar it
// shows readable shortcuts, has mnemonics (Alt and a letter) and room for a text at its
// right end.
//
// A Bar shows the menus that it is given; its only state is which menu is open and which
// item is marked. It is used on Fyne's goroutine alone.
package menubar

import (
	"slices"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Height is the bar's height in Fyne's units.
const Height float32 = 28

// Menu is one of the bar's menus. Key opens it together with Alt; without one it
// is the first letter of the label.
type Menu struct {
	*fyne.Menu
	Key fyne.KeyName
}

// Bar is the menu bar of a window.
type Bar struct {
	// OnOpen is called before a menu is opened where none is open. It may replace
	// the menus, so that they are up to date.
	OnOpen func()

	canvas fyne.Canvas
	menus  []Menu
	titles []*title
	root   *fyne.Container
	row    *fyne.Container
	note   *widgets.Label
	sheet  *sheet // nil while no menu is open
	focus  fyne.Focusable
	keys   []fyne.Shortcut // registered with the canvas by this bar
}

// New returns an empty bar for a window's canvas.
func New(c fyne.Canvas) *Bar {
	b := &Bar{canvas: c, row: widgets.Row(0), note: widgets.NewLabel("").Align(fyne.TextAlignTrailing).Cut()}
	b.root = widgets.On(theme.Window, container.New(&barLayout{}, b.row, b.note))
	return b
}

// Object returns the bar's object, to be placed at the top of the window.
func (b *Bar) Object() fyne.CanvasObject { return b.root }

// SetNote shows a text at the right end, shortened where there is no room.
func (b *Bar) SetNote(s string) {
	b.note.SetText(s)
	b.root.Refresh()
}

// Set replaces the menus. Their shortcuts, and Alt with each menu's letter, act in the
// window from now on; a menu that is open is closed. The shortcut of a disabled item acts
// too: its action may report what is missing, or be meant for the focused field.
func (b *Bar) Set(menus ...Menu) {
	b.Close()
	same := slices.EqualFunc(b.menus, menus, func(m, n Menu) bool { return m.Label == n.Label })
	b.menus = slices.Clone(menus)
	for i := range b.menus {
		if b.menus[i].Key == "" {
			b.menus[i].Key = firstLetter(b.menus[i].Label)
		}
	}
	if !same {
		b.setTitles()
	}
	b.register()
}

// setTitles makes the titles anew. As long as their texts stay the same the titles must, too:
// Fyne knows the position only of what was drawn before.
func (b *Bar) setTitles() {
	b.titles = nil
	b.row.RemoveAll()
	for i := range b.menus {
		t := newTitle(b, i)
		b.titles = append(b.titles, t)
		b.row.Add(t)
	}
	b.root.Refresh()
}

// register registers the shortcuts of all items and the mnemonics with the canvas.
func (b *Bar) register() {
	for _, s := range b.keys {
		b.canvas.RemoveShortcut(s)
	}
	b.keys = nil
	add := func(s fyne.Shortcut, do func()) {
		b.keys = append(b.keys, s)
		b.canvas.AddShortcut(s, func(fyne.Shortcut) { do() })
	}
	for i, m := range b.menus {
		each(m.Menu, func(it *fyne.MenuItem) {
			k, ok := it.Shortcut.(*desktop.CustomShortcut)
			if it.Shortcut != nil && !(ok && k.Modifier == 0) { // TypedKey handles keys without a modifier
				add(it.Shortcut, func() { act(it) })
			}
		})
		if m.Key != "" {
			add(&desktop.CustomShortcut{KeyName: m.Key, Modifier: fyne.KeyModifierAlt}, func() { b.Open(i) })
		}
	}
}

// each calls f for all items of a menu and its submenus.
func each(m *fyne.Menu, f func(*fyne.MenuItem)) {
	for _, it := range m.Items {
		f(it)
		if it.ChildMenu != nil {
			each(it.ChildMenu, f)
		}
	}
}

// act calls an item's action, even where the item is disabled.
func act(it *fyne.MenuItem) {
	if it.Action != nil {
		it.Action()
	}
}

func firstLetter(label string) fyne.KeyName {
	for _, r := range label {
		if r = unicode.ToUpper(r); r >= 'A' && r <= 'Z' {
			return fyne.KeyName(r)
		}
	}
	return ""
}

// TypedKey handles a key without a modifier: F10 opens the first menu, and an item may have
// such a key as its shortcut. It reports whether the key was used. The canvas's OnTypedKey
// must call it, since Fyne's shortcuts require a modifier.
func (b *Bar) TypedKey(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyF10 && len(b.menus) > 0 {
		b.Open(0)
		return true
	}
	var found *fyne.MenuItem
	for _, m := range b.menus {
		each(m.Menu, func(it *fyne.MenuItem) {
			if s, ok := it.Shortcut.(*desktop.CustomShortcut); ok && s.Modifier == 0 && s.KeyName == e.Name {
				found = it
			}
		})
	}
	if found == nil {
		return false
	}
	act(found)
	return true
}

// Open opens a menu by its index, with its first item marked.
func (b *Bar) Open(i int) {
	b.open(i)
	if b.sheet != nil {
		b.sheet.step(1)
	}
}

func (b *Bar) open(i int) {
	if i < 0 || i >= len(b.menus) || b.sheet == nil && b.canvas.Overlays().Top() != nil {
		return // no such menu, or a dialog is open
	}
	if b.sheet == nil {
		if b.OnOpen != nil {
			b.OnOpen()
		}
		b.focus = b.canvas.Focused()
		b.sheet = newSheet(b)
		b.canvas.Overlays().Add(b.sheet)
		b.sheet.Resize(b.canvas.Size())
		b.canvas.Focus(b.sheet)
	}
	b.sheet.show(i)
	for k, t := range b.titles {
		t.set(k == i)
	}
}

// Close closes the open menu and restores the focus.
func (b *Bar) Close() {
	if b.sheet == nil {
		return
	}
	s := b.sheet
	b.sheet = nil
	b.canvas.Overlays().Remove(s)
	for _, t := range b.titles {
		t.set(false)
	}
	if b.focus != nil {
		b.canvas.Focus(b.focus)
	}
	b.focus = nil
}

func absolute(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// barLayout places the titles on the left and the note in the remaining width.
type barLayout struct{}

func (barLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width+2*theme.Grid, Height)
}

func (barLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := o[0].MinSize().Width
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[0].Move(fyne.NewPos(theme.Grid, 0))
	left := w + 4*theme.Grid
	high := o[1].MinSize().Height
	o[1].Resize(fyne.NewSize(max(0, s.Width-left-theme.PanelPadding), high))
	o[1].Move(fyne.NewPos(left, float32(int((s.Height-high)/2))))
}
