package cli

import (
	"context"
	"errors"

	"overpaint/api"
	"overpaint/api/openai"
	"overpaint/api/secret"
	"overpaint/api/settings"
)

// service returns the engine of a connection. Its key is found first: without
// one nothing can be sent.
func service(ctx context.Context, c *settings.Connection) (*target, error) {
	key, _, err := secret.NewStore(secret.Options{}).Get(ctx, c.ID)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, secret.ErrNotFound) || err == nil && key.IsZero() {
		return nil, &api.Error{Kind: api.KindInput, Sentence: api.Sentence{Key: "input.key_missing", Args: []any{"Connection", c.Name}}, Cause: err}
	}
	if err != nil {
		return nil, api.AsError(err)
	}
	e := openai.New(openai.Config{
		Connection: *c,
		Key:        func(context.Context) (secret.Key, error) { return key, nil },
		Learn:      func(q settings.Quirks) { remember(c.ID, q) },
	})
	return &target{engine: e, close: e.Close, connection: c}, nil
}

// remember puts what was learnt about a service into the saved connection, if
// it is one. The settings are read anew: the window may have changed them.
func remember(id string, q settings.Quirks) {
	// What isn't remembered is learnt again.
	_ = settings.OpenDefault().Update(func(s *settings.Settings) {
		if c, ok := s.Find(id); ok && c.ID == id {
			c.Quirks = q
		}
	})
}
