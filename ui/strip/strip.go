// Package strip is the strip of variants under the canvas: the original, a
// card for each variant, and what can be done with the chosen one.
//
// It is used on Fyne's goroutine alone. Callbacks hear what the person did,
// never a setter; a nil callback is not called.
package strip

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// Original is the ID of the card that shows the picture without any variant.
const Original = "original"

// Gallery is the strip.
type Gallery struct {
	// OnSelect hears the card that the person picked; the gallery shows it as
	// chosen already.
	OnSelect func(id string)
	// OnAgain, OnNext and OnDiscard hear a card's own buttons. OnDiscard leaves
	// it to the program to call Remove.
	OnAgain, OnNext, OnDiscard func(id string)
	// OnCompare, OnUse and OnSave hear the buttons, with the chosen card.
	OnCompare, OnUse, OnSave func(id string)
	OnSaveAll                func()

	root                        *fyne.Container
	strip                       *fyne.Container
	scroll                      *container.Scroll
	hint                        *widgets.Label
	note                        *widgets.Label
	compare, use, save, saveAll *widgets.Button
	views                       map[string]*view
	order                       []string
	selected                    string
}

// New returns an empty gallery.
func New() *Gallery {
	g := &Gallery{views: map[string]*view{}, strip: widgets.Row(14),
		hint: widgets.NewLabel(text.T("ui.gallery.empty")), note: widgets.NewLabel("").Align(fyne.TextAlignTrailing)}
	with := func(f *func(string)) func() {
		return func() { call(*f, g.selected) }
	}
	g.compare = widgets.NewButton(text.T("ui.compare"), "", widgets.Normal, with(&g.OnCompare))
	g.use = widgets.NewButton(text.T("ui.use"), "", widgets.Outlined, with(&g.OnUse))
	g.save = widgets.NewButton(text.T("ui.save"), "", widgets.Normal, with(&g.OnSave))
	g.saveAll = widgets.NewButton(text.T("ui.save_all"), "", widgets.Normal, func() {
		if g.OnSaveAll != nil {
			g.OnSaveAll()
		}
	})
	buttons := widgets.Row(6, nil, g.compare, g.use, g.save, g.saveAll)
	actions := widgets.Column(6, nil, buttons, g.note, nil)
	g.scroll = container.NewHScroll(widgets.Pad(11, 12, 12, 15, g.strip))
	left := container.NewStack(g.scroll, widgets.Pad(0, 0, 6+g.note.MinSize().Height, 15, widgets.Row(0, g.hint)))
	body := container.NewBorder(nil, nil, nil, widgets.Pad(0, 12, 0, 12, actions), left)
	g.root = widgets.On(theme.Panel, widgets.Column(0, widgets.NewDivider(), widgets.Sized(0, theme.GalleryHeight-1, body)))
	g.update()
	return g
}

func call(f func(string), id string) {
	if f != nil {
		f(id)
	}
}

// Object returns what is put into the window.
func (g *Gallery) Object() fyne.CanvasObject { return g.root }

// SetOriginal shows the picture without any variant as the first card; nil
// takes that card away.
func (g *Gallery) SetOriginal(thumb image.Image) {
	if thumb == nil {
		g.Remove(Original)
		return
	}
	g.Put(Card{ID: Original, Label: text.T("ui.original"), State: Ready, Image: thumb})
}

// Put shows a card, or changes the one of that ID. New cards come last, the
// original comes first.
func (g *Gallery) Put(c Card) {
	if v, ok := g.views[c.ID]; ok {
		v.set(c)
		g.update()
		return
	}
	v := newView(c)
	v.tapped = g.tapped
	v.again = func(id string) { call(g.OnAgain, id) }
	v.next = func(id string) { call(g.OnNext, id) }
	g.views[c.ID] = v
	if c.ID == Original {
		g.order = append([]string{c.ID}, g.order...)
	} else {
		v.discard = func(id string) { call(g.OnDiscard, id) }
		g.order = append(g.order, c.ID)
	}
	g.rebuild()
	if g.selected == "" && c.ID == Original {
		g.Select(Original)
	}
}

// Remove takes a card away. Where it was the chosen one the original is chosen.
func (g *Gallery) Remove(id string) {
	if _, ok := g.views[id]; !ok {
		return
	}
	g.drop(id)
	for i, other := range g.order {
		if other == id {
			g.order = append(g.order[:i:i], g.order[i+1:]...)
			break
		}
	}
	g.rebuild()
	if g.selected == id {
		g.Select(Original)
	}
}

// drop forgets a card, whose bar rests from now on.
func (g *Gallery) drop(id string) {
	g.views[id].set(Card{ID: id, State: Ready})
	delete(g.views, id)
}

// Clear takes all cards away but the original.
func (g *Gallery) Clear() {
	for _, id := range append([]string(nil), g.order...) {
		if id != Original {
			g.drop(id)
		}
	}
	g.order = nil
	if _, ok := g.views[Original]; ok {
		g.order = []string{Original}
	}
	g.rebuild()
	g.Select(Original)
	g.SetNote("")
}

// IDs returns the variants' cards in their order, without the original.
func (g *Gallery) IDs() []string {
	var list []string
	for _, id := range g.order {
		if id != Original {
			list = append(list, id)
		}
	}
	return list
}

// Card returns what a card shows, and whether there is one.
func (g *Gallery) Card(id string) (Card, bool) {
	v, ok := g.views[id]
	if !ok {
		return Card{}, false
	}
	return v.card, true
}

// Select shows a card as the chosen one. An ID that has no card chooses none.
func (g *Gallery) Select(id string) {
	if _, ok := g.views[id]; !ok {
		id = ""
	}
	g.selected = id
	for k, v := range g.views {
		v.setSelected(k == id)
	}
	g.reveal(id)
	g.update()
}

// Selected returns the chosen card's ID, Original, or "".
func (g *Gallery) Selected() string { return g.selected }

// SetNote shows a sentence under the buttons.
func (g *Gallery) SetNote(s string) {
	g.note.SetText(s)
	g.root.Refresh()
}

func (g *Gallery) tapped(id string) {
	g.Select(id)
	call(g.OnSelect, id)
}

func (g *Gallery) rebuild() {
	g.strip.RemoveAll()
	for _, id := range g.order {
		g.strip.Add(g.views[id])
	}
	g.scroll.Refresh()
	g.update()
}

// reveal scrolls until the card can be seen whole.
func (g *Gallery) reveal(id string) {
	v, ok := g.views[id]
	if !ok || g.scroll.Size().Width <= 0 {
		return
	}
	left := v.Position().X
	right := left + theme.CardSize + 27
	at := g.scroll.Offset.X
	switch {
	case left < at:
		at = left
	case right > at+g.scroll.Size().Width:
		at = right - g.scroll.Size().Width
	default:
		return
	}
	g.scroll.ScrollToOffset(fyne.NewPos(at, 0))
}

// update enables the buttons; a disabled one says why in its tooltip.
func (g *Gallery) update() {
	chosen, ready := g.views[g.selected], 0
	for id, v := range g.views {
		if id != Original && v.card.State == Ready {
			ready++
		}
	}
	usable := chosen != nil && g.selected != Original && chosen.card.State == Ready
	set := func(b *widgets.Button, on bool, tip, key, why string) {
		t := text.T(tip)
		if key != "" {
			t += "  (" + key + ")"
		}
		if on {
			b.Enable()
		} else {
			b.Disable()
			t = text.T(why)
		}
		b.SetTip(t)
	}
	set(g.compare, usable, "ui.compare.tip", "C", "ui.choose_variant")
	set(g.use, usable, "ui.use.tip", "Enter", "ui.choose_variant")
	set(g.save, usable, "ui.save.tip", "S", "ui.choose_variant")
	set(g.saveAll, ready > 0, "ui.save_all.tip", "", "ui.no_variants")
	g.hint.Hidden = len(g.order) > 0
	g.hint.Refresh()
}
