package window

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint/assets/plain"
	"overpaint/assets/text"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
	"overpaint/ui/menubar"
	"overpaint/ui/session"
	"overpaint/ui/widgets"
)

const (
	ctrl      = fyne.KeyModifierShortcutDefault
	ctrlShift = ctrl | fyne.KeyModifierShift
)

// item is an entry of a menu with its shortcut, which the menu bar shows and obeys.
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
func (w *Window) guarded(menus ...menubar.Menu) []menubar.Menu {
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
	for _, m := range menus {
		guard(m.Items)
	}
	return menus
}

// unlessAsked does something only while no dialog is open.
func (w *Window) unlessAsked(do func()) func() {
	return func() {
		if !dialogs.IsOpen(w.win) {
			do()
		}
	}
}

// showMenu builds the menu as the session is now.
func (w *Window) showMenu() {
	s := w.session
	d := s.Document()
	w.when("menu", []any{d.Undo, d.Redo, len(s.Steps()), done(s.Steps()), s.Recent(), s.Left(), s.MaskLook(), s.Shown().How, w.win.FullScreen(),
		w.side.Object().Visible(), text.Language(), s.Running().Any(), w.anyFailed()}, w.buildMenu)
}

// buildMenu makes the menus anew. Each is opened by Alt and the same letter in
// all languages.
func (w *Window) buildMenu() {
	w.bar.Set(w.guarded(menubar.Menu{Menu: w.fileMenu(), Key: fyne.KeyF}, menubar.Menu{Menu: w.editMenu(), Key: fyne.KeyE},
		menubar.Menu{Menu: w.maskMenu(), Key: fyne.KeyM}, menubar.Menu{Menu: w.viewMenu(), Key: fyne.KeyV},
		menubar.Menu{Menu: w.helpMenu(), Key: fyne.KeyH})...)
}

func (w *Window) fileMenu() *fyne.Menu {
	s, line := w.session, fyne.NewMenuItemSeparator
	return fyne.NewMenu(text.T("menu.file"),
		item(text.T("menu.new_window"), fyne.KeyN, ctrl, s.NewWindow),
		item(text.T("menu.open"), fyne.KeyO, ctrl, s.AskOpen), w.recentItem(), w.leftItem(),
		item(text.T("menu.sample"), "", 0, s.OpenSample), line(),
		item(text.T("menu.save"), fyne.KeyS, ctrl, s.SavePicture),
		item(text.T("project.save"), fyne.KeyS, ctrlShift, s.SaveProject),
		item(text.T("menu.save_all"), "", 0, s.SaveAll), line(),
		item(text.T("menu.settings"), fyne.KeyComma, ctrl, func() { w.showSettings("") }), line(),
		item(text.T("menu.quit"), fyne.KeyQ, ctrl, s.Close))
}

// shownRecent is how many recent files the menu offers.
const shownRecent = 10

func (w *Window) recentItem() *fyne.MenuItem {
	m := fyne.NewMenuItem(text.T("project.recent"), nil)
	m.ChildMenu = fyne.NewMenu("")
	recent := w.session.Recent()
	for _, path := range recent[:min(len(recent), shownRecent)] {
		m.ChildMenu.Items = append(m.ChildMenu.Items, fyne.NewMenuItem(recentLabel(path), func() { w.session.Open(path) }))
	}
	if len(recent) == 0 {
		m.Disabled = true
		return m
	}
	m.ChildMenu.Items = append(m.ChildMenu.Items, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(text.T("project.recent.clear"), w.session.ForgetRecent))
	return m
}

// recentLabel is a file's name and the end of its folder's.
func recentLabel(path string) string {
	const most = 36
	folder := filepath.Dir(path)
	if home, err := os.UserHomeDir(); err == nil && home != "/" {
		if rest, ok := strings.CutPrefix(folder, home); ok {
			folder = "~" + rest
		}
	}
	if r := []rune(folder); len(r) > most {
		folder = "…" + string(r[len(r)-most+1:])
	}
	return plain.Line(filepath.Base(path), 80) + "   " + plain.Line(folder, 2*most)
}

func (w *Window) leftItem() *fyne.MenuItem {
	n := w.session.Left()
	m := fyne.NewMenuItem(text.N("session.menu", n), w.session.OfferLeft)
	m.Disabled = n == 0
	return m
}

// stepLabel is a menu entry with the step's name, as in "Undo brush stroke".
func stepLabel(key string, step session.Sentence) string {
	name := step.String()
	if name == "" {
		return text.T(key)
	}
	first, size := utf8.DecodeRuneInString(name)
	return text.T(key+"_step", "Step", string(unicode.ToLower(first))+name[size:])
}

func (w *Window) editMenu() *fyne.Menu {
	s, d, line := w.session, w.session.Document(), fyne.NewMenuItemSeparator
	return fyne.NewMenu(text.T("menu.edit"),
		item(stepLabel("menu.undo", d.Undo), fyne.KeyZ, ctrl, w.undo),
		item(stepLabel("menu.redo", d.Redo), fyne.KeyZ, ctrlShift, w.redo), w.stepsItem(), line(),
		w.copyItem(), w.pasteItem(), line(),
		item(text.T("menu.extend"), fyne.KeyE, ctrl, w.extend), line(),
		item(text.T("menu.generate"), fyne.KeyReturn, ctrl, s.Generate),
		enabled(s.Running().Any(), item(text.T("menu.cancel"), fyne.KeyEscape, fyne.KeyModifierShift, s.Cancel)),
		enabled(s.Running().Any(), item(text.T("menu.cancel_all"), "", 0, s.CancelAll)),
		enabled(w.anyFailed(), item(text.T("menu.clear_failed"), "", 0, s.ClearFailures)))
}

// enabled returns an entry that can be chosen only where on is so.
func enabled(on bool, m *fyne.MenuItem) *fyne.MenuItem {
	m.Disabled = !on
	return m
}

// anyFailed reports that there is a failed edit's card.
func (w *Window) anyFailed() bool {
	return slices.ContainsFunc(w.session.Edits(), func(e session.Edit) bool { return e.Failure != nil })
}

// stepsItem lists what was done, to go back to any of it.
func (w *Window) stepsItem() *fyne.MenuItem {
	const most = 20
	m := fyne.NewMenuItem(text.T("menu.steps"), nil)
	m.ChildMenu = fyne.NewMenu("")
	steps := w.session.Steps()
	for i := len(steps); i >= max(0, len(steps)-most); i-- {
		label := text.T("menu.steps.begin")
		if i > 0 {
			label = steps[i-1].Name.String()
		}
		one := fyne.NewMenuItem(label, func() { w.session.GoTo(i) })
		one.Checked = i == done(steps)
		m.ChildMenu.Items = append(m.ChildMenu.Items, one)
	}
	m.Disabled = len(steps) == 0
	return m
}

// done counts the steps that were not undone.
func done(steps []session.Step) int {
	n := 0
	for _, s := range steps {
		if s.Done {
			n++
		}
	}
	return n
}

func (w *Window) maskMenu() *fyne.Menu {
	s, line := w.session, fyne.NewMenuItemSeparator
	change := func(key string, c session.MaskChange) *fyne.MenuItem {
		return item(text.T(key), "", 0, func() { s.ChangeMask(c, 0) })
	}
	all := item(text.T("menu.mask_all"), fyne.KeyA, ctrl, func() {
		if in, ok := w.input(); ok {
			in.TypedShortcut(&fyne.ShortcutSelectAll{})
			return
		}
		s.ChangeMask(session.MaskAll, 0)
	})
	none := item(text.T("menu.mask_none"), fyne.KeyD, ctrl, func() { s.ChangeMask(session.MaskNone, 0) })
	return fyne.NewMenu(text.T("menu.mask"), all, none, change("menu.mask_invert", session.MaskInvert), line(),
		w.amountItem("grow", "mask.pixels", session.MaskGrow), w.amountItem("shrink", "mask.pixels", session.MaskShrink),
		w.amountItem("feather", "mask.radius", session.MaskFeather),
		change("menu.mask_holes", session.MaskFillHoles), change("menu.mask_transparency", session.MaskTransparency), line(),
		item(text.T("mask.load"), "", 0, s.LoadMask), item(text.T("mask.save"), "", 0, s.SaveMask), line(),
		w.maskModeItem(), item(text.T("mask.look"), "", 0, w.askMaskLook))
}

// amountItem is an entry that asks for a number of pixels, and shows meanwhile
// what comes of it.
func (w *Window) amountItem(name, label string, c session.MaskChange) *fyne.MenuItem {
	return fyne.NewMenuItem(text.T("mask."+name), func() {
		if !w.session.HasMask() {
			return
		}
		a := dialogs.Amount{
			Title: text.T("mask." + name + ".title"), Label: text.T(label), Unit: "px", Low: 1, High: 500, Value: w.session.MaskAmount(c),
			OnChanged: func(n int) { w.session.PreviewMask(c, n) }, OnClose: w.session.DropMaskPreview,
		}
		w.session.PreviewMask(c, a.Value)
		dialogs.AskAmount(w.win, a, func(n int) { w.session.ChangeMask(c, n) })
	})
}

func (w *Window) maskModeItem() *fyne.MenuItem {
	m := fyne.NewMenuItem(text.T("mask.show"), nil)
	m.ChildMenu = fyne.NewMenu("")
	look := w.session.MaskLook()
	for _, mode := range []string{"tint", "black", "white", "outline"} {
		one := fyne.NewMenuItem(text.T("mask.show."+mode), func() {
			look.Mode = mode
			w.session.SetMaskLook(look)
		})
		one.Checked = look.Mode == mode
		m.ChildMenu.Items = append(m.ChildMenu.Items, one)
	}
	return m
}

func (w *Window) askMaskLook() {
	look := w.session.MaskLook()
	look.Mode = "tint" // it is what the colours are of
	with := func(tint string, strength float64) session.MaskLook {
		l := look
		l.Colour, l.Strength = tint, strength
		return l
	}
	dialogs.AskMaskLook(w.win, look.Colour, look.Strength,
		func(tint string, strength float64) { l := with(tint, strength); w.session.PreviewMaskLook(&l) },
		func(tint string, strength float64) { w.session.SetMaskLook(with(tint, strength)) })
}

func (w *Window) viewMenu() *fyne.Menu {
	s, line := w.session, fyne.NewMenuItemSeparator
	how := func(key string, h session.How) *fyne.MenuItem {
		one := item(text.T(key), "", 0, func() {
			if s.Shown().How == session.Alone {
				s.ToggleCompare()
			}
			s.CompareAs(h)
		})
		one.Checked = s.Shown().How == h
		return one
	}
	compare := fyne.NewMenuItem(text.T("menu.compare"), nil)
	compare.ChildMenu = fyne.NewMenu("", how("menu.compare.vertical", session.SliderVertical), how("menu.compare.horizontal", session.SliderHorizontal),
		how("menu.compare.sides", session.SideBySide), how("menu.compare.flicker", session.Flicker), line(),
		item(text.T("menu.compare.swap"), "", 0, s.SwapSides))
	full := item(text.T("menu.full_screen"), fyne.KeyF11, 0, w.toggleFullScreen)
	full.Checked = w.win.FullScreen()
	panels := item(text.T("menu.panels"), "", 0, w.togglePanels)
	panels.Checked = w.side.Object().Visible()
	return fyne.NewMenu(text.T("menu.view"),
		item(text.T("menu.zoom_in"), fyne.KeyEqual, ctrl, w.surface.ZoomIn),
		item(text.T("menu.zoom_out"), fyne.KeyMinus, ctrl, w.surface.ZoomOut),
		item(text.T("menu.fit"), fyne.Key0, ctrl, w.surface.Fit),
		item(text.T("menu.actual"), fyne.Key1, ctrl, w.surface.ActualSize), line(),
		item(text.T("menu.original"), "", 0, s.ShowOriginal), item(text.T("menu.current"), "", 0, s.ShowCurrent), compare, line(),
		item(text.T("menu.grid"), "", 0, w.toggleGrid), panels, full, line(),
		item(text.T("menu.history"), fyne.KeyH, ctrl, func() { s.ShowHistory(0) }))
}

func (w *Window) helpMenu() *fyne.Menu {
	return fyne.NewMenu(text.T("menu.help"),
		item(text.T("dialog.keyboard"), fyne.KeyF1, 0, w.showKeyboard),
		item(text.T("dialog.about"), "", 0, func() { dialogs.ShowAbout(w.win, w.program.options.Version) }))
}

// input returns the text field that the person types in, if any.
func (w *Window) input() (widgets.TextInput, bool) {
	in, ok := w.win.Canvas().Focused().(widgets.TextInput)
	return in, ok
}

func (w *Window) undo() {
	if in, ok := w.input(); ok {
		in.Undo()
	} else {
		w.session.Undo()
	}
}

func (w *Window) redo() {
	if in, ok := w.input(); ok {
		in.Redo()
	} else {
		w.session.Redo()
	}
}

// extend asks by how much the canvas is to grow.
func (w *Window) extend() {
	if d := w.session.Document(); d.Open {
		dialogs.AskExtend(w.win, d.Size, picture.DefaultLimits.MaxPixels, func(s dialogs.Sides) { w.session.Extend(session.Sides(s)) })
	}
}

func (w *Window) toggleFullScreen() {
	w.win.SetFullScreen(!w.win.FullScreen())
	w.showMenu()
}

// togglePanels hides everything around the canvas, or shows it again.
func (w *Window) togglePanels() {
	for _, o := range []fyne.CanvasObject{w.side.Object(), w.strip.Object(), w.rail.Object(), w.options.Object()} {
		if o.Visible() {
			o.Hide()
		} else {
			o.Show()
		}
	}
	w.win.Content().Refresh()
	w.showMenu()
}

// pasteItem is the menu's entry. A menu's shortcut comes before the field that
// has the focus, so the field is given its own paste here.
func (w *Window) pasteItem() *fyne.MenuItem {
	return item(text.T("menu.paste"), fyne.KeyV, ctrl, func() {
		if !w.passOn(&fyne.ShortcutPaste{Clipboard: w.program.app.Clipboard()}) {
			w.session.Paste()
		}
	})
}

func (w *Window) copyItem() *fyne.MenuItem {
	return item(text.T("menu.copy"), fyne.KeyC, ctrl, func() {
		if !w.passOn(&fyne.ShortcutCopy{Clipboard: w.program.app.Clipboard()}) {
			w.session.Copy()
		}
	})
}

// passOn gives a shortcut to the field that the person types in. An entry that
// was chosen in the menu means the picture also then; the two look alike here
// but for the keys that are held down, Ctrl or (with Insert) Shift.
func (w *Window) passOn(s fyne.Shortcut) bool {
	in, typing := w.input()
	if d, ok := w.program.app.Driver().(desktop.Driver); ok && d.CurrentKeyModifiers() == 0 {
		return false
	}
	if typing {
		in.TypedShortcut(s)
	}
	return typing
}
