package worker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"overpaint/api"
)

// errStopped is the cause of a context that the person cancelled.
var errStopped = errors.New("worker: stopped")

// run carries out one job from its start to its last event.
func (w *Worker) run(ctx context.Context, e *entry) {
	timeout := e.job.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, release := context.WithTimeout(ctx, timeout)
	defer release()
	a := &attempt{worker: w, entry: e}
	err := a.record(ctx)
	if err == nil {
		err = a.tries(ctx)
	}
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

// attempt is one job while it runs. It belongs to the job's goroutine.
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
	sent   bool
	warned bool // that something couldn't be kept
}

func (a *attempt) record(ctx context.Context) error {
	if a.entry.job.Record == nil {
		return nil
	}
	k, err := a.entry.job.Record(ctx)
	if err != nil {
		return err
	}
	a.keeper = k
	return nil
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
		a.report(api.Progress{Stage: api.Pausing, Fraction: -1, Index: -1, Until: time.Now().Add(wait)})
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
		req = &rest
	}
	// A fault in one engine must not take the other jobs' paid answers with it.
	defer func() {
		if p := recover(); p != nil {
			err = &api.Error{Kind: api.KindLocal, Cause: fmt.Errorf("worker: the engine panicked: %v\n%s", p, debug.Stack())}
		}
	}()
	r, err := a.entry.job.Engine.Edit(ctx, req, a.emit)
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

// emit takes an engine's event, with the indexes of its try.
func (a *attempt) emit(e api.Event) {
	switch v := e.(type) {
	case api.Sent:
		a.sent = true
		v.Index = a.index(v.Index)
		e = v
	case api.Progress:
		v.Index = a.index(v.Index)
		e = v
	case api.RawAnswer:
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
	a.report(e)
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

// report lets an event be kept and then heard.
func (a *attempt) report(e api.Event) {
	warn := false
	if a.keeper != nil {
		if err := a.keeper.Keep(e); err != nil && !a.warned {
			a.warned, warn = true, true
		}
	}
	a.worker.mu.Lock()
	defer a.worker.mu.Unlock()
	a.worker.publish(Reported{a.entry.id, e})
	if warn {
		a.worker.publish(Reported{a.entry.id, api.Notice{Sentence: api.Sentence{Key: "notice.not_kept"}}})
	}
}

// judge says what an error means for the person, now that it is known whether
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
