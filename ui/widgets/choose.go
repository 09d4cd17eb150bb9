package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/ui/theme"
)

// maxOption is how many characters of an option are shown.
const maxOption = 80

// Option is one of several things to choose from.
type Option struct {
	// ID is what the program knows it by, Text what the user reads.
	ID, Text string
}

// Dropdown shows the chosen one of several options and opens the list.
type Dropdown struct {
	widget.DisableableWidget
	pressable
	tip
	// OnChanged is called with the ID that the user chose.
	OnChanged func(id string)

	options  []Option
	selected string
	hovered  bool
}

// NewDropdown returns a drop-down with options; the first is selected.
func NewDropdown(options ...Option) *Dropdown {
	d := &Dropdown{}
	d.self = d
	d.ExtendBaseWidget(d)
	d.SetOptions(options)
	Track(d)
	return d
}

// ControlName is the tooltip or, without one, what is chosen.
func (d *Dropdown) ControlName() string {
	if d.tip.text == "" {
		return d.text()
	}
	return withoutKey(d.tip.text)
}

// SetOptions replaces the options. The selected one stays where it is among
// them; else the first is selected.
func (d *Dropdown) SetOptions(options []Option) {
	d.options = options
	if d.index() < 0 && len(options) > 0 {
		d.selected = options[0].ID
	}
	d.Refresh()
}

// Options returns the options.
func (d *Dropdown) Options() []Option { return d.options }

// Selected returns the ID of the chosen option.
func (d *Dropdown) Selected() string { return d.selected }

// Select chooses an option by its ID; an ID that is none of them changes nothing.
func (d *Dropdown) Select(id string) {
	before := d.selected
	d.selected = id
	if d.index() < 0 {
		d.selected = before
	}
	d.Refresh()
}

func (d *Dropdown) index() int {
	for i, o := range d.options {
		if o.ID == d.selected {
			return i
		}
	}
	return -1
}

func (d *Dropdown) text() string {
	if i := d.index(); i >= 0 {
		return d.options[i].Text
	}
	return ""
}

func (d *Dropdown) choose(id string) {
	if id == d.selected {
		return
	}
	d.Select(id)
	if d.OnChanged != nil {
		d.OnChanged(id)
	}
}

// Tapped opens the list.
func (d *Dropdown) Tapped(*fyne.PointEvent) {
	d.leave(d)
	if !d.Disabled() {
		openList(d, d.options, d.selected, d.choose)
	}
}

// openList shows options under a widget, as wide as it.
func openList(under fyne.CanvasObject, options []Option, selected string, choose func(id string)) {
	c := canvasOf(under)
	if c == nil || len(options) == 0 {
		return
	}
	items := make([]*fyne.MenuItem, len(options))
	for i, o := range options {
		items[i] = fyne.NewMenuItem(plain.Line(o.Text, maxOption), func() { choose(o.ID) })
		items[i].Checked = o.ID == selected
	}
	m := NewMenu(fyne.NewMenu("", items...), c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under)
	m.ShowAtPosition(at.AddXY(0, under.Size().Height+2))
	m.Resize(fyne.NewSize(max(under.Size().Width, m.MinSize().Width), m.MinSize().Height))
	for range 1 + slices.IndexFunc(options, func(o Option) bool { return o.ID == selected }) {
		m.ActivateNext() // the arrow keys go on from what is chosen
	}
}

// TypedKey opens the list, or chooses by the arrow keys.
func (d *Dropdown) TypedKey(e *fyne.KeyEvent) {
	step := 0
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		d.Tapped(nil)
	case fyne.KeyDown:
		step = 1
	case fyne.KeyUp:
		step = -1
	default:
		d.pass(e)
	}
	if i := d.index() + step; step != 0 && !d.Disabled() && i >= 0 && i < len(d.options) {
		d.choose(d.options[i].ID)
	}
}

// MouseIn implements desktop.Hoverable.
func (d *Dropdown) MouseIn(*desktop.MouseEvent) {
	d.hovered = true
	d.enter(d)
	d.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (d *Dropdown) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (d *Dropdown) MouseOut() {
	d.hovered = false
	d.leave(d)
	d.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (d *Dropdown) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	back, over, ring := box(), box(), newFocusRing()
	label := text("", theme.TextSize, theme.Text)
	chevron := canvas.NewImageFromResource(nil)
	const side, pad = float32(14), float32(9)
	r := &renderer{objects: []fyne.CanvasObject{back, over, ring.Rectangle, label, chevron}}
	r.min = func() fyne.Size { return fyne.NewSize(64, theme.ControlHeight) }
	r.layout = func(s fyne.Size) {
		back.Resize(s)
		over.Resize(s)
		ring.around(fyne.Position{}, s)
		room := s.Width - 2*pad - side - 4
		label.Text = shortened(plain.Line(d.text(), maxOption), func(t string) bool {
			return room <= 0 || fyne.MeasureText(t, theme.TextSize, fyne.TextStyle{}).Width <= room
		})
		placeText(label, pad, s.Height)
		chevron.Resize(fyne.NewSquareSize(side))
		chevron.Move(fyne.NewPos(s.Width-pad-side+3, middle(s.Height, side)))
	}
	r.refresh = func() {
		color, hover := theme.Text, fyne.ThemeColorName("")
		if d.Disabled() {
			color = theme.Disabled
		} else if d.hovered {
			hover = theme.Hover
		}
		paint(back, controlFill(d.Disabled()), theme.Edge)
		paint(over, hover, "")
		ring.show(d.focused)
		r.layout(d.Size())
		setText(label, label.Text, color)
		theme.SetIcon(chevron, "chevron-down", color)
	}
	r.refresh()
	return r
}

// Combo is a field for free text with a list of suggestions.
type Combo struct {
	widget.BaseWidget
	// OnChanged is called with the text when the user chose or ended typing it.
	OnChanged func(string)

	field *Field
	open  *ToolButton
	list  []string
	value string
}

// NewCombo returns an empty field without suggestions.
func NewCombo(placeholder string) *Combo {
	c := &Combo{field: NewField()}
	c.field.PlaceHolder = placeholder
	c.field.trailing = 20
	c.field.OnEnded = c.set
	c.open = NewToolButton("chevron-down", "", c.show).Small()
	c.field.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyDown {
			c.show()
		}
		return e.Name == fyne.KeyDown
	}
	c.ExtendBaseWidget(c)
	return c
}

func (c *Combo) show() {
	options := make([]Option, len(c.list))
	for i, s := range c.list {
		options[i] = Option{s, s}
	}
	openList(c, options, c.value, func(s string) {
		c.field.SetText(s)
		c.set(s)
	})
}

func (c *Combo) set(s string) {
	if s != c.value {
		c.value = s
		if c.OnChanged != nil {
			c.OnChanged(s)
		}
	}
}

// SetSuggestions replaces the list.
func (c *Combo) SetSuggestions(list []string) {
	c.list = list
	c.open.Hidden = len(list) == 0
	c.open.Refresh()
}

// SetTip sets the tooltip.
func (c *Combo) SetTip(s string) { c.field.SetTip(s) }

// Text returns the text.
func (c *Combo) Text() string { return c.field.Text }

// SetText changes the text.
func (c *Combo) SetText(s string) {
	c.value = s
	if c.field.Text != s {
		c.field.SetText(s)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Combo) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	c.open.Hidden = len(c.list) == 0
	r := &renderer{objects: []fyne.CanvasObject{c.field, c.open}}
	r.min = func() fyne.Size { return fyne.NewSize(64, theme.ControlHeight) }
	r.layout = func(s fyne.Size) {
		c.field.Resize(s)
		c.open.Resize(fyne.NewSize(24, s.Height))
		c.open.Move(fyne.NewPos(s.Width-24, 0))
	}
	r.refresh = func() {
		c.field.Refresh()
		c.open.Refresh()
	}
	return r
}
