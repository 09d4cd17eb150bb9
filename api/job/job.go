// Package job takes one edit from the document to its variants, for the window and for
// `overpaint edit` alike: from a snapshot of the document and the user's options it makes a
// checked request, and each answer becomes a variant that is stitched into the whole picture.
//
// A Job is immutable; its methods are safe for use by several goroutines.
package job

import (
	"context"
	"errors"
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// ThumbnailSide is the longer side of a variant's thumbnail in pixels.
const ThumbnailSide = 320

// Options are the user's choices for one edit.
type Options struct {
	Prompt string
	Model  string
	// N is the number of variants; 0 leaves it to the service.
	N int
	// Size is the size of the answer in pixels; zero leaves it to the plan.
	Size           image.Point
	ResponseFormat string
	User           string
	// Seed makes the built-in engine's variants repeatable.
	Seed int64
	// Extra are the profile's optional fields by their names in the request.
	Extra map[string]string
	// Stream requests previews, Partials of each variant, where the profile allows it.
	Stream   bool
	Partials int
	// References are further input pictures.
	References []*image.NRGBA
	// Whole allows editing the whole picture, or Region.Window, where nothing is masked or
	// transparent, if the profile takes pictures without a mask.
	Whole bool
	// All uses the whole answer to such an edit, to restyle a picture; otherwise only what
	// really changed is used.
	All bool
	// SRGB says, to Resume, whether the answers are in sRGB, whatever the document's space is.
	// Prepare decides it by the engine.
	SRGB bool
	// Spots says into how many windows the mask is divided; "" is SpotsOne.
	Spots Spots
	// Region says how the window is planned; its Size is ignored.
	Region region.Options
	// Blend says how answers are blended in.
	Blend region.Blend
}

// DefaultOptions returns options with the default window and blend.
func DefaultOptions() Options {
	return Options{Region: region.DefaultOptions(), Blend: region.DefaultBlend()}
}

// Job is a checked edit that is ready to be sent.
type Job struct {
	*edit
	// request is the request without its pictures.
	request api.Request
}

// localContext is the least ratio of the window to the mask's box for the built-in engine,
// which fills from the surroundings of the mask.
const localContext = 2

// Plan plans the window for a profile. Its errors are those of region.NewPlan.
func Plan(m *mask.Mask, p api.Profile, o region.Options) (region.Plan, error) {
	if p.ID == api.Builtin().ID {
		o.Context = max(o.Context, localContext)
	}
	return region.NewPlan(m, p.Limits(), o)
}

// Mask returns the mask of the next edit: the document's, which includes the border of an
// extended canvas unless the user removed it. Where that is empty, it is the transparent
// part of the picture (transparency is then true), provided that any pixel is fully
// transparent. The pixels are read only then, and only once for states that differ in the mask
// alone.
func Mask(s *document.State) (m *mask.Mask, transparency bool) {
	if s.Mask != nil && !s.Mask.Empty() {
		return s.Mask, false
	}
	m, wholly := s.Transparency()
	if !wholly {
		m = mask.New(s.Size.X, s.Size.Y)
	}
	return m, true
}

// Framed says what would be sent of a document.
type Framed struct {
	Plan region.Plan
	// Mask is the mask on the whole canvas.
	Mask *mask.Mask
	// Whole reports whether the edit has no mask: Mask is then all of the window.
	Whole bool

	transparency bool // Mask is what the picture has of it
}

// Frame plans what is sent of a document. Its errors are those of region.NewPlan.
func Frame(s *document.State, p api.Profile, o Options) (f Framed, err error) {
	wanted := o.Region
	wanted.Size = o.Size
	f.Mask, f.transparency = Mask(s)
	if f.Mask.Empty() && o.Whole && p.Whole {
		f.Whole, f.transparency = true, false
		if f.Plan, err = region.NewWholePlan(s.Size, p.Limits(), wanted); err == nil {
			f.Mask = f.Plan.Whole(s.Size)
		}
		return f, err
	}
	f.Plan, err = Plan(f.Mask, p, wanted)
	return f, err
}

// Prepare plans the window, crops what is sent and checks it against the profile. Errors that
// the user can correct are *api.Error of KindInput; the only other error is ctx's. A hundred
// megapixels may take a second.
func Prepare(ctx context.Context, s *document.State, o Options, p api.Profile) (*Job, error) {
	f, err := Frame(s, p, o)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if errors.Is(err, region.ErrEmptyMask) {
		return nil, api.InputError("error.mask_empty")
	}
	if err != nil {
		return nil, err
	}
	if f.Whole { // all of it is requested, and only the change is used
		o.Size, o.Blend.KeepMore = p.Limits().Ask(f.Plan.Window.Size(), o.Size), !o.All
	}
	o.SRGB = p.ID != api.Builtin().ID // which works in any space
	j := &Job{edit: newEdit(s, f.Mask, f.Plan, o), request: request(o, p, f.Plan)}
	j.sends, j.cuts = true, f.transparency && p.Cuts
	j.whole, j.bare, j.guided = f.Whole, f.Whole || p.NoMask, p.Lines
	// A size out of the profile is refused before a crop of that size is made.
	if !p.Allows(o.Size) {
		j.request.Size = o.Size // also where the size isn't part of the request
		return nil, p.Check(&j.request)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.Check(j.Request()); err != nil {
		return nil, err
	}
	return j, ctx.Err()
}

func request(o Options, p api.Profile, plan region.Plan) api.Request {
	size := o.Size
	if size == (image.Point{}) && len(p.Sizes) > 0 && !p.Square {
		// The model could choose another shape than the window's.
		size = plan.Send
	}
	if len(p.Sizes) == 0 || p.NoSize {
		size = image.Point{} // the answer has the shape of what is sent
	}
	return api.Request{
		Prompt: o.Prompt, Model: o.Model, N: o.N, Size: size,
		ResponseFormat: o.ResponseFormat, User: o.User, Seed: o.Seed,
		Options: o.Extra, Stream: o.Stream, Partials: o.Partials, References: o.References,
	}
}

// Resume rebuilds a job that was prepared before, from the document as it was then, so that
// its answers can become variants. Its request has the options and no pictures, so it can't be
// sent. Options.Whole says that it had no mask.
func Resume(s *document.State, p region.Plan, b region.Blend, o Options) *Job {
	m, _ := Mask(s)
	if o.Whole {
		m = p.Whole(s.Size)
	}
	o.Blend = b
	j := &Job{edit: newEdit(s, m, p, o), request: request(o, api.Profile{}, p)}
	j.request.Size, j.whole = o.Size, o.Whole
	return j
}

// Again returns the same edit for n variants, such as missing ones. seed should be a new one,
// since the same one makes the same variants. A job from Resume can't be requested again.
func (j *Job) Again(n int, seed int64) *Job {
	again := &Job{edit: j.edit, request: j.request}
	again.request.N, again.request.Seed = n, seed
	return again
}

// Request returns the request for the engine. Its pictures are cropped again where the job has
// released them (Done).
func (j *Job) Request() *api.Request {
	r := j.request
	if j.sends {
		p := j.pictures()
		r.Image, r.Mask, r.Files = p.image, p.mask, p.files
		if j.guided {
			r.Lines = j.plan.Lines(j.state.Lines)
		}
	}
	return &r
}

// Plan returns the plan of the window.
func (j *Job) Plan() region.Plan { return j.plan }

// Mask returns the mask on the whole canvas, transparency included.
func (j *Job) Mask() *mask.Mask { return j.mask }

// SRGB reports whether request and answers are in sRGB and the document isn't.
func (j *Job) SRGB() bool { return j.space != nil }

// Asked returns the request without its pictures.
func (j *Job) Asked() api.Request { return j.request }

// Blend returns how answers are blended in.
func (j *Job) Blend() region.Blend { return j.blend }

// State returns the document that the job was made of.
func (j *Job) State() *document.State { return j.state }

// Edit returns the edit's unique ID, shared by later requests for the same edit. It is the
// Edit of results.
func (j *Job) Edit() string { return j.id }

// Variant is one answer in its place.
type Variant struct {
	Index int
	// Answer is the answer. Its pixels are decoded when they are needed.
	Answer *document.Variant
	// ChangedOutside is the share of the window's pixels outside the mask that the service
	// changed, in percent. These changes are not used.
	ChangedOutside float64
	// Changed is the share of the window that the service really changed, in percent, after the
	// answer was moved back, where that is measured (region.Blend.KeepMore); else 0.
	Changed float64
	// Thumbnail shows what the variant changes and its surroundings, at their aspect ratio.
	Thumbnail     *image.NRGBA
	RevisedPrompt string
}

// Variant stitches one answer into the picture. It takes ownership of the answer's pixels and
// bytes, which must not be written to any more.
func (j *Job) Variant(a api.Answer) (*Variant, error) {
	v, err := document.NewVariant(nil, a.Index, a.Image, a.Encoded, j.space, a.RevisedPrompt)
	if err != nil {
		return nil, &api.Error{Kind: api.KindEmpty, Cause: err}
	}
	v.Method = a.Method
	ctx := context.Background() // which never ends
	p := j.pictures()
	if j.blend.Align {
		evidence := p.covered
		if j.whole { // all of it is
			evidence = nil
		}
		motion, _ := align.Estimate(ctx, p.sent, evidence, a.Image)
		v = v.Moving(motion)
	}
	made := &Variant{
		Index: a.Index, Answer: v, RevisedPrompt: a.RevisedPrompt,
		ChangedOutside: j.plan.ChangedOutside(j.state.Size, p.sent, p.covered, a.Image),
	}
	j.finish(made)
	j.came(a.Index, j.request.N)
	return made, nil
}

// finish sets the fields of a variant that depend on its place.
func (j *Job) finish(made *Variant) {
	r := j.Result(made)
	if j.blend.KeepMore {
		made.Changed = 100 * r.ChangedShare()
	}
	made.Thumbnail = j.state.WithResult(r).Thumbnail(r.ID, ThumbnailSide)
	if made.Thumbnail == nil { // nothing changes
		made.Thumbnail = j.state.Seen(j.plan.Window, ThumbnailSide)
	}
}

// Result returns a result of all given variants, of which the chosen one, added if it isn't
// among them, shows. A result of a single variant is for display (document.State.WithResult),
// one of all for Document.AddResult or Refine. It takes some milliseconds, and is the same one
// while it is referenced.
func (j *Job) Result(chosen *Variant, all ...*Variant) *document.Result {
	var list []*document.Variant
	at := -1
	for _, v := range all {
		if v == chosen {
			at = len(list)
		}
		list = append(list, v.Answer)
	}
	if at < 0 {
		at, list = len(list), append(list, chosen.Answer)
	}
	return j.result(list, at)
}

// Changed returns the share of the window that a variant really changes, in percent, after it
// was moved back.
func (j *Job) Changed(v *Variant) float64 {
	return 100 * j.Result(v).ChangedShare()
}

// Whole reports whether the edit has no mask: Mask is then all of the window.
func (j *Job) Whole() bool { return j.whole }

// Done releases the pictures that were sent, once nothing of the job is being sent any more.
// After all variants have arrived that happens without it.
func (j *Job) Done() { j.release() }

// Flatten returns the whole picture with the variant in it, at full size, in its own colour
// space. The result may share memory with the document and must not be written to.
func (j *Job) Flatten(v *Variant) *image.NRGBA { return j.state.WithResult(j.Result(v)).Flatten() }
