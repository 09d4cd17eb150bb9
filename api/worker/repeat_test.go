package worker_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/worker"
)

// scripted answers each try with the next error; nil gives all that was asked.
type scripted struct {
	mu    sync.Mutex
	tries []*api.Request
	times []time.Time
	then  []func(req *api.Request, to api.Sink) (api.Result, error)
}

func (s *scripted) edit(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
	s.mu.Lock()
	i := len(s.tries)
	s.tries, s.times = append(s.tries, req), append(s.times, time.Now())
	s.mu.Unlock()
	if i < len(s.then) && s.then[i] != nil {
		return s.then[i](req, to)
	}
	return answering(ctx, req, to)
}

func failing(e *api.Error) func(*api.Request, api.Sink) (api.Result, error) {
	return func(req *api.Request, to api.Sink) (api.Result, error) {
		to.Emit(api.Sent{Bytes: 1})
		return api.Result{Asked: max(req.N, 1)}, e
	}
}

func TestRepeatsOnlyWhereNothingCanHaveBeenCharged(t *testing.T) {
	again := &api.Error{Kind: api.KindRate, Status: 429, Retryable: true}
	asks := func(d time.Duration) *api.Error {
		return &api.Error{Kind: api.KindRate, Status: 429, Retryable: true, RetryAfter: d}
	}
	final := &api.Error{Kind: api.KindUnknown, Status: 500}
	cases := []struct {
		name     string
		errs     []*api.Error
		tries    int
		kind     api.Kind // of the end; "" for success
		min, max time.Duration
	}{
		{"success", nil, 1, "", 0, 0},
		{"unknown outcome", []*api.Error{final}, 1, api.KindUnknown, 0, 0},
		{"quota", []*api.Error{{Kind: api.KindQuota, Status: 429}}, 1, api.KindQuota, 0, 0},
		{"once", []*api.Error{again}, 2, "", 500 * time.Millisecond, time.Second},
		{"twice, growing", []*api.Error{again, again}, 3, "", 1500 * time.Millisecond, 3 * time.Second},
		{"three tries at most", []*api.Error{again, again, again, again}, 3, api.KindRate, 1500 * time.Millisecond, 3 * time.Second},
		{"then unknown", []*api.Error{again, final}, 2, api.KindUnknown, 500 * time.Millisecond, time.Second},
		{"service's time", []*api.Error{asks(12 * time.Second)}, 2, "", 12 * time.Second, 13200 * time.Millisecond},
		{"two minutes", []*api.Error{asks(2 * time.Minute)}, 2, "", 2 * time.Minute, 2 * time.Minute},
		{"above two minutes", []*api.Error{asks(2*time.Minute + 1)}, 1, api.KindRate, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{}
				for _, e := range c.errs {
					s.then = append(s.then, failing(e))
				}
				begin := time.Now()
				events := finish(t, job(s.edit, 2))
				took := time.Since(begin)
				if len(s.tries) != c.tries || pauses(events) != c.tries-1 {
					t.Fatalf("%d tries and %d pauses, want %d tries", len(s.tries), pauses(events), c.tries)
				}
				if took < c.min || took > c.max {
					t.Fatalf("took %v, want %v to %v", took, c.min, c.max)
				}
				e := ended(t, events)
				if c.kind == "" && (e.Err != nil || e.Result.Got != 2) {
					t.Fatalf("ended as %+v", e)
				}
				if c.kind != "" && (e.Err == nil || e.Err.Kind != c.kind) {
					t.Fatalf("ended as %v, want %v", e.Err, c.kind)
				}
			})
		})
	}
}

// TestWhatCameIsNotAskedForAgain has an engine that gives variants 0 and 2 of 4
// and is then refused: the repetition asks for two more, which are 1 and 3.
func TestWhatCameIsNotAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{then: []func(*api.Request, api.Sink) (api.Result, error){
			func(req *api.Request, to api.Sink) (api.Result, error) {
				to.Emit(api.Answer{Index: 0})
				to.Emit(api.Answer{Index: 2})
				return api.Result{Asked: 4, Got: 2, Usage: map[string]int64{"tokens": 10}}, &api.Error{Kind: api.KindRate, Retryable: true}
			},
			func(req *api.Request, to api.Sink) (api.Result, error) {
				to.Emit(api.Answer{Index: 0})
				to.Emit(api.Answer{Index: 1})
				return api.Result{Asked: 2, Got: 2, RequestID: "second", Usage: map[string]int64{"tokens": 5}}, nil
			},
		}}
		events := finish(t, job(s.edit, 4))
		if got := answers(events); !slices.Equal(got, []int{0, 2, 1, 3}) {
			t.Fatalf("answers %v", got)
		}
		if len(s.tries) != 2 || s.tries[1].N != 2 || s.tries[0].N != 4 {
			t.Fatalf("%d tries, the last asked for %d", len(s.tries), s.tries[len(s.tries)-1].N)
		}
		r := ended(t, events).Result
		if r.Asked != 4 || r.Got != 4 || r.RequestID != "second" || r.Usage["tokens"] != 15 {
			t.Fatalf("result %+v", r)
		}
	})
}

func TestPauseIsShownAndCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{})
		defer w.Close()
		events, cancel := w.Subscribe()
		defer cancel()
		s := &scripted{then: []func(*api.Request, api.Sink) (api.Result, error){
			failing(&api.Error{Kind: api.KindRate, Retryable: true, RetryAfter: time.Minute}),
		}}
		id := add(t, w, job(s.edit, 1))
		synctest.Wait()
		for e := range events {
			if r, ok := e.(worker.Reported); ok {
				if p, ok := r.Event.(api.Progress); ok && p.Stage == api.Pausing {
					if left := time.Until(p.Until); left < time.Minute || left > 66*time.Second {
						t.Fatalf("the pause is to end in %v", left)
					}
					break
				}
			}
		}
		begin := time.Now()
		w.Cancel(id)
		w.Wait(t.Context())
		if took := time.Since(begin); took != 0 {
			t.Fatalf("cancelling took %v", took)
		}
		// The refused request can't have been charged: nothing is said about that.
		if err := w.Jobs()[0].Err; err == nil || err.Text().Key != "error.cancelled" || len(s.tries) != 1 {
			t.Fatalf("ended as %v after %d tries", err, len(s.tries))
		}
	})
}

func TestTimeout(t *testing.T) {
	for _, sent := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			e := ended(t, finish(t, job(func(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
				if sent {
					to.Emit(api.Sent{Bytes: 1})
				}
				<-ctx.Done()
				return api.Result{}, ctx.Err()
			}, 1)))
			if took := time.Since(begin); took != worker.DefaultTimeout {
				t.Fatalf("ended after %v", took)
			}
			want := api.KindLocal
			if sent {
				want = api.KindUnknown
			}
			if e.Err == nil || e.Err.Kind != want || e.Err.Text().Key == "error.local" {
				t.Fatalf("sent %v: ended as %v", sent, e.Err)
			}
		})
	}
}

// TestNoPausePastTheDeadline: a pause that the job's time doesn't allow isn't begun.
func TestNoPausePastTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{then: []func(*api.Request, api.Sink) (api.Result, error){
			failing(&api.Error{Kind: api.KindRate, Retryable: true, RetryAfter: time.Minute}),
		}}
		j := job(s.edit, 1)
		j.Timeout = 30 * time.Second
		events := finish(t, j)
		if e := ended(t, events); e.Err == nil || e.Err.Kind != api.KindRate || pauses(events) != 0 {
			t.Fatalf("ended as %v after %d pauses", e.Err, pauses(events))
		}
	})
}
