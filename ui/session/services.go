package session

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// keyless reports whether a service needs a key and, as far as is known, has none.
func (s *Session) keyless(connection string) bool {
	state, known := s.panel.keys[connection]
	return connection != settings.Builtin && known && state.Missing()
}

// noKey says that a service's key is missing or the keyring is locked.
func (s *Session) noKey(connection, name string) Sentence {
	if s.panel.keys[connection].Locked {
		return say("ui.reason.keyring_locked", "Name", name)
	}
	return say("ui.reason.no_key_of", "Name", name)
}

// checkKeys finds out in the background whether the chosen services have keys. With ask, those
// that have one are asked for their models, which is free, unless these are known.
func (s *Session) checkKeys(ask bool) {
	for _, id := range s.panel.services {
		s.checkKey(id, ask)
	}
}

// checkKey is checkKeys for one service. Answers may arrive out of order, since a keyring may
// wait for its password; an answer that a later one has overtaken is checked again.
func (s *Session) checkKey(id string, ask bool) {
	c, ok := s.service.Connection(id)
	if !ok {
		return
	}
	s.panel.keyAsked++
	number := s.panel.keyAsked
	background(s, func() outcome[service.KeyState] { return result(s.service.Key(s.ctx, id)) }, func(got outcome[service.KeyState]) {
		if number < s.panel.keyAnswered[id] {
			s.checkKey(id, ask)
			return
		}
		if got.err != nil {
			return
		}
		s.panel.keyAnswered[id] = number
		s.panel.keys[id] = got.value
		s.touch(Panel | Status)
		if !got.value.Missing() && ask && len(c.Models) == 0 {
			s.askModels(id)
		}
	})
}

// askModels asks a service for its models. Errors are ignored: the list is a convenience.
func (s *Session) askModels(id string) {
	background(s, func() outcome[[]string] { return result(s.service.Models(s.ctx, id)) }, func(got outcome[[]string]) {
		if got.err != nil {
			s.log.Info("no models", "error", got.err)
		}
		s.touch(Panel)
	})
}

// SettingsChanged tells the session that the settings were changed elsewhere: all that depends
// on them is updated.
func (s *Session) SettingsChanged() {
	defer s.act(everything)()
	s.panel.failed = nil
	s.takeSettings()
	s.checkKeys(true)
	s.askSpent()
	s.plan()
}

// SaveSettings changes the settings, stores the keys of connections in keys and deletes those
// in forget. Where change selects another connection, that is the one to ask.
func (s *Session) SaveSettings(change func(*settings.Settings), keys map[string]secret.Key, forget []string) {
	defer s.act()()
	chosen := ""
	s.changeAfter(func() error {
		return s.keepKeys(keys, forget) // while a connection that is removed still tells what it has
	}, func(set *settings.Settings) {
		before := set.Connection
		change(set)
		if set.Connection != before {
			chosen = set.Connection
		}
	}, func() error {
		if chosen != "" {
			s.post(func() { s.ChooseServices(chosen) })
		}
		return nil
	})
}

// change changes the settings in the background, then calls more there, and updates all that
// depends on them.
func (s *Session) change(change func(*settings.Settings), more func() error) {
	s.changeAfter(nil, change, more)
}

// changeAfter is change, with a function that is called in the background before it too.
func (s *Session) changeAfter(before func() error, change func(*settings.Settings), more func() error) {
	changes := append(s.takePending(), change)
	background(s, func() error {
		var all []error
		if before != nil {
			all = append(all, before())
		}
		all = append(all, s.writeSettings(changes))
		if more != nil {
			all = append(all, more())
		}
		return errors.Join(all...)
	}, func(err error) {
		if err != nil {
			s.fail(err)
		}
		s.SettingsChanged()
		s.wish(Wish{Kind: WishShare})
	})
}

// keepKeys stores and deletes keys. It blocks on the keyring.
func (s *Session) keepKeys(keys map[string]secret.Key, forget []string) error {
	var all []error
	for id, key := range keys {
		from, err := s.service.KeepKey(s.ctx, id, key)
		if all = append(all, err); err == nil && from == secret.FromSession {
			s.post(func() { s.report(say("dialog.key.session")) })
		}
	}
	for _, id := range forget {
		if err := s.service.ForgetKey(s.ctx, id); err != nil {
			s.log.Warn("key not deleted", "error", err)
		}
	}
	return errors.Join(all...)
}

// moveTo sets a connection's address to the one that its service named.
func (s *Session) moveTo(connection, address string) {
	s.change(func(set *settings.Settings) {
		if c, ok := set.Find(connection); ok && c.ID == connection {
			c.SetBaseURL(address)
		}
	}, nil)
}

// referenceError says why a reference picture can't be sent.
func referenceError(r Reference, err error) error {
	name := cmp.Or(r.Name.String(), filepath.Base(r.Path))
	key := "window.reference_gone"
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return job.OpenError(name, err)
	case !r.Name.IsZero():
		key = "window.reference_deleted"
	}
	e := api.InputError(key, "Name", name)
	e.Cause = err
	return e
}
