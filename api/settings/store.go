package settings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"time"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/file"
)

// FileName is the name of the settings' file in its folder.
const FileName = "settings.json"

// ProfilesFolder is the name of the folder beside the settings' file for the user's own
// profiles of models (package profile).
const ProfilesFolder = "profiles"

const (
	// lockName is the lock file that is held while the file is read and written.
	lockName = "settings.lock"
	// lockTime is how long a store waits for another program to write.
	lockTime = 5 * time.Second
	// maxFile is the largest size of the file in bytes.
	maxFile = 16 << 20
	// soon is how long Soon collects changes before they are written.
	soon = 400 * time.Millisecond
)

// Store keeps settings in a folder. A process uses the settings that it loaded, with its
// own changes; it writes only these changes, merged into the file, so that several
// processes don't undo each other's. A Store may be used by any number of goroutines.
type Store struct {
	folder   string
	trouble  error
	profiles *profile.Set
	refused  []error // of files in ProfilesFolder that are no profiles

	mu sync.Mutex
	// now are the settings that this process uses, kept those that it read or wrote
	// last; the difference is still to be written.
	now, kept *Settings
	frozen    error // why nothing is written, or nil
	timer     *time.Timer
}

// Open loads the settings of a folder, which need not exist. It always returns
// a store; Trouble says what went wrong.
func Open(folder string) *Store {
	s := &Store{folder: folder}
	s.profiles, s.refused = profile.Load(os.DirFS(filepath.Join(folder, ProfilesFolder)))
	loaded, trouble := s.load()
	if trouble != nil {
		s.trouble = trouble
		var unreadable *UnreadableError
		if errors.As(trouble, &unreadable) {
			s.frozen = trouble
		}
	}
	s.now, s.kept = loaded, loaded.Clone()
	return s
}

// OpenDefault opens the settings of this person on this machine (Dirs).
func OpenDefault() *Store {
	dirs, err := Dirs()
	if err != nil {
		trouble := &UnreadableError{Path: FileName, Cause: err}
		return &Store{profiles: profile.Builtin(), trouble: trouble, frozen: trouble, now: Default(), kept: Default()}
	}
	return Open(dirs.Config)
}

// Trouble returns the error of opening the settings: a *CorruptError, a *PartError, an
// *UnreadableError or nil.
func (s *Store) Trouble() error { return s.trouble }

// Profiles returns the profiles of models: the built-in ones and the user's in
// ProfilesFolder, as they were when the store was opened.
func (s *Store) Profiles() *profile.Set { return s.profiles }

// RefusedProfiles returns an error, with a sentence for the user, for each file in
// ProfilesFolder that is no valid profile.
func (s *Store) RefusedProfiles() []error { return slices.Clone(s.refused) }

// Current returns a copy of the settings that this process uses.
func (s *Store) Current() *Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.Clone()
}

// Update changes the settings and writes the change to the file, together with earlier
// ones that could not be written. After an error this process still uses the change. The
// error is an *UnreadableError where the file could not be read, and so is never written.
func (s *Store) Update(change func(*Settings)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.now)
	return s.flush()
}

// Soon is Update for changes in quick succession, such as a slider's: they are written
// together a moment later, on another goroutine, or by the next Update. report, which may
// be nil, is called on that goroutine with an error.
func (s *Store) Soon(change func(*Settings), report func(error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.now)
	if s.timer != nil {
		return
	}
	s.timer = time.AfterFunc(soon, func() {
		if err := s.Update(func(*Settings) {}); err != nil && report != nil {
			report(err)
		}
	})
}

// flush writes the settings if they differ from kept.
func (s *Store) flush() error {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if s.frozen != nil {
		return s.frozen
	}
	mine := s.now.Clone()
	if reflect.DeepEqual(mine, s.kept) {
		return nil
	}
	if err := s.write(mine); err != nil {
		return err
	}
	s.kept = mine
	return nil
}

// write merges mine into the file.
func (s *Store) write(mine *Settings) error {
	if err := file.Folder(s.folder); err != nil {
		return err
	}
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	before, err := s.read()
	merged := mine
	var damaged *CorruptError
	switch {
	case errors.As(err, &damaged):
		if _, err := s.setAside(); err != nil {
			return err
		}
	case err != nil:
		return err
	case before != nil:
		merged = Merge(s.kept, mine, before.settings)
	}
	return s.save(merged, before)
}

func (s *Store) save(merged *Settings, before *understood) error {
	raw, err := encode(merged, before)
	if err != nil {
		return err
	}
	return file.Write(s.path(), file.Private, func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}

func (s *Store) path() string { return filepath.Join(s.folder, FileName) }

// lock keeps other processes from reading and writing the file. Where the system has no
// file locks it does nothing, so that settings can still be saved.
func (s *Store) lock() (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lockTime)
	defer cancel()
	l, err := file.WaitLock(ctx, filepath.Join(s.folder, lockName))
	if errors.Is(err, file.ErrLocked) {
		return nil, err
	} else if err != nil {
		return func() {}, nil
	}
	return func() { _ = l.Unlock() }, nil
}

// load reads the settings at the start, and renames or copies a file that can't be decoded.
func (s *Store) load() (*Settings, error) {
	u, err := s.read()
	if err == nil && u == nil {
		return Default(), nil
	}
	if err == nil && (len(u.lost) == 0 || u.version > version) {
		return u.settings, nil // a newer version's file stays as it is
	}
	unreadable := new(UnreadableError)
	if errors.As(err, &unreadable) {
		return Default(), err
	}
	unlock, lockErr := s.lock()
	if lockErr != nil {
		return Default(), &UnreadableError{Path: s.path(), Cause: lockErr}
	}
	defer unlock()
	return s.mend()
}

// mend reads the file again under the lock, and renames or copies one that can't be decoded.
func (s *Store) mend() (*Settings, error) {
	u, err := s.read()
	var damaged *CorruptError
	switch {
	case errors.As(err, &damaged):
		if damaged.Kept, err = s.setAside(); err != nil {
			return Default(), &UnreadableError{Path: s.path(), Cause: err}
		}
		return Default(), damaged
	case err != nil:
		return Default(), err
	case u == nil:
		return Default(), nil
	case len(u.lost) == 0:
		return u.settings, nil // another process has mended it meanwhile
	}
	kept, err := s.copyAside()
	if err == nil {
		err = s.save(u.settings, u)
	}
	if err != nil {
		return u.settings, &UnreadableError{Path: s.path(), Cause: err}
	}
	return u.settings, &PartError{Path: s.path(), Kept: kept, Fields: u.lost}
}

// read decodes the file; the result is nil where there is none. Its errors are
// *UnreadableError and *CorruptError.
func (s *Store) read() (*understood, error) {
	raw, err := file.Read(s.path(), maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, file.ErrTooLong):
		return nil, &CorruptError{Path: s.path(), Cause: err}
	case err != nil:
		return nil, &UnreadableError{Path: s.path(), Cause: err}
	}
	u, err := understand(raw)
	if err != nil {
		return nil, &CorruptError{Path: s.path(), Cause: err}
	}
	return u, nil
}

// aside returns the n-th path to which a damaged file can be renamed.
func (s *Store) aside(n int) string {
	return filepath.Join(s.folder, fmt.Sprintf("settings.damaged-%d.json", n))
}

// setAside renames a damaged file without replacing another, and returns its new path.
func (s *Store) setAside() (kept string, err error) {
	for n := 1; ; n++ {
		kept = s.aside(n)
		if _, err := os.Lstat(kept); errors.Is(err, fs.ErrNotExist) {
			return kept, os.Rename(s.path(), kept) // the lock keeps others away
		} else if err != nil {
			return "", err
		}
	}
}

// copyAside copies the file without replacing another, and returns the copy's path.
func (s *Store) copyAside() (kept string, err error) {
	raw, err := file.Read(s.path(), maxFile)
	if err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		kept = s.aside(n)
		err := file.New(kept, file.Private, func(w io.Writer) error { _, err := w.Write(raw); return err })
		if !errors.Is(err, file.ErrExists) {
			return kept, err
		}
	}
}
