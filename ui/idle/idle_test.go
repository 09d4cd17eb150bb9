package idle_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/idle"
)

type desk = desktop.Driver

// driver runs a loop like Fyne's: 60 times a second it looks for events, ticks the
// animations and draws; functions from other goroutines run in between.
type driver struct {
	fyne.Driver
	desk
	mu         sync.Mutex
	animations []*fyne.Animation
	queue      chan func()
	done       chan struct{}
	frames     atomic.Int64
	onPoll     atomic.Pointer[func()] // called once, at the next look for events
	canvas     *canvas
	slow       time.Duration // how long a frame takes in which something is drawn
}

type app struct {
	fyne.App
	driver *driver
}

func (a *app) Driver() fyne.Driver { return a.driver }
func (a *app) Quit()               { close(a.driver.done) }

type window struct {
	fyne.Window
	canvas *canvas
}

func (w *window) Canvas() fyne.Canvas { return w.canvas }

type canvas struct {
	fyne.Canvas
	dirty bool
	drawn atomic.Int64
}

func (c *canvas) CheckDirtyAndClear() bool {
	was := c.dirty
	c.dirty = false
	return was
}
func (c *canvas) SetDirty() { c.dirty = true }

func (d *driver) AllWindows() []fyne.Window { return []fyne.Window{&window{canvas: d.canvas}} }
func (d *driver) StartAnimation(a *fyne.Animation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.animations = append(d.animations, a)
}

func (d *driver) StopAnimation(a *fyne.Animation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.animations = slices.DeleteFunc(d.animations, func(b *fyne.Animation) bool { return a == b })
}

func (d *driver) running() []*fyne.Animation {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.animations)
}

func (d *driver) DoFromGoroutine(f func(), wait bool) {
	done := make(chan struct{})
	d.queue <- func() { f(); close(done) }
	if wait {
		<-done
	}
}

func (d *driver) Run() {
	tick := time.NewTicker(time.Second / 60)
	defer tick.Stop()
	for {
		select {
		case <-d.done:
			return
		case f := <-d.queue:
			f()
		case <-tick.C:
			d.frames.Add(1)
			if f := d.onPoll.Swap(nil); f != nil {
				(*f)()
			}
			for _, a := range d.running() {
				a.Tick(0)
			}
			if d.canvas.CheckDirtyAndClear() {
				d.canvas.drawn.Add(1)
				time.Sleep(d.slow)
			}
		}
	}
}

// waiter has events where a desktop would.
type waiter struct {
	events, woken chan struct{}
}

func (w *waiter) Wait(limit time.Duration) {
	select {
	case <-w.events:
	case <-w.woken:
	case <-time.After(limit):
	}
}

func (w *waiter) Wake() {
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// run runs a program whose loop may sleep while f acts on another goroutine.
func run(t *testing.T, f func(a fyne.App, d *driver, w *waiter)) {
	synctest.Test(t, func(t *testing.T) {
		d := &driver{queue: make(chan func(), 100), done: make(chan struct{}), canvas: &canvas{}}
		w := &waiter{make(chan struct{}, 1), make(chan struct{}, 1)}
		a := idle.New(&app{driver: d}, w)
		if fyne.CurrentApp() != a {
			t.Error("fyne.Do would not be seen")
		}
		go func() {
			f(a, d, w)
			a.Quit()
		}()
		d.Run()
	})
}

// frames returns how many frames the loop makes in a time.
func frames(d *driver, in time.Duration) int {
	synctest.Wait()
	n := d.frames.Load()
	time.Sleep(in)
	synctest.Wait()
	return int(d.frames.Load() - n)
}

func TestTheLoopSleepsAndWakes(t *testing.T) {
	run(t, func(a fyne.App, d *driver, w *waiter) {
		if n := frames(d, time.Second/2); n < 28 {
			t.Errorf("%d frames in the first half second", n)
		}
		time.Sleep(10 * time.Second)
		// Each sleep ends with two frames: the one that slept, and the tick that came meanwhile.
		if n := frames(d, time.Minute); n > 24+2 {
			t.Errorf("%d frames in a minute in which nothing happens", n)
		}
		for name, act := range map[string]func(){
			"event":          func() { w.events <- struct{}{} },
			"fyne.Do":        func() { fyne.Do(func() { d.canvas.SetDirty() }) },
			"fyne.DoAndWait": func() { fyne.DoAndWait(func() { d.canvas.SetDirty() }) },
		} {
			time.Sleep(1234 * time.Millisecond)
			drawn := d.canvas.drawn.Load()
			poll := func() {
				if name == "event" {
					d.canvas.SetDirty()
				}
			}
			d.onPoll.Store(&poll)
			synctest.Wait()
			act()
			time.Sleep(time.Second / 30)
			synctest.Wait()
			if d.canvas.drawn.Load() == drawn {
				t.Errorf("%s: nothing is drawn in two frames", name)
			}
			if n := frames(d, time.Second); n < 55 {
				t.Errorf("%s: %d frames in the second after it", name, n)
			}
			if n := frames(d, 10*time.Second); n > 60 {
				t.Errorf("%s: %d frames in ten seconds that begin a second after it", name, n)
			}
		}
	})
}

func TestNoCallIsLate(t *testing.T) {
	run(t, func(a fyne.App, d *driver, w *waiter) {
		// At all distances from the moments when the loop goes to sleep or wakes.
		for pause := time.Duration(0); pause < 4*time.Second; pause += 7 * time.Millisecond {
			time.Sleep(pause)
			asked := time.Now()
			fyne.DoAndWait(func() {})
			if late := time.Since(asked); late > time.Second/60 {
				t.Errorf("%v after the call before, a call waited for %v", pause, late)
				return
			}
		}
	})
}

// However long a frame takes, calls are made in order and don't wait for one frame each.
func TestCallsDoNotWaitForSlowFrames(t *testing.T) {
	run(t, func(a fyne.App, d *driver, w *waiter) {
		d.slow = time.Second
		time.Sleep(10 * time.Second)
		var calls []int
		drawn := d.canvas.drawn.Load()
		for i := range 1000 {
			call := func() {
				time.Sleep(time.Millisecond)
				calls = append(calls, i)
				d.canvas.SetDirty()
			}
			if i%100 == 99 {
				fyne.DoAndWait(call)
			} else {
				fyne.Do(call)
			}
		}
		if n := d.canvas.drawn.Load() - drawn; n > 25 {
			t.Errorf("%d frames were drawn until 1000 calls were made", n)
		}
		if len(calls) != 1000 || !slices.IsSorted(calls) {
			t.Errorf("%d calls, in order: %v", len(calls), slices.IsSorted(calls))
		}
	})
}

func TestAnimations(t *testing.T) {
	run(t, func(a fyne.App, d *driver, w *waiter) {
		time.Sleep(10 * time.Second)
		short := &fyne.Animation{Duration: 3 * time.Second, AutoReverse: true, RepeatCount: 1, Tick: func(float32) {}}
		short.Start()
		if n := frames(d, 12*time.Second); n < 11*60 {
			t.Errorf("%d frames in an animation of 12 s", n)
		}
		time.Sleep(3 * time.Second)
		if n := frames(d, 10*time.Second); n > 8 {
			t.Errorf("%d frames in 10 s after an animation has ended by itself", n)
		}
		cursor := &fyne.Animation{Duration: time.Second / 2, AutoReverse: true, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) {}}
		cursor.Start()
		time.Sleep(3 * time.Second)
		if n := frames(d, 10*time.Second); n < 95 || n > 205 {
			t.Errorf("%d frames in 10 s of an animation without an end", n)
		}
		cursor.Stop()
		time.Sleep(3 * time.Second)
		if n := frames(d, 10*time.Second); n > 8 {
			t.Errorf("%d frames in 10 s after an animation was stopped", n)
		}
	})
}

// A window that is to be drawn, however that came about, is drawn first.
func TestDrawingComesFirst(t *testing.T) {
	run(t, func(a fyne.App, d *driver, w *waiter) {
		time.Sleep(10 * time.Second)
		synctest.Wait()
		at := time.Time{}
		drawn := d.canvas.drawn.Load()
		poll := func() { // not told of by the waiter
			at = time.Now()
			d.canvas.SetDirty()
		}
		d.onPoll.Store(&poll)
		for d.canvas.drawn.Load() == drawn {
			time.Sleep(time.Millisecond)
			synctest.Wait()
		}
		if late := time.Since(at); late > time.Millisecond {
			t.Errorf("drawn %v after it was wanted", late)
		}
	})
}

func TestQuitWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &driver{queue: make(chan func(), 1), done: make(chan struct{}), canvas: &canvas{}}
		a := idle.New(&app{driver: d}, &waiter{make(chan struct{}, 1), make(chan struct{}, 1)})
		var asked time.Time
		go func() {
			time.Sleep(10*time.Second + 321*time.Millisecond)
			asked = time.Now()
			a.Quit()
		}()
		d.Run()
		if late := time.Since(asked); late > time.Second/30 {
			t.Errorf("the loop ended %v after it was told to", late)
		}
	})
}

// Without a desktop's driver nothing is changed.
func TestOtherDrivers(t *testing.T) {
	plain := &plainApp{}
	if got := idle.New(plain, nil); got != fyne.App(plain) {
		t.Errorf("%T came", got)
	}
}

type plainApp struct{ fyne.App }

func (plainApp) Driver() fyne.Driver { return struct{ fyne.Driver }{} }
