package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Style is the visual weight of a button.
type Style int

// The styles of buttons.
const (
	Normal   Style = iota // a control among others
	Outlined              // the one to press now, in the accent's outline
	Primary               // Generate alone: filled with the accent, higher
	Tall                  // like Normal, as high as Primary
	Quiet                 // text alone, such as "More options"
	Link                  // a sentence's "Again"
)

// Button is a button with a text, and perhaps an icon before it or a shortcut
// after it.
type Button struct {
	widget.DisableableWidget
	focus
	tip
	OnTapped func()

	label, shortcut string
	icon            string
	style           Style
	hovered         bool
	width           float32
}

// NewButton returns a button. icon is the name of one of our icons or "".
func NewButton(label, icon string, style Style, tapped func()) *Button {
	b := &Button{label: label, icon: icon, style: style, OnTapped: tapped}
	b.self = b
	b.ExtendBaseWidget(b)
	Track(b)
	return b
}

// ControlName is the label.
func (b *Button) ControlName() string { return b.label }

// SetText changes the label.
func (b *Button) SetText(s string) {
	if b.label != s {
		b.label = s
		b.Refresh()
	}
}

// Text returns the label.
func (b *Button) Text() string { return b.label }

// SetShortcut sets the keys that are shown after the label.
func (b *Button) SetShortcut(s string) {
	b.shortcut = s
	b.Refresh()
}

// SetIcon changes the icon.
func (b *Button) SetIcon(name string) {
	b.icon = name
	b.Refresh()
}

// Style returns the style.
func (b *Button) Style() Style { return b.style }

// SetStyle changes the style.
func (b *Button) SetStyle(s Style) {
	if b.style != s {
		b.style = s
		b.Refresh()
	}
}

// SetMinWidth makes the button at least w wide, for rows of equal buttons.
func (b *Button) SetMinWidth(w float32) { b.width = w }

// Tapped presses the button.
func (b *Button) Tapped(e *fyne.PointEvent) {
	b.leave(b)
	clickedOn(b, e)
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey presses the button with Enter.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	case fyne.KeySpace: // its character presses
	default:
		b.pass(e)
	}
}

// TypedRune presses the button with a space and passes other characters on. The key event
// comes before the character: if it pressed a button that closes its dialog, the space would
// be typed into the field focused next.
func (b *Button) TypedRune(r rune) {
	if r == ' ' {
		b.Tapped(nil)
		return
	}
	b.focus.TypedRune(r)
}

// MouseIn shows the button as touchable and arms its tooltip.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (b *Button) MouseOut() { b.hover(false) }

func (b *Button) hover(on bool) {
	b.hovered = on
	if on {
		b.enter(b)
	} else {
		b.leave(b)
	}
	b.Refresh()
}

type buttonColors struct{ fill, stroke, text fyne.ThemeColorName }

func (b *Button) colors() buttonColors {
	var c buttonColors
	switch b.style {
	case Outlined:
		c = buttonColors{theme.Control, theme.Accent, theme.AccentText}
	case Primary:
		c = buttonColors{theme.Accent, "", theme.OnAccent}
	case Quiet:
		c = buttonColors{"", "", theme.Secondary}
	case Link:
		c = buttonColors{"", "", theme.Text}
	default:
		c = buttonColors{theme.Control, theme.Edge, theme.Text}
	}
	if b.Disabled() {
		c.text = theme.Disabled
		if !b.flat() {
			c.fill, c.stroke = theme.Unusable, theme.Edge
		}
	}
	return c
}

func (b *Button) metrics() (height, pad, gap float32) {
	switch b.style {
	case Primary, Tall:
		return theme.GenerateHeight, 16, 8
	case Quiet, Link:
		return 20, 0, 3
	}
	return theme.ControlHeight, 12, 6
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	r := &buttonRenderer{
		b: b, back: box(), over: box(), ring: newFocusRing(), icon: canvas.NewImageFromResource(nil),
		label: text(b.label, theme.TextSize, theme.Text), keys: text(b.shortcut, theme.LabelSize, theme.OnAccent2),
	}
	r.Refresh()
	return r
}

// buttonRenderer draws a button: its icon, its label and its shortcut in a row.
type buttonRenderer struct {
	b           *Button
	back, over  *canvas.Rectangle // over lights up under the pointer
	ring        focusRing
	icon        *canvas.Image
	label, keys *canvas.Text
}

func (r *buttonRenderer) Destroy() {}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.over, r.ring.Rectangle, r.icon, r.label, r.keys}
}

// width is that of the row.
func (r *buttonRenderer) width() float32 {
	b := r.b
	_, _, gap := b.metrics()
	var w float32
	if b.label != "" {
		w = r.label.MinSize().Width
	}
	if b.icon != "" {
		w += b.iconSide()
		if b.label != "" {
			w += gap
		}
	}
	if b.shortcut != "" {
		w += gap + r.keys.MinSize().Width
	}
	return w
}

func (r *buttonRenderer) MinSize() fyne.Size {
	const side = 16
	h, pad, _ := r.b.metrics()
	if r.b.label == "" {
		pad = (h - side) / 2
	}
	return fyne.NewSize(max(r.b.width, r.width()+2*pad), h)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	b := r.b
	r.back.Resize(s)
	r.over.Resize(s)
	r.ring.around(fyne.Position{}, s)
	_, _, gap := b.metrics()
	x := middle(s.Width, r.width())
	if b.flat() {
		x = 0
	}
	if b.icon != "" {
		r.icon.Resize(fyne.NewSquareSize(b.iconSide()))
		r.icon.Move(fyne.NewPos(x, middle(s.Height, b.iconSide())))
		x += b.iconSide() + gap
	}
	placeText(r.label, x, s.Height)
	placeText(r.keys, x+r.label.MinSize().Width+gap, s.Height)
}

func (r *buttonRenderer) Refresh() {
	b := r.b
	c := b.colors()
	lit := b.hovered && !b.Disabled()
	paint(r.back, c.fill, c.stroke)
	hover := fyne.ThemeColorName("")
	if lit && !b.flat() {
		hover = theme.Hover
	}
	paint(r.over, hover, "")
	r.ring.show(b.focused)
	r.label.TextStyle.Bold = b.style == Primary && !b.Disabled()
	if b.flat() {
		r.label.TextSize = theme.LabelSize
	}
	if b.style == Link {
		r.label.TextStyle.Underline = true
	}
	color := c.text
	if lit && b.style == Quiet {
		color = theme.Text
	}
	setText(r.label, b.label, color)
	second := theme.OnAccent2
	if b.style != Primary || b.Disabled() {
		second = theme.Secondary
	}
	setText(r.keys, b.shortcut, second)
	r.icon.Hidden = b.icon == ""
	if b.icon != "" {
		theme.SetIcon(r.icon, b.icon, color)
	}
	r.Layout(b.Size())
}

// flat reports whether the button is text alone, without a box of its own.
func (b *Button) flat() bool { return b.style == Quiet || b.style == Link }

func (b *Button) iconSide() float32 {
	if b.style == Quiet {
		return 12
	}
	return 16
}
