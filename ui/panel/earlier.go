package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint/assets/plain"
	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// The menu of earlier prompts shows so many, each cut to so many characters.
const (
	earlierShown = 15
	earlierChars = 44
)

// earlier is the button in the prompt's corner that brings earlier prompts back.
type earlier struct {
	button  *widgets.ToolButton
	prompts []string
	pick    func(string)
}

func newEarlier(pick func(string)) *earlier {
	e := &earlier{pick: pick}
	e.button = widgets.NewToolButton("clock", text.T("ui.earlier.tip"), e.show).Small()
	e.button.Hide()
	return e
}

// over lays the button over the prompt's lower left corner, beside the counter.
func (e *earlier) over(prompt fyne.CanvasObject) fyne.CanvasObject {
	corner := container.NewBorder(nil, nil, e.button, nil)
	return container.NewStack(prompt, container.NewBorder(nil, widgets.Pad(0, 0, 2, 2, corner), nil, nil))
}

// set tells which prompts there are, the latest first.
func (e *earlier) set(prompts []string) {
	e.prompts = prompts
	show(e.button, len(prompts) > 0)
}

func (e *earlier) menu() *fyne.Menu {
	var items []*fyne.MenuItem
	for _, p := range e.prompts[:min(earlierShown, len(e.prompts))] {
		items = append(items, fyne.NewMenuItem(plain.Line(p, earlierChars), func() { e.pick(p) }))
	}
	return fyne.NewMenu("", items...)
}

func (e *earlier) show() {
	c := fyne.CurrentApp().Driver().CanvasForObject(e.button)
	if c == nil {
		return
	}
	menu := widget.NewPopUpMenu(e.menu(), c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e.button).AddXY(0, theme.ControlHeight)
	at.X = min(at.X, max(0, c.Size().Width-menu.MinSize().Width))
	menu.ShowAtPosition(at)
}
