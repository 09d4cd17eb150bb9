package history

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"overpaint.dev/overpaint/editor/file"
)

// Reservation is a sum that is reserved for jobs which follow one another, such as the tiles
// of an edit (Entry.Kept), so that no job of any process can use it. It ends with Release, and
// with the process. Its methods are safe for use by several goroutines.
type Reservation struct {
	store    *Store
	path     string
	currency string

	mu       sync.Mutex
	sum      int64
	released bool
}

// reserved is a reservation's file.
type reserved struct {
	Currency string `json:"currency"`
	Sum      int64  `json:"sum"` // in millionths of the currency
}

// NewReservation returns a reservation of 0 in a currency.
func (s *Store) NewReservation(currency string) *Reservation {
	name := s.session + "-" + strings.ToLower(rand.Text())
	return &Reservation{store: s, path: filepath.Join(s.folder, reservedFolder, name), currency: currency}
}

// Release ends the reservation.
func (r *Reservation) Release() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.released = true
	return r.write(0)
}

// kept returns what is kept free; nil keeps nothing.
func (r *Reservation) kept() int64 {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sum
}

// keep makes what is kept free another sum. The store is locked.
func (r *Reservation) keep(sum int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.released {
		return nil
	}
	return r.write(sum)
}

// write puts a sum on the disk, or removes the file where it is 0.
func (r *Reservation) write(sum int64) error {
	if sum == r.sum {
		return nil
	}
	var err error
	if sum == 0 {
		if err = os.Remove(r.path); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	} else {
		err = file.Write(r.path, 0o600, func(w io.Writer) error {
			return json.NewEncoder(w).Encode(reserved{r.currency, sum})
		})
	}
	if err == nil {
		r.sum = sum
	}
	return err
}

// keepAhead makes the reservations of entries reserve what follows these; giveBack undoes it.
// The folder is locked.
func keepAhead(entries []Entry) (giveBack func(), err error) {
	var undo []func()
	giveBack = func() {
		for _, f := range undo {
			f()
		}
	}
	for _, e := range entries {
		if e.Kept == nil {
			continue
		}
		before := e.Kept.kept()
		if err := e.Kept.keep(e.Ahead); err != nil {
			giveBack()
			return nil, err
		}
		undo = append(undo, func() { _ = e.Kept.keep(before) }) // at worst, caps are looked at again
	}
	return giveBack, nil
}

// addReserved adds the reservations of all running programs.
func (s *Store) addReserved(ctx context.Context, sums map[string]int64) error {
	folder := filepath.Join(s.folder, reservedFolder)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		session, _, _ := strings.Cut(e.Name(), "-")
		if temporary(e.Name()) || !s.alive(session) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if errors.Is(err, os.ErrNotExist) {
			continue // released meanwhile
		}
		if err != nil {
			return err
		}
		var one reserved // what is damaged keeps nothing free: each job's own part is looked at all the same
		if json.Unmarshal(data, &one) == nil && one.Sum > 0 {
			sums[one.Currency] += one.Sum
		}
	}
	return nil
}

// reservations removes the reservations of killed programs.
func (t *tidying) reservations() {
	folder := filepath.Join(t.store.folder, reservedFolder)
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		switch session, _, _ := strings.Cut(e.Name(), "-"); {
		case temporary(e.Name()):
			t.remove(filepath.Join(folder, e.Name()), e)
		case !t.store.alive(session):
			_ = os.Remove(filepath.Join(folder, e.Name())) // what stays is tried again on the next start
		}
	}
}
