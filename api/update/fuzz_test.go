package update_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api/update"
)

// FuzzNewer reads what may come instead of a feed: it is an error, no newer release,
// or a version above the program's.
func FuzzNewer(f *testing.F) {
	f.Add([]byte(feed("v0.3.0", "nightly")))
	f.Add([]byte("<html>"))
	var page atomic.Pointer[[]byte]
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(*page.Load()) }))
	f.Cleanup(s.Close)
	version := regexp.MustCompile(`^\d{1,6}\.\d{1,6}\.\d{1,6}$`)
	f.Fuzz(func(t *testing.T, data []byte) {
		page.Store(&data)
		found, err := update.Newer(t.Context(), s.URL+"/releases", "0.2.0", "overpaint/0.2.0")
		if found != "" && (err != nil || !version.MatchString(found) || found == "0.2.0") {
			t.Fatalf("%q, %v", found, err)
		}
	})
}
