package results

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// row is a result's line.
type row struct {
	widget.BaseWidget
	widgets.Focus
	l      *List
	result Result
	chosen bool

	hovered bool
	over    *widgets.Surface
	eye     *widgets.ToolButton
	thumb   *widgets.Picture
	name    *widgets.Label
	field   *widgets.Field
	opacity *widgets.Label
	typing  bool // the name was begun by a key, so that the focus returns to the row
	tips    widgets.TipOwner
}

const thumbSide = float32(32)

func newRow(l *List) *row {
	r := &row{
		l: l, over: widgets.NewSurface("").Rounded(""), thumb: widgets.NewPicture(thumbSide),
		name: widgets.NewText("").Cut(), field: widgets.NewField(), opacity: widgets.NewLabel("").Align(fyne.TextAlignTrailing),
	}
	r.eye = widgets.NewToolButton("eye", "", func() {
		if l.do.Show != nil {
			l.do.Show(r.result.ID, !r.result.Visible)
		}
	}).Side(28)
	r.field.OnEnded = func(string) { r.endName(true) }
	r.field.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyEscape {
			r.endName(false)
		}
		return e.Name == fyne.KeyEscape
	}
	r.field.Hide()
	r.SetWidget(r)
	r.ExtendBaseWidget(r)
	widgets.Track(r)
	return r
}

// ControlName is the result's name.
func (r *row) ControlName() string { return r.result.Name }

func (r *row) set(one Result, chosen bool) {
	if one == r.result && chosen == r.chosen {
		return
	}
	r.result, r.chosen = one, chosen
	r.Refresh()
}

// beginName replaces the name by a text field.
func (r *row) beginName() {
	r.l.renaming = r
	r.field.SetText(r.result.Name)
	r.name.Hide()
	r.field.Show()
	r.Refresh()
	if c := canvasOf(r); c != nil {
		r.typing = c.Focused() == fyne.Focusable(r)
		c.Focus(r.field)
		r.field.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// endName removes the text field, and reports the new name where keep is true.
func (r *row) endName(keep bool) {
	if r.l.renaming != r {
		return
	}
	r.l.renaming = nil
	r.field.Hide()
	r.name.Show()
	if c := canvasOf(r); c != nil && c.Focused() == fyne.Focusable(r.field) {
		c.Unfocus()
		if r.typing {
			c.Focus(r)
		}
	}
	r.Refresh()
	name := strings.TrimSpace(r.field.Text)
	if keep && name != "" && name != r.result.Name && r.l.do.Rename != nil {
		r.l.do.Rename(r.result.ID, name)
	}
}

// Tapped chooses the result.
func (r *row) Tapped(*fyne.PointEvent) {
	r.tips.Leave(r)
	r.l.tap(r)
}

// TypedKey chooses the result, renames or removes it, asks for its menu, or moves the focus to
// another row.
func (r *row) TypedKey(e *fyne.KeyEvent) {
	switch {
	case widgets.MenuKey(e):
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r)
		r.TappedSecondary(&fyne.PointEvent{AbsolutePosition: at.AddXY(thumbSide, rowHigh-theme.Gap)})
	case e.Name == fyne.KeyReturn, e.Name == fyne.KeyEnter, e.Name == fyne.KeySpace:
		if r.l.do.Choose != nil {
			r.l.do.Choose(r.result.ID)
		}
	case e.Name == fyne.KeyF2:
		r.l.Rename(r.result.ID)
	case e.Name == fyne.KeyDelete:
		if r.l.do.Remove != nil {
			r.l.do.Remove(r.result.ID)
		}
	case !r.l.moveFocus(r, e.Name):
		r.PassKey(e)
	}
}

// TappedSecondary asks for the result's menu.
func (r *row) TappedSecondary(e *fyne.PointEvent) {
	r.tips.Leave(r)
	if r.l.do.Menu != nil {
		r.l.do.Menu(r.result.ID, e.AbsolutePosition)
	}
}

// Dragged shows where the row would go.
func (r *row) Dragged(e *fyne.DragEvent) {
	r.tips.Leave(r)
	r.l.dragTo(r, r.Position().Y+e.Position.Y)
}

// DragEnd puts it there.
func (r *row) DragEnd() { r.l.drop() }

// MouseIn implements desktop.Hoverable.
func (r *row) MouseIn(*desktop.MouseEvent) {
	r.hovered = true
	r.tips.SetTip(text.T("results.row.tip"))
	r.tips.Enter(r)
	r.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (r *row) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *row) MouseOut() {
	r.hovered = false
	r.tips.Leave(r)
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	rr := &rowRenderer{r, widgets.NewFocusRing()}
	rr.Refresh()
	return rr
}

type rowRenderer struct {
	r    *row
	ring widgets.FocusRing
}

func (rr *rowRenderer) Destroy() {}

func (rr *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(160, rowHigh) }

func (rr *rowRenderer) Objects() []fyne.CanvasObject {
	r := rr.r
	return []fyne.CanvasObject{r.over, r.eye, r.thumb, r.name, r.field, r.opacity, rr.ring.Rectangle}
}

func (rr *rowRenderer) Layout(s fyne.Size) {
	r := rr.r
	place := func(o fyne.CanvasObject, x, w, h float32) {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
	}
	const opacity = float32(40)
	place(r.over, 0, s.Width, s.Height)
	rr.ring.Within(s)
	place(r.eye, 2, 28, 28)
	place(r.thumb, 32, thumbSide, thumbSide)
	left := 32 + thumbSide + theme.Gap
	room := max(0, s.Width-left-opacity-2*theme.Gap)
	place(r.name, left, room, 20)
	place(r.field, left-6, room+6, theme.ControlHeight)
	place(r.opacity, s.Width-opacity-theme.Gap, opacity, 20)
}

func (rr *rowRenderer) Refresh() {
	r := rr.r
	icon, tip := "eye", "results.hide"
	colour := theme.Text
	if !r.result.Visible {
		icon, tip, colour = "eye-off", "results.show", theme.Secondary
	}
	r.eye.SetIcon(icon)
	r.eye.SetTip(text.T(tip))
	r.thumb.SetImage(r.result.Thumbnail)
	r.name.SetText(r.result.Name)
	r.name.Colored(colour)
	r.opacity.SetText(percent(r.result.Opacity))
	hover := fyne.ThemeColorName("")
	if r.hovered && !r.chosen {
		hover = theme.Hover
	}
	r.over.SetColors(hover, "")
	rr.ring.Set(r.Focused())
	r.opacity.Refresh()
	rr.Layout(r.Size())
	canvas.Refresh(r)
}
