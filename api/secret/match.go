package secret

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// pattern is one way in which a secret may be written: a sequence of characters,
// each of which may be escaped.
type pattern struct {
	text []byte
	// fold ignores case; loose allows line breaks between the characters.
	fold, loose bool
	fill        byte
}

// patternsOf returns the ways in which a secret may be written.
func patternsOf(secret string) []pattern {
	all := []pattern{
		{text: []byte(secret), fold: true, fill: '*'},
		{text: []byte(hex.EncodeToString([]byte(secret))), fold: true, loose: true, fill: '*'},
	}
	// Base64 writes three bytes as four characters. For a secret that begins at
	// byte 0, 1 or 2 of such a group, these are the characters that depend only on
	// the secret.
	wide := strings.Join(strings.Split(secret, ""), "\x00") // UTF-16, as in EXIF
	for _, secret := range []string{secret, wide} {
		for before := range 3 {
			text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
			first := (8*before + 5) / 6
			last := 8 * (before + len(secret)) / 6
			all = append(all, pattern{text: []byte(text[first:last]), loose: true, fill: 'A'})
		}
	}
	return all
}

// partial is how many characters of a secret must match where the text ends within it.
const partial = Shortest

// breaks is the largest number of line-break characters between two characters of a secret.
const breaks = 4

// match returns the length of the pattern's match at the beginning of b, 0 for none.
// more reports that the result depends on what follows b; last says that nothing does.
func (p pattern) match(b []byte, last bool) (n int, more bool) {
	for k, want := range p.text {
		if k > 0 {
			n += p.between(b[n:], last)
		}
		if n == len(b) {
			return cut(n, k, last)
		}
		if c := b[n]; p.same(c, want) {
			n++
			continue
		} else if !isEscape(c) {
			return 0, false
		}
		m := meaningsOf(b[n:], last)
		length := m.find(func(c byte) bool { return p.same(c, want) })
		switch {
		case length > 0:
			n += length
		case m.open:
			return cut(len(b), k, last)
		default:
			return 0, false
		}
	}
	return n, false
}

// between returns how many bytes at the beginning of b may be skipped between two
// characters.
func (p pattern) between(b []byte, last bool) (n int) {
	if p.fold && !p.loose && len(b) > 0 && b[0] == 0 {
		return 1 // UTF-16, as in EXIF
	}
	for skipped := 0; p.loose && skipped < breaks && n < len(b); skipped++ {
		if b[n] == '\n' || b[n] == '\r' {
			n++
			continue
		}
		if !isEscape(b[n]) {
			break
		}
		m := meaningsOf(b[n:], last)
		length := m.find(func(c byte) bool { return c == '\n' || c == '\r' })
		if length == 0 {
			// An unfinished escape may also be the next character.
			break
		}
		n += length
	}
	return n
}

// cut returns match's result for a text that ends at byte n, after k characters of the
// pattern.
func cut(n, k int, last bool) (int, bool) {
	if !last {
		return 0, true
	}
	if k >= partial {
		return n, false
	}
	return 0, false
}

func (p pattern) same(c, want byte) bool {
	if c == want {
		return true
	}
	if p.fold {
		return lower(c) == lower(want)
	}
	// The standard and the URL alphabet of base64.
	return p.fill == 'A' && (c == '-' && want == '+' || c == '_' && want == '/')
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// begin adds to a scrubber's tables the bytes with which the pattern may begin.
func (p pattern) begin(s *Scrubber) {
	escapes := []byte(`\%&`)
	spellings := func(want byte) []byte {
		var all []byte
		for c := range 256 {
			if p.same(byte(c), want) {
				all = append(all, byte(c))
			}
		}
		return all
	}
	seconds := append(spellings(p.text[1]), escapes...)
	if p.fold && !p.loose {
		seconds = append(seconds, 0)
	}
	if p.loose {
		seconds = append(seconds, '\r', '\n')
	}
	for _, a := range spellings(p.text[0]) {
		s.plain[a] = true
	}
	for _, a := range append(spellings(p.text[0]), escapes...) {
		s.first[a] = true
		for _, b := range seconds {
			s.pairs[a][b] = true
		}
	}
	for a, follow := range map[byte]string{
		'\\': `\ux/"'`, '%': "0123456789abcdefABCDEF", '&': "#abcdefghijklmnopqrstuvwxyz",
	} {
		for _, b := range []byte(follow) {
			s.pairs[a][b] = true
		}
	}
}

// layers is how many times a text may have been escaped, window the largest number of
// bytes of a character after that.
const layers, window = 5, 96

func isEscape(c byte) bool { return c == '\\' || c == '%' || c == '&' }

// meanings are the characters that the escape at the beginning of a text may stand for:
// decoded once, twice, and so on.
type meanings struct {
	chars, lengths [layers]int
	count          int
	// open is true where the text ends within what may be an escape.
	open bool
}

// find returns the length in bytes of the first meaning that is wanted, 0 for none.
func (m *meanings) find(wanted func(byte) bool) int {
	for i := range m.count {
		if wanted(byte(m.chars[i])) {
			return m.lengths[i]
		}
	}
	return 0
}

// meaningsOf undoes escapes at the beginning of b, layer by layer.
func meaningsOf(b []byte, last bool) (m meanings) {
	if !isEscape(b[0]) {
		return m
	}
	t := layer{n: min(len(b), window)}
	copy(t.chars[:], b[:t.n])
	for i := range t.n {
		t.ends[i] = uint8(i + 1)
	}
	more := !last && len(b) < window
	for m.count < layers {
		c, n, ok, open := escape(t.chars[:t.n])
		if !ok {
			m.open = open && (more || last && len(b) < window)
			return m
		}
		m.chars[m.count], m.lengths[m.count] = int(c), int(t.ends[n-1])
		m.count++
		if !isEscape(c) {
			return m
		}
		t.decode(more)
	}
	return m
}

// layer is the beginning of a text, and where in the original each of its
// characters ends.
type layer struct {
	chars [window]byte
	ends  [window]uint8
	n     int
}

// decode undoes one layer of escapes. With more, it stops at an escape that may be
// incomplete.
func (t *layer) decode(more bool) {
	out := 0
	for i := 0; i < t.n; out++ {
		c, n := t.chars[i], 1
		if isEscape(c) {
			meant, length, ok, open := escape(t.chars[i:t.n])
			if ok {
				c, n = meant, length
			} else if open && more {
				break
			}
		}
		i += n
		t.chars[out], t.ends[out] = c, t.ends[i-1]
	}
	t.n = out
}

// escape decodes the escape at the beginning of b, which is n bytes long. open reports
// that b ends within what may be one.
func escape(b []byte) (c byte, n int, ok, open bool) {
	switch b[0] {
	case '\\':
		return backslash(b)
	case '%':
		v, ok, open := number(b[1:], 2, 16)
		return byte(v), 3, ok && v < 0x80, open
	}
	return entity(b)
}

// backslash reads an escape of JSON (\u0041, \/) or of source text (\x41).
func backslash(b []byte) (c byte, n int, ok, open bool) {
	if len(b) == 1 {
		return 0, 0, false, true
	}
	digits := 0
	switch b[1] {
	case 'u':
		digits = 4
	case 'x':
		digits = 2
	case 'n':
		return '\n', 2, true, false
	case 'r':
		return '\r', 2, true, false
	case '/', '"', '\'', '\\':
		return b[1], 2, true, false
	}
	v, ok, open := number(b[2:], digits, 16)
	return byte(v), 2 + digits, ok && v < 0x80, open
}

// named are the characters of keys and of base64 that HTML has names for.
var named = map[string]byte{
	"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "sol": '/', "plus": '+', "equals": '=', "lowbar": '_',
	"period": '.', "colon": ':', "comma": ',', "excl": '!', "num": '#', "dollar": '$', "percnt": '%', "ast": '*',
	"commat": '@', "semi": ';', "quest": '?', "bsol": '\\', "hat": '^', "vert": '|', "lpar": '(', "rpar": ')',
	"NewLine": '\n',
}

// longestName is more than the length of any entity that is read.
const longestName = 16

// entity reads &#65; &#x41; and &lt;.
func entity(b []byte) (c byte, n int, ok, open bool) {
	n = 1
	for n < len(b) && n < longestName && inEntity(b[n]) {
		n++
	}
	if n == len(b) && n < longestName {
		return 0, 0, false, true
	}
	name := string(b[1:n])
	if n < len(b) && b[n] == ';' {
		n++
	}
	if c, ok := named[name]; ok {
		return c, n, true, false
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return 0, 0, false, false
	}
	base := 10
	if rest, ok := strings.CutPrefix(strings.ToLower(digits), "x"); ok {
		digits, base = rest, 16
	}
	v, ok, _ := number([]byte(digits), len(digits), base)
	return byte(v), n, ok && v < 0x80, false
}

// inEntity reports whether a byte may stand in an entity, between its & and its ;.
func inEntity(b byte) bool {
	return b == '#' || b >= '0' && b <= '9' || lower(b) >= 'a' && lower(b) <= 'z'
}

// number reads exactly so many digits in a base. open reports that b ends before that.
func number(b []byte, digits, base int) (v int, ok, open bool) {
	for i := range digits {
		if i == len(b) {
			return 0, false, true
		}
		d := 99
		switch c := lower(b[i]); {
		case c >= '0' && c <= '9':
			d = int(c - '0')
		case c >= 'a' && c <= 'f':
			d = int(c-'a') + 10
		}
		if d >= base || v > 1<<20 {
			return 0, false, false
		}
		v = v*base + d
	}
	return v, digits > 0, false
}

// Is reports whether the error whose text was cleaned matches target, as errors.Is does.
func (e *scrubbed) Is(target error) bool { return errors.Is(e.inner[0], target) }

// As finds an error of the target's type in the error whose text was cleaned.
func (e *scrubbed) As(target any) bool { return errors.As(e.inner[0], target) }
