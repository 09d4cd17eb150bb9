package panel

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// The menu of earlier prompts shows so many, each cut to so many characters.
const (
	earlierShown = 15
	earlierChars = 44
)

// earlier is the button beside the prompt's label that offers earlier prompts.
type earlier struct {
	button  *widgets.ToolButton
	prompts []string
	pick    func(string)
	search  func() // shows all of them; may be nil
}

func newEarlier(pick func(string)) *earlier {
	e := &earlier{pick: pick}
	e.button = widgets.NewToolButton("clock", text.T("ui.earlier.tip"), e.show).Side(22)
	e.button.Hide()
	return e
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
	if e.search != nil {
		items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(text.T("ui.earlier.search"), e.search))
	}
	return fyne.NewMenu("", items...)
}

func (e *earlier) show() { popUp(e.menu(), e.button) }

// popUp shows a menu under a button, within the window.
func popUp(m *fyne.Menu, under fyne.CanvasObject) {
	c := fyne.CurrentApp().Driver().CanvasForObject(under)
	if c == nil {
		return
	}
	menu := widgets.NewMenu(m, c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under).AddXY(0, under.Size().Height)
	at.X = min(at.X, max(0, c.Size().Width-menu.MinSize().Width))
	menu.ShowAtPosition(at)
}
