package service

import (
	"context"
	"errors"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
)

// Recovery is the outcome of Recover.
type Recovery struct {
	// Entries are the history's entries that were completed, the oldest first.
	Entries []int64
	// Pictures is the number of their variants.
	Pictures int
	// Unknown reports whether one of them may have been charged without an answer.
	Unknown bool
}

// Recover completes each edit that an earlier run left unfinished by what is on the disk:
// stored answers become variants. Nothing is sent that could be charged. Edits that can't be
// recovered are named in the error and don't keep the others from it.
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

// FetchAgain makes variants of the stored answers of an entry of the history, for example of
// pictures whose download was cut off. It requests nothing that could be charged.
func (s *Service) FetchAgain(ctx context.Context, entry int64) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	store, err := s.open()
	if store == nil {
		return err
	}
	return store.Restore(ctx, entry, s.decode)
}

// removedBase stands for the address of a removed connection, since answers that hold their
// pictures can still be decoded. RFC 2606 reserves the domain.
const removedBase = "https://removed.invalid"

// decode makes variants of a stored answer.
func (s *Service) decode(ctx context.Context, k history.KeptJob, raw api.Kept) (api.Recovered, error) {
	c, ok := s.Connection(k.Connection)
	if !ok {
		c = settings.Connection{ID: k.Connection, BaseURL: removedBase}
	}
	e := s.newEngine(c, s.keyOf(c.ID))
	defer e.close()
	return e.Engine.(*openai.Engine).Recover(ctx, raw)
}
