package job

import "overpaint.dev/overpaint/api"

// Ask returns a new edit of the same window, already cropped, with the prompt, model, count,
// options, references and blend of o. It is checked against the profile, which must be the one
// that the job was prepared for; errors that the user can correct are *api.Error of
// KindInput.
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

// WithFiles returns the job with its pictures encoded (api.Encoder). They are released with
// the pictures (Done).
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
