package window

import (
	"image"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fynecanvas "fyne.io/fyne/v2/canvas"

	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/gallery"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/widgets"
)

func variantOf(id gallery.ID) session.VariantID {
	return session.VariantID{Edit: session.EditID(id.Edit), N: id.N}
}

// galleryActions binds the gallery's actions to the session.
func (w *Window) galleryActions() gallery.Actions {
	edit := func(do func(session.EditID)) func(int64) { return func(id int64) { do(session.EditID(id)) } }
	return gallery.Actions{
		Choose: w.choose,
		Use:    func(id gallery.ID) { w.session.Use(variantOf(id)) },
		Menu:   w.cardMenu,
		Compare: func(dragged, on gallery.ID) {
			w.session.Compare(pictureOf(on), pictureOf(dragged), session.SideBySide)
		},
		Favourite: func(id gallery.ID, on bool) { w.session.Favourite(variantOf(id), on) },
		Discard:   func(id gallery.ID) { w.session.Discard(variantOf(id)) },
		Again:     edit(func(id session.EditID) { w.session.Remedy(id, session.Retry) }),
		Clear:     edit(func(id session.EditID) { w.session.Remedy(id, session.Clear) }),
		Cancel:    edit(w.session.CancelEdit),
		First:     edit(w.session.PutFirst),
		Resize:    w.resizeCards,
	}
}

func (w *Window) choose(id gallery.ID) {
	switch {
	case id == gallery.Original:
		w.session.ShowOriginal()
	case id == gallery.Current:
		w.session.ShowCurrent()
	case id.N == gallery.Failure:
		w.showFailure(session.EditID(id.Edit))
	case id.N >= 0:
		w.session.Choose(variantOf(id))
	}
	if w.grid.Object().Visible() && id.N >= 0 {
		w.toggleGrid()
	}
}

// pictureOf returns the picture of a card.
func pictureOf(id gallery.ID) session.Picture {
	switch id {
	case gallery.Original:
		return session.Picture{What: session.IsOriginal}
	case gallery.Current:
		return session.Picture{}
	}
	return session.Picture{What: session.IsVariant, Variant: variantOf(id)}
}

// cardOf returns the card of a picture.
func cardOf(p session.Picture) gallery.ID {
	switch p.What {
	case session.IsOriginal:
		return gallery.Original
	case session.IsVariant:
		return gallery.ID{Edit: int64(p.Variant.Edit), N: p.Variant.N}
	}
	return gallery.Current
}

// cardMenu offers actions on a card or an edit.
func (w *Window) cardMenu(id gallery.ID, at fyne.Position) {
	item := func(key string, do func()) *fyne.MenuItem { return fyne.NewMenuItem(text.T(key), do) }
	var items []*fyne.MenuItem
	switch {
	case id == gallery.Original, id == gallery.Current:
		with := session.Picture{}
		if shown := w.session.Shown().Picture; id == gallery.Original && shown.What == session.IsVariant {
			with = shown
		}
		items = append(items, enabled(with.What == session.IsVariant || !asOpened(w.session.Document().State), item("ui.card.compare", func() {
			w.session.Compare(session.Picture{What: session.IsOriginal}, with, session.SliderVertical)
		})), w.referenceItem(id, true))
	case id.N == gallery.Heading || id.N == gallery.Failure:
		edit := session.EditID(id.Edit)
		over := w.edit(edit).Over()
		items = append(items, w.failureItems(id)...)
		items = append(items, enabled(!over, item("ui.card.cancel_edit", func() { w.session.CancelEdit(edit) })),
			enabled(over, item("ui.card.discard_edit", func() { w.session.DiscardEdit(edit) })))
	default:
		v := variantOf(id)
		card := w.card(v)
		favourite := "ui.card.favourite"
		if card.Favourite {
			favourite = "ui.card.no_favourite"
		}
		ready := card.State == session.CardReady
		items = append(items, enabled(ready, item("ui.card.use", func() { w.session.Use(v) })),
			enabled(ready, item("ui.card.compare", func() {
				w.session.Compare(session.Picture{What: session.IsOriginal}, pictureOf(id), session.SliderVertical)
			})),
			enabled(ready, item(favourite, func() { w.session.Favourite(v, !card.Favourite) })))
		items = append(items, w.referenceItem(id, ready))
		items = append(items, w.spotItems(v)...)
		items = append(items,
			fyne.NewMenuItemSeparator(),
			enabled(ready, item("ui.card.save", func() { w.session.SaveVariant(v) })),
			fyne.NewMenuItemSeparator(),
			item("ui.card.discard", func() { w.session.Discard(v) }))
	}
	widgets.NewMenu(fyne.NewMenu("", items...), w.win.Canvas()).ShowAtPosition(at)
}

// failureItems are the menu entries that do what the buttons on the card of a failed edit do;
// none for a heading.
func (w *Window) failureItems(id gallery.ID) (items []*fyne.MenuItem) {
	if id.N != gallery.Failure {
		return nil
	}
	part := session.EditID(id.Edit)
	for _, f := range w.edit(part).Failures {
		if f.Edit == part && slices.Contains(f.Remedies, session.Retry) {
			items = append(items, fyne.NewMenuItem(text.T("ui.card.again"), func() { w.session.Remedy(part, session.Retry) }))
		}
	}
	return append(items, fyne.NewMenuItem(text.T("gallery.clear"), func() { w.session.Remedy(part, session.Clear) }), fyne.NewMenuItemSeparator())
}

// referenceItem is the menu entry that makes a card's picture a reference of the next edit.
func (w *Window) referenceItem(id gallery.ID, ready bool) *fyne.MenuItem {
	return enabled(ready && w.session.Panel().Profile.Images > 1, fyne.NewMenuItem(text.T("ui.card.reference"), func() {
		w.session.UseAsReference(pictureOf(id))
	}))
}

// spotItems are the menu entries that request one window of a variant again, where it has
// several.
func (w *Window) spotItems(v session.VariantID) (items []*fyne.MenuItem) {
	n, cost := w.session.SpotsAgain(v)
	for i := range n {
		label := text.T("ui.card.spot_again", "Number", i+1)
		if price := money(cost); price != "" {
			label = text.T("ui.card.spot_again_price", "Number", i+1, "Price", price)
		}
		items = append(items, fyne.NewMenuItem(label, func() { w.session.AskSpotAgain(v, i) }))
	}
	return items
}

// edit returns the edit with an ID, or the one of whose services' parts one has the ID and
// failed.
func (w *Window) edit(id session.EditID) session.Edit {
	for _, e := range w.session.Edits() {
		if e.ID == id || slices.ContainsFunc(e.Failures, func(f session.Failure) bool { return f.Edit == id }) {
			return e
		}
	}
	return session.Edit{}
}

func (w *Window) card(v session.VariantID) session.Card {
	for _, e := range w.session.Edits() {
		for _, c := range e.Cards {
			if c.ID == v {
				return c
			}
		}
	}
	return session.Card{}
}

// showGallery shows the edits and their variants.
func (w *Window) showGallery() {
	v := w.galleryView()
	high := w.strip.Object().MinSize().Height
	if w.strip.Set(v); w.strip.Object().MinSize().Height != high {
		w.win.Content().Refresh()
	}
	if w.grid.Object().Visible() {
		w.grid.Set(v)
	}
	w.showOver()
}

func (w *Window) galleryView() gallery.View {
	v := gallery.View{CardSize: w.places.cards}
	d := w.session.Document()
	if !d.Open {
		return v
	}
	v.Original, v.Current = w.places.thumbnails(d.State)
	for _, e := range slices.Backward(w.session.Edits()) {
		v.Edits = append(v.Edits, editView(e))
	}
	shown := w.session.Shown()
	v.Chosen = cardOf(shown.Picture)
	if shown.How != session.Alone {
		v.Against = cardOf(shown.Left)
	}
	return v
}

// editView returns what the gallery shows of an edit.
func editView(e session.Edit) gallery.Edit {
	g := gallery.Edit{
		ID: int64(e.ID), Prompt: e.Prompt, Service: e.Service.String(), Elapsed: e.Elapsed, Cost: money(e.Cost), Used: e.Used,
		State: editStates[e.State], Cancelled: e.Cancelled, Cancellable: !e.Over(),
		Behind: e.First, Several: e.Several,
	}
	for _, c := range e.Cards {
		card := gallery.Card{
			Edit: int64(c.ID.Edit), N: c.ID.N, Number: c.Number, State: cardStates[c.State], Fraction: c.Fraction, Stage: c.Stage.String(),
			Image: present(c.Thumbnail), Used: c.Used, Favourite: c.Favourite, New: c.New, Note: c.Note.String(),
		}
		if e.Several {
			card.Service, card.Beneath = c.Service.String(), costAndTime(c.Cost, c.Elapsed)
		}
		g.Cards = append(g.Cards, card)
	}
	for _, f := range e.Failures {
		trouble := gallery.Trouble{
			Edit: int64(f.Edit), Sentence: f.Text.String(), Short: f.Short.String(), Again: slices.Contains(f.Remedies, session.Retry),
		}
		if e.Several {
			trouble.Service, trouble.Beneath = f.Service.String(), costAndTime(f.Cost, f.Elapsed)
		}
		g.Failed = append(g.Failed, trouble)
	}
	return g
}

// costAndTime returns the line beneath a card: what one of several services costs and how long
// it takes.
func costAndTime(c service.Cost, elapsed time.Duration) string {
	var parts []string
	if price := money(c); price != "" {
		parts = append(parts, price)
	}
	if elapsed >= time.Second {
		parts = append(parts, gallery.Clock(elapsed))
	}
	return strings.Join(parts, " · ")
}

// present returns img, and an untyped nil where it is nil.
func present(img image.Image) image.Image {
	if p, ok := img.(*image.NRGBA); ok && p == nil {
		return nil
	}
	return img
}

var (
	editStates = map[session.EditState]gallery.EditState{
		session.Preparing: gallery.Waiting, session.Waiting: gallery.Waiting, session.Running: gallery.Running,
		session.Done: gallery.Ended, session.Failed: gallery.Ended,
	}
	cardStates = map[session.CardState]gallery.State{
		session.CardWaiting: gallery.Queued, session.CardWorking: gallery.Working, session.CardReady: gallery.Ready,
	}
)

// money returns a cost in words, or "".
func money(c service.Cost) string {
	if !c.Known() {
		return ""
	}
	return settings.Money(c.Amount, c.Currency)
}

// reveal scrolls the gallery to an edit.
func (w *Window) reveal(edit int64) {
	id := gallery.ID{Edit: edit, N: gallery.Heading}
	w.strip.Reveal(id)
	if w.grid.Object().Visible() {
		w.grid.Reveal(id)
	}
}

// toggleGrid shows the gallery over the canvas in place of the strip, or the strip again.
func (w *Window) toggleGrid() {
	if w.grid.Object().Visible() {
		w.grid.LeaveKeys()
		w.grid.Object().Hide()
	} else {
		w.strip.LeaveKeys()
		w.grid.Object().Show()
	}
	w.showPanels() // first, since the grid's cards are as large as there is room
	if w.grid.Object().Visible() {
		w.grid.Set(w.galleryView())
	}
	// Fyne draws nothing because something is shown, and knows no window of what
	// never was.
	fynecanvas.Refresh(w.bar.Object())
	w.showOver()
	w.showNotices()
}

// resizeCards handles a drag of the cards' size.
func (w *Window) resizeCards(size float32, done bool) {
	w.places.setCards(size, done)
	w.showGallery()
}
