package dialogs

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// FindPrompt searches earlier prompts, the latest first. find returns those that match the
// typed words; pick is called with the chosen one.
func FindPrompt(w fyne.Window, find func(words string) []string, pick func(prompt string)) {
	found := find("")
	chosen := -1
	search := widgets.NewField()
	search.PlaceHolder = text.T("dialog.prompts.search")
	empty := widgets.NewLabel("").Align(fyne.TextAlignCenter)
	whole := widgets.NewLabel("").Wrap().MaxLines(3).Colored(theme.Text)
	var s *sheet
	prompts := newList(func() int { return len(found) },
		func() fyne.CanvasObject { return widgets.Pad(4, 8, 4, 8, widgets.NewText("").Cut()) },
		func(i int, o fyne.CanvasObject) {
			o.(*fyne.Container).Objects[0].(*widgets.Label).SetText(strings.Join(strings.Fields(found[i]), " "))
		}, func(i int) {
			chosen = i
			whole.SetText(found[i])
		})
	show := func() {
		prompts.UnselectAll()
		prompts.Refresh()
		chosen = -1
		whole.SetText("")
		empty.SetText("")
		if len(found) == 0 {
			empty.SetText(text.T("dialog.history.no_match"))
			s.safe().Disable()
			return
		}
		s.safe().Enable()
		prompts.Select(0)
	}
	search.OnChanged = func(words string) {
		found = find(words)
		show()
	}
	high := max(160, min(360, w.Canvas().Size().Height-330))
	body := widgets.Column(10, search,
		widgets.Sized(0, high, container.NewStack(widgets.NewSurface(theme.Window).Rounded(theme.Edge), widgets.Pad(2, 2, 2, 2, prompts), widgets.Column(0, nil, empty, nil))),
		widgets.Sized(0, 52, whole))
	s = newSheet(w, text.T("dialog.prompts"), wide, body, search,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.prompts.use"), do: func() {
			if chosen >= 0 && chosen < len(found) {
				pick(found[chosen])
			}
		}})
	search.OnSubmit = s.press
	show()
}
