package service

import (
	"context"
	"image"

	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/region"
)

// Tiling is an edit that is made in tiles, one request after the other: each is prepared once
// the one before it has come, for it shows what its neighbours have become. Its methods are called
// on one goroutine.
type Tiling struct {
	service *Service
	choices Choices
	start   *document.State
	tiles   []region.Spot
	next    int
	state   *document.State // with what has come
	draft   *Draft          // of the next tile
	cost    Cost
}

// PrepareTiles plans an edit in tiles and prepares the first. Where one answer does, there is
// one tile. One variant is made, whatever the choices say.
func (s *Service) PrepareTiles(ctx context.Context, state *document.State, c Choices) (*Tiling, error) {
	c.Spots, c.N = "", 1
	tiles, err := job.PlanTiles(state, s.Profile(c.Connection), c.Options)
	if err != nil {
		return nil, err
	}
	t := &Tiling{service: s, choices: c, start: state, state: state, tiles: tiles}
	if err := t.prepare(ctx); err != nil {
		return nil, err
	}
	t.cost = t.draft.Cost
	t.cost.Amount *= int64(len(tiles))
	return t, nil
}

// prepare makes the draft of the next tile.
func (t *Tiling) prepare(ctx context.Context) (err error) {
	c, state := t.choices, t.state
	if len(t.tiles) > 1 {
		tile := t.tiles[t.next]
		c.Region.Window, state = tile.Plan.Window, state.WithMask(tile.Mask)
	}
	t.draft, err = t.service.Prepare(ctx, state, c)
	return err
}

// Windows are those of all tiles in their order.
func (t *Tiling) Windows() (list []image.Rectangle) {
	for _, tile := range t.tiles {
		list = append(list, tile.Plan.Window)
	}
	return list
}

// Cost is what all tiles are foreseen to cost.
func (t *Tiling) Cost() Cost { return t.cost }

// Left is how many tiles have not come yet, the next one among them.
func (t *Tiling) Left() int { return len(t.tiles) - t.next }

// Draft is the request for the next tile; nil once all have come.
func (t *Tiling) Draft() *Draft { return t.draft }

// Allowed checks all that is left against the person's caps, with what was spent and what is in flight; the
// error is then an *OverCapError. It reserves nothing: each tile's own part is reserved when
// it is submitted.
func (t *Tiling) Allowed(ctx context.Context) error {
	c, ok := t.service.Connection(t.choices.Connection)
	if !ok {
		return nil
	}
	e := t.service.priced(c, history.EntryOf(t.draft.Job, &c, ""))
	if e.Caps == (history.Caps{}) {
		return nil
	}
	store, err := t.service.open()
	if store == nil {
		return err
	}
	spent, err := store.Spent(ctx)
	if err != nil {
		return err
	}
	if over := e.Caps.Passed(spent, e.Foreseen*int64(t.Left()), c.Price.Currency); over != nil {
		return over
	}
	return nil
}

// Came lays the next tile's variant into the picture and prepares the tile after it.
func (t *Tiling) Came(ctx context.Context, v *job.Variant) error {
	t.state = t.state.WithResult(t.draft.Job.Result(v))
	if t.next++; t.next == len(t.tiles) {
		t.draft = nil
		return nil
	}
	return t.prepare(ctx)
}

// State is the document with all that has come as results, the first tile's lowest.
func (t *Tiling) State() *document.State { return t.state.WithMask(t.start.Mask) }

// Covered is what the results that have come may change.
func (t *Tiling) Covered() *mask.Mask {
	all := mask.New(t.state.Size.X, t.state.Size.Y)
	for _, r := range t.state.Results[len(t.start.Results):] {
		all = mask.Union(all, r.Covered())
	}
	return all
}
