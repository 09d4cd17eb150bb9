package batch

import (
	"context"
	"slices"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// Service is what edits need of api/service.
type Service interface {
	Connection(id string) (settings.Connection, bool)
	History() (*history.Store, error)
	Cancel(service.ID) bool
}

// Edit is the edit of one picture by one connection, which may be a request for each
// window of its mask. One goroutine uses it.
type Edit struct {
	Service Service
	// Set is what is asked for, Source the picture's whole path or "".
	Set    *service.Set
	Source string
	// Windows are what the service knows the requests as; ID 0: it came out of the history.
	Windows []service.Edit
	// Came are each window's variants by index.
	Came []map[int]*job.Variant
	// Ends are those of the requests that have ended.
	Ends []service.Ended

	had     []*history.Item // what earlier runs had made, by window; nil for most
	awaited int             // windows that are being made
}

// Order is what of the edit is to be asked for: the windows that no earlier run has.
func (e *Edit) Order(with service.Submission) service.Order {
	set := &service.Set{Job: e.Set.Job}
	for i, d := range e.Set.Drafts {
		if e.had == nil || e.had[i] == nil {
			set.Drafts = append(set.Drafts, d)
		}
	}
	with.Source = e.Source
	return service.Order{Set: set, Submission: with}
}

// Submitted takes over what the service knows the order as; windows that an earlier run
// had made are known as what the history has.
func (e *Edit) Submitted(edits []service.Edit) {
	e.Windows = make([]service.Edit, len(e.Set.Drafts))
	e.Came = make([]map[int]*job.Variant, len(e.Windows))
	e.Ends, e.awaited = nil, len(edits)
	for k := range e.Windows {
		if e.had != nil && e.had[k] != nil {
			e.Windows[k] = service.Edit{Connection: e.had[k].Connection, Entry: e.had[k].ID}
			continue
		}
		e.Windows[k], edits = edits[0], edits[1:]
	}
}

// Listen hands over the events of an edit that was submitted, with the window that each
// is about, until it has ended. The end of ctx cancels it. The error is that the service
// was closed.
func (e *Edit) Listen(ctx context.Context, events <-chan service.Event, hear func(window int, event service.Event)) (service.Ended, error) {
	stopped := context.AfterFunc(ctx, e.Cancel)
	defer stopped()
	for event := range events {
		window := slices.IndexFunc(e.Windows, func(w service.Edit) bool { return w.ID == event.Of() })
		if window < 0 || event.Of() == 0 { // what came out of the history has no events
			continue
		}
		end, over := event.(service.Ended)
		if !over {
			hear(window, event)
			continue
		}
		if e.Ends = append(e.Ends, end); len(e.Ends) == e.awaited {
			return service.Together(e.Ends), nil
		}
	}
	return service.Ended{}, context.Canceled
}

// Cancel stops what isn't over of the edit.
func (e *Edit) Cancel() {
	for _, w := range e.Windows {
		e.Service.Cancel(w.ID)
	}
}

// Take adds a window's variant. It returns that of the whole edit, with those of its
// windows, once all of an index are there, and else nil.
func (e *Edit) Take(window, index int, came *job.Variant) (whole *job.Variant, made []*job.Variant, err error) {
	if e.Came[window] == nil {
		e.Came[window] = map[int]*job.Variant{}
	}
	e.Came[window][index] = came
	made = make([]*job.Variant, len(e.Came))
	for i, came := range e.Came {
		if made[i] = came[index]; made[i] == nil {
			return nil, nil, nil
		}
	}
	whole, err = e.Set.Job.Joined(index, made)
	return whole, made, err
}

// Entry is the edit's place in the history, 0 where it has none.
func (e *Edit) Entry() int64 {
	if len(e.Windows) == 0 {
		return 0
	}
	return e.Windows[0].Entry
}
