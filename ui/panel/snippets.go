package panel

import (
	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// snippets is the button beside the prompt's label that inserts a saved prompt, and saves the
// current one.
type snippets struct {
	p      *SidePanel
	button *widgets.ToolButton
	list   []settings.Snippet
}

func newSnippets(p *SidePanel) *snippets {
	s := &snippets{p: p}
	s.button = widgets.NewToolButton("list", text.T("panel.snippets.tip"), func() { popUp(s.menu(), s.button) }).Side(22)
	s.button.Hide() // disabled until a callback is set
	return s
}

func (s *snippets) set(list []settings.Snippet) {
	s.list = list
	s.button.Show()
}

// menu lists the saved prompts, which are appended to the current one.
func (s *snippets) menu() *fyne.Menu {
	var items []*fyne.MenuItem
	for _, one := range s.list {
		items = append(items, fyne.NewMenuItem(plain.Line(one.Name, earlierChars), func() { s.p.addToPrompt(one.Prompt) }))
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	save := fyne.NewMenuItem(text.T("panel.snippets.save"), func() { call(s.p.OnSaveSnippet, s.p.Prompt()) })
	save.Disabled = s.p.Prompt() == ""
	edit := fyne.NewMenuItem(text.T("panel.snippets.edit"), func() { run(s.p.OnEditSnippets) })
	edit.Disabled = len(s.list) == 0
	return fyne.NewMenu("", append(items, save, edit)...)
}
