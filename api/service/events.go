package service

import (
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
)

// ID names an edit for as long as the program runs. IDs grow in the order of Submit.
type ID int64

// Event is one of the types below. Every subscriber gets every event in the one
// order in which they happened.
type Event interface {
	// Of names the edit that the event is about.
	Of() ID
}

// Queued says that an edit was submitted.
type Queued struct{ Edit Edit }

// Moved says that an edit that waits has another place among those that wait, from 0.
type Moved struct {
	ID       ID
	Position int
}

// Started says that an edit is carried out from now on.
type Started struct{ ID ID }

// Sent says that a request has left this machine, from when on it may be charged.
type Sent struct {
	ID ID
	// Bytes is the length of the request's body.
	Bytes int64
}

// Progress tells how far an edit has come.
type Progress struct {
	ID ID
	api.Progress
}

// Preview is a small picture of a variant that is still being made.
type Preview struct {
	ID    ID
	Index int
	// Image is at most job.ThumbnailSide pixels wide and high.
	Image *image.NRGBA
}

// Arrived brings a finished variant, stitched into its picture, or says why it
// can't be shown. It is in the history already.
type Arrived struct {
	ID    ID
	Index int
	// Variant is nil where Err isn't.
	Variant *job.Variant
	Err     *api.Error
}

// Notice says something that the person should know and that is no error. ID is
// 0 where it is about no edit.
type Notice struct {
	ID       ID
	Sentence api.Sentence
}

// Ended is an edit's last event.
type Ended struct {
	ID ID
	// Result counts the variants that came, with an error too.
	Result api.Result
	// Err is nil when all went well; its Kind is api.KindCancelled when the
	// person stopped the edit.
	Err *api.Error
	// Cost is what it cost, or at most where nobody knows whether it was charged.
	Cost Cost
}

// Of returns the edit's ID.
func (e Queued) Of() ID { return e.Edit.ID }

// Of returns ID.
func (e Moved) Of() ID { return e.ID }

// Of returns ID.
func (e Started) Of() ID { return e.ID }

// Of returns ID.
func (e Sent) Of() ID { return e.ID }

// Of returns ID.
func (e Progress) Of() ID { return e.ID }

// Of returns ID.
func (e Preview) Of() ID { return e.ID }

// Of returns ID.
func (e Arrived) Of() ID { return e.ID }

// Of returns ID.
func (e Notice) Of() ID { return e.ID }

// Of returns ID.
func (e Ended) Of() ID { return e.ID }

// Subscribe returns the events from now on. The channel is closed after the
// last event once the service is closed. Whoever stops reading earlier must call
// cancel; it may be called at any time.
func (s *Service) Subscribe() (events <-chan Event, cancel func()) { return s.feed.Subscribe() }
