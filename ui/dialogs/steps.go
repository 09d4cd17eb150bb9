package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// ShowSteps lists the steps, the oldest first, to go back or forward to any of them. done is
// the index of the last step made; those after it were undone. goTo is called with the index
// of the chosen step, at once.
func ShowSteps(w fyne.Window, steps []string, done int, goTo func(int)) {
	var steplist *list
	choose := func(i int) {
		w.Canvas().Focus(steplist)
		steplist.Highlight(i)
		steplist.Select(i)
	}
	steplist = newList(func() int { return len(steps) }, newStepRow, func(i int, o fyne.CanvasObject) {
		color := theme.Text
		if i > done {
			color = theme.Secondary
		}
		r := o.(*stepRow)
		r.name.Colored(color).SetText(steps[i])
		r.click, r.menu = func() { choose(i) }, func(at fyne.Position) { steplist.menu(i, at) }
	}, func(i int) {
		if i == done {
			return
		}
		done = i
		steplist.Refresh()
		goTo(i)
	})
	steplist.menu = func(i int, at fyne.Position) {
		key := "dialog.steps.back"
		if i > done {
			key = "dialog.steps.forward"
		}
		to := fyne.NewMenuItem(text.T(key), func() { choose(i) })
		to.Disabled = i == done
		widgets.NewMenu(fyne.NewMenu("", to), w.Canvas()).ShowAtPosition(at)
	}
	high := min(max(200, 29*float32(len(steps))), w.Canvas().Size().Height-220)
	body := widgets.Column(10, widgets.NewLabel(text.T("dialog.steps.note")),
		container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(2, 2, 2, 2, widgets.Sized(0, high, steplist))))
	newSheet(w, text.T("dialog.steps"), small, body, steplist, action{label: text.T("dialog.close")})
	steplist.Select(done)
	steplist.Highlight(done)
	steplist.ScrollTo(done)
}

// stepRow is a line of the list.
type stepRow struct {
	widget.BaseWidget
	name  *widgets.Label
	click func()
	menu  func(at fyne.Position)
}

func newStepRow() fyne.CanvasObject {
	r := &stepRow{name: widgets.NewText("").Cut()}
	r.ExtendBaseWidget(r)
	widgets.Track(r)
	return r
}

// ControlName is the step's name.
func (r *stepRow) ControlName() string { return r.name.Text() }

// Tapped goes to the step.
func (r *stepRow) Tapped(*fyne.PointEvent) { r.click() }

// TappedSecondary opens the step's menu.
func (r *stepRow) TappedSecondary(e *fyne.PointEvent) { r.menu(e.AbsolutePosition) }

// CreateRenderer implements fyne.Widget.
func (r *stepRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.Pad(4, 8, 4, 8, r.name))
}
