package cli

import (
	"cmp"
	"context"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
)

// prepareTiles prepares an edit that is made in tiles.
func (e *run) prepareTiles(ctx context.Context, state *document.State, data []byte, c service.Choices) (err error) {
	if e.tiling, err = e.service.PrepareTiles(ctx, state, c); err != nil {
		return err
	}
	e.nextTile()
	e.original = state.Flatten()
	e.output, err = newOutput(e.flags, e.report.out, state, data, 1)
	return err
}

// carryOutTiles requests one tile after the other, and saves the picture with all of them.
func (e *run) carryOutTiles(ctx context.Context) int {
	e.queued()
	defer e.tiling.Close()
	all := e.tiling.Left()
	e.tellTiles(all)
	var parts []spotPart
	changed := 0.0
	for {
		d := e.tiling.Draft()
		var v *job.Variant
		end, sent, err := e.tile(ctx, func(_, _ int, came *job.Variant, fault *api.Error) error {
			if fault != nil {
				return fault
			}
			v = came
			e.tellOf(d.Job, v)
			return nil
		})
		if err != nil {
			return e.report.failed(err, sent || len(parts) > 0)
		}
		if v == nil || end.Err != nil || e.trouble != nil {
			return e.tilesFailed(end, len(parts), all)
		}
		changed += v.ChangedOutside
		parts = append(parts, partOf(d.Job, v))
		e.report.object(tileEvent{"tile", len(parts), all, parts[len(parts)-1]})
		if err := e.tiling.Came(ctx, v); err != nil {
			return e.report.failed(err, true)
		}
		if e.tiling.Draft() == nil {
			return e.saveTiles(v, end, changed/float64(all), parts)
		}
		e.nextTile()
	}
}

// tile requests the next tile.
func (e *run) tile(ctx context.Context, take func(part, index int, came *job.Variant, fault *api.Error) error) (service.Ended, bool, error) {
	events, cancel := e.service.Subscribe()
	defer cancel()
	edits, err := e.service.SubmitSpots(ctx, e.Set, e.tiling.Submission(e.submission()))
	if err != nil {
		return service.Ended{}, false, refusal(err)
	}
	e.submitted(edits)
	return e.listen(ctx, events, take)
}

// nextTile makes the next tile's request the current one.
func (e *run) nextTile() {
	d := e.tiling.Draft()
	e.Set = &service.Set{Drafts: []*service.Draft{d}, Job: d.Job, Cost: d.Cost, Bytes: d.Bytes}
}

// tellTiles prints the number of tiles and their expected cost.
func (e *run) tellTiles(n int) {
	cost := e.tiling.Cost()
	if cost.Known() {
		e.report.tell(text.N("cli.tiles_price", n, "Price", settings.Money(cost.Amount, cost.Currency)))
		return
	}
	e.report.tell(text.N("cli.tiles", n))
}

// tilesFailed prints why a tile failed, and where the finished tiles are.
func (e *run) tilesFailed(end service.Ended, came, all int) int {
	fault := cmp.Or(e.fault(end), nothing(end))
	where := ""
	if came > 0 {
		where = text.T("cli.tiles_came", "Came", came, "Count", all)
	}
	e.report.failEdit(fault, e.entry(), where)
	return status(fault, true)
}

// saveTiles saves the picture with all tiles; v is the last tile's variant.
func (e *run) saveTiles(v *job.Variant, end service.Ended, changed float64, parts []spotPart) int {
	told := variantEvent{
		Event: "variant", ServiceChangedPercent: changed, RevisedPrompt: v.RevisedPrompt, Motion: parts[0].Motion,
		Scale: parts[0].Scale, Detail: parts[0].Detail, Spots: parts,
	}
	for _, p := range parts {
		told.Scale = min(told.Scale, p.Scale)
		told.ChangedPercent += p.ChangedPercent / float64(len(parts))
	}
	if err := e.write(v, e.tiling.State().Flatten(), e.tiling.Covered(), told); err != nil {
		e.trouble = err
	}
	e.changed = changed
	end.Result.Asked = 1
	return e.ended(end, true)
}
