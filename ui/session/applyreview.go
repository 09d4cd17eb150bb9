package session

import (
	"context"
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"overpaint.dev/overpaint/editor/picture"
)

// lookSide is the longer side, in pixels, of the pictures in a review.
const lookSide = 1200

// ApplyLook is a picture and one of its results under review.
type ApplyLook struct {
	// Picture is the picture's index in Apply.Pictures, Result that of the result; Picture is
	// -1 where nothing is under review.
	Picture, Result int
	// Number is the result's place among all that can be reviewed, from 1.
	Number int
	// Before and After are nil until they are decoded, and where they can't be.
	Before, After *image.NRGBA
}

// applyLook is the result under review.
type applyLook struct {
	open   bool
	now    ApplyLook
	number int
	stop   context.CancelFunc
}

// ApplyLooked returns the result under review.
func (s *Session) ApplyLooked() ApplyLook {
	if !s.applying.look.open {
		return ApplyLook{Picture: -1}
	}
	now := s.applying.look.now
	now.Number = s.applying.place(now) + 1
	return now
}

// LookAtApply reviews a result beside its picture; i < 0 ends the review.
func (s *Session) LookAtApply(i, result int) {
	defer s.act(Applying)()
	a := &s.applying
	a.dropLook()
	if a.phase != ApplyOver && a.phase != ApplyRunning || i < 0 || i >= len(a.list) || result < 0 || result >= len(a.list[i].Results) {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	a.look = applyLook{open: true, now: ApplyLook{Picture: i, Result: result}, number: a.look.number + 1, stop: stop}
	number, before, after := a.look.number, a.list[i].Path, a.list[i].Results[result]
	background(s, func() [2]*image.NRGBA { return [2]*image.NRGBA{small(ctx, before), small(ctx, after)} }, func(got [2]*image.NRGBA) {
		if stop(); a.look.open && a.look.number == number {
			a.look.now.Before, a.look.now.After = got[0], got[1]
			s.touch(Applying)
		}
	})
}

// small decodes a picture and scales it down for a review. It is nil where the file can't be
// read or ctx has ended.
func small(ctx context.Context, path string) *image.NRGBA {
	if ctx.Err() != nil {
		return nil
	}
	p, err := picture.Open(path, picture.DefaultLimits)
	if err != nil {
		return nil
	}
	return picture.Thumbnail(p.SRGB(), lookSide)
}

func (a *applying) dropLook() {
	if a.look.stop != nil {
		a.look.stop()
	}
	a.look = applyLook{number: a.look.number}
}

// StepApply reviews the next or the previous result of all pictures.
func (s *Session) StepApply(forward bool) {
	defer s.act()()
	list, at := s.applying.results(), s.applying.place(s.applying.look.now)
	if forward {
		at++
	} else {
		at--
	}
	if at >= 0 && at < len(list) {
		s.LookAtApply(list[at].Picture, list[at].Result)
	}
}

// place returns the index of now among all results that can be reviewed, or -1.
func (a *applying) place(now ApplyLook) int {
	return slices.IndexFunc(a.results(), func(l ApplyLook) bool { return l.Picture == now.Picture && l.Result == now.Result })
}

// ReviewApply reviews the first result that the user has neither kept nor discarded, or the
// first of all.
func (s *Session) ReviewApply() {
	defer s.act(Applying)()
	list := s.applying.results()
	for _, l := range list {
		if !s.applying.list[l.Picture].Looked {
			s.LookAtApply(l.Picture, l.Result)
			return
		}
	}
	if len(list) > 0 {
		s.LookAtApply(list[0].Picture, list[0].Result)
	}
}

// results returns all results that can be reviewed, in their order.
func (a *applying) results() (list []ApplyLook) {
	for i, p := range a.list {
		for k := range p.Results {
			list = append(list, ApplyLook{Picture: i, Result: k})
		}
	}
	return list
}

// KeepApplied keeps the result under review and goes on to the next.
func (s *Session) KeepApplied() {
	defer s.act(Applying)()
	if now := s.ApplyLooked(); now.Picture >= 0 {
		s.applying.list[now.Picture].Looked = true
		s.StepApply(true)
	}
}

// DiscardApplied deletes the file of the result under review and goes on to the next. The
// history still has it.
func (s *Session) DiscardApplied() {
	defer s.act(Applying)()
	now := s.ApplyLooked()
	if now.Picture < 0 || s.applying.phase != ApplyOver {
		return
	}
	a := &s.applying
	p := &a.list[now.Picture]
	path := p.Results[now.Result]
	if rel, err := filepath.Rel(a.out, path); err != nil || !filepath.IsLocal(rel) { // an earlier run wrote it elsewhere
		s.remark(say("apply.elsewhere"))
		return
	}
	p.Results, p.Looked = slices.Delete(slices.Clone(p.Results), now.Result, now.Result+1), true
	list := a.results()
	next := slices.IndexFunc(list, func(l ApplyLook) bool {
		return l.Picture > now.Picture || l.Picture == now.Picture && l.Result >= now.Result
	})
	if next < 0 {
		next = len(list) - 1 // the one before, where it was the last
	}
	a.dropLook()
	if next >= 0 {
		s.LookAtApply(list[next].Picture, list[next].Result)
	}
	background(s, func() error { return os.Remove(path) }, func(err error) {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.fail(notSaved(path, err))
		}
	})
}

// OpenApplied opens the result under review in another window.
func (s *Session) OpenApplied() {
	defer s.act()()
	if now := s.ApplyLooked(); now.Picture >= 0 {
		s.wish(Wish{Kind: WishWindow, Path: s.applying.list[now.Picture].Results[now.Result]})
	}
}
