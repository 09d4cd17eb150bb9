package widgets

import (
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/theme"
)

// NumberField is a text field for a number. Its border is shown only under the pointer and
// with the focus.
type NumberField struct {
	Field
	// OnChanged is called with a number that the user typed or stepped to.
	OnChanged func(float64)
	// OnFault is called when what Fault returns has changed. It is for strict fields.
	OnFault func()

	low, high, value float64
	strict           bool
	setting          bool // the program writes the text
	fault            Fault
	fine             float64 // numbers below it have a decimal
	unit             string
}

// Fault is what is wrong with the text of a strict number field.
type Fault int

// The faults.
const (
	NoFault  Fault = iota
	NoNumber       // not a number, or one with decimals that the field doesn't take
	TooSmall       // less than the range
	TooLarge       // more than the range
)

// NewNumberField returns a field for numbers from low to high, shown with the unit.
func NewNumberField(low, high float64, unit string) *NumberField {
	n := &NumberField{low: low, high: high, unit: unit, value: low}
	n.bare = true
	n.Entry.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	n.ExtendBaseWidget(n)
	widest := fyne.MeasureText(n.format(high), theme.TextSize, fyne.TextStyle{}).Width
	n.min = fyne.NewSize(widest+18, theme.ControlHeight)
	n.OnEnded = n.typed
	n.OnKey = n.key
	n.Text = n.format(low)
	return n
}

// Bordered shows the field's border always and returns the field.
func (n *NumberField) Bordered() *NumberField {
	n.bare = false
	return n
}

// Strict makes the field follow the text while it is typed, and leave what is no number of its
// range as it was typed, with a Fault, instead of replacing it by one that is. It returns the
// field.
func (n *NumberField) Strict() *NumberField {
	n.strict = true
	n.Entry.OnChanged = func(s string) {
		if !n.setting {
			n.follow(s)
		}
	}
	return n
}

// Fault returns what is wrong with the text. Value is then the last number that was right.
func (n *NumberField) Fault() Fault { return n.fault }

// Range returns the smallest and the largest number that the field takes.
func (n *NumberField) Range() (low, high float64) { return n.low, n.high }

// Fine shows and takes numbers below a limit with one decimal, where they have one, and returns
// the field.
func (n *NumberField) Fine(below float64) *NumberField {
	n.fine = below
	return n
}

// SetHeight makes the field as high as the bar that it stands in.
func (n *NumberField) SetHeight(h float32) { n.min.Height = h }

// SetRange changes the range; the value is brought into it.
func (n *NumberField) SetRange(low, high float64) {
	n.low, n.high = low, high
	n.SetValue(n.value)
}

// Value returns the number.
func (n *NumberField) Value() float64 { return n.value }

// SetValue changes the number; what is out of the range goes to its end.
func (n *NumberField) SetValue(v float64) {
	n.value = clamp(n.Rounded(v), n.low, n.high)
	s := n.format(n.value)
	if now, ok := n.parse(n.Text); n.strict && ok && now == n.value && n.guard.focused {
		s = n.Text // it is being typed
	}
	if s != n.Text {
		n.setting = true
		n.SetText(s)
		n.setting = false
	}
	n.setFault(NoFault)
}

// Rounded returns a number as the field would show it.
func (n *NumberField) Rounded(v float64) float64 {
	if v < n.fine {
		return math.Round(10*v) / 10
	}
	return math.Round(v)
}

func (n *NumberField) format(v float64) string {
	return strconv.FormatFloat(n.Rounded(v), 'f', -1, 64) + n.unit
}

// parse reads a number with or without the unit.
func (n *NumberField) parse(s string) (float64, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), strings.TrimSpace(n.unit)))
	v, err := strconv.ParseFloat(s, 64)
	return v, !math.IsNaN(v) && (err == nil || math.IsInf(v, 0)) // infinite where it is too long
}

// follow takes the number from the text of a strict field, or its fault.
func (n *NumberField) follow(s string) {
	v, ok := n.parse(s)
	switch {
	case !ok, !math.IsInf(v, 0) && v != n.Rounded(v):
		n.setFault(NoNumber)
	case v < n.low:
		n.setFault(TooSmall)
	case v > n.high:
		n.setFault(TooLarge)
	default:
		n.user(v)
	}
}

func (n *NumberField) setFault(f Fault) {
	if f == n.fault {
		return
	}
	n.fault, n.wrong = f, f != NoFault
	n.Refresh()
	if n.OnFault != nil {
		n.OnFault()
	}
}

// typed takes the number from the text; what is none is put back, unless the field is strict.
func (n *NumberField) typed(s string) {
	v, ok := n.parse(s)
	switch {
	case n.strict && n.fault != NoFault:
	case !ok || math.IsInf(v, 0):
		n.SetValue(n.value)
	default:
		n.user(v)
	}
}

func (n *NumberField) user(v float64) {
	before := n.value
	n.SetValue(v)
	if n.value != before && n.OnChanged != nil {
		n.OnChanged(n.value)
	}
}

func (n *NumberField) key(e *fyne.KeyEvent) bool {
	if n.fault != NoFault && (e.Name == fyne.KeyUp || e.Name == fyne.KeyDown) {
		n.SetValue(n.value)
	}
	switch e.Name {
	case fyne.KeyUp:
		n.typed(n.Text)
		n.user(n.value + 1)
	case fyne.KeyDown:
		n.typed(n.Text)
		n.user(n.value - 1)
	default:
		return false
	}
	return true
}

// FocusGained selects the number, so that typing replaces it.
func (n *NumberField) FocusGained() {
	n.Field.FocusGained()
	n.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// MouseDown selects the number likewise where the field hadn't the focus, and places the cursor
// where it had.
func (n *NumberField) MouseDown(e *desktop.MouseEvent) {
	had := n.guard.focused
	n.Field.MouseDown(e)
	if !had && e.Button == desktop.MouseButtonPrimary {
		n.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}
