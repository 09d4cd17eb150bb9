// Package gallery shows the variants of all edits in groups, the newest edit first, beside the
// original and the current picture: as a strip under the canvas, or as a grid over it.
//
// A gallery shows a View, which is plain values, and reports the user's actions by Actions.
// Its own state is its scroll position and what is under the pointer. It is used on Fyne's
// goroutine alone.
package gallery

import (
	"cmp"
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/ui/theme"
)

// ID names a card: a variant of an edit. It stays the same wherever the card is.
type ID struct {
	Edit int64 // above 0
	N    int   // of the variant within its edit, from 0
}

// The cards that are always there. The zero ID is no card.
var (
	Original = ID{Edit: -1}
	Current  = ID{Edit: -2}
)

// The values of ID.N for what is no variant.
const (
	Failure = -1 // the card that says why an edit failed
	Heading = -2 // an edit's heading line
)

// Smallest, Largest and Usual are sizes of cards, in Fyne's units.
const (
	Smallest float32 = 72
	Largest  float32 = 320
	Usual    float32 = 92
)

// View is all that a gallery shows.
type View struct {
	// Original and Current are the thumbnails of the two fixed cards; both nil
	// where no picture is open.
	Original, Current image.Image
	Edits             []Edit // the newest first
	// Chosen is the card that the canvas shows; Against the one that it is
	// compared with, or the zero ID.
	Chosen, Against ID
	// CardSize is how wide and high the strip's cards are, Smallest to Largest; 0 is
	// Usual. The grid's are larger.
	CardSize float32
}

// EditState is the state of an edit.
type EditState int

// The states of an edit.
const (
	Waiting EditState = iota // for others, or for its preparation
	Running
	Ended
)

// Edit is a group of cards under a heading.
type Edit struct {
	ID      int64
	Prompt  string // one line
	Service string // what it is called, or all of them
	// Several reports whether several services were asked: each card has the name of its own on
	// it, and a line beneath it.
	Several bool
	State   EditState
	// Cancelled reports whether cards are missing since the user cancelled it.
	Cancelled bool
	// Elapsed is how long it has run, shown while it does; Cost is the charge or the estimate
	// in words, or "".
	Elapsed time.Duration
	Cost    string
	Used    []int // the numbers of the cards that are in the picture
	// Cancellable offers to cancel it, Behind to move it before others.
	Cancellable, Behind bool
	Cards               []Card
	Failed              []Trouble // why not all cards came, each of a service
}

// beneath returns the height of the line under its cards.
func (e *Edit) beneath() float32 {
	if e.Several {
		return beneathHigh
	}
	return 0
}

// id is the ID of a card of the group.
func (e *Edit) id(part int64, n int) ID { return ID{cmp.Or(part, e.ID), n} }

// Trouble is why an edit failed at a service. Sentence is the full reason, Short a few words
// for the card, or "".
type Trouble struct {
	// Edit is the ID of the service's part of the group; 0 stands for the group.
	Edit int64
	// Service is the service's name, Beneath the line under the card, where there are several
	// services.
	Service, Beneath string
	Sentence, Short  string
	// Again offers to request the edit again.
	Again bool
}

// State is the state of a card.
type State int

// The states of a card. A Working one with an Image shows it as a preview.
const (
	Queued State = iota
	Working
	Ready
)

// Card is one variant.
type Card struct {
	// Edit is the ID of the service's part of the group, as in ID; 0 stands for the group.
	Edit   int64
	N      int // as in ID
	Number int // its place in the edit, from 1; the first nine are its keys
	State  State
	// Fraction is the progress of a Working card, 0 to 1, or negative where it is unknown;
	// Stage says what is being done, or "".
	Fraction float64
	Stage    string
	// Image is the thumbnail at its true aspect ratio, or a preview, or nil. It should have as
	// many pixels as the largest card.
	Image                image.Image
	Used, Favourite, New bool
	Note                 string // more about it, for its tooltip
	// Service is the service's name, Beneath the line under the card, where there are several
	// services.
	Service, Beneath string
}

// Actions are called for the user's actions. A nil one is not called.
type Actions struct {
	// Choose is called for a click on a card, Use for a double click on a ready one, after
	// Choose for its first click.
	Choose, Use func(ID)
	// Menu is called for a secondary click on a card or a heading, with the position in the
	// window.
	Menu func(id ID, at fyne.Position)
	// Compare is called when a card was dropped on another one.
	Compare func(dragged, on ID)
	// Favourite and Discard are called for the buttons on a card.
	Favourite func(id ID, on bool)
	Discard   func(ID)
	// Again and Clear are called for the buttons of a failed edit, Cancel and First for those
	// of a heading.
	Again, Clear, Cancel, First func(edit int64)
	// Resize is called with the size of the cards while the bar above is dragged, and with done
	// once at the end. The caller then sets a View of that size.
	Resize func(size float32, done bool)
}

func tell[T any](f func(T), v T) {
	if f != nil {
		f(v)
	}
}

// cardSize returns the size of the view's cards within its limits.
func (v *View) cardSize() float32 {
	if v.CardSize == 0 {
		return Usual
	}
	return max(Smallest, min(Largest, v.CardSize))
}

// beneath returns the height of the line under the cards, 0 where there is none.
func (v *View) beneath() float32 {
	if slices.ContainsFunc(v.Edits, func(e Edit) bool { return e.Several }) {
		return beneathHigh
	}
	return 0
}

// empty reports whether no picture is open.
func (v *View) empty() bool { return v.Original == nil && v.Current == nil }

// sameHeading reports whether two edits have the same heading.
func sameHeading(a, b *Edit) bool {
	return a.ID == b.ID && a.Prompt == b.Prompt && a.Service == b.Service && a.State == b.State && a.Cancelled == b.Cancelled && a.Cost == b.Cost &&
		a.Cancellable == b.Cancellable && a.Behind == b.Behind && slices.Equal(a.Used, b.Used) && seconds(a) == seconds(b)
}

// seconds returns the elapsed time of an edit in whole seconds.
func seconds(e *Edit) int {
	if e.State != Running {
		return 0
	}
	return int(e.Elapsed / time.Second)
}

// StripHeight returns the height of a strip for cards of a size, without lines beneath them.
func StripHeight(size float32) float32 { return stripTop + size + stripBottom }

const (
	padding     = theme.PanelPadding + 2
	gap         = float32(10) // between cards
	groupGap    = float32(20) // between groups, with a line in the middle
	headHigh    = float32(20)
	stripTop    = 1 + 6 + headHigh + 8
	stripBottom = float32(9)
	beneathHigh = float32(17)  // of the line under the cards of several services
	troubleWide = float32(188) // of the card of a failed edit
	groupLeast  = float32(188) // of a group, so that its heading can be read
)
