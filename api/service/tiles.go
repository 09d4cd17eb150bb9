package service

import (
	"context"
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// Tiles are the requests of an edit in tiles, one after the other: which one is next, its
// input, and the reserved cost of the following ones. The caller prepares and submits each,
// lays its answer into the picture and calls Next. The methods are called on one goroutine.
type Tiles struct {
	choices Choices
	list    []region.Spot
	at      int // which is to be made now; their number once all are
	hold    Hold
}

// PlanTiles plans an edit in tiles (job.PlanTiles); there is one tile where one answer is
// large enough. A single variant is made, whatever the choices say.
func PlanTiles(state *document.State, p api.Profile, c Choices) (*Tiles, error) {
	c.Spots, c.N = "", 1
	list, err := job.PlanTiles(state, p, c.Options)
	if err != nil {
		return nil, err
	}
	return &Tiles{choices: c, list: list}, nil
}

// Of returns the document and the choices by which the next tile is prepared
// (Service.Prepare); state has all tiles before it.
func (t *Tiles) Of(state *document.State) (*document.State, Choices) {
	if len(t.list) == 1 {
		return state, t.choices
	}
	tile, c := t.list[t.at], t.choices
	c.Region.Window = tile.Plan.Window
	return state.WithMask(tile.Mask), c
}

// Next goes on to the next tile; false where there is none.
func (t *Tiles) Next() bool {
	t.at = min(t.at+1, len(t.list))
	return t.at < len(t.list)
}

// At returns the index of the next tile to make; Count once all are made.
func (t *Tiles) At() int { return t.at }

// Count returns the number of tiles.
func (t *Tiles) Count() int { return len(t.list) }

// Left returns the number of tiles still to be made, the next one included.
func (t *Tiles) Left() int { return len(t.list) - t.at }

// Size returns the size of the canvas that they were planned for.
func (t *Tiles) Size() image.Point { return t.list[0].Mask.Size() }

// Windows returns the windows of all tiles in their order.
func (t *Tiles) Windows() (list []image.Rectangle) {
	for _, tile := range t.list {
		list = append(list, tile.Plan.Window)
	}
	return list
}

// Submission returns o for the next tile: with the first one the cost of all remaining tiles
// is reserved under the user's caps, and freed as they end, or with Hold.
func (t *Tiles) Submission(o Submission) Submission {
	o.Hold, o.More = &t.hold, t.Left()-1
	return o
}

// Hold returns the reservation for the remaining tiles, which Service.Release frees when they
// are not made.
func (t *Tiles) Hold() *Hold { return &t.hold }

// Tiling makes an edit in tiles of one document. Each tile is prepared once the one before it
// has arrived, since it contains parts of its neighbours. The methods are called on one
// goroutine.
type Tiling struct {
	*Tiles
	service *Service
	start   *document.State
	state   *document.State // with what has come
	draft   *Draft          // of the next tile
	cost    Cost
}

// PrepareTiles plans an edit in tiles and prepares the first (PlanTiles).
func (s *Service) PrepareTiles(ctx context.Context, state *document.State, c Choices) (*Tiling, error) {
	tiles, err := PlanTiles(state, s.Profile(c.Connection), c)
	if err != nil {
		return nil, err
	}
	t := &Tiling{Tiles: tiles, service: s, start: state, state: state}
	if err := t.prepare(ctx); err != nil {
		return nil, err
	}
	t.cost = t.draft.Cost
	t.cost.Amount *= int64(tiles.Count())
	return t, nil
}

// prepare makes the draft of the next tile.
func (t *Tiling) prepare(ctx context.Context) (err error) {
	state, c := t.Of(t.state)
	t.draft, err = t.service.Prepare(ctx, state, c)
	return err
}

// Cost returns the estimated cost of all tiles.
func (t *Tiling) Cost() Cost { return t.cost }

// Draft returns the request for the next tile; nil once all have arrived.
func (t *Tiling) Draft() *Draft { return t.draft }

// Close frees what is reserved for tiles that are not made.
func (t *Tiling) Close() { t.service.Release(t.Hold()) }

// Came lays the next tile's variant into the picture and prepares the tile after it.
func (t *Tiling) Came(ctx context.Context, v *job.Variant) error {
	t.state = t.state.WithResult(t.draft.Job.Result(v))
	if !t.Next() {
		t.draft = nil
		return nil
	}
	return t.prepare(ctx)
}

// State returns the document with the tiles that have arrived as results, the first one
// lowest.
func (t *Tiling) State() *document.State { return t.state.WithMask(t.start.Mask) }

// Covered returns the mask of what the results so far may change.
func (t *Tiling) Covered() *mask.Mask {
	all := mask.New(t.state.Size.X, t.state.Size.Y)
	for _, r := range t.state.Results[len(t.start.Results):] {
		all = mask.Union(all, r.Covered())
	}
	return all
}
