package openai

import (
	"context"
	"errors"
	"io"
	"time"

	"overpaint.dev/overpaint/api"
)

// errSilent is the cause of a context that ended because the other side sent nothing.
var errSilent = errors.New("openai: nothing came for too long")

// free is a call that costs nothing, for which nobody waits longer than its limits.
type free struct {
	context.Context
	stop  context.CancelCauseFunc
	timer *time.Timer
	most  time.Duration
}

// free begins such a call. It is to be ended.
func (e *Engine) free(ctx context.Context) *free {
	ctx, stop := context.WithCancelCause(ctx)
	f := &free{Context: ctx, stop: stop, most: e.config.Free.Silence}
	f.timer = time.AfterFunc(f.most, func() { stop(errSilent) })
	return f
}

func (f *free) end() {
	f.timer.Stop()
	f.stop(nil)
}

// heard begins the wait anew.
func (f *free) heard() {
	if f.timer.Stop() {
		f.timer.Reset(f.most)
	}
}

// silent reports whether the call ended for want of bytes.
func (f *free) silent() bool { return errors.Is(context.Cause(f.Context), errSilent) }

// reader notices each byte that comes.
func (f *free) reader(r io.Reader) io.Reader { return heardReader{r, f} }

type heardReader struct {
	io.Reader
	by *free
}

func (r heardReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.by.heard()
	}
	return n, err
}

// silence is the error for a call that ended for want of bytes.
func (f *free) silence(host string) *api.Error {
	return &api.Error{Kind: api.KindNetwork, Sentence: sentence("error.network_silent", "Address", host, "Seconds", max(1, int(f.most.Seconds()))), Cause: errSilent}
}
