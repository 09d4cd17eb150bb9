package openai

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/secret"
)

// scrubber takes the secrets of one edit out of all that comes back: the key, the
// passwords of proxies and the one in the address, and what a header holds by whose
// name it is a secret.
type scrubber struct{ *secret.Scrubber }

// scrubberOf returns what scrubs for an edit's keys.
func (e *Engine) scrubberOf(key keys) scrubber {
	secrets := []secret.Key{key.key}
	add := func(u *url.URL) {
		if u == nil || u.User == nil {
			return
		}
		if p, ok := u.User.Password(); ok {
			secrets = append(secrets, secret.New(p))
		}
	}
	if u, err := parseProxy(e.config.Connection.Proxy); err == nil {
		add(u)
	}
	if u, err := url.Parse(strings.TrimSpace(e.config.Connection.BaseURL)); err == nil {
		add(u)
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		for _, name := range []string{name, strings.ToLower(name)} {
			if u, err := parseProxy(os.Getenv(name)); err == nil {
				add(u)
			}
		}
	}
	for name, value := range e.config.Connection.Headers {
		secrets = append(secrets, secret.HeaderSecrets(name, value, key.headers[name])...)
	}
	return scrubber{secret.NewScrubber(secrets...)}
}

// stars are what is left of a secret where the length had to stay.
var stars = regexp.MustCompile(`\*{3,}`)

// text scrubs what a person may see.
func (s scrubber) text(t string) string {
	if s.Scrubber == nil {
		return t
	}
	return stars.ReplaceAllString(s.String(t), "***")
}

// sentence scrubs what is put into a sentence.
func (s scrubber) sentence(t api.Sentence) api.Sentence {
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		if text, ok := a.(string); ok {
			a = s.text(text)
		}
		args[i] = a
	}
	return api.Sentence{Key: t.Key, Args: args}
}

// event scrubs an event's texts.
func (s scrubber) event(e api.Event) api.Event {
	switch v := e.(type) {
	case api.Answer:
		v.RevisedPrompt = s.text(v.RevisedPrompt)
		return v
	case api.Notice:
		v.Sentence = s.sentence(v.Sentence)
		return v
	}
	return e
}

// arrival scrubs what is kept about an answer.
func (s scrubber) arrival(a api.Arrival) api.Arrival {
	a.ContentType, a.RequestID, a.Address = s.text(a.ContentType), s.text(a.RequestID), s.text(a.Address)
	return a
}

// usage scrubs the names of a service's account.
func (s scrubber) usage(u map[string]int64) map[string]int64 {
	if u == nil {
		return nil
	}
	clean := make(map[string]int64, len(u))
	for name, n := range u {
		clean[trim(s.text(name), 100)] += n
	}
	return clean
}

// result scrubs what is known at an edit's end.
func (s scrubber) result(r api.Result) api.Result {
	r.RequestID, r.Usage = s.text(r.RequestID), s.usage(r.Usage)
	return r
}

// fault scrubs an error, which may be nil; it is an *api.Error then as well.
func (s scrubber) fault(err error) error {
	if err == nil {
		return nil
	}
	e := *api.AsError(err)
	e.Sentence = s.sentence(e.Sentence)
	e.Code, e.Message, e.RequestID, e.Address = s.text(e.Code), s.text(e.Message), s.text(e.RequestID), s.text(e.Address)
	e.Cause = s.Error(e.Cause)
	return &e
}

// response scrubs all of a response but its redirect's address, which may have to
// be followed: headers, trailers, the status text and the body as it arrives.
func (s scrubber) response(resp *http.Response) {
	if s.Scrubber == nil {
		return
	}
	location := resp.Header["Location"]
	resp.Status = s.text(resp.Status)
	if resp.Header = s.Header(resp.Header); location != nil {
		resp.Header["Location"] = location
	}
	resp.Trailer = nil
	resp.Body = struct {
		io.Reader
		io.Closer
	}{s.Reader(resp.Body), resp.Body}
}
