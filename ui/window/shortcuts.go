package window

import (
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/widgets"
)

// hearKeys wires the keys. Single keys reach the canvas only while no field has the focus, so
// typing is safe.
func (w *Window) hearKeys() {
	c := w.win.Canvas()
	c.SetOnTypedRune(w.rune)
	c.SetOnTypedKey(w.key)
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) {
			w.holdTab(e)
			w.surface.KeyDown(e)
		})
		d.SetOnKeyUp(w.surface.KeyUp)
	}
}

// registerKeys registers the commands' keys that need Ctrl or Alt as shortcuts of the window.
func (w *Window) registerKeys() {
	c := w.win.Canvas()
	for _, s := range w.registered {
		c.RemoveShortcut(s)
	}
	w.registered = nil
	m := w.session.Keys()
	for _, command := range keys.Commands() {
		for _, chord := range m.Of(command.ID) {
			if !chord.Ctrl && !chord.Alt {
				continue
			}
			for _, s := range shortcuts(chord) {
				w.registered = append(w.registered, s)
				c.AddShortcut(s, func(fyne.Shortcut) { w.obey(chord) })
			}
		}
	}
}

// obey runs the command of a chord, and reports whether it has one. Nothing runs behind a
// dialog.
func (w *Window) obey(c keys.Chord) bool {
	do := w.commands[w.session.Keys().Find(c)]
	if do != nil {
		w.unlessAsked(do)()
	}
	return do != nil
}

// rune handles a character.
func (w *Window) rune(r rune) {
	switch {
	case dialogs.IsOpen(w.win):
	case r >= '1' && r <= '9':
		w.session.ChooseNumber(int(r - '0'))
	default:
		w.obey(keys.Typed(r, w.held()&fyne.KeyModifierShift != 0))
	}
}

// key handles a key that is no character.
func (w *Window) key(e *fyne.KeyEvent) {
	name := keyNames[e.Name]
	if name == "" || name == "Space" {
		return
	}
	if name == "F10" {
		w.bar.TypedKey(e)
		return
	}
	if arrow(e.Name) && w.grid.Object().Visible() && w.win.Canvas().Focused() == nil {
		w.grid.TakeKey(e)
		return
	}
	shift := w.held()&fyne.KeyModifierShift != 0 // Fyne makes no shortcut of Shift alone
	switch {
	case shift || name != "Esc" && name != "Enter":
		if w.obey(keys.Chord{Shift: shift, Key: name}) {
			return
		}
	}
	switch name {
	case "Esc":
		w.leave()
	case "Enter":
		if !w.surface.Complete() {
			w.session.UseShown()
		}
	}
}

// arrow reports whether a key is one of the four arrows.
func arrow(key fyne.KeyName) bool {
	return key == fyne.KeyLeft || key == fyne.KeyRight || key == fyne.KeyUp || key == fyne.KeyDown
}

// leave leaves the innermost state, as Esc does.
func (w *Window) leave() {
	switch {
	case w.surface.Cancel():
	case w.grid.Object().Visible():
		w.toggleGrid()
	case w.win.FullScreen() && w.session.Shown() == (session.Shown{}):
		w.toggleFullScreen()
	default:
		w.session.Escape()
	}
}

// held returns the modifier keys that are held.
func (w *Window) held() fyne.KeyModifier {
	if d, ok := w.program.app.Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// showKeyboard opens the list of keys, where they can be changed.
func (w *Window) showKeyboard() {
	dialogs.ShowKeyboard(w.win, dialogs.Keyboard{
		Keys: w.session.Keys, Modifiers: w.held, Chord: chordOf,
		OnChange: w.session.SetKeys,
	})
}

// keyNames are the keys that are no characters, by Fyne's names of them.
var keyNames = map[fyne.KeyName]string{
	fyne.KeyReturn: "Enter", fyne.KeyEnter: "Enter", fyne.KeyEscape: "Esc", fyne.KeyDelete: "Del", fyne.KeyBackspace: "Backspace",
	fyne.KeyInsert: "Insert", fyne.KeyTab: "Tab", fyne.KeySpace: "Space", fyne.KeyHome: "Home", fyne.KeyEnd: "End",
	fyne.KeyPageUp: "PgUp", fyne.KeyPageDown: "PgDn", fyne.KeyLeft: "Left", fyne.KeyRight: "Right", fyne.KeyUp: "Up", fyne.KeyDown: "Down",
	fyne.KeyF1: "F1", fyne.KeyF2: "F2", fyne.KeyF3: "F3", fyne.KeyF4: "F4", fyne.KeyF5: "F5", fyne.KeyF6: "F6",
	fyne.KeyF7: "F7", fyne.KeyF8: "F8", fyne.KeyF9: "F9", fyne.KeyF10: "F10", fyne.KeyF11: "F11", fyne.KeyF12: "F12",
}

// chordOf returns the chord of a key pressed with modifiers; ok is false where it is none.
func chordOf(name fyne.KeyName, held fyne.KeyModifier) (keys.Chord, bool) {
	c := keys.Chord{
		Ctrl: held&fyne.KeyModifierShortcutDefault != 0, Alt: held&fyne.KeyModifierAlt != 0, Shift: held&fyne.KeyModifierShift != 0,
		Key: keyNames[name],
	}
	if c.Key == "" {
		if len([]rune(string(name))) != 1 {
			return keys.Chord{}, false
		}
		c.Key = strings.ToUpper(string(name))
	}
	return c, true
}

// shortcuts returns the shortcuts that Fyne's driver makes of a chord: for some it has its own
// types, and a custom shortcut of the same keys is never called.
func shortcuts(c keys.Chord) []fyne.Shortcut {
	mod := fyne.KeyModifier(0)
	if c.Ctrl {
		mod |= fyne.KeyModifierShortcutDefault
	}
	if c.Alt {
		mod |= fyne.KeyModifierAlt
	}
	if c.Shift {
		mod |= fyne.KeyModifierShift
	}
	if mod == fyne.KeyModifierShortcutDefault {
		switch c.Key {
		case "Z":
			return []fyne.Shortcut{&fyne.ShortcutUndo{}}
		case "Y":
			return []fyne.Shortcut{&fyne.ShortcutRedo{}}
		case "A":
			return []fyne.Shortcut{&fyne.ShortcutSelectAll{}}
		case "V":
			return []fyne.Shortcut{&fyne.ShortcutPaste{}}
		case "C":
			return []fyne.Shortcut{&fyne.ShortcutCopy{}}
		case "X":
			return []fyne.Shortcut{&fyne.ShortcutCut{}}
		}
	}
	var list []fyne.Shortcut
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(keyNames))) { // Return before that of the number block
		if keyNames[name] == c.Key {
			list = append(list, &desktop.CustomShortcut{KeyName: name, Modifier: mod})
		}
	}
	if len(list) == 0 {
		list = append(list, &desktop.CustomShortcut{KeyName: fyne.KeyName(c.Key), Modifier: mod})
	}
	if c.Key == "+" { // where it is typed with Shift, on the key of =
		list = append(list, &desktop.CustomShortcut{KeyName: fyne.KeyEqual, Modifier: mod | fyne.KeyModifierShift})
	}
	return list
}

// input returns the focused text field, if any.
func (w *Window) input() (widgets.TextInput, bool) {
	in, ok := w.win.Canvas().Focused().(widgets.TextInput)
	return in, ok
}
