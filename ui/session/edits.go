package session

import (
	"context"
	"image"
	"slices"
	"strings"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// EditID identifies an edit within its session, in the order in which they were requested.
type EditID int64

// VariantID identifies a variant, whether it has arrived or not. N is its index in its edit,
// from 0, which never changes; the number on its card may.
type VariantID struct {
	Edit EditID
	N    int
}

// EditState is how far an edit has come.
type EditState string

// The states in their order.
const (
	Preparing EditState = "preparing" // nothing has been asked for yet
	Waiting   EditState = "waiting"   // for other edits
	Running   EditState = "running"
	Done      EditState = "done"
	Failed    EditState = "failed" // some failed: Edit.Failures
)

// CardState is how far a variant has come.
type CardState string

// The states of a card.
const (
	CardWaiting CardState = "waiting"
	CardWorking CardState = "working"
	CardReady   CardState = "ready"
)

// Edit is one edit as the gallery shows it: a group of cards under a heading. Where several
// services were asked at once, its ID is that of the first service's part.
type Edit struct {
	ID     EditID
	Prompt string // one line
	// Service is the name of the connection, or the names of all of them.
	Service Sentence
	// Several reports whether several services were asked, so that each card tells its own.
	Several bool
	// Paid reports whether a service is asked, so that it may cost something.
	Paid  bool
	When  time.Time
	State EditState
	// Cancelled reports whether variants are missing since the user cancelled it.
	Cancelled bool
	// Stage says what is being done while it runs; Pause is how much longer the service asked
	// to wait, or 0.
	Stage Sentence
	Pause time.Duration
	// Fraction is its progress, 0 to 1, or negative where that is unknown.
	Fraction float64
	Elapsed  time.Duration
	// Sent reports whether the service has the request: it may be charged from then on.
	Sent bool
	// Cost is the charge or, until the edit has ended, the estimate; zero where services use
	// several currencies.
	Cost service.Cost
	// Current reports whether the number keys choose among its cards.
	Current bool
	// First reports whether it waits for other edits and can be moved before them.
	First bool
	// Used are the numbers of the cards that are in the document.
	Used  []int
	Cards []Card
	// Failures tell why not all variants came, once for each service where that is so.
	Failures []Failure
}

// Over reports whether none of its variants is still to come.
func (e Edit) Over() bool { return e.State == Done || e.State == Failed }

// Card is one variant of an edit.
type Card struct {
	ID VariantID
	// Number is what the card says: its place in the edit, from 1.
	Number int
	State  CardState
	// Fraction is its progress, 0 to 1, or negative where that is unknown.
	Fraction float64
	// Thumbnail shows the changed part with its context, or a preview, or is nil.
	Thumbnail image.Image
	// Chosen reports whether it is what the canvas shows, or will when it comes.
	Chosen bool
	// Used reports whether it is in the document, New whether nobody has looked at it yet.
	Used, New, Favourite bool
	// Note says what the service changed outside of the mask.
	Note Sentence
	// Service is the name of the connection; Stage says what is being done while the variant is
	// being made.
	Service, Stage Sentence
	// Cost is its share of the charge or, until that is known, of the estimate; Elapsed is how
	// long the service has worked on it.
	Cost    service.Cost
	Elapsed time.Duration
}

// Failure is why not all variants of an edit came from a service.
type Failure struct {
	// Edit is the part of the edit that is the service's, for Remedy.
	Edit EditID
	// Service is the name of the connection.
	Service     Sentence
	Text, Short Sentence
	// Cost is the charge, and Elapsed how long the service worked.
	Cost    service.Cost
	Elapsed time.Duration
	// Missing is how many did not come.
	Missing int
	// Charged reports whether the missing variants may have been charged.
	Charged bool
	// Error has the details.
	Error *api.Error
	// Remedies are what the user can do about it.
	Remedies []Remedy
}

// edits are all edits of the document, the oldest first, and the running ones of documents
// that were closed.
type edits struct {
	list      []*edit
	last      EditID
	byID      map[service.ID]*edit
	current   EditID
	generated time.Time // when the last one was asked for
	clock     func()    // ends the clock that shows the seconds, or nil
	tiling    *tiling   // the last edit that is made in tiles, or nil
	told      Sentence  // the notice on edits that continue after others were cancelled
}

// edit is what is known of one edit at one service.
type edit struct {
	id EditID
	// group is the ID of the first edit of a group: edits of several services that were
	// requested at once and that the user sees as one. It is the edit's own where it is
	// alone.
	group EditID
	// several reports whether the group has several services.
	several bool
	// key identifies the edit in results (their Edit). It is shared by requests for more
	// variants and by the group's other services, and "" until the edit is prepared.
	key        string
	connection string
	name       string // of the connection; "" for the built-in engine
	picture    string // the file's name
	profile    api.Profile
	prompt     string
	mask       *mask.Mask // the document's when it was requested
	asked      int
	job        *job.Job // nil until it is prepared
	lead       *job.Job // that of the group's first service, whose results all variants are in; nil: job
	set        *service.Set
	order      service.Order // how it is submitted
	spots      []*spot       // its requests, at least one once it is prepared
	joining    int           // variants that are being made of those of the spots
	entry      int64
	cards      []*card
	tiling     *tiling // whose tile it is, or nil
	prepared   func()  // called when its set is ready, or nil
	laid       bool    // the tile is in the document

	state    EditState
	detached bool // its document is not open any more
	giveUp   context.CancelFunc
	gaveUp   bool
	cut      bool // variants of its group are missing since the user cancelled them
	sent     bool
	cost     service.Cost
	when     time.Time
	started  time.Time
	ended    time.Time
	stage    api.Stage
	fraction float64
	until    time.Time
	came     bool // its first variant has come
	fault    *api.Error
	missing  int
	broken   int       // variants that came and can't be shown
	asking   *question // whether it is to be made at all, or nil
}

// card is one variant of an edit.
type card struct {
	n         int
	made      *job.Variant
	part      image.Image // the last preview
	fraction  float64
	fresh     bool
	favourite bool
	discarded bool // by the user, who can have it back
	saved     bool
	broken    bool // it arrived and can't be shown
	gone      bool // it failed
}

func (e *edit) paid() bool { return e.connection != settings.Builtin }

// over reports whether nothing of it is still to come.
func (e *edit) over() bool { return e.state == Done || e.state == Failed }

// nameSentence is what its service is called.
func (e *edit) nameSentence() Sentence {
	if e.name == "" {
		return say("ui.builtin")
	}
	return say("ui.name", "Name", e.name)
}

// visible returns the cards that were not discarded, in their order.
func (e *edit) visible() []*card {
	var list []*card
	for _, c := range e.cards {
		if !c.discarded && !c.broken && !c.gone {
			list = append(list, c)
		}
	}
	return list
}

// made reports whether v is one of the edit's variants.
func (e *edit) made(v *document.Variant) bool {
	return slices.ContainsFunc(e.cards, func(c *card) bool { return c.made != nil && c.made.Answer == v })
}

// grow makes cards for n variants.
func (e *edit) grow(n int) {
	for len(e.cards) < n {
		e.cards = append(e.cards, &card{n: len(e.cards), fraction: -1})
	}
}

// paused reports whether a question is open whether to make the edit.
func (e *edit) paused() bool { return e.asking != nil }

// pending counts the variants that are still to come.
func (e *edit) pending() int {
	n := 0
	for _, c := range e.visible() {
		if c.made == nil && !e.over() {
			n++
		}
	}
	return n
}

// find returns an edit of the open document; nil if there is none.
func (s *Session) find(id EditID) *edit {
	for _, e := range s.edits.list {
		if e.id == id && !e.detached {
			return e
		}
	}
	return nil
}

// card returns a card that is there, with its edit; nil if it isn't.
func (s *Session) card(v VariantID) (*edit, *card) {
	e := s.find(v.Edit)
	if e == nil || v.N < 0 || v.N >= len(e.cards) || !slices.Contains(e.visible(), e.cards[v.N]) {
		return e, nil
	}
	return e, e.cards[v.N]
}

// ready returns the card of a variant that has come; nil for any other.
func (s *Session) ready(v VariantID) *card {
	if _, c := s.card(v); c != nil && c.made != nil {
		return c
	}
	return nil
}

// elapsed is how long an edit has been carried out.
func (s *Session) elapsed(e *edit) time.Duration {
	switch {
	case e.started.IsZero():
		return 0
	case e.ended.IsZero():
		return s.options.Now().Sub(e.started)
	}
	return e.ended.Sub(e.started)
}

// note says what a service changed outside of the mask.
func note(e *edit, c *card) Sentence {
	percent := int(c.made.ChangedOutside + 0.5)
	switch {
	case !e.paid() || percent == 0 && !e.job.Whole() && c.made.Answer.Motion.Finding != align.Other:
		return say("ui.unchanged")
	case c.made.Answer.Motion.Finding == align.Other:
		return say("notice.other_picture")
	case e.job.Whole() && c.made.Changed < 0.05:
		return say("ui.changed_nothing")
	case e.job.Whole():
		return say("ui.changed_whole", "Percent", int(c.made.Changed+0.5))
	}
	return say("ui.changed", "Percent", percent)
}

func stageSentence(stage api.Stage) Sentence {
	if stage == "" {
		return Sentence{}
	}
	return say("ui.stage." + string(stage))
}

// oneLine makes one line of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
