package panel

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// More are the rarely used options. Only those that the profile has are shown; the others keep
// their values.
type More struct {
	// Seed makes the built-in engine's variants repeatable; 0 means a new seed each time.
	Seed int64
	// ResponseFormat and User are fields of the request, left out where "".
	ResponseFormat, User string
	// Options are further fields by their names in the request.
	Options map[string]string
	// Previews is how many partial images are requested of each variant; 0 requests the answer
	// in one piece.
	Previews int
}

// moreOptions is "More options" and what it opens.
type moreOptions struct {
	changed    func(More)
	opened     func() // called when the person opens it
	references *referenceList

	button  *widgets.Button
	root    *fyne.Container
	open    bool
	profile api.Profile
	value   More
	refresh []func() // one per control, to show value
}

func newMoreOptions() *moreOptions {
	m := &moreOptions{root: widgets.Column(10), references: newReferenceList()}
	m.button = widgets.NewButton(text.T("ui.more"), "chevron-right", widgets.Quiet, func() {
		m.setOpen(!m.open)
		if m.open {
			run(m.opened)
		}
	})
	m.setOpen(false)
	return m
}

func (m *moreOptions) setOpen(on bool) {
	m.open = on
	m.button.SetIcon(pick(on, "chevron-down", "chevron-right"))
	show(m.root, on)
}

func (m *moreOptions) set(v More) {
	v.Options = maps.Clone(v.Options)
	m.value = v
	for _, f := range m.refresh {
		f()
	}
}

func (m *moreOptions) tell() {
	v := m.value
	v.Options = maps.Clone(v.Options)
	call(m.changed, v)
}

// setProfile builds the controls that a profile has.
func (m *moreOptions) setProfile(p api.Profile) {
	m.profile, m.refresh = p, nil
	var boxes []fyne.CanvasObject
	if p.ID == api.Builtin().ID {
		boxes = append(boxes, m.seed())
	} else {
		for _, name := range slices.Sorted(maps.Keys(p.Options)) {
			boxes = append(boxes, m.option(name, p.Options[name]))
		}
		if len(p.ResponseFormats) > 0 {
			boxes = append(boxes, m.format(p.ResponseFormats))
		}
		if p.Stream && p.Partials > 0 {
			boxes = append(boxes, m.previews(p.Partials))
		}
		boxes = append(boxes, m.user())
	}
	m.root.RemoveAll()
	for i := 0; i < len(boxes); i += 2 {
		if i+1 < len(boxes) {
			m.root.Add(widgets.Halves(theme.Gap, boxes[i], boxes[i+1]))
		} else {
			m.root.Add(widgets.Halves(theme.Gap, boxes[i], widgets.NewSurface("")))
		}
	}
	if p.Images > 1 {
		m.references.setMost(p.Images - 1)
		m.root.Add(m.references.root)
	}
}

func labeled(key string, o fyne.CanvasObject) *fyne.Container {
	return widgets.Labeled(widgets.NewLabel(text.T(key)), o)
}

func (m *moreOptions) seed() fyne.CanvasObject {
	f := widgets.NewField()
	f.PlaceHolder = text.T("ui.seed.random")
	f.SetTip(text.T("ui.seed.tip"))
	m.watch(func() {
		s := ""
		if m.value.Seed != 0 {
			s = strconv.FormatInt(m.value.Seed, 10)
		}
		f.SetText(s)
	})
	f.OnEnded = func(s string) {
		v, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			v = 0
			f.SetText("")
		}
		if v != m.value.Seed {
			m.value.Seed = v
			m.tell()
		}
	}
	return labeled("ui.seed", f)
}

func (m *moreOptions) watch(f func()) {
	m.refresh = append(m.refresh, f)
	f()
}

func (m *moreOptions) format(values []string) fyne.CanvasObject {
	d := choice(values)
	m.watch(func() { d.Select(m.value.ResponseFormat) })
	d.OnChanged = func(v string) {
		m.value.ResponseFormat = v
		m.tell()
	}
	return labeled("ui.response_format", d)
}

// choice returns a drop-down of a field's values, the first of which leaves the field out.
func choice(values []string) *widgets.Dropdown {
	list := []widgets.Option{{ID: "", Text: text.T("ui.default")}}
	for _, v := range values {
		list = append(list, widgets.Option{ID: v, Text: v})
	}
	return widgets.NewDropdown(list...)
}

func (m *moreOptions) user() fyne.CanvasObject {
	f := widgets.NewField()
	f.SetTip(text.T("ui.user.tip"))
	m.watch(func() { f.SetText(m.value.User) })
	f.OnEnded = func(s string) {
		if s = strings.TrimSpace(s); s != m.value.User {
			m.value.User = s
			m.tell()
		}
	}
	return labeled("ui.user", f)
}

func (m *moreOptions) setOption(name, v string) {
	if m.value.Options[name] == v {
		return
	}
	if m.value.Options == nil {
		m.value.Options = map[string]string{}
	}
	m.value.Options[name] = v
	if v == "" {
		delete(m.value.Options, name)
	}
	m.tell()
}

// option returns the control for one field of the profile: a list of values,
// or a number from 0 to 100 where there is no list.
func (m *moreOptions) option(name string, values []string) fyne.CanvasObject {
	label := widgets.NewLabel(text.T("ui.option." + name))
	if values != nil {
		d := choice(values)
		m.watch(func() { d.Select(m.value.Options[name]) })
		d.OnChanged = func(v string) { m.setOption(name, v) }
		return widgets.Labeled(label, d)
	}
	f := widgets.NewField()
	f.PlaceHolder = "0–100"
	m.watch(func() { f.SetText(m.value.Options[name]) })
	f.OnEnded = func(s string) {
		v, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || v < 0 || v > 100 {
			f.SetText(m.value.Options[name])
			if strings.TrimSpace(s) == "" {
				m.setOption(name, "")
				f.SetText("")
			}
			return
		}
		m.setOption(name, strconv.Itoa(v))
	}
	return widgets.Labeled(label, f)
}
