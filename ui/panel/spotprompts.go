package panel

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/widgets"
)

// spotPrompts are the fields for the prompts of several windows, numbered as their frames on
// the canvas.
type spotPrompts struct {
	root   *fyne.Container
	list   *fyne.Container
	fields []*widgets.Field
	panel  *SidePanel
}

func newSpotPrompts(p *SidePanel) *spotPrompts {
	s := &spotPrompts{list: widgets.Column(4), panel: p}
	s.root = widgets.Labeled(widgets.NewLabel(text.T("ui.spot_prompts")), s.list)
	s.root.Hide()
	return s
}

// set shows as many fields as there are prompts. A field that is being typed into keeps its
// text.
func (s *spotPrompts) set(prompts []string) {
	for len(s.fields) > len(prompts) {
		s.fields = s.fields[:len(s.fields)-1]
		s.list.Objects = s.list.Objects[:len(s.fields)]
	}
	for len(s.fields) < len(prompts) {
		s.add()
	}
	for n, prompt := range prompts {
		if f := s.fields[n]; f.Text != prompt {
			heard := f.OnChanged
			f.OnChanged = nil
			f.SetText(prompt)
			f.OnChanged = heard
		}
	}
	show(s.root, len(prompts) > 0)
	s.list.Refresh()
}

func (s *spotPrompts) add() {
	n, f := len(s.fields), widgets.NewField()
	f.SetPlaceHolder(text.T("ui.spot_prompts.placeholder"))
	f.OnChanged = func(prompt string) {
		if s.panel.OnSpotPrompt != nil {
			s.panel.OnSpotPrompt(n, prompt)
		}
	}
	f.OnSubmit = func() { run(s.panel.OnGenerate) }
	f.OnKey = func(e *fyne.KeyEvent) bool { // Enter alone spends nothing
		return e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
	}
	s.fields = append(s.fields, f)
	number := widgets.NewText(strconv.Itoa(n + 1))
	s.list.Add(container.NewBorder(nil, nil, widgets.Column(0, nil, widgets.Pad(0, 8, 0, 2, number), nil), nil, f))
}
