package parallel_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/editor/parallel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRangesCoverAllOnceWhateverTheWorkers(t *testing.T) {
	for _, workers := range []parallel.Workers{-1, 0, 1, 2, 3, 16} {
		for _, n := range []int{-5, 0, 1, 2, 7, 64, 1000} {
			for _, grain := range []int{-1, 0, 1, 3, 64, 999, 1000, 1001, int(^uint(0) >> 1)} {
				var mu sync.Mutex
				times := make([]int, max(n, 0))
				err := workers.Range(t.Context(), n, grain, func(from, to int) {
					mu.Lock()
					defer mu.Unlock()
					if g := max(grain, 1); from%g != 0 || to != from+min(g, n-from) || to <= from {
						t.Errorf("%d of %d: range %d to %d", grain, n, from, to)
					}
					for i := from; i < to; i++ {
						times[i]++
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				for i, k := range times {
					if k != 1 {
						t.Fatalf("%d workers, %d of %d: %d came %d times", workers, grain, n, i, k)
					}
				}
			}
		}
	}
}

// All workers must be at work at once: each waits for the others.
func TestWorkersWorkAtOnce(t *testing.T) {
	const workers = 5
	var arrived sync.WaitGroup
	arrived.Add(workers)
	err := parallel.Workers(workers).Range(t.Context(), workers, 1, func(int, int) {
		arrived.Done()
		arrived.Wait()
	})
	if err != nil {
		t.Fatal(err)
	}
	arrived.Add(3)
	meet := func() { arrived.Done(); arrived.Wait() }
	parallel.Together(meet, meet, meet)
}

func TestNoMoreWorkersThanAsked(t *testing.T) {
	const workers = 3
	var now, most atomic.Int64
	err := parallel.Workers(workers).Range(t.Context(), 500, 1, func(int, int) {
		k := now.Add(1)
		for m := most.Load(); k > m && !most.CompareAndSwap(m, k); m = most.Load() {
		}
		runtime.Gosched()
		now.Add(-1)
	})
	if err != nil || most.Load() > workers {
		t.Errorf("%v, %d at once", err, most.Load())
	}
}

func TestRangeStopsWithItsContext(t *testing.T) {
	for _, workers := range []parallel.Workers{1, 4} {
		ctx, cancel := context.WithCancel(t.Context())
		var calls, after atomic.Int64
		err := workers.Range(ctx, 1000, 1, func(int, int) {
			if ctx.Err() != nil {
				after.Add(1)
			}
			if calls.Add(1) == 10 {
				cancel()
			}
		})
		// Those that looked at the context right before may still run.
		if !errors.Is(err, context.Canceled) || after.Load() >= int64(workers) {
			t.Errorf("%d workers: %v, %d calls after the end", workers, err, after.Load())
		}
		if err := workers.Range(ctx, 1, 1, func(int, int) { t.Error("called after the end") }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := workers.Range(ctx, 0, 1, nil); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

var errBroken = errors.New("broken")

//go:noinline
func breakDown(int) { panic(fmt.Errorf("at work: %w", errBroken)) }

// raised returns what f panics with, and fails the test unless that tells where it began.
func raised(t *testing.T, f func()) *parallel.Panic {
	t.Helper()
	p := parallel.Catch(f)
	if p == nil {
		t.Fatal("no panic came")
	}
	if !strings.Contains(string(p.Stack), "parallel_test.breakDown") {
		t.Errorf("the stack is not that of the panic:\n%s", p.Stack)
	}
	if !errors.Is(p, errBroken) || !strings.HasPrefix(p.Error(), "at work: broken\n") || !strings.Contains(p.Error(), "breakDown") {
		t.Errorf("the panic reads %v", p)
	}
	return p
}

func TestPanicsComeToTheCaller(t *testing.T) {
	for _, workers := range []parallel.Workers{1, 2, 8} {
		for _, bad := range []int{0, 1, 50, 99} {
			raised(t, func() {
				_ = workers.Range(t.Context(), 100, 1, func(from, _ int) {
					if from == bad {
						breakDown(from)
					}
				})
			})
		}
		raised(t, func() { _ = workers.Range(t.Context(), 100, 1, func(from, _ int) { breakDown(from) }) })
	}
	raised(t, func() { parallel.All(2, 1, func(from, _ int) { breakDown(from) }) })
	raised(t, func() { parallel.Together(func() {}, func() { breakDown(0) }, func() {}) })
	raised(t, func() { parallel.Together(func() { breakDown(0) }) })
	raised(t, func() { parallel.Later(func() int { breakDown(0); return 1 })() })
}

// The rest is neither done nor still running when the panic comes.
func TestNothingRunsAfterAPanic(t *testing.T) {
	var started, ended atomic.Int64
	raised(t, func() {
		_ = parallel.Workers(4).Range(t.Context(), 1_000_000, 1, func(from, _ int) {
			started.Add(1)
			defer ended.Add(1)
			if from == 20 {
				breakDown(from)
			}
			runtime.Gosched()
		})
	})
	s, e := started.Load(), ended.Load()
	if s != e || s == 1_000_000 {
		t.Errorf("%d calls, %d ended", s, e)
	}
}

// A panic that goes through several levels stays the one that it was.
func TestPanicsOfPanics(t *testing.T) {
	inner := raised(t, func() {
		parallel.All(4, 1, func(from, _ int) {
			parallel.Together(func() {}, func() { parallel.All(2, 1, func(from, _ int) { breakDown(from) }) })
		})
	})
	if _, ok := inner.Value.(*parallel.Panic); ok {
		t.Error("a panic in a panic")
	}
	if p := parallel.Catch(func() { panic("a word") }); p == nil || p.Value != "a word" || p.Unwrap() != nil {
		t.Errorf("caught %v", p)
	}
	if p := parallel.Catch(func() {}); p != nil {
		t.Errorf("caught %v", p)
	}
}

func TestLater(t *testing.T) {
	wait := parallel.Later(func() string { return "here" })
	for range 3 {
		if got := wait(); got != "here" {
			t.Errorf("%q came", got)
		}
	}
	parallel.Together() // nothing
}

// BenchmarkRange measures what a range costs against the loop that it replaces:
// adding up 16 kB at a time, about what the smallest ranges in use take.
func BenchmarkRange(b *testing.B) {
	data := make([]byte, 1<<22)
	const grain = 1 << 14
	sum := func(from, to int) {
		var s byte
		for _, v := range data[from:to] {
			s += v
		}
		data[from] = s
	}
	plain := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			for from := 0; from < len(data); from += grain {
				sum(from, from+grain)
			}
		}
	})
	for b.Loop() {
		_ = parallel.Workers(1).Range(b.Context(), len(data), grain, sum)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(plain.NsPerOp()), "x-plain")
}
