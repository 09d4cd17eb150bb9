package openai

import (
	"context"
	"errors"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
)

// keys are the secrets by which a service knows who asks.
type keys struct {
	key     secret.Key            // the connection's
	headers map[string]secret.Key // what the connection's own headers hold, by their names
}

// none reports whether nothing is sent by which the service could know who asks.
func (k keys) none() bool { return k.key.IsZero() && len(k.headers) == 0 }

// keys returns the connection's secrets, ready to be put into headers.
func (e *Engine) keys(ctx context.Context) (keys, error) {
	key, err := e.key(ctx)
	if err != nil {
		return keys{}, err
	}
	headers, err := e.headerSecrets(ctx)
	return keys{key, headers}, err
}

// key returns the connection's key. On this machine none is needed: what can't be
// found there is left out.
func (e *Engine) key(ctx context.Context) (secret.Key, error) {
	if e.config.Key == nil {
		return secret.Key{}, nil
	}
	// A keyring may wait for a person.
	k, err := await(ctx, e.config.Key)
	switch {
	case ctx.Err() != nil:
		return k, cancelled(ctx, false)
	case (err != nil || k.IsZero()) && e.config.Connection.OnLoopback():
		return secret.Key{}, nil
	case errors.Is(err, secret.ErrNotFound), err == nil && k.IsZero():
		return k, &api.Error{Kind: api.KindInput, Sentence: sentence("error.key_missing"), Cause: err}
	case err != nil:
		return k, api.AsError(err)
	case !k.Valid():
		return k, &api.Error{Kind: api.KindInput, Sentence: sentence("error.auth_malformed")}
	}
	return k, nil
}

// headerSecrets looks up what the connection's own headers hold in place of
// secret.SecretWord.
func (e *Engine) headerSecrets(ctx context.Context) (map[string]secret.Key, error) {
	var all map[string]secret.Key
	for name, value := range e.config.Connection.Headers {
		if !strings.Contains(value, secret.SecretWord) {
			continue
		}
		own, err := e.headerSecret(ctx, name)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]secret.Key{}
		}
		all[name] = own
	}
	return all, nil
}

func (e *Engine) headerSecret(ctx context.Context, name string) (secret.Key, error) {
	missing := &api.Error{Kind: api.KindInput, Sentence: sentence("error.header_secret_missing", "Header", name)}
	if e.config.Secret == nil {
		return secret.Key{}, missing
	}
	own, err := await(ctx, func(ctx context.Context) (secret.Key, error) { return e.config.Secret(ctx, name) })
	switch {
	case ctx.Err() != nil:
		return own, cancelled(ctx, false)
	case errors.Is(err, secret.ErrNotFound), err == nil && own.IsZero():
		missing.Cause = err
		return own, missing
	case err != nil:
		return own, api.AsError(err)
	}
	return own, nil
}
