package session

import (
	"context"
	"fmt"
	"slices"
	"time"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// tiling is an edit that is made in tiles, one after the other: each is an edit of its own, is used as
// it comes, and takes its part of the mask away, so that the next one shows it and each is a step that
// can be undone.
type tiling struct {
	connection, prompt string
	choices            service.Choices
	references         []Reference
	tiles              *service.Tiles // nil until they are planned
	agreed             service.Submission
	stopped            bool // none is asked for any more, unless the person says so
}

// at is the number of the tile that is being made, or was made last, from 0, and count how many there are; 0 until
// they are planned.
func (t *tiling) at() int {
	if t.tiles == nil {
		return 0
	}
	return min(t.tiles.At(), t.count()-1)
}

func (t *tiling) count() int {
	if t.tiles == nil {
		return 0
	}
	return t.tiles.Count()
}

// inTiles reports that Generate makes tiles, as far as is known.
func (s *Session) inTiles() bool {
	p := &s.panel
	return p.spots == job.SpotsTiles && (!p.settled || p.tiles)
}

// tilesRun reports that tiles are being made.
func (s *Session) tilesRun() bool { return s.edits.tiling != nil && !s.edits.tiling.stopped }

// generateTiles asks for the first tile of the edit that the panel describes.
func (s *Session) generateTiles() {
	connection := s.panel.services[0]
	t := &tiling{
		connection: connection, prompt: s.editName(), choices: s.choices(connection),
		references: slices.Clone(s.panel.more.References),
	}
	s.edits.tiling = t
	s.makeTile(t)
}

// makeTile asks for the next tile of the document as it is now. Of one tile alone an edit as any
// other is made.
func (s *Session) makeTile(t *tiling) {
	e := s.newEdit(t.connection, t.name(), 1)
	e.tiling = t
	state, profile, tiles := s.file.doc.State(), s.service.Profile(t.connection), t.tiles
	e.prepared = func() {
		if t.tiles = tiles; t.count() == 1 {
			t.stopped, e.tiling = true, nil
		}
		e.prompt = t.name()
	}
	s.wish(Wish{Kind: WishReveal, Edit: e.id})
	s.prepare(e, &round{waiting: 1}, func(ctx context.Context) (*service.Set, error) {
		var err error
		if tiles == nil {
			if tiles, err = service.PlanTiles(state, profile, t.choices); err != nil {
				return nil, err
			}
		}
		of, c := tiles.Of(state)
		if c.References, err = s.readReferences(ctx, c.Connection, t.references); err != nil {
			return nil, err
		}
		return s.service.PrepareSpots(ctx, of, c)
	})
}

// name is what the next tile is called: which it is, and the prompt.
func (t *tiling) name() string {
	if t.count() < 2 {
		return t.prompt
	}
	return fmt.Sprintf("%d/%d · %s", t.at()+1, t.count(), t.prompt)
}

// submission is how an edit is submitted. A tile's has what all behind it may cost reserved with it.
func (s *Session) submission(e *edit) service.Submission {
	o := service.Submission{}
	if t := e.tiling; t != nil {
		o = t.tiles.Submission(t.agreed)
	}
	o.Source, o.Tag = s.file.path, tag{s, e.id}
	return o
}

// strokeWait is how long a tile that has come waits while a stroke is being painted, which a change of
// the mask would end.
const strokeWait = 200 * time.Millisecond

// useTile puts a tile that has come into the document, once no stroke is being painted.
func (s *Session) useTile(e *edit, c *card) {
	doc := s.file.doc
	switch {
	case e.detached || c.discarded || doc == nil || doc.State().Size != e.job.Mask().Size():
		s.stopTiles(e.tiling) // it stays in the gallery
		return
	case s.editing.stroke:
		s.after(strokeWait, func() { s.useTile(e, c) })
		return
	}
	t := e.tiling
	t.agreed = service.Submission{OverCap: e.order.OverCap, Unrecorded: e.order.Unrecorded}
	rest := mask.New(doc.State().Size.X, doc.State().Size.Y)
	if m := doc.State().Mask; m != nil && !m.Empty() {
		rest = mask.Subtract(m, e.job.Mask())
	}
	c.fresh, e.laid = false, true
	s.together(document.StepTile, func() { doc.Refine(e.job.Result(c.made).Named(t.name()), rest) })
	if e.over() {
		s.tileEnded(e, false)
	}
}

// tileEnded asks for the tile after one that has ended, or stops where it failed or was cancelled.
func (s *Session) tileEnded(e *edit, failed bool) {
	t := e.tiling
	switch {
	case e.detached || failed || s.closing.waiting:
		s.stopTiles(t)
	case t.stopped || !e.laid: // it waits for a stroke to end
	case t.tiles.Next():
		s.makeTile(t)
	default:
		s.stopTiles(t)
	}
}

// stopTiles asks for no further tile, and frees what was kept for them.
func (s *Session) stopTiles(t *tiling) {
	t.stopped = true
	if t.tiles != nil {
		s.service.Release(t.tiles.Hold())
	}
	s.touch(Panel | Canvas | Status)
	s.askSpent()
}

// resumable reports that an edit is the tile that was to be made when its tiling stopped.
func (s *Session) resumable(e *edit) bool {
	t := e.tiling
	return t != nil && t == s.edits.tiling && t.stopped && !e.laid && t.tiles != nil && t.tiles.Left() > 0 && s.file.doc.State().Size == t.tiles.Size()
}

// resumeTiles asks for a tile that did not come again, and goes on with those behind it.
func (s *Session) resumeTiles(e *edit) {
	t := e.tiling
	t.stopped, e.tiling = false, nil
	s.makeTile(t)
}

// showTiles shows the frames of the tile that is being made and of those behind it.
func (s *Session) showTiles(v *View) {
	t := s.edits.tiling
	if !s.tilesRun() || t.count() < 2 || v.Handles || v.State == nil || v.State.Size != t.tiles.Size() {
		return
	}
	windows := t.tiles.Windows()[t.at():]
	v.Frame, v.Frames, v.FirstFrame = windows[0], windows[1:], t.at()+1
}
