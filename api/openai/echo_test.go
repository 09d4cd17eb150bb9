package openai_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// dump writes down all that came out of an edit: what a log, a terminal, a window
// and a disk may be given of it.
func dump(r run) string {
	var b bytes.Buffer
	say := func(s api.Sentence) {
		defer text.Use("")
		for _, lang := range text.Languages() {
			text.Use(lang)
			fmt.Fprintln(&b, s.Key, s.Args, text.T(s.Key, s.Args...))
		}
	}
	fmt.Fprintf(&b, "%+v\n%+v\n", r.result, r.quirks)
	if e := r.err; e != nil {
		fmt.Fprintf(&b, "%v\n%+v\n%#v\n%#v\n", e, *e, *e, e.Cause)
		for cause := e.Cause; cause != nil; cause = errors.Unwrap(cause) {
			fmt.Fprintf(&b, "%v\n%+v\n", cause, cause)
		}
		say(e.Text())
	}
	for _, e := range r.events {
		switch v := e.(type) {
		case api.Answer:
			fmt.Fprintf(&b, "%q\n", v.RevisedPrompt)
			b.Write(v.Encoded)
		case api.Notice:
			say(v.Sentence)
		default:
			fmt.Fprintf(&b, "%+v\n", v)
		}
	}
	for _, k := range r.raws {
		fmt.Fprintf(&b, "%+v\n", k.Arrival)
		b.Write(k.Body)
		b.WriteByte('\n')
	}
	return b.String()
}

// TestNoKeyComesThrough sends the key back through every field that a service can
// fill, in every spelling, and looks for it in all that comes out.
func TestNoKeyComesThrough(t *testing.T) {
	good := map[string]int{
		"echo-headers": 2, "echo-answer": 2, "echo-raw": 1, "echo-jpeg": 1, "echo-download": 1,
		"echo-stream": 1, "echo-multipart": 2, "echo-trailer": 2, "echo-models": 2,
	}
	n := 0
	for _, s := range apitest.Scenarios() {
		if !strings.HasPrefix(s.Name, "echo-") {
			continue
		}
		n++
		t.Run(s.Name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(s.Name)
			r := edit(t, t.Context(), relay.URL, small, asking(2))
			if r.result.Got != good[s.Name] {
				t.Errorf("%d pictures came, %d should: %v %v", r.result.Got, good[s.Name], r.err, r.notices)
			}
			if all := dump(r); apitest.Holds(all, apitest.Key) {
				t.Errorf("the key is in %.3000q", all)
			}
			c := settings.Connection{BaseURL: relay.URL, Profile: "classic"}
			e := openai.New(openai.Config{Connection: c, Key: key(apitest.Key)})
			defer e.Close()
			report, err := e.Test(t.Context())
			tested := run{err: api.AsError(err)}
			if all := fmt.Sprintf("%+v %s", report, dump(tested)); apitest.Holds(all, apitest.Key) {
				t.Errorf("the key is in the test's %.3000q", all)
			}
		})
	}
	if n < 20 {
		t.Fatalf("only %d scenarios", n)
	}
}

// TestKeysKeptBefore: what an older version kept with the key in it is scrubbed
// when it is read again.
func TestKeysKeptBefore(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("echo-answer")
	e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL, Profile: "classic"}, Key: key(apitest.Key)})
	defer e.Close()
	body := `{"data":[{"url":"http://` + apitest.Key + `.invalid/x","revised_prompt":"` + apitest.Key + `"}],"usage":{"` + apitest.Key + `":1}}`
	got, err := e.Recover(t.Context(), api.Kept{Body: []byte(body)})
	if all := fmt.Sprintf("%+v", got) + dump(run{err: api.AsError(err)}); err == nil || apitest.Holds(all, apitest.Key) {
		t.Errorf("the key is in %q", all)
	}
}

// TestPasswordsOfProxies are secrets as well, and so is one in the address.
func TestPasswordsOfProxies(t *testing.T) {
	const password = "proxy-password-MARKED"
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("X-Request-Id", q.Header.Get("Proxy-Authorization"))
		w.WriteHeader(407)
		fmt.Fprint(w, password, q.Header.Get("Proxy-Authorization"))
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("me", password)
	for _, base := range []string{"http://example.localhost/v1", "https://example.invalid/v1", "http://me:" + password + "@example.localhost/v1"} {
		for _, proxy := range []string{address.String(), "http://me:" + password + "@127.0.0.1:1", "ftp://me:" + password + "@x"} {
			r := edit(t, t.Context(), base, func(c *openai.Config, _ *api.Request) {
				c.Connection.Proxy, c.Connection.Plain = proxy, true
			})
			if r.err == nil {
				t.Fatal("no error")
			}
			if all := dump(r); apitest.Holds(all, password) {
				t.Errorf("the password is in %q", all)
			}
		}
	}
}

// TestSecretsOfHeaders: what a connection's own headers hold is a secret as well,
// where their name says so.
func TestSecretsOfHeaders(t *testing.T) {
	const word = "a-provider-of-models"
	for name, value := range map[string]string{
		"authorization": "Bearer " + apitest.Key, "x-gateway-api-key": apitest.Key, "cookie": "a=1; session=" + apitest.Key + "; b=2",
	} {
		for _, scenario := range []string{"echo-answer", "echo-error", "echo-headers"} {
			relay := apitest.New(t)
			relay.Use(scenario)
			r := edit(t, t.Context(), relay.URL, func(c *openai.Config, _ *api.Request) {
				c.Connection.Headers = map[string]string{name: value, "x-provider": word}
				if name != "authorization" { // the relay wants its key somewhere
					c.Connection.Headers["authorization"] = "Bearer " + apitest.Key
				}
				c.Key = key("another-key-than-the-header's")
			})
			if all := dump(r); apitest.Holds(all, apitest.Key) {
				t.Errorf("%s, %s: the key is in %.2000q", name, scenario, all)
			}
		}
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"error":{"message":"%s is unknown"}}`, word)
	}))
	defer s.Close()
	r := edit(t, t.Context(), s.URL+"/v1", func(c *openai.Config, _ *api.Request) {
		c.Connection.Headers = map[string]string{"x-provider": word}
	})
	if !strings.Contains(dump(r), word) {
		t.Error("what is no secret was taken out")
	}
}

// TestShortKeysAreWords: what is too short for a secret isn't taken out of texts.
func TestShortKeysAreWords(t *testing.T) {
	relay := apitest.New(t)
	relay.Key = "picture"
	relay.Use("param-content")
	r := edit(t, t.Context(), relay.URL, func(c *openai.Config, _ *api.Request) { c.Key = key("picture") })
	if r.err == nil || r.err.Message != "the picture is blank" {
		t.Errorf("%v", r.err)
	}
}

// TestSecretsInTheDoor has no field of an event or an error that the scrubber
// doesn't know: whoever adds one of text must think of it.
func TestSecretsInTheDoor(t *testing.T) {
	for _, c := range []struct {
		value any
		known []string
	}{
		{api.Answer{}, []string{"Method", "RevisedPrompt"}}, // Method is the built-in engine's alone
		{api.Arrival{}, []string{"ContentType", "RequestID", "Address"}},
		{api.Result{}, []string{"RequestID"}},
		{api.Error{}, []string{"Kind", "Code", "Message", "RequestID", "Address"}},
		{api.Sending{}, nil},
		{api.Sent{}, nil},
		{api.Partial{}, nil},
		{api.Progress{}, []string{"Stage"}},
	} {
		kind, known := reflect.TypeOf(c.value), c.known
		var have []string
		for i := range kind.NumField() {
			if f := kind.Field(i); f.Type.Kind() == reflect.String {
				have = append(have, f.Name)
			}
		}
		if slices.Sort(have); !slices.Equal(have, slices.Sorted(slices.Values(known))) {
			t.Errorf("%v has the texts %v, not %v", kind, have, known)
		}
	}
}
