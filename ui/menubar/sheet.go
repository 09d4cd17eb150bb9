package menubar

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/widgets"
)

// sheet covers the whole window while a menu is open, to receive all pointer and key events.
// It shows the open menu and its submenus.
type sheet struct {
	widget.BaseWidget
	b      *Bar
	i      int // the open menu
	panels []*panel
	root   *fyne.Container
}

func newSheet(b *Bar) *sheet {
	s := &sheet{b: b, root: container.NewWithoutLayout()}
	s.ExtendBaseWidget(s)
	return s
}

// show opens a menu in place of the open one.
func (s *sheet) show(i int) {
	s.i = i
	s.closeFrom(0)
	t := s.b.titles[i]
	s.push(s.b.menus[i].Menu, absolute(t).AddXY(0, t.Size().Height), 0)
}

// push shows a menu's items at a position, moved into the window. Where there is no room on
// the right a submenu opens on the left of its parent, whose width is parent.
func (s *sheet) push(m *fyne.Menu, at fyne.Position, parent float32) {
	p := newPanel(m)
	room := s.b.canvas.Size()
	if at.X+p.size.Width > room.Width {
		at.X = max(0, at.X-parent-p.size.Width)
		if parent == 0 {
			at.X = max(0, room.Width-p.size.Width)
		}
	}
	at.Y = max(0, min(at.Y, room.Height-p.size.Height))
	p.at = at
	p.Move(at)
	p.Resize(p.size)
	s.panels = append(s.panels, p)
	s.root.Add(p)
	s.Refresh()
}

func (s *sheet) closeFrom(n int) {
	for _, p := range s.panels[min(n, len(s.panels)):] {
		s.root.Remove(p)
	}
	s.panels = s.panels[:min(n, len(s.panels))]
	s.Refresh()
}

func (s *sheet) last() *panel { return s.panels[len(s.panels)-1] }

// mark marks an item of a panel, closes the panels after it, and with open shows the item's
// submenu.
func (s *sheet) mark(depth, item int, open bool) {
	p := s.panels[depth]
	if p.marked != item || len(s.panels) > depth+2 {
		s.closeFrom(depth + 1)
	}
	p.mark(item)
	if it := p.item(); open && it != nil && it.ChildMenu != nil && !it.Disabled && len(s.panels) == depth+1 {
		s.push(it.ChildMenu, p.at.AddXY(p.size.Width-2, p.tops[item]-panelPad), p.size.Width-4)
	}
}

// choose calls the action of the last panel's marked item, or opens its submenu.
func (s *sheet) choose() {
	it := s.last().item()
	switch {
	case it == nil || it.Disabled:
	case it.ChildMenu != nil:
		s.enter()
	default:
		widgets.Clicked(s.last())
		s.b.Close()
		act(it)
	}
}

// enter opens the marked item's submenu and reports whether it has one.
func (s *sheet) enter() bool {
	it := s.last().item()
	if it == nil || it.ChildMenu == nil || it.Disabled {
		return false
	}
	s.mark(len(s.panels)-1, s.last().marked, true)
	s.step(1)
	return true
}

// step marks the next item that is no separator, or with by = -1 the previous one.
func (s *sheet) step(by int) {
	p := s.last()
	n := len(p.items)
	at := p.marked
	if at < 0 && by < 0 {
		at = n
	}
	for range n {
		at = ((at+by)%n + n) % n
		if !p.items[at].IsSeparator {
			s.mark(len(s.panels)-1, at, false)
			return
		}
	}
}

// TypedKey moves through the menus by the arrow keys, chooses an item or closes the menu.
func (s *sheet) TypedKey(e *fyne.KeyEvent) {
	n := len(s.b.menus)
	switch e.Name {
	case fyne.KeyDown:
		s.step(1)
	case fyne.KeyUp:
		s.step(-1)
	case fyne.KeyHome, fyne.KeyEnd:
		s.last().mark(-1)
		s.step(map[fyne.KeyName]int{fyne.KeyHome: 1, fyne.KeyEnd: -1}[e.Name])
	case fyne.KeyRight:
		if !s.enter() {
			s.b.Open((s.i + 1) % n)
		}
	case fyne.KeyLeft:
		if len(s.panels) > 1 {
			s.closeFrom(len(s.panels) - 1)
		} else {
			s.b.Open((s.i + n - 1) % n)
		}
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		s.choose()
	case fyne.KeyEscape:
		if len(s.panels) > 1 {
			s.closeFrom(len(s.panels) - 1)
		} else {
			s.b.Close()
		}
	case fyne.KeyF10:
		s.b.Close()
	}
}

// TypedRune marks the next item whose label begins with r, and chooses it where it is the
// only one.
func (s *sheet) TypedRune(r rune) {
	p := s.last()
	var found []int
	for i, it := range p.items {
		first, _ := utf8.DecodeRuneInString(it.Label)
		if !it.IsSeparator && strings.EqualFold(string(first), string(r)) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return
	}
	next := found[0]
	if i := slices.IndexFunc(found, func(i int) bool { return i > p.marked }); i >= 0 {
		next = found[i]
	}
	s.mark(len(s.panels)-1, next, false)
	if len(found) == 1 {
		s.choose()
	}
}

// TypedShortcut switches to another menu by Alt and its letter.
func (s *sheet) TypedShortcut(sh fyne.Shortcut) {
	if c, ok := sh.(*desktop.CustomShortcut); ok && c.Modifier == fyne.KeyModifierAlt {
		for i, m := range s.b.menus {
			if m.Key == c.KeyName {
				s.b.Open(i)
			}
		}
	}
}

// FocusGained is for Fyne.
func (s *sheet) FocusGained() {}

// FocusLost is for Fyne.
func (s *sheet) FocusLost() {}

// at returns the panel and item at a place in the window, or -1.
func (s *sheet) at(pos fyne.Position) (depth, item int) {
	for depth := len(s.panels) - 1; depth >= 0; depth-- {
		if p := s.panels[depth]; p.contains(pos) {
			return depth, p.itemAt(pos.Y - p.at.Y)
		}
	}
	return -1, -1
}

func (s *sheet) titleAt(pos fyne.Position) int {
	for i, t := range s.b.titles {
		at, size := absolute(t), t.Size()
		if pos.X >= at.X && pos.X < at.X+size.Width && pos.Y >= at.Y && pos.Y < at.Y+size.Height {
			return i
		}
	}
	return -1
}

// Tapped chooses an item, switches to another menu, or closes.
func (s *sheet) Tapped(e *fyne.PointEvent) {
	depth, item := s.at(e.Position)
	switch title := s.titleAt(e.Position); {
	case item >= 0:
		s.mark(depth, item, true)
		if p := s.panels[depth]; p.item().ChildMenu == nil {
			s.choose()
		}
	case depth >= 0: // a separator
	case title >= 0 && title != s.i:
		s.b.open(title)
	default:
		s.b.Close()
	}
}

// TappedSecondary closes the menu.
func (s *sheet) TappedSecondary(*fyne.PointEvent) { s.b.Close() }

// MouseIn is for Fyne.
func (s *sheet) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved marks the item under the pointer, or switches to the menu whose title is under
// it.
func (s *sheet) MouseMoved(e *desktop.MouseEvent) {
	if s.b.sheet != s {
		return
	}
	if depth, item := s.at(e.Position); depth >= 0 {
		if item >= 0 {
			s.mark(depth, item, true)
		}
		return
	}
	if title := s.titleAt(e.Position); title >= 0 && title != s.i {
		s.b.open(title)
	}
}

// MouseOut is for Fyne.
func (s *sheet) MouseOut() {}

// CreateRenderer is for Fyne.
func (s *sheet) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.root) }
