package cli

import (
	"context"
	"errors"

	"overpaint/api"
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
	return nil, &api.Error{Kind: api.KindLocal, Cause: errors.New("cli: there is no engine for services in this build")}
}
