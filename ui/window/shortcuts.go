package window

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/tool"
	"overpaint/ui/dialogs"
	gallery "overpaint/ui/strip"
	"overpaint/ui/panel"
)

// shortcuts wires the keys that are no entries of the menu. Single keys reach
// the canvas only while no field has the focus, so typing is safe.
func (w *Window) shortcuts() {
	c := w.win.Canvas()
	c.SetOnTypedRune(w.rune)
	c.SetOnTypedKey(w.key)
	c.AddShortcut(shortcut(fyne.KeyY, ctrl), func(fyne.Shortcut) { w.unlessAsked(w.redo)() })
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnter, Modifier: ctrl}, func(fyne.Shortcut) { w.unlessAsked(w.generate)() })
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) {
			w.holdTab(e)
			w.surface.KeyDown(e)
		})
		d.SetOnKeyUp(w.surface.KeyUp)
	}
	w.app.Lifecycle().SetOnExitedForeground(func() {
		w.hold.end()
		w.surface.FocusLost()
	})
}

func (w *Window) rune(r rune) {
	if dialogs.IsOpen(w.win) {
		return
	}
	for _, t := range panel.Tools() {
		if t.Key != "" && []rune(t.Key)[0] == unicode.ToUpper(r) {
			if r == 'I' {
				break
			}
			w.selectTool(t.ID)
			return
		}
	}
	switch {
	case r == '[' || r == ']':
		w.changeBrush(func(s *tool.Settings) { s.Brush.Size = step(s.Brush.Size, r == ']') })
	case r == '{' || r == '}':
		w.changeBrush(func(s *tool.Settings) { s.Brush.Hardness = harder(s.Brush.Hardness, r == '}') })
	case r == 'I':
		w.changeMask("step.invert", func(s *document.State) *mask.Mask { return s.Mask.Invert() })
	case r == 'x' || r == 'X':
		if w.rail.Selected() == "brush" {
			w.selectTool("eraser")
		} else {
			w.selectTool("brush")
		}
	case r == 'c' || r == 'C':
		w.toggleCompare()
	case r == 's' || r == 'S':
		w.saveVariant(w.gallery.Selected())
	case r >= '1' && r <= '9':
		if ids := w.gallery.IDs(); int(r-'1') < len(ids) {
			w.gallery.Select(ids[r-'1'])
			w.showVariant(ids[r-'1'])
		}
	}
}

func (w *Window) key(e *fyne.KeyEvent) {
	if w.pickedKey(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyEscape:
		if !w.surface.Cancel() {
			w.cancel()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if !w.surface.Complete() {
			w.use(w.gallery.Selected())
		}
	case fyne.KeyF1:
		w.showKeyboard()
	case fyne.KeyF6:
		w.side.TogglePrompt()
	case fyne.KeyDelete:
		if s := w.gallery.Selected(); s != gallery.Original {
			w.giveUp(s)
		}
	}
}

func (w *Window) changeBrush(change func(*tool.Settings)) {
	s := w.options.Settings()
	change(&s)
	w.options.SetSettings(s)
	w.setTool(s)
}

// step changes a brush's size by a tenth, and by a pixel at least.
func step(size float64, up bool) float64 {
	by := max(1, float64(int(size/10)))
	if up {
		return min(1000, size+by)
	}
	return max(1, size-by)
}

func harder(hardness float64, up bool) float64 {
	if up {
		return min(1, hardness+0.1)
	}
	return max(0, hardness-0.1)
}
