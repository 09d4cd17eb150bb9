package feed_test

import (
	"sync"
	"testing"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api/feed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestEveryReaderGetsEverything in the one order, however slow it is.
func TestEveryReaderGetsEverything(t *testing.T) {
	var f feed.Feed[int]
	const values, readers = 1000, 5
	f.Publish(-1) // nobody listens yet
	var work sync.WaitGroup
	for range readers {
		got, _ := f.Subscribe()
		work.Go(func() {
			n := 0
			for v := range got {
				if v != n {
					t.Errorf("got %d instead of %d", v, n)
				}
				n++
			}
			if n != values {
				t.Errorf("%d values came", n)
			}
		})
	}
	for i := range values {
		f.Publish(i)
	}
	f.Close()
	f.Publish(values)
	work.Wait()
	if late, _ := f.Subscribe(); <-late != 0 {
		t.Error("a closed feed has values")
	}
}

// TestCancelEndsAReader that has not read what is queued.
func TestCancelEndsAReader(t *testing.T) {
	var f feed.Feed[int]
	got, cancel := f.Subscribe()
	for i := range 100 {
		f.Publish(i)
	}
	if v := <-got; v != 0 {
		t.Errorf("got %d", v)
	}
	cancel()
	cancel()
	for range got { // at most what was on its way
	}
	f.Publish(1)
	f.Close()
}
