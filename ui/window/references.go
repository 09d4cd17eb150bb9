package window

import (
	"cmp"
	"errors"
	"image"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/editor/picture"
)

// references reads further input pictures and keeps the last ones, so that what
// is measured and what is sent are the same pictures.
type references struct {
	mu     sync.Mutex
	paths  []string
	images []*image.NRGBA
}

// read reads further input pictures. kept names those that come from the
// history, by path: their files have names that say nothing to anybody.
func (r *references) read(paths []string, kept map[string]string) ([]*image.NRGBA, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.Equal(paths, r.paths) {
		return r.images, nil
	}
	var all []*image.NRGBA
	for _, path := range paths {
		p, err := picture.Open(path, picture.DefaultLimits)
		if err != nil {
			return nil, referenceError(path, kept[path], err)
		}
		all = append(all, p.Pix)
	}
	r.paths, r.images = slices.Clone(paths), all
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
