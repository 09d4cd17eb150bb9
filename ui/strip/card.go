package strip

import (
	"cmp"
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// State is how far a card's variant has come.
type State int

// The states of a card. A Queued one's job has not been started.
const (
	Working State = iota
	Ready
	Failed
	Queued
)

// Card is what one card shows. ID names it for ever: cards are never found by
// their place.
type Card struct {
	ID    string
	Label string // the number in the corner
	State State
	// Image is the variant's thumbnail, or a partial picture while it is
	// Working. About theme.CardSize units large, in device pixels.
	Image image.Image
	// Fraction is how far a Working one is, 0 to 1, or negative where nobody can tell.
	Fraction float64
	// Sentence says what a Working one is doing, if that is more than working,
	// or why a Failed one failed. That is its tooltip; what stands on the card
	// is Short, a few words, where there are any.
	Sentence, Short string
	// Final hides "Again" on a Failed one, where asking again makes no sense.
	Final bool
	// Behind offers "Next" on a Queued one: others come before it.
	Behind bool
}

// view is a card on the screen.
type view struct {
	widget.BaseWidget
	card     Card
	selected bool
	hovered  bool
	onCross  bool

	tapped, again, next, discard func(id string)
	tips                         widgets.TipOwner
}

func newView(c Card) *view {
	v := &view{card: c}
	v.ExtendBaseWidget(v)
	return v
}

func (v *view) set(c Card) {
	v.card = c
	v.Refresh()
}

func (v *view) setSelected(on bool) {
	if v.selected != on {
		v.selected = on
		v.Refresh()
	}
}

const (
	cross   float32 = 20 // the square in the corner that discards
	outline float32 = 3  // how far the outline of the chosen one stands out
)

func (v *view) inCross(p fyne.Position) bool {
	return v.discard != nil && p.X > theme.CardSize-cross-2 && p.Y < cross+2
}

// action is the label at the card's foot that can be pressed, "" for none, and
// what it does.
func (v *view) action() (label string, do func(id string)) {
	switch {
	case v.card.State == Failed && !v.card.Final:
		return text.T("ui.card.again"), v.again
	case v.card.State == Queued && v.card.Behind:
		return text.T("ui.card.next"), v.next
	}
	return "", nil
}

func (v *view) inAction(p fyne.Position) bool { return p.Y > theme.CardSize-28 }

// Tapped shows the variant, asks again, moves it to the front or discards it.
func (v *view) Tapped(e *fyne.PointEvent) {
	v.tips.Leave(v)
	f := v.tapped
	switch {
	case v.inCross(e.Position):
		f = v.discard
	case v.inAction(e.Position):
		if _, do := v.action(); do != nil {
			f = do
		}
	}
	if f != nil {
		f(v.card.ID)
	}
}

func (v *view) tip() string {
	if v.card.State == Failed {
		return v.card.Sentence
	}
	if v.card.ID == Original {
		return text.T("ui.card.original_tip") + "  (Tab)"
	}
	if v.card.State == Ready {
		return text.T("ui.card.tip") + "  (" + v.card.Label + ")"
	}
	if v.card.State == Queued {
		return text.T("ui.card.queued_tip")
	}
	return v.card.Sentence
}

// MouseIn shows the cross and arms the tooltip.
func (v *view) MouseIn(e *desktop.MouseEvent) {
	v.hovered = true
	v.tips.SetTip(v.tip())
	v.tips.Enter(v)
	v.onCross = v.inCross(e.Position)
	v.Refresh()
}

// MouseMoved is for Fyne.
func (v *view) MouseMoved(e *desktop.MouseEvent) {
	if on := v.inCross(e.Position); on != v.onCross {
		v.onCross = on
		v.Refresh()
	}
}

// MouseOut ends what MouseIn began.
func (v *view) MouseOut() {
	v.hovered, v.onCross = false, false
	v.tips.Leave(v)
	v.Refresh()
}

// Cursor is a hand over a card that has something to press at its foot.
func (v *view) Cursor() desktop.Cursor {
	if label, _ := v.action(); label != "" {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// CreateRenderer is for Fyne.
func (v *view) CreateRenderer() fyne.WidgetRenderer {
	v.ExtendBaseWidget(v)
	r := &cardRenderer{
		v: v, back: round(theme.Radius), ring: round(theme.Radius + 2), badge: round(4), over: round(theme.Radius),
		crossBack: round(4), picture: canvas.NewImageFromImage(nil), number: canvas.NewText("", nil),
		cross: canvas.NewImageFromResource(nil), working: widgets.NewLabel("").Align(fyne.TextAlignCenter).Wrap().MaxLines(4),
		sentence: widgets.NewLabel("").Sized(theme.SmallSize).Colored(theme.Text).Wrap().MaxLines(3),
		action:   widgets.NewLabel("").Colored(theme.Accent), bar: widgets.NewProgress(),
	}
	r.picture.FillMode, r.picture.ScaleMode = canvas.ImageFillCover, canvas.ImageScaleFastest
	r.picture.CornerRadius = theme.Radius - 1
	r.Refresh()
	return r
}

func round(radius float32) *canvas.Rectangle {
	b := canvas.NewRectangle(color.Transparent)
	b.CornerRadius = radius
	return b
}

type cardRenderer struct {
	v                                  *view
	back, ring, badge, over, crossBack *canvas.Rectangle
	picture, cross                     *canvas.Image
	number                             *canvas.Text
	working, sentence, action          *widgets.Label
	bar                                *widgets.Progress
}

func (r *cardRenderer) Destroy() { r.bar.SetFraction(0) }

func (r *cardRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.back, r.picture, r.over, r.working, r.bar, r.sentence, r.action,
		r.badge, r.number, r.crossBack, r.cross}
}

func (r *cardRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(theme.CardSize) }

func (r *cardRenderer) Layout(s fyne.Size) {
	full := fyne.NewSquareSize(theme.CardSize)
	for _, o := range []fyne.CanvasObject{r.back, r.picture, r.over} {
		o.Resize(full)
	}
	r.ring.Resize(full.AddWidthHeight(2*outline, 2*outline))
	r.ring.Move(fyne.NewPos(-outline, -outline))
	const pad = float32(13)
	wide := theme.CardSize - 2*pad
	r.working.Resize(fyne.NewSize(theme.CardSize-12, 40))
	// A sentence of several lines grows upwards: the bar is below it.
	r.working.Move(fyne.NewPos(6, min(44, 74-r.working.MinSize().Height)))
	r.bar.Resize(fyne.NewSize(wide, 3))
	r.bar.Move(fyne.NewPos(pad, 80))
	r.sentence.Resize(fyne.NewSize(theme.CardSize-16, 48))
	r.sentence.Move(fyne.NewPos(8, 25)) // below the cross
	r.action.Resize(r.action.MinSize())
	r.action.Move(fyne.NewPos(8, theme.CardSize-24))
	min := r.number.MinSize()
	r.badge.Resize(fyne.NewSize(min.Width+10, 17))
	r.badge.Move(fyne.NewPos(6, 5))
	r.number.Resize(min)
	r.number.Move(fyne.NewPos(11, 5+float32(int((17-min.Height)/2))))
	r.crossBack.Resize(fyne.NewSquareSize(cross - 3))
	r.crossBack.Move(fyne.NewPos(theme.CardSize-cross-2, 5))
	r.cross.Resize(fyne.NewSquareSize(11))
	r.cross.Move(fyne.NewPos(theme.CardSize-cross+1, 8))
}

func (r *cardRenderer) Refresh() {
	v, c := r.v, r.v.card
	r.back.FillColor = theme.Color(theme.Control)
	r.back.StrokeColor, r.back.StrokeWidth = theme.Color(theme.Edge), 1
	r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(theme.Accent), 2
	r.ring.Hidden = !v.selected
	if r.picture.Image != c.Image {
		r.picture.Image = c.Image
		r.picture.Refresh()
	}
	r.picture.Hidden = c.Image == nil || c.State == Failed
	r.over.Hidden = !(v.hovered && !v.selected && !r.picture.Hidden)
	r.over.FillColor = theme.Color(theme.Hover)

	working := c.State == Working
	r.working.Hidden = c.Image != nil || !working && c.State != Queued
	r.bar.Hidden = !working
	if !r.working.Hidden {
		r.working.SetText(workingText(c))
	}
	fraction := 0.0
	if working {
		fraction = c.Fraction
	}
	r.bar.SetFraction(fraction)
	r.sentence.Hidden = c.State != Failed
	label, _ := v.action()
	r.action.Hidden = label == ""
	r.action.SetText(label)
	if c.State == Failed {
		r.sentence.SetText(cmp.Or(c.Short, c.Sentence))
	}

	r.number.Text, r.number.TextSize, r.number.Color = c.Label, theme.SmallSize, theme.Color(theme.OnBadge)
	r.badge.FillColor = theme.Color(theme.Badge)
	r.badge.Hidden = r.picture.Hidden || c.Label == ""
	r.number.Hidden = r.badge.Hidden
	r.cross.Hidden = !v.hovered || v.discard == nil
	r.crossBack.Hidden = r.cross.Hidden
	r.crossBack.FillColor = theme.Color(theme.Badge)
	if v.onCross {
		r.crossBack.FillColor = theme.Color(theme.OnAccent)
	}
	r.cross.Resource = theme.Icon("close", theme.OnBadge)
	r.cross.Refresh()
	for _, o := range []fyne.CanvasObject{r.working, r.sentence, r.action, r.bar} {
		o.Refresh()
	}
	r.Layout(v.Size())
	canvas.Refresh(v)
}

func workingText(c Card) string {
	switch {
	case c.State == Queued:
		return text.T("ui.card.queued")
	case c.Sentence != "":
		return c.Sentence
	case c.Fraction < 0:
		return text.T("ui.card.waiting")
	}
	return text.T("ui.card.working", "Percent", fmt.Sprintf("%.0f", c.Fraction*100))
}
