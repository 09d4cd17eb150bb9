// Package plain makes text from outside fit to be shown: names of files and
// connections, prompts that were kept, what services say. Whoever wrote it may
// have meant to mislead or to stall: the order of what is read can be turned
// round, characters can be invisible, and a name can have a million of them.
//
// Text keeps lines, Line makes one. Both cut what is too long, so that laying
// out takes no longer than for what can be read, and show what can't be seen by
// its number, such as ⟨U+202E⟩. What writing needs stays: emoji of several
// parts, variants of characters, the joiners of Arabic and Indic scripts. Both
// give what they gave once more for what they gave.
package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// How many characters are shown at most where no place says how many it has room for.
const (
	MaxLine = 400
	MaxText = 4000
)

const (
	ellipsis = "…"
	// maxRunes is how many code points one character may have: the longest emoji
	// have 10, but marks can be piled up without end.
	maxRunes = 16
	// maxBytes is how many bytes are looked at for each character that is shown.
	maxBytes = 64
)

// Text returns s as text of at most so many characters (grapheme clusters), with
// its line breaks and an ellipsis at the end where it was cut.
func Text(s string, most int) string { return show(s, most, false) }

// Line is Text for a single line: line breaks and runs of spaces become one space.
func Line(s string, most int) string { return show(s, most, true) }

func show(s string, most int, line bool) string {
	if len(s) <= most && simple(s, line) {
		return s
	}
	w := writer{most: max(most, 1), line: line}
	if len(s) > maxBytes*w.most {
		s, w.more = s[:maxBytes*w.most], true
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		s = s[:max(0, len(s)-1)] // the character may have been cut there
	}
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // with U+FFFD for what is no text
	}
	before := rune(0)
	for g := graphemes.FromString(s); g.Next() && !w.full; {
		before = w.cluster(g.Value(), before)
	}
	return w.end()
}

// simple reports that s, in ASCII, shows itself: most text does.
func simple(s string, line bool) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 0x7f || c < ' ' && (line || c != '\n') || line && c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// writer gathers what is shown.
type writer struct {
	most int
	line bool

	out   []string // characters
	space bool     // a space is due before the next character
	more  bool     // there is more than is shown
	full  bool
}

// cluster shows one character of the text, which stands behind the code point
// before, and returns its last code point.
func (w *writer) cluster(g string, before rune) rune {
	switch g {
	case "\n", "\r", "\r\n":
		if w.line {
			w.space = true
		} else {
			w.put("\n")
		}
		return '\n'
	}
	runes := []rune(g)
	if len(runes) > maxRunes {
		runes, w.more = runes[:maxRunes], true
	}
	var kept []rune
	for i, r := range runes {
		if i == 0 && (r == ' ' || r == '\t') { // what follows belongs to it, but is shown alone
			if w.line {
				w.space = true
			} else {
				w.put(" ")
			}
		} else if hidden(runes, i, before) {
			if len(kept) > 0 {
				w.put(string(kept))
				kept = nil
			}
			w.number(r)
		} else {
			kept = append(kept, r)
		}
		before = r
	}
	if len(kept) > 0 {
		w.put(string(kept))
	}
	return before
}

// number shows a code point by its number.
func (w *writer) number(r rune) {
	for _, c := range fmt.Sprintf("⟨U+%04X⟩", r) {
		w.put(string(c))
	}
}

func (w *writer) put(character string) {
	if w.space && len(w.out) > 0 {
		w.out = append(w.out, " ")
	}
	w.space = false
	w.out = append(w.out, character)
	w.full = len(w.out) > w.most
}

func (w *writer) end() string {
	if len(w.out) > w.most || w.more && len(w.out) == w.most {
		w.out, w.more = w.out[:w.most-1], true
	}
	s := strings.Join(w.out, "")
	if w.line {
		s = strings.TrimRight(s, " ")
	}
	if w.more && !strings.HasSuffix(s, ellipsis) {
		s += ellipsis
	}
	return s
}

// Cut returns the beginning of s, at most so many code points, and whether
// anything was cut. It changes nothing else, and cuts no character in two.
func Cut(s string, most int) (string, bool) {
	if utf8.RuneCountInString(s) <= most {
		return s, false
	}
	n, end := 0, 0
	for g := graphemes.FromString(s); g.Next(); {
		if n += utf8.RuneCountInString(g.Value()); n > most {
			break
		}
		end += len(g.Value())
	}
	return s[:end], true
}

// Ends returns where the characters of s end, as byte offsets.
func Ends(s string) []int {
	ends := make([]int, 0, len(s))
	end := 0
	for g := graphemes.FromString(s); g.Next(); {
		end += len(g.Value())
		ends = append(ends, end)
	}
	return ends
}

// hidden reports that the i-th code point of a character can't be seen, and that
// writing doesn't need it there. before is what stands before it.
func hidden(character []rune, i int, before rune) bool {
	r := character[i]
	switch {
	case unicode.Is(unicode.Cc, r), r == 0x2028, r == 0x2029:
		return true
	case r == zeroWidthNonJoiner:
		return !unicode.In(before, joined...)
	case r == zeroWidthJoiner:
		return !unicode.In(before, joined...) && !(i > 0 && i+1 < len(character) && !unicode.In(character[i+1], unicode.M, unicode.Cf))
	case unicode.Is(unicode.Variation_Selector, r):
		return !selects(r, before)
	case r >= 0xe0020 && r <= 0xe007f:
		return !isFlag(character)
	case unicode.Is(unicode.Cf, r):
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r) // numbers' signs, which are seen
	}
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

const (
	zeroWidthNonJoiner = 0x200c
	zeroWidthJoiner    = 0x200d
)

// joined are the scripts whose letters joiners act upon.
var joined = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
	unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
	unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Balinese, unicode.Javanese,
}

// selects reports that a variation selector may stand behind a code point
// (Unicode's StandardizedVariants and emoji-variation-sequences; ideographic
// variants).
func selects(selector, before rune) bool {
	switch {
	case selector == 0xfe0e || selector == 0xfe0f: // as text, as an emoji
		return unicode.In(before, unicode.S, unicode.Po, unicode.Pd, unicode.Nd, unicode.Han)
	case selector >= 0xfe00 && selector <= 0xfe0d:
		return unicode.In(before, unicode.Sm, unicode.So, unicode.Lo, unicode.Nd, unicode.Po)
	case selector >= 0xe0100:
		return unicode.Is(unicode.Han, before)
	}
	return unicode.Is(unicode.Mongolian, before)
}

// isFlag reports that a character is the flag of a part of a country: a black flag,
// the part's code in tags, and the tag that ends it.
func isFlag(character []rune) bool {
	if len(character) < 5 || len(character) > 8 || character[0] != 0x1f3f4 || character[len(character)-1] != 0xe007f {
		return false
	}
	for _, r := range character[1 : len(character)-1] {
		if c := r - 0xe0000; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
