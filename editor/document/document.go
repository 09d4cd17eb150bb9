package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"slices"
	"sync"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// ErrNoSide reports that Extend was asked to add nothing, or to cut something off.
var ErrNoSide = errors.New("document: the canvas can only be extended by whole pixels, on at least one side")

// SizeError reports a canvas that would be larger than the limit.
type SizeError struct {
	Width, Height int
	MaxPixels     int64
}

// Error describes the canvas and the limit.
func (e *SizeError) Error() string {
	return fmt.Sprintf("document: a canvas of %dx%d is larger than the limit of %d pixels", e.Width, e.Height, e.MaxPixels)
}

// The names of steps: keys of translations.
const (
	StepExtend       = "step.extend"
	StepGuide        = "step.guide"
	StepGuideMove    = "step.guide_move"
	StepGuideRemove  = "step.guide_remove"
	StepGuidesClear  = "step.guides_clear"
	StepAddResult    = "step.result.add"
	StepTile         = "step.result.tile"
	StepRefine       = "step.result.refine"
	StepSwap         = "step.result.swap"
	StepChangeResult = "step.result.change"
	StepShowResult   = "step.result.show"
	StepHideResult   = "step.result.hide"
	StepRenameResult = "step.result.rename"
	StepMoveResult   = "step.result.move"
	StepRemoveResult = "step.result.remove"
)

// Source is the file that a document was opened from.
type Source struct {
	// Name is the file's name without its folder, or "".
	Name string
	// Bytes are the file's bytes, or nil for a picture without a file (pasted).
	Bytes []byte
}

// Step describes one change of the document. In the zero Step nothing has changed but
// Modified.
type Step struct {
	// Name is the key of the change's name in the translations.
	Name string
	// Dirty holds all pixels that may look different, mask included, in pixels of the canvas as
	// it is now.
	Dirty image.Rectangle
	// Resized reports whether the canvas has another size or everything has moved.
	Resized bool
	// Dropped is how many of the oldest steps were dropped to save memory.
	Dropped int
}

// Document is a picture being edited: its current State and the history.
//
// All methods may be called from any goroutine. A change that was computed from an older State
// overwrites those made since, so changes should be made on one goroutine.
type Document struct {
	state atomic.Pointer[State]

	changing sync.Mutex // held while a change is made and reported, so that steps are reported in order
	mu       sync.Mutex // guards what follows
	history  history
	saved    *State // the picture as it was saved or opened, without its mask; nil: never
	source   Source
	subs     map[int]func(Step)
	nextSub  int
	limit    int64 // pixels of the canvas
}

// Open returns a document that starts at a state, not modified and with
// nothing to undo, from the file in src.
func Open(s *State, src Source) *Document {
	d := &Document{source: src, saved: s.WithMask(nil), subs: map[int]func(Step){}, history: newHistory(), limit: picture.DefaultLimits.MaxPixels}
	d.state.Store(s)
	return d
}

// State returns the document as it is now.
func (d *Document) State() *State { return d.state.Load() }

// Source returns the file that the document was opened from.
func (d *Document) Source() Source {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.source
}

// Project returns the document as it is now, to be written, with settings of
// the caller's as JSON, or nil.
func (d *Document) Project(settings json.RawMessage) Project {
	return Project{State: d.State(), Source: d.Source(), Settings: settings}
}

// SetMask makes m the mask in one step of the given name ("step.brush"). dirty
// holds all that m changed. Nothing happens where m is the mask already, or where it has
// another size than the canvas: it was made for one that is no more. With an empty mask the guide
// lines go, too.
func (d *Document) SetMask(name string, m *mask.Mask, dirty image.Rectangle) {
	d.changing.Lock()
	defer d.changing.Unlock()
	s := d.State()
	if m.Size() != s.Size {
		return
	}
	next := s.WithMask(m)
	if m != s.Mask && m.Empty() {
		next, dirty = next.WithLines(nil), dirty.Union(linesBox(s.Lines))
	}
	d.change(name, next, dirty)
}

// Extend adds pixels to the sides of the canvas in one step (State.Extended).
// The errors are ErrNoSide and *SizeError; the document is then as before.
func (d *Document) Extend(left, top, right, bottom int) error {
	d.changing.Lock()
	defer d.changing.Unlock()
	s := d.State()
	if min(left, top, right, bottom) < 0 || max(left, top, right, bottom) == 0 {
		return ErrNoSide
	}
	const huge = 1 << 30 // beyond any canvas, and safe to multiply
	w, h := int64(s.Size.X)+int64(left)+int64(right), int64(s.Size.Y)+int64(top)+int64(bottom)
	if max(left, top, right, bottom) > huge || w*h > d.limit {
		return &SizeError{Width: int(w), Height: int(h), MaxPixels: d.limit}
	}
	next := s.Extended(left, top, right, bottom)
	d.change(StepExtend, next, next.Bounds())
	return nil
}

// change makes next the state, as one step, and tells the subscribers. The
// caller holds changing.
func (d *Document) change(name string, next *State, dirty image.Rectangle) {
	now := d.State()
	e := newEntry(name, now, next, dirty)
	if e.empty() {
		return
	}
	d.mu.Lock()
	dropped := d.history.push(e)
	d.state.Store(next)
	d.mu.Unlock()
	d.tell(Step{Name: name, Dirty: dirty.Intersect(next.Bounds()), Resized: e.resized(), Dropped: dropped})
}

// Undo goes one step back. ok is false where there is none.
func (d *Document) Undo() (step Step, ok bool) { return d.move((*history).back) }

// Redo goes one step forward again. ok is false where there is none.
func (d *Document) Redo() (step Step, ok bool) { return d.move((*history).forward) }

func (d *Document) move(move func(*history) (*State, *entry)) (Step, bool) {
	d.changing.Lock()
	defer d.changing.Unlock()
	d.mu.Lock()
	next, e := move(&d.history)
	if e == nil {
		d.mu.Unlock()
		return Step{}, false
	}
	d.state.Store(next)
	d.mu.Unlock()
	step := Step{Name: e.name, Dirty: e.dirty.Intersect(next.Bounds()), Resized: e.resized()}
	if step.Resized {
		step.Dirty = next.Bounds()
	}
	d.tell(step)
	return step, true
}

// CanUndo returns the name of the step that Undo would take back.
func (d *Document) CanUndo() (name string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.history.undoName()
}

// CanRedo returns the name of the step that Redo would make again.
func (d *Document) CanRedo() (name string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.history.redoName()
}

// MarkSaved says that the document as it is now was saved.
func (d *Document) MarkSaved() {
	d.mark(func() { d.history.saved, d.saved = d.history.position(), d.State().WithMask(nil) })
}

// MarkUnsaved says that no moment of the history was saved: after a recovery.
func (d *Document) MarkUnsaved() { d.mark(func() { d.history.saved, d.saved = never, nil }) }

func (d *Document) mark(set func()) {
	d.changing.Lock()
	defer d.changing.Unlock()
	d.mu.Lock()
	set()
	d.mu.Unlock()
	d.tell(Step{})
}

// Modified reports whether the document differs from what was saved: undoing
// back to that moment makes it unmodified again.
func (d *Document) Modified() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.history.saved != d.history.position()
}

// PictureModified reports whether the picture, whatever its mask, differs from
// what was saved. A document that is Modified without that has another mask alone.
func (d *Document) PictureModified() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, saved := d.State(), d.saved
	return saved == nil || now.Base != saved.Base || now.Size != saved.Size || now.Offset != saved.Offset ||
		!slices.Equal(now.Results, saved.Results)
}

// HistoryBytes returns the memory that the history accounts for.
func (d *Document) HistoryBytes() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.history.bytes
}

// Subscribe calls f after each change, with the state already changed, on
// the goroutine that made the change and in the order of the changes. f must
// not change the document. cancel ends it; a call that has begun may still be running.
func (d *Document) Subscribe(f func(Step)) (cancel func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := d.nextSub
	d.nextSub++
	d.subs[id] = f
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.subs, id)
	}
}

func (d *Document) tell(s Step) {
	d.mu.Lock()
	subs := make([]func(Step), 0, len(d.subs))
	for id := range d.nextSub {
		if f, ok := d.subs[id]; ok {
			subs = append(subs, f)
		}
	}
	d.mu.Unlock()
	for _, f := range subs {
		f(s)
	}
}
