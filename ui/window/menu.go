package window

import (
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/menubar"
	"overpaint.dev/overpaint/ui/session"
)

// item returns a menu entry for a command, with the command's first key. It is disabled where
// the command has nothing to work on.
func (w *Window) item(label, command string) *fyne.MenuItem {
	m := fyne.NewMenuItem(label, w.commands[command])
	m.Disabled = !w.session.Can(command)
	m.Shortcut = w.shortcut(command)
	return m
}

// shortcut returns the first key of a command, as a menu shows it, or nil.
func (w *Window) shortcut(command string) fyne.Shortcut {
	if list := w.session.Keys().Of(command); len(list) > 0 {
		return shortcuts(list[0])[0]
	}
	return nil
}

// guarded disables the menu's shortcuts behind an open dialog. Those that mean a field's text
// work there too while a field has the focus: they handle that themselves.
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

// unlessAsked returns a function that calls do unless a dialog is open.
func (w *Window) unlessAsked(do func()) func() {
	return func() {
		if !dialogs.IsOpen(w.win) {
			do()
		}
	}
}

// buildMenu makes the menus for the session's state, whenever one is opened. Each opens by Alt
// and the same letter in all languages.
func (w *Window) buildMenu() {
	w.bar.Set(w.guarded(menubar.Menu{Menu: w.fileMenu(), Key: fyne.KeyF}, menubar.Menu{Menu: w.editMenu(), Key: fyne.KeyE},
		menubar.Menu{Menu: w.maskMenu(), Key: fyne.KeyM}, menubar.Menu{Menu: w.viewMenu(), Key: fyne.KeyV},
		menubar.Menu{Menu: w.helpMenu(), Key: fyne.KeyH})...)
}

func (w *Window) fileMenu() *fyne.Menu {
	s, line := w.session, fyne.NewMenuItemSeparator
	return fyne.NewMenu(text.T("menu.file"),
		w.item(text.T("menu.new_window"), "new_window"),
		w.item(text.T("menu.open"), "open"), w.recentItem(), w.leftItem(),
		w.item(text.T("menu.previous_picture"), "previous_picture"), w.item(text.T("menu.next_picture"), "next_picture"),
		fyne.NewMenuItem(text.T("menu.sample"), s.OpenSample), line(),
		w.item(text.T("menu.save"), "save"),
		w.item(text.T("menu.save_as"), "save_as"),
		w.item(text.T("project.save"), "project"),
		w.item(text.T("menu.save_all"), "save_all"),
		w.item(text.T("menu.export"), "export"), w.item(text.T("menu.export_again"), "export_again"),
		w.item(text.T("menu.save_recipe"), "save_recipe"), w.item(text.T("menu.apply_recipe"), "apply_recipe"), line(),
		w.item(text.T("menu.settings"), "settings"), line(), w.item(text.T("menu.close"), "close"), w.item(text.T("menu.quit"), "quit"))
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

// recentLabel returns a file's name and the end of its folder's path.
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

// stepLabel returns a menu label with the step's name, as in "Undo brush stroke".
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
		w.item(stepLabel("menu.undo", d.Undo), "undo"),
		w.item(stepLabel("menu.redo", d.Redo), "redo"), w.item(text.T("menu.steps"), "steps"), line(),
		w.item(text.T("menu.copy"), "copy"), w.item(text.T("menu.paste"), "paste"), line(),
		w.item(text.T("menu.extend"), "extend"), line(),
		w.item(text.T("menu.generate"), "generate"), w.item(text.T("menu.cancel"), "cancel"),
		enabled(s.Can("cancel_all"), fyne.NewMenuItem(text.T("menu.cancel_all"), s.CancelAll)),
		enabled(s.Can("clear_failed"), fyne.NewMenuItem(text.T("menu.clear_failed"), s.ClearFailures)))
}

// enabled returns an entry that can be chosen only where on is true.
func enabled(on bool, m *fyne.MenuItem) *fyne.MenuItem {
	m.Disabled = !on
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
	line := fyne.NewMenuItemSeparator
	one := func(label, command string) *fyne.MenuItem { return w.item(text.T(label), command) }
	return fyne.NewMenu(text.T("menu.mask"),
		one("menu.mask_all", "mask_all"), one("menu.mask_none", "mask_none"), one("menu.mask_invert", "mask_invert"), line(),
		one("mask.grow", "mask_grow"), one("mask.shrink", "mask_shrink"), one("mask.feather", "mask_feather"),
		one("menu.mask_holes", "mask_holes"), one("menu.mask_hug", "mask_hug"), one("menu.mask_shadow", "mask_shadow"), line(),
		one("menu.mask_person", "mask_person"), one("menu.mask_sky", "mask_sky"), one("menu.mask_background", "mask_background"),
		one("menu.mask_transparency", "mask_transparency"), line(),
		one("mask.load", "mask_load"), one("mask.save", "mask_save"), line(),
		one("menu.guides_clear", "guides_clear"), line(),
		w.spotsItem(), w.maskModeItem(), fyne.NewMenuItem(text.T("mask.look"), w.askMaskLook))
}

// spotsItem is the menu entry that chooses into how many windows a mask is divided.
func (w *Window) spotsItem() *fyne.MenuItem {
	m := fyne.NewMenuItem(text.T("mask.spots"), nil)
	m.ChildMenu = fyne.NewMenu("")
	chosen := w.session.Panel().Spots
	for _, how := range []job.Spots{job.SpotsAuto, job.SpotsOne, job.SpotsEach, job.SpotsTiles} {
		one := fyne.NewMenuItem(text.T("mask.spots."+string(how)), func() { w.session.SetSpots(how) })
		one.Checked = how == chosen
		m.ChildMenu.Items = append(m.ChildMenu.Items, one)
	}
	return m
}

// changeMaskBy asks for a number of pixels, and previews the operation meanwhile.
func (w *Window) changeMaskBy(name, label string, c session.MaskChange) {
	if !w.session.HasMask() {
		return
	}
	a := dialogs.Amount{
		Title: text.T("mask." + name + ".title"), Label: text.T(label), Unit: "px", Low: 1, High: 500, Value: w.session.MaskAmount(c),
		OnChanged: func(n int) { w.session.PreviewMask(c, n) }, OnFault: w.session.DropMaskPreview, OnClose: w.session.DropMaskPreview,
	}
	w.session.PreviewMask(c, a.Value)
	dialogs.AskAmount(w.win, a, func(n int) { w.session.ChangeMask(c, n) })
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
	look.Mode = "tint" // the colours depend on it
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
		one := fyne.NewMenuItem(text.T(key), func() { s.CompareBy(h) })
		one.Checked = s.Shown().How == h
		return one
	}
	keyed := func(m *fyne.MenuItem, command string) *fyne.MenuItem {
		m.Shortcut = w.shortcut(command)
		return m
	}
	compare := enabled(s.Can("compare"), fyne.NewMenuItem(text.T("menu.compare"), nil))
	compare.ChildMenu = fyne.NewMenu("", keyed(how("menu.compare.vertical", session.SliderVertical), "compare"), how("menu.compare.horizontal", session.SliderHorizontal),
		keyed(how("menu.compare.sides", session.SideBySide), "sides"), how("menu.compare.flicker", session.Flicker), line(),
		w.item(text.T("menu.compare.swap"), "swap_sides"))
	full := w.item(text.T("menu.full_screen"), "full_screen")
	full.Checked = w.win.FullScreen()
	panels := w.item(text.T("menu.panels"), "panels")
	panels.Checked = !s.PanelsHidden()
	mask, frame := w.item(text.T("menu.show_mask"), "show_mask"), w.item(text.T("menu.show_frame"), "show_frame")
	mask.Checked, frame.Checked = s.MaskVisible(), s.FrameVisible()
	changes := w.item(text.T("ui.changes"), "changes")
	changes.Checked = s.ChangesShown()
	return fyne.NewMenu(text.T("menu.view"),
		w.item(text.T("menu.zoom_in"), "zoom_in"),
		w.item(text.T("menu.zoom_out"), "zoom_out"),
		w.item(text.T("menu.fit"), "fit"),
		w.item(text.T("menu.actual"), "actual"), line(),
		w.item(text.T("menu.original"), "original"), w.item(text.T("menu.current"), "current"), changes, compare, line(),
		w.item(text.T("menu.grid"), "grid"), line(), mask, frame, panels, full, line(),
		w.item(text.T("menu.history"), "history"))
}

func (w *Window) helpMenu() *fyne.Menu {
	return fyne.NewMenu(text.T("menu.help"),
		w.item(text.T("dialog.keyboard"), "keyboard"),
		fyne.NewMenuItem(text.T("dialog.about"), func() { dialogs.ShowAbout(w.win, w.program.options.Version) }))
}

func (w *Window) undo() {
	if !w.passOn(&fyne.ShortcutUndo{}) {
		w.session.Undo()
	}
}

func (w *Window) redo() {
	if !w.passOn(&fyne.ShortcutRedo{}) {
		w.session.Redo()
	}
}

// extend asks by how much the canvas is to grow.
func (w *Window) extend() {
	if w.session.HasPicture() {
		dialogs.AskExtend(w.win, w.session.Document().Size, picture.DefaultLimits.MaxPixels, func(s dialogs.Sides) { w.session.Extend(session.Sides(s)) })
	}
}

func (w *Window) toggleFullScreen() {
	w.win.SetFullScreen(!w.win.FullScreen())
}

// showPanels shows the panels around the canvas, or the canvas alone. The strip is hidden
// while the grid is shown.
func (w *Window) showPanels() {
	hidden := w.session.PanelsHidden()
	for _, o := range []fyne.CanvasObject{w.side.Object(), w.rail.Object(), w.options.Object()} {
		setVisible(o, !hidden)
	}
	setVisible(w.strip.Object(), !hidden && !w.grid.Object().Visible())
	w.win.Content().Refresh()
}

// paste handles Ctrl+V and the menu's entry. A menu's shortcut comes before the focused
// field's own, so the field is given its paste here.
func (w *Window) paste() {
	if !w.passOn(&fyne.ShortcutPaste{Clipboard: w.program.app.Clipboard()}) {
		w.session.Paste()
	}
}

func (w *Window) copy() {
	if !w.passOn(&fyne.ShortcutCopy{Clipboard: w.program.app.Clipboard()}) {
		w.session.Copy()
	}
}

// maskAll masks everything, or selects all text in the focused field.
func (w *Window) maskAll() {
	if !w.passOn(&fyne.ShortcutSelectAll{}) {
		w.session.ChangeMask(session.MaskAll, 0)
	}
}

// passOn gives a shortcut to the focused text field. An entry chosen in the menu always means
// the picture; it is told apart from the shortcut by the keys held: Ctrl or, with Insert,
// Shift.
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

// showSteps lists the steps, to go back to any of them.
func (w *Window) showSteps() {
	steps := w.session.Steps()
	names := []string{text.T("menu.steps.begin")}
	for _, s := range steps {
		names = append(names, s.Name.String())
	}
	dialogs.ShowSteps(w.win, names, done(steps), w.session.GoTo)
}

// export asks how a copy of the picture is to be made.
func (w *Window) export() {
	s := w.session
	if !s.Can("export") {
		return
	}
	e := s.Exports()
	dialogs.AskExport(w.win, dialogs.Exporting{
		Presets: e.Presets, Last: e.Last, Of: e.Original,
		OnSave: s.SaveExports, OnExport: s.Export,
	})
}
