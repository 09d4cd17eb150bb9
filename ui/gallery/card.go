package gallery

import (
	"cmp"
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// face is the content of a card on the screen.
type face struct {
	Card
	id              ID
	name            string  // of a fixed card, in place of a number
	trouble         Trouble // of the card of a failed edit
	several         bool    // it shows the name of its service and a line beneath it
	chosen, against bool
	focused         bool // by the keyboard
}

// card is a card on the screen. It is reused for other faces.
type card struct {
	widget.BaseWidget
	g       *Gallery
	face    face
	hovered bool
	at      sign // under the pointer
	target  bool // another card is dragged over it

	scaled image.Image // face.Image as large as it is shown
	of     image.Image
	room   fyne.Size // that scaled was made for
	tips   widgets.TipOwner
}

// sign is a button on a card.
type sign int

const (
	noSign sign = iota
	starSign
	crossSign
	againSign
	clearSign
)

func newCard(g *Gallery) *card {
	c := &card{g: g}
	c.ExtendBaseWidget(c)
	c.Hide()
	widgets.Track(c)
	return c
}

// ControlName is "original", "current", "edit 2 failed" or "edit 2 card 1".
func (c *card) ControlName() string {
	switch id := c.face.id; {
	case id == Original:
		return "original"
	case id == Current:
		return "current"
	case id.N == Failure:
		return fmt.Sprintf("edit %d failed", id.Edit)
	default:
		return fmt.Sprintf("edit %d card %d", id.Edit, id.N+1)
	}
}

// put places the card and shows it.
func (c *card) put(x, y float32, s fyne.Size) {
	c.Move(fyne.NewPos(x, y))
	if c.Size() != s {
		c.Resize(s)
	}
	if c.Hidden {
		c.Show()
	}
}

// set shows a face, and redraws nothing where it is the same.
func (c *card) set(f face) {
	if f == c.face && !c.stale() {
		return
	}
	if f.id != c.face.id {
		c.hovered, c.target, c.at = false, false, noSign
	}
	c.face = f
	c.g.redrawn++
	c.Refresh()
}

// stale reports whether the picture was made for another size.
func (c *card) stale() bool { return c.face.Image != nil && c.room != c.Size() && !c.g.sizing }

// rest hides the card, stops its bar and releases its picture.
func (c *card) rest() {
	c.tips.Leave(c)
	c.scaled, c.of = nil, nil
	c.face = face{}
	if !c.Hidden {
		c.Refresh()
		c.Hide()
	}
}

// picture returns the face's image, scaled as it is shown.
func (c *card) picture() image.Image {
	f := &c.face
	if f.Image != c.of || c.room != c.Size() {
		c.of, c.scaled, c.room = f.Image, nil, c.Size()
		if f.Image != nil {
			c.scaled = c.g.sharp(f.Image, c.box())
		}
		if c.g.sizing {
			c.room = fyne.Size{}
		}
	}
	return c.scaled
}

// box returns the size of the card without the line beneath it.
func (c *card) box() fyne.Size {
	if c.face.several {
		return c.Size().SubtractWidthHeight(0, beneathHigh)
	}
	return c.Size()
}

func (c *card) failed() bool { return c.face.id.N == Failure && c.face.id.Edit > 0 }

// variant reports whether the card is one that has come.
func (c *card) variant() bool { return c.face.id.Edit > 0 && c.face.State == Ready && !c.failed() }

const (
	signSide = float32(22) // of the squares that can be pressed
	signPad  = float32(4)
	footHigh = float32(28) // of the line with a failed edit's buttons
)

// signAt returns the button at a position on the card.
func (c *card) signAt(p fyne.Position) sign {
	s := c.box()
	right := p.X >= s.Width-signSide-signPad
	switch {
	case c.failed():
		if p.Y < s.Height-footHigh {
			return noSign
		}
		if again := c.againWidth(); p.X < again {
			return againSign
		} else if p.X < again+textWidth(text.T("gallery.clear"))+2*buttonGap {
			return clearSign
		}
	case p.Y > s.Height: // beneath it
	case c.variant() && right && p.Y < signSide+signPad:
		return starSign
	case c.face.id.Edit > 0 && right && p.Y >= s.Height-signSide-signPad:
		return crossSign
	}
	return noSign
}

// againWidth returns the width of the button Again, 0 where there is none.
func (c *card) againWidth() float32 {
	if !c.face.trouble.Again {
		return 0
	}
	return textWidth(text.T("ui.card.again")) + 2*buttonGap
}

const buttonGap = float32(8)

func textWidth(s string) float32 {
	return fyne.MeasureText(s, theme.LabelSize, fyne.TextStyle{}).Width
}

// Tapped chooses the card or presses the button under the pointer.
func (c *card) Tapped(e *fyne.PointEvent) {
	c.tips.Leave(c)
	f := c.face
	switch c.signAt(e.Position) {
	case starSign:
		if c.g.do.Favourite != nil {
			c.g.do.Favourite(f.id, !f.Favourite)
		}
	case crossSign:
		widgets.TakenAway(c)
		tell(c.g.do.Discard, f.id)
	case againSign:
		tell(c.g.do.Again, f.id.Edit)
	case clearSign:
		widgets.TakenAway(c)
		tell(c.g.do.Clear, f.id.Edit)
	case noSign:
		if c.g.grid && !c.failed() { // which goes away: the second click wouldn't be the card's
			widgets.TakenAwayFor(c, func() { c.g.use(&f) })
		}
		c.g.tap(&f)
	}
}

// TappedSecondary opens the card's menu.
func (c *card) TappedSecondary(e *fyne.PointEvent) {
	c.tips.Leave(c)
	if c.g.do.Menu != nil {
		c.g.do.Menu(c.face.id, e.AbsolutePosition)
	}
}

// Dragged moves the card's picture with the pointer.
func (c *card) Dragged(e *fyne.DragEvent) {
	c.tips.Leave(c)
	if c.g.dragged == nil && c.face.Image != nil && !c.failed() {
		c.g.dragged = c
	}
	if c.g.dragged == c {
		c.g.dragTo(e.AbsolutePosition)
	}
}

// DragEnd drops the card.
func (c *card) DragEnd() {
	if c.g.dragged == c {
		c.g.drop()
	}
}

func (c *card) tip() string {
	f := &c.face
	switch {
	case c.failed():
		if c.at == clearSign {
			return text.T("gallery.clear.tip")
		}
		if f.Service != "" {
			return text.T("gallery.failed_at", "Service", f.Service, "Sentence", f.trouble.Sentence)
		}
		return f.trouble.Sentence
	case c.at == starSign && f.Favourite:
		return text.T("gallery.no_favourite.tip")
	case c.at == starSign:
		return text.T("gallery.favourite.tip")
	case c.at == crossSign:
		return text.T("gallery.discard.tip")
	case f.id == Original:
		return text.T("ui.card.original_tip") + "  (Tab)"
	case f.id == Current:
		return text.T("gallery.current.tip")
	case f.State == Queued:
		return text.T("ui.card.queued_tip")
	case f.Note != "":
		return f.Note
	case f.State == Ready:
		return text.T("ui.card.tip")
	}
	return f.Stage
}

// MouseIn shows the card's buttons and arms its tooltip.
func (c *card) MouseIn(e *desktop.MouseEvent) {
	c.hovered = true
	c.at = c.signAt(e.Position)
	c.tips.SetTip(c.tip())
	c.tips.Enter(c)
	c.Refresh()
}

// MouseMoved highlights the button under the pointer.
func (c *card) MouseMoved(e *desktop.MouseEvent) {
	if at := c.signAt(e.Position); at != c.at {
		c.at = at
		c.tips.SetTip(c.tip())
		c.tips.Enter(c)
		c.Refresh()
	}
}

// MouseOut ends what MouseIn began.
func (c *card) MouseOut() {
	c.hovered, c.at = false, noSign
	c.tips.Leave(c)
	c.Refresh()
}

// Cursor is a hand over what can be pressed.
func (c *card) Cursor() desktop.Cursor {
	if c.at != noSign {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// label returns the text in the corner.
func (f *face) label() string {
	if f.name != "" || f.id.N < 0 || f.Number == 0 {
		return f.name
	}
	return fmt.Sprint(f.Number)
}

// short returns the text of a failed edit's card.
func (f *face) short() string {
	words := cmp.Or(f.trouble.Short, f.trouble.Sentence)
	if f.several {
		return text.T("gallery.failed_at", "Service", f.Service, "Sentence", words)
	}
	return words
}

// doing returns the text of a card without a picture.
func (f *face) doing() string {
	switch f.State {
	case Queued:
		return text.T("ui.card.queued")
	case Working:
		return cmp.Or(f.Stage, text.T("ui.card.waiting"))
	}
	return ""
}
