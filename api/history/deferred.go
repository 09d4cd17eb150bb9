package history

import (
	"context"
	"io"

	"overpaint/api"
)

// Deferred is the keeper of a job that is recorded only when it begins to run:
// when its first event is kept. It is used by one job.
type Deferred struct {
	// Make records the job; nil where nothing can be kept of it and it runs all
	// the same. Its error is what Keep returns, and it is called again for the
	// next event.
	Make func(context.Context) (*Record, error)

	record *Record
	made   bool
}

// Keep records the job, unless that was done, and writes down what an event says.
func (d *Deferred) Keep(e api.Event) error {
	if !d.made {
		r, err := d.Make(context.Background())
		if err != nil {
			return err
		}
		d.record, d.made = r, true
	}
	if d.record == nil {
		return nil
	}
	return d.record.Keep(e)
}

// Spool keeps the bytes of an answer.
func (d *Deferred) Spool(at api.Arrival) (io.WriteCloser, error) {
	if d.record == nil {
		return unkept{}, nil
	}
	return d.record.Spool(at)
}

// End writes down how the job ended, if it was recorded.
func (d *Deferred) End(r api.Result, fault *api.Error) {
	if d.record != nil {
		d.record.End(r, fault)
	}
}

type unkept struct{}

func (unkept) Write(p []byte) (int, error) { return len(p), nil }
func (unkept) Close() error                { return nil }
