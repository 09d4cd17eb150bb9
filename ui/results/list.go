package results

import (
	"fmt"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// List is the list of results with its heading.
type List struct {
	do   Actions
	view View

	root     *fyne.Container
	heading  *widgets.Button
	eye      *widgets.ToolButton
	trash    *widgets.ToolButton
	scroll   *widgets.InnerScroll
	body     *fyne.Container
	rows     map[int64]*row
	order    []*row
	controls *controls
	unfolded *widgets.Surface // behind the chosen row and its controls
	mark     *widgets.Surface // where a dragged row would go

	dragged  *row
	to       int // where it would go
	tapped   int64
	when     time.Time
	now      func() time.Time
	renaming *row
}

// The measures of the list.
const (
	rowHigh  = float32(40)
	mostRows = 5 // that are visible beside the chosen one's controls
)

// New returns an empty list.
func New(do Actions) *List {
	l := &List{
		do: do, rows: map[int64]*row{}, now: time.Now,
		unfolded: widgets.NewSurface(theme.Selected).Rounded(""), mark: widgets.NewSurface(theme.Accent),
	}
	l.heading = widgets.NewButton("", "chevron-down", widgets.Quiet, func() {
		if l.do.Fold != nil {
			l.do.Fold(!l.view.Folded)
		}
	})
	l.controls = newControls(l)
	l.eye = widgets.NewToolButton("eye", "", func() {
		if l.do.ShowAll != nil {
			l.do.ShowAll(!l.view.anyVisible())
		}
	}).Side(24)
	l.trash = widgets.NewToolButton("trash", "", func() {
		if l.view.find(l.view.Chosen) != nil && l.do.Remove != nil {
			l.do.Remove(l.view.Chosen)
		}
	}).Side(24)
	l.mark.Hide()
	l.body = container.New(&bodyLayout{l})
	l.scroll = widgets.NewInnerScroll(l.body)
	head := widgets.Row(2, l.heading, nil, l.eye, l.trash)
	l.root = container.New(&rootLayout{l}, head, l.scroll)
	l.Set(View{})
	return l
}

// Object returns the list's root object. Its minimum height is that of a few rows; it scrolls
// where there are more.
func (l *List) Object() fyne.CanvasObject { return l.root }

// SetOuter sets the scroll container around the list.
func (l *List) SetOuter(outer fyne.Scrollable) { l.scroll.SetOuter(outer) }

// Height returns the height at which the list needs no scrolling.
func (l *List) Height() float32 {
	if l.view.Folded {
		return headHigh
	}
	return headHigh + l.body.MinSize().Height
}

const headHigh = float32(30) // with room for the focus ring of its buttons

// Set shows a view. Rows are reused by the results' IDs.
func (l *List) Set(v View) {
	before := l.view
	l.view = v
	l.heading.SetText(text.T("results.heading", "Count", len(v.Results)))
	icon, tip := "chevron-down", "results.fold"
	if v.Folded {
		icon, tip = "chevron-right", "results.unfold"
	}
	l.heading.SetIcon(icon)
	l.heading.SetTip(text.T(tip))
	if v.Folded {
		l.scroll.Hide()
	} else {
		l.scroll.Show()
	}
	l.showButtons()
	focused := slices.IndexFunc(l.order, func(r *row) bool { return r.Focused() })
	l.arrange()
	chosen := v.find(v.Chosen)
	if chosen != nil {
		l.controls.set(chosen)
	}
	l.controls.show(chosen != nil)
	l.unfolded.Hidden = chosen == nil
	l.body.Refresh()
	l.scroll.Refresh()
	l.keepFocus(focused)
	if v.Chosen != before.Chosen {
		l.reveal(v.Chosen)
	}
}

func (l *List) showButtons() {
	icon, tip := "eye", "results.hide_all"
	if !l.view.anyVisible() {
		icon, tip = "eye-off", "results.show_all"
	}
	l.eye.SetIcon(icon)
	l.eye.SetTip(text.T(tip))
	enable := func(b *widgets.ToolButton, on bool) {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	enable(l.eye, len(l.view.Results) > 0)
	enable(l.trash, l.view.find(l.view.Chosen) != nil)
	l.trash.SetTip(text.T("result.remove") + "  (" + text.T("result.remove.key") + ")")
	if l.view.find(l.view.Chosen) == nil {
		l.trash.SetTip(text.T("results.remove.none"))
	}
}

// arrange makes a row for each result, reuses existing ones, and puts all in their order.
func (l *List) arrange() {
	rows := map[int64]*row{}
	l.order = l.order[:0]
	objects := []fyne.CanvasObject{l.unfolded}
	for _, one := range l.view.Results {
		r := l.rows[one.ID]
		if r == nil {
			r = newRow(l)
		}
		rows[one.ID] = r
		r.set(one, one.ID == l.view.Chosen)
		l.order = append(l.order, r)
		objects = append(objects, r)
	}
	if l.renaming != nil && rows[l.renaming.result.ID] != l.renaming {
		l.renaming = nil
	}
	l.rows = rows
	l.body.Objects = append(append(objects, l.controls.objects()...), l.mark)
}

// reveal scrolls until a row with its controls is visible.
func (l *List) reveal(id int64) {
	r := l.rows[id]
	if r == nil || l.scroll.Size().Height <= 0 {
		return
	}
	l.revealRange(r.Position().Y, r.Position().Y+rowHigh+l.controls.height())
}

// revealRange scrolls until what lies between two heights is visible, or its beginning where
// there is no room for all of it.
func (l *List) revealRange(top, bottom float32) {
	at, room := l.scroll.Offset.Y, l.scroll.Size().Height
	switch {
	case top < at || bottom-top > room:
		at = top
	case bottom > at+room:
		at = bottom - room
	default:
		return
	}
	l.scroll.ScrollToOffset(fyne.NewPos(0, at))
}

// keepFocus moves the focus of a row that is gone to the one that has its index now, or is the
// last.
func (l *List) keepFocus(index int) {
	if index < 0 || slices.ContainsFunc(l.order, func(r *row) bool { return r.Focused() }) {
		return
	}
	c := canvasOf(l.root)
	switch {
	case c == nil:
	case len(l.order) == 0 || l.view.Folded:
		c.Unfocus()
	default:
		c.Focus(l.order[min(index, len(l.order)-1)])
	}
}

// moveFocus moves the focus from a row to another one, and reports whether the key does that.
func (l *List) moveFocus(r *row, key fyne.KeyName) bool {
	at := slices.Index(l.order, r)
	to := map[fyne.KeyName]int{fyne.KeyUp: at - 1, fyne.KeyDown: at + 1, fyne.KeyHome: 0, fyne.KeyEnd: len(l.order) - 1}
	index, ok := to[key]
	if !ok {
		return false
	}
	next := l.order[max(0, min(index, len(l.order)-1))]
	if c := canvasOf(r); c != nil {
		c.Focus(next)
	}
	l.revealRange(next.Position().Y, next.Position().Y+rowHigh)
	return true
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// tap chooses a result; the second of two clicks within a short time renames it.
func (l *List) tap(r *row) {
	now := l.now()
	double := r.result.ID == l.tapped && now.Sub(l.when) < widgets.DoubleClick
	l.tapped, l.when = r.result.ID, now
	if double {
		l.tapped = 0
		l.Rename(r.result.ID)
	} else if l.do.Choose != nil {
		l.do.Choose(r.result.ID)
	}
}

// Rename lets the user edit a result's name in its row.
func (l *List) Rename(id int64) {
	if r := l.rows[id]; r != nil {
		if l.renaming != nil {
			l.renaming.endName(false)
		}
		r.beginName()
	}
}

// dragTo shows where a row would go whose middle is at y.
func (l *List) dragTo(r *row, y float32) {
	l.dragged = r
	l.to = 0
	line := float32(0)
	for _, other := range l.order {
		if other == r {
			continue
		}
		middle := other.Position().Y + l.high(other)/2
		if y > middle {
			l.to++
			line = other.Position().Y + l.high(other)
		}
	}
	l.mark.Show()
	l.mark.Resize(fyne.NewSize(l.body.Size().Width, 2))
	l.mark.Move(fyne.NewPos(0, max(0, line-1)))
	l.mark.Refresh()
}

// high returns the height of a row, with its controls.
func (l *List) high(r *row) float32 {
	if r.chosen {
		return rowHigh + l.controls.height()
	}
	return rowHigh
}

// drop reports where the dragged row was dropped.
func (l *List) drop() {
	r := l.dragged
	l.dragged = nil
	l.mark.Hide()
	if r == nil || l.do.Move == nil {
		return
	}
	for i, other := range l.order {
		if other == r && i != l.to {
			l.do.Move(r.result.ID, l.to)
			return
		}
	}
}

func percent(opacity float64) string { return fmt.Sprintf("%d%%", int(math.Round(opacity*100))) }

// rootLayout has the heading above what scrolls.
type rootLayout struct{ l *List }

func (r *rootLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.SideMin-2*theme.PanelPadding, min(r.l.Height(), headHigh+mostRows*rowHigh+r.l.controls.height()))
}

func (r *rootLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width, headHigh))
	o[1].Move(fyne.NewPos(0, headHigh))
	o[1].Resize(fyne.NewSize(s.Width, max(0, s.Height-headHigh)))
}

// bodyLayout puts the rows below each other and the controls under the chosen one.
type bodyLayout struct{ l *List }

func (b *bodyLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	high := float32(len(b.l.order)) * rowHigh
	if b.l.view.find(b.l.view.Chosen) != nil {
		high += b.l.controls.height()
	}
	return fyne.NewSize(theme.SideMin-2*theme.PanelPadding, high)
}

func (b *bodyLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	l, y := b.l, float32(0)
	for _, r := range l.order {
		r.Move(fyne.NewPos(0, y))
		r.Resize(fyne.NewSize(s.Width, rowHigh))
		if r.chosen {
			l.unfolded.Move(fyne.NewPos(0, y))
			l.unfolded.Resize(fyne.NewSize(s.Width, l.high(r)))
			l.controls.place(y+rowHigh, s.Width)
		}
		y += l.high(r)
	}
}
