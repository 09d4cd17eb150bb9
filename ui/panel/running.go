package panel

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// runningLine is the line above Generate that shows the edits under way, with a Cancel of its
// own and a thin bar below. While nothing runs it says why Generate can't be pressed, with a
// button where something can be done about it, or is empty; its height never changes.
type runningLine struct {
	on     bool
	root   *fyne.Container
	dot    *widgets.Surface
	stage  *widgets.Label
	cancel *widgets.Button
	bar    *widgets.Progress
	line   *fyne.Container
	reason *widgets.Label
	remedy *widgets.Button
	why    *fyne.Container // reason and remedy
}

func newRunningLine(cancel, remedy func()) *runningLine {
	r := &runningLine{
		dot: widgets.NewSurface(theme.Accent).Dot(), stage: widgets.NewLabel("").Cut(),
		cancel: widgets.NewButton(text.T("ui.cancel"), "", widgets.Normal, cancel), bar: widgets.NewProgress(),
		reason: widgets.NewLabel("").Wrap().MaxLines(2), remedy: widgets.NewButton("", "", widgets.Link, remedy),
	}
	dot := widgets.Row(0, widgets.Sized(8, 8, r.dot))
	head := container.NewBorder(nil, nil, widgets.Pad(0, theme.Gap, 0, 0, dot), widgets.Pad(0, 0, 0, theme.Gap, r.cancel),
		widgets.Column(0, nil, r.stage, nil))
	r.line = widgets.Column(6, head, r.bar)
	high := theme.ControlHeight + 6 + 3
	r.why = widgets.Column(0, r.reason, widgets.Row(0, r.remedy))
	r.root = container.New(&fixedLayout{high}, r.line, r.why)
	r.set(false)
	return r
}

func (r *runningLine) set(on bool) {
	switch {
	case on && !r.on:
		r.bar.SetFraction(-1)
	case !on:
		r.bar.SetFraction(0)
	}
	r.on = on
	show(r.line, on)
	show(r.why, !on)
	r.root.Refresh()
}

func (r *runningLine) progress(fraction float64, sentence string) {
	r.bar.SetFraction(fraction)
	r.stage.SetText(sentence)
}

func (r *runningLine) say(reason, remedy string) {
	lines := 2
	if remedy != "" {
		lines = 1
	}
	r.reason.MaxLines(lines).SetText(reason)
	r.remedy.SetText(remedy)
	show(r.remedy, remedy != "")
	r.root.Refresh()
}

// fixedLayout stacks a line and a text at the bottom, in a height that depends on neither.
type fixedLayout struct{ high float32 }

func (l *fixedLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, l.high) }

func (l *fixedLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	o[1].Resize(s) // breaks its lines
	high := o[1].MinSize().Height
	o[1].Move(fyne.NewPos(0, max(0, s.Height-high)))
}

// RunningSentence says how many edits run and wait, and how long the first one has run.
func RunningSentence(running, waiting int, elapsed time.Duration) string {
	s := text.N("panel.running", running)
	switch {
	case running == 0:
		s = text.N("panel.waiting", waiting)
	case waiting > 0:
		s = text.T("panel.both", "Running", running, "Waiting", waiting)
	}
	return s + clock(elapsed)
}

// TileSentence says which tile is being made, of how many, and how long it has run.
func TileSentence(tile, of int, elapsed time.Duration) string {
	return text.T("panel.tile", "Number", tile, "Count", of) + clock(elapsed)
}

// clock returns an elapsed time to append to a sentence; "" within the first second.
func clock(elapsed time.Duration) string {
	seconds := int(elapsed / time.Second)
	if seconds < 1 {
		return ""
	}
	return fmt.Sprintf(" · %d:%02d", seconds/60, seconds%60)
}

// PriceSentence says how many variants, or tiles of one, Generate requests and what they cost,
// as "about $0.16"; "" where that is unknown.
func PriceSentence(count int, tiles bool, price string) string {
	s := text.N("panel.price.variants", count)
	if tiles {
		s = text.N("ui.send.tiles", count)
	}
	if price != "" {
		s += " · " + price
	}
	return s
}
