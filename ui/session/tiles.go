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

// tiling is an edit in tiles, one after the other. Each tile is an edit of its own, is
// accepted as it arrives, and removes its part of the mask, so that the next one contains it
// and each is a step that can be undone.
type tiling struct {
	connection, prompt string
	choices            service.Choices
	references         []Reference
	tiles              *service.Tiles // nil until they are planned
	agreed             service.Submission
	stopped            bool // none is asked for any more, unless the user says so
}

// at returns the index of the tile that is being made, or was made last, and count their
// number; 0 until they are planned.
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

// inTiles reports whether Generate would make tiles, as far as is known.
func (s *Session) inTiles() bool {
	p := &s.panel
	return p.spots == job.SpotsTiles && (!p.settled || p.tiles)
}

// tilesRun reports whether tiles are being made.
func (s *Session) tilesRun() bool { return s.edits.tiling != nil && !s.edits.tiling.stopped }

// generateTiles requests the first tile of the edit that the panel describes.
func (s *Session) generateTiles() {
	connection := s.panel.services[0]
	t := &tiling{
		connection: connection, prompt: s.editName(), choices: s.choices(connection),
		references: slices.Clone(s.panel.more.References),
	}
	s.edits.tiling = t
	s.makeTile(t)
}

// makeTile requests the next tile of the document as it is now. A single tile is an ordinary
// edit.
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

// name returns the next tile's name: its number and the prompt.
func (t *tiling) name() string {
	if t.count() < 2 {
		return t.prompt
	}
	number := fmt.Sprintf("%d/%d", t.at()+1, t.count())
	if t.prompt == "" {
		return number
	}
	return number + " · " + t.prompt
}

// submission returns how an edit is submitted. With a tile, the estimated cost of the
// following ones is reserved too.
func (s *Session) submission(e *edit) service.Submission {
	o := service.Submission{}
	if t := e.tiling; t != nil {
		o = t.tiles.Submission(t.agreed)
	}
	o.Source, o.Tag = s.file.path, tag{s, e.id}
	return o
}

// strokeWait is the interval at which a tile that has arrived is tried again while a stroke is
// under way, which a change of the mask would end.
const strokeWait = 200 * time.Millisecond

// useTile accepts a tile that has arrived, once no stroke is under way.
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

// tileEnded requests the tile after one that has ended, or stops where it failed or was
// cancelled.
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

// stopTiles requests no further tile, and frees what was reserved for them.
func (s *Session) stopTiles(t *tiling) {
	t.stopped = true
	if t.tiles != nil {
		s.service.Release(t.tiles.Hold())
	}
	s.touch(Panel | Canvas | Status)
	s.askSpent()
}

// resumable reports whether an edit is the tile at which its tiling stopped.
func (s *Session) resumable(e *edit) bool {
	t := e.tiling
	return t != nil && t == s.edits.tiling && t.stopped && !e.laid && t.tiles != nil && t.tiles.Left() > 0 && s.file.doc.State().Size == t.tiles.Size()
}

// resumeTiles requests a tile that failed again, and continues with the following ones.
func (s *Session) resumeTiles(e *edit) {
	t := e.tiling
	t.stopped, e.tiling = false, nil
	s.makeTile(t)
}

// showTiles shows the frames of the tile that is being made and of the following ones.
func (s *Session) showTiles(v *View) {
	t := s.edits.tiling
	if !s.tilesRun() || t.count() < 2 || v.Handles || v.State == nil || v.State.Size != t.tiles.Size() {
		return
	}
	windows := t.tiles.Windows()[t.at():]
	v.Frame, v.Frames, v.FirstFrame = windows[0], windows[1:], t.at()+1
}
