package job

import "overpaint.dev/overpaint/api"

// Ask returns the job as an edit of its own with other words: the same window of
// the same document, already cropped, asked for with what o says beside the
// window (prompt, model, count, options, references, blend). It is checked
// against the profile, which must be the one that the job was prepared for; what
// the person can put right comes as an *api.Error of KindInput.
func (j *Job) Ask(o Options, p api.Profile) (*Job, error) {
	if j.whole {
		o.Size, o.Blend.KeepMore = j.request.Size, !o.All
	}
	asked := &Job{edit: newEdit(j.state, j.mask, j.plan, o), request: request(o, p, j.plan)}
	asked.as(j, j.pictures())
	if err := p.Check(asked.Request()); err != nil {
		return nil, err
	}
	return asked, nil
}

// WithFiles returns the job with its pictures encoded (api.Encoder). They are let
// go of with the pictures (Done).
func (j *Job) WithFiles(f *api.Files) *Job {
	encoded := &Job{edit: newEdit(j.state, j.mask, j.plan, Options{Prompt: j.prompt, Blend: j.blend}), request: j.request}
	held := *j.pictures()
	held.files = f
	encoded.as(j, &held)
	return encoded
}

// as makes an edit send what another one does.
func (e *edit) as(j *Job, p *pictures) {
	e.sends, e.cuts, e.whole, e.bare, e.guided, e.held, e.space = j.sends, j.cuts, j.whole, j.bare, j.guided, p, j.space
}
