package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Chips shows which of several options are chosen, one chip each in the order of choosing,
// with a cross that removes it and a button that adds another one. The last chip has no cross.
type Chips struct {
	// OnChanged is called with the chosen IDs. The chips show them already.
	OnChanged func(ids []string)
	// Add is the tooltip of the button that adds one, Remove that of a cross.
	Add, Remove string
	// Alone is an option that is never combined with others, or "".
	Alone string

	root    *fyne.Container
	add     *ToolButton
	options []Option
	chosen  []string
}

// NewChips returns chips without options.
func NewChips(add, remove string) *Chips {
	c := &Chips{Add: add, Remove: remove}
	c.add = NewToolButton("plus", add, c.open).Small()
	c.root = container.New(&chipLayout{})
	c.rebuild()
	return c
}

// Object returns what is put into a container. It has as many lines as it needs.
func (c *Chips) Object() fyne.CanvasObject { return c.root }

// Set shows options and which are chosen. IDs that are no option are left out.
func (c *Chips) Set(options []Option, chosen []string) {
	chosen = slices.DeleteFunc(slices.Clone(chosen), func(id string) bool {
		return !slices.ContainsFunc(options, func(o Option) bool { return o.ID == id })
	})
	if slices.Equal(options, c.options) && slices.Equal(chosen, c.chosen) {
		return
	}
	c.options, c.chosen = slices.Clone(options), chosen
	c.rebuild()
}

func (c *Chips) rebuild() {
	c.root.RemoveAll()
	for _, id := range c.chosen {
		i := slices.IndexFunc(c.options, func(o Option) bool { return o.ID == id })
		c.root.Add(newChip(c, c.options[i], len(c.chosen) > 1))
	}
	c.add.Hidden = len(c.rest()) == 0
	c.root.Add(c.add)
	c.root.Refresh()
}

func (c *Chips) change(ids []string) {
	c.chosen = ids
	c.rebuild()
	if c.OnChanged != nil {
		c.OnChanged(slices.Clone(ids))
	}
}

// rest returns the options that can be added.
func (c *Chips) rest() (list []Option) {
	if c.Alone != "" && slices.Contains(c.chosen, c.Alone) {
		return nil
	}
	for _, o := range c.options {
		if o.ID != c.Alone && !slices.Contains(c.chosen, o.ID) {
			list = append(list, o)
		}
	}
	return list
}

// open lists the options that can be added.
func (c *Chips) open() {
	openList(c.add, c.rest(), "", func(id string) { c.change(append(slices.Clone(c.chosen), id)) })
}

// chip is one chosen option.
type chip struct {
	widget.BaseWidget
	tip
	pressable
	c         *Chips
	option    Option
	removable bool
	hovered   bool
}

func newChip(c *Chips, o Option, removable bool) *chip {
	p := &chip{c: c, option: o, removable: removable}
	p.focus.self = p
	if removable {
		p.SetTip(c.Remove)
	}
	p.ExtendBaseWidget(p)
	Track(p)
	return p
}

// ControlName is the option's text.
func (p *chip) ControlName() string { return p.option.Text }

const chipCross = float32(22) // the part of a chip that takes it away

// Tapped removes the chip where its cross was hit. A single chip opens the list, so that
// another option can replace it.
func (p *chip) Tapped(e *fyne.PointEvent) {
	p.leave(p)
	clickedOn(p, e)
	switch {
	case p.removable && e.Position.X >= p.Size().Width-chipCross:
		p.remove()
	case !p.removable:
		p.replace()
	}
}

// replace opens the list of what a single chip can be.
func (p *chip) replace() {
	openList(p, p.c.options, p.option.ID, func(id string) { p.c.change([]string{id}) })
}

// remove takes the chip away.
func (p *chip) remove() {
	p.c.change(slices.DeleteFunc(slices.Clone(p.c.chosen), func(id string) bool { return id == p.option.ID }))
}

// TypedKey opens a single chip's list, and removes one of several.
func (p *chip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyDown:
		if !p.removable {
			p.replace()
			return
		}
	case fyne.KeyDelete, fyne.KeyBackspace:
		if p.removable {
			p.remove()
			return
		}
	}
	p.pass(e)
}

// MouseIn implements desktop.Hoverable.
func (p *chip) MouseIn(*desktop.MouseEvent) { p.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (p *chip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *chip) MouseOut() { p.hover(false) }

func (p *chip) hover(on bool) {
	p.hovered = on
	if on {
		p.enter(p)
	} else {
		p.leave(p)
	}
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *chip) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	back, ring := box(), newFocusRing()
	label := text(p.option.Text, theme.TextSize, theme.Text)
	sign := canvas.NewImageFromResource(nil)
	const pad, side = float32(9), float32(12)
	r := &renderer{objects: []fyne.CanvasObject{back, ring.Rectangle, label, sign}}
	r.min = func() fyne.Size {
		w := fyne.MeasureText(p.option.Text, theme.TextSize, fyne.TextStyle{}).Width
		return fyne.NewSize(w+pad+chipCross, theme.ControlHeight)
	}
	r.layout = func(s fyne.Size) {
		back.Resize(s)
		ring.around(fyne.Position{}, s)
		room := s.Width - pad - chipCross
		label.Text = shortened(p.option.Text, func(t string) bool {
			return fyne.MeasureText(t, theme.TextSize, fyne.TextStyle{}).Width <= room+0.5
		})
		placeText(label, pad, s.Height)
		sign.Resize(fyne.NewSquareSize(side))
		sign.Move(fyne.NewPos(s.Width-chipCross+(chipCross-side)/2, middle(s.Height, side)))
	}
	r.refresh = func() {
		paint(back, theme.Control, theme.Edge)
		colour, icon := theme.Secondary, "close"
		if p.hovered {
			colour = theme.Text
		}
		if !p.removable {
			icon = "chevron-down"
		}
		setText(label, label.Text, theme.Text)
		theme.SetIcon(sign, icon, colour)
		ring.show(p.focused)
		r.layout(p.Size())
	}
	r.refresh()
	return r
}

// chipLayout places chips in lines, each at most as wide as the room.
type chipLayout struct{ width float32 }

func (l *chipLayout) flow(o []fyne.CanvasObject, put func(o fyne.CanvasObject, x, y, w float32)) (high float32) {
	const gap = float32(6)
	x, y := float32(0), float32(0)
	for _, c := range o {
		if !c.Visible() {
			continue
		}
		m := c.MinSize()
		if l.width > 0 {
			m.Width = min(m.Width, l.width)
			if x > 0 && x+m.Width > l.width {
				x, y = 0, y+m.Height+gap
			}
		}
		put(c, x, y, m.Width)
		x += m.Width + gap
		high = y + m.Height
	}
	return high
}

func (l *chipLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(80, l.flow(o, func(fyne.CanvasObject, float32, float32, float32) {}))
}

func (l *chipLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.flow(o, func(c fyne.CanvasObject, x, y, w float32) {
		c.Resize(fyne.NewSize(w, c.MinSize().Height))
		c.Move(fyne.NewPos(x, y))
	})
}
