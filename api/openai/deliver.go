package openai

import (
	"context"
	"errors"
	"image"
	"sync"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/picture"
)

// grace is how long an edit that was stopped may go on with decoding what has
// arrived whole.
const grace = 1500 * time.Millisecond

// delivery makes answers of the pictures of one answer while it still arrives:
// those behind addresses are fetched, a few at once, and all are decoded one after
// the other and reported.
type delivery struct {
	edit *edit
	from source
	// ctx is the edit's, not the transfer's: what is whole is delivered also when
	// the rest doesn't come.
	ctx   context.Context
	count int // pictures by now; the reader's goroutine alone

	files chan indexed // pictures that are here as files, in order
	room  chan struct{}
	work  sync.WaitGroup

	decoding sync.Mutex // one picture at a time
	mu       sync.Mutex
	got      int
	asked    bool // a picture had to be downloaded
	broken   int  // pictures that can't be decoded
	large    int  // pictures of too many pixels
	worst    *api.Error
	panicked any
}

type indexed struct {
	index int
	item  item
}

// deliver begins a delivery of at most so many pictures. finish ends it.
func (d *edit) deliver(ctx context.Context, from source, most int) *delivery {
	v := &delivery{edit: d, from: from, ctx: ctx, files: make(chan indexed, most), room: make(chan struct{}, parallel)}
	v.run(func() {
		for it := range v.files {
			v.decode(it)
		}
	})
	return v
}

// run runs f on a goroutine that finish waits for, and on which a panic is kept
// for finish to raise again.
func (v *delivery) run(f func()) {
	v.work.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				v.mu.Lock()
				v.panicked = p
				v.mu.Unlock()
				for range v.files { // so that no goroutine waits for room
				}
			}
		}()
		f()
	})
}

// picture takes one picture. It doesn't wait.
func (v *delivery) picture(it item) {
	index := max(v.from.index, 0) + v.count
	v.count++
	if it.url == "" {
		v.files <- indexed{index, it}
		return
	}
	v.mu.Lock()
	v.asked = true
	v.mu.Unlock()
	v.run(func() {
		v.room <- struct{}{}
		data, failed := v.edit.fetch(v.ctx, it.url, v.from, index)
		<-v.room
		if failed != nil {
			v.fail(failed)
			return
		}
		v.decode(indexed{index, item{data: data, revised: it.revised}})
	})
}

func (v *delivery) fail(e *api.Error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.worst = worse(v.worst, e)
}

// decode decodes a picture and reports it.
func (v *delivery) decode(it indexed) {
	v.decoding.Lock()
	defer v.decoding.Unlock()
	ctx, end := late(v.ctx)
	defer end()
	file := v.edit.scrub.clean(it.item.data)
	img, err := await(ctx, func(context.Context) (*image.NRGBA, error) { return decodePicture(file, v.edit.pixels) })
	var large *picture.TooLargeError
	v.mu.Lock()
	switch {
	case ctx.Err() != nil && err != nil:
		v.worst = worse(v.worst, cancelled(v.ctx, true))
	case errors.As(err, &large):
		v.large++
	case err != nil:
		v.broken++
	default:
		v.got++
	}
	v.mu.Unlock()
	if err == nil {
		v.edit.emit(api.Answer{Index: it.index, Image: img, Encoded: file, RevisedPrompt: it.item.revised})
	}
}

// finish waits until all that was taken is delivered, and counts it.
func (v *delivery) finish() {
	close(v.files)
	v.work.Wait()
	if v.panicked != nil {
		panic(v.panicked)
	}
	v.edit.count(v.got, "", nil)
	if v.asked {
		v.edit.engine.addressed.Store(true)
	}
}

// late returns a context that ends a little after another one.
func late(ctx context.Context) (context.Context, func()) {
	after, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			end()
		case <-after.Done():
		}
	})
	return after, func() { stop(); end() }
}
