package job

import "overpaint/api"

// Ask returns the job with other words: the same window of the same document,
// already cropped, asked for with what o says beside the window (prompt, model,
// count, options, references). It is checked against the profile, which must be
// the one that the job was prepared for; what the person can put right comes as
// an *api.Error of KindInput.
func (j *Job) Ask(o Options, p api.Profile) (*Job, error) {
	asked := *j
	asked.request = request(o, p, j.plan)
	asked.request.Image, asked.request.Mask, asked.request.Files = j.request.Image, j.request.Mask, j.request.Files
	asked.blend = o.Blend
	if err := p.Check(asked.request); err != nil {
		return nil, err
	}
	return &asked, nil
}

// WithFiles returns the job with its pictures encoded (api.Encoder).
func (j *Job) WithFiles(f *api.Files) *Job {
	encoded, request := *j, *j.request
	request.Files = f
	encoded.request = &request
	return &encoded
}
