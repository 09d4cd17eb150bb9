package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// Recovered is a document that an earlier run left behind. It is locked against other
// processes until Discard or Release.
type Recovered struct {
	// Name is the name of the file that it was opened from, or "".
	Name string
	// Saved is when it was last autosaved.
	Saved time.Time
	// Size is the size of its canvas.
	Size image.Point

	folder string
	lock   *file.Lock
}

// Recover returns the documents that earlier runs left in dir, the latest first, without those
// that a running process has open. A folder without a complete document (it was never
// modified) is removed. A document that cannot be read stays and is counted in the error,
// which is returned beside the others.
func Recover(dir string) ([]*Recovered, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var found []*Recovered
	var bad []error
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), "document-") {
			continue
		}
		r, err := recoverFolder(filepath.Join(dir, e.Name()))
		switch {
		case err != nil:
			bad = append(bad, err)
		case r != nil:
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *Recovered) int { return b.Saved.Compare(a.Saved) })
	return found, errors.Join(bad...)
}

// recoverFolder returns nil where there is nothing to recover.
func recoverFolder(folder string) (*Recovered, error) {
	lock, err := file.TryLock(filepath.Join(folder, lockName))
	if errors.Is(err, file.ErrLocked) || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	r := &Recovered{folder: folder, lock: lock}
	i, err := r.index()
	if errors.Is(err, os.ErrNotExist) {
		return nil, removeFolder(folder, lock)
	} else if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	r.Name, r.Saved, r.Size = i.Source.Name, i.Saved, image.Point(i.Size)
	return r, nil
}

func (r *Recovered) index() (*index, error) {
	b, err := os.ReadFile(filepath.Join(r.folder, indexName))
	if err != nil {
		return nil, err
	}
	if _, err := parseManifest(b); err != nil {
		return nil, err
	}
	i := new(index)
	if err := json.Unmarshal(b, i); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return i, nil
}

// Open reads the document. Its errors are those of ReadProject. Its files stay on the disk
// until Discard: first mark the opened document as not saved (Document.MarkUnsaved), autosave
// it, and flush that.
func (r *Recovered) Open(l picture.Limits) (Project, error) {
	i, err := r.index()
	if err != nil {
		return Project{}, err
	}
	return load(&i.manifest, l, func(name string) ([]byte, error) {
		if !strings.HasPrefix(name, partPrefix) || filepath.Base(name) != name {
			return nil, damaged("a part has an impossible name")
		}
		b, err := os.ReadFile(filepath.Join(r.folder, name))
		if errors.Is(err, os.ErrNotExist) {
			return nil, damaged("a part is missing")
		}
		return b, err
	})
}

// Discard removes the document from the disk.
func (r *Recovered) Discard() error { return removeFolder(r.folder, r.lock) }

// Release leaves the document for another start.
func (r *Recovered) Release() error { return r.lock.Unlock() }
