package service

import (
	"context"
	"errors"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
)

// keyOf returns a function that looks up a connection's key.
func (s *Service) keyOf(connection string) func(context.Context) (secret.Key, error) {
	return func(ctx context.Context) (secret.Key, error) {
		s.hideHeaders(ctx, connection)
		key, _, err := s.keys.Get(ctx, connection)
		return key, err
	}
}

// KeyState says where a connection's key is.
type KeyState struct {
	// From is where the key was found; FromNowhere where there is none.
	From secret.Source
	// Keyring reports whether there is a keyring that stores keys beyond this session.
	Keyring bool
	// Locked reports whether there is a keyring that did not answer: it may be locked, and may
	// have a key.
	Locked bool
	// Unneeded reports whether the service needs no key: it runs on this machine.
	Unneeded bool
}

// Missing reports whether the connection needs a key and has none.
func (k KeyState) Missing() bool { return k.From == secret.FromNowhere && !k.Unneeded }

// Fault returns the error that a connection's key is missing, as an *api.Error of KindInput
// that names the connection.
func (k KeyState) Fault(connection string) error {
	if k.Locked {
		return api.InputError("input.keyring_locked", "Connection", connection)
	}
	return api.InputError("input.key_missing", "Connection", connection)
}

// Key returns where a connection's key is. The only error is ctx's.
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

// KeepKey stores a connection's key and returns where.
func (s *Service) KeepKey(ctx context.Context, connection string, key secret.Key) (secret.Source, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	return s.keys.Set(ctx, connection, key)
}

// ForgetKey deletes a connection's key, and the secrets of its own headers. A missing key is
// no error.
func (s *Service) ForgetKey(ctx context.Context, connection string) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	if c, ok := s.Connection(connection); ok {
		s.forgetHeaders(ctx, c)
	}
	return s.keys.Delete(ctx, connection)
}
