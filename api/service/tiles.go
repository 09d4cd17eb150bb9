package service

import (
	"context"
	"image"

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
	hold    Hold
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
		state, c = c.Tile(t.tiles[t.next], state)
	}
	t.draft, err = t.service.Prepare(ctx, state, c)
	return err
}

// Tile returns the document and the choices by which one tile of an edit is prepared (Service.Prepare).
func (c Choices) Tile(tile region.Spot, state *document.State) (*document.State, Choices) {
	c.Spots, c.N, c.Region.Window = "", 1, tile.Plan.Window
	return state.WithMask(tile.Mask), c
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

// Submission is o for the next tile's draft: what all tiles that are left may cost is reserved with the
// first of them, under the person's caps, and freed as they end, or by Close.
func (t *Tiling) Submission(o Submission) Submission {
	o.Hold, o.More = &t.hold, t.Left()-1
	return o
}

// Close frees what is kept for tiles that are not made any more.
func (t *Tiling) Close() { t.service.Release(&t.hold) }

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
