package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/keys"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// EmptyState is shown while no picture is open, with ways to open one.
type EmptyState struct {
	OnOpen, OnPaste, OnSample func()

	root        *fyne.Container
	open, paste *widgets.Button
}

// NewEmptyState returns an empty state.
func NewEmptyState() *EmptyState {
	e := &EmptyState{}
	call := func(f *func()) func() {
		return func() {
			if *f != nil {
				(*f)()
			}
		}
	}
	e.open = widgets.NewButton(text.T("ui.empty.open"), "open", widgets.Outlined, call(&e.OnOpen))
	e.paste = widgets.NewButton(text.T("ui.empty.paste"), "paste", widgets.Normal, call(&e.OnPaste))
	sample := widgets.NewButton(text.T("ui.empty.sample"), "picture", widgets.Normal, call(&e.OnSample))
	column := widgets.Column(12,
		widgets.NewIcon("drop", 40, theme.Secondary),
		widgets.NewText(text.T("ui.empty.drop")).Sized(18).Align(fyne.TextAlignCenter),
		widgets.NewLabel(text.T("ui.empty.formats")).Align(fyne.TextAlignCenter),
		widgets.Pad(8, 0, 0, 0, container.NewCenter(widgets.Row(theme.Gap, e.open, e.paste, sample))),
		widgets.Pad(16, 0, 0, 0, widgets.NewLabel(text.T("ui.empty.flow")).Align(fyne.TextAlignCenter)),
	)
	e.root = widgets.On(theme.Surround, container.NewCenter(column))
	e.SetKeys(keys.New(nil).Label)
	return e
}

// SetKeys shows the keys of commands (ui/keys).
func (e *EmptyState) SetKeys(label func(command string) string) {
	e.open.SetTip(WithKey(text.T("ui.empty.open.tip"), label("open")))
	e.paste.SetTip(WithKey(text.T("ui.empty.paste.tip"), label("paste")))
}

// Object returns what is put into the window, in the canvas's place.
func (e *EmptyState) Object() fyne.CanvasObject { return e.root }
