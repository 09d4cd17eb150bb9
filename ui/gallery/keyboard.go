package gallery

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// keyboard has the focus while the cards are operated by keys. Cards are reused and only the
// visible ones exist, so that it is one object of a gallery that the Tab key reaches, and one of
// the cards shows the ring.
type keyboard struct {
	widget.BaseWidget
	widgets.Focus
	g     *Gallery
	at    ID  // the card that the keys are about
	index int // of it, among all cards
}

func newKeyboard(g *Gallery) *keyboard {
	k := &keyboard{g: g}
	k.SetWidget(k)
	k.ExtendBaseWidget(k)
	k.Hide()
	return k
}

// order returns all cards in their order.
func (g *Gallery) order() []ID {
	var all []ID
	if !g.grid && !g.view.empty() {
		all = append(all, Original, Current)
	}
	for _, p := range g.plan.places {
		all = append(all, p.id)
	}
	return all
}

// follow keeps the keyboard at its card after the view has changed: at the one that took its
// place where it is gone, else at the chosen one where another one was chosen.
func (k *keyboard) follow(chosen bool) {
	all := k.g.order()
	if gone := !slices.Contains(all, k.at); k.at == (ID{}) || chosen && !(gone && k.Focused()) {
		k.at = k.g.view.Chosen
	}
	if i := slices.Index(all, k.at); i >= 0 {
		k.index = i
	} else if len(all) > 0 {
		k.index = max(0, min(k.index, len(all)-1))
		k.at = all[k.index]
	}
	if k.Hidden = len(all) == 0; k.Hidden {
		k.g.LeaveKeys()
	}
}

// on reports whether the keys are about a card.
func (k *keyboard) on(id ID) bool { return k.Focused() && k.at == id }

// TakeKey gives the gallery the focus and a key.
func (g *Gallery) TakeKey(e *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g.root); c != nil && !g.keys.Hidden {
		c.Focus(g.keys)
		g.keys.TypedKey(e)
	}
}

// LeaveKeys gives up the focus, where the gallery has it.
func (g *Gallery) LeaveKeys() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g.root); c != nil && c.Focused() == fyne.Focusable(g.keys) {
		c.Unfocus()
	}
}

// TypedKey moves to another card, or does with the card what the pointer does.
func (k *keyboard) TypedKey(e *fyne.KeyEvent) {
	g, id := k.g, k.at
	if widgets.MenuKey(e) {
		g.openMenu(id)
		return
	}
	switch e.Name {
	case fyne.KeyLeft:
		k.move(k.index - 1)
	case fyne.KeyRight:
		k.move(k.index + 1)
	case fyne.KeyHome:
		k.move(0)
	case fyne.KeyEnd:
		k.move(len(g.order()) - 1)
	case fyne.KeyUp, fyne.KeyDown:
		if !g.grid {
			k.PassKey(e)
			return
		}
		k.move(g.beside(k.index, e.Name == fyne.KeyDown))
	case fyne.KeySpace:
		k.press()
	case fyne.KeyReturn, fyne.KeyEnter:
		if id == g.view.Chosen { // it is shown already: the key uses it, as in the rest of the window
			k.PassKey(e)
			return
		}
		k.press()
	case fyne.KeyDelete:
		switch {
		case id.N == Failure && id.Edit > 0:
			tell(g.do.Clear, id.Edit)
		case id.Edit > 0:
			tell(g.do.Discard, id)
		}
	default:
		k.PassKey(e)
	}
}

// press does what a click on the card does. A failed edit's card has buttons instead, which its
// menu offers.
func (k *keyboard) press() {
	if k.at.N == Failure && k.at.Edit > 0 {
		k.g.openMenu(k.at)
		return
	}
	tell(k.g.do.Choose, k.at)
}

// move goes to a card.
func (k *keyboard) move(index int) {
	all := k.g.order()
	if index < 0 || index >= len(all) {
		return
	}
	k.index, k.at = index, all[index]
	k.g.Reveal(k.at)
	k.g.show()
}

// beside returns the index of the grid's card that lies above or below another one, or the
// index of that where there is none.
func (g *Gallery) beside(index int, below bool) int {
	if index < 0 || index >= len(g.plan.places) {
		return index
	}
	from, best := g.plan.places[index], index
	for i, p := range g.plan.places {
		if below && p.y <= from.y || !below && p.y >= from.y {
			continue
		}
		if best == index || g.nearer(p, g.plan.places[best], from) {
			best = i
		}
	}
	return best
}

// nearer reports whether a place lies nearer to another one than a second does: the line counts
// first, then the column.
func (g *Gallery) nearer(a, b, from place) bool {
	far := func(x float32) float32 { return max(x, -x) }
	if a.y != b.y {
		return far(a.y-from.y) < far(b.y-from.y)
	}
	return far(a.x-from.x) < far(b.x-from.x)
}

// openMenu opens the menu of a card at the card.
func (g *Gallery) openMenu(id ID) {
	g.Reveal(id)
	c := g.cards[id]
	switch {
	case id == Original && !g.grid:
		c = g.origin
	case id == Current && !g.grid:
		c = g.current
	}
	if c != nil && g.do.Menu != nil {
		g.do.Menu(id, absolute(c).AddXY(theme.Gap, min(c.Size().Height, Usual)/2))
	}
}

// Refresh shows or hides the ring: the focus came or went.
func (k *keyboard) Refresh() { k.g.show() }

// MinSize is zero.
func (k *keyboard) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget. The cards show where the keyboard is.
func (k *keyboard) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}
