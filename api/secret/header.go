package secret

import (
	"net/http"
	"regexp"
	"strings"
)

// The words that stand in a header's value for what is kept elsewhere: the
// connection's key, and a secret of this header alone (HeaderAccount).
const (
	KeyWord    = "{key}"
	SecretWord = "{secret}"
)

var secretName = regexp.MustCompile(`(?i)auth|key|token|secret|password|passwd|cookie|credential|signature`)

// InHeader reports that a header holds a secret, by its name.
func InHeader(name string) bool { return secretName.MatchString(name) }

// HeaderAccount returns the name under which a Store keeps the secret of a
// connection's own header.
func HeaderAccount(connection, header string) string {
	return connection + " header " + strings.ToLower(header)
}

// SplitHeader returns the secret in a header's value, and the value with
// SecretWord in its place: a scheme before it, as in "Bearer abc", stays. The
// zero Key says that there is none, by the header's name or since words stand in
// for it already.
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

// HeaderSecrets returns all that is secret in a header's value, in which own stands for
// SecretWord: the parts of it, such as what stands after "Bearer". KeyWord is none.
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

// FillHeader sets a header to a value in which KeyWord stands for key and
// SecretWord for own. Of the zero Key nothing is left.
func FillHeader(h http.Header, name, value string, key, own Key) {
	h.Set(name, strings.NewReplacer(KeyWord, key.text(), SecretWord, own.text()).Replace(value))
}

func (k Key) text() string {
	if k.IsZero() {
		return ""
	}
	return *k.value
}
