package job

import (
	"errors"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
)

// PlanTiles plans the parts of an edit that are made one after the other so that no answer is
// enlarged too much (region.NewTiles), one where that is not needed. Errors that the user
// can correct are *api.Error of KindInput.
func PlanTiles(s *document.State, p api.Profile, o Options) ([]region.Spot, error) {
	tiles, err := planTiles(s, p, o)
	if errors.Is(err, region.ErrEmptyMask) {
		return nil, api.InputError("error.mask_empty")
	}
	return tiles, err
}

// planTiles is PlanTiles with the errors of region.NewPlan.
func planTiles(s *document.State, p api.Profile, o Options) ([]region.Spot, error) {
	f, err := Frame(s, p, o)
	if err != nil || f.Whole {
		return []region.Spot{{Mask: f.Mask, Plan: f.Plan}}, err
	}
	wanted := o.Region
	wanted.Size = o.Size
	if tiles, err := region.NewTiles(f.Mask, p.Limits(), wanted); err != nil || len(tiles) > 1 {
		return tiles, err
	}
	return []region.Spot{{Mask: f.Mask, Plan: f.Plan}}, nil
}
