package window

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
	"overpaint/ui/session"
)

// shortcuts wires the keys that are no entries of the menu. Single keys reach
// the canvas only while no field has the focus, so typing is safe.
func (w *Window) shortcuts() {
	c := w.win.Canvas()
	c.SetOnTypedRune(w.rune)
	c.SetOnTypedKey(w.key)
	c.AddShortcut(shortcut(fyne.KeyY, ctrl), func(fyne.Shortcut) { w.unlessAsked(w.redo)() })
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnter, Modifier: ctrl}, func(fyne.Shortcut) { w.unlessAsked(w.session.Generate)() })
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) {
			w.holdTab(e)
			w.surface.KeyDown(e)
		})
		d.SetOnKeyUp(w.surface.KeyUp)
	}
	w.program.app.Lifecycle().SetOnExitedForeground(func() {
		for _, o := range w.program.windows {
			o.hold.end()
			o.surface.FocusLost()
		}
	})
}

func (w *Window) rune(r rune) {
	if dialogs.IsOpen(w.win) {
		return
	}
	s := w.session
	if r != 'I' { // with Shift: the mask
		for _, t := range panel.Tools() {
			if t.Key != "" && []rune(t.Key)[0] == unicode.ToUpper(r) {
				s.SelectTool(t.ID)
				return
			}
		}
	}
	switch unicode.ToLower(r) {
	case '[', ']':
		s.ResizeBrush(r == ']')
	case '{', '}':
		s.HardenBrush(r == '}')
	case 'i':
		s.ChangeMask(session.MaskInvert, 0)
	case 'x':
		s.SwapBrush()
	case 'c':
		s.ToggleCompare()
	case 'k':
		s.ToggleSideBySide()
	case 'g':
		w.toggleGrid()
	case 's':
		s.SaveShown()
	case '`', '~', '·':
		w.togglePanels()
	default:
		if r >= '1' && r <= '9' {
			s.ChooseNumber(int(r - '0'))
		}
	}
}

func (w *Window) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		switch {
		case w.shift(): // Fyne makes no shortcut of Shift alone
			w.session.Cancel()
		case w.surface.Cancel():
		case w.grid.Object().Visible():
			w.toggleGrid()
		case w.win.FullScreen() && w.session.Shown() == (session.Shown{}):
			w.toggleFullScreen()
		default:
			w.session.Escape()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if !w.surface.Complete() {
			w.session.UseShown()
		}
	case fyne.KeyF6:
		w.side.TogglePrompt()
	case fyne.KeyDelete:
		if now := w.session.Shown(); now.What == session.IsVariant {
			w.session.Discard(now.Variant)
			return
		}
		w.session.RemoveChosen()
	default:
		w.bar.TypedKey(e)
	}
}

// shift reports that Shift is held.
func (w *Window) shift() bool {
	d, ok := w.program.app.Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers() == fyne.KeyModifierShift
}

// keyboard names the keys that shortcuts, menu and canvas obey, the tools'
// first. What each does is "keyboard." and its name in the translations.
var keyboard = []struct{ keys, does string }{
	{"X", "swap"}, {"[   ]", "size"}, {"Shift+[   ]", "hardness"},
	{"Ctrl+A, Ctrl+D", "mask"}, {"Shift+I", "invert"},
	{"Ctrl+Z", "undo"}, {"Ctrl+Shift+Z, Ctrl+Y", "redo"},
	{"Ctrl+Enter", "generate"}, {"Shift+Esc", "cancel"}, {"Esc", "leave"},
	{"Ctrl+wheel, Ctrl +/-", "zoom"}, {"Ctrl+0, Ctrl+1", "fit"}, {"Space", "pan"},
	{"1–9", "show"}, {"Enter", "use"}, {"S", "save"}, {"Del", "discard"},
	{"Tab", "original"}, {"C, K", "compare"}, {"G", "grid"}, {"`, F11", "panels"},
	{"F6, Shift+Tab", "focus"}, {"F10, Alt+F", "menu"},
	{"Ctrl+N, Ctrl+O, Ctrl+S", "file"}, {"Ctrl+Shift+S", "project"}, {"Ctrl+C, Ctrl+V", "clipboard"},
	{"Ctrl+E", "extend"}, {"Ctrl+H, Ctrl+,", "history"}, {"F1", "this"}, {"Ctrl+Q", "quit"},
}

func (w *Window) showKeyboard() {
	var list []dialogs.Shortcut
	for _, t := range panel.Tools() {
		list = append(list, dialogs.Shortcut{Keys: t.Key, Does: panel.ToolName(t.ID)})
	}
	for _, k := range keyboard {
		list = append(list, dialogs.Shortcut{Keys: strings.NewReplacer("wheel", text.T("keyboard.wheel")).Replace(k.keys), Does: text.T("keyboard." + k.does)})
	}
	dialogs.ShowKeyboard(w.win, list)
}
