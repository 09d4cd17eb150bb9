package dialogs

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// add offers the presets and an empty connection.
func (d *settingsSheet) add() {
	var items []*fyne.MenuItem
	for _, p := range settings.Presets() {
		items = append(items, fyne.NewMenuItem(text.T("dialog.preset", "Name", p.Name), d.put(p)))
	}
	items = append(items, fyne.NewMenuItem(text.T("dialog.custom"),
		d.put(settings.Connection{Name: text.T("dialog.new_connection"), BaseURL: "https://"})))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.pick)
	widgets.NewMenu(fyne.NewMenu("", items...), d.window.Canvas()).ShowAtPosition(at.AddXY(0, theme.ControlHeight+2))
}

// put returns a function that adds a connection and shows it.
func (d *settingsSheet) put(c settings.Connection) func() {
	return func() {
		c.ID = settings.NewID()
		d.added = c.ID
		d.edited.Connections = append(d.edited.Connections, c)
		d.show(c.ID)
	}
}

// say shows the outcome of a test or a search.
func (d *settingsSheet) say(sentence string, color fyne.ThemeColorName) {
	d.result.Colored(color).SetText(sentence)
	d.result.Show()
	d.fit()
	widgets.Reveal(d.scroll, d.result)
}

// removeShown removes the shown connection and its key.
func (d *settingsSheet) removeShown() {
	i := d.index(d.id)
	if i < 0 {
		return
	}
	widgets.TakenAway(d.remove)
	d.forget = append(d.forget, d.id)
	delete(d.keys, d.id)
	d.edited.Connections = slices.Delete(d.edited.Connections, i, i+1)
	if d.edited.Connection == d.id {
		d.edited.Connection = settings.Builtin
	}
	next := ""
	if n := len(d.edited.Connections); n > 0 {
		next = d.edited.Connections[min(i, n-1)].ID
	}
	d.show(next)
}

// keyTyped stores the entered key until the user saves.
func (d *settingsSheet) keyTyped(s string) {
	if d.id == "" {
		return
	}
	delete(d.keys, d.id)
	if s != "" {
		d.keys[d.id] = secret.New(s)
		d.forget = slices.DeleteFunc(d.forget, func(id string) bool { return id == d.id })
	}
	d.showKey()
}

func (d *settingsSheet) forgetShown() {
	delete(d.keys, d.id)
	if !slices.Contains(d.forget, d.id) {
		d.forget = append(d.forget, d.id)
	}
	d.key.SetText("")
	d.showKey()
}

// keyless returns the sentence, by its key, about a connection that has no key.
func (d *settingsSheet) keyless(id string, key service.KeyState) string {
	i := d.index(id)
	switch {
	case i >= 0 && d.edited.Connections[i].OnLoopback():
		return "dialog.key.local"
	case key.Locked:
		return "dialog.key.locked"
	case key.Keyring:
		return "dialog.key.none"
	}
	return "dialog.key.none_session"
}

// showKey says where the key is, or will be.
func (d *settingsSheet) showKey() {
	id := d.id
	tell := func(sentence, placeholder string, canForget bool) {
		d.keyNote.SetText(text.T(sentence))
		d.key.SetPlaceHolder(text.T(placeholder))
		show(d.forgetKey, canForget)
	}
	switch {
	case !d.keys[id].IsZero():
		sentence := "dialog.key.new"
		if d.noKeyring {
			sentence = "dialog.key.new_session"
		}
		tell(sentence, "dialog.key.placeholder", false)
		return
	case slices.Contains(d.forget, id):
		tell("dialog.key.forgotten", "dialog.key.placeholder", false)
		return
	}
	if d.OnKeySource == nil {
		tell("dialog.key.none", "dialog.key.placeholder", false)
		return
	}
	tell("dialog.key.looking", "dialog.key.placeholder", false)
	d.OnKeySource(id, func(key service.KeyState) {
		d.noKeyring = !key.Keyring && !key.Locked
		if d.id != id || !d.keys[id].IsZero() || slices.Contains(d.forget, id) {
			return
		}
		switch key.From {
		case secret.FromKeyring:
			tell("dialog.key.keyring", "dialog.key.placeholder_kept", true)
		case secret.FromEnvironment:
			tell("dialog.key.environment", "dialog.key.placeholder", false)
		case secret.FromSession:
			tell("dialog.key.session", "dialog.key.placeholder_kept", true)
		case secret.FromNowhere:
			tell(d.keyless(id, key), "dialog.key.placeholder", false)
		}
	})
}

// byName is the ID of the entry that chooses the profile by the model's name.
const byName = "by-name"

// known returns the profiles to choose from.
func (d *settingsSheet) known() *profile.Set {
	if d.Settings.Profiles == nil {
		return profile.Builtin()
	}
	return d.Settings.Profiles
}

// showProfile lists the profiles, first the one that follows from the model's name.
func (d *settingsSheet) showProfile(c settings.Connection) {
	named := d.known().For(c.Model, "")
	list := []widgets.Option{{ID: byName, Text: text.T("dialog.profile.auto", "Name", named.Name)}}
	for _, e := range d.known().List() {
		name := e.Name
		if e.Own {
			name = text.T("dialog.profile.own", "Name", name)
		}
		list = append(list, widgets.Option{ID: e.ID, Text: name})
	}
	d.profile.SetOptions(list)
	d.profile.Select(cmp.Or(c.Profile, byName))
}

// showDialect lists the dialects, first the one that follows from the address.
func (d *settingsSheet) showDialect(c settings.Connection) {
	chosen := c.Dialect
	c.Dialect = ""
	list := []widgets.Option{{ID: byName, Text: text.T("dialog.dialect.auto", "Name", c.Speaks().Name)}}
	for _, e := range dialect.All() {
		list = append(list, widgets.Option{ID: e.ID, Text: e.Name})
	}
	d.dialect.SetOptions(list)
	d.dialect.Select(cmp.Or(chosen, byName))
}

// showLearnt offers to forget what was learnt about the service, where there is anything.
func (d *settingsSheet) showLearnt(c settings.Connection) {
	if c.Quirks == (settings.Quirks{}) && len(c.Others) == 0 {
		d.forgetLearnt.Disable()
	} else {
		d.forgetLearnt.Enable()
	}
}

// suggest offers the service's own models for the field, those known to edit pictures first,
// or else some well-known names.
func (d *settingsSheet) suggest(c settings.Connection) {
	names := d.known().EditorsFirst(c.Models)
	if len(names) == 0 {
		names = []string{"dall-e-2", "gpt-image-2", "gpt-image-2.5", "gpt-image-2.6"}
	}
	d.model.SetSuggestions(names)
}

// askProbe checks address and key, which is free, before it says what a probe costs and asks
// to make it.
func (d *settingsSheet) askProbe() {
	const pictures = 2 // to see whether n is honoured
	d.try(0, func(t Tested) {
		if t.OK && !d.sheet.closed {
			d.result.Hide()
			d.fit()
			d.confirmProbe(pictures)
		}
	})
}

func (d *settingsSheet) confirmProbe(pictures int) {
	Confirm(d.window, text.T("dialog.probe.title"), text.T("service.probe_cost", "Pictures", pictures), text.T("dialog.probe.do"), func() { d.test(pictures) })
}

// test tests the connection as it is in the fields.
func (d *settingsSheet) test(pictures int) { d.try(pictures, func(Tested) {}) }

// try tests the connection as it is in the fields, and stores what was learnt with the other
// changes. then is called with the outcome, where it is still shown.
func (d *settingsSheet) try(pictures int, then func(Tested)) {
	i := d.index(d.id)
	if i < 0 || d.OnTest == nil {
		return
	}
	id, base := d.id, d.edited.Connections[i].BaseURL
	d.tests++
	number := d.tests
	d.stop.Show()
	d.say(text.T("dialog.test.running"), theme.Secondary)
	d.OnTest(d.edited.Connections[i], d.keys[id], pictures, func(t Tested) {
		if i := d.index(id); i >= 0 && d.edited.Connections[i].BaseURL == base {
			c := &d.edited.Connections[i]
			if t.Models != nil {
				c.SetModels(t.Models)
			}
			if t.Quirks != nil {
				c.Quirks = *t.Quirks
			}
			if d.id == id {
				d.suggest(*c)
			}
		}
		if number == d.tests {
			d.stop.Hide()
		}
		if d.id != id {
			return
		}
		color := theme.Text
		if !t.OK {
			color = theme.Warning
		}
		d.say(strings.Join(t.Sentences, "\n"), color)
		if number == d.tests {
			then(t)
		}
	})
}

// stopTest stops a running test.
func (d *settingsSheet) stopTest() {
	if d.OnStopTest != nil {
		d.OnStopTest()
	}
	d.stop.Hide()
	if d.looking {
		d.looking = false
		d.tests++ // what comes yet is not wanted
		d.result.Hide()
		d.fit()
	}
}

// folded returns a heading that opens and closes what is under it. changed is called with what
// has been opened or closed.
func folded(key string, changed func(inside fyne.CanvasObject), objects ...fyne.CanvasObject) fyne.CanvasObject {
	inside := widgets.Pad(4, 0, 8, 0, widgets.Column(12, objects...))
	inside.Hide()
	head := widgets.NewButton(text.T(key), "chevron-right", widgets.Quiet, nil)
	head.OnTapped = func() {
		if inside.Visible() {
			inside.Hide()
			head.SetIcon("chevron-right")
		} else {
			inside.Show()
			head.SetIcon("chevron-down")
		}
		changed(inside)
	}
	return widgets.Column(0, head, inside)
}
