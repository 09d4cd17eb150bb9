package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"overpaint.dev/overpaint/api"
)

// errStopped is the cause of a context that the user cancelled.
var errStopped = errors.New("worker: stopped")

// run carries out one job from its start to its last event.
func (w *Worker) run(ctx context.Context, e *entry) {
	timeout := e.job.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, release := context.WithTimeout(ctx, timeout)
	defer release()
	a := &attempt{worker: w, entry: e, keeper: e.job.Keeper}
	err := a.tries(ctx)
	fault := a.judge(ctx, err)
	if a.keeper != nil {
		a.keeper.End(a.result, fault)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	e.cancel(nil)
	w.end(e, a.result, fault)
	w.start()
}

// attempt is one job while it runs, and the sink that its engine reports to. It
// belongs to the job's goroutine, but for what mu guards.
type attempt struct {
	worker *Worker
	entry  *entry
	keeper Keeper
	result api.Result
	// missing are the indexes of the variants that have not come, which the
	// try that runs asks for as 0, 1, ...
	missing []int
	came    map[int]bool
	// sent reports that a request of this try left, so that it may be charged.
	sent bool

	mu     sync.Mutex
	warned bool // that something couldn't be kept
}

// tries asks the engine until there is nothing left to ask for or no right to.
func (a *attempt) tries(ctx context.Context) error {
	n := max(a.entry.job.Request.N, 1)
	a.result.Asked = n
	for i := range n {
		a.missing = append(a.missing, i)
	}
	a.came = map[int]bool{}
	for try := 1; ; try++ {
		err := a.try(ctx)
		a.drop()
		fault := api.AsError(err)
		if err == nil || !fault.Retryable || len(a.missing) == 0 || try == MaxTries || ctx.Err() != nil {
			return err
		}
		wait, ok := pause(try, fault.RetryAfter)
		if deadline, _ := ctx.Deadline(); !ok || time.Until(deadline) <= wait {
			return err
		}
		a.sent = false // Retryable: whatever was sent is not charged
		_ = a.report(api.Progress{Stage: api.Pausing, Fraction: -1, Index: -1, Until: time.Now().Add(wait)})
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// try asks the engine once for what is missing.
func (a *attempt) try(ctx context.Context) (err error) {
	req := a.entry.job.Request
	if len(a.came) > 0 {
		rest := *req
		rest.N = len(a.missing)
		if req.Key != "" { // what it is called now has another content
			rest.Key = fmt.Sprint(req.Key, a.missing)
		}
		req = &rest
	}
	// A fault in one engine must not take the other jobs' paid answers with it.
	defer func() {
		if p := recover(); p != nil {
			err = &api.Error{Kind: api.KindLocal, Cause: fmt.Errorf("worker: the engine panicked: %v\n%s", p, debug.Stack())}
		}
	}()
	r, err := a.entry.job.Engine.Edit(ctx, req, a)
	a.add(r)
	return err
}

func (a *attempt) add(r api.Result) {
	a.result.Got += r.Got
	if r.RequestID != "" {
		a.result.RequestID = r.RequestID
	}
	for name, n := range r.Usage {
		if a.result.Usage == nil {
			a.result.Usage = map[string]int64{}
		}
		a.result.Usage[name] += n
	}
}

// drop takes what has come out of missing.
func (a *attempt) drop() {
	var missing []int
	for _, i := range a.missing {
		if !a.came[i] {
			missing = append(missing, i)
		}
	}
	a.missing = missing
}

// Emit takes an engine's event, with the indexes of its try.
func (a *attempt) Emit(e api.Event) error {
	switch v := e.(type) {
	case api.Sending:
		v.Index = a.index(v.Index)
		e = v
	case api.Sent:
		a.sent = true
		v.Index = a.index(v.Index)
		e = v
	case api.Progress:
		v.Index = a.index(v.Index)
		e = v
	case api.Partial:
		v.Index = a.index(v.Index)
		e = v
	case api.Answer:
		v.Index = a.index(v.Index)
		a.came[v.Index] = true
		e = v
	}
	return a.report(e)
}

// Spool takes the bytes of an answer, with the index of its try.
func (a *attempt) Spool(at api.Arrival) io.WriteCloser {
	at.Index = a.index(at.Index)
	if a.keeper == nil {
		return &spool{of: a}
	}
	to, err := a.keeper.Spool(at)
	if err != nil {
		a.warn()
		to = nil
	}
	return &spool{of: a, to: to}
}

// spool never fails. It writes to what keeps an answer until that fails, of
// which the user is told.
type spool struct {
	of *attempt
	to io.WriteCloser // nil once nothing is kept
}

func (s *spool) Write(p []byte) (int, error) {
	if s.to != nil {
		if _, err := s.to.Write(p); err != nil {
			s.of.warn()
			_ = s.to.Close()
			s.to = nil
		}
	}
	return len(p), nil
}

func (s *spool) Close() error {
	if s.to != nil {
		if err := s.to.Close(); err != nil {
			s.of.warn()
		}
		s.to = nil
	}
	return nil
}

// index returns the job's index for a try's.
func (a *attempt) index(i int) int {
	if i < 0 {
		return i
	}
	if i < len(a.missing) {
		return a.missing[i]
	}
	// More than was asked for: it counts on behind the last.
	return a.result.Asked + i - len(a.missing)
}

// report lets an event be kept and then heard. What couldn't be kept is heard
// too, but for an api.Sending: that doesn't happen then.
func (a *attempt) report(e api.Event) error {
	var err error
	if a.keeper != nil {
		err = a.keeper.Keep(e)
	}
	if _, sending := e.(api.Sending); sending && err != nil {
		return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "error.not_recorded"}, Cause: err}
	}
	a.worker.mu.Lock()
	a.worker.publish(Reported{a.entry.id, e})
	a.worker.mu.Unlock()
	if err != nil {
		a.warn()
	}
	return err
}

// warn tells the user once that something couldn't be kept.
func (a *attempt) warn() {
	a.mu.Lock()
	warned := a.warned
	a.warned = true
	a.mu.Unlock()
	if !warned {
		a.worker.mu.Lock()
		defer a.worker.mu.Unlock()
		a.worker.publish(Reported{a.entry.id, api.Notice{Sentence: api.Sentence{Key: "notice.not_kept"}}})
	}
}

// judge says what an error means for the user, now that it is known whether
// they stopped the job or its time ran out.
func (a *attempt) judge(ctx context.Context, err error) *api.Error {
	fault := api.AsError(err)
	switch {
	case fault == nil:
		return nil
	case errors.Is(context.Cause(ctx), errStopped):
		stopped := &api.Error{Kind: api.KindCancelled, RequestID: fault.RequestID, Cause: err}
		if a.sent {
			stopped.Sentence.Key = api.CancelledSent
		}
		return stopped
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && (fault.Kind == api.KindCancelled || fault.Kind == api.KindLocal):
		// The engine didn't say what running out of time means for it.
		if a.sent {
			return &api.Error{Kind: api.KindUnknown, Sentence: api.Sentence{Key: "error.unknown_timeout"}, Cause: err}
		}
		return &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.out_of_time"}, Cause: err}
	}
	return fault
}

// pause returns how long to wait after try number try (from 1), and false
// where the service asks for more than MaxPause. Without a word from the
// service it is 1 s, then 2 s, of which up to a half is left out by chance; on
// top of the service's word come up to 10%, so that many clients don't all
// come back at once.
func pause(try int, asked time.Duration) (time.Duration, bool) {
	if asked > MaxPause {
		return 0, false
	}
	if asked > 0 {
		return min(asked+rand.N(asked/10+1), MaxPause), true
	}
	whole := time.Second << (try - 1)
	return whole/2 + rand.N(whole/2+1), true
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
