package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// EmptyState invites to open a picture while there is none.
type EmptyState struct {
	OnOpen, OnPaste, OnSample func()

	root *fyne.Container
}

// NewEmptyState returns the invitation.
func NewEmptyState() *EmptyState {
	e := &EmptyState{}
	call := func(f *func()) func() {
		return func() {
			if *f != nil {
				(*f)()
			}
		}
	}
	open := widgets.NewButton(text.T("ui.empty.open"), "open", widgets.Outlined, call(&e.OnOpen))
	open.SetTip(WithKey(text.T("ui.empty.open.tip"), "Ctrl+O"))
	paste := widgets.NewButton(text.T("ui.empty.paste"), "paste", widgets.Normal, call(&e.OnPaste))
	paste.SetTip(WithKey(text.T("ui.empty.paste.tip"), "Ctrl+V"))
	sample := widgets.NewButton(text.T("ui.empty.sample"), "picture", widgets.Normal, call(&e.OnSample))
	column := widgets.Column(12,
		widgets.NewIcon("drop", 40, theme.Secondary),
		widgets.NewText(text.T("ui.empty.drop")).Sized(18).Align(fyne.TextAlignCenter),
		widgets.NewLabel(text.T("ui.empty.formats")).Align(fyne.TextAlignCenter),
		widgets.Pad(8, 0, 0, 0, container.NewCenter(widgets.Row(theme.Gap, open, paste, sample))),
		widgets.Pad(16, 0, 0, 0, widgets.NewLabel(text.T("ui.empty.flow")).Align(fyne.TextAlignCenter)),
	)
	e.root = widgets.On(theme.Surround, container.NewCenter(column))
	return e
}

// Object returns what is put into the window, in the canvas's place.
func (e *EmptyState) Object() fyne.CanvasObject { return e.root }
