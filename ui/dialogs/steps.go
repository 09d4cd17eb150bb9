package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// ShowSteps lists the steps, the oldest first, to go back or forward to any of them. done is
// the index of the last step made; those after it were undone. goTo is called with the index
// of the chosen step, at once.
func ShowSteps(w fyne.Window, steps []string, done int, goTo func(int)) {
	var steplist *list
	steplist = newList(func() int { return len(steps) },
		func() fyne.CanvasObject { return widgets.Pad(4, 8, 4, 8, widgets.NewText("").Cut()) },
		func(i int, o fyne.CanvasObject) {
			color := theme.Text
			if i > done {
				color = theme.Secondary
			}
			o.(*fyne.Container).Objects[0].(*widgets.Label).Colored(color).SetText(steps[i])
		}, func(i int) {
			if i == done {
				return
			}
			done = i
			steplist.Refresh()
			goTo(i)
		})
	high := min(max(200, 29*float32(len(steps))), w.Canvas().Size().Height-220)
	body := widgets.Column(10, widgets.NewLabel(text.T("dialog.steps.note")),
		container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(2, 2, 2, 2, widgets.Sized(0, high, steplist))))
	newSheet(w, text.T("dialog.steps"), small, body, steplist, action{label: text.T("dialog.close")})
	steplist.Select(done)
	steplist.Highlight(done)
	steplist.ScrollTo(done)
}
