package file

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// target is the name that a new file is to get, and what is known of it.
type target struct {
	path    string
	mode    fs.FileMode // of the new file, before the umask
	replace bool        // an existing file may be replaced
	old     fs.FileInfo // of the file that is replaced, or nil
}

// put writes a file and gives it its name.
func put(t target, write func(io.Writer) error) error {
	folder := filepath.Dir(t.path)
	sweepOnce(folder)
	d, err := newDraft(folder, t.mode)
	if err != nil {
		return err
	}
	defer d.discard() // nothing is left to discard once it is published
	buffered := bufio.NewWriterSize(d.f, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if t.old != nil {
		if err := adopt(d.f, t.old); err != nil {
			return err
		}
	}
	if err := d.f.Sync(); err != nil {
		return err
	}
	if err := d.publish(t); err != nil {
		return err
	}
	syncFolder(folder)
	return nil
}

// draft is a file that is being written. Where the system permits it has no name
// until it is published, so that a kill leaves nothing; otherwise it has a
// temporary one, and while its process lives it is locked, by which sweep knows
// that it is not a dead one's.
type draft struct {
	f    *os.File
	name string // the temporary name, or ""
}

func newDraft(folder string, mode fs.FileMode) (*draft, error) {
	f, err := openUnnamed(folder, mode)
	if err == nil {
		_ = lock(f) // no other process has it; a system without locks removes no drafts
		return &draft{f: f}, nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return nil, err
	}
	for {
		name := temporaryName(folder)
		f, err := openDraft(name, mode)
		if err != nil {
			return nil, err
		}
		// A sweep in another process may have been quicker than the lock.
		if err := lock(f); errors.Is(err, ErrLocked) || !named(f) {
			_ = f.Close()
			continue
		}
		return &draft{f, name}, nil
	}
}

// publish gives the draft its name. The lock is kept until then.
func (d *draft) publish(t target) error {
	if !renamesOpen {
		if err := d.f.Close(); err != nil {
			return err
		}
	}
	if !t.replace {
		return d.publishNew(t.path)
	}
	if d.name == "" {
		name := temporaryName(filepath.Dir(t.path))
		if err := linkUnnamed(d.f, name); err != nil {
			return err
		}
		d.name = name
	}
	if err := replace(d.name, t.path); err != nil {
		return err
	}
	d.name = ""
	return nil
}

// publishNew gives the draft a name that isn't taken.
func (d *draft) publishNew(path string) error {
	var err error
	if d.name == "" {
		err = linkUnnamed(d.f, path)
	} else if err = renameNew(d.name, path); err == nil {
		d.name = ""
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %s", ErrExists, path)
	}
	return err
}

// discard closes the draft and removes its temporary name, if it has one.
func (d *draft) discard() {
	if d.name != "" && renamesOpen {
		_ = os.Remove(d.name)
	}
	_ = d.f.Close()
	if d.name != "" && !renamesOpen {
		_ = os.Remove(d.name)
	}
}

// temporary matches the names of drafts.
var temporary = regexp.MustCompile(`^\.overpaint-[a-z2-7]{26}\.tmp$`)

func temporaryName(folder string) string {
	return filepath.Join(folder, ".overpaint-"+strings.ToLower(rand.Text())+".tmp")
}

// Sweep removes the drafts that killed programs left in a folder, but none that a running
// program is writing. Errors are ignored.
func Sweep(folder string) {
	d, err := os.Open(folder)
	if err != nil {
		return
	}
	defer d.Close()
	for {
		names, err := d.Readdirnames(1000)
		for _, name := range names {
			if temporary.MatchString(name) {
				_, _ = Held(filepath.Join(folder, name))
			}
		}
		if err != nil { // io.EOF
			return
		}
	}
}

// swept are the folders that were swept since the program began.
var swept sync.Map

// sweepOnce sweeps a folder before the first file is written there.
func sweepOnce(folder string) {
	if _, done := swept.LoadOrStore(folder, true); !done {
		Sweep(folder)
	}
}

// syncFolder makes a new name itself survive a power cut. Systems that cannot
// sync a folder (Windows) say so with an error that means nothing here.
func syncFolder(folder string) {
	d, err := os.Open(folder)
	if err != nil {
		return
	}
	_ = d.Sync()
	d.Close()
}

// CheckFolder reports whether a file can be made in a folder, and leaves nothing there.
func CheckFolder(folder string) error {
	d, err := newDraft(folder, Private)
	if err != nil {
		return err
	}
	d.discard()
	return nil
}
