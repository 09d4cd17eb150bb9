package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Progress is a thin bar.
type Progress struct {
	widget.BaseWidget
	fraction float64
	place    func() // puts the bar's piece where it belongs; nil before it is drawn
}

// NewProgress returns an empty bar.
func NewProgress() *Progress {
	p := &Progress{}
	p.ExtendBaseWidget(p)
	return p
}

// SetFraction sets the progress, 0 to 1. A negative number means unknown: a piece of the bar
// then moves to and fro, which repaints the window six times a second, even where the bar is
// hidden, until another number is set.
func (p *Progress) SetFraction(f float64) {
	if p.fraction != f {
		p.fraction = f
		p.roam(f < 0)
		p.Refresh()
	}
}

// Fraction returns what SetFraction was given.
func (p *Progress) Fraction() float64 { return p.fraction }

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	track, bar := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	track.CornerRadius, bar.CornerRadius = 1.5, 1.5
	r := &renderer{objects: []fyne.CanvasObject{track, bar}}
	r.min = func() fyne.Size { return fyne.NewSize(24, 3) }
	r.layout = func(s fyne.Size) {
		track.Resize(fyne.NewSize(s.Width, 3))
		if p.fraction < 0 {
			piece := s.Width / 3
			bar.Resize(fyne.NewSize(piece, 3))
			bar.Move(fyne.NewPos((s.Width-piece)*float32(roaming.step)/roamSteps, 0))
			return
		}
		bar.Move(fyne.Position{})
		bar.Resize(fyne.NewSize(s.Width*float32(min(1, p.fraction)), 3))
	}
	p.place = func() { r.layout(p.Size()) }
	r.refresh = func() {
		paint(track, theme.Track, "")
		paint(bar, theme.Accent, "")
		p.place()
	}
	r.refresh()
	return r
}

// The time and number of steps from one end to the other; there are few, since each repaints
// the whole window, which is expensive without a graphics card.
const (
	roamTime  = 1600 * time.Millisecond
	roamSteps = 10
)

// roaming moves the pieces of all bars in step. It is used on Fyne's goroutine.
var roaming struct {
	bars      map[*Progress]bool
	animation *fyne.Animation // nil while there are no bars
	step      int             // 0 to roamSteps
}

// roam starts or stops moving a bar's piece. Where the desktop disables animations the piece
// stays in the middle.
func (p *Progress) roam(on bool) {
	r := &roaming
	switch {
	case !on:
		delete(r.bars, p)
		if len(r.bars) == 0 && r.animation != nil {
			r.animation.Stop()
			r.animation = nil
		}
	case !fyne.CurrentApp().Settings().ShowAnimations():
		r.step = roamSteps / 2
	default:
		if r.bars == nil {
			r.bars = map[*Progress]bool{}
		}
		r.bars[p] = true
		if r.animation == nil {
			r.animation = &fyne.Animation{
				Duration: roamTime, AutoReverse: true, RepeatCount: fyne.AnimationRepeatForever,
				Curve: fyne.AnimationLinear, Tick: roamTo,
			}
			r.animation.Start()
		}
	}
}

// roamTo moves all pieces to a fraction of their way.
func roamTo(part float32) {
	step := int(part*roamSteps + 0.5)
	if step == roaming.step {
		return
	}
	roaming.step = step
	for p := range roaming.bars {
		if p.place != nil {
			p.place()
		}
	}
}
