package job

import (
	"errors"
	"image"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// Spots says into how many windows a mask is divided.
type Spots string

// The choices.
const (
	// SpotsOne sends one window around all of the mask.
	SpotsOne Spots = "one"
	// SpotsEach sends one window for each connected part of the mask.
	SpotsEach Spots = "each"
	// SpotsAuto sends as few windows as lose no resolution by being joined.
	SpotsAuto Spots = "auto"
	// SpotsTiles makes the edit in tiles (PlanTiles). Each needs the answers to those before
	// it, so they are not sent together, and this is not Valid.
	SpotsTiles Spots = "tiles"
)

// Valid reports whether it is "" or a choice whose windows are sent together.
func (s Spots) Valid() bool { return s == "" || s == SpotsOne || s == SpotsEach || s == SpotsAuto }

// PlanSpots plans the windows of an edit, at least one. Its errors are those of
// region.NewPlan.
func PlanSpots(s *document.State, p api.Profile, o Options) ([]region.Spot, error) {
	if o.Spots == SpotsTiles {
		return planTiles(s, p, o)
	}
	f, err := Frame(s, p, o)
	if err != nil || f.Whole || o.Spots == "" || o.Spots == SpotsOne {
		return []region.Spot{{Mask: f.Mask, Plan: f.Plan}}, err
	}
	wanted := o.Region
	wanted.Size = o.Size
	if p.ID == api.Builtin().ID {
		wanted.Context = max(wanted.Context, localContext)
	}
	return region.NewSpots(f.Mask, p.Limits(), wanted, o.Spots == SpotsEach)
}

// AnyFilled reports whether one of the spots of a canvas leaves nothing in its window that isn't
// masked, after the mask was grown. The built-in engine then has nothing to fill it from.
func AnyFilled(size image.Point, spots []region.Spot) bool {
	return slices.ContainsFunc(spots, func(s region.Spot) bool { return s.Plan.Fills(size, s.Mask) })
}

// Join returns the edit that jobs for the spots of a mask make together. It can't be sent;
// Joined composes its variants. Of one job it is that job.
func Join(s *document.State, o Options, parts []*Job) *Job {
	if len(parts) == 1 {
		return parts[0]
	}
	var box image.Rectangle
	m := mask.New(s.Size.X, s.Size.Y)
	for _, p := range parts {
		box = box.Union(p.plan.Window.Intersect(s.Bounds()))
		m = mask.Union(m, p.mask)
	}
	plan := region.Plan{Window: box, Send: box.Size(), Grow: parts[0].plan.Grow}
	j := &Job{edit: newEdit(s, m, plan, o), request: parts[0].request}
	j.parts = parts
	return j
}

// Parts returns the jobs that this one was joined from, or the job itself.
func (j *Job) Parts() []*Job {
	if len(j.parts) == 0 {
		return []*Job{j}
	}
	return j.parts
}

// Joined composes a variant of the whole edit from variants of its parts, in their order. Each
// is moved back and colour-matched in its own place. Where one is nil, the picture stays as it
// is; at least one must not be.
func (j *Job) Joined(index int, made []*Variant) (*Variant, error) {
	if len(j.parts) == 0 {
		return made[0], nil
	}
	pix := image.NewNRGBA(image.Rectangle{Max: j.plan.Window.Size()})
	at := *pix
	at.Rect = j.plan.Window
	var words []string
	var list []laid
	out := &Variant{Index: index}
	all := 0.0
	for i, p := range j.parts {
		if made[i] == nil {
			list = append(list, p.asItIs())
			continue
		}
		list = append(list, p.laid(made[i].Answer))
		area := float64(p.plan.Send.X) * float64(p.plan.Send.Y)
		out.ChangedOutside += area * made[i].ChangedOutside
		all += area
		if w := made[i].RevisedPrompt; w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	out.ChangedOutside /= all
	out.RevisedPrompt = strings.Join(words, "\n")
	pieces := lay(&at, list)
	v, err := document.NewVariant(nil, index, pix, nil, nil, out.RevisedPrompt)
	if err != nil {
		return nil, &api.Error{Kind: api.KindLocal, Cause: err}
	}
	v.Method, v.Pieces = sameMethod(made), pieces
	out.Answer = v
	j.finish(out)
	return out, nil
}

// sameMethod returns the method that all answers there are were made by, or "".
func sameMethod(made []*Variant) (method string) {
	first := true
	for _, v := range made {
		if v == nil {
			continue
		}
		if !first && v.Answer.Method != method {
			return ""
		}
		first, method = false, v.Answer.Method
	}
	return method
}

// SpotStates returns a document for each spot of its mask, with that spot alone as the mask,
// and their windows; the document itself where it has one spot. Errors that the user can
// correct are *api.Error of KindInput.
func SpotStates(s *document.State, o Options, p api.Profile) (states []*document.State, windows []image.Rectangle, err error) {
	spots, err := PlanSpots(s, p, o)
	if errors.Is(err, region.ErrEmptyMask) {
		return nil, nil, api.InputError("error.mask_empty")
	}
	if err != nil {
		return nil, nil, err
	}
	for _, spot := range spots {
		of := s
		if len(spots) > 1 {
			of = s.WithMask(spot.Mask)
		}
		states, windows = append(states, of), append(windows, spot.Plan.Window)
	}
	return states, windows, nil
}
