package history

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"os"
	"sync"
	"time"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
	"overpaint/editor/region"
)

// The states of a job. It is sending from the moment on when a byte may have left.
const (
	stateRecorded = "recorded"
	stateSending  = "sending"
	stateSent     = "sent"
	stateOver     = "over"
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
}

// EntryOf makes the entry of a job. c is nil for the built-in engine.
func EntryOf(j *job.Job, c *settings.Connection, source string) Entry {
	e := Entry{
		Connection: settings.Builtin, Name: settings.Builtin, Source: source, Request: j.Request(),
		Canvas: j.State().Flatten(), Meta: j.State().Base.Meta, Mask: j.Mask(), Plan: j.Plan(), Blend: j.Blend(),
	}
	if c != nil {
		e.Connection, e.Name, e.Price = c.ID, c.Name, c.Price
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

// Record is a job's place in the history while it is carried out. It is a
// worker.Keeper. Its methods may be called by several goroutines, one at a time.
type Record struct {
	store *Store
	id    int64
	entry Entry

	mu    sync.Mutex
	state string
}

// Record writes down a job that is about to be carried out. When it returns,
// the request is on the disk.
func (s *Store) Record(ctx context.Context, e Entry) (*Record, error) {
	files, err := s.putInputs(ctx, e)
	if err != nil {
		return nil, err
	}
	r := &Record{store: s, entry: e, state: stateRecorded}
	err = s.write(func(tx *sql.Tx) error {
		for _, f := range files {
			if err := link(tx, f.hash, f.bytes); err != nil {
				return err
			}
			// Another program may have swept the file away before its row was there.
			if _, err := os.Stat(s.path(f.hash)); err != nil {
				return err
			}
		}
		if r.id, err = s.insert(tx, e, files[0].hash, files[1].hash); err != nil {
			return err
		}
		for place, f := range files[2:] {
			if _, err := tx.Exec("INSERT INTO inputs(job, place, file) VALUES (?,?,?)", r.id, place, f.hash); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// input is a file that a job is made of.
type input struct {
	hash  string
	bytes int64
}

// putInputs keeps the pictures that a job is made of: the canvas, the mask,
// then the further input pictures.
func (s *Store) putInputs(ctx context.Context, e Entry) ([]input, error) {
	canvas, size, err := s.putPicture(e.Canvas, e.Meta)
	if err != nil {
		return nil, err
	}
	var encoded bytes.Buffer
	if err := e.Mask.EncodePNG(&encoded); err != nil {
		return nil, err
	}
	maskFile, err := s.put(encoded.Bytes())
	if err != nil {
		return nil, err
	}
	all := []input{{canvas, size}, {maskFile, int64(encoded.Len())}}
	for _, r := range e.Request.References {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		hash, size, err := s.putPicture(r, picture.Metadata{})
		if err != nil {
			return nil, err
		}
		all = append(all, input{hash, size})
	}
	return all, ctx.Err()
}

func (s *Store) insert(tx *sql.Tx, e Entry, canvas, maskFile string) (int64, error) {
	q := e.Request
	asked := toJSON(Settings{
		Model: q.Model, N: q.N, Size: q.Size, ResponseFormat: q.ResponseFormat, Seed: q.Seed,
		Extra: q.Options, Stream: q.Stream, Partials: q.Partials, Plan: e.Plan, Blend: e.Blend,
	})
	now := s.now()
	done, err := tx.Exec(`INSERT INTO jobs(session, created, day, connection, name, prompt, settings, price, source, canvas, mask, asked, state)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		s.session.name, now.UnixMilli(), day(now), e.Connection, e.Name, q.Prompt, asked, toJSON(e.Price), e.Source,
		canvas, maskFile, max(q.N, 1), stateRecorded)
	if err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

// ID is the job's number in the history.
func (r *Record) ID() int64 { return r.id }

// Keep writes down what an event says, on the disk when it returns. Events of
// which nothing is kept cost nothing.
func (r *Record) Keep(e api.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := e.(type) {
	case api.Progress:
		if e.Stage == api.Pausing { // what was sent was refused and not charged
			return r.set(stateRecorded)
		}
	case api.Sending:
		return r.advance(stateSending)
	case api.Sent:
		return r.advance(stateSent)
	case api.Answer:
		return r.variant(e)
	}
	return nil
}

// advance moves the state on, never back.
func (r *Record) advance(to string) error {
	if r.state == to || r.state == stateSent {
		return nil
	}
	return r.set(to)
}

func (r *Record) set(state string) error {
	if r.state == state {
		return nil
	}
	err := r.store.write(func(tx *sql.Tx) error {
		_, err := tx.Exec("UPDATE jobs SET state = ? WHERE id = ?", state, r.id)
		return err
	})
	if err == nil {
		r.state = state
	}
	return err
}

// Spool keeps the bytes of an answer when what it returns is closed.
func (r *Record) Spool(at api.Arrival) (io.WriteCloser, error) { return &spool{record: r, at: at}, nil }

type spool struct {
	bytes.Buffer
	record *Record
	at     api.Arrival
}

func (s *spool) Close() error {
	if s.Len() == 0 {
		return nil
	}
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.answer(api.Kept{Arrival: s.at, Body: s.Bytes()})
}

func (r *Record) answer(a api.Kept) error {
	hash, err := r.store.put(a.Body)
	if err != nil {
		return err
	}
	return r.store.write(func(tx *sql.Tx) error {
		if err := link(tx, hash, int64(len(a.Body))); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO answers(job, variant, type, file) VALUES (?,?,?,?)", r.id, a.Index, a.ContentType, hash)
		return err
	})
}

func (r *Record) variant(a api.Answer) error {
	data := a.Encoded
	if data == nil {
		var b bytes.Buffer
		if err := picture.EncodeRGBA(&b, a.Image, 1); err != nil {
			return err
		}
		data = b.Bytes()
	}
	hash, err := r.store.put(data)
	if err != nil {
		return err
	}
	return r.store.write(func(tx *sql.Tx) error {
		if err := link(tx, hash, int64(len(data))); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO variants(job, variant, file, revised) VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET file = excluded.file, revised = excluded.revised",
			r.id, a.Index, hash, a.RevisedPrompt)
		return err
	})
}

// End writes down how the job ended. Raw answers are let go where every
// variant that came of them is kept. Should it fail, the job is found again by Recover.
func (r *Record) End(result api.Result, fault *api.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.end(result, fault)
}

func (r *Record) end(result api.Result, fault *api.Error) error {
	outcome, trouble := "", ""
	if fault != nil {
		outcome = string(fault.Kind)
		t := fault.Text()
		trouble = toJSON(Trouble{t.Key, printable(t.Args), fault.Status, fault.Code, fault.Message, fault.RequestID})
	}
	return r.store.remove(func(tx *sql.Tx) error {
		var kept int
		if err := tx.QueryRow("SELECT count(*) FROM variants WHERE job = ?", r.id).Scan(&kept); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE jobs SET state = ?, outcome = ?, trouble = ?, request_id = ?, usage = ? WHERE id = ?",
			stateOver, outcome, trouble, result.RequestID, usageJSON(result.Usage), r.id); err != nil {
			return err
		}
		if fault == nil && kept > 0 && kept >= result.Got {
			if _, err := tx.Exec("DELETE FROM answers WHERE job = ?", r.id); err != nil {
				return err
			}
		}
		return r.spend(tx, result, fault)
	})
}

// spend writes down what the job cost.
func (r *Record) spend(tx *sql.Tx, result api.Result, fault *api.Error) error {
	uncertain := fault != nil && fault.MayHaveCost()
	cost := r.entry.Price.Of(result.Got, result.Usage)
	if uncertain {
		cost += r.entry.Price.Foreseen(r.entry.Request, max(result.Asked-result.Got, 0)) // better too much than a surprise
	}
	if r.entry.Connection == settings.Builtin || result.Got == 0 && len(result.Usage) == 0 && !uncertain {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO spending(job, day, connection, pictures, usage, cost, currency, uncertain)
		VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET pictures = excluded.pictures, usage = excluded.usage, cost = excluded.cost, uncertain = excluded.uncertain`,
		r.id, day(r.store.now()), r.entry.Connection, result.Got, usageJSON(result.Usage),
		cost, r.entry.Price.Currency, uncertain)
	return err
}

// printable returns arguments as JSON can hold them.
func printable(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case string, bool, int, int64, float64:
			out[i] = a
		default:
			out[i] = fmt.Sprint(a)
		}
	}
	return out
}

func usageJSON(usage map[string]int64) string {
	if len(usage) == 0 {
		return ""
	}
	return toJSON(usage)
}

// toJSON writes a value of plain data, which can't fail.
func toJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func day(t time.Time) string { return t.Local().Format("2006-01-02") }
