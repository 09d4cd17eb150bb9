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

// Tiles are the parts of an edit that is made in tiles, one request after the other: which of them is to be made
// now, what it is prepared by, and what is kept free for those behind it. Whoever drives
// them prepares and submits each, lays it into the picture and goes on with Next. Their methods are called on
// one goroutine.
type Tiles struct {
	choices Choices
	list    []region.Spot
	at      int // which is to be made now; their number once all are
	hold    Hold
}

// PlanTiles plans an edit in tiles (job.PlanTiles). Where one answer does, there is one. One variant is made,
// whatever the choices say.
func PlanTiles(state *document.State, p api.Profile, c Choices) (*Tiles, error) {
	c.Spots, c.N = "", 1
	list, err := job.PlanTiles(state, p, c.Options)
	if err != nil {
		return nil, err
	}
	return &Tiles{choices: c, list: list}, nil
}

// Of returns the document and the choices by which the tile that is to be made now is prepared (Service.Prepare),
// of a document with all tiles before it.
func (t *Tiles) Of(state *document.State) (*document.State, Choices) {
	if len(t.list) == 1 {
		return state, t.choices
	}
	tile, c := t.list[t.at], t.choices
	c.Region.Window = tile.Plan.Window
	return state.WithMask(tile.Mask), c
}

// Next goes on to the tile after the one that was made; false where that was the last.
func (t *Tiles) Next() bool {
	t.at = min(t.at+1, len(t.list))
	return t.at < len(t.list)
}

// At is the number of the tile that is to be made now, from 0; Count once all are made.
func (t *Tiles) At() int { return t.at }

// Count is how many tiles there are.
func (t *Tiles) Count() int { return len(t.list) }

// Left is how many tiles are to be made yet, the one of now among them.
func (t *Tiles) Left() int { return len(t.list) - t.at }

// Size is the size of the canvas that they were planned for.
func (t *Tiles) Size() image.Point { return t.list[0].Mask.Size() }

// Windows are those of all tiles in their order.
func (t *Tiles) Windows() (list []image.Rectangle) {
	for _, tile := range t.list {
		list = append(list, tile.Plan.Window)
	}
	return list
}

// Submission is o for the tile of now: what all tiles that are left may cost is reserved with the
// first of them, under the person's caps, and freed as they end, or with Hold.
func (t *Tiles) Submission(o Submission) Submission {
	o.Hold, o.More = &t.hold, t.Left()-1
	return o
}

// Hold is what keeps free what is left of the tiles; Service.Release frees it when they are not made any more.
func (t *Tiles) Hold() *Hold { return &t.hold }

// Tiling is an edit that is made in tiles of one document: each is prepared once
// the one before it has come, for it shows what its neighbours have become. Its methods are called
// on one goroutine.
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

// Cost is what all tiles are foreseen to cost.
func (t *Tiling) Cost() Cost { return t.cost }

// Draft is the request for the next tile; nil once all have come.
func (t *Tiling) Draft() *Draft { return t.draft }

// Close frees what is kept for tiles that are not made any more.
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
