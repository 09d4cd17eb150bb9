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
	engine := openai.New(openai.Config{
		Connection: *c,
		Key:        func(context.Context) (secret.Key, error) { return key, nil },
	})
	return &target{engine: engine, close: engine.Close, connection: c}, nil
}
