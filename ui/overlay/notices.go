package overlay

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Notice is one message. It disappears when it is no longer passed to Set: the caller removes
// notices without an action after a while.
type Notice struct {
	ID     int64
	Text   string // as much of it as three lines have
	Action string // what a button says, or ""
	// Good reports whether something succeeded, Bad whether something failed.
	Good, Bad bool
	// Fixed removes the cross: the notice is about something under way.
	Fixed bool
}

// Stacked is how many notices are shown at a time; the others wait.
const Stacked = 3

// Notices shows notices above each other, the first at the bottom. OnAct is called for a
// notice's button, OnDismiss for its cross.
type Notices struct {
	OnAct, OnDismiss func(id int64)

	root    *fyne.Container
	list    []Notice
	changed func()
}

// NewNotices returns an empty list of notices.
func NewNotices() *Notices {
	return &Notices{root: container.New(&stackLayout{})}
}

// Set shows the first Stacked notices of a list. Nothing is redrawn where these are the same
// as before.
func (n *Notices) Set(list []Notice) {
	list = list[:min(Stacked, len(list))]
	if slices.Equal(list, n.list) {
		return
	}
	n.list = slices.Clone(list)
	n.root.RemoveAll()
	for _, one := range slices.Backward(n.list) {
		n.root.Add(n.line(one))
	}
	n.root.Refresh()
	if n.changed != nil {
		n.changed()
	}
}

func (n *Notices) line(one Notice) fyne.CanvasObject {
	icon, colour := one.sign()
	tell := func(f *func(int64)) func() {
		return func() {
			if *f != nil {
				(*f)(one.ID)
			}
		}
	}
	l := &noticeLine{
		text: one.Text, sentence: widgets.NewLabel(one.Text).Colored(theme.Text).Wrap().MaxLines(mostLines),
		icon: widgets.NewIcon(icon, iconSide, colour),
	}
	if one.Action != "" {
		l.action = widgets.NewButton(one.Action, "", widgets.Link, tell(&n.OnAct))
	}
	if !one.Fixed {
		l.dismiss = widgets.NewToolButton("close", text.T("ui.close"), tell(&n.OnDismiss)).Side(crossSide)
	}
	l.back = widgets.NewSurface("menuBackground").Rounded(theme.Edge)
	l.ExtendBaseWidget(l)
	return l
}

// sign is the icon before a notice, and its colour.
func (n Notice) sign() (icon string, colour fyne.ThemeColorName) {
	switch {
	case n.Bad:
		return "warning", theme.Warning
	case n.Good:
		return "check", theme.AccentText
	}
	return "info", theme.Secondary
}

// stackLayout puts notices above each other, each as wide as it needs and, where that is wider
// than the room, with more lines.
type stackLayout struct{ width float32 }

// The measures of a notice.
const (
	lineGap   = float32(6)
	linePad   = float32(10)
	iconSide  = float32(14)
	crossSide = float32(22)
	widest    = float32(560) // a longer sentence is broken into lines
	mostLines = 3
)

func (l *stackLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	high := -lineGap
	for _, one := range o {
		high += one.(*noticeLine).fit(l.width).Height + lineGap
	}
	return fyne.NewSize(80, max(0, high))
}

func (l *stackLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, one := range o {
		size := one.(*noticeLine).fit(s.Width)
		one.Resize(size)
		one.Move(fyne.NewPos(0, y))
		y += size.Height + lineGap
	}
}

// noticeLine is a notice on the screen.
type noticeLine struct {
	widget.BaseWidget
	text     string
	back     *widgets.Surface
	icon     *widgets.Icon
	sentence *widgets.Label
	action   *widgets.Button     // or nil
	dismiss  *widgets.ToolButton // or nil
}

// rest returns the width of everything but the sentence.
func (l *noticeLine) rest() float32 {
	w := 2*linePad + iconSide + theme.Gap
	if l.action != nil {
		w += l.action.MinSize().Width + theme.Gap
	}
	if l.dismiss != nil {
		w += crossSide + theme.Grid
	}
	return w
}

// fit returns the notice's size in so much room.
func (l *noticeLine) fit(room float32) fyne.Size {
	natural := l.rest() + fyne.MeasureText(l.text, theme.LabelSize, fyne.TextStyle{}).Width + 1
	wide := min(room, widest, natural)
	l.sentence.Resize(fyne.NewSize(max(0, wide-l.rest()), 0))
	return fyne.NewSize(wide, max(theme.ControlHeight, l.sentence.MinSize().Height+linePad))
}

// CreateRenderer implements fyne.Widget.
func (l *noticeLine) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	objects := []fyne.CanvasObject{l.back, l.icon, l.sentence}
	if l.action != nil {
		objects = append(objects, l.action)
	}
	if l.dismiss != nil {
		objects = append(objects, l.dismiss)
	}
	return widget.NewSimpleRenderer(container.New(&noticeLayout{l}, objects...))
}

type noticeLayout struct{ l *noticeLine }

func (n *noticeLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(n.l.rest(), theme.ControlHeight)
}

func (n *noticeLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	l := n.l
	place := func(o fyne.CanvasObject, x, w, h float32) float32 {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
		return x + w + theme.Gap
	}
	l.back.Resize(s)
	x := place(l.icon, linePad, iconSide, iconSide)
	x = place(l.sentence, x, max(0, s.Width-l.rest()), l.sentence.MinSize().Height)
	if l.action != nil {
		x = place(l.action, x, l.action.MinSize().Width, 20)
	}
	if l.dismiss != nil {
		place(l.dismiss, x-theme.Grid, crossSide, crossSide)
	}
}
