package cli

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"overpaint/api"
	"overpaint/api/builtin"
	"overpaint/api/settings"
)

// target is the engine of this run.
type target struct {
	engine api.Engine
	close  func()
	// connection is nil for the built-in engine.
	connection *settings.Connection
}

// name is what the person knows the engine by.
func (t *target) name() string {
	if t.connection == nil {
		return settings.Builtin
	}
	return t.connection.Name
}

func (t *target) id() string {
	if t.connection == nil {
		return settings.Builtin
	}
	return t.connection.ID
}

func (t *target) timeout() time.Duration {
	if t.connection == nil {
		return 0
	}
	return time.Duration(t.connection.TimeoutSeconds) * time.Second
}

// choose returns the engine that the flags name.
func choose(ctx context.Context, f *flags, s *settings.Settings) (*target, error) {
	c, err := connection(f, s)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return &target{engine: builtin.New(), close: func() {}}, nil
	}
	return service(ctx, c)
}

// connection returns the connection that the flags name, as changed by them,
// or nil for the built-in engine.
func connection(f *flags, s *settings.Settings) (*settings.Connection, error) {
	if f.given["base-url"] {
		if f.given["engine"] {
			return nil, api.InputError("cli.flags_both", "First", "-engine", "Second", "-base-url")
		}
		return ownConnection(f, s)
	}
	if strings.EqualFold(f.engine, settings.Builtin) {
		if f.given["model"] {
			return nil, api.InputError("cli.model_alone")
		}
		return nil, nil
	}
	found, ok := s.Find(f.engine)
	if !ok {
		names := []string{settings.Builtin}
		for _, c := range s.Connections {
			names = append(names, c.Name)
		}
		return nil, api.InputError("input.engine", "Name", f.engine, "Names", strings.Join(names, ", "))
	}
	c := *found
	if f.given["model"] {
		c.SetModel(f.model)
	}
	return &c, nil
}

// ownConnection returns the connection for this run alone. Where a saved one
// has the same base URL, its key, its profile and what was learnt are used.
func ownConnection(f *flags, s *settings.Settings) (*settings.Connection, error) {
	u, err := url.Parse(f.baseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, api.InputError("error.address_bad", "Address", f.baseURL)
	}
	c := settings.Connection{ID: u.Host, Name: u.Host, Profile: settings.GuessProfile(f.model)}
	for _, saved := range s.Connections {
		if strings.TrimRight(saved.BaseURL, "/") == strings.TrimRight(f.baseURL, "/") {
			c = saved
			if f.model != saved.Model && settings.GuessProfile(f.model) != settings.GuessProfile(saved.Model) {
				c.Profile = settings.GuessProfile(f.model)
			}
			break
		}
	}
	c.BaseURL, c.Model = f.baseURL, f.model
	c.Name = cmp.Or(c.Name, u.Host)
	return &c, nil
}
