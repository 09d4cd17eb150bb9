package dialogs

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// list is Fyne's list with the usual keys: Up, Down, Home and End choose entries, typing the
// beginning of a name chooses its entry, and other keys go on to the dialog, so that Esc
// closes it and Enter is its safe action. The chosen entry has the design's background, since
// some texts would be hard to read on Fyne's.
type list struct {
	widget.List
	chosen int // the entry that is selected, or -1
	// name returns the name by which typing finds an entry; nil where typing finds nothing.
	name func(int) string
	// menu opens an entry's menu at a position in the window; nil where entries have none.
	menu  func(i int, at fyne.Position)
	typed string // the beginning that is looked for
	when  time.Time
	now   func() time.Time
}

// typing is the time within which a letter belongs to those before it.
const typing = time.Second

// newList returns a list of entries. selected is called with the chosen one.
func newList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject), selected func(int)) *list {
	l := &list{chosen: -1, now: time.Now}
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

// TypedKey chooses another entry, opens the menu of the chosen one, or leaves the key to the
// dialog.
func (l *list) TypedKey(e *fyne.KeyEvent) {
	if l.menu != nil && l.chosen >= 0 && widgets.MenuKey(e) {
		l.menu(l.chosen, l.below(l.chosen))
		return
	}
	switch e.Name {
	case fyne.KeyUp:
		l.move(-1)
	case fyne.KeyDown:
		l.move(1)
	case fyne.KeyHome:
		l.move(-l.chosen)
	case fyne.KeyEnd:
		l.move(l.Length() - 1 - l.chosen)
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

// below returns the position in the window at the lower edge of an entry.
func (l *list) below(i int) fyne.Position {
	high := l.CreateItem().MinSize().Height + l.Theme().Size(fynetheme.SizeNamePadding)
	y := high*float32(i+1) - l.GetScrollOffset()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
	return at.AddXY(theme.PanelPadding, max(0, min(y, l.Size().Height)))
}

func (l *list) move(by int) {
	if to := l.chosen + by; to >= 0 && to < l.Length() {
		l.Highlight(to)
		l.Select(to)
	}
}

// TypedRune chooses the next entry whose name begins with what is being typed.
// The same letter again goes on to the next one that begins with it.
func (l *list) TypedRune(r rune) {
	if l.name == nil || l.Length() == 0 {
		return
	}
	now := l.now()
	if now.Sub(l.when) > typing {
		l.typed = ""
	}
	letter := strings.ToLower(string(r))
	from := max(l.chosen, 0)
	if l.typed == "" || l.typed == letter {
		l.typed, from = letter, l.chosen+1
	} else {
		l.typed += letter
	}
	l.when = now
	for i := range l.Length() {
		at := (from + i) % l.Length()
		if strings.HasPrefix(strings.ToLower(l.name(at)), l.typed) {
			l.move(at - l.chosen)
			return
		}
	}
}
