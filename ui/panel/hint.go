package panel

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/builtin"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// promptHint says, under the prompt, that the built-in engine can't do what the prompt asks
// for, and what can.
type promptHint struct {
	root *fyne.Container
	add  *widgets.Button
}

func newPromptHint(add func()) *promptHint {
	h := &promptHint{add: widgets.NewButton(text.T("ui.hint.add"), "", widgets.Normal, add)}
	h.root = widgets.Column(6, widgets.NewLabel(text.T("ui.hint.new")).Wrap(), h.add)
	h.root.Hide()
	return h
}

// setConnections sets the number of connections: without any, the hint offers to add one.
func (h *promptHint) setConnections(n int) {
	show(h.add, n == 0)
	h.root.Refresh()
}

// refresh shows the hint if the prompt asks the built-in engine for something new. It returns
// whether it has changed.
func (h *promptHint) refresh(prompt string, p api.Profile) bool {
	on := p.ID == api.Builtin().ID && builtin.AsksForNew(prompt)
	if on == h.root.Visible() {
		return false
	}
	show(h.root, on)
	return true
}
