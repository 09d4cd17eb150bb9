package cli

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// warn reports an error of opening the settings.
func warn(r *report, trouble error) {
	var t interface{ Notice() api.Notice }
	if errors.As(trouble, &t) {
		r.notice(t.Notice().Sentence)
	}
}

// newService opens the service of this run.
func newService(ctx context.Context, set *settings.Store, r *report) *service.Service {
	// The journal is still written when the run is interrupted.
	return service.Open(context.WithoutCancel(ctx), service.Options{
		Settings: set, Profiles: set.Profiles(), UserAgent: UserAgent(), Notify: func(n api.Notice) { r.notice(n.Sentence) },
	})
}

// recoverEarlier closes edits that an earlier run left unfinished, and reports it, before
// anything that costs money is requested.
func recoverEarlier(ctx context.Context, s *service.Service, r *report, connection string) {
	if !s.AtService(connection) {
		return
	}
	found, err := s.Recover(ctx)
	if err != nil && ctx.Err() == nil {
		r.notice(api.Sentence{Key: "notice.not_recovered"})
	}
	tellRecovery(r, found)
}

// tellRecovery reports the outcome of edits that an earlier run left unfinished.
func tellRecovery(r *report, found service.Recovery) {
	if found.Pictures > 0 || found.Unknown {
		r.tell(text.N("cli.recovered", found.Pictures))
	}
	if found.Unknown {
		r.notice(api.Sentence{Key: "notice.recovered_unknown"})
	}
}

// choose returns the ID of the connection that the flags name, with the changes of the flags.
func choose(f *flags, s *service.Service) (string, error) {
	switch {
	case f.given["base-url"] && f.given["engine"]:
		return "", api.InputError("cli.flags_both", "First", "-engine", "Second", "-base-url")
	case f.given["base-url"]:
		c, err := ownConnection(f, s.Settings())
		if err != nil {
			return "", err
		}
		return c.ID, adapt(f, s, c)
	case isBuiltin(f.engine()):
		for _, name := range []string{"model", "profile", "dialect"} {
			if f.given[name] {
				return "", api.InputError("cli.needs_service", "Flag", "-"+name)
			}
		}
		return settings.Builtin, nil
	}
	return chooseSaved(f, s)
}

// chooseSaved chooses one of the connections in the settings.
func chooseSaved(f *flags, s *service.Service) (string, error) {
	set := s.Settings()
	found, ok := set.Find(f.engine())
	if !ok {
		names := []string{settings.Builtin}
		for _, c := range set.Connections {
			names = append(names, c.Name)
		}
		return "", api.InputError("input.engine", "Name", f.engine(), "Names", strings.Join(names, ", "))
	}
	if !f.given["model"] && !f.given["profile"] && !f.given["dialect"] && !f.noMask {
		return found.ID, nil
	}
	c := *found
	if f.given["model"] {
		c.SetModel(f.model)
	}
	return found.ID, adapt(f, s, c)
}

// adapt makes s use a connection with the changes of the flags, for this run only.
func adapt(f *flags, s *service.Service, c settings.Connection) error {
	c.Limits.NoMask = c.Limits.NoMask || f.noMask
	if err := chooseProfile(f, &c, s.Profiles()); err != nil {
		return err
	}
	s.Use(c)
	return nil
}

// chooseProfile sets the profile and the dialect of a connection to those named by flags.
func chooseProfile(f *flags, c *settings.Connection, profiles *profile.Set) error {
	if f.given["dialect"] {
		var ids []string
		for _, d := range dialect.All() {
			ids = append(ids, d.ID)
		}
		if c.Dialect = f.dialect; !slices.Contains(ids, f.dialect) {
			return api.InputError("cli.dialect_unknown", "Name", f.dialect, "Names", strings.Join(ids, ", "))
		}
	}
	if !f.given["profile"] {
		return nil
	}
	if _, ok := profiles.ByID(f.profile); !ok {
		var ids []string
		for _, e := range profiles.List() {
			ids = append(ids, e.ID)
		}
		return api.InputError("cli.profile_unknown", "Name", f.profile, "Names", strings.Join(ids, ", "))
	}
	c.Profile = f.profile
	return nil
}

// ownConnection returns a connection for this run only. Where a saved one has the same base
// URL, its key, its profile and what was learnt about the service are used.
func ownConnection(f *flags, s *settings.Settings) (settings.Connection, error) {
	u, err := url.Parse(f.baseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return settings.Connection{}, api.InputError("error.address_bad", "Address", f.baseURL)
	}
	c := settings.Connection{ID: u.Host, Name: u.Host, Model: f.model}
	for _, saved := range s.Connections {
		if strings.TrimRight(saved.BaseURL, "/") == strings.TrimRight(f.baseURL, "/") {
			c = saved
			break
		}
	}
	c.BaseURL = f.baseURL
	c.SetModel(f.model)
	c.Name = cmp.Or(c.Name, u.Host)
	return c, nil
}
