package dialogs

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// Notice is a bar that tells something without stopping anybody. It is hidden
// until there is something to tell. What offers something to do stays until the
// person has answered; whatever else there is to tell waits behind it.
type Notice struct {
	place    *fyne.Container // gives the bar its size once it is shown
	root     *fyne.Container
	sentence *widgets.Label
	action   *widgets.Button
	now      message
	waiting  []message
}

// message is one thing to tell; without a label there is nothing to do.
type message struct {
	sentence, label string
	do              func()
}

// NewNotice returns a hidden bar.
func NewNotice() *Notice {
	n := &Notice{sentence: widgets.NewText("").Wrap()}
	n.action = widgets.NewButton("", "", widgets.Normal, func() {
		do := n.now.do
		n.Hide()
		if do != nil {
			do()
		}
	})
	dismiss := widgets.NewToolButton("close", text.T("ui.close"), n.Hide).Small()
	buttons := widgets.Row(theme.Gap, n.action, dismiss)
	row := container.NewBorder(nil, nil, widgets.Pad(0, 6, 0, 0, widgets.NewIcon("info", 18, theme.Warning)), buttons,
		widgets.Column(0, nil, n.sentence, nil))
	n.root = container.NewStack(widgets.NewSurface("menuBackground").Rounded(theme.Edge), widgets.Pad(6, 6, 6, 12, row))
	n.root.Hide()
	n.place = container.NewVBox(n.root)
	return n
}

// Object returns what is stacked over the canvas: the bar is at its top.
func (n *Notice) Object() fyne.CanvasObject { return n.place }

// Show tells a sentence. With a label there is a button that calls do.
func (n *Notice) Show(sentence, label string, do func()) {
	m := message{sentence, label, do}
	if n.root.Visible() && n.now.label != "" && n.now.sentence != sentence {
		n.wait(m)
		return
	}
	n.tell(m)
}

// wait puts a message behind those that are to be answered. Of those that only
// tell something the last is enough.
func (n *Notice) wait(m message) {
	n.waiting = slices.DeleteFunc(n.waiting, func(o message) bool {
		return o.sentence == m.sentence || m.label == "" && o.label == ""
	})
	n.waiting = append(n.waiting, m)
}

func (n *Notice) tell(m message) {
	n.now = m
	n.sentence.SetText(m.sentence)
	n.action.SetText(m.label)
	if m.label == "" {
		n.action.Hide()
	} else {
		n.action.Show()
	}
	n.root.Show()
	n.place.Refresh()
}

// Hide takes away what the bar tells; what waits comes in its place.
func (n *Notice) Hide() {
	if len(n.waiting) > 0 {
		next := n.waiting[0]
		n.waiting = n.waiting[1:]
		n.tell(next)
		return
	}
	n.now = message{}
	n.root.Hide()
}

// Text returns what the bar says, "" while it is hidden.
func (n *Notice) Text() string {
	if !n.root.Visible() {
		return ""
	}
	return n.sentence.Text()
}
