package job

import (
	"image"
	"image/draw"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
)

// Adopts reports that variants of another job, which asked another service for the same edit,
// fit this one's window as they are.
func (j *Job) Adopts(other *Job) bool {
	return j.plan.Window == other.plan.Window
}

// Adopted returns a variant of another job, which asked another service for the same edit, as
// one that Result lays into the picture beside this job's own: several services
// have windows of several shapes. It is the same variant where the windows are the same (Adopts);
// otherwise it is moved back and matched in colour in its own window, and cut to this one.
func (j *Job) Adopted(v *Variant, other *Job) (*Variant, error) {
	if j.Adopts(other) {
		return v, nil
	}
	pix := image.NewNRGBA(image.Rectangle{Max: j.plan.Window.Size()})
	at := *pix
	at.Rect = j.plan.Window
	inside := j.plan.Window.Intersect(j.state.Bounds())
	draw.Draw(&at, inside, j.state.Pixels(inside), inside.Min, draw.Src)
	pieces := lay(&at, []laid{other.laid(v.Answer)})
	answer, err := document.NewVariant(nil, v.Index, pix, nil, nil, v.RevisedPrompt)
	if err != nil {
		return nil, &api.Error{Kind: api.KindLocal, Cause: err}
	}
	answer.Pieces = pieces
	out := *v
	out.Answer = answer
	return &out, nil
}
