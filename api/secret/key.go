// Package secret holds the API keys of services: a type that is never printed, and a
// store that reads the environment and the system's keyring, and keeps a key in memory
// for the session where neither is available. No key is ever written to a file.
package secret

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

// hidden is what is printed in place of a key.
const hidden = "***"

// Key is a service's key. Whatever prints, logs or encodes it sees "***"; only
// Authorize and the keyring adapter of this package open it. The zero Key is
// no key. Keys may be copied and used by several goroutines.
type Key struct {
	// A pointer, because fmt prints unexported fields without calling their methods,
	// but of a pointer within a struct only the address.
	value *string
}

// New returns the key in s without surrounding white space, quotation marks or a
// "Bearer " that were pasted with it. An empty s gives the zero Key.
func New(s string) Key {
	s = strings.Trim(strings.TrimSpace(s), `"'`)
	if len(s) > 7 && strings.EqualFold(s[:7], "bearer ") {
		s = s[7:]
	}
	if s = strings.TrimSpace(s); s == "" {
		return Key{}
	}
	return Key{&s}
}

// IsZero reports whether k is no key.
func (k Key) IsZero() bool { return k.value == nil }

// Valid reports whether the key can be sent in a header: it may hold only visible
// ASCII, as every service's keys do.
func (k Key) Valid() bool {
	if k.IsZero() {
		return false
	}
	for _, c := range []byte(*k.value) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// Authorize sets the Authorization header. The zero Key leaves h as it is.
func (k Key) Authorize(h http.Header) {
	if !k.IsZero() {
		h.Set("Authorization", "Bearer "+*k.value)
	}
}

// String returns "***".
func (k Key) String() string { return hidden }

// GoString returns "***".
func (k Key) GoString() string { return hidden }

// Format writes "***" whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// LogValue returns "***".
func (k Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON returns "***" as a JSON string.
func (k Key) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText returns "***".
func (k Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }
