package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint/ui/theme"
)

// list is Fyne's list with the keys that other lists have: Up and Down choose
// the entry before and after, and what it does not need goes on to the dialog,
// so that Esc closes that and Enter is its safe action.
type list struct {
	widget.List
	chosen int // the entry that is selected, or -1
}

// newList returns a list of entries. selected hears which one is chosen.
func newList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject), selected func(int)) *list {
	l := &list{chosen: -1}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.HideSeparators = true
	l.OnSelected = func(i int) {
		l.chosen = i
		selected(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// object returns what is put into the dialog.
func (l *list) object() fyne.CanvasObject { return container.NewThemeOverride(l, theme.ForList()) }

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
