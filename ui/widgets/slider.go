package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

const (
	knobSize   float32 = 14
	trackSize  float32 = 4
	sliderSize float32 = 104 // the width in the options bar

	// sliderPad is the room beside the track for the ring around the knob: Fyne clips what a
	// widget that can be scrolled draws around itself.
	sliderPad = ringRoom
)

// Slider picks a whole number from a range, evenly or logarithmically spread.
type Slider struct {
	widget.BaseWidget
	focus
	tip
	// OnChanged is called with each value while the knob moves, OnEnded with the last one.
	OnChanged func(float64)
	OnEnded   func(float64)

	low, high, value float64
	log              bool
	hovered          bool
	width            float32
}

// NewSlider returns a slider from low to high. A logarithmic one needs low > 0.
func NewSlider(low, high float64, logarithmic bool) *Slider {
	s := &Slider{low: low, high: high, value: low, log: logarithmic, width: sliderSize}
	s.self = s
	s.ExtendBaseWidget(s)
	return s
}

// Value returns the value.
func (s *Slider) Value() float64 { return s.value }

// SetValue moves the knob; what is out of the range goes to its end.
func (s *Slider) SetValue(v float64) {
	v = clamp(math.Round(v), s.low, s.high)
	if v != s.value {
		s.value = v
		s.Refresh()
	}
}

// fraction returns the knob's position, 0 to 1, of the value; valueAt is its inverse.
func (s *Slider) fraction() float64 {
	if s.log {
		return math.Log(s.value/s.low) / math.Log(s.high/s.low)
	}
	return (s.value - s.low) / (s.high - s.low)
}

func (s *Slider) valueAt(f float64) float64 {
	f = clamp(f, 0, 1)
	if s.log {
		return math.Round(s.low * math.Pow(s.high/s.low, f))
	}
	return math.Round(s.low + f*(s.high-s.low))
}

func (s *Slider) user(v float64) {
	before := s.value
	s.SetValue(v)
	if s.value != before && s.OnChanged != nil {
		s.OnChanged(s.value)
	}
}

func (s *Slider) ended() {
	if s.OnEnded != nil {
		s.OnEnded(s.value)
	}
}

func (s *Slider) to(x float32) {
	s.user(s.valueAt(float64((x - sliderPad - knobSize/2) / (s.Size().Width - 2*sliderPad - knobSize))))
}

// Tapped moves the knob to the pointer.
func (s *Slider) Tapped(e *fyne.PointEvent) {
	s.to(e.Position.X)
	s.ended()
}

// Dragged moves the knob with the pointer.
func (s *Slider) Dragged(e *fyne.DragEvent) {
	s.leave(s)
	s.to(e.Position.X)
}

// DragEnd ends a drag.
func (s *Slider) DragEnd() { s.ended() }

// Scrolled moves the knob by the wheel.
func (s *Slider) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY > 0:
		s.step(1)
	case e.Scrolled.DY < 0:
		s.step(-1)
	}
}

// step moves the knob by a fiftieth of its range, at least by one.
func (s *Slider) step(direction float64) {
	v := s.valueAt(s.fraction() + direction/50)
	if math.Abs(v-s.value) < 1 {
		v = s.value + direction
	}
	s.user(v)
	s.ended()
}

// TypedKey moves the knob by the arrow keys, Home and End.
func (s *Slider) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		s.step(-1)
	case fyne.KeyRight, fyne.KeyUp:
		s.step(1)
	case fyne.KeyHome:
		s.user(s.low)
		s.ended()
	case fyne.KeyEnd:
		s.user(s.high)
		s.ended()
	default:
		s.pass(e)
	}
}

// MouseIn implements desktop.Hoverable.
func (s *Slider) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.enter(s)
	s.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (s *Slider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Slider) MouseOut() {
	s.hovered = false
	s.leave(s)
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	track, filled, ring := canvas.NewRectangle(nil), canvas.NewRectangle(nil), newFocusRing()
	track.CornerRadius, filled.CornerRadius = trackSize/2, trackSize/2
	knob, glow := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	knob.CornerRadius, glow.CornerRadius, ring.CornerRadius = knobSize/2, knobSize/2+sliderPad, knobSize/2+ringRoom
	r := &renderer{objects: []fyne.CanvasObject{track, filled, glow, knob, ring.Rectangle}}
	r.min = func() fyne.Size { return fyne.NewSize(s.width, theme.ControlHeight) }
	r.layout = func(size fyne.Size) {
		y := middle(size.Height, trackSize)
		track.Resize(fyne.NewSize(size.Width-2*sliderPad, trackSize))
		track.Move(fyne.NewPos(sliderPad, y))
		x := sliderPad + float32(s.fraction())*(size.Width-2*sliderPad-knobSize)
		filled.Resize(fyne.NewSize(x-sliderPad+knobSize/2, trackSize))
		filled.Move(fyne.NewPos(sliderPad, y))
		at := fyne.NewPos(x, middle(size.Height, knobSize))
		knob.Resize(fyne.NewSquareSize(knobSize))
		knob.Move(at)
		glow.Resize(fyne.NewSquareSize(knobSize + 2*sliderPad))
		glow.Move(at.SubtractXY(sliderPad, sliderPad))
		ring.around(at, knob.Size())
	}
	r.refresh = func() {
		paint(track, theme.Track, "")
		paint(filled, theme.TrackFill, "")
		paint(knob, theme.Knob, "")
		hover := fyne.ThemeColorName("")
		if s.hovered {
			hover = theme.Hover
		}
		paint(glow, hover, "")
		ring.show(s.focused)
		r.layout(s.Size())
	}
	r.refresh()
	return r
}

// Range is a slider with its label before it and its number, which can be
// typed, behind it.
type Range struct {
	// OnChanged is called with each value, from the slider and from the field. OnEnded is
	// called after the last value of a drag, and after every other change.
	OnChanged func(float64)
	OnEnded   func()

	root   *fyne.Container
	slider *Slider
	field  *NumberField
	full   float32 // the slider's usual width
}

// NewRange returns a slider from low to high with the label and, behind the
// number, a unit ("%" or "").
func NewRange(label string, low, high float64, logarithmic bool, unit string) *Range {
	r := &Range{slider: NewSlider(low, high, logarithmic), field: NewNumberField(low, high, unit), full: sliderSize}
	r.slider.OnChanged = func(v float64) {
		r.field.SetValue(v)
		r.changed(v)
	}
	r.slider.OnEnded = func(float64) { r.ended() }
	r.field.OnChanged = func(v float64) {
		r.slider.SetValue(v)
		r.changed(v)
		r.ended()
	}
	r.root = Row(0, NewLabel(label), Sized(16, 1, NewSurface("")), r.slider,
		Sized(6, 1, NewSurface("")), r.field)
	r.SetValue(low)
	return r
}

func (r *Range) changed(v float64) {
	if r.OnChanged != nil {
		r.OnChanged(v)
	}
}

func (r *Range) ended() {
	if r.OnEnded != nil {
		r.OnEnded()
	}
}

// Narrow makes the slider shorter, for where much stands in a row, and returns it.
func (r *Range) Narrow() *Range {
	r.full = 60
	r.Shorten(0)
	return r
}

// Shorten makes the slider shorter than usual by an amount, where the row is too narrow. It
// stays usable.
func (r *Range) Shorten(by float32) { r.slider.width = max(40, r.full-by) }

// Object returns what is put into a container.
func (r *Range) Object() *fyne.Container { return r.root }

// SetTip sets the slider's tooltip.
func (r *Range) SetTip(s string) { r.slider.SetTip(s) }

// Value returns the value.
func (r *Range) Value() float64 { return r.slider.Value() }

// SetValue moves the knob and writes the number.
func (r *Range) SetValue(v float64) {
	r.slider.SetValue(v)
	r.field.SetValue(r.slider.Value())
}
