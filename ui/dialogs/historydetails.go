package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// variantSide is how large a variant is shown.
const variantSide float32 = 116

// historyDetails is the right side of the history: all of one entry.
type historyDetails struct {
	sheet *historySheet
	root  *fyne.Container
	item  *history.Item
	// chosen is the index in item.Variants of what would be saved.
	chosen int
	tiles  []*tile

	scroll   *container.Scroll
	strip    *fyne.Container
	prompt   *widgets.Label
	warning  *fyne.Container
	sentence *widgets.Label
	facts    *widgets.Label
	star     *widgets.ToolButton
	save     *widgets.Button
	refer    *widgets.Button
	again    *widgets.Button
	fetch    *widgets.Button
	buttons  *fyne.Container
}

func newHistoryDetails(d *historySheet) *historyDetails {
	h := &historyDetails{
		sheet: d, strip: container.NewGridWrap(fyne.NewSquareSize(variantSide)),
		prompt: widgets.NewText("").Wrap(), sentence: widgets.NewText("").Wrap(), facts: widgets.NewLabel("").Wrap(),
	}
	h.warning = widgets.Beside(10, widgets.NewIcon("warning", 18, theme.Warning), h.sentence)
	do := func(key, tip string, f func()) *widgets.Button {
		b := widgets.NewButton(text.T(key), "", widgets.Normal, f)
		if tip != "" {
			b.SetTip(text.T(tip))
		}
		return b
	}
	h.star = widgets.NewToolButton("star", text.T("dialog.history.favourite"), h.toggleStar).Small()
	remove := widgets.NewToolButton("trash", text.T("dialog.history.delete"), func() { d.remove(h.item.ID) }).Small()
	reuse := do("dialog.history.reuse", "dialog.history.reuse_tip", func() { d.leave(d.OnReuse, *h.item) })
	reopen := do("dialog.history.reopen", "dialog.history.reopen_tip", func() { d.leave(d.OnReopen, *h.item) })
	h.save = do("dialog.history.save", "", func() { d.OnSave(*h.item, h.item.Variants[h.chosen]) })
	h.refer = do("ui.card.reference", "", func() {
		v := h.item.Variants[h.chosen]
		d.leave(func(i history.Item) { d.OnReference(i, v) }, *h.item)
	})
	recipe := do("menu.save_recipe", "dialog.history.recipe_tip", func() { d.OnRecipe(*h.item) })
	h.again = do("dialog.again.do", "", h.askAgain)
	h.fetch = do("dialog.next.fetch", "dialog.history.fetch_tip", func() { d.leave(d.OnFetch, *h.item) })
	marks := widgets.Column(0, widgets.Row(0, h.star, remove))
	h.buttons = container.NewBorder(nil, nil, nil, marks, container.New(&wrapLayout{gap: theme.Gap}, reuse, reopen, h.save, h.refer, recipe, h.fetch, h.again))
	column := widgets.Column(12, h.strip, h.warning, h.prompt, h.facts)
	h.scroll = widgets.NewScroll(widgets.Pad(0, 12, 0, 0, column))
	h.root = container.NewBorder(nil, widgets.Pad(12, 0, 0, 0, h.buttons), nil, nil, h.scroll)
	h.set(nil)
	return h
}

// set shows an entry, or nothing for nil.
func (h *historyDetails) set(i *history.Item) {
	fresh := i == nil || h.item == nil || i.ID != h.item.ID
	h.item = i
	if i == nil {
		h.root.Hide()
		return
	}
	if fresh {
		h.chosen = 0
		h.scroll.ScrollToTop()
	}
	h.root.Show()
	h.prompt.SetText(promptText(*i))
	h.facts.SetText(facts(*i))
	h.warning.Hide()
	if s := trouble(*i); s != "" {
		h.sentence.SetText(s)
		h.warning.Show()
	}
	h.showStar()
	show(h.save, len(i.Variants) > 0)
	show(h.refer, len(i.Variants) > 0 && h.sheet.OnReference != nil)
	// Only what did not come whole is worth asking for again as it was.
	show(h.again, i.Over && i.Outcome != "")
	show(h.fetch, i.Over && i.Answers > 0 && len(i.Variants) < i.Asked)
	h.tiles = nil
	h.strip.RemoveAll()
	for n, v := range i.Variants {
		t := newTile(func() { h.choose(n) })
		t.hash = v.File
		h.tiles = append(h.tiles, t)
		h.strip.Add(t)
	}
	if len(i.Variants) == 0 && i.Canvas != "" {
		t := newTile(nil)
		t.hash = i.Canvas
		h.tiles = append(h.tiles, t)
		h.strip.Add(t)
	}
	h.choose(min(h.chosen, max(0, len(i.Variants)-1)))
	h.arrived()
	h.root.Refresh()
}

func show(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

func (h *historyDetails) choose(n int) {
	h.chosen = n
	for i, t := range h.tiles {
		t.choose(i == n && len(h.item.Variants) > 1)
	}
}

// arrived shows the thumbnails that there are by now.
func (h *historyDetails) arrived() {
	for _, t := range h.tiles {
		if t.picture.Image() == nil {
			if img := h.sheet.thumbs.get(t.hash); img != nil {
				t.picture.SetImage(img)
			}
		}
	}
}

func (h *historyDetails) toggleStar() {
	on := !h.item.Favourite
	h.sheet.favourite(h.item.ID, on)
	h.item.Favourite = on
	h.showStar()
}

func (h *historyDetails) showStar() {
	icon := "star"
	if h.item.Favourite {
		icon = "star-on"
	}
	h.star.SetIcon(icon)
}

// askAgain asks first: the request costs anew, and the first one may have been charged
// already.
func (h *historyDetails) askAgain() {
	i := *h.item
	question := text.T("dialog.again.text")
	if maybeCharged(i) {
		question = text.Sentences(trouble(i), question)
	}
	Confirm(h.sheet.window, text.T("dialog.again"), question, text.T("dialog.again.do"), func() {
		h.sheet.leave(h.sheet.OnAgain, i)
	})
}

// tile is a thumbnail that can be chosen.
type tile struct {
	widget.BaseWidget
	hash    string
	picture *widgets.Picture
	edge    *widgets.Surface
	tapped  func()
}

func newTile(tapped func()) *tile {
	t := &tile{picture: widgets.NewPicture(variantSide - 6), edge: widgets.NewSurface("").Rounded(""), tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *tile) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(t.edge, widgets.Pad(2, 2, 2, 2, t.picture)))
}

// Tapped chooses the thumbnail.
func (t *tile) Tapped(*fyne.PointEvent) {
	if t.tapped != nil {
		t.tapped()
	}
}

func (t *tile) choose(on bool) {
	if on {
		t.edge.SetColors(theme.Accent, "")
	} else {
		t.edge.SetColors("", "")
	}
}

// wrapLayout places objects side by side, each at its minimum size, and goes on
// in another line where the width is used up. How high that makes it depends on
// the width that it was given last.
type wrapLayout struct{ gap, width float32 }

func (l *wrapLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.each(objects, func(o fyne.CanvasObject, at fyne.Position) {
		o.Resize(o.MinSize())
		o.Move(at)
	})
}

func (l *wrapLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	l.each(objects, func(o fyne.CanvasObject, at fyne.Position) {
		min := o.MinSize()
		size = fyne.NewSize(max(size.Width, min.Width), max(size.Height, at.Y+min.Height))
	})
	return size
}

// each tells the place of each object that is shown.
func (l *wrapLayout) each(objects []fyne.CanvasObject, place func(fyne.CanvasObject, fyne.Position)) {
	var at fyne.Position
	var high float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		min := o.MinSize()
		if at.X > 0 && l.width > 0 && at.X+min.Width > l.width {
			at = fyne.NewPos(0, at.Y+high+l.gap)
			high = 0
		}
		place(o, at)
		at.X += min.Width + l.gap
		high = max(high, min.Height)
	}
}
