package widgets

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/ui/theme"
)

// tipDelay is how long the pointer rests before a tooltip shows.
const tipDelay = 600 * time.Millisecond

// Tips shows tooltips over a window's content. They are plain objects in a
// layer of their own, so that they never take a click or the focus.
type Tips struct {
	content bool // of the window itself, below all dialogs
	canvas  fyne.Canvas
	layer   *fyne.Container
	back    *canvas.Rectangle
	text    *Label

	owner fyne.CanvasObject
	stop  func()
	after func(time.Duration, func()) (stop func())
}

// tipLayers holds the layers of each canvas: that of its window first, then those of the
// dialogs over it. It is used on Fyne's goroutine.
var tipLayers = map[fyne.Canvas][]*Tips{}

// WithTips returns content with a layer for tooltips above it, and one that takes stray
// clicks, to be set as the content of the window with the canvas c.
func WithTips(c fyne.Canvas, content fyne.CanvasObject) fyne.CanvasObject {
	t := newTips(c)
	t.content = true
	switch list := tipLayers[c]; {
	case len(list) > 0 && list[0].content: // the window has other content now
		list[0].hide()
		list[0] = t
	default:
		tipLayers[c] = slices.Insert(list, 0, t)
	}
	return container.NewStack(content, newShield(c, content), t.layer)
}

func newTips(c fyne.Canvas) *Tips {
	t := &Tips{canvas: c, back: box(), text: NewLabel("").Colored(theme.Text), after: afterOnFyne}
	t.layer = container.NewWithoutLayout(t.back, t.text)
	t.setVisible(false)
	return t
}

// TipsAbove is WithTips for what lies over the window's content, such as a dialog, until
// closed is called.
func TipsAbove(c fyne.Canvas, content fyne.CanvasObject) (o fyne.CanvasObject, closed func()) {
	if below := topTips(c); below != nil {
		below.hide()
	}
	t := newTips(c)
	tipLayers[c] = append(tipLayers[c], t)
	return container.NewStack(content, newShield(c, content), t.layer), func() {
		t.hide()
		tipLayers[c] = slices.DeleteFunc(tipLayers[c], func(other *Tips) bool { return other == t })
	}
}

func topTips(c fyne.Canvas) *Tips {
	if layers := tipLayers[c]; len(layers) > 0 {
		return layers[len(layers)-1]
	}
	return nil
}

func afterOnFyne(d time.Duration, f func()) func() {
	timer := time.AfterFunc(d, func() { fyne.Do(f) })
	return func() { timer.Stop() }
}

func tipsFor(o fyne.CanvasObject) *Tips { return topTips(canvasOf(o)) }

// tip is what a widget embeds to have a tooltip.
type tip struct{ text string }

// SetTip sets the tooltip; an empty one is none. It says what the control does
// and carries its shortcut.
func (t *tip) SetTip(s string) { t.text = s }

// Tip returns the tooltip.
func (t *tip) Tip() string { return t.text }

// TipOwner is embedded by widgets outside this package that have a tooltip: they call Enter
// when the pointer enters and Leave when it leaves or presses.
type TipOwner struct{ tip }

// Enter arms the tooltip of owner.
func (t *TipOwner) Enter(owner fyne.CanvasObject) { t.enter(owner) }

// Leave hides the tooltip of owner.
func (t *TipOwner) Leave(owner fyne.CanvasObject) { t.leave(owner) }

func (t *tip) enter(owner fyne.CanvasObject) {
	if layer := tipsFor(owner); layer != nil && t.text != "" {
		layer.arm(owner, t.text)
	}
}

func (t *tip) leave(owner fyne.CanvasObject) {
	if layer := tipsFor(owner); layer != nil && layer.owner == owner {
		layer.hide()
	}
}

func (t *Tips) arm(owner fyne.CanvasObject, s string) {
	t.hide()
	t.owner = owner
	t.stop = t.after(tipDelay, func() {
		if t.owner == owner {
			t.show(s)
		}
	})
}

func (t *Tips) hide() {
	if t.stop != nil {
		t.stop()
	}
	t.owner, t.stop = nil, nil
	if t.visible() {
		t.setVisible(false)
	}
}

// setVisible hides the objects and not their layer, which Fyne would otherwise
// not know how to draw again.
func (t *Tips) setVisible(on bool) {
	t.back.Hidden, t.text.Hidden = !on, !on
	t.layer.Refresh()
}

func (t *Tips) visible() bool { return !t.back.Hidden }

// show places the tooltip under its owner, or above or beside it where the
// window ends. A dialog's may stand out of the dialog.
func (t *Tips) show(s string) {
	t.text.SetText(s)
	size := t.text.MinSize().AddWidthHeight(16, 10)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.owner)
	own, room := t.owner.Size(), t.canvas.Size()
	pos := at.AddXY(0, own.Height+6)
	if at.X < 8 { // the rail: beside its button
		pos = at.AddXY(own.Width+10, middle(own.Height, size.Height))
	}
	if pos.Y+size.Height > room.Height-4 {
		pos.Y = at.Y - size.Height - 6
	}
	pos.X = max(4, min(pos.X, room.Width-size.Width-4))
	pos = pos.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(t.layer))
	paint(t.back, "menuBackground", theme.Edge)
	t.back.Move(pos)
	t.back.Resize(size)
	t.text.Move(pos.AddXY(8, 5))
	t.text.Resize(t.text.MinSize())
	t.setVisible(true)
}
