package dialogs

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// nameWords is how many words of a prompt are suggested as its name.
const nameWords = 4

// AskSnippet asks for the name under which to save a prompt. An empty name saves nothing.
func AskSnippet(w fyne.Window, prompt string, keep func(name string)) {
	field := widgets.NewField()
	words := strings.Fields(prompt)
	field.SetText(strings.Join(words[:min(len(words), nameWords)], " "))
	s := newSheet(w, text.T("dialog.snippet"), small, widgets.Labeled(widgets.NewLabel(text.T("dialog.snippet.name")), field), field,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.save"), do: func() { keep(field.Text) }})
	field.OnSubmit = s.press
}

// EditSnippets shows the saved prompts, to rename, change and delete them. done is called with
// those that are left.
func EditSnippets(w fyne.Window, list []settings.Snippet, done func([]settings.Snippet)) {
	list = slices.Clone(list)
	rows := widgets.Column(theme.Gap)
	var sheet *sheet
	var build func()
	build = func() {
		rows.RemoveAll()
		for i := range list {
			rows.Add(snippetRow(&list[i], func() {
				list = slices.Delete(list, i, i+1)
				build()
				sheet.fit()
			}))
		}
		rows.Refresh()
	}
	build()
	body := widgets.NewScroll(rows)
	body.SetMinSize(fyne.NewSize(0, min(rows.MinSize().Height, w.Canvas().Size().Height-220)))
	sheet = newSheet(w, text.T("dialog.snippets"), wide, body, nil,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.save"), do: func() { done(list) }})
}

// snippetRow shows one saved prompt, whose fields are changed as the user types.
func snippetRow(one *settings.Snippet, remove func()) fyne.CanvasObject {
	name, prompt := widgets.NewField(), widgets.NewField()
	name.SetText(one.Name)
	prompt.SetText(one.Prompt)
	name.OnChanged = func(s string) { one.Name = s }
	prompt.OnChanged = func(s string) { one.Prompt = s }
	cross := widgets.NewToolButton("trash", text.T("dialog.snippets.delete"), remove).Small()
	return container.NewBorder(nil, nil, widgets.Sized(140, 0, name), widgets.Pad(0, 0, 0, theme.Gap, cross),
		widgets.Pad(0, 0, 0, theme.Gap, prompt))
}
