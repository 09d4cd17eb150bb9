package openai

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

var (
	errLarge = errors.New("openai: the answer is longer than the limit")
	errSlow  = errors.New("openai: the answer comes too slowly")
)

// meter reads an answer and bounds it: in length by the limit and, between
// begin and pause, in slowness by watch. The time that a service takes to
// think, with or without white space or comments to keep the connection alive,
// is not counted.
type meter struct {
	from   io.Reader
	limit  int64
	read   atomic.Int64
	moving atomic.Bool

	window time.Duration
	least  int64 // bytes a window
}

func newMeter(from io.Reader, limit int64, c Config) *meter {
	least := int64(float64(c.MinRate) * c.RateWindow.Seconds())
	return &meter{from: from, limit: limit, window: c.RateWindow, least: max(1, least)}
}

func (m *meter) begin() { m.moving.Store(true) }
func (m *meter) pause() { m.moving.Store(false) }

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	if total := m.read.Add(int64(n)); total > m.limit {
		return n - int(min(int64(n), total-m.limit)), errLarge
	}
	return n, err
}

// watch calls stop with errSlow once a window brings fewer bytes than it must.
// What it returns ends the watch.
func (m *meter) watch(stop context.CancelCauseFunc) (end func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(m.window)
		defer tick.Stop()
		before, counting := m.read.Load(), m.moving.Load()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			now, moving := m.read.Load(), m.moving.Load()
			// A window counts only if the answer was moving at both its ends.
			if counting && moving && now-before < m.least {
				stop(errSlow)
				return
			}
			before, counting = now, moving
		}
	}()
	return func() { close(done); <-ended }
}
