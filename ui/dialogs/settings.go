package dialogs

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Settings shows and changes the connections, the language and the theme.
// Nothing is changed until the user saves.
type Settings struct {
	// Settings are the current settings, which are not changed. Selected is the connection
	// shown first, "" for the first one; with EnterKey the cursor is in the field for its key.
	Settings *settings.Settings
	Selected string
	EnterKey bool
	// Updates reports whether the program can check for newer releases.
	Updates bool
	// Profiles are the profiles to choose from; nil stands for the built-in ones.
	Profiles *profile.Set
	// OnSave is called with the changed settings, the entered keys by connection, and the
	// connections whose keys are to be deleted. A new connection is the selected one.
	OnSave func(s *settings.Settings, keys map[string]secret.Key, forget []string)
	// OnKeySource finds out where the key of a connection is, and whether keys can be stored
	// beyond this session; tell may be called later, on Fyne's goroutine.
	OnKeySource func(connection string, tell func(service.KeyState))
	// OnTest tests a connection as it is in the dialog, with the entered key, or the zero Key
	// for the stored one: free of charge for 0 pictures, else by making so many (1 or 2). tell
	// is called once, on Fyne's goroutine.
	OnTest func(c settings.Connection, key secret.Key, pictures int, tell func(Tested))
	// OnStopTest stops a running test; it is also called when the dialog closes.
	OnStopTest func()
	// OnFindLocal searches for services on this machine; OnStopTest stops it. tell is called
	// once, on Fyne's goroutine, unless it was stopped.
	OnFindLocal func(tell func([]local.Found))
}

// Tested is the outcome of the test of a connection.
type Tested struct {
	// Sentences say it in words; OK is false where the test failed.
	Sentences []string
	OK        bool
	// Models are the models that the service offers, nil where they are unknown.
	Models []string
	// Quirks is what is now known about the service, nil for nothing new.
	Quirks *settings.Quirks
}

// ShowSettings opens the dialog.
func ShowSettings(w fyne.Window, s Settings) {
	d := &settingsSheet{Settings: s, edited: s.Settings.Clone(), keys: map[string]secret.Key{}, window: w, wrong: map[*widgets.Field]string{}}
	d.open()
}

func (d *settingsSheet) open() {
	w, s := d.window, &d.Settings
	d.build()
	d.sheet = newSheet(w, text.T("dialog.settings"), narrow+60, d.body, d.name,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.save"), do: d.save, stays: true})
	d.sheet.onClose = d.stopTest
	first := s.Selected
	if d.index(first) < 0 && len(d.edited.Connections) > 0 {
		first = d.edited.Connections[0].ID
	}
	d.show(first)
	switch {
	case len(d.edited.Connections) == 0: // the form, and the name in it, is hidden
		w.Canvas().Focus(d.sheet.safe())
	case s.EnterKey:
		w.Canvas().Focus(d.key)
	}
}

// settingsSheet is the open dialog. It edits its copy of the settings.
type settingsSheet struct {
	Settings
	window fyne.Window
	sheet  *sheet
	edited *settings.Settings
	id     string // the connection that is shown
	added  string // the one that was added last, or ""
	keys   map[string]secret.Key
	// noKeyring reports whether the system has no keyring, as far as is known.
	noKeyring bool
	forget    []string

	body                          fyne.CanvasObject
	pick                          *widgets.Dropdown
	scroll                        *container.Scroll
	form, further                 *fyne.Container
	remove                        *widgets.ToolButton
	name, address, user, key      *widgets.Field
	proxy, timeout, parallel      *widgets.Field
	price                         priceFields
	limits                        limitFields
	editCap, dayCap, cap, kept    *widgets.Field
	model                         *widgets.Combo
	profile, dialect              *widgets.Dropdown
	plain                         *widgets.Check
	keyNote, result, none         *widgets.Label
	refine, updates               *widgets.Check
	forgetKey, forgetLearnt, stop *widgets.Button
	tests                         int  // that were begun, so that an old one's end is told from a new one's
	looking                       bool // for services on this machine
	language, theme               *widgets.Dropdown
	wrong                         map[*widgets.Field]string // what is wrong with what was typed
	problem                       *widgets.Label            // tells one of these
}

func (d *settingsSheet) index(id string) int {
	return slices.IndexFunc(d.edited.Connections, func(c settings.Connection) bool { return c.ID == id })
}

// change edits the connection that is shown.
func (d *settingsSheet) change(f func(*settings.Connection)) {
	if i := d.index(d.id); i >= 0 {
		f(&d.edited.Connections[i])
	}
}

func label(key string) *widgets.Label { return widgets.NewLabel(text.T("dialog." + key)) }

func labeled(key string, o fyne.CanvasObject) *fyne.Container { return widgets.Labeled(label(key), o) }

// bound returns a field that writes what is typed into the connection. When the user leaves
// it, number fields show the parsed value.
func (d *settingsSheet) bound(set func(c *settings.Connection, s string)) *widgets.Field {
	f := widgets.NewField()
	f.OnChanged = func(s string) {
		d.change(func(c *settings.Connection) { set(c, strings.TrimSpace(s)) })
	}
	f.OnSubmit = func() { d.sheet.press() }
	f.OnEnded = func(string) { d.settle() }
	return f
}

// settle shows the parsed numbers. What can't be used stays as it was typed.
func (d *settingsSheet) settle() {
	typed := map[*widgets.Field]string{}
	for f := range d.wrong {
		typed[f] = f.Text
	}
	id := d.id
	if i := d.index(id); i >= 0 {
		d.id = "" // this is no change by the user
		d.numbers(d.edited.Connections[i])
		d.id = id
	}
	for f, s := range typed {
		f.SetText(s)
	}
}

func (d *settingsSheet) numbers(c settings.Connection) {
	d.timeout.SetText(number(float64(c.TimeoutSeconds / 60)))
	d.parallel.SetText(number(float64(c.Parallel)))
	d.showPrice(c)
	d.limits.show(c)
}

// noteHeight is the height of two lines under the key, in units.
const noteHeight float32 = 34

func (d *settingsSheet) build() {
	d.pick = widgets.NewDropdown()
	d.pick.OnChanged = d.show
	add := widgets.NewToolButton("plus", text.T("dialog.add"), d.add).Small()
	d.remove = widgets.NewToolButton("trash", text.T("dialog.remove"), d.removeShown).Small()
	find := widgets.NewToolButton("search", text.T("dialog.find_local"), d.findLocal).Small()
	show(find, d.OnFindLocal != nil)
	top := container.NewBorder(nil, nil, nil, widgets.Row(2, add, find, d.remove), d.pick)

	d.buildFields()
	test := widgets.NewButton(text.T("dialog.test"), "", widgets.Normal, func() { d.test(0) })
	probe := widgets.NewButton(text.T("dialog.probe"), "", widgets.Normal, d.askProbe)
	probe.SetTip(text.T("dialog.probe.tip"))
	d.stop = widgets.NewButton(text.T("dialog.test.stop"), "", widgets.Normal, d.stopTest)
	d.stop.Hide()
	d.result = widgets.NewLabel("").Wrap()
	d.forgetKey = widgets.NewButton(text.T("dialog.key.forget"), "", widgets.Link, d.forgetShown)
	more := folded("dialog.more", d.folds,
		widgets.Halves(theme.Gap, labeled("user", d.user), labeled("timeout", d.timeout)),
		widgets.Halves(theme.Gap, labeled("proxy", d.proxy), labeled("parallel", d.parallel)),
		labeled("dialect", d.dialect), d.plain, container.NewHBox(d.forgetLearnt))
	price := folded("dialog.prices", d.folds, d.price.objects()...)
	limits := folded("dialog.limits", d.folds, d.limits.objects()...)
	d.form = widgets.Column(12,
		widgets.Halves(theme.Gap, labeled("name", d.name), labeled("model", d.model)),
		labeled("base_url", d.address),
		labeled("profile", d.profile),
		widgets.Column(4, widgets.Sized(0, 20, container.NewBorder(nil, nil, nil, d.forgetKey, widgets.Column(0, nil, label("key"), nil))), d.key,
			widgets.Sized(0, noteHeight, d.keyNote)), // so high always: nothing moves while a key is typed
		widgets.Row(theme.Gap, test, probe, d.stop))
	d.further = widgets.Column(4, more, price, limits)

	d.buildGeneral()
	d.none = widgets.NewLabel(text.T("dialog.connection.none")).Wrap()
	column := widgets.Column(12, labeled("connection", top), d.none, d.form, d.result, d.further, widgets.NewSurface(theme.Edge).Thin(),
		widgets.Halves(theme.Gap, labeled("language", d.language), labeled("theme", d.theme)),
		widgets.Halves(theme.Gap, labeled("cap.edit", d.editCap), labeled("cap.day", d.dayCap)),
		widgets.Halves(theme.Gap, labeled("cap", d.cap), labeled("kept", d.kept)), d.refine, d.updates,
		folded("dialog.saving", d.folds, savingFields(&d.edited.Saving, func() { d.sheet.press() })...))
	d.limitNumbers()
	d.problem = widgets.NewLabel("").Wrap().Colored(theme.Warning)
	d.problem.Hide()
	d.body, d.scroll = widgets.NewScrollUpTo(column, d.window.Canvas().Size().Height-190)
	d.body = widgets.Column(8, d.body, d.problem)
}

// limitNumbers limits the fields that hold numbers.
func (d *settingsSheet) limitNumbers() {
	d.limited(d.timeout, "timeout", 1, 24*60, true)
	d.limited(d.parallel, "parallel", 1, 16, true)
	l, p := d.limits, d.price
	d.limited(l.prompt, "limit.prompt", 1, 1_000_000, true)
	d.limited(l.variants, "limit.variants", 1, 10, true)
	d.limited(l.images, "limit.images", 1, 64, true)
	for f, label := range map[*widgets.Field]string{
		l.file: "limit.file", p.picture: "price", p.words: "price.words", p.images: "price.images", p.output: "price.output",
		d.editCap: "cap.edit", d.dayCap: "cap.day", d.cap: "cap", d.kept: "kept",
	} {
		d.limited(f, label, 0, most, false)
	}
}

func (d *settingsSheet) buildFields() {
	d.name = d.bound(func(c *settings.Connection, s string) {
		c.Name = s
		d.options()
	})
	d.address = d.bound(func(c *settings.Connection, s string) {
		c.SetBaseURL(settings.TidyAddress(s))
		d.showPrice(*c)
	})
	d.address.OnEnded = func(s string) {
		d.address.SetText(settings.TidyAddress(s))
		d.settle()
	}
	d.user = d.bound(func(c *settings.Connection, s string) { c.User = s })
	d.proxy = d.bound(func(c *settings.Connection, s string) { c.Proxy = s })
	d.proxy.PlaceHolder = text.T("dialog.proxy.placeholder")
	d.timeout = d.bound(func(c *settings.Connection, s string) {
		n, err := strconv.Atoi(s)
		if err == nil && n > 0 && n <= 24*60 {
			c.TimeoutSeconds = n * 60
		} else {
			c.TimeoutSeconds = 0
		}
	})
	d.timeout.PlaceHolder = "10"
	d.parallel = d.bound(func(c *settings.Connection, s string) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 16 {
			n = 0
		}
		c.Parallel = n
	})
	d.parallel.PlaceHolder = "3"
	d.price = newPriceFields(d.bound)
	d.limits = newLimitFields(d)
	d.model = widgets.NewCombo(text.T("ui.model.placeholder"))
	d.model.OnChanged = func(s string) {
		d.change(func(c *settings.Connection) {
			c.SetModel(strings.TrimSpace(s))
			d.showPrice(*c)
			d.showProfile(*c)
			d.limits.show(*c)
		})
	}
	d.profile = widgets.NewDropdown()
	d.profile.OnChanged = func(id string) {
		d.change(func(c *settings.Connection) {
			if c.Profile = id; id == byName {
				c.Profile = ""
			}
			d.limits.show(*c)
		})
	}
	d.dialect = widgets.NewDropdown()
	d.dialect.OnChanged = func(id string) {
		d.change(func(c *settings.Connection) {
			if c.Dialect = id; id == byName {
				c.Dialect = ""
			}
			c.Forget() // which was learnt in another one
			d.showLearnt(*c)
		})
	}
	d.forgetLearnt = widgets.NewButton(text.T("dialog.forget_learnt"), "", widgets.Link, func() {
		d.change(func(c *settings.Connection) {
			c.Forget()
			d.showLearnt(*c)
		})
	})
	d.plain = widgets.NewCheck(text.T("dialog.plain"), func(on bool) {
		d.change(func(c *settings.Connection) { c.Plain = on })
	})
	d.key = widgets.NewKeyField()
	d.key.OnChanged = d.keyTyped
	d.key.OnSubmit = func() { d.sheet.press() }
	d.keyNote = widgets.NewLabel("").Wrap()
}

func (d *settingsSheet) buildGeneral() {
	d.language = widgets.NewDropdown(widgets.Option{ID: "", Text: text.T("dialog.language.system")},
		widgets.Option{ID: "en", Text: "English"}, widgets.Option{ID: "zh", Text: "简体中文"})
	d.language.Select(d.edited.Language)
	d.language.OnChanged = func(id string) { d.edited.Language = id }
	d.refine = widgets.NewCheck(text.T("dialog.refine"), func(on bool) { d.edited.Refine = on })
	d.refine.SetChecked(d.edited.Refine)
	d.updates = widgets.NewCheck(text.T("dialog.updates"), func(on bool) { d.edited.CheckUpdates = on })
	d.updates.SetChecked(d.edited.CheckUpdates)
	if !d.Updates {
		d.updates.Hide()
	}
	d.theme = widgets.NewDropdown(widgets.Option{ID: "", Text: text.T("dialog.theme.system")},
		widgets.Option{ID: "dark", Text: text.T("dialog.theme.dark")}, widgets.Option{ID: "light", Text: text.T("dialog.theme.light")})
	d.theme.Select(d.edited.Theme)
	d.theme.OnChanged = func(id string) { d.edited.Theme = id }
	d.editCap, d.dayCap, d.cap = capField(&d.edited.EditCap), capField(&d.edited.DailyCap), capField(&d.edited.MonthlyCap)
	d.kept = widgets.NewField()
	d.kept.PlaceHolder = text.T("dialog.kept.all")
	d.kept.SetText(number(float64(d.edited.HistoryBytes) / (1 << 30)))
	d.kept.OnChanged = func(s string) { d.edited.HistoryBytes = int64(amount(s) * (1 << 30)) }
	d.kept.OnEnded = func(string) { d.kept.SetText(number(float64(d.edited.HistoryBytes) / (1 << 30))) }
	for _, f := range []*widgets.Field{d.editCap, d.dayCap, d.cap, d.kept} {
		f.OnSubmit = func() { d.sheet.press() }
	}
}

// capField returns a field for a cap.
func capField(sum *int64) *widgets.Field {
	f := widgets.NewField()
	f.PlaceHolder = text.T("dialog.cap.none")
	f.SetText(number(float64(*sum) / 1e6))
	f.OnChanged = func(s string) { *sum = millionths(s) }
	f.OnEnded = func(string) { f.SetText(number(float64(*sum) / 1e6)) }
	return f
}

func (d *settingsSheet) fit() {
	if d.sheet != nil {
		d.sheet.fit()
	}
}

// folds adapts the height to what was opened or closed, and scrolls to what was opened.
func (d *settingsSheet) folds(inside fyne.CanvasObject) {
	d.fit()
	if inside.Visible() {
		widgets.Reveal(d.scroll, inside)
	}
}

func (d *settingsSheet) options() {
	list := make([]widgets.Option, len(d.edited.Connections))
	for i, c := range d.edited.Connections {
		list[i] = widgets.Option{ID: c.ID, Text: c.Name}
	}
	d.pick.SetOptions(list)
}

// show fills the fields with a connection.
func (d *settingsSheet) show(id string) {
	d.id = "" // filling the fields is no change by the user
	i := d.index(id)
	d.options()
	if i < 0 {
		d.form.Hide()
		d.further.Hide()
		d.none.Show()
		d.remove.Disable()
		d.numbers(settings.Connection{}) // so that nothing wrong is left in a hidden field
		d.fit()
		return
	}
	c := d.edited.Connections[i]
	d.form.Show()
	d.further.Show()
	d.none.Hide()
	d.remove.Enable()
	d.name.SetText(c.Name)
	d.address.SetText(c.BaseURL)
	d.model.SetText(c.Model)
	d.showProfile(c)
	d.showDialect(c)
	d.showLearnt(c)
	d.user.SetText(c.User)
	d.proxy.SetText(c.Proxy)
	d.plain.SetChecked(c.Plain)
	d.numbers(c)
	d.suggest(c)
	d.key.SetText("")
	d.result.Hide()
	d.id = id
	d.pick.Select(id)
	d.showKey()
	d.fit()
}

// number returns v in as few digits as it needs, "" for 0.
func number(v float64) string {
	if v == 0 {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// save calls OnSave; an address over which the key would be readable to others must be
// confirmed first.
func (d *settingsSheet) save() {
	done := func() {
		if d.index(d.added) >= 0 {
			d.edited.Connection = d.added
		}
		d.sheet.close()
		if d.OnSave != nil {
			d.OnSave(d.edited, d.keys, d.forget)
		}
	}
	for i := range d.edited.Connections {
		c := &d.edited.Connections[i]
		if c.Exposed() {
			d.show(c.ID)
			Confirm(d.window, text.T("dialog.exposed"), text.T("dialog.exposed.text", "Name", c.Name, "Address", c.BaseURL), text.T("dialog.exposed.do"), func() {
				c.Plain = true
				d.show(c.ID)
				d.save()
			})
			return
		}
	}
	done()
}
