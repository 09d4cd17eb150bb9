package service

import (
	"context"

	"overpaint/api"
	"overpaint/api/openai"
	"overpaint/api/secret"
	"overpaint/api/settings"
)

// Report is what a test or a probe of a connection found out.
type Report struct {
	// Models are the names that the service offers, nil where it has no list.
	Models []string
	// Lines say in words what was found out.
	Lines []api.Sentence
	// Quirks is what is known about the service by now.
	Quirks settings.Quirks
}

// Test tries a connection as it is given, which need not be saved, without any
// cost. key is used where it isn't zero, else the one that is kept.
func (s *Service) Test(ctx context.Context, c settings.Connection, key secret.Key) (Report, error) {
	e, done := s.trial(c, key)
	defer done()
	ctx, cancel := s.within(ctx)
	defer cancel()
	r, err := e.Test(ctx)
	return Report{r.Models, r.Lines, e.Quirks()}, err
}

// Probe tries a connection like Test and then by a real edit of so many test
// pictures (1 or 2), which may cost what they cost; the person has to be asked
// first. It learns how the service takes pictures, masks and options. With an
// error too, Models are good.
func (s *Service) Probe(ctx context.Context, c settings.Connection, key secret.Key, pictures int) (Report, error) {
	e, done := s.trial(c, key)
	defer done()
	ctx, cancel := s.within(ctx)
	defer cancel()
	tested, err := e.Test(ctx)
	if err != nil {
		return Report{}, err
	}
	r, err := e.Probe(ctx, pictures)
	return Report{tested.Models, r.Lines, e.Quirks()}, err
}

// Models asks a saved connection's service for the names of its models, which
// costs nothing, and keeps them. No names are no error.
func (s *Service) Models(ctx context.Context, connection string) ([]string, error) {
	c, ok := s.Connection(connection)
	if !ok {
		return nil, nil
	}
	e, done := s.trial(c, secret.Key{})
	defer done()
	ctx, cancel := s.within(ctx)
	defer cancel()
	models, err := e.Models(ctx)
	if err != nil || len(models) == 0 {
		return nil, err
	}
	return models, s.settings.Update(func(set *settings.Settings) {
		if now, ok := set.Find(c.ID); ok && now.ID == c.ID && now.BaseURL == c.BaseURL {
			now.SetModels(models)
		}
	})
}

// trial makes an engine for one call.
func (s *Service) trial(c settings.Connection, key secret.Key) (e *openai.Engine, done func()) {
	find := s.keyOf(c.ID)
	if !key.IsZero() {
		find = func(context.Context) (secret.Key, error) { return key, nil }
	}
	made := openai.New(openai.Config{Connection: c, Key: find, Limits: s.limits, Transport: s.transport})
	return made, made.Close
}
