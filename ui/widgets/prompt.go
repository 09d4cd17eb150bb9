package widgets

import (
	"fmt"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"overpaint.dev/overpaint/ui/theme"
)

// Prompt is a field of several lines with a counter in its corner, which turns
// into a warning when the text is longer than the limit. The text is never cut.
type Prompt struct {
	Field
	// OnTyped is called with each change that the user made.
	OnTyped func(string)

	limit   int
	counter *canvas.Text
}

// NewPrompt returns an empty field that shows placeholder until it is typed into.
func NewPrompt(placeholder string) *Prompt {
	p := &Prompt{counter: text("", theme.SmallSize, theme.Secondary)}
	p.MultiLine = true
	p.Entry.Wrapping = fyne.TextWrapWord
	p.PlaceHolder = placeholder
	p.below = 20
	p.min = fyne.NewSize(120, 84)
	p.ExtendBaseWidget(p)
	p.OnChanged = func(s string) {
		p.count()
		if p.OnTyped != nil {
			p.OnTyped(s)
		}
	}
	p.count()
	return p
}

// SetLimit sets how many characters (Unicode code points) are allowed; 0 is no limit.
func (p *Prompt) SetLimit(n int) {
	p.limit = n
	p.count()
	p.Refresh()
}

// Over reports whether the text is longer than the limit.
func (p *Prompt) Over() bool { return p.limit > 0 && utf8.RuneCountInString(p.Text) > p.limit }

// Set changes the text without calling OnTyped.
func (p *Prompt) Set(s string) {
	if s == p.Text {
		return
	}
	heard := p.OnTyped
	p.OnTyped = nil
	p.SetText(s)
	p.OnTyped = heard
}

// Counter returns the counter's text.
func (p *Prompt) Counter() string { return p.counter.Text }

func (p *Prompt) count() {
	n := utf8.RuneCountInString(p.Text)
	s, c := fmt.Sprintf("%d / %d", n, p.limit), theme.Secondary
	if p.limit == 0 {
		s = fmt.Sprint(n)
	}
	if p.Over() {
		c = theme.Warning
	}
	p.counter.TextStyle.Bold = p.Over()
	setText(p.counter, s, c)
	p.placeCounter(p.Size())
}

func (p *Prompt) placeCounter(s fyne.Size) {
	min := p.counter.MinSize()
	p.counter.Resize(min)
	p.counter.Move(fyne.NewPos(s.Width-min.Width-9, s.Height-min.Height-6))
}

// CreateRenderer implements fyne.Widget.
func (p *Prompt) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	return &promptRenderer{p.Field.CreateRenderer().(*fieldRenderer), p}
}

type promptRenderer struct {
	*fieldRenderer
	p *Prompt
}

func (r *promptRenderer) Objects() []fyne.CanvasObject {
	return append(r.fieldRenderer.Objects(), r.p.counter)
}

func (r *promptRenderer) Layout(s fyne.Size) {
	r.fieldRenderer.Layout(s)
	r.p.placeCounter(s)
}

func (r *promptRenderer) Refresh() {
	r.fieldRenderer.Refresh()
	r.p.count()
}
