package service

import (
	"context"
	"reflect"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/builtin"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
)

// engine is a connection's engine, made once and used for all its edits.
type engine struct {
	api.Engine
	connection settings.Connection // as it was when the engine was made
	close      func()
}

// Profile returns what a connection's engine accepts; for an unknown connection that of the
// built-in engine.
func (s *Service) Profile(connection string) api.Profile {
	if c, ok := s.Connection(connection); ok {
		c.Quirks = c.Quirks.At(time.Now())
		return c.Accepts(s.profiles)
	}
	return api.Builtin()
}

// Profiles returns the profiles of all models.
func (s *Service) Profiles() *profile.Set { return s.profiles }

// engine returns the engine of a connection. A new one is made when the connection has
// changed; edits of the old one continue with it.
func (s *Service) engine(id string) (*engine, error) {
	c, ok := s.Connection(id)
	if !ok && id != settings.Builtin {
		return nil, api.InputError("input.connection_gone", "Name", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if e := s.engines[id]; e != nil {
		if sameEngine(e.connection, c) && !e.outdated(c) {
			return e, nil
		}
		e.close()
	}
	e := &engine{Engine: builtin.New(), close: func() {}}
	if ok {
		e = s.newEngine(c, s.keyOf(c.ID))
	}
	s.engines[id] = e
	return e, nil
}

func (s *Service) newEngine(c settings.Connection, key func(context.Context) (secret.Key, error)) *engine {
	id, base, model := c.ID, c.BaseURL, c.Model
	c.Quirks = c.Quirks.At(time.Now())
	e := openai.New(openai.Config{
		Connection: c, Profile: c.Accepts(s.profiles), Key: key, Secret: s.secretOf(id), Free: s.limits, Transport: s.transport, UserAgent: s.agent,
		Learn: func(q settings.Quirks) { s.learn(id, base, model, q) },
	})
	return &engine{Engine: e, connection: c, close: e.Close}
}

// outdated reports whether an engine relies on learnt quirks that the user has deleted
// since.
func (e *engine) outdated(c settings.Connection) bool {
	o, ok := e.Engine.(*openai.Engine)
	return ok && c.Quirks == (settings.Quirks{}) && o.Quirks() != (settings.Quirks{})
}

// sameEngine reports whether two connections make the same engine: they differ only in prices
// and learnt quirks, and the latter don't change what the model accepts
// (settings.Connection.Accepts).
func sameEngine(a, b settings.Connection) bool {
	refuses := func(c settings.Connection) bool { return c.Quirks.At(time.Now()).Mask == settings.MaskRefused }
	if refuses(a) != refuses(b) {
		return false
	}
	for _, c := range []*settings.Connection{&a, &b} {
		c.Name, c.Quirks, c.Others, c.Price, c.Models, c.TimeoutSeconds, c.Parallel = "", settings.Quirks{}, nil, settings.Price{}, nil, 0, 0
		c.User, c.ResponseFormat = "", ""
	}
	return reflect.DeepEqual(a, b)
}

// learn stores what was learnt about a service and a model, unless the connection has another
// address by now.
func (s *Service) learn(id, base, model string, q settings.Quirks) {
	s.mu.Lock()
	if c, ok := s.own[id]; ok {
		c.Learn(model, q)
		s.own[id] = c
	}
	s.mu.Unlock()
	known := func(set *settings.Settings) (*settings.Connection, bool) {
		c, ok := set.Find(id)
		return c, ok && c.ID == id && c.BaseURL == base
	}
	if c, ok := known(s.settings.Current()); !ok || c.Model == model && c.Quirks == q {
		return
	}
	err := s.settings.Update(func(set *settings.Settings) {
		if c, ok := known(set); ok {
			c.Learn(model, q)
		}
	})
	if err != nil { // what isn't remembered is learnt again
		s.log.Warn("settings not saved", "error", err)
	}
}
