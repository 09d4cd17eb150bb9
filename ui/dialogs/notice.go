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
	dismiss  *widgets.ToolButton
	now      *message // nil while the bar is hidden
	waiting  []*message
}

// message is one thing to tell; without a label there is nothing to do.
type message struct {
	sentence, label string
	do              func()
	lasting         bool // it is told for as long as something goes on
	dismissed       func()
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
	n.dismiss = widgets.NewToolButton("close", text.T("ui.close"), func() {
		m := n.now
		n.Hide()
		if m != nil && m.dismissed != nil {
			m.dismissed()
		}
	}).Small()
	buttons := widgets.Row(theme.Gap, n.action, n.dismiss)
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
	m := &message{sentence: sentence, label: label, do: do}
	if n.now != nil && n.now.label != "" && (n.now.lasting || n.now.sentence != sentence) {
		n.wait(m)
		return
	}
	n.tell(m)
}

// Tell is Show that hears when the person dismisses what is told.
func (n *Notice) Tell(sentence, label string, do, dismissed func()) {
	n.Show(sentence, label, do)
	if n.now != nil && n.now.sentence == sentence {
		n.now.dismissed = dismissed
	}
}

// During tells a sentence for as long as something goes on, with a button that
// calls do. It can't be dismissed, as the button would be lost, and goes before
// what waits for an answer, as it ends by itself: over, called on Fyne's
// goroutine like all else, takes it away if it is still there.
func (n *Notice) During(sentence, label string, do func()) (over func()) {
	m := &message{sentence: sentence, label: label, do: do, lasting: true}
	switch {
	case n.now != nil && n.now.lasting:
		n.waiting = append(n.waiting, m)
	case n.now != nil && n.now.label != "":
		n.waiting = slices.Insert(n.waiting, 0, n.now)
		n.tell(m)
	default:
		n.tell(m)
	}
	return func() { n.withdraw(func(o *message) bool { return o == m }) }
}

// Withdraw takes a sentence away that is true no more, told or waiting.
func (n *Notice) Withdraw(sentence string) {
	n.withdraw(func(o *message) bool { return o.sentence == sentence && !o.lasting })
}

func (n *Notice) withdraw(which func(*message) bool) {
	n.waiting = slices.DeleteFunc(n.waiting, which)
	if n.now != nil && which(n.now) {
		n.Hide()
	}
}

// wait puts a message behind those that are to be answered. Of those that only
// tell something the last is enough.
func (n *Notice) wait(m *message) {
	n.waiting = slices.DeleteFunc(n.waiting, func(o *message) bool {
		return !o.lasting && (o.sentence == m.sentence || m.label == "" && o.label == "")
	})
	n.waiting = append(n.waiting, m)
}

func (n *Notice) tell(m *message) {
	n.now = m
	n.sentence.SetText(m.sentence)
	n.action.SetText(m.label)
	show(n.action, m.label != "")
	show(n.dismiss, !m.lasting)
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
	n.now = nil
	n.root.Hide()
}

// Text returns what the bar says, "" while it is hidden.
func (n *Notice) Text() string {
	if n.now == nil {
		return ""
	}
	return n.now.sentence
}
