package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint/ui/theme"
)

// Option is one of several things to choose from.
type Option struct {
	// ID is what the program knows it by, Text what the person reads.
	ID, Text string
}

// Dropdown shows the chosen one of several options and opens the list.
type Dropdown struct {
	widget.DisableableWidget
	focus
	tip
	// OnChanged hears the ID that the person chose.
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
	return d
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
		items[i] = fyne.NewMenuItem(o.Text, func() { choose(o.ID) })
		items[i].Checked = o.ID == selected
	}
	m := widget.NewPopUpMenu(fyne.NewMenu("", items...), c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under)
	m.ShowAtPosition(at.AddXY(0, under.Size().Height+2))
	m.Resize(fyne.NewSize(max(under.Size().Width, m.MinSize().Width), m.MinSize().Height))
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

// TypedRune passes all but a space on.
func (d *Dropdown) TypedRune(r rune) {
	if r != ' ' {
		d.focus.TypedRune(r)
	}
}

// MouseIn is for Fyne.
func (d *Dropdown) MouseIn(*desktop.MouseEvent) {
	d.hovered = true
	d.enter(d)
	d.Refresh()
}

// MouseMoved is for Fyne.
func (d *Dropdown) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (d *Dropdown) MouseOut() {
	d.hovered = false
	d.leave(d)
	d.Refresh()
}

// CreateRenderer is for Fyne.
func (d *Dropdown) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	back, over, ring := box(), box(), newRing()
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
		label.Text = shortened(d.text(), func(t string) bool {
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
		paint(back, theme.Control, theme.Edge)
		paint(over, hover, "")
		ring.show(d.focused)
		r.layout(d.Size())
		setText(label, label.Text, color)
		chevron.Resource = theme.Icon("chevron-down", color)
		chevron.Refresh()
	}
	r.refresh()
	return r
}

// Combo is a field for free text with a list of suggestions.
type Combo struct {
	widget.BaseWidget
	// OnChanged hears the text when the person chose or ended typing it.
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

// CreateRenderer is for Fyne.
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

// Segmented shows a few options side by side, one of them selected.
type Segmented struct {
	widget.DisableableWidget
	focus
	tip
	// OnChanged hears the ID that the person chose.
	OnChanged func(id string)

	options  []Option
	selected int
	hovered  int
}

// NewSegmented returns a control with options; the first is selected.
func NewSegmented(options ...Option) *Segmented {
	s := &Segmented{options: options, hovered: -1}
	s.self = s
	s.ExtendBaseWidget(s)
	return s
}

// Selected returns the ID of the selected option.
func (s *Segmented) Selected() string { return s.options[s.selected].ID }

// Select chooses an option by its ID.
func (s *Segmented) Select(id string) {
	for i, o := range s.options {
		if o.ID == id && i != s.selected {
			s.selected = i
			s.Refresh()
		}
	}
}

func (s *Segmented) choose(i int) {
	if s.Disabled() || i < 0 || i >= len(s.options) || i == s.selected {
		return
	}
	s.selected = i
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(s.options[i].ID)
	}
}

func (s *Segmented) widths() []float32 {
	w := make([]float32, len(s.options))
	for i, o := range s.options {
		w[i] = fyne.MeasureText(o.Text, theme.TextSize, fyne.TextStyle{}).Width + 21
	}
	return w
}

func (s *Segmented) at(x float32) int {
	for i, w := range s.widths() {
		if x < w {
			return i
		}
		x -= w
	}
	return len(s.options) - 1
}

// Tapped chooses what is under the pointer.
func (s *Segmented) Tapped(e *fyne.PointEvent) { s.choose(s.at(e.Position.X)) }

// TypedKey chooses by the arrow keys.
func (s *Segmented) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.choose(s.selected - 1)
	case fyne.KeyRight:
		s.choose(s.selected + 1)
	default:
		s.pass(e)
	}
}

// MouseIn is for Fyne.
func (s *Segmented) MouseIn(e *desktop.MouseEvent) {
	s.enter(s)
	s.MouseMoved(e)
}

// MouseMoved is for Fyne.
func (s *Segmented) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.X); i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}

// MouseOut is for Fyne.
func (s *Segmented) MouseOut() {
	s.hovered = -1
	s.leave(s)
	s.Refresh()
}

// CreateRenderer is for Fyne.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	back, border, ring := box(), box(), newRing()
	n := len(s.options)
	r := &renderer{objects: []fyne.CanvasObject{back}}
	fills := make([]*canvas.Rectangle, n)
	labels := make([]*canvas.Text, n)
	for i := range s.options {
		fills[i] = canvas.NewRectangle(nil)
		labels[i] = text(s.options[i].Text, theme.TextSize, theme.Text)
		r.objects = append(r.objects, fills[i], labels[i])
	}
	fills[0].TopLeftCornerRadius, fills[0].BottomLeftCornerRadius = theme.Radius, theme.Radius
	fills[n-1].TopRightCornerRadius, fills[n-1].BottomRightCornerRadius = theme.Radius, theme.Radius
	r.objects = append(r.objects, border, ring.Rectangle)
	r.min = func() fyne.Size {
		var sum float32
		for _, w := range s.widths() {
			sum += w
		}
		return fyne.NewSize(sum, theme.ControlHeight)
	}
	r.layout = func(size fyne.Size) {
		back.Resize(size)
		border.Resize(size)
		ring.around(fyne.Position{}, size)
		x := float32(0)
		for i, w := range s.widths() {
			fills[i].Move(fyne.NewPos(x, 0))
			fills[i].Resize(fyne.NewSize(w, size.Height))
			placeText(labels[i], x+middle(w, labels[i].MinSize().Width), size.Height)
			x += w
		}
	}
	r.refresh = func() {
		paint(back, theme.Control, "")
		for i := range fills {
			fill, color := fyne.ThemeColorName(""), theme.Text
			switch {
			case s.Disabled():
				color = theme.Disabled
			case i == s.selected:
				fill, color = theme.Selected, theme.Accent
			case i == s.hovered:
				fill = theme.Hover
			}
			paint(fills[i], fill, "")
			setText(labels[i], s.options[i].Text, color)
		}
		paint(border, "", theme.Edge)
		ring.show(s.focused)
		r.layout(s.Size())
	}
	r.refresh()
	return r
}

// Stepper picks a small whole number with a minus and a plus.
type Stepper struct {
	widget.DisableableWidget
	focus
	tip
	// OnChanged hears the number that the person chose.
	OnChanged func(int)

	low, high, value int
	hovered          int // -1 minus, 1 plus, 0 neither
}

// NewStepper returns a stepper from low to high.
func NewStepper(low, high int) *Stepper {
	s := &Stepper{low: low, high: high, value: low}
	s.self = s
	s.ExtendBaseWidget(s)
	return s
}

// Value returns the number.
func (s *Stepper) Value() int { return s.value }

// SetRange changes the range; the number is brought into it.
func (s *Stepper) SetRange(low, high int) {
	s.low, s.high = low, high
	s.SetValue(s.value)
}

// SetValue changes the number; what is out of the range goes to its end.
func (s *Stepper) SetValue(v int) {
	s.value = max(s.low, min(s.high, v))
	s.Refresh()
}

func (s *Stepper) user(v int) {
	before := s.value
	s.SetValue(v)
	if s.value != before && s.OnChanged != nil {
		s.OnChanged(s.value)
	}
}

const stepWidth float32 = 28

func (s *Stepper) side(x float32) int {
	switch {
	case x < stepWidth:
		return -1
	case x > s.Size().Width-stepWidth:
		return 1
	}
	return 0
}

// Tapped steps down or up.
func (s *Stepper) Tapped(e *fyne.PointEvent) {
	if !s.Disabled() {
		s.user(s.value + s.side(e.Position.X))
	}
}

// Scrolled steps by the wheel.
func (s *Stepper) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case s.Disabled():
	case e.Scrolled.DY > 0:
		s.user(s.value + 1)
	case e.Scrolled.DY < 0:
		s.user(s.value - 1)
	}
}

// TypedKey steps by the arrow keys.
func (s *Stepper) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp, fyne.KeyRight:
		s.user(s.value + 1)
	case fyne.KeyDown, fyne.KeyLeft:
		s.user(s.value - 1)
	default:
		if len(e.Name) != 1 || e.Name < "0" || e.Name > "9" {
			s.pass(e)
		}
	}
}

// TypedRune takes a digit as the number, or as its second digit where that fits.
func (s *Stepper) TypedRune(r rune) {
	if r < '0' || r > '9' {
		s.focus.TypedRune(r)
		return
	}
	v := int(r - '0')
	if both := s.value*10 + v; both <= s.high {
		v = both
	}
	s.user(v)
}

// MouseIn is for Fyne.
func (s *Stepper) MouseIn(e *desktop.MouseEvent) {
	s.enter(s)
	s.MouseMoved(e)
}

// MouseMoved is for Fyne.
func (s *Stepper) MouseMoved(e *desktop.MouseEvent) {
	if at := s.side(e.Position.X); at != s.hovered {
		s.hovered = at
		s.Refresh()
	}
}

// MouseOut is for Fyne.
func (s *Stepper) MouseOut() {
	s.hovered = 0
	s.leave(s)
	s.Refresh()
}

// CreateRenderer is for Fyne.
func (s *Stepper) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	back, over, ring := box(), box(), newRing()
	minus, plus := canvas.NewImageFromResource(nil), canvas.NewImageFromResource(nil)
	number := text("", theme.TextSize, theme.Text)
	const side = float32(12)
	r := &renderer{objects: []fyne.CanvasObject{back, over, ring.Rectangle, minus, plus, number}}
	r.min = func() fyne.Size { return fyne.NewSize(96, theme.ControlHeight) }
	r.layout = func(size fyne.Size) {
		back.Resize(size)
		ring.around(fyne.Position{}, size)
		over.Resize(fyne.NewSize(stepWidth, size.Height))
		over.Move(fyne.Position{})
		if s.hovered > 0 {
			over.Move(fyne.NewPos(size.Width-stepWidth, 0))
		}
		y := middle(size.Height, side)
		minus.Resize(fyne.NewSquareSize(side))
		minus.Move(fyne.NewPos(8, y))
		plus.Resize(fyne.NewSquareSize(side))
		plus.Move(fyne.NewPos(size.Width-8-side, y))
		placeText(number, middle(size.Width, number.MinSize().Width), size.Height)
	}
	glyph := func(img *canvas.Image, name string, usable bool) {
		color := theme.Text
		if !usable || s.Disabled() {
			color = theme.Disabled
		}
		img.Resource = theme.Icon(name, color)
		img.Refresh()
	}
	r.refresh = func() {
		paint(back, theme.Control, theme.Edge)
		hover := fyne.ThemeColorName("")
		if s.hovered != 0 && !s.Disabled() {
			hover = theme.Hover
		}
		paint(over, hover, "")
		ring.show(s.focused)
		glyph(minus, "minus", s.value > s.low)
		glyph(plus, "plus", s.value < s.high)
		color := theme.Text
		if s.Disabled() {
			color = theme.Disabled
		}
		setText(number, strconv.Itoa(s.value), color)
		r.layout(s.Size())
	}
	r.refresh()
	return r
}
