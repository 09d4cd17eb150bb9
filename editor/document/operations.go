package document

import (
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// The operations on results. Each is one undoable step and returns true; where it changes
// nothing, or there is no result of that ID, there is no step and it returns false. Their cost
// does not depend on the picture's size: pixels are computed when they are shown.

// AddResult accepts a result: r goes on top of everything (State.WithResult), and the mask is
// cleared with its guide lines. Undoing it brings them back. It returns the ID that the result has in the
// document.
func (d *Document) AddResult(r *Result) ID {
	return d.accept(StepAddResult, r, nil)
}

// Refine accepts a result as AddResult does, and begins the next mask on top of
// it with m, in one step. Where m is the mask that is there, its guide lines stay too.
func (d *Document) Refine(r *Result, m *mask.Mask) ID {
	return d.accept(StepRefine, r, m)
}

func (d *Document) accept(name string, r *Result, m *mask.Mask) ID {
	d.changing.Lock()
	defer d.changing.Unlock()
	s := d.State()
	if m == nil || m.Size() != s.Size {
		m = mask.New(s.Size.X, s.Size.Y)
	}
	next := s.WithResult(r)
	changed := s.Difference(next)
	if m != s.Mask {
		next = next.WithMask(m).WithLines(nil)
		changed = changed.Union(mask.Diff(s.Mask, m)).Union(linesBox(s.Lines))
	}
	d.change(name, next, changed)
	return next.Results[len(next.Results)-1].ID
}

// Swap makes v the chosen variant of a result. A variant of the same edit that arrived after
// the result was accepted is added to it.
func (d *Document) Swap(id ID, v *Variant) bool {
	return d.edit(StepSwap, id, func(r *Result) *Result { return r.Choosing(v) })
}

// SetBlend changes how a result is blended in.
func (d *Document) SetBlend(id ID, b region.Blend) bool {
	return d.edit(StepChangeResult, id, func(r *Result) *Result { return r.Blended(b) })
}

// SetVisible shows or hides a result.
func (d *Document) SetVisible(id ID, on bool) bool {
	name := StepHideResult
	if on {
		name = StepShowResult
	}
	return d.edit(name, id, func(r *Result) *Result { return r.Shown(on) })
}

// Rename gives a result another name (Result.Named).
func (d *Document) Rename(id ID, name string) bool {
	return d.edit(StepRenameResult, id, func(r *Result) *Result { return r.Named(name) })
}

// MoveResult puts a result at an index, counted from the bottom.
func (d *Document) MoveResult(id ID, to int) bool {
	return d.apply(StepMoveResult, func(s *State) *State { return s.Moved(id, to) })
}

// RemoveResult removes a result.
func (d *Document) RemoveResult(id ID) bool {
	return d.apply(StepRemoveResult, func(s *State) *State { return s.Without(id) })
}

// Paint makes m the coverage of a target in a step of the given name ("step.brush").
// Nothing happens where m has another size than the canvas: it was made for one
// that is no more.
func (d *Document) Paint(name string, t Target, m *mask.Mask) bool {
	if t.Kind == DocumentMask {
		s := d.State()
		if m == s.Mask || m.Size() != s.Size {
			return false
		}
		dirty := mask.Diff(s.Mask, m)
		if dirty.Empty() {
			return false
		}
		d.SetMask(name, m, dirty)
		return true
	}
	return d.edit(name, t.Result, t.painted(m))
}

func (d *Document) edit(name string, id ID, f func(*Result) *Result) bool {
	return d.apply(name, func(s *State) *State { return s.Edited(id, f) })
}

func (d *Document) apply(name string, f func(*State) *State) bool {
	d.changing.Lock()
	defer d.changing.Unlock()
	s := d.State()
	next := f(s)
	if next == s {
		return false
	}
	d.change(name, next, s.Difference(next))
	return true
}
