package panel

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// previews returns the control for how many partial pictures are asked for.
func (m *moreOptions) previews(most int) fyne.CanvasObject {
	list := []widgets.Option{{ID: "0", Text: text.T("ui.previews.off")}}
	for n := 1; n <= most; n++ {
		list = append(list, widgets.Option{ID: strconv.Itoa(n), Text: strconv.Itoa(n)})
	}
	d := widgets.NewDropdown(list...)
	d.SetTip(text.T("ui.previews.tip"))
	m.watch(func() { d.Select(strconv.Itoa(min(m.value.Previews, most))) })
	d.OnChanged = func(id string) {
		m.value.Previews, _ = strconv.Atoi(id)
		m.tell()
	}
	return labeled("ui.previews", d)
}

// references returns the list of further input pictures, at most so many.
func (m *moreOptions) references(most int) fyne.CanvasObject {
	list := widgets.Column(2)
	add := widgets.NewButton(text.T("ui.references.add"), "plus", widgets.Quiet, nil)
	add.SetTip(text.T("ui.references.tip"))
	add.OnTapped = func() {
		if m.addReference == nil {
			return
		}
		m.addReference(func(path string) {
			if len(m.value.References) < most && !slices.Contains(m.value.References, path) {
				m.value.References = append(m.value.References, path)
				m.showAll()
				m.tell()
			}
		})
	}
	m.watch(func() {
		list.RemoveAll()
		for _, path := range m.value.References {
			remove := widgets.NewToolButton("close", text.T("ui.references.remove"), func() {
				m.value.References = slices.DeleteFunc(slices.Clone(m.value.References), func(p string) bool { return p == path })
				m.showAll()
				m.tell()
			}).Small()
			name := widgets.NewText(cmp.Or(m.value.Names[path], filepath.Base(path))).Cut()
			list.Add(container.NewBorder(nil, nil, nil, remove, widgets.Column(0, nil, name, nil)))
		}
		show(list, len(m.value.References) > 0)
		if len(m.value.References) < most {
			add.Enable()
		} else {
			add.Disable()
		}
	})
	title := widgets.NewLabel(text.T("ui.references", "Count", most))
	return widgets.Column(4, title, list, widgets.Row(theme.Gap, add))
}

// showAll shows the value in all controls.
func (m *moreOptions) showAll() {
	for _, f := range m.refresh {
		f()
	}
	m.root.Refresh()
}
