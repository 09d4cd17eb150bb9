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
	// fold makes upper and lower case the same; loose lets line breaks stand
	// between the characters.
	fold, loose bool
	fill        byte
}

// patternsOf returns the ways in which a secret may be written.
func patternsOf(secret string) []pattern {
	all := []pattern{
		{text: []byte(secret), fold: true, fill: '*'},
		{text: []byte(hex.EncodeToString([]byte(secret))), fold: true, loose: true, fill: '*'},
	}
	// Base64 writes three bytes as four characters. Of a secret that begins at
	// byte 0, 1 or 2 of such a group, these are the characters that depend on it
	// alone.
	for before := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
		first := (8*before + 5) / 6
		last := 8 * (before + len(secret)) / 6
		all = append(all, pattern{text: []byte(text[first:last]), loose: true, fill: 'A'})
	}
	return all
}

// partial is how many characters of a secret count where the text breaks off
// within it.
const partial = Shortest

// match tells how many bytes of b the pattern takes from its beginning on, 0 for
// none. more reports that it depends on what comes behind b.
func (p pattern) match(b []byte, last bool) (n int, more bool) {
	for k, want := range p.text {
		if p.fold && !p.loose && k > 0 && n < len(b) && b[n] == 0 {
			n++ // UTF-16, as in EXIF
		}
		for p.loose && k > 0 && n < len(b) {
			c, length, _ := unit(b[n:])
			if c != '\n' && c != '\r' {
				break
			}
			n += length
		}
		if n == len(b) {
			return cut(n, k, last)
		}
		c, length, open := unit(b[n:])
		if open && (!last || k >= partial) {
			return cut(len(b), k, last)
		}
		if !p.same(c, want) {
			// A character that begins an escape may stand for itself.
			if open || length == 1 || !p.same(b[n], want) {
				return 0, false
			}
			length = 1
		}
		n += length
	}
	return n, false
}

// cut judges a text that breaks off after k characters of the pattern.
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
	// The two alphabets of base64.
	return p.fill == 'A' && (c == '-' && want == '+' || c == '_' && want == '/')
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// begin tells a scrubber by which bytes the pattern may begin.
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

// longest is more than the length of any escape: what is longer is none.
const longest = 24

// unit reads the character that b begins with, escaped or not, and the number of
// bytes that it takes. open reports that b ends within what may be an escape.
func unit(b []byte) (c byte, n int, open bool) {
	var ok bool
	switch b[0] {
	case '\\':
		c, n, ok, open = backslash(b)
	case '%':
		c, n, ok, open = percent(b)
	case '&':
		c, n, ok, open = entity(b)
	}
	if ok {
		return c, n, false
	}
	return b[0], 1, open && len(b) < longest
}

// backslash reads an escape of JSON (\u0041, \/) or of source text (\x41). Texts
// that were escaped more than once have more backslashes.
func backslash(b []byte) (c byte, n int, ok, open bool) {
	for n < len(b) && b[n] == '\\' && n < 8 {
		n++
	}
	if n == len(b) {
		return 0, 0, false, true
	}
	digits := 0
	switch b[n] {
	case 'u':
		digits = 4
	case 'x':
		digits = 2
	case 'n':
		return '\n', n + 1, true, false
	case 'r':
		return '\r', n + 1, true, false
	case '/', '"', '\'':
		return b[n], n + 1, true, false
	default:
		return '\\', min(n, 2), true, false
	}
	v, ok, open := number(b[n+1:], digits, 16)
	return byte(v), n + 1 + digits, ok && v < 0x80, open
}

// percent reads %41, and %2541 and longer, which were escaped more than once.
func percent(b []byte) (c byte, n int, ok, open bool) {
	n = 1
	for {
		v, ok, open := number(b[n:], 2, 16)
		if !ok {
			return 0, 0, false, open
		}
		n += 2
		if v != '%' || n > longest-4 {
			return byte(v), n, v < 0x80, false
		}
		if len(b) < n+2 {
			// "%25" at the end: it may go on.
			if _, ok, _ := number(b[n:], len(b)-n, 16); ok || n == len(b) {
				return 0, 0, false, true
			}
		}
		if _, ok, _ := number(b[n:], 2, 16); !ok {
			return '%', n, true, false
		}
	}
}

// named are the characters of keys and of base64 that HTML has names for.
var named = map[string]byte{
	"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "sol": '/', "plus": '+', "equals": '=', "lowbar": '_',
	"period": '.', "colon": ':', "comma": ',', "excl": '!', "num": '#', "dollar": '$', "percnt": '%', "ast": '*',
	"commat": '@', "semi": ';', "quest": '?', "bsol": '\\', "hat": '^', "vert": '|', "lpar": '(', "rpar": ')',
	"NewLine": '\n',
}

// entity reads &#65; &#x41; &lt; and, escaped twice, &amp;#65;.
func entity(b []byte) (c byte, n int, ok, open bool) {
	n = 1
	for n < longest-8 {
		rest := string(b[n:min(len(b), n+8)])
		if len(rest) < 8 && strings.HasPrefix("amp;amp;", rest) {
			return 0, 0, false, true // it may go on
		}
		if !strings.HasPrefix(rest, "amp;#") && rest != "amp;amp;" {
			break
		}
		n += 4
	}
	end := n
	for end < len(b) && end < longest && (b[end] == '#' || b[end] >= '0' && b[end] <= '9' || lower(b[end]) >= 'a' && lower(b[end]) <= 'z') {
		end++
	}
	if end == len(b) {
		return 0, 0, false, true
	}
	name := string(b[n:end])
	if b[end] == ';' {
		end++
	}
	if c, ok := named[name]; ok {
		return c, end, true, false
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
	return byte(v), end, ok && v < 0x80, false
}

// number reads just so many digits. open reports that b has too few, all of them digits.
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

// Is and As look into the error whose text was cleaned.
func (e *scrubbed) Is(target error) bool { return errors.Is(e.inner[0], target) }

// As finds an error of the target's type.
func (e *scrubbed) As(target any) bool { return errors.As(e.inner[0], target) }
