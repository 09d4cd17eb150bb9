package history

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"overpaint.dev/overpaint/editor/file"
)

// variantName is the name of a link among the raw answers to the picture of a
// job's variant, where the journal could not take that it came.
func variantName(id int64, index int) string { return NameOf(id) + "-v" + strconv.Itoa(index) }

// parseVariant returns what the name of such a link says.
func parseVariant(name string) (id int64, index int, ok bool) {
	i := strings.LastIndex(name, "-v")
	if i < 0 {
		return 0, 0, false
	}
	index, err := strconv.Atoi(name[i+2:])
	if err != nil || index < 0 {
		return 0, 0, false
	}
	id, ok = ParseName(name[:i])
	return id, index, ok && variantName(id, index) == name
}

// link gives the picture of a variant a name that says whose it is, so that the next
// start finds it whatever becomes of this one. A name needs no room for data, and can
// often be had where the journal can't be written. Trouble is no matter: it is the
// second way.
func (r *Record) link(index int, hash string) {
	s := r.store
	if os.Link(s.path(hash), s.path(variantName(r.state.ID, index))) == nil {
		_ = syncFolder(s.answersPath())
	}
}

// unlink takes that name away again.
func (r *Record) unlink(index int) { _ = os.Remove(r.store.path(variantName(r.state.ID, index))) }

// linked makes the picture behind a link its job's variant, unless the job has one in
// that place or the user has deleted it, and removes the link.
func (t *tidying) linked(ctx context.Context, id int64, index int, e fs.DirEntry) {
	path := filepath.Join(t.store.answersPath(), e.Name())
	r, err := t.store.openRecord(id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.moveToLost(path, e)
		return
	case err != nil, r.state.Phase != phaseOver && t.store.alive(r.state.Session):
		return
	}
	has := slices.ContainsFunc(r.state.Variants, func(v variant) bool { return v.Index == index })
	if r.state.Phase != phaseDeleted && !has {
		if err := t.name(ctx, r, index, path); err != nil {
			t.store.tell(err, "notice.history_not_repaired", "File", e.Name())
			return
		}
	}
	_ = os.Remove(path)
}

// name writes into the journal that the picture at path is the variant with that index.
func (t *tidying) name(ctx context.Context, r *Record, index int, path string) error {
	data, err := file.Read(path, maxPicture)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	if hash := hex.EncodeToString(sum[:]); slices.Contains(r.state.Removed, hash) {
		return nil
	}
	hash, err := t.store.keep(data)
	if err != nil {
		return err
	}
	t.named[hash] = true
	return r.writeWithin(ctx, event{Event: eventVariant, Variant: &variant{Index: index, File: hash}})
}
