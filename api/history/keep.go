package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/picture"
)

// notKept is the sentence of what could not be written to the history.
const notKept = "notice.not_kept"

// Record is the record of a job under way. It implements worker.Keeper. Its methods are safe
// for use by several goroutines.
type Record struct {
	store *Store

	mu    sync.Mutex
	state state
	size  int64 // the journal's length after the last event
	// pending are the variants that could not be stored when they arrived.
	pending []api.Answer
}

// ID is the job's ID in the history.
func (r *Record) ID() int64 { return r.state.ID }

// begin creates the journal under an ID that is free. The folder is locked.
func (r *Record) begin(ctx context.Context) error {
	for {
		now := r.store.now()
		r.state.ID = r.store.nextID(now)
		r.state.Created = r.state.ID / 1000
		info, err := r.store.createJournal(r.state.ID, event{Event: eventRecorded, At: now.UnixMilli(), Job: &r.state})
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			r.size = info.Size()
			r.store.indexed(ctx, &r.state, known{info.Size(), info.ModTime().UnixNano()})
		}
		return err
	}
}

// Keep records an event, which is on the disk when it returns. After an error from an
// api.Sending nothing may be sent. Events that need no record are free.
func (r *Record) Keep(e api.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := e.(type) {
	case api.Sending:
		return r.write(event{Event: eventSending, Bytes: e.Bytes, Index: &e.Index})
	case api.Sent:
		return r.write(event{Event: eventSent, Bytes: e.Bytes, Index: &e.Index})
	case api.Progress:
		if e.Stage == api.Pausing { // what was sent was refused and not charged
			return r.write(event{Event: eventRefused})
		}
	case api.Answer:
		err := r.variant(e)
		if err != nil {
			r.pending = append(r.pending, e)
		}
		return err
	}
	return nil
}

// retries is how often storing is retried at the end of a job: some errors, such as too many
// open files, are transient.
const retries = 3

// retry stores what could not be stored before, as far as possible.
func (r *Record) retry() {
	for range retries {
		r.pending = slices.DeleteFunc(r.pending, func(a api.Answer) bool {
			if r.variant(a) != nil {
				return false
			}
			r.unlink(a.Index)
			return true
		})
	}
}

// write adds an event to the journal and then to the index. The error is the
// journal's.
func (r *Record) write(e event) error { return r.writeWithin(context.Background(), e) }

// writeWithin is write for those who are within Store.locked, with the context that
// they got there: the index may have to be made again, which wants the same lock.
func (r *Record) writeWithin(ctx context.Context, e event) error {
	s := r.store
	e.At = s.now().UnixMilli()
	info, err := s.append(r.state.ID, e)
	if err != nil {
		return err
	}
	r.state.apply(e)
	if grown := info.Size() - r.size; grown != int64(len(encodeEvent(e))) {
		// Somebody else has written too, such as a mark; or a line was cut.
		if found, err := s.readJournal(r.state.ID); err == nil && !found.headless {
			r.state = found.state
		}
	}
	r.size = info.Size()
	s.indexed(ctx, &r.state, known{info.Size(), info.ModTime().UnixNano()})
	return nil
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
	hash, err := r.store.keep(data)
	if err != nil {
		return err
	}
	if err := r.write(event{Event: eventVariant, Variant: &variant{Index: a.Index, File: hash, Revised: a.RevisedPrompt, Method: a.Method}}); err != nil {
		r.link(a.Index, hash)
		return err
	}
	if _, err := os.Stat(r.store.path(hash)); err == nil {
		return nil
	}
	// Another program has deleted the last job that named it, before this one did.
	_, err = r.store.keep(data)
	return err
}

// End records the end of the job. Variants that could not be stored when they arrived are
// tried once more; with one still missing the job has failed (api.KindLocal). Raw answers are
// deleted where all variants made of them are stored. If End fails, Recover finds the job
// again.
func (r *Record) End(result api.Result, fault *api.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retry()
	if len(r.pending) > 0 && fault == nil {
		fault = &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: notKept}}
	}
	if err := r.end(result, fault, day(r.store.now())); err != nil {
		r.store.tell(err, notKept)
	}
}

func (r *Record) end(result api.Result, fault *api.Error, on string) error {
	kept := 0
	for _, v := range r.state.Variants {
		if info, err := os.Stat(r.store.path(v.File)); err == nil && info.Mode().IsRegular() {
			kept++
		}
	}
	end := ending{RequestID: result.RequestID, Usage: result.Usage, Spent: r.spent(result, fault, on)}
	if fault != nil {
		end.Outcome, end.Trouble = fault.Kind, troubleOf(fault)
		end.RequestID = cmp.Or(end.RequestID, fault.RequestID)
	}
	end.Released = fault == nil && kept > 0 && kept >= result.Got && kept == len(r.state.Variants)
	answers := slices.Clone(r.state.Answers)
	if err := r.write(event{Event: eventEnded, End: &end}); err != nil {
		return err
	}
	if end.Released {
		for _, a := range answers {
			r.store.release(a.File)
		}
	} else if fault != nil && result.Got == 0 && len(r.state.Variants) == 0 && isJunk(fault) {
		return r.cut(answers)
	}
	return nil
}

// spent returns the charge of the job, or nil where nothing was charged. on is its day, "" for
// today.
func (r *Record) spent(result api.Result, fault *api.Error, on string) *spent {
	uncertain := fault != nil && fault.MayHaveCost()
	if r.state.Connection == settings.Builtin || result.Got == 0 && len(result.Usage) == 0 && !uncertain {
		return nil
	}
	price := r.state.Price
	cost := price.Of(result.Got, result.Usage)
	if uncertain { // rather too much than too little
		cost += price.Foreseen(r.state.request(), max(result.Asked-result.Got, 0))
	}
	if r.state.End != nil && r.state.End.Spent != nil {
		on = r.state.End.Spent.Day
	}
	return &spent{Day: on, Pictures: result.Got, Usage: result.Usage, Cost: cost, Currency: price.Currency, Uncertain: uncertain}
}

// request is what of the request bears on its price.
func (s *state) request() *api.Request {
	return &api.Request{Model: s.Settings.Model, Size: cmp.Or(s.Settings.Size, s.Settings.Plan.Send), Options: s.Settings.Extra}
}

func troubleOf(fault *api.Error) *Trouble {
	t := fault.Text()
	return &Trouble{t.Key, printable(t.Args), fault.Status, fault.Code, fault.Message, fault.RequestID}
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

// Spool opens a file that takes the bytes of an answer as they arrive. They are synced when it
// is closed; its Write and Close report errors and go on. It must be closed before what was
// made of the answer is passed to Keep.
func (r *Record) Spool(a api.Arrival) (io.WriteCloser, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := &spool{record: r, answer: answer{Arrival: a}}
	var err error
	for n := max(len(r.state.Answers), r.state.Released); ; n++ {
		w.answer.File = answerName(r.state.ID, n)
		w.file, err = os.OpenFile(r.store.path(w.answer.File), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	// From here on the bytes are kept, whatever fails: the file's name says
	// whose they are.
	w.fault = errors.Join(syncFolder(r.store.answersPath()), r.write(event{Event: eventAnswer, Answer: &w.answer}))
	return w, nil
}
