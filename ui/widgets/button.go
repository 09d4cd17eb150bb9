package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint/ui/theme"
)

// Style is how much a button asks to be pressed.
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

// TypedRune presses the button with a space and passes the rest on. The key
// itself comes first: had it pressed a button that closes its dialog, the space
// would be typed into the field that has the focus then.
func (b *Button) TypedRune(r rune) {
	if r == ' ' {
		b.Tapped(nil)
		return
	}
	b.focus.TypedRune(r)
}

// MouseIn shows the button as touchable and arms its tooltip.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hover(true) }

// MouseMoved is for Fyne.
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
		switch b.style {
		case Primary: // it says why it can't be pressed, and must be readable
			c.fill, c.stroke, c.text = theme.Control, theme.Edge, theme.Secondary
		case Outlined:
			c.stroke = theme.Edge
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

// CreateRenderer is for Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	back, over, ring := box(), box(), newFocusRing()
	label := text(b.label, theme.TextSize, theme.Text)
	keys := text(b.shortcut, theme.LabelSize, theme.OnAccent2)
	icon := canvas.NewImageFromResource(nil)
	r := &renderer{objects: []fyne.CanvasObject{back, over, ring.Rectangle, icon, label, keys}}

	const side = 16
	width := func() float32 {
		_, _, gap := b.metrics()
		var w float32
		if b.label != "" {
			w = label.MinSize().Width
		}
		if b.icon != "" {
			w += b.iconSide()
			if b.label != "" {
				w += gap
			}
		}
		if b.shortcut != "" {
			w += gap + keys.MinSize().Width
		}
		return w
	}
	r.min = func() fyne.Size {
		h, pad, _ := b.metrics()
		if b.label == "" {
			pad = (h - side) / 2
		}
		return fyne.NewSize(max(b.width, width()+2*pad), h)
	}
	r.layout = func(s fyne.Size) {
		back.Resize(s)
		over.Resize(s)
		ring.around(fyne.Position{}, s)
		_, _, gap := b.metrics()
		x := middle(s.Width, width())
		if b.style == Quiet || b.style == Link {
			x = 0
		}
		if b.icon != "" {
			icon.Resize(fyne.NewSquareSize(b.iconSide()))
			icon.Move(fyne.NewPos(x, middle(s.Height, b.iconSide())))
			x += b.iconSide() + gap
		}
		placeText(label, x, s.Height)
		placeText(keys, x+label.MinSize().Width+gap, s.Height)
	}
	r.refresh = func() {
		c := b.colors()
		paint(back, c.fill, c.stroke)
		hover := fyne.ThemeColorName("")
		if b.hovered && !b.Disabled() && b.style != Quiet && b.style != Link {
			hover = theme.Hover
		}
		paint(over, hover, "")
		ring.show(b.focused)
		label.TextStyle.Bold = b.style == Primary
		if b.style == Quiet {
			label.TextSize = theme.LabelSize
		}
		if b.style == Link {
			label.TextSize = theme.LabelSize
			label.TextStyle.Underline = true
		}
		color := c.text
		if b.style == Quiet && b.hovered && !b.Disabled() {
			color = theme.Text
		}
		setText(label, b.label, color)
		second := theme.OnAccent2
		if b.style != Primary || b.Disabled() {
			second = theme.Secondary
		}
		setText(keys, b.shortcut, second)
		icon.Hidden = b.icon == ""
		if b.icon != "" {
			theme.SetIcon(icon, b.icon, color)
		}
		r.layout(b.Size())
	}
	r.refresh()
	return r
}

func (b *Button) iconSide() float32 {
	if b.style == Quiet {
		return 12
	}
	return 16
}
