package history

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// Entry describes a job that is about to be carried out.
type Entry struct {
	// Connection and Name are the connection's ID and name; ID
	// settings.Builtin is the built-in engine.
	Connection, Name string
	// Price is the connection's price.
	Price settings.Price
	// Source is the path of the picture, or "".
	Source  string
	Request *api.Request
	// Canvas is the whole picture before the edit, Meta its file's metadata, Mask the mask.
	Canvas *image.NRGBA
	Meta   picture.Metadata
	Mask   *mask.Mask
	Plan   region.Plan
	Blend  region.Blend
	// Whole reports whether the edit has no mask; Mask is then all of the window.
	Whole bool
	// Spot is the request's place in its edit.
	Spot Spot
	// SRGB reports whether request and answers are in sRGB and the picture isn't.
	SRGB bool
	// Foreseen is the estimated cost, in millionths of the price's currency; 0 where it is
	// unknown. It is reserved until the job has ended.
	Foreseen int64
	// Caps are the caps that apply, in the price's currency.
	Caps Caps
	// Kept, unless nil, reserves Ahead, the cost of jobs that follow this one (in the unit of
	// Foreseen), once this one is recorded. What it reserved before covers both.
	Kept  *Reservation
	Ahead int64
}

// Caps are sums in millionths of a currency that are not passed without the user's consent;
// 0 means no cap.
type Caps struct {
	// Edit bounds the estimated cost of one edit, with all requests made at once (RecordAll);
	// Day and Month bound what was spent and is reserved in them.
	Edit, Day, Month int64
}

// Guard is the kind of cap that an edit would pass.
type Guard string

// The guards.
const (
	GuardEdit   Guard = "edit"
	GuardDay    Guard = "day"
	GuardMonth  Guard = "month"
	GuardBudget Guard = "budget" // that of many edits together, which no history knows
)

// EntryOf returns the entry of a job, without caps. c is nil for the built-in engine.
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

// Spot is the place of a job in its edit, where the spots of its mask are sent in separate
// windows, or several services are asked at once. It is zero where the edit has one request.
type Spot struct {
	// First is the ID of the edit's first job, 0 for that job itself. RecordAll sets it.
	First int64 `json:"first,omitempty"`
	// Number is the index of the window, Of the number of windows for a service; 0 means one.
	Number int `json:"number,omitempty"`
	Of     int `json:"of,omitempty"`
	// Service is the index of the service, Services the number of services; 0 means one.
	Service  int `json:"service,omitempty"`
	Services int `json:"services,omitempty"`
}

// Several reports whether the edit has several requests.
func (s Spot) Several() bool { return s.Of > 1 || s.Services > 1 }

// head reports whether it is the edit's first request.
func (s Spot) head() bool { return s.Number == 0 && s.Service == 0 }

// Settings are the options of a job's request, without its prompt.
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
	// Whole reports whether the edit has no mask.
	Whole bool `json:"whole,omitempty"`
	Spot  Spot `json:"spot,omitzero"`
	// SRGB reports whether answers are in sRGB and the picture isn't.
	SRGB bool `json:"srgb,omitempty"`
}

// Trouble is the error of a failed job.
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

// OverCapError reports that an edit would pass a cap that the user has set. All sums are in
// millionths of Currency.
type OverCapError struct {
	// Guard is the kind of cap, Cap its sum.
	Guard Guard
	Cap   int64
	// Spent is what was spent of it, InFlight the estimated cost of the jobs under way (both 0
	// for GuardEdit), Cost that of this edit, with all requests made at once.
	Spent, InFlight, Cost int64
	Currency              string
}

// Error describes the refusal, for logs.
func (e *OverCapError) Error() string {
	return fmt.Sprintf("history: %d spent, %d in flight and %d pass the %s's cap of %d %s", e.Spent, e.InFlight, e.Cost, e.Guard, e.Cap, e.Currency)
}

// Record records a job that is about to be carried out. When it returns without an error, the
// request and its pictures are on the disk, and its estimated cost is reserved; without a
// record nothing may be sent. The error is an *OverCapError where the job would pass
// Entry.Caps, which jobs of all processes share.
func (s *Store) Record(ctx context.Context, e Entry) (*Record, error) {
	records, err := s.RecordAll(ctx, []Entry{e})
	if err != nil {
		return nil, err
	}
	return records[0], nil
}

// RecordAll records the jobs of one edit, as Record does: their total cost is reserved in one
// step, or nothing. Jobs of several spots and services are ordered by Service and Number, and
// get Spot.First. Where one can't be recorded, those before it are ended.
func (s *Store) RecordAll(ctx context.Context, entries []Entry) ([]*Record, error) {
	records := make([]*Record, len(entries))
	for i, e := range entries {
		job, err := s.inputs(ctx, e)
		if err != nil {
			return nil, err
		}
		records[i] = &Record{store: s, state: *job}
	}
	begun := 0
	err := s.locked(ctx, func(ctx context.Context) (err error) {
		if err := s.reserve(ctx, entries); err != nil {
			return err
		}
		giveBack, err := keepAhead(entries)
		if err != nil {
			return err
		}
		defer func() {
			if err != nil {
				giveBack()
			}
		}()
		var first int64
		for _, r := range records {
			if spot := &r.state.Settings.Spot; !spot.head() {
				spot.First = first
			}
			if err := s.beginOne(ctx, r); err != nil {
				return err
			}
			if r.state.Settings.Spot.head() {
				first = r.ID()
			}
			begun++
		}
		return nil
	})
	if err != nil {
		for _, r := range records[:begun] {
			r.End(api.Result{}, &api.Error{Kind: api.KindCancelled, Cause: err})
		}
		return nil, err
	}
	return records, nil
}

// beginOne records one job whose cost is reserved. The folder is locked.
func (s *Store) beginOne(ctx context.Context, r *Record) error {
	for _, hash := range r.state.files() {
		// Another program may have deleted the last job that named it.
		if _, err := os.Stat(s.path(hash)); err != nil {
			return err
		}
	}
	return r.begin(ctx)
}

// inputs stores the pictures of a job and returns its state.
func (s *Store) inputs(ctx context.Context, e Entry) (*state, error) {
	q := e.Request
	job := &state{
		Session: s.session, Connection: e.Connection, Name: e.Name, Prompt: q.Prompt, Price: e.Price, Source: e.Source,
		Asked: max(q.N, 1), Foreseen: max(e.Foreseen, 0), Phase: phaseRecorded,
		Settings: Settings{
			Model: q.Model, N: q.N, Size: q.Size, ResponseFormat: q.ResponseFormat, Seed: q.Seed,
			Extra: q.Options, Stream: q.Stream, Partials: q.Partials, Plan: e.Plan, Blend: e.Blend, Whole: e.Whole, Spot: e.Spot, SRGB: e.SRGB,
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

// reserve checks that the jobs of one edit don't pass their caps. The folder is locked.
func (s *Store) reserve(ctx context.Context, entries []Entry) error {
	costs, caps, kept := map[string]int64{}, map[string]Caps{}, map[string]int64{}
	var currencies []string
	for _, e := range entries {
		currency := e.Price.Currency
		if e.Caps == (Caps{}) {
			continue
		}
		if caps[currency] == (Caps{}) {
			currencies = append(currencies, currency)
		}
		caps[currency] = e.Caps
		costs[currency] += max(e.Foreseen, 1) + e.Ahead
		kept[currency] += e.Kept.kept()
	}
	if len(currencies) == 0 {
		return nil
	}
	if err := s.refresh(ctx); err != nil {
		return err
	}
	all, err := s.Spent(ctx)
	if err != nil {
		return err
	}
	for _, c := range currencies {
		all.InFlight[c] -= kept[c] // which costs hold
		if over := caps[c].Passed(all, costs[c], c); over != nil {
			return over
		}
	}
	return nil
}

// Passed returns the error for the cap that a further cost would pass, checked in the order
// edit, day, month, or nil.
func (c Caps) Passed(all Spending, cost int64, currency string) *OverCapError {
	flying := all.InFlight[currency]
	for _, over := range []OverCapError{
		{Guard: GuardEdit, Cap: c.Edit},
		{Guard: GuardDay, Cap: c.Day, Spent: all.Today[currency], InFlight: flying},
		{Guard: GuardMonth, Cap: c.Month, Spent: all.Month[currency], InFlight: flying},
	} {
		if over.Cost, over.Currency = cost, currency; over.Cap > 0 && over.Spent+over.InFlight+cost > over.Cap {
			return &over
		}
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
