// Package gallery shows the variants of all edits in groups, the newest edit
// first, beside the original and the picture as it is now: as a strip under the
// canvas, or as a grid over it.
//
// A gallery shows a View, which is plain values, and tells what the person does
// by Actions. Of its own it knows where it is scrolled to and what is under the
// pointer, nothing else. It is used on Fyne's goroutine alone.
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

// EditState is how far an edit has come.
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
	// Several reports that several services were asked: each card has the name of its own on
	// it, and a line beneath it.
	Several bool
	State   EditState
	// Elapsed is how long it has run, shown while it does; Cost is what it cost
	// or will, ready to be read, or "".
	Elapsed time.Duration
	Cost    string
	Used    []int // the numbers of the cards that are in the picture
	// Cancellable offers to cancel it, Behind to put it before others.
	Cancellable, Behind bool
	Cards               []Card
	Failed              []Trouble // why not all cards came, each of a service
}

// beneath is how high the line under its cards is.
func (e *Edit) beneath() float32 {
	if e.Several {
		return beneathHigh
	}
	return 0
}

// id is the ID of a card of the group.
func (e *Edit) id(part int64, n int) ID { return ID{cmp.Or(part, e.ID), n} }

// Trouble is why an edit failed at a service. Sentence is the whole of it, Short a few words
// for the card, or "".
type Trouble struct {
	// Edit is the part of the group that is the service's; 0 is the group.
	Edit int64
	// Service is what it is called, Beneath the line under the card, where there are several.
	Service, Beneath string
	Sentence, Short  string
	// Again offers to ask once more.
	Again bool
}

// State is how far a card has come.
type State int

// The states of a card. A Working one with an Image shows it as a preview.
const (
	Queued State = iota
	Working
	Ready
)

// Card is one variant.
type Card struct {
	// Edit is the part of the group that is its service's, as in ID; 0 is the group.
	Edit   int64
	N      int // as in ID
	Number int // its place in the edit, from 1; the first nine are its keys
	State  State
	// Fraction is how far a Working one is, 0 to 1, or negative where nobody can
	// tell; Stage says what is being done, or "".
	Fraction float64
	Stage    string
	// Image is the thumbnail in its true shape, or a preview, or nil. It should
	// have as many pixels as the largest card.
	Image                image.Image
	Used, Favourite, New bool
	Note                 string // more about it, for its tooltip
	// Service is what its service is called, Beneath the line under it, where there are several.
	Service, Beneath string
}

// Actions hear what the person does. A nil one is not called.
type Actions struct {
	// Choose hears a click on a card, Use a double click on a ready one, whose
	// first click was told as well.
	Choose, Use func(ID)
	// Menu hears a secondary click on a card or a heading, with its place in the
	// window.
	Menu func(id ID, at fyne.Position)
	// Compare hears that a card was dropped on another one.
	Compare func(dragged, on ID)
	// Favourite and Discard hear the signs on a card under the pointer.
	Favourite func(id ID, on bool)
	Discard   func(ID)
	// Again and Clear hear the buttons of a failed edit, Cancel and First those
	// of a heading.
	Again, Clear, Cancel, First func(edit int64)
	// Resize hears the size of the cards while the bar above is dragged, and with
	// done once at the end. The View has to follow.
	Resize func(size float32, done bool)
}

func tell[T any](f func(T), v T) {
	if f != nil {
		f(v)
	}
}

// cardSize is the size of the view's cards within its limits.
func (v *View) cardSize() float32 {
	if v.CardSize == 0 {
		return Usual
	}
	return max(Smallest, min(Largest, v.CardSize))
}

// beneath is how high the line under the cards is, 0 where there is none.
func (v *View) beneath() float32 {
	if slices.ContainsFunc(v.Edits, func(e Edit) bool { return e.Several }) {
		return beneathHigh
	}
	return 0
}

// empty reports that no picture is open.
func (v *View) empty() bool { return v.Original == nil && v.Current == nil }

// sameHeading reports whether two edits have the same heading.
func sameHeading(a, b *Edit) bool {
	return a.ID == b.ID && a.Prompt == b.Prompt && a.Service == b.Service && a.State == b.State && a.Cost == b.Cost &&
		a.Cancellable == b.Cancellable && a.Behind == b.Behind && slices.Equal(a.Used, b.Used) && seconds(a) == seconds(b)
}

// seconds is what is shown of the time that an edit has run.
func seconds(e *Edit) int {
	if e.State != Running {
		return 0
	}
	return int(e.Elapsed / time.Second)
}

// StripHeight is how high the strip is for cards of a size, without lines beneath them.
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
