package window

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/ui/compare"
	"overpaint.dev/overpaint/ui/overlay"
	"overpaint.dev/overpaint/ui/session"
)

// over is what lies over the canvas: notices at the lower left, the actions on the displayed
// variant at the lower right, and the divider and labels of a comparison.
type over struct {
	notices *overlay.Notices
	actions *overlay.Actions
	compare *compare.Overlay
	corners fyne.CanvasObject // notices and actions
	split   float64           // where the divider of a comparison is, 0 to 1
	second  bool              // the flicker shows the second picture
}

func newOver(w *Window) *over {
	o := &over{notices: overlay.NewNotices(), actions: overlay.NewActions(), compare: compare.New(), split: 0.5}
	s := w.session
	o.actions.OnCompare, o.actions.OnUse, o.actions.OnSave, o.actions.OnSaveAll = s.ToggleCompare, s.UseShown, s.SaveShown, s.SaveAll
	o.notices.OnAct, o.notices.OnDismiss = w.actNotice, s.Dismiss
	o.compare.OnMove = func(at float64, _ bool) {
		o.split = at
		w.surface.SetSplit(at)
		w.showSides()
	}
	o.corners = overlay.Corners(o.notices, o.actions)
	return o
}

// showOver shows the actions on the displayed variant.
func (w *Window) showOver() {
	now := w.session.Shown()
	card := session.Card{}
	if now.What == session.IsVariant {
		card = w.card(now.Variant)
	}
	ready, compared := card.State == session.CardReady, now.How != session.Alone
	state := overlay.State{Shown: (ready || compared) && !w.grid.Object().Visible(), Usable: ready, Compared: compared, Any: w.anyReady()}
	w.when("actions", state, func() { w.over.actions.Set(state) })
	w.showSides()
}

// anyReady reports whether some variant can be saved.
func (w *Window) anyReady() bool {
	for _, e := range w.session.Edits() {
		for _, c := range e.Cards {
			if c.State == session.CardReady {
				return true
			}
		}
	}
	return false
}

// ways maps the session's ways of comparing to the widget's.
var ways = map[session.How]compare.How{
	session.SliderVertical: compare.Vertical, session.SliderHorizontal: compare.Horizontal,
	session.SideBySide: compare.SideBySide, session.Flicker: compare.Flicker,
}

// showSides labels the pictures of a comparison.
func (w *Window) showSides() {
	v := w.session.View()
	view := compare.View{How: ways[v.How], At: w.over.split, Left: v.LeftLabel.String(), Right: v.Label.String(), Second: w.over.second}
	w.when("sides", view, func() { w.over.compare.Set(view) })
}

func setVisible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
