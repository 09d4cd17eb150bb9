// Package secret holds the keys of services: a type that shows itself to
// nobody, and a store that looks in the environment and in the system's keyring
// and otherwise remembers for this session alone. No key is ever written to a file.
package secret

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

// hidden is all that a key shows of itself.
const hidden = "***"

// Key is a service's key. Whatever prints, logs or encodes it sees "***"; only
// Authorize and the keyring adapter of this package open it. The zero Key is
// no key. Keys may be copied and used by several goroutines.
type Key struct {
	// A pointer, because fmt prints what unexported fields hold without asking
	// their methods: of a pointer inside a struct it prints the address alone.
	value *string
}

// New returns the key in s. White space around it, a pasted "Bearer " and
// pasted quotation marks are taken away. An empty s is the zero Key.
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

// IsZero reports that there is no key.
func (k Key) IsZero() bool { return k.value == nil }

// Valid reports that the key can be put into a header: visible ASCII alone,
// as every service's keys are. A key with anything else was pasted wrongly.
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
