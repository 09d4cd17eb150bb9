package openai_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
)

const nameHeader = "Idempotency-Key"

// named has a profile whose service knows requests again.
func named(c *openai.Config, _ *api.Request) {
	c.Profile = c.Connection.Accepts(profile.Builtin())
	c.Profile.IdempotencyHeader = nameHeader
}

// TestRequestsAreNamedOnce: one name for each request, the same when it is sent again,
// another one for another request, and none where the service knows of none.
func TestRequestsAreNamedOnce(t *testing.T) {
	relay := apitest.New(t)
	ask := func(key string, setups ...setup) (names []string) {
		before := len(relay.Requests())
		r := edit(t, t.Context(), relay.URL, append([]setup{large, func(_ *openai.Config, q *api.Request) { q.Key = key }}, setups...)...)
		if r.err != nil {
			t.Fatal(r.err)
		}
		for _, q := range relay.Requests()[before:] {
			names = append(names, q.Header.Get(nameHeader))
		}
		return names
	}
	first, again, other := ask("a", named), ask("a", named), ask("b", named)
	if len(first) != 1 || first[0] == "" || again[0] != first[0] || other[0] == first[0] {
		t.Errorf("named %q, again %q, another %q", first, again, other)
	}
	single := func(c *openai.Config, _ *api.Request) { c.Profile.Single = true }
	three := ask("a", asking(3), named, single)
	if len(three) != 3 || three[0] == three[1] || three[1] == three[2] || three[0] == three[2] {
		t.Errorf("of one edit: %q", three)
	}
	if none := ask("a"); none[0] != "" {
		t.Errorf("a service that knows of none got %q", none)
	}
	if made := ask("", named); made[0] == "" || made[0] == first[0] {
		t.Errorf("without a key: %q", made)
	}
}

// TestNamedRequestsAreNotRepeatedByTheTransport: Go sends a request with such a header once
// more when a connection that was used before is lost, if it can read the body again.
func TestNamedRequestsAreNotRepeatedByTheTransport(t *testing.T) {
	for name, change := range map[string]setup{
		"the profile's": named,
		"the person's own": func(c *openai.Config, _ *api.Request) {
			c.Connection.Headers = map[string]string{"X-Idempotency-Key": "mine"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var w wire
			answers := listen(t, &w)
			var posts atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
				if posts.Add(1) == 1 {
					answers.Config.Handler.ServeHTTP(out, in)
					return
				}
				io.Copy(io.Discard, in.Body)
				conn, _, err := out.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				conn.Close()
			}))
			defer s.Close()
			c := openai.Config{Connection: settings.Connection{ID: "test", BaseURL: s.URL + "/v1", Profile: "classic"}, Key: key(apitest.Key)}
			req := request(256)
			req.N = 1
			change(&c, req)
			e := openai.New(c)
			defer e.Close()
			if _, err := e.Edit(t.Context(), req, &apitest.Recorder{}); err != nil {
				t.Fatal(err)
			}
			_, err := e.Edit(t.Context(), req, &apitest.Recorder{})
			var fault *api.Error
			if !errors.As(err, &fault) || !fault.MayHaveCost() || posts.Load() != 2 {
				t.Errorf("%v after %d requests", err, posts.Load())
			}
		})
	}
}
