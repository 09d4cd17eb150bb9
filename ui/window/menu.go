package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/widgets"
)

const (
	ctrl      = fyne.KeyModifierShortcutDefault
	ctrlShift = ctrl | fyne.KeyModifierShift
)

// item is an entry of a menu with its shortcut, which Fyne shows and obeys.
func item(label string, key fyne.KeyName, mod fyne.KeyModifier, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(label, do)
	if key != "" {
		m.Shortcut = shortcut(key, mod)
	}
	return m
}

// shortcut returns what Fyne's driver makes of keys: some have shortcuts of
// their own, and a custom one of the same keys is never heard.
func shortcut(key fyne.KeyName, mod fyne.KeyModifier) fyne.Shortcut {
	if mod == ctrl {
		switch key {
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		case fyne.KeyY:
			return &fyne.ShortcutRedo{}
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		case fyne.KeyV:
			return &fyne.ShortcutPaste{}
		case fyne.KeyC:
			return &fyne.ShortcutCopy{}
		}
	}
	return &desktop.CustomShortcut{KeyName: key, Modifier: mod}
}

// guarded keeps the menu's shortcuts from acting behind an open dialog. Those
// that mean the text of a field act there too while a field has the focus: they
// turn to it by themselves.
func (w *Window) guarded(m *fyne.MainMenu) *fyne.MainMenu {
	var guard func(items []*fyne.MenuItem)
	guard = func(items []*fyne.MenuItem) {
		for _, it := range items {
			if do := it.Action; do != nil {
				_, custom := it.Shortcut.(*desktop.CustomShortcut)
				forText := it.Shortcut != nil && !custom
				it.Action = func() {
					if _, typing := w.input(); forText && typing || !dialogs.IsOpen(w.win) {
						do()
					}
				}
			}
			if it.ChildMenu != nil {
				guard(it.ChildMenu.Items)
			}
		}
	}
	for _, sub := range m.Items {
		guard(sub.Items)
	}
	return m
}

// unlessAsked does something only while no dialog is open.
func (w *Window) unlessAsked(do func()) func() {
	return func() {
		if !dialogs.IsOpen(w.win) {
			do()
		}
	}
}

func (w *Window) menu() *fyne.MainMenu {
	line := fyne.NewMenuItemSeparator()
	quit := item(text.T("menu.quit"), fyne.KeyQ, ctrl, func() { w.askThen(w.leave) })
	quit.IsQuit = true
	return fyne.NewMainMenu(
		fyne.NewMenu(text.T("menu.file"),
			item(text.T("menu.open"), fyne.KeyO, ctrl, w.askOpen), w.recentMenu(), w.leftItem(),
			item(text.T("menu.sample"), "", 0, w.openSample), line,
			item(text.T("menu.save"), fyne.KeyS, ctrl, func() { w.savePicture(nil) }),
			item(text.T("project.save"), fyne.KeyS, ctrlShift, func() { w.saveProject(nil) }), line,
			item(text.T("menu.settings"), fyne.KeyComma, ctrl, w.showSettings), line, quit),
		fyne.NewMenu(text.T("menu.edit"),
			item(w.steps.undo.label("menu.undo"), fyne.KeyZ, ctrl, w.undo),
			item(w.steps.redo.label("menu.redo"), fyne.KeyZ, ctrlShift, w.redo), line,
			w.copyItem(), w.pasteItem(), line,
			item(text.T("menu.extend"), fyne.KeyE, ctrl, w.extend), line,
			item(text.T("menu.generate"), fyne.KeyReturn, ctrl, w.generate)),
		w.maskMenu(),
		fyne.NewMenu(text.T("menu.view"),
			item(text.T("menu.zoom_in"), fyne.KeyEqual, ctrl, w.surface.ZoomIn),
			item(text.T("menu.zoom_out"), fyne.KeyMinus, ctrl, w.surface.ZoomOut),
			item(text.T("menu.fit"), fyne.Key0, ctrl, w.surface.Fit),
			item(text.T("menu.actual"), fyne.Key1, ctrl, w.surface.ActualSize), line,
			item(text.T("menu.history"), fyne.KeyH, ctrl, func() { w.showHistory(0) })),
		fyne.NewMenu(text.T("menu.help"),
			item(text.T("dialog.keyboard"), fyne.KeyF1, 0, w.showKeyboard),
			item(text.T("dialog.about"), "", 0, func() { dialogs.ShowAbout(w.win, w.version) })))
}

// input returns the text field that the person types in, if any.
func (w *Window) input() (widgets.TextInput, bool) {
	in, ok := w.win.Canvas().Focused().(widgets.TextInput)
	return in, ok
}
