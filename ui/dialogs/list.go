package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// list is Fyne's list with the keys that other lists have: Up and Down choose
// the entry before and after, and what it does not need goes on to the dialog,
// so that Esc closes that and Enter is its safe action. The chosen entry lies on
// the design's colour for that, not on Fyne's for marked text, on which some
// texts could hardly be read.
type list struct {
	widget.List
	chosen int // the entry that is selected, or -1
}

// newList returns a list of entries. selected hears which one is chosen.
func newList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject), selected func(int)) *list {
	l := &list{chosen: -1}
	l.Length, l.HideSeparators = length, true
	l.CreateItem = func() fyne.CanvasObject {
		return container.NewStack(widgets.NewSurface(theme.Selected).Rounded(""), create())
	}
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		row := o.(*fyne.Container).Objects
		show(row[0], i == l.chosen)
		update(i, row[1])
	}
	l.OnUnselected = func(i int) { l.chosen = -1; l.RefreshItem(i) }
	l.OnSelected = func(i int) {
		l.chosen = i
		l.RefreshItem(i)
		selected(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey chooses another entry, or leaves the key to the dialog.
func (l *list) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		l.move(-1)
	case fyne.KeyDown:
		l.move(1)
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

func (l *list) move(by int) {
	if to := l.chosen + by; to >= 0 && to < l.Length() {
		l.Highlight(to)
		l.Select(to)
	}
}
