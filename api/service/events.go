package service

import (
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
)

// ID identifies an edit while the program runs. IDs grow in the order of Submit.
type ID int64

// Event is one of the types below. Every subscriber gets every event, in the same order.
type Event interface {
	// Of returns the ID of the edit that the event is about.
	Of() ID
}

// Queued is sent when an edit was submitted.
type Queued struct{ Edit Edit }

// Moved is sent when a waiting edit has another place in the queue, from 0.
type Moved struct {
	ID       ID
	Position int
}

// Started is sent when an edit begins to run.
type Started struct{ ID ID }

// Sent is sent when a request is about to leave this machine; from then on it may be charged.
type Sent struct {
	ID ID
	// Bytes is the length of the request's body.
	Bytes int64
}

// Progress is sent with the progress of an edit.
type Progress struct {
	ID ID
	api.Progress
}

// Preview is sent with a small picture of a variant that is being made.
type Preview struct {
	ID    ID
	Index int
	// Image is at most job.ThumbnailSide pixels wide and high.
	Image *image.NRGBA
}

// Arrived is sent with a finished variant, stitched into its picture, or with the reason why
// it can't be shown. The history has it already.
type Arrived struct {
	ID    ID
	Index int
	// Variant is nil where Err isn't.
	Variant *job.Variant
	Err     *api.Error
}

// Notice is sent with something that the user should know and that is no error. ID is 0
// where it concerns no edit.
type Notice struct {
	ID       ID
	Sentence api.Sentence
}

// Ended is an edit's last event.
type Ended struct {
	ID ID
	// Result counts the variants that arrived, also where Err isn't nil.
	Result api.Result
	// Err is nil on success; its Kind is api.KindCancelled when the user stopped the edit.
	Err *api.Error
	// Cost is the charge, or the most that it may be where that is unknown.
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

// Subscribe returns the events from now on. The channel is closed after the last event once
// the service is closed. A reader that stops earlier must call cancel, which may be called at
// any time.
func (s *Service) Subscribe() (events <-chan Event, cancel func()) { return s.feed.Subscribe() }
