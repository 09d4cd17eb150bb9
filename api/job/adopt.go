package job

import (
	"image"
	"image/draw"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
)

// Adopts reports whether variants of another job, which asked another service for the same
// edit, fit this one's window unchanged.
func (j *Job) Adopts(other *Job) bool {
	return j.plan.Window == other.plan.Window
}

// Adopted converts a variant of another job, which asked another service for the same edit,
// for this job's Result: services may have windows of different shapes. Where the windows are
// equal (Adopts) it is the same variant; otherwise it is moved back and colour-matched in its
// own window, and cropped to this one.
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
