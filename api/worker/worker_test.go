package worker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engine is an api.Engine made of a function.
type engine func(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error)

func (engine) Profile() api.Profile { return api.Builtin() }

func (f engine) Edit(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
	return f(ctx, req, to)
}

// answering gives what was asked for.
func answering(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
	n := max(req.N, 1)
	for i := range n {
		to.Emit(api.Answer{Index: i})
	}
	return api.Result{Asked: n, Got: n}, nil
}

// holding waits until it is cancelled or let go.
func holding(letGo <-chan struct{}) engine {
	return func(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
		select {
		case <-letGo:
			return answering(ctx, req, to)
		case <-ctx.Done():
			return api.Result{Asked: 1}, &api.Error{Kind: api.KindCancelled, Cause: ctx.Err()}
		}
	}
}

func job(e engine, n int) worker.Job {
	return worker.Job{Connection: "c", Engine: e, Request: &api.Request{N: n}}
}

func add(t *testing.T, w *worker.Worker, j worker.Job) worker.ID {
	t.Helper()
	id, err := w.Add(j)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// finish runs jobs to their end in a worker of its own and returns all events.
func finish(t *testing.T, jobs ...worker.Job) []worker.Event {
	t.Helper()
	w := worker.New(worker.Options{})
	events, _ := w.Subscribe()
	for _, j := range jobs {
		add(t, w, j)
	}
	if err := w.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var all []worker.Event
	for e := range events {
		all = append(all, e)
	}
	return all
}

func ended(t *testing.T, events []worker.Event) worker.Ended {
	t.Helper()
	e, ok := events[len(events)-1].(worker.Ended)
	if !ok {
		t.Fatalf("the last event is %#v", events[len(events)-1])
	}
	return e
}

func answers(events []worker.Event) (indexes []int) {
	for _, e := range events {
		if r, ok := e.(worker.Reported); ok {
			if a, ok := r.Event.(api.Answer); ok {
				indexes = append(indexes, a.Index)
			}
		}
	}
	return indexes
}

func pauses(events []worker.Event) (n int) {
	for _, e := range events {
		if r, ok := e.(worker.Reported); ok {
			if p, ok := r.Event.(api.Progress); ok && p.Stage == api.Pausing {
				n++
			}
		}
	}
	return n
}

func TestOneJobFromAddedToEnded(t *testing.T) {
	events := finish(t, job(answering, 2))
	want := []worker.Event{
		worker.Added{ID: 1},
		worker.Started{ID: 1},
		worker.Reported{ID: 1, Event: api.Answer{Index: 0}},
		worker.Reported{ID: 1, Event: api.Answer{Index: 1}},
	}
	if len(events) != 5 || fmt.Sprint(events[:4]) != fmt.Sprint(want) {
		t.Fatalf("events = %v", events)
	}
	if e := ended(t, events); e.Err != nil || e.Result.Got != 2 || e.Result.Asked != 2 {
		t.Fatalf("ended as %+v", e)
	}
}

// TestLimitOfEachConnection checks that three jobs of a connection run at once,
// neither fewer nor more, and that connections don't hold each other up.
func TestLimitOfEachConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{Parallel: func(c string) int {
			if c == "narrow" {
				return 1
			}
			return 0
		}})
		defer w.Close()
		letGo := make(chan struct{})
		for range 5 {
			add(t, w, job(holding(letGo), 1))
		}
		for range 2 {
			j := job(holding(letGo), 1)
			j.Connection = "narrow"
			add(t, w, j)
		}
		synctest.Wait()
		var running []worker.ID
		for _, s := range w.Jobs() {
			if s.State == worker.Running {
				running = append(running, s.ID)
			}
		}
		if want := []worker.ID{1, 2, 3, 6}; !slices.Equal(running, want) {
			t.Fatalf("running %v, want %v", running, want)
		}
		close(letGo)
		if err := w.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.Jobs() {
			if s.State != worker.Over || s.Err != nil {
				t.Fatalf("job %d: %v, %v", s.ID, s.State, s.Err)
			}
		}
	})
}

func TestOrderCanBeChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{Parallel: func(string) int { return 1 }})
		defer w.Close()
		events, cancel := w.Subscribe()
		defer cancel()
		letGo := make(chan struct{})
		for range 5 {
			add(t, w, job(holding(letGo), 1))
		}
		if w.Move(1, 0) {
			t.Fatal("a running job was moved")
		}
		if !w.Move(5, 0) || !w.Move(2, 99) || !w.Cancel(3) {
			t.Fatal("queued jobs can't be moved or cancelled")
		}
		if got, want := w.Queue(), []worker.ID{5, 4, 2}; !slices.Equal(got, want) {
			t.Fatalf("queue %v, want %v", got, want)
		}
		close(letGo)
		if err := w.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		var started []worker.ID
		for len(started) < 4 {
			if s, ok := (<-events).(worker.Started); ok {
				started = append(started, s.ID)
			}
		}
		if want := []worker.ID{1, 5, 4, 2}; !slices.Equal(started, want) {
			t.Fatalf("started %v, want %v", started, want)
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{})
		defer w.Close()
		for range 5 { // two of them stay in the queue
			add(t, w, job(holding(nil), 1))
		}
		synctest.Wait()
		if !w.Cancel(2) || w.Cancel(99) {
			t.Fatal("Cancel found the wrong jobs")
		}
		synctest.Wait()
		if n := w.Busy(); n != 4 {
			t.Fatalf("%d jobs left, want 4", n)
		}
		for _, s := range w.Jobs() {
			w.Cancel(s.ID)
		}
		if err := w.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.Jobs() {
			if s.Err == nil || s.Err.Kind != api.KindCancelled || s.Err.Text().Key != "error.cancelled" {
				t.Fatalf("job %d ended as %v", s.ID, s.Err)
			}
		}
		if w.Cancel(2) {
			t.Fatal("a job that is over was cancelled")
		}
	})
}

func TestCancelAfterSendingIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{})
		defer w.Close()
		id := add(t, w, job(func(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
			to.Emit(api.Sent{Bytes: 9})
			<-ctx.Done()
			return api.Result{}, &api.Error{Kind: api.KindCancelled, Cause: ctx.Err()}
		}, 1))
		synctest.Wait()
		w.Cancel(id)
		w.Wait(t.Context())
		if err := w.Jobs()[0].Err; err == nil || err.Kind != api.KindCancelled || err.Text().Key != api.CancelledSent {
			t.Fatalf("ended as %v", err)
		}
	})
}

func TestPanicEndsOneJobAlone(t *testing.T) {
	events := finish(t, job(func(context.Context, *api.Request, api.Sink) (api.Result, error) { panic("oh") }, 1), job(answering, 1))
	var ok, broken int
	for _, e := range events {
		if e, is := e.(worker.Ended); is {
			if e.Err == nil {
				ok++
			} else if e.Err.Kind == api.KindLocal {
				broken++
			}
		}
	}
	if ok != 1 || broken != 1 {
		t.Fatalf("%d jobs went well, %d failed", ok, broken)
	}
}

// keeper notes what it is told.
type keeper struct {
	kept  []api.Event
	ends  int
	fails bool // nothing can be kept
	// what is spooled, of which refuses lets no file be opened and breaks lets
	// none be written
	spooled         []*spooled
	refuses, breaks bool
}

func (k *keeper) Keep(e api.Event) error {
	k.kept = append(k.kept, e)
	if k.fails {
		return errors.New("disk full")
	}
	return nil
}

func (k *keeper) Spool(at api.Arrival) (io.WriteCloser, error) {
	if k.refuses {
		return nil, errors.New("no room")
	}
	k.spooled = append(k.spooled, &spooled{Arrival: at, broken: k.breaks})
	return k.spooled[len(k.spooled)-1], nil
}

func (k *keeper) End(api.Result, *api.Error) { k.ends++ }

// spooled is an answer that is being kept.
type spooled struct {
	api.Arrival
	bytes.Buffer
	broken, closed bool
}

func (s *spooled) Write(p []byte) (int, error) {
	if s.broken {
		return 0, errors.New("disk full")
	}
	return s.Buffer.Write(p)
}

func (s *spooled) Close() error { s.closed = true; return nil }

// TestKeeperIsCalledFirst of each event, and once of the end.
func TestKeeperIsCalledFirst(t *testing.T) {
	k := &keeper{}
	j := job(func(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
		if to.Emit(api.Sending{Bytes: 1, Index: -1}); len(k.kept) != 1 {
			t.Error("the sending was not kept when Emit returned")
		}
		w := to.Spool(api.Arrival{Index: -1})
		w.Write([]byte("x"))
		if len(k.spooled) != 1 || k.spooled[0].String() != "x" {
			t.Error("the answer was not kept when Write returned")
		}
		w.Close()
		return answering(ctx, req, to)
	}, 1)
	j.Keeper = k
	finish(t, j)
	if len(k.kept) != 2 || k.ends != 1 || !k.spooled[0].closed {
		t.Fatalf("kept %d events, ended %d times", len(k.kept), k.ends)
	}
}

// TestNothingIsSentThatCantBeRecorded: the job ends for free, with a sentence.
func TestNothingIsSentThatCantBeRecorded(t *testing.T) {
	sent := false
	j := job(func(_ context.Context, req *api.Request, to api.Sink) (api.Result, error) {
		if err := to.Emit(api.Sending{Bytes: 1}); err != nil {
			return api.Result{Asked: 1}, err
		}
		sent = true
		return api.Result{}, nil
	}, 1)
	k := &keeper{fails: true}
	j.Keeper = k
	e := ended(t, finish(t, j))
	if e.Err == nil || e.Err.Kind != api.KindLocal || e.Err.Text().Key != "error.not_recorded" || e.Err.MayHaveCost() || sent || k.ends != 1 {
		t.Fatalf("ended as %v, sent %v", e.Err, sent)
	}
}

// TestAnswersThatCantBeKeptStillCome, and the user is told once, whatever fails.
func TestAnswersThatCantBeKeptStillCome(t *testing.T) {
	for name, k := range map[string]*keeper{"events": {fails: true}, "no file": {refuses: true}, "writing": {breaks: true}} {
		j := job(func(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
			w := to.Spool(api.Arrival{Index: -1})
			for range 2 {
				if n, err := w.Write([]byte("abc")); n != 3 || err != nil {
					t.Errorf("%s: the engine got %d, %v", name, n, err)
				}
			}
			if err := w.Close(); err != nil {
				t.Errorf("%s: the engine got %v", name, err)
			}
			return answering(ctx, req, to)
		}, 3)
		j.Keeper = k
		events := finish(t, j)
		notices := 0
		for _, e := range events {
			if r, ok := e.(worker.Reported); ok {
				if n, ok := r.Event.(api.Notice); ok && n.Sentence.Key == "notice.not_kept" {
					notices++
				}
			}
		}
		if got := answers(events); len(got) != 3 || notices != 1 || ended(t, events).Err != nil {
			t.Fatalf("%s: answers %v, %d notices", name, got, notices)
		}
	}
}

// TestKeeperOfAJobThatNeverStarted is notified of its end, too, before
// anybody hears of it.
func TestKeeperOfAJobThatNeverStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{Parallel: func(string) int { return 1 }})
		events, _ := w.Subscribe()
		letGo := make(chan struct{})
		add(t, w, job(holding(letGo), 1))
		k := &keeper{}
		j := job(answering, 1)
		j.Keeper = k
		id := add(t, w, j)
		if !w.Cancel(id) || w.Cancel(id) {
			t.Fatal("the queued job can't be cancelled once")
		}
		close(letGo)
		w.Close()
		for e := range events {
			if e, ok := e.(worker.Ended); ok && e.ID == id && (k.ends != 1 || e.Err == nil || e.Err.Kind != api.KindCancelled) {
				t.Errorf("%d ends when it was told: %v", k.ends, e.Err)
			}
		}
		if k.ends != 1 || len(k.kept) != 0 {
			t.Fatalf("%d ends, kept %v", k.ends, k.kept)
		}
	})
}

func TestRepeat(t *testing.T) {
	w := worker.New(worker.Options{})
	defer w.Close()
	id := add(t, w, job(answering, 1))
	w.Wait(t.Context())
	again, ok := w.Repeat(id, func(j *worker.Job) {
		req := *j.Request
		req.N = 3
		j.Request = &req
	})
	w.Wait(t.Context())
	jobs := w.Jobs()
	if !ok || again != 2 || len(jobs) != 2 || jobs[0].Result.Got != 1 || jobs[1].Result.Got != 3 {
		t.Fatalf("repeated as %v: %+v", again, jobs)
	}
	w.Forget(id)
	if _, ok := w.Repeat(id, nil); ok || len(w.Jobs()) != 1 {
		t.Fatal("a forgotten job is still there")
	}
}

// TestNoEventIsLost has readers of very different speed, one that leaves early
// and one that never reads.
func TestNoEventIsLost(t *testing.T) {
	const jobs, each = 20, 200
	w := worker.New(worker.Options{})
	var readers sync.WaitGroup
	counts := make([]int, 3)
	for i := range counts {
		events, cancel := w.Subscribe()
		readers.Go(func() {
			defer cancel()
			r := rand.New(rand.NewPCG(1, uint64(i)))
			next := map[worker.ID]int{}
			for e := range events {
				if r.IntN(100) < 10*i {
					runtime.Gosched()
				}
				if rep, ok := e.(worker.Reported); ok {
					a := rep.Event.(api.Answer)
					if a.Index != next[rep.ID] {
						t.Errorf("job %d: answer %d came where %d was due", rep.ID, a.Index, next[rep.ID])
					}
					next[rep.ID]++
					counts[i]++
				}
			}
		})
	}
	early, leave := w.Subscribe()
	_, never := w.Subscribe()
	for range jobs {
		add(t, w, job(answering, each))
	}
	<-early
	leave()
	if err := w.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Close()
	readers.Wait()
	for range early { // ends
	}
	never()
	for i, n := range counts {
		if n != jobs*each {
			t.Errorf("reader %d got %d answers, want %d", i, n, jobs*each)
		}
	}
}

func TestClosedWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worker.New(worker.Options{})
		events, _ := w.Subscribe()
		for range 4 {
			add(t, w, job(holding(nil), 1))
		}
		w.Close()
		w.Close()
		n := 0
		for e := range events {
			if e, ok := e.(worker.Ended); ok && e.Err.Kind == api.KindCancelled {
				n++
			}
		}
		if n != 4 {
			t.Fatalf("%d jobs ended as cancelled, want 4", n)
		}
		if _, err := w.Add(job(answering, 1)); !errors.Is(err, worker.ErrClosed) {
			t.Fatalf("Add: %v", err)
		}
		late, _ := w.Subscribe()
		if _, open := <-late; open {
			t.Fatal("a late subscriber heard something")
		}
	})
}
