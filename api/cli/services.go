package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// foundService is a service on this machine, in JSON.
type foundService struct {
	Name    string   `json:"name"`
	BaseURL string   `json:"base_url"`
	Dialect string   `json:"dialect,omitempty"`
	Model   string   `json:"model,omitempty"`
	Models  []string `json:"models,omitempty"`
	// Fit is false where the service can't edit pictures as it is configured now.
	Fit bool `json:"fit"`
	// Connection is the name of the connection to this service, "" for none.
	Connection string `json:"connection,omitempty"`
}

// services is `overpaint services find`: it looks for services on this machine, at the ports
// in o, and with -add saves connections to those that were found.
func services(ctx context.Context, set *settings.Store, args []string, o local.Options, stdout, stderr io.Writer) int {
	asJSON, add := false, false
	switches := map[string]*bool{"json": &asJSON, "add": &add}
	words, err := walk(args, func(o *option) error {
		on, ok := switches[o.name]
		if !ok {
			return o.unknown()
		}
		return o.on(on)
	})
	r := newReport("services", stdout, stderr, asJSON)
	switch {
	case helped(err, "services", stdout):
		return ExitDone
	case err != nil:
		return r.failed(err, false)
	case len(words) != 1 || words[0] != "find":
		return r.failed(api.InputError("cli.services.what"), false)
	}
	found, err := local.Find(ctx, o)
	if err != nil {
		return r.failed(err, false)
	}
	for _, f := range found {
		if err := r.service(f, set, add); err != nil {
			return r.failed(err, true)
		}
	}
	if len(found) == 0 {
		r.say(text.T("cli.services.none"))
	}
	return ExitDone
}

// service prints one service, and saves a connection to it where that is wanted.
func (r *report) service(f local.Found, set *settings.Store, add bool) error {
	c := f.Connection
	known := ""
	for _, saved := range set.Current().Connections {
		if strings.TrimRight(saved.BaseURL, "/") == c.BaseURL {
			known = saved.Name
		}
	}
	key := "cli.services.known"
	switch {
	case f.Unfit:
		key = "cli.services.unfit"
	case known == "" && add:
		for n := 2; ; n++ {
			if _, taken := set.Current().Find(c.Name); !taken {
				break
			}
			c.Name = fmt.Sprintf("%s %d", f.Program, n)
		}
		if err := set.Update(func(s *settings.Settings) { s.Put(c) }); err != nil {
			return err
		}
		key, known = "cli.services.added", c.Name
	case known == "":
		key = ""
	}
	r.object(foundService{Name: f.Program, BaseURL: c.BaseURL, Dialect: c.Dialect, Model: c.Model, Models: c.Models, Fit: !f.Unfit, Connection: known})
	if !r.json && !f.Unfit {
		fmt.Fprintln(r.out, strings.TrimSpace(strings.Join([]string{f.Program, c.BaseURL, c.Model}, "  ")))
	}
	if key != "" {
		r.say(text.T(key, "Name", f.Program, "Address", c.BaseURL, "Connection", known))
	}
	return nil
}
