package update_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/update"
)

// feed is an Atom feed of releases.
func feed(tags ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><link href="https://example.org/releases"/>`)
	for _, tag := range tags {
		fmt.Fprintf(&b, `<entry><title>%s</title><link rel="alternate" type="text/html" href="https://example.org/releases/tag/%s"/></entry>`, tag, tag)
	}
	return b.String() + "</feed>"
}

// serve answers every request with a page and notes what was sent.
func serve(t *testing.T, page string) (address string, sent *[]*http.Request) {
	t.Helper()
	sent = &[]*http.Request{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*sent = append(*sent, r)
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/releases", sent
}

func TestNewer(t *testing.T) {
	for _, c := range []struct {
		tags          []string
		current, want string
	}{
		{[]string{"v0.2.0", "v0.3.0", "v0.1.9"}, "0.2.0", "0.3.0"},
		{[]string{"v0.10.0", "v0.9.0"}, "0.9.5", "0.10.0"},
		{[]string{"v0.2.0"}, "0.2.0", ""},
		{[]string{"v0.2.0"}, "0.3.0", ""},
		{[]string{"v1.0.0-rc1", "nightly"}, "0.2.0", ""},
		{nil, "0.2.0", ""},
	} {
		page, _ := serve(t, feed(c.tags...))
		if got, err := update.Newer(t.Context(), page, c.current, "overpaint/0.2.0"); err != nil || got != c.want {
			t.Errorf("%v after %s: %q, %v; want %q", c.tags, c.current, got, err, c.want)
		}
	}
}

// TestNothingElseIsSent reads the request: an address and the User-Agent.
func TestNothingElseIsSent(t *testing.T) {
	page, sent := serve(t, feed("v0.3.0"))
	if _, err := update.Newer(t.Context(), page, "0.2.0", "overpaint/0.2.0"); err != nil {
		t.Fatal(err)
	}
	if len(*sent) != 1 {
		t.Fatalf("%d requests", len(*sent))
	}
	r := (*sent)[0]
	if r.Method != http.MethodGet || r.URL.String() != "/releases.atom" || r.ContentLength != 0 || r.Header.Get("User-Agent") != "overpaint/0.2.0" {
		t.Errorf("%s %s, %d bytes, %q", r.Method, r.URL, r.ContentLength, r.Header.Get("User-Agent"))
	}
	for name := range r.Header {
		if name != "User-Agent" && name != "Accept-Encoding" { // compression is the transport's own
			t.Errorf("%s was sent", name)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, page := range []string{"", "<html><p>Log in</html>", "<feed/>", strings.Repeat("x", 2<<20)} {
		address, _ := serve(t, page)
		if got, err := update.Newer(t.Context(), address, "0.2.0", "a"); err == nil {
			t.Errorf("%.20q: %q", page, got)
		}
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	defer gone.Close()
	if _, err := update.Newer(t.Context(), gone.URL+"/releases", "0.2.0", "a"); err == nil {
		t.Error("a feed that isn't there was read")
	}
}

// TestInsecure asks no address, nor follows one, that others could answer for.
func TestInsecure(t *testing.T) {
	if _, err := update.Newer(t.Context(), "http://192.0.2.1/releases", "0.2.0", "a"); !errors.Is(err, update.ErrInsecure) {
		t.Error(err)
	}
	s := httptest.NewServer(http.RedirectHandler("http://192.0.2.1/releases.atom", http.StatusFound))
	defer s.Close()
	if _, err := update.Newer(t.Context(), s.URL+"/releases", "0.2.0", "a"); !errors.Is(err, update.ErrInsecure) {
		t.Error(err)
	}
}
