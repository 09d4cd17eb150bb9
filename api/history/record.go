package history

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"time"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
	"overpaint/editor/region"
)

// Entry is a job that is about to be carried out.
type Entry struct {
	// Connection and Name are the connection's ID and name; ID
	// settings.Builtin is the built-in engine.
	Connection, Name string
	// Price is what the connection takes.
	Price settings.Price
	// Source is the path of the picture, or "".
	Source  string
	Request *api.Request
	// Canvas is the whole picture before the edit, Meta what its file carried
	// beside the pixels, Mask what is edited of it.
	Canvas *image.NRGBA
	Meta   picture.Metadata
	Mask   *mask.Mask
	Plan   region.Plan
	Blend  region.Blend
	// Whole reports an edit without a mask; Mask is then all of the window.
	Whole bool
	// SRGB reports that what is sent and comes is in sRGB and the picture isn't.
	SRGB bool
	// Foreseen is what it is expected to cost, in millionths of the price's
	// currency; 0 where nobody can tell. It is reserved until the job has ended.
	Foreseen int64
	// Cap is the sum that this month's spending in the price's currency, with
	// what is reserved, must not pass; 0 means none.
	Cap int64
}

// EntryOf makes the entry of a job, without a cap. c is nil for the built-in engine.
func EntryOf(j *job.Job, c *settings.Connection, source string) Entry {
	e := Entry{
		Connection: settings.Builtin, Name: settings.Builtin, Source: source, Request: j.Request(),
		Canvas: j.State().Flatten(), Meta: j.State().Base.Meta, Mask: j.Mask(), Plan: j.Plan(), Blend: j.Blend(), Whole: j.Whole(), SRGB: j.SRGB(),
	}
	if c != nil {
		e.Connection, e.Name, e.Price = c.ID, c.Name, c.Price
		e.Foreseen = c.Price.Foreseen(e.Request, max(e.Request.N, 1))
	}
	return e
}

// Settings are what a job was asked with, beside its prompt.
type Settings struct {
	Model          string            `json:"model,omitempty"`
	N              int               `json:"n,omitempty"`
	Size           image.Point       `json:"size,omitzero"`
	ResponseFormat string            `json:"response_format,omitempty"`
	Seed           int64             `json:"seed,omitempty"`
	Extra          map[string]string `json:"extra,omitempty"`
	Stream         bool              `json:"stream,omitempty"`
	Partials       int               `json:"partials,omitempty"`
	Plan           region.Plan       `json:"plan"`
	Blend          region.Blend      `json:"blend"`
	// Whole reports an edit without a mask.
	Whole bool `json:"whole,omitempty"`
	// SRGB reports that answers are in sRGB and the picture isn't.
	SRGB bool `json:"srgb,omitempty"`
}

// Trouble is how a job failed.
type Trouble struct {
	// Key and Args are the sentence (api.Sentence); numbers in Args may have
	// become float64.
	Key       string `json:"key"`
	Args      []any  `json:"args,omitempty"`
	Status    int    `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
	RequestID string `json:"request_id,omitempty"`
}

// OverCapError reports that a job would pass the person's cap for the month.
// All sums are in millionths of Currency.
type OverCapError struct {
	// Cap is the limit, Spent what was spent this month, InFlight what the jobs
	// under way are expected to cost, Cost what this one is.
	Cap, Spent, InFlight, Cost int64
	Currency                   string
}

// Error describes the trouble for logs.
func (e *OverCapError) Error() string {
	return fmt.Sprintf("history: %d spent, %d in flight and %d pass the cap of %d %s", e.Spent, e.InFlight, e.Cost, e.Cap, e.Currency)
}

// Record writes down a job that is about to be carried out. When it returns
// without an error, the request is on the disk, with all that it is made of,
// and what it is expected to cost is reserved: whoever doesn't get a record must
// send nothing. The error is an *OverCapError where the job would pass Entry.Cap;
// no two jobs, of any programs, can pass it together.
func (s *Store) Record(ctx context.Context, e Entry) (*Record, error) {
	job, err := s.inputs(ctx, e)
	if err != nil {
		return nil, err
	}
	r := &Record{store: s, state: *job}
	err = s.locked(ctx, func(ctx context.Context) error {
		if err := s.reserve(ctx, e); err != nil {
			return err
		}
		for _, hash := range job.files() {
			// Another program may have deleted the last job that named it.
			if _, err := os.Stat(s.path(hash)); err != nil {
				return err
			}
		}
		return r.begin(ctx)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// inputs keeps the pictures that a job is made of and returns the job.
func (s *Store) inputs(ctx context.Context, e Entry) (*state, error) {
	q := e.Request
	job := &state{
		Session: s.session, Connection: e.Connection, Name: e.Name, Prompt: q.Prompt, Price: e.Price, Source: e.Source,
		Asked: max(q.N, 1), Foreseen: max(e.Foreseen, 0), Phase: phaseRecorded,
		Settings: Settings{
			Model: q.Model, N: q.N, Size: q.Size, ResponseFormat: q.ResponseFormat, Seed: q.Seed,
			Extra: q.Options, Stream: q.Stream, Partials: q.Partials, Plan: e.Plan, Blend: e.Blend, Whole: e.Whole, SRGB: e.SRGB,
		},
	}
	var err error
	if job.Canvas, err = s.keepPicture(e.Canvas, e.Meta); err != nil {
		return nil, err
	}
	var encoded bytes.Buffer
	if err := e.Mask.EncodePNG(&encoded); err != nil {
		return nil, err
	}
	if job.Mask, err = s.keep(encoded.Bytes()); err != nil {
		return nil, err
	}
	for _, r := range q.References {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		hash, err := s.keepPicture(r, picture.Metadata{})
		if err != nil {
			return nil, err
		}
		job.References = append(job.References, hash)
	}
	return job, ctx.Err()
}

// reserve checks that a job doesn't pass its cap. The folder is locked.
func (s *Store) reserve(ctx context.Context, e Entry) error {
	if e.Cap <= 0 {
		return nil
	}
	if err := s.refresh(ctx); err != nil {
		return err
	}
	all, err := s.Spent(ctx)
	if err != nil {
		return err
	}
	over := OverCapError{Cap: e.Cap, Spent: all.Month[e.Price.Currency], InFlight: all.InFlight[e.Price.Currency],
		Cost: max(e.Foreseen, 1), Currency: e.Price.Currency}
	if over.Spent+over.InFlight+over.Cost > over.Cap {
		return &over
	}
	return nil
}

// nextID returns the ID of a job that is created now.
func (s *Store) nextID(now time.Time) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := now.UnixMicro()
	if id <= s.last && s.last-id < int64(time.Second/time.Microsecond) {
		id = s.last + 1
	}
	s.last = id
	return id
}
