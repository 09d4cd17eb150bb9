package view

import (
	"image"
	"sync/atomic"
)

// A Job draws in full quality the pixels that were coarse or dirty when it was started. Run
// may be called once, on any goroutine; all else belongs to the compositor's goroutine.
type Job struct {
	shot    shot
	work    region
	since   region // what has changed while the job ran
	img     *image.RGBA
	stopped atomic.Bool
	done    bool // all of work was drawn
}

// Start returns a job for all coarse and dirty pixels, or nil if there are none. A job that
// was started before and isn't finished is stopped, and its result is discarded.
func (c *Compositor) Start() *Job {
	var work region
	for _, r := range append(append([]image.Rectangle(nil), c.rough.rects...), c.dirty.rects...) {
		work.add(r)
	}
	c.Stop()
	if len(work.rects) == 0 {
		return nil
	}
	c.job = &Job{shot: c.shot, work: work, img: image.NewRGBA(c.img.Rect)}
	return c.job
}

// Stop stops the running job, if any, and discards its result.
func (c *Compositor) Stop() {
	if c.job != nil {
		c.job.stopped.Store(true)
		c.job = nil
	}
}

// Run draws. It returns early when the job is stopped.
func (j *Job) Run() {
	for _, r := range j.work.rects {
		// Strips, so that a stopped job ends soon.
		const strip = 64
		for y := r.Min.Y; y < r.Max.Y; y += strip {
			if j.stopped.Load() {
				return
			}
			j.shot.draw(j.img, image.Rect(r.Min.X, y, r.Max.X, min(y+strip, r.Max.Y)), false)
		}
	}
	j.done = true
}

// Finish copies what a job has drawn, except for pixels that have become dirty meanwhile, and
// returns the rectangles of device pixels that changed. A job that was stopped or replaced by
// another changes nothing.
func (c *Compositor) Finish(j *Job) []image.Rectangle {
	if c.job != j || !j.done {
		return nil
	}
	c.job = nil
	if j.since.covers(c.img.Rect) {
		return nil
	}
	whole := j.work.covers(c.img.Rect)
	if whole {
		c.img = j.img
		c.dirty.rects, c.rough.rects = nil, nil
	} else {
		for _, r := range j.work.rects {
			for y := r.Min.Y; y < r.Max.Y; y++ {
				at := j.img.PixOffset(r.Min.X, y)
				copy(c.img.Pix[c.img.PixOffset(r.Min.X, y):], j.img.Pix[at:at+4*r.Dx()])
			}
		}
		c.rough.rects = nil
		// The pixels that were dirty at the start are drawn; later ones are in since.
		c.dirty.rects = nil
	}
	for _, r := range j.since.rects {
		c.dirty.add(r)
	}
	return j.work.rects
}
