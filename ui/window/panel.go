package window

import (
	"cmp"
	"image"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/widgets"
)

func (w *Window) bindPanel() {
	s := w.session
	w.side.OnPrompt, w.side.OnSpotPrompt = s.SetPrompt, s.SetSpotPrompt
	w.side.OnTiles = func(on bool) {
		how := job.SpotsAuto
		if on {
			how = job.SpotsTiles
		}
		s.SetSpots(how)
	}
	w.side.OnServices = func(ids []string) { s.ChooseServices(ids...) }
	w.side.OnModel = func(model string) { s.SetModel(w.firstService().ID, model) }
	w.side.OnSize, w.side.OnVariants = s.SetSize, s.SetVariants
	w.side.OnMore = func(m panel.More) {
		more := session.More{Seed: m.Seed, ResponseFormat: m.ResponseFormat, User: m.User, Options: m.Options, Previews: m.Previews}
		more.References = s.Panel().More.References
		s.SetMore(more)
	}
	w.side.OnAddReference, w.side.OnPasteReference = s.AddReference, s.PasteReference
	w.side.OnRemoveReference, w.side.OnMoveReference = s.RemoveReference, s.MoveReference
	w.side.OnGenerate, w.side.OnCancel = s.Generate, s.Cancel
	w.side.OnSaveSnippet = func(prompt string) {
		dialogs.AskSnippet(w.win, prompt, func(name string) { s.KeepSnippet(name, prompt) })
	}
	w.side.OnEditSnippets = func() { dialogs.EditSnippets(w.win, s.Panel().Snippets, s.SetSnippets) }
	w.side.OnFindPrompt = func() { dialogs.FindPrompt(w.win, s.FindPrompts, s.SetPrompt) }
	w.side.OnSettings = func() { w.showSettings("", false) }
	w.side.OnRemedy = s.FindKey
	w.side.OnAddConnection = w.side.OnSettings
	w.side.OnWidth = func(width float32) { w.places.setSide(width) }
}

// firstService returns the service whose options the panel shows.
func (w *Window) firstService() session.ServiceChoice {
	for _, c := range w.session.Panel().Services {
		if c.Chosen {
			return c
		}
	}
	return session.ServiceChoice{}
}

// showPanel shows the prompt, the options and what would be sent.
func (w *Window) showPanel() {
	p := w.session.Panel()
	if w.side.Prompt() != p.Prompt {
		w.side.SetPrompt(p.Prompt)
	}
	w.when("spot prompts", p.SpotPrompts, func() { w.side.SetSpotPrompts(p.SpotPrompts) })
	first := w.firstService()
	list, chosen := serviceOptions(p)
	more, sending := panelMore(p.More), sendingOf(p)
	w.when("earlier", p.Earlier, func() { w.side.SetEarlier(p.Earlier) })
	w.when("snippets", p.Snippets, func() { w.side.SetSnippets(p.Snippets) })
	w.when("services", []any{list, chosen}, func() { w.side.SetServices(list, chosen) })
	w.when("profile", p.Profile, func() { w.side.SetProfile(p.Profile) })
	w.when("models", []any{first.Model, first.Models}, func() {
		w.side.SetModels(first.Model, w.program.options.Settings.Profiles().EditorsFirst(first.Models))
	})
	w.when("variants", []any{p.Variants, p.MaxVariants}, func() { w.side.SetVariants(p.Variants, p.MaxVariants) })
	w.when("size", []any{p.Size, p.Profile.ID}, func() { w.side.SetSize(p.Size) })
	w.when("more", []any{more, p.Profile.ID}, func() { w.side.SetMore(more) })
	references, bytes, limit := referencesOf(p), int64(0), int64(0)
	if p.Sending != nil {
		bytes, limit = p.Sending.References, p.Sending.Limit
	}
	w.when("references", []any{references, bytes, limit}, func() { w.side.SetReferences(references, bytes, limit) })
	w.when("sending", sending, func() { w.side.SetSending(sending) })
	w.when("whole", p.Whole, func() { w.side.SetWhole(p.Whole) })
	remedy := p.Remedy.String()
	w.when("reason", []string{p.Reason.String(), remedy}, func() { w.side.SetReady(p.Reason.String(), remedy) })
	w.showRunning()
	w.showEngine(first)
	spent := w.spentText()
	w.when("spent", spent, func() { w.bar.SetNote(spent) })
}

// serviceOptions returns the services that can be asked, and the IDs of the chosen ones.
func serviceOptions(p session.PanelState) (list []widgets.Option, chosen []string) {
	for _, c := range p.Services {
		list = append(list, widgets.Option{ID: c.ID, Text: c.Name.String()})
		if c.Chosen {
			chosen = append(chosen, c.ID)
		}
	}
	return list, chosen
}

// sendingOf returns what the panel shows of what would be sent.
func sendingOf(p session.PanelState) *panel.Sending {
	if p.Sending == nil {
		return nil
	}
	s := &panel.Sending{
		Size: p.Sending.Size, Bytes: p.Sending.Bytes, Limit: p.Sending.Limit, Fraction: p.Sending.Share, Windows: len(p.Windows),
		Tiles: p.Tiles,
	}
	if p.Sending.Blown > region.MostBlown && p.Spots != job.SpotsTiles {
		s.Blown = p.Sending.Blown
	}
	if p.Sending.Thumbnail != nil {
		s.Thumb = p.Sending.Thumbnail
	}
	return s
}

func panelMore(m session.More) panel.More {
	return panel.More{Seed: m.Seed, ResponseFormat: m.ResponseFormat, User: m.User, Options: m.Options, Previews: m.Previews}
}

// referencesOf returns the references as the panel shows them.
func referencesOf(p session.PanelState) []panel.Reference {
	var list []panel.Reference
	for _, r := range p.References {
		one := panel.Reference{Name: cmp.Or(r.Name.String(), filepath.Base(r.Path)), Number: r.Number}
		if r.Thumbnail != nil {
			one.Thumb = r.Thumbnail
		}
		list = append(list, one)
	}
	return list
}

// showRunning shows the edits under way, and what Generate would do.
func (w *Window) showRunning() {
	r := w.session.Running()
	w.when("running", r.Any(), func() { w.side.SetRunning(r.Any()) })
	if r.Any() {
		w.side.SetProgress(r.Fraction, runningText(r, false))
	}
	p := w.session.Panel()
	price := panel.PriceSentence(p.Count, p.Tiles, costText(p.Cost))
	w.when("price", price, func() { w.side.SetPrice(price) })
}

// runningText says which edits are under way and for how long, and what they cost where there
// is room for that.
func runningText(r session.Under, room bool) string {
	words := panel.RunningSentence(r.Preparing+r.Running+r.Elsewhere, r.Waiting, r.Elapsed)
	if r.Tiles > 0 && r.Preparing+r.Running+r.Elsewhere+r.Waiting <= 1 {
		words = panel.TileSentence(r.Tile, r.Tiles, r.Elapsed)
	}
	if cost := costText(r.Cost); room && cost != "" {
		words += " · " + cost
	}
	return words
}

// costText returns a cost in words, in all its currencies, or "".
func costText(all []service.Cost) string {
	var sums []string
	least := false
	for _, c := range all {
		if s := money(c); s != "" {
			sums, least = append(sums, s), least || c.Least
		}
	}
	switch {
	case len(sums) == 0:
		return ""
	case least:
		return text.T("ui.send.cost_least", "Price", strings.Join(sums, " + "))
	}
	return text.T("ui.send.cost", "Price", strings.Join(sums, " + "))
}

// showEngine shows the state of the chosen service.
func (w *Window) showEngine(c session.ServiceChoice) {
	key, state := "ui.status.ready", panel.Ready
	switch {
	case c.Working:
		key, state = "ui.status.working", panel.Busy
	case c.NoKey && c.Locked:
		key, state = "ui.status.keyring_locked", panel.Faulty
	case c.NoKey:
		key, state = "ui.status.no_key", panel.Faulty
	case c.Failed:
		key, state = "ui.status.failed", panel.Faulty
	}
	words := text.T(key, "Name", c.Name.String())
	if r := w.session.Running(); r.Any() {
		words, state = runningText(r, true), panel.Busy
	}
	w.status.SetEngine(words, state)
}

// showStatus shows the status line: name, size, zoom and mask of the picture.
func (w *Window) showStatus() {
	d := w.session.Document()
	w.win.SetTitle(w.title())
	if !d.Open {
		w.status.SetPicture("", image.Point{}, 1)
		w.status.SetMask(0, image.Point{}, image.Point{})
		return
	}
	w.status.SetPicture(d.Name, d.Size, w.surface.Scale())
	if all := w.session.Panel(); all.Sending != nil {
		p := all.Sending
		mask := p.Mask
		if all.Whole {
			mask = -1
		}
		w.status.SetMask(mask, p.Window.Size(), p.Size)
	} else {
		w.status.SetMask(0, image.Point{}, image.Point{})
	}
}

// spentText says what was spent today, and what the tighter cap leaves.
func (w *Window) spentText() string {
	s := w.session.Spent()
	if !s.Known {
		return ""
	}
	today := settings.Money(s.Today, s.Currency)
	if s.Cap > 0 && s.Left >= 0 {
		key := "ui.spent.cap"
		if s.Daily {
			key = "ui.spent.cap_day"
		}
		return text.T(key, "Today", today, "Left", settings.Money(s.Left, s.Currency), "Cap", settings.Money(s.Cap, s.Currency))
	}
	return text.T("ui.spent.today", "Today", today)
}
