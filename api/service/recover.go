package service

import (
	"context"
	"errors"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
)

// Recovery is what an earlier run left behind and what became of it.
type Recovery struct {
	// Entries are the history's entries that got an end, the oldest first.
	Entries []int64
	// Pictures counts the variants that are there of them.
	Pictures int
	// Unknown reports that one of them may have been charged without an answer.
	Unknown bool
}

// Recover gives each edit that an earlier run left without an end the one that
// follows from what is on the disk: what had arrived becomes variants. Nothing
// is sent that could cost anything. One edit that can't be recovered is told of
// in the error and does not keep the others from it.
func (s *Service) Recover(ctx context.Context) (Recovery, error) {
	var r Recovery
	ctx, cancel := s.within(ctx)
	defer cancel()
	store, err := s.open()
	if store == nil {
		return r, err
	}
	r.Entries, err = store.Recover(ctx, s.decode)
	for _, id := range r.Entries {
		item, itemErr := store.Item(ctx, id)
		if itemErr != nil {
			err = errors.Join(err, itemErr)
			continue
		}
		r.Pictures += len(item.Variants)
		r.Unknown = r.Unknown || item.Outcome == api.KindUnknown
	}
	s.log.Info("history recovered", "edits", len(r.Entries), "pictures", r.Pictures, "unknown", r.Unknown)
	return r, err
}

// FetchAgain makes variants of the answers that are kept of an entry of the
// history, such as of pictures whose download was cut off. It asks for nothing
// that could cost anything.
func (s *Service) FetchAgain(ctx context.Context, entry int64) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	store, err := s.open()
	if store == nil {
		return err
	}
	return store.Restore(ctx, entry, s.decode)
}

// removedBase stands for the address of a connection that was removed: what an
// answer holds itself can be decoded all the same. RFC 2606 keeps the name from
// ever being anybody's.
const removedBase = "https://removed.invalid"

// decode makes variants of an answer that was kept.
func (s *Service) decode(ctx context.Context, k history.KeptJob, raw api.Kept) (api.Recovered, error) {
	c, ok := s.Connection(k.Connection)
	if !ok {
		c = settings.Connection{ID: k.Connection, BaseURL: removedBase}
	}
	e := s.newEngine(c, s.keyOf(c.ID))
	defer e.close()
	return e.Engine.(*openai.Engine).Recover(ctx, raw)
}
