package window

import (
	"image"
	"path/filepath"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/editor/picture"
)

// fitted leaves out of the options what a profile doesn't have: the panel keeps
// the values for when another connection is chosen.
func fitted(o job.Options, p api.Profile) job.Options {
	if !p.Stream {
		o.Stream, o.Partials = false, 0
	}
	o.Partials = min(o.Partials, p.Partials)
	if len(p.ResponseFormats) == 0 {
		o.ResponseFormat = ""
	}
	extra := map[string]string{}
	for name, value := range o.Extra {
		if _, ok := p.Options[name]; ok {
			extra[name] = value
		}
	}
	o.Extra = extra
	return o
}

// readReferences reads further input pictures.
func readReferences(paths []string) ([]*image.NRGBA, error) {
	var all []*image.NRGBA
	for _, path := range paths {
		p, err := picture.Open(path, picture.DefaultLimits)
		if err != nil {
			return nil, job.OpenError(filepath.Base(path), err)
		}
		all = append(all, p.Pix)
	}
	return all, nil
}
