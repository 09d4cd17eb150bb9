package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"overpaint.dev/overpaint/editor/file"
)

// AutosaveOptions are the options of an Autosave. The zero value is usable.
type AutosaveOptions struct {
	// Delay is the longest time between a change and its saving; changes in between are saved
	// together. Zero means 400 ms.
	Delay time.Duration
	// Settings returns the value of Project.Settings. It is called on the autosave's goroutine
	// and may be nil.
	Settings func() json.RawMessage
	// Report is called after each save, on the autosave's goroutine, with the error or nil. It
	// may be nil.
	Report func(error)
}

// Autosave keeps a document on the disk while it is being edited, so that a
// crash loses at most what was done within Delay and the time that writing takes.
//
// Each document has a folder of its own. The parts of the document (project
// files have the same) are files named by their content, which are never changed: what is there
// already, such as the original, is not written again. The index, which names them, is replaced last
// and whole; parts that it no longer names are then removed. So at every
// moment the folder holds one whole document, or none yet.
//
// A document that is not modified needs no keeping: its index is removed.
type Autosave struct {
	doc    *Document
	o      AutosaveOptions
	folder string
	lock   *file.Lock
	cancel func()

	wake  chan struct{}
	flush chan chan error
	stop  chan struct{}
	ended chan struct{}
	once  sync.Once

	// These belong to the goroutine.
	names   map[any]string // the parts of the last index by their key in memory
	present map[string]bool
}

const (
	indexName    = "index.json"
	lockName     = "lock"
	partPrefix   = "part-"
	defaultDelay = 400 * time.Millisecond
	retryDelays  = 10
)

// index is an autosaved document: a manifest and when it was written.
type index struct {
	manifest
	Saved time.Time `json:"saved"`
}

// StartAutosave begins to keep d in a new folder within dir, which is made where
// it is missing. It ends with Close or Leave.
func StartAutosave(dir string, d *Document, o AutosaveOptions) (*Autosave, error) {
	if o.Delay <= 0 {
		o.Delay = defaultDelay
	}
	folder, lock, err := newFolder(dir)
	if err != nil {
		return nil, err
	}
	a := &Autosave{
		doc: d, o: o, folder: folder, lock: lock,
		wake: make(chan struct{}, 1), flush: make(chan chan error), stop: make(chan struct{}), ended: make(chan struct{}),
		names: map[any]string{}, present: map[string]bool{},
	}
	a.cancel = d.Subscribe(func(Step) {
		select {
		case a.wake <- struct{}{}:
		default: // it is awake already
		}
	})
	go a.run()
	return a, nil
}

// newFolder makes and locks a folder. Recover, in another process, may take and remove the
// folder before it is locked: then another one is made.
func newFolder(dir string) (string, *file.Lock, error) {
	if err := file.Folder(dir); err != nil {
		return "", nil, err
	}
	var last error
	for range 5 {
		folder, err := os.MkdirTemp(dir, "document-")
		if err != nil {
			return "", nil, err
		}
		lock, err := file.TryLock(filepath.Join(folder, lockName))
		if err == nil {
			return folder, lock, nil
		}
		last = err
	}
	return "", nil, last
}

// Flush saves now, if anything is unsaved, and returns the error.
func (a *Autosave) Flush() error {
	done := make(chan error, 1)
	select {
	case a.flush <- done:
		return <-done
	case <-a.ended:
		return errors.New("document: the autosave has ended")
	}
}

// Close ends the autosave and removes its files, for a document that was saved or is not
// wanted.
func (a *Autosave) Close() error {
	a.end()
	return removeFolder(a.folder, a.lock)
}

// removeFolder removes a locked folder: the index first, so that Recover offers nothing should
// the rest fail, and the lock before the folder, since some systems don't remove open files.
func removeFolder(folder string, lock *file.Lock) error {
	err := os.Remove(filepath.Join(folder, indexName))
	free := lock.Unlock()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return errors.Join(free, os.RemoveAll(folder))
}

// Leave saves once more and ends the autosave without removing its files, so that Recover
// offers the document at the next start.
func (a *Autosave) Leave() error {
	err := a.Flush()
	a.end()
	return errors.Join(err, a.lock.Unlock())
}

func (a *Autosave) end() {
	a.once.Do(func() {
		a.cancel()
		close(a.stop)
	})
	<-a.ended
}

// run waits for changes, and saves Delay after the first unsaved one.
func (a *Autosave) run() {
	defer close(a.ended)
	timer := time.NewTimer(0)
	if !timer.Stop() {
		<-timer.C
	}
	defer timer.Stop()
	waiting := false
	for {
		select {
		case <-a.stop:
			return
		case <-a.wake:
			if !waiting {
				waiting = true
				timer.Reset(a.o.Delay)
			}
		case <-timer.C:
			err := a.save()
			if waiting = err != nil; waiting {
				timer.Reset(retryDelays * a.o.Delay) // a full disk may not stay full
			}
			a.report(err)
		case done := <-a.flush:
			err := a.save()
			a.report(err)
			done <- err
		}
	}
}

func (a *Autosave) report(err error) {
	if a.o.Report != nil {
		a.o.Report(err)
	}
}

// save writes the document's present state.
func (a *Autosave) save() error {
	if !a.doc.Modified() {
		err := os.Remove(filepath.Join(a.folder, indexName))
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	}
	var settings json.RawMessage
	if a.o.Settings != nil {
		settings = a.o.Settings()
	}
	p := a.doc.Project(settings)
	names := map[any]string{}
	m, err := p.describe(func(_ string, key any, data func() ([]byte, error)) (string, error) {
		name, known := a.names[key]
		if !known {
			var err error
			if name, err = a.put(data); err != nil {
				return "", err
			}
		}
		names[key] = name
		return name, nil
	})
	if err != nil {
		return err
	}
	b, err := json.Marshal(index{manifest: *m, Saved: time.Now()})
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(a.folder, indexName), b); err != nil {
		return err
	}
	a.names = names
	return a.tidy()
}

// put writes one part unless a file of its content is there, and returns its name.
func (a *Autosave) put(data func() ([]byte, error)) (string, error) {
	b, err := data()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	name := partPrefix + hex.EncodeToString(sum[:16])
	if a.present[name] {
		return name, nil
	}
	if err := writeFile(filepath.Join(a.folder, name), b); err != nil {
		return "", err
	}
	a.present[name] = true
	return name, nil
}

// tidy removes the parts that the index does not name.
func (a *Autosave) tidy() error {
	used := map[string]bool{}
	for _, name := range a.names {
		used[name] = true
	}
	for name := range a.present {
		if used[name] {
			continue
		}
		if err := os.Remove(filepath.Join(a.folder, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		delete(a.present, name)
	}
	return nil
}

func writeFile(path string, b []byte) error {
	return file.Write(path, file.Private, func(w io.Writer) error {
		if _, err := w.Write(b); err != nil {
			return fmt.Errorf("document: autosave: %w", err)
		}
		return nil
	})
}
