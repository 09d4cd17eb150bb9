package secret

import (
	"net/http"
	"strings"
	"testing"
)

// TestSplitHeader splits header values and fills them in again unchanged.
func TestSplitHeader(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"x-portkey-api-key", "pk-123", "{secret}"},
		{"Authorization", "Bearer abc", "Bearer {secret}"},
		{"X-Auth", "Basic dXNlcjpwYXNz", "Basic {secret}"},
		{"Cookie", "a=1; b=2", "{secret}"},
		{"x-token", " abc ", "{secret}"},
		{"x-api-key", "{key}", ""},
		{"x-api-key", "v1 {secret}", ""},
		{"x-api-key", "", ""},
		{"x-provider", "openai", ""},
	} {
		own, value := SplitHeader(c.name, c.value)
		if c.want == "" {
			if !own.IsZero() {
				t.Errorf("%s: %q is a secret", c.name, c.value)
			}
			continue
		}
		if own.IsZero() || value != c.want {
			t.Errorf("%s: %q became %q", c.name, c.value, value)
			continue
		}
		h := http.Header{}
		if FillHeader(h, c.name, value, New("k"), own); h.Get(c.name) != strings.TrimSpace(c.value) {
			t.Errorf("%s: %q came back as %q", c.name, c.value, h.Get(c.name))
		}
	}
}
