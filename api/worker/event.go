package worker

import "overpaint.dev/overpaint/api"

// Event is one of the types below. Every subscriber gets every event, in the
// one order in which they happened.
type Event interface {
	// Of names the job that the event is about.
	Of() ID
}

// Added says that a job stands in the queue.
type Added struct{ ID ID }

// Moved says that a queued job has another place in the queue, from 0.
type Moved struct {
	ID       ID
	Position int
}

// Started says that a job runs.
type Started struct{ ID ID }

// Reported passes on what the job's engine reported, or what the worker itself
// has to say about the job: a pause before a repetition (api.Progress) or
// something that the user should know (api.Notice).
type Reported struct {
	ID    ID
	Event api.Event
}

// Ended is a job's last event. Result counts the variants that came, with an
// error too. Err is nil when all went well; its Kind is api.KindCancelled when
// the user stopped the job.
type Ended struct {
	ID     ID
	Result api.Result
	Err    *api.Error
}

// Of returns ID.
func (e Added) Of() ID { return e.ID }

// Of returns ID.
func (e Moved) Of() ID { return e.ID }

// Of returns ID.
func (e Started) Of() ID { return e.ID }

// Of returns ID.
func (e Reported) Of() ID { return e.ID }

// Of returns ID.
func (e Ended) Of() ID { return e.ID }
