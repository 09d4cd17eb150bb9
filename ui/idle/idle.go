// Package idle lets the main loop of a Fyne program sleep while there is nothing
// to do. Fyne's own loop looks for events 60 times a second, which on Linux wakes
// the processor some 400 times a second for a window that just stands there.
//
// The loop has no option for that, but it ticks its animations each time it has
// looked for events and before it draws. An animation that never ends therefore can
// hold the loop up there until there is something to do again: an event, a call of
// fyne.Do, or the next step of another animation. All of Fyne's own calls from
// other goroutines go through fyne.Do and the current app, which New replaces.
//
// Those calls are also done all at once. Fyne's loop chooses at random between the
// next call and the next frame; where a frame takes longer than a sixtieth of a second,
// which is so on every machine without a graphics card, that is about one call for each
// frame drawn, and whatever calls more often falls behind further and further.
package idle

import (
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Waiter waits for the events of the desktop.
type Waiter interface {
	// Wait returns when there are events to be looked at, when Wake was called
	// since it last returned, or after limit. Only the main goroutine calls it.
	Wait(limit time.Duration)
	// Wake ends Wait. It may be called on any goroutine, at any time.
	Wake()
}

// How long after anything happened the loop goes at its full speed, and how long
// it then waits for events for no longer than a frame. In this second time every
// event is noticed, so that what Fyne does a little after an event, such as to tell
// a tap from a double tap, comes without delay.
const (
	awake     = 500 * time.Millisecond
	listening = 1500 * time.Millisecond
	frame     = time.Second / 60
)

// How long the loop sleeps at most: while an animation goes on for ever, such as a
// text cursor's, and else. Nothing depends on the second; it bounds the harm if
// something should happen in a way that this package doesn't know of.
const (
	step   = time.Second / 10
	asleep = 5 * time.Second
)

// New returns an app that is a, but for the main loop that sleeps, and makes it
// Fyne's current one. It must be called on the main goroutine, before a runs and
// before anything is made with a. Apps without a desktop's driver are returned as
// they are. The returned app has no system tray.
func New(a fyne.App, w Waiter) fyne.App {
	d, ok := a.Driver().(desktop.Driver)
	if !ok {
		return a
	}
	l := &loop{Driver: a.Driver(), desk: d, waiter: w, ends: map[*fyne.Animation]time.Time{}}
	l.touch()
	l.Driver.StartAnimation(&fyne.Animation{Duration: time.Hour, RepeatCount: fyne.AnimationRepeatForever, Tick: l.tick})
	quiet := &app{a, l}
	fyne.SetCurrentApp(quiet)
	return quiet
}

type app struct {
	fyne.App
	loop *loop
}

func (a *app) Driver() fyne.Driver { return a.loop }

// Quit ends the loop, which must not sleep then.
func (a *app) Quit() {
	a.App.Quit()
	a.loop.wake()
}

type desk = desktop.Driver

// loop is the driver, with all ways into the main loop watched.
type loop struct {
	fyne.Driver
	desk
	waiter Waiter

	last     atomic.Int64 // the time of the last event, in nanoseconds since start
	sleeping atomic.Bool

	calls queue

	mu   sync.Mutex
	ends map[*fyne.Animation]time.Time // of those that run; zero for those without an end
}

var start = time.Now() // for a clock that never jumps

func (l *loop) touch() { l.last.Store(int64(time.Since(start))) }

// wake lets the loop go at its full speed.
func (l *loop) wake() {
	l.touch()
	if l.sleeping.Load() {
		l.waiter.Wake()
	}
}

// DoFromGoroutine is what fyne.Do and fyne.DoAndWait come to. The loop is woken
// before f is queued, which it can't miss: it then stays awake for a while.
func (l *loop) DoFromGoroutine(f func(), wait bool) {
	l.wake()
	if first := l.calls.add(f); first || wait {
		l.Driver.DoFromGoroutine(l.calls.run, wait)
	}
}

// queue holds the calls that the main goroutine is still to make, in order.
type queue struct {
	mu   sync.Mutex
	list []func()
}

// add appends a call and reports whether it is the first, for which run must be asked for.
func (q *queue) add(f func()) (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, f)
	return len(q.list) == 1
}

// run makes the calls that are queued when it begins. Those that come meanwhile
// wait for the next run, so that calls that lead to calls don't keep frames away.
func (q *queue) run() {
	q.mu.Lock()
	list := q.list
	q.list = nil
	q.mu.Unlock()
	for _, f := range list {
		f()
	}
}

// StartAnimation starts an animation and keeps the loop going for it.
func (l *loop) StartAnimation(a *fyne.Animation) {
	var end time.Time
	if a.RepeatCount != fyne.AnimationRepeatForever {
		runs := time.Duration(1 + a.RepeatCount)
		if a.AutoReverse {
			runs *= 2
		}
		end = time.Now().Add(runs*(a.Duration+2*frame) + awake)
	}
	l.mu.Lock()
	l.ends[a] = end
	l.mu.Unlock()
	l.wake()
	l.Driver.StartAnimation(a)
}

// StopAnimation stops an animation.
func (l *loop) StopAnimation(a *fyne.Animation) {
	l.mu.Lock()
	delete(l.ends, a)
	l.mu.Unlock()
	l.Driver.StopAnimation(a)
}

// tick is called by the main loop after it has looked for events and before it
// draws, and sleeps if there is nothing to do.
func (l *loop) tick(float32) {
	if l.limit() == 0 || l.drawing() {
		return
	}
	l.sleeping.Store(true)
	// Once more: whoever came in between did not see that the loop is to be woken.
	if limit := l.limit(); limit > 0 {
		from := time.Now()
		l.waiter.Wait(limit)
		if time.Since(from) < limit {
			l.touch()
		}
	}
	l.sleeping.Store(false)
}

// limit returns how long the loop may sleep.
func (l *loop) limit() time.Duration {
	quiet := time.Since(start) - time.Duration(l.last.Load())
	if quiet < awake {
		return 0
	}
	limit := asleep
	l.mu.Lock()
	defer l.mu.Unlock()
	for a, end := range l.ends {
		switch {
		case end.IsZero():
			limit = step
		case time.Now().Before(end):
			return 0
		default:
			delete(l.ends, a)
		}
	}
	if quiet < listening {
		return frame
	}
	return limit
}

// drawing reports whether a window is still to be drawn.
func (l *loop) drawing() bool {
	for _, w := range l.AllWindows() {
		c, ok := w.Canvas().(interface {
			CheckDirtyAndClear() bool
			SetDirty()
		})
		if ok && c.CheckDirtyAndClear() {
			c.SetDirty()
			return true
		}
	}
	return false
}
