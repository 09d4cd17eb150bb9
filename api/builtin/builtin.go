// Package builtin is the engine that works without a service: content-aware
// fill (package editor/fill) behind the interface of package api. It looks at
// the picture and not at the prompt.
package builtin

import (
	"context"
	"errors"
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/fill"
)

// Engine fills the masked part of a picture from the rest of it. It has no
// state; several goroutines may use one at once.
type Engine struct{}

// New returns the built-in engine.
func New() *Engine { return &Engine{} }

// Profile returns what the engine takes: any size, no prompt, up to ten variants.
func (*Engine) Profile() api.Profile { return api.Builtin() }

// Edit makes req.N variants (0: one), one after the other, each on all
// processors. Variant i depends on req.Image, req.Mask, req.Lines, req.Seed and i alone.
// An Answer is reported as soon as its picture is ready; it is of the size of
// req.Image and outside the mask equal to it, to the bit. In between comes
// Progress of stage Computing with the variant's index.
//
// Errors are *api.Error: KindInput when there is nothing to fill, nothing to
// fill from, or a number or size is out of range; KindCancelled once ctx is done.
func (e *Engine) Edit(ctx context.Context, req *api.Request, to api.Sink) (api.Result, error) {
	n := max(1, req.N)
	result := api.Result{Asked: n}
	hole, err := check(req, e.Profile())
	if err != nil {
		return result, err
	}
	report(to, api.Progress{Stage: api.Computing})
	plan, err := fill.Prepare(ctx, req.Image, hole, req.Lines, 0)
	if err != nil {
		return result, explain(err)
	}
	for i := range n {
		last := 0.0
		img, err := plan.Fill(ctx, fill.Options{Seed: req.Seed, Variant: i, Progress: func(f float64) {
			if f >= last+0.01 {
				last = f
				report(to, api.Progress{Stage: api.Computing, Index: i, Fraction: f})
			}
		}})
		if err != nil {
			return result, explain(err)
		}
		report(to, api.Answer{Index: i, Image: img, Method: methods[plan.Kind(i)]})
		result.Got++
	}
	return result, nil
}

var methods = map[fill.Kind]string{fill.Patches: api.Patches, fill.Pieces: api.Pieces}

// report tells the sink of an event. That the sink couldn't write it down is for
// the sink to say: the picture is there all the same and has cost nothing.
func report(to api.Sink, e api.Event) { _ = to.Emit(e) }

// check returns the hole that a request asks to fill.
func check(req *api.Request, p api.Profile) (*image.Alpha, error) {
	if req.Image == nil || req.Image.Rect.Empty() {
		return nil, api.InputError("builtin.no_picture")
	}
	if req.N < 0 || req.N > p.MaxN {
		return nil, api.InputError("builtin.count", "Max", p.MaxN)
	}
	hole := req.Mask
	if hole == nil {
		hole = transparent(req.Image)
	} else if hole.Rect.Size() != req.Image.Rect.Size() {
		return nil, api.InputError("builtin.mask_size")
	} else if hole.Rect != req.Image.Rect {
		hole = &image.Alpha{Pix: hole.Pix, Stride: hole.Stride, Rect: req.Image.Rect}
	}
	for y := range hole.Rect.Dy() {
		for _, v := range hole.Pix[y*hole.Stride:][:hole.Rect.Dx()] {
			if v > 0 {
				return hole, nil
			}
		}
	}
	return nil, api.InputError("builtin.no_mask")
}

// transparent returns the mask of the pixels of img that are fully transparent.
func transparent(img *image.NRGBA) *image.Alpha {
	a := image.NewAlpha(img.Rect)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:]
		for x := range img.Rect.Dx() {
			if row[4*x+3] == 0 {
				a.Pix[y*a.Stride+x] = 255
			}
		}
	}
	return a
}

// explain gives an error of package fill its sentence.
func explain(err error) error {
	if errors.Is(err, fill.ErrNothingToCopy) {
		return &api.Error{Kind: api.KindInput, Sentence: api.Sentence{Key: "builtin.nothing_to_copy"}, Cause: err}
	}
	return api.AsError(err)
}
