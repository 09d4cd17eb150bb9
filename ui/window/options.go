package window

import (
	"cmp"
	"errors"
	"image"
	"io/fs"
	"path/filepath"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/editor/picture"
)

// parallel gives the number of jobs of a connection that run at once, as it is
// set at that time: one fill uses all cores already. The worker asks from
// goroutines of its own.
func (w *Window) parallel(connection string) int {
	if !isService(connection) {
		return 1
	}
	if set := w.atOnce.Load(); set != nil {
		return (*set)[connection]
	}
	return 0
}

// noteParallel tells the worker of what is set now.
func (w *Window) noteParallel() {
	set := map[string]int{}
	for _, c := range w.set.Connections {
		set[c.ID] = c.Parallel
	}
	w.atOnce.Store(&set)
}

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

// readReferences reads further input pictures. kept names those that come from
// the history, by path: their files have names that say nothing to anybody.
func readReferences(paths []string, kept map[string]string) ([]*image.NRGBA, error) {
	var all []*image.NRGBA
	for _, path := range paths {
		p, err := picture.Open(path, picture.DefaultLimits)
		if err != nil {
			return nil, referenceError(path, kept[path], err)
		}
		all = append(all, p.Pix)
	}
	return all, nil
}

// referenceError says in a sentence why a reference picture can't be sent.
func referenceError(path, kept string, err error) error {
	name := cmp.Or(kept, filepath.Base(path))
	key := "window.reference_gone"
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return job.OpenError(name, err)
	case kept != "":
		key = "window.reference_deleted"
	}
	e := api.InputError(key, "Name", name)
	e.Cause = err
	return e
}
