package secret

import (
	"net/http"
	"regexp"
	"strings"
)

// Placeholders in a header's value: KeyWord stands for the connection's key,
// SecretWord for a secret that only this header has (HeaderAccount).
const (
	KeyWord    = "{key}"
	SecretWord = "{secret}"
)

var secretName = regexp.MustCompile(`(?i)auth|key|token|secret|password|passwd|cookie|credential|signature`)

// InHeader reports whether a header holds a secret, judged by its name.
func InHeader(name string) bool { return secretName.MatchString(name) }

// HeaderAccount returns the name under which a Store keeps the secret of a
// connection's own header.
func HeaderAccount(connection, header string) string {
	return connection + " header " + strings.ToLower(header)
}

// SplitHeader returns the secret in a header's value, and the value with
// SecretWord in its place: a scheme before it, as in "Bearer abc", stays. It
// returns the zero Key where the header's name isn't that of a secret, or where
// the value has a placeholder already.
func SplitHeader(name, value string) (Key, string) {
	value = strings.TrimSpace(value)
	if !InHeader(name) || strings.Contains(value, KeyWord) || strings.Contains(value, SecretWord) {
		return Key{}, value
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok || strings.ContainsAny(scheme, "=;,:") || strings.Contains(rest, " ") {
		scheme, rest = "", value
	} else {
		scheme += " "
	}
	if rest == "" {
		return Key{}, value
	}
	return Key{&rest}, scheme + SecretWord
}

// HeaderSecrets returns the secret parts of a header's value, such as what follows
// "Bearer", with own in place of SecretWord. KeyWord isn't among them.
func HeaderSecrets(name, value string, own Key) []Key {
	if !InHeader(name) {
		return nil
	}
	var all []Key
	value = strings.ReplaceAll(value, SecretWord, own.text())
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ;,=\"", r) }) {
		if !strings.Contains(part, KeyWord) {
			all = append(all, New(part))
		}
	}
	return all
}

// FillHeader sets a header to a value with key in place of KeyWord and own in place of
// SecretWord. The zero Key becomes the empty string.
func FillHeader(h http.Header, name, value string, key, own Key) {
	h.Set(name, strings.NewReplacer(KeyWord, key.text(), SecretWord, own.text()).Replace(value))
}

func (k Key) text() string {
	if k.IsZero() {
		return ""
	}
	return *k.value
}
