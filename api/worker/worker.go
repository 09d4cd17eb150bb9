// Package worker runs edits in the background: a queue of jobs with IDs, a few
// of them at once for each connection, one stream of events about all of them,
// and the policy that one click is never paid for twice.
//
// # Repeating
//
// A job is repeated by itself only where its engine says that nothing can have
// been charged (api.Error.Retryable): at most three tries in all, after the
// time that the service asked for or else after a growing one, with jitter. No
// pause is longer than two minutes: where the service asks for more, the job
// ends with its error. Variants that have come are not asked for again. The
// pause is an event and can be cancelled. Whatever else goes wrong ends the
// job, and only the user starts it again (Repeat).
package worker

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/feed"
)

// The worker's figures.
const (
	// DefaultTimeout bounds a job from its start to its end, pauses included.
	DefaultTimeout = 10 * time.Minute
	// DefaultParallel is how many jobs of one connection run at once.
	DefaultParallel = 3
	// MaxTries counts the first try too.
	MaxTries = 3
	// MaxPause is the longest pause before a repetition.
	MaxPause = 2 * time.Minute
)

// ErrClosed reports that the worker takes no more jobs.
var ErrClosed = errors.New("worker: closed")

// ID names a job for as long as the worker lives. IDs grow in the order of Add.
type ID int64

// Job is what is to be done. The worker changes nothing in it.
type Job struct {
	// Connection tells which jobs share a limit.
	Connection string
	Engine     api.Engine
	Request    *api.Request
	// Timeout bounds the job from its start; 0 means DefaultTimeout.
	Timeout time.Duration
	// Keeper, unless nil, writes down what happens to the job.
	Keeper Keeper
	// Tag is the caller's own and not looked at.
	Tag any
}

// Keeper writes down what happens to one job. Its methods are called one at a
// time, in order, and before any subscriber hears of what they are told.
type Keeper interface {
	// Keep is given every event that is reported about the job. An error from an
	// api.Sending means that nothing is sent, and ends the job for free. After any
	// other event the job goes on, since its answers may be paid for; the user is
	// told instead.
	Keep(api.Event) error
	// Spool opens the file that keeps the bytes of an answer as they arrive. An
	// error from it, or from what it returns, doesn't end the job; the user is
	// told. Several such files may be written at once, each from one goroutine and
	// beside other calls.
	Spool(api.Arrival) (io.WriteCloser, error)
	// End is called once, last, also for a job that never started.
	End(api.Result, *api.Error)
}

// State tells where a job is.
type State string

// The states of a job.
const (
	Queued  State = "queued"
	Running State = "running"
	Over    State = "over"
)

// Status is a job at one moment.
type Status struct {
	ID    ID
	State State
	Job   Job
	// Result and Err are as in Ended; they say nothing before the job is Over.
	Result api.Result
	Err    *api.Error
}

// Options are the choices for New. The zero value has the defaults.
type Options struct {
	// Parallel tells how many jobs of a connection may run at once. It is
	// called with the worker's lock held, so it must not call the worker. Nil,
	// or an answer below 1, means DefaultParallel.
	Parallel func(connection string) int
}

// Worker is safe for use by several goroutines.
type Worker struct {
	options Options

	mu      sync.Mutex
	last    ID
	jobs    map[ID]*entry
	queue   []*entry // waiting, in the order in which they'll start
	running map[string]int
	active  int           // waiting and running
	idle    chan struct{} // closed while active is 0
	events  feed.Feed[Event]
	closed  bool
	work    sync.WaitGroup // the goroutines of jobs
}

type entry struct {
	id     ID
	job    Job
	state  State
	cancel context.CancelCauseFunc // of a running job
	result api.Result
	err    *api.Error
}

// New returns a worker. It is to be closed.
func New(o Options) *Worker {
	idle := make(chan struct{})
	close(idle)
	return &Worker{options: o, jobs: map[ID]*entry{}, running: map[string]int{}, idle: idle}
}

// Subscribe returns the events from now on. The channel is closed after the
// last event once the worker is closed. Whoever stops reading earlier must call
// cancel, after which the channel is closed too; cancel may be called at any time.
func (w *Worker) Subscribe() (events <-chan Event, cancel func()) { return w.events.Subscribe() }

// Add puts a job at the end of the queue, and starts it where its connection
// has room. It fails with ErrClosed alone.
func (w *Worker) Add(job Job) (ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.add(job)
}

func (w *Worker) add(job Job) (ID, error) {
	if w.closed {
		return 0, ErrClosed
	}
	w.last++
	e := &entry{id: w.last, job: job, state: Queued}
	w.jobs[e.id] = e
	w.queue = append(w.queue, e)
	if w.active == 0 {
		w.idle = make(chan struct{})
	}
	w.active++
	w.publish(Added{e.id})
	w.start()
	return e.id, nil
}

// Repeat adds a job like an earlier one, as changed by change (which may be
// nil, and must not call the worker). It reports false where there is no such
// job or the worker is closed.
func (w *Worker) Repeat(id ID, change func(*Job)) (ID, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	old, ok := w.jobs[id]
	if !ok {
		return 0, false
	}
	job := old.job
	if change != nil {
		change(&job)
	}
	fresh, err := w.add(job)
	return fresh, err == nil
}

// Move gives a queued job another place among the queued ones, from 0. It
// reports false where the job isn't queued any more.
func (w *Worker) Move(id ID, position int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.queue, func(e *entry) bool { return e.id == id })
	if i < 0 {
		return false
	}
	e := w.queue[i]
	w.queue = slices.Delete(w.queue, i, i+1)
	position = max(0, min(position, len(w.queue)))
	w.queue = slices.Insert(w.queue, position, e)
	w.publish(Moved{id, position})
	return true
}

// Cancel stops a job: a queued one ends at once, a running one as soon as its
// engine lets go. It reports false where the job is over or unknown.
func (w *Worker) Cancel(id ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.jobs[id]
	return ok && w.stop(e)
}

// stopAll stops all jobs.
func (w *Worker) stopAll() {
	for _, e := range slices.Clone(w.queue) {
		w.stop(e)
	}
	for _, e := range w.jobs {
		w.stop(e)
	}
}

func (w *Worker) stop(e *entry) bool {
	switch e.state {
	case Queued:
		w.queue = slices.DeleteFunc(w.queue, func(q *entry) bool { return q == e })
		w.drop(e, &api.Error{Kind: api.KindCancelled, Cause: context.Canceled})
	case Running:
		e.cancel(errStopped)
	default:
		return false
	}
	return true
}

// drop ends a job that never started. Its keeper may wait for a disk, so not
// under the lock, which is held.
func (w *Worker) drop(e *entry, fault *api.Error) {
	if e.job.Keeper == nil {
		w.end(e, api.Result{}, fault)
		return
	}
	e.state, e.err = Over, fault
	w.work.Go(func() {
		e.job.Keeper.End(api.Result{}, fault)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.end(e, api.Result{}, fault)
	})
}

// Jobs returns all jobs that were not forgotten, by ID.
func (w *Worker) Jobs() []Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Status, 0, len(w.jobs))
	for _, e := range w.jobs {
		all = append(all, Status{e.id, e.state, e.job, e.result, e.err})
	}
	slices.SortFunc(all, func(a, b Status) int { return int(a.ID - b.ID) })
	return all
}

// Queue returns the IDs of the queued jobs in the order in which they'll start.
func (w *Worker) Queue() []ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := make([]ID, len(w.queue))
	for i, e := range w.queue {
		ids[i] = e.id
	}
	return ids
}

// Forget lets go of a job that is over, with its pictures. Repeat can't find it any more.
func (w *Worker) Forget(id ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e, ok := w.jobs[id]; ok && e.state == Over {
		delete(w.jobs, id)
	}
}

// Busy counts the jobs that are queued or running.
func (w *Worker) Busy() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.active
}

// Wait returns when no job is queued or running, or with ctx's error.
func (w *Worker) Wait(ctx context.Context) error {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close takes no more jobs, stops those there are, waits for them to end and
// ends all subscriptions after their last event.
func (w *Worker) Close() {
	w.mu.Lock()
	w.closed = true
	w.stopAll()
	w.mu.Unlock()
	w.work.Wait()
	w.events.Close()
}

// start runs what may run. The lock is held.
func (w *Worker) start() {
	for i := 0; i < len(w.queue); {
		e := w.queue[i]
		if w.running[e.job.Connection] >= w.parallel(e.job.Connection) {
			i++
			continue
		}
		w.queue = slices.Delete(w.queue, i, i+1)
		w.running[e.job.Connection]++
		e.state = Running
		var ctx context.Context
		ctx, e.cancel = context.WithCancelCause(context.Background())
		w.publish(Started{e.id})
		w.work.Go(func() { w.run(ctx, e) })
	}
}

func (w *Worker) parallel(connection string) int {
	if w.options.Parallel != nil {
		if n := w.options.Parallel(connection); n > 0 {
			return n
		}
	}
	return DefaultParallel
}

// end writes down how a job ended. The lock is held.
func (w *Worker) end(e *entry, r api.Result, err *api.Error) {
	if e.state == Running {
		if w.running[e.job.Connection]--; w.running[e.job.Connection] == 0 {
			delete(w.running, e.job.Connection)
		}
	}
	e.state, e.result, e.err, e.cancel = Over, r, err, nil
	w.publish(Ended{e.id, r, err})
	if w.active--; w.active == 0 {
		close(w.idle)
	}
}

func (w *Worker) publish(e Event) { w.events.Publish(e) }
