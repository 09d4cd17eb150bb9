package openai

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/secret"
)

// FuzzError reads what is no success: always an error that can be shown, never
// with the key in it, and never one that is repeated where it may have cost.
func FuzzError(f *testing.F) {
	for _, s := range shapes {
		for _, status := range []int{400, 401, 403, 404, 422, 429, 500, 503} {
			f.Add(status, []byte(s.body), "1")
		}
	}
	f.Add(429, []byte(`sk-MARKED`), "Wed, 21 Oct 2037 07:28:00 GMT")
	f.Add(503, []byte(`{"error":{"message":"sk-MARKED","code":"sk-MARKED"}}`), "1e300")
	key := secret.New("sk-MARKED")
	u := &url.URL{Scheme: "https", Host: "example.com", Path: "/v1/images/edits"}
	kinds := map[api.Kind]bool{}
	for _, k := range apitest.Kinds() {
		kinds[k] = true
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, wait string) {
		if status < 400 || status > 599 {
			return
		}
		d := &edit{scrub: scrubber{secret.NewScrubber(key)}, req: &api.Request{Model: "m"}}
		resp := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {wait}}}
		e := api.AsError(d.scrub.fault(d.refused(resp, body, u).Error))
		if !kinds[e.Kind] || e.Text().Key == "" || e.Status != status {
			t.Fatalf("%+v", e)
		}
		if strings.Contains(e.Error()+e.Code+e.Message, "sk-MARKED") {
			t.Fatalf("the key is in %v", e)
		}
		if n := utf8.RuneCountInString(e.Message); n > messageRunes || !utf8.ValidString(e.Message) || strings.ContainsAny(e.Message, "\r\n\x00") {
			t.Fatalf("the message %q", e.Message)
		}
		if e.Retryable && (e.Kind != api.KindRate || status != 429 && status != 503) || e.RetryAfter < 0 {
			t.Fatalf("%+v", e)
		}
	})
}

// FuzzModels reads lists of models.
func FuzzModels(f *testing.F) {
	for _, s := range []string{`{"object":"list","data":[{"id":"dall-e-2"},{"id":"dall-e-2"}]}`, `{"models":[{"name":"a"},"b"]}`, `["x"]`, `{"data":[]}`, `{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		names, ok := readModels(data)
		if ok && !json.Valid(data) {
			t.Fatal("a list of models in what is no JSON")
		}
		for i, name := range names {
			if name == "" || i > 0 && names[i-1] >= name {
				t.Fatalf("%q", names)
			}
		}
	})
}
