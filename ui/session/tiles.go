package session

import (
	"context"
	"fmt"
	"slices"
	"time"

	"overpaint/api/job"
	"overpaint/api/service"
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/region"
)

// tiling is an edit that is made in tiles, one after the other: each is an edit of its own, is used as
// it comes, and takes its part of the mask away, so that the next one shows it and each is a step that
// can be undone.
type tiling struct {
	connection, prompt string
	choices            service.Choices
	references         []Reference
	list               []region.Spot // nil until they are planned
	next               int           // which of them is being made, or was made last
	hold               *service.Hold // keeps free what those behind it may cost
	agreed             service.Submission
	stopped            bool // none is asked for any more, unless the person says so
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
		references: slices.Clone(s.panel.more.References), hold: &service.Hold{},
	}
	s.edits.tiling = t
	s.makeTile(t)
}

// makeTile asks for the next tile of the document as it is now. Of one tile alone an edit as any
// other is made.
func (s *Session) makeTile(t *tiling) {
	e := s.newEdit(t.connection, t.name(), 1)
	e.tiling = t
	state, profile, list, next := s.file.doc.State(), s.service.Profile(t.connection), t.list, t.next
	e.prepared = func() {
		if t.list = list; len(list) == 1 {
			t.stopped, e.tiling = true, nil
		}
		e.prompt = t.name()
	}
	s.wish(Wish{Kind: WishReveal, Edit: e.id})
	s.prepare(e, &round{waiting: 1}, func(ctx context.Context) (*service.Set, error) {
		var err error
		if list == nil {
			if list, err = job.PlanTiles(state, profile, t.choices.Options); err != nil {
				return nil, err
			}
		}
		of, c := state, t.choices
		if c.Spots = ""; len(list) > 1 {
			of, c = c.Tile(list[next], state)
		}
		if c.References, err = s.readReferences(ctx, c.Connection, t.references); err != nil {
			return nil, err
		}
		return s.service.PrepareSpots(ctx, of, c)
	})
}

// name is what the next tile is called: which it is, and the prompt.
func (t *tiling) name() string {
	if len(t.list) < 2 {
		return t.prompt
	}
	return fmt.Sprintf("%d/%d · %s", t.next+1, len(t.list), t.prompt)
}

// submission is how an edit is submitted. A tile's has what all behind it may cost reserved with it.
func (s *Session) submission(e *edit) service.Submission {
	o := service.Submission{}
	if t := e.tiling; t != nil {
		o = t.agreed
		o.Hold, o.More = t.hold, len(t.list)-t.next-1
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
	case t.next+1 == len(t.list):
		s.stopTiles(t)
	default:
		t.next++
		s.makeTile(t)
	}
}

// stopTiles asks for no further tile, and frees what was kept for them.
func (s *Session) stopTiles(t *tiling) {
	t.stopped = true
	s.service.Release(t.hold)
	s.touch(Panel | Canvas | Status)
	s.askSpent()
}

// resumable reports that an edit is the tile that was to be made when its tiling stopped.
func (s *Session) resumable(e *edit) bool {
	t := e.tiling
	return t != nil && t == s.edits.tiling && t.stopped && !e.laid && s.file.doc.State().Size == t.list[t.next].Mask.Size()
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
	if !s.tilesRun() || len(t.list) < 2 || v.Handles || v.State == nil || v.State.Size != t.list[0].Mask.Size() {
		return
	}
	v.Frame, v.Frames, v.FirstFrame = t.list[t.next].Plan.Window, nil, t.next+1
	for _, tile := range t.list[t.next+1:] {
		v.Frames = append(v.Frames, tile.Plan.Window)
	}
}
