package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Segmented shows a few options side by side, one of them selected.
type Segmented struct {
	widget.DisableableWidget
	focus
	tip
	// OnChanged is called with the ID that the user chose.
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

// MouseIn implements desktop.Hoverable.
func (s *Segmented) MouseIn(e *desktop.MouseEvent) {
	s.enter(s)
	s.MouseMoved(e)
}

// MouseMoved implements desktop.Hoverable.
func (s *Segmented) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.X); i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (s *Segmented) MouseOut() {
	s.hovered = -1
	s.leave(s)
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	back, border, ring := box(), box(), newFocusRing()
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
		paint(back, controlFill(s.Disabled()), "")
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
	// OnChanged is called with the number that the user chose.
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

// MouseIn implements desktop.Hoverable.
func (s *Stepper) MouseIn(e *desktop.MouseEvent) {
	s.enter(s)
	s.MouseMoved(e)
}

// MouseMoved implements desktop.Hoverable.
func (s *Stepper) MouseMoved(e *desktop.MouseEvent) {
	if at := s.side(e.Position.X); at != s.hovered {
		s.hovered = at
		s.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (s *Stepper) MouseOut() {
	s.hovered = 0
	s.leave(s)
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Stepper) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	back, over, ring := box(), box(), newFocusRing()
	minus, plus := canvas.NewImageFromResource(nil), canvas.NewImageFromResource(nil)
	number := text("", theme.TextSize, theme.Text)
	const side = float32(12)
	r := &renderer{objects: []fyne.CanvasObject{back, over, ring.Rectangle, minus, plus, number}}
	r.min = func() fyne.Size { return fyne.NewSize(96, theme.ControlHeight) }
	r.layout = func(size fyne.Size) {
		back.Resize(size)
		ring.within(size)
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
		theme.SetIcon(img, name, color)
	}
	r.refresh = func() {
		paint(back, controlFill(s.Disabled()), theme.Edge)
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
