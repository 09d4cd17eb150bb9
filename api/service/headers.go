package service

import (
	"context"
	"maps"

	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
)

// hideHeaders moves secrets that were written by hand into the headers of a saved connection
// to the keyring, and leaves secret.SecretWord in their place. Without a keyring that persists
// them they stay where they are.
func (s *Service) hideHeaders(ctx context.Context, id string) {
	c, ok := s.settings.Current().Find(id)
	if !ok || id == settings.Builtin {
		return
	}
	was, hidden := maps.Clone(c.Headers), map[string]string{} // by the header's name, with a word in the secret's place
	for name, value := range was {
		own, words := secret.SplitHeader(name, value)
		if own.IsZero() {
			continue
		}
		account := secret.HeaderAccount(id, name)
		switch from, err := s.keys.Set(ctx, account, own); {
		case err != nil:
			return
		case from == secret.FromKeyring:
			hidden[name] = words
		default:
			// Not even in this session: what the user changes in the file counts.
			_ = s.keys.Delete(ctx, account)
		}
	}
	if len(hidden) == 0 {
		return
	}
	err := s.settings.Update(func(set *settings.Settings) {
		c, ok := set.Find(id)
		if !ok {
			return
		}
		c.Headers = maps.Clone(c.Headers)
		for name, words := range hidden {
			if c.Headers[name] == was[name] {
				c.Headers[name] = words
			}
		}
	})
	if err != nil { // they are taken next time
		s.log.Warn("settings not saved", "error", err)
	}
}

// secretOf returns a function that looks up the secrets of a connection's own headers.
func (s *Service) secretOf(connection string) func(context.Context, string) (secret.Key, error) {
	return func(ctx context.Context, header string) (secret.Key, error) {
		own, _, err := s.keys.Kept(ctx, secret.HeaderAccount(connection, header))
		return own, err
	}
}

// forgetHeaders deletes the secrets of a connection's own headers.
func (s *Service) forgetHeaders(ctx context.Context, c settings.Connection) {
	for name := range c.Headers {
		if secret.InHeader(name) {
			_ = s.keys.Delete(ctx, secret.HeaderAccount(c.ID, name)) // what stays is used by nothing
		}
	}
}
