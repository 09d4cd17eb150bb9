package gallery

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Gallery is a strip or a grid of cards.
type Gallery struct {
	do   Actions
	grid bool
	view View
	plan plan

	root    *fyne.Container
	fixed   *fyne.Container // the strip's cards that are not scrolled
	scroll  *container.Scroll
	content *fyne.Container
	hint    *widgets.Label
	ghost   *ghost
	keys    *keyboard
	origin  *card
	current *card

	cards    map[ID]*card
	headings map[int64]*heading
	lines    []*widgets.Surface
	idle     []*card // built, and hidden until they are needed
	idleHead []*heading

	sizing  bool // the bar is being dragged
	dragged *card
	over    *card
	tapped  ID
	when    time.Time
	now     func() time.Time
	redrawn int // cards and headings, for tests
}

// NewStrip returns a gallery in one line, StripHeight high, that scrolls horizontally.
func NewStrip(do Actions) *Gallery {
	g := newGallery(do)
	g.origin, g.current = newCard(g), newCard(g)
	g.fixed = container.NewWithoutLayout(g.origin, g.current)
	g.scroll = container.NewHScroll(g.content)
	bar := newSizeBar(g)
	g.root = container.New(&stripLayout{g}, widgets.NewSurface(theme.Panel), g.scroll, g.fixed, g.hint,
		widgets.NewDivider(), bar, widgets.NewSurface(theme.Edge).Thin(), g.ghost.layer, g.keys)
	g.start()
	return g
}

// NewGrid returns a gallery in several lines that scrolls vertically, to lie over the canvas.
// The size of its cards depends on its width.
func NewGrid(do Actions) *Gallery {
	g := newGallery(do)
	g.grid = true
	g.scroll = container.NewVScroll(g.content)
	g.root = container.New(&gridLayout{g}, widgets.NewSurface(theme.Surround), g.scroll, g.hint, g.ghost.layer, g.keys)
	g.start()
	return g
}

func newGallery(do Actions) *Gallery {
	g := &Gallery{
		do: do, cards: map[ID]*card{}, headings: map[int64]*heading{}, ghost: newGhost(), now: time.Now,
		hint: widgets.NewLabel(text.T("ui.gallery.empty")),
	}
	g.keys = newKeyboard(g)
	g.content = container.New(&contentLayout{g})
	return g
}

func (g *Gallery) start() {
	g.scroll.OnScrolled = func(fyne.Position) { g.show() }
	g.Set(View{})
}

// Object returns the gallery's root object.
func (g *Gallery) Object() fyne.CanvasObject { return g.root }

// Set shows a view. Cards and headings that look the same as before are not redrawn, and those
// that were visible stay where they are on the screen. A card that has become the chosen one
// is scrolled to.
func (g *Gallery) Set(v View) {
	before, anchor, at := g.view, g.anchor(), g.offset()
	g.view = v
	g.arrange()
	if anchor != (ID{}) && at > 0 {
		was, ok := planOf(&before, g).find(anchor)
		if is, still := g.plan.find(anchor); ok && still {
			g.scrollTo(at + g.along(is) - g.along(was))
		}
	}
	g.keys.follow(v.Chosen != before.Chosen)
	g.hint.Hidden = len(v.Edits) > 0
	if before.cardSize() != v.cardSize() || before.beneath() != v.beneath() || before.empty() != v.empty() {
		g.root.Refresh()
	}
	g.show()
	if v.Chosen != before.Chosen {
		g.Reveal(v.Chosen)
	}
}

func planOf(v *View, g *Gallery) *plan {
	p := planStrip
	if g.grid {
		p = func(v *View) plan { return planGrid(v, g.root.Size().Width) }
	}
	all := p(v)
	return &all
}

// arrange computes the places of all cards.
func (g *Gallery) arrange() {
	was := g.plan
	g.plan = *planOf(&g.view, g)
	if was.width != g.plan.width || was.height != g.plan.height {
		g.scroll.Refresh()
	}
}

// along returns a place's distance from the beginning of the scrolled content.
func (g *Gallery) along(p place) float32 {
	if g.grid {
		return p.y
	}
	return p.x
}

func (g *Gallery) offset() float32 {
	if g.grid {
		return g.scroll.Offset.Y
	}
	return g.scroll.Offset.X
}

func (g *Gallery) room() float32 {
	if g.grid {
		return g.scroll.Size().Height
	}
	return g.scroll.Size().Width
}

func (g *Gallery) scrollTo(at float32) {
	if g.room() <= 0 {
		return
	}
	if g.grid {
		g.scroll.ScrollToOffset(fyne.NewPos(0, at))
	} else {
		g.scroll.ScrollToOffset(fyne.NewPos(at, 0))
	}
	g.show()
}

// anchor returns the first card that is wholly visible.
func (g *Gallery) anchor() ID {
	at := g.offset()
	places, _ := g.plan.visible(g.grid, at, at+g.room())
	for _, p := range places {
		if g.along(p) >= at {
			return p.id
		}
	}
	return ID{}
}

// ScrollTo scrolls until an edit's heading and first cards are visible.
func (g *Gallery) ScrollTo(edit int64) {
	for _, s := range g.plan.sections {
		if g.view.Edits[s.edit].ID == edit {
			if g.grid {
				g.reveal(s.y, s.bottom)
			} else {
				g.reveal(s.x, s.right)
			}
		}
	}
}

// Reveal scrolls until a card is wholly visible.
func (g *Gallery) Reveal(id ID) {
	p, ok := g.plan.find(id)
	switch {
	case !ok:
	case g.grid:
		g.reveal(p.y, p.y+p.h)
	default:
		g.reveal(p.x, p.x+p.w)
	}
}

// reveal scrolls as little as possible; of a range longer than the room the beginning is
// shown.
func (g *Gallery) reveal(from, to float32) {
	from, to = max(0, from-gap), to+gap
	switch at := g.offset(); {
	case from < at || to-from > g.room():
		g.scrollTo(from)
	case to > at+g.room():
		g.scrollTo(to - g.room())
	}
}

// show builds the visible cards and hides the others.
func (g *Gallery) show() {
	at := g.offset()
	places, sections := g.plan.visible(g.grid, at-gap, at+g.room()+gap)
	seen := map[ID]bool{}
	for _, p := range places {
		seen[p.id] = true
	}
	for id, c := range g.cards {
		if !seen[id] && c != g.dragged {
			delete(g.cards, id)
			c.rest()
			g.idle = append(g.idle, c)
		}
	}
	for _, p := range places {
		c := g.cards[p.id]
		if c == nil {
			c = g.take()
			g.cards[p.id] = c
		}
		c.put(p.x, p.y, fyne.NewSize(p.w, p.h))
		c.set(g.faceOf(p))
	}
	g.showFixed()
	g.showHeadings(sections, at)
}

// take returns a card that is not in use.
func (g *Gallery) take() *card {
	if n := len(g.idle); n > 0 {
		c := g.idle[n-1]
		g.idle = g.idle[:n-1]
		return c
	}
	c := newCard(g)
	g.content.Objects = append(g.content.Objects, c)
	return c
}

func (g *Gallery) showFixed() {
	if g.grid {
		return
	}
	size := g.view.cardSize()
	for i, c := range []*card{g.origin, g.current} {
		if g.view.empty() {
			c.rest()
			continue
		}
		c.put(padding+float32(i)*(size+gap), stripTop, fyne.NewSquareSize(size))
		c.set(g.fixedFace(i))
	}
}

// showHeadings shows the headings of sections. In a strip a heading stays visible as long as
// its group is.
func (g *Gallery) showHeadings(sections []section, at float32) {
	seen := map[int64]bool{}
	for _, s := range sections {
		seen[g.view.Edits[s.edit].ID] = true
	}
	for id, h := range g.headings {
		if !seen[id] {
			delete(g.headings, id)
			h.Hide()
			g.idleHead = append(g.idleHead, h)
		}
	}
	for i, s := range sections {
		e := &g.view.Edits[s.edit]
		h := g.headings[e.ID]
		if h == nil {
			h = g.takeHeading()
			g.headings[e.ID] = h
		}
		x := s.x
		if !g.grid {
			x = max(x, min(at, s.right-groupLeast))
		}
		h.Move(fyne.NewPos(x, s.y))
		h.Resize(fyne.NewSize(s.right-x, headHigh))
		h.set(e)
		h.Show()
		g.placeLine(i, s)
	}
	for _, l := range g.lines[len(sections):] {
		l.Hide()
	}
}

// placeLine draws the line before a group.
func (g *Gallery) placeLine(i int, s section) {
	if i == len(g.lines) {
		l := widgets.NewSurface(theme.Edge).Thin()
		g.lines = append(g.lines, l)
		g.content.Objects = append(g.content.Objects, l)
	}
	l := g.lines[i]
	l.Hidden = s.edit == 0
	if g.grid {
		l.Move(fyne.NewPos(s.x, s.y-groupGap/2))
		l.Resize(fyne.NewSize(s.right-s.x, 1))
	} else {
		l.Move(fyne.NewPos(s.x-groupGap/2, stripTop))
		l.Resize(fyne.NewSize(1, g.plan.high))
	}
}

func (g *Gallery) takeHeading() *heading {
	if n := len(g.idleHead); n > 0 {
		h := g.idleHead[n-1]
		g.idleHead = g.idleHead[:n-1]
		return h
	}
	h := newHeading(g)
	g.content.Objects = append(g.content.Objects, h)
	return h
}

// faceOf returns the face of the card at a place.
func (g *Gallery) faceOf(p place) face {
	if p.edit < 0 {
		return g.fixedFace(p.card)
	}
	e := &g.view.Edits[p.edit]
	f := face{id: p.id, chosen: p.id == g.view.Chosen, against: p.id == g.view.Against}
	f.several, f.focused = e.Several, g.keys.on(p.id)
	if p.id.N == Failure {
		f.trouble = e.Failed[p.card]
		f.Service, f.Beneath = f.trouble.Service, f.trouble.Beneath
	} else {
		f.Card = e.Cards[p.card]
	}
	return f
}

func (g *Gallery) fixedFace(i int) face {
	f := face{id: Original, Card: Card{State: Ready, Image: g.view.Original}, name: text.T("ui.original")}
	if i == 1 {
		f = face{id: Current, Card: Card{State: Ready, Image: g.view.Current}, name: text.T("gallery.current")}
	}
	f.chosen, f.against, f.focused = f.id == g.view.Chosen, f.id == g.view.Against, g.keys.on(f.id)
	return f
}

// tap reports a click, and the second of two within widgets.DoubleClick as a double click.
func (g *Gallery) tap(f *face) {
	if f.id.N == Failure {
		return
	}
	if f.id == g.tapped && g.now().Sub(g.when) < widgets.DoubleClick {
		g.tapped = ID{}
		g.use(f)
		return
	}
	tell(g.do.Choose, f.id)
	g.tapped, g.when = f.id, g.now() // since showing a large picture takes time
}

// use reports a double click on a card.
func (g *Gallery) use(f *face) {
	if f.id.Edit > 0 && f.State == Ready {
		tell(g.do.Use, f.id)
	}
}

// contentLayout gives the scrolled content its size; the gallery places what is in it.
type contentLayout struct{ g *Gallery }

func (l *contentLayout) Layout([]fyne.CanvasObject, fyne.Size) {}
func (l *contentLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.g.plan.width, l.g.plan.height)
}

type stripLayout struct{ g *Gallery }

func (l *stripLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, StripHeight(l.g.view.cardSize())+l.g.view.beneath())
}

func (l *stripLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	g, left := l.g, float32(0)
	if !g.view.empty() {
		left = padding + 2*(g.view.cardSize()+gap)
	}
	o[0].Resize(s)
	g.scroll.Move(fyne.NewPos(left, 0))
	g.scroll.Resize(fyne.NewSize(max(0, s.Width-left), s.Height))
	g.hint.Resize(g.hint.MinSize())
	g.hint.Move(fyne.NewPos(left+gap, stripTop+(g.view.cardSize()-g.hint.MinSize().Height)/2))
	o[4].Resize(fyne.NewSize(s.Width, 1))
	o[5].Resize(fyne.NewSize(s.Width, barHigh))
	if o[6].Show(); left == 0 {
		o[6].Hide()
	}
	o[6].Resize(fyne.NewSize(1, g.plan.high))
	o[6].Move(fyne.NewPos(left-1, stripTop))
	g.ghost.layer.Resize(s)
	g.show()
}

type gridLayout struct{ g *Gallery }

func (l *gridLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, 120) }

func (l *gridLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	g := l.g
	o[0].Resize(s)
	g.arrange()
	g.scroll.Resize(s)
	g.hint.Resize(g.hint.MinSize())
	top := padding
	if !g.view.empty() {
		top += g.plan.high + groupGap
	}
	g.hint.Move(fyne.NewPos(padding, top))
	g.ghost.layer.Resize(s)
	g.show()
}

// sharp returns an image scaled to the size at which it is shown, so that its pixels don't
// shimmer, and so that all of it is seen. While the cards' size is being dragged the image is returned as it is.
func (g *Gallery) sharp(img image.Image, size fyne.Size) image.Image {
	if g.sizing {
		return img
	}
	side := pixels(g.root, min(size.Width, size.Height))
	return seen(fitted(img, side), side)
}
