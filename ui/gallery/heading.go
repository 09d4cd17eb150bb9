package gallery

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// heading is the line above a group.
type heading struct {
	widget.BaseWidget
	g      *Gallery
	edit   Edit
	prompt *widgets.Label
	status *widgets.Label
	long   string // the status with the service's name
	short  string // and without, where there is no room for that
	first  *widgets.Button
	cancel *widgets.ToolButton
	tips   widgets.TipOwner
}

func newHeading(g *Gallery) *heading {
	h := &heading{g: g, prompt: widgets.NewLabel("").Colored(theme.Text).Cut(), status: widgets.NewLabel("").Cut()}
	h.first = widgets.NewButton(text.T("ui.card.next"), "", widgets.Link, func() { h.leave(h.first, g.do.First) })
	h.first.SetTip(text.T("gallery.first.tip"))
	h.cancel = widgets.NewToolButton("close", text.T("gallery.cancel.tip"), func() { h.leave(h.cancel, g.do.Cancel) }).Side(headHigh)
	h.ExtendBaseWidget(h)
	return h
}

// leave runs an action after which another edit may take this one's place, so that a double
// click doesn't hit that one.
func (h *heading) leave(pressed fyne.CanvasObject, do func(id int64)) {
	widgets.TakenAway(pressed)
	tell(do, h.edit.ID)
}

func (h *heading) set(e *Edit) {
	if sameHeading(&h.edit, e) {
		return
	}
	h.edit = *e
	h.g.redrawn++
	h.prompt.SetText(text.T("gallery.prompt", "Prompt", e.Prompt))
	if e.Prompt == "" {
		h.prompt.SetText(text.T("gallery.no_prompt"))
	}
	h.long = status(e)
	brief := *e
	brief.Service = ""
	h.short = status(&brief)
	h.status.SetText(h.long)
	h.first.Hidden, h.cancel.Hidden = !e.Behind, !e.Cancellable
	h.Refresh()
}

// status returns what is said of an edit beside its prompt.
func status(e *Edit) string {
	parts := []string{e.Service}
	if e.State == Running && e.Elapsed >= time.Second {
		parts = append(parts, Clock(e.Elapsed))
	}
	if e.State != Running && e.Cost != "" {
		parts = append(parts, e.Cost)
	}
	if e.Cancelled && e.State != Waiting && e.State != Running {
		parts = append(parts, text.T("gallery.cancelled"))
	}
	switch {
	case e.State == Waiting:
		parts = append(parts, text.T("gallery.waiting"))
	case e.State == Running:
		parts = append(parts, text.T("gallery.working"))
	case len(e.Used) > 0:
		list := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(e.Used)), ", "), "[]")
		parts = append(parts, text.T("gallery.used", "Numbers", list))
	case len(e.Failed) > 0 && len(e.Cards) == 0:
		parts = append(parts, text.T("gallery.failed"))
	}
	var shown []string
	for _, p := range parts {
		if p != "" {
			shown = append(shown, p)
		}
	}
	return strings.Join(shown, " · ")
}

// Clock returns a duration as minutes and seconds, with hours where there are any.
func Clock(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// TappedSecondary opens the edit's menu.
func (h *heading) TappedSecondary(e *fyne.PointEvent) {
	if h.g.do.Menu != nil {
		h.g.do.Menu(ID{h.edit.ID, Heading}, e.AbsolutePosition)
	}
}

// MouseIn arms the tooltip, which has the whole line.
func (h *heading) MouseIn(*desktop.MouseEvent) {
	h.tips.SetTip(h.prompt.Text() + "  " + h.long)
	h.tips.Enter(h)
}

// MouseMoved implements desktop.Hoverable.
func (h *heading) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (h *heading) MouseOut() { h.tips.Leave(h) }

// CreateRenderer implements fyne.Widget.
func (h *heading) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	return &headingRenderer{h}
}

type headingRenderer struct{ h *heading }

func (r *headingRenderer) Destroy() {}

func (r *headingRenderer) MinSize() fyne.Size { return fyne.NewSize(groupLeast, headHigh) }

func (r *headingRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.prompt, r.h.status, r.h.first, r.h.cancel}
}

// Layout gives the prompt the room that it needs as far as the rest allows, and at least two
// fifths. Time and cost take precedence over the service's name, which is also in the tooltip.
func (r *headingRenderer) Layout(s fyne.Size) {
	h := r.h
	width := func(s string) float32 {
		return fyne.MeasureText(s, theme.LabelSize, fyne.TextStyle{}).Width + 1
	}
	room := s.Width
	for _, o := range []fyne.CanvasObject{h.cancel, h.first} {
		if o.Visible() {
			room -= o.MinSize().Width + theme.Gap
		}
	}
	least := min(width(h.prompt.Text()), room*2/5)
	h.status.SetText(h.long)
	if h.short != "" && least+theme.Gap+width(h.long) > room {
		h.status.SetText(h.short)
	}
	prompt := min(width(h.prompt.Text()), max(least, room-theme.Gap-width(h.status.Text())))
	place := func(o fyne.CanvasObject, x, w float32) float32 {
		high := o.MinSize().Height
		o.Resize(fyne.NewSize(w, high))
		o.Move(fyne.NewPos(x, float32(int((s.Height-high)/2))))
		return x + w + theme.Gap
	}
	x := place(h.prompt, 0, prompt)
	x = place(h.status, x, max(0, min(width(h.status.Text()), room-x)))
	if h.first.Visible() {
		x = place(h.first, x, h.first.MinSize().Width)
	}
	place(h.cancel, x, headHigh)
}

func (r *headingRenderer) Refresh() {
	r.Layout(r.h.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
	canvas.Refresh(r.h)
}
