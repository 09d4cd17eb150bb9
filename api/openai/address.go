package openai

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/dialect"
	"overpaint.dev/overpaint/api/settings"
)

const modelsPath = "models"

// version matches a last path segment such as "v1" or "v1beta".
var version = regexp.MustCompile(`^v\d+\w*$`)

// base returns the connection's base URL without what people often paste along (the path of
// the edits, a slash at the end).
func (e *Engine) base() (*url.URL, error) {
	typed := strings.TrimSpace(e.config.Connection.BaseURL)
	if typed == "" {
		return nil, api.InputError("error.address_empty")
	}
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Opaque != "" {
		return nil, api.InputError("error.address_bad", "Address", typed)
	}
	if u.Scheme == "http" && !e.config.Connection.Plain && !settings.Loopback(u.Hostname()) {
		return nil, api.InputError("error.address_plain", "Address", shown(u))
	}
	u.Fragment, u.RawFragment, u.RawPath = "", "", ""
	u.Path = strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/"+e.dialect.Path)
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

// addresses returns where an endpoint may be, the likeliest first: what worked before, then
// the base as typed and with or without its version, each without and with a slash at the end.
func (e *Engine) addresses(endpoint string) ([]*url.URL, error) {
	base, err := e.base()
	if err != nil {
		return nil, err
	}
	var paths []string
	if known := e.Quirks().Path; known != "" && !e.foreign(known) {
		if dir, ok := strings.CutSuffix(strings.TrimRight(known, "/"), e.dialect.Path); !ok {
			if endpoint == e.dialect.Path {
				paths = append(paths, known)
			}
		} else if endpoint == e.dialect.Path {
			paths = append(paths, known)
		} else {
			paths = append(paths, dir+endpoint)
		}
	}
	roots := []string{base.Path}
	if last := path.Base("/" + base.Path); version.MatchString(last) {
		roots = append(roots, strings.TrimSuffix(base.Path, "/"+last))
	} else {
		roots = append(roots, base.Path+"/v1")
	}
	for _, end := range []string{"", "/"} {
		for _, root := range roots {
			paths = append(paths, root+"/"+endpoint+end)
		}
	}
	var all []*url.URL
	for i, p := range paths {
		if !slices.Contains(paths[:i], p) {
			u := *base
			u.Path = p
			all = append(all, &u)
		}
	}
	return all, nil
}

// foreign reports whether a path belongs to edits in another dialect, since it was learnt
// before the connection had this one.
func (e *Engine) foreign(known string) bool {
	return slices.ContainsFunc(dialect.All(), func(d dialect.Dialect) bool {
		return d.Path != e.dialect.Path && strings.HasSuffix(strings.TrimRight(known, "/"), "/"+d.Path)
	})
}

// sameOrigin reports whether two addresses have the same scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "" {
			return p
		}
		return map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// shown returns an address as it may be shown, without anything secret.
func shown(u *url.URL) string {
	v := *u
	v.User, v.RawQuery, v.Fragment = nil, "", ""
	return v.String()
}
