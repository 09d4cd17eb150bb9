package job

import (
	"image"
	"image/draw"
	"slices"
	"strings"

	"overpaint/api"
	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/region"
)

// Spots says in how many windows a mask is sent.
type Spots string

// The choices.
const (
	// SpotsOne sends one window around all of the mask.
	SpotsOne Spots = "one"
	// SpotsEach sends one for each part of the mask that hangs together.
	SpotsEach Spots = "each"
	// SpotsAuto sends as few as lose no resolution for company.
	SpotsAuto Spots = "auto"
	// SpotsTiles makes the edit in tiles (PlanTiles). Each needs what came for those before it, so that
	// they are not sent together, and this is none of the choices that Valid knows.
	SpotsTiles Spots = "tiles"
)

// Valid reports that it is one of the choices for an edit that is sent at once, or "".
func (s Spots) Valid() bool { return s == "" || s == SpotsOne || s == SpotsEach || s == SpotsAuto }

// PlanSpots plans the windows of an edit, at least one. Its errors are region.NewPlan's.
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

// Join returns the edit that jobs for the spots of a mask are together. It can't be
// sent; Joined makes its variants. Of one job it is that one.
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

// Parts returns the jobs that this one is made of, itself where it is none of Join's.
func (j *Job) Parts() []*Job {
	if len(j.parts) == 0 {
		return []*Job{j}
	}
	return j.parts
}

// Joined returns the variant of the whole edit that variants of all its parts, in
// their order, make. Each is moved back and matched in colour where it belongs. Where
// one is nil, the picture stays as it is; one at least is not.
func (j *Job) Joined(index int, made []*Variant) (*Variant, error) {
	if len(j.parts) == 0 {
		return made[0], nil
	}
	pix := image.NewNRGBA(image.Rectangle{Max: j.plan.Window.Size()})
	at := *pix
	at.Rect = j.plan.Window
	for _, p := range j.parts { // where there is no answer
		w := p.plan.Window.Intersect(j.plan.Window)
		draw.Draw(&at, w, j.state.Pixels(w), w.Min, draw.Src)
	}
	var words []string
	var list []answered
	out := &Variant{Index: index}
	all := 0.0
	for i, p := range j.parts {
		if made[i] == nil {
			continue
		}
		list = append(list, answered{p, made[i]})
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

// answered is a variant of a job.
type answered struct {
	job     *Job
	variant *Variant
}

// lay draws variants over pixels of the canvas, each moved back and matched in colour, and returns what
// they consist of, from the pixels' corner on. Where windows overlap, each mask has its own answer, and as far as can be
// what is around it, which is learnt from. Sharpness and grain are not in there: they come when that is shown.
func lay(at *image.NRGBA, list []answered) (pieces []region.Piece) {
	all := make([]*image.NRGBA, len(list))
	for i, a := range list {
		all[i] = a.job.all(a.variant.Answer)
		draw.Draw(at, all[i].Rect, all[i], all[i].Rect.Min, draw.Src)
		for _, p := range a.job.pieces(a.variant.Answer) {
			pieces = append(pieces, p.Add(image.Point{}.Sub(at.Rect.Min)))
		}
	}
	for i, a := range list {
		r := a.job.plan.LearnRect(all[i].Rect, a.job.mask)
		draw.Draw(at, r, all[i], r.Min, draw.Src)
	}
	for i, a := range list {
		covered := a.job.Result(a.variant).Covered()
		weight := covered.Alpha(covered.Bounding().Intersect(all[i].Rect))
		for k, w := range weight.Pix {
			if w != 0 {
				weight.Pix[k] = 255
			}
		}
		region.Layer{Rect: weight.Rect, Pix: all[i], Weight: weight}.Over(at)
	}
	return pieces
}

// all returns all of an answer, moved back and matched in colour, within the canvas; what is there already where it
// can't be decoded.
func (j *Job) all(v *document.Variant) *image.NRGBA {
	b := j.blend
	b.Sharpen, b.Grain = false, false
	if pix := v.Pixels(); pix != nil {
		return j.plan.All(j.state, j.state.Size, j.mask, pix, v.Motion, b)
	}
	return j.state.Pixels(j.plan.Window.Intersect(j.state.Bounds()))
}

// pieces returns what an answer consists of, in canvas pixels.
func (j *Job) pieces(v *document.Variant) (list []region.Piece) {
	for _, p := range v.Pieces {
		list = append(list, p.Add(j.plan.Window.Min))
	}
	if len(list) == 0 {
		list = []region.Piece{{Window: j.plan.Window, Answer: v.Size(), Box: j.mask.Bounding()}}
	}
	return list
}

// SpotStates returns a document for each spot of its mask, with that alone as the mask, and their windows; the
// document itself where it is one. What the person can put right comes as an *api.Error of KindInput.
func SpotStates(s *document.State, o Options, p api.Profile) (states []*document.State, windows []image.Rectangle, err error) {
	spots, err := PlanSpots(s, p, o)
	if err == region.ErrEmptyMask {
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
