package service

import (
	"context"
	"errors"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
)

// keyOf returns what looks a connection's key up when it is needed.
func (s *Service) keyOf(connection string) func(context.Context) (secret.Key, error) {
	return func(ctx context.Context) (secret.Key, error) {
		s.hideHeaders(ctx, connection)
		key, _, err := s.keys.Get(ctx, connection)
		return key, err
	}
}

// KeyState tells where a connection's key is.
type KeyState struct {
	// From is where the key was found; FromNowhere where there is none.
	From secret.Source
	// Keyring reports that there is a keyring that keeps keys for longer than
	// this session.
	Keyring bool
	// Locked reports that there is a keyring which did not answer: it may be locked, and
	// may hold a key.
	Locked bool
	// Unneeded reports that the service needs no key: it runs on this machine.
	Unneeded bool
}

// Missing reports that the connection needs a key and has none.
func (k KeyState) Missing() bool { return k.From == secret.FromNowhere && !k.Unneeded }

// Fault says of a connection that the person calls so that its key is Missing, as an
// *api.Error of KindInput.
func (k KeyState) Fault(connection string) error {
	if k.Locked {
		return api.InputError("input.keyring_locked", "Connection", connection)
	}
	return api.InputError("input.key_missing", "Connection", connection)
}

// Key tells where a connection's key is. The error is ctx's alone.
func (s *Service) Key(ctx context.Context, connection string) (KeyState, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	if ctx.Err() != nil {
		return KeyState{}, ctx.Err()
	}
	_, from, err := s.keys.Get(ctx, connection)
	if ctx.Err() != nil {
		return KeyState{}, ctx.Err()
	}
	c, ok := s.Connection(connection)
	return KeyState{From: from, Keyring: !errors.Is(err, secret.ErrNoKeyring), Locked: errors.Is(err, secret.ErrSilent), Unneeded: ok && c.OnLoopback()}, nil
}

// KeepKey keeps a connection's key and tells where.
func (s *Service) KeepKey(ctx context.Context, connection string, key secret.Key) (secret.Source, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	return s.keys.Set(ctx, connection, key)
}

// ForgetKey deletes a connection's key, and what its own headers hold. One that was
// not there is no error.
func (s *Service) ForgetKey(ctx context.Context, connection string) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	if c, ok := s.Connection(connection); ok {
		s.forgetHeaders(ctx, c)
	}
	return s.keys.Delete(ctx, connection)
}
