// Package dialogs holds the dialogs over the window: settings, errors, extending the canvas,
// opening and saving files, unsaved changes and about.
//
// All of it is used on Fyne's goroutine alone. Each dialog is one column; its safe action is
// on the right and is what Enter does, and Esc closes it.
package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Widths of dialogs.
const (
	small  float32 = 300
	narrow float32 = 420
	wide   float32 = 560
)

// IsOpen reports whether a dialog, a menu or another overlay lies over the window, so that
// keys are not for the canvas.
func IsOpen(w fyne.Window) bool { return w.Canvas().Overlays().Top() != nil }

// sheet is an open dialog.
type sheet struct {
	window  fyne.Window
	popup   *widget.PopUp
	body    fyne.CanvasObject
	buttons []*widgets.Button
	before  func(*fyne.KeyEvent)
	onClose func()
	// onDismiss is called when the sheet was closed without one of its actions.
	onDismiss func()
	answered  bool
	noTips    func() // takes the tooltips' layer away
	closed    bool
}

// action is a button of a sheet. The last one is the safe action, which is what Enter does; it
// is highlighted where it does more than close the sheet.
type action struct {
	label string
	do    func()
	stays bool // the sheet stays open
}

// newSheet shows a dialog with a title, a body and its actions. The safe action has the focus,
// unless first names another object.
func newSheet(w fyne.Window, title string, width float32, body fyne.CanvasObject, first fyne.Focusable, actions ...action) *sheet {
	s := &sheet{window: w, body: body}
	row := widgets.Row(theme.Gap, nil)
	for i, a := range actions {
		b := widgets.NewButton(a.label, "", widgets.Normal, func() {
			if !a.stays {
				s.answered = a.do != nil
				s.close()
			}
			if a.do != nil {
				a.do()
			}
		})
		if i == len(actions)-1 && i > 0 && a.do != nil {
			b.SetStyle(widgets.Outlined)
		}
		b.SetMinWidth(80)
		s.buttons = append(s.buttons, b)
		row.Add(b)
	}
	width = min(width, max(280, w.Canvas().Size().Width-48))
	column := widgets.Column(16, widgets.NewHeading(title).Sized(15), body, row)
	c := w.Canvas()
	var content fyne.CanvasObject
	content, s.noTips = widgets.TipsAbove(c, container.NewStack(
		widgets.NewSurface(theme.Panel).Rounded(theme.Edge),
		widgets.Sized(width, 0, widgets.Pad(16, 20, 20, 20, column))))
	s.popup = widget.NewModalPopUp(content, c)
	s.before = c.OnTypedKey()
	c.SetOnTypedKey(s.key)
	s.popup.Show()
	s.popup.Resize(fyne.NewSize(width, s.popup.MinSize().Height))
	s.fit()
	if first == nil {
		first = s.safe()
	}
	c.Focus(first)
	return s
}

func (s *sheet) safe() *widgets.Button { return s.buttons[len(s.buttons)-1] }

// key handles Enter and Esc where the focused widget doesn't.
func (s *sheet) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		s.close()
	case fyne.KeyReturn, fyne.KeyEnter:
		s.press()
	}
}

// tell shows in a label why the safe action can't be done, and disables it; with "" it can.
func (s *sheet) tell(problem *widgets.Label, why string) {
	problem.SetText(why)
	if why == "" {
		problem.Hide()
		s.safe().Enable()
	} else {
		problem.Show()
		s.safe().Disable()
	}
	s.fit()
}

// press runs the safe action, unless that is disabled.
func (s *sheet) press() { s.safe().Tapped(nil) }

func (s *sheet) close() {
	if s.closed {
		return
	}
	s.closed = true
	s.noTips()
	s.popup.Hide()
	s.window.Canvas().SetOnTypedKey(s.before)
	if s.onClose != nil {
		s.onClose()
	}
	if !s.answered && s.onDismiss != nil {
		s.onDismiss()
	}
}

// fit adapts the dialog's height to its content.
func (s *sheet) fit() {
	if s.closed {
		return
	}
	s.popup.Refresh()
	s.popup.Resize(fyne.NewSize(s.popup.Size().Width, s.popup.MinSize().Height))
}
