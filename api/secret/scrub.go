package secret

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// Shortest is the length, in bytes, below which a secret is not searched for: shorter
// ones are words given to services without keys ("none", "ollama"), which occur in
// ordinary text.
const Shortest = 8

// Scrubber removes secrets from what is kept, shown or logged. It finds each as it is
// (in any case), with any of its characters escaped as in JSON, URLs or HTML, also
// several times over, as UTF-16, as hexadecimal digits, and as base64 of either alphabet
// at any offset within a longer text, with line breaks or without. It doesn't find
// secrets that were compressed or encrypted.
//
// Where the length must stay, each byte of a secret is replaced by "*" or, within base64,
// by "A", so that the text around it can still be decoded; String replaces the whole
// secret by "***". A nil Scrubber finds nothing. A Scrubber may be used by several
// goroutines.
type Scrubber struct {
	patterns []pattern
	// first and pairs hold the single bytes and the pairs with which a match may begin.
	first [256]bool
	pairs [256][256]bool
	// plain holds the characters with which a secret may begin.
	plain [256]bool
}

// NewScrubber returns a scrubber of the given secrets. Zero keys and those shorter
// than Shortest are ignored.
func NewScrubber(keys ...Key) *Scrubber {
	s := &Scrubber{}
	for _, k := range keys {
		if !k.IsZero() && len(*k.value) >= Shortest {
			s.patterns = append(s.patterns, patternsOf(*k.value)...)
		}
	}
	if len(s.patterns) == 0 {
		return nil
	}
	for _, p := range s.patterns {
		p.begin(s)
	}
	return s
}

// next returns the first match in b from place on: its range, and what replaces each of
// its bytes. Without a match, from is where the part of b begins that may become one when
// more text follows. last says that none does: then a match that the end cuts off counts.
func (s *Scrubber) next(b []byte, place int, last bool) (from, to int, fill byte) {
	for i := place; i < len(b); i++ {
		if !s.first[b[i]] || i+1 < len(b) && !s.pairs[b[i]][b[i+1]] {
			continue
		}
		open := false
		if isEscape(b[i]) {
			m := meaningsOf(b[i:], last)
			if open = m.open; !open && !s.plain[b[i]] && m.find(func(c byte) bool { return s.plain[c] }) == 0 {
				continue
			}
		}
		for _, p := range s.patterns {
			n, more := p.match(b[i:], last)
			if n > 0 {
				return i, i + n, p.fill
			}
			open = open || more
		}
		if open && !last {
			return i, i, 0
		}
	}
	return len(b), len(b), 0
}

// String returns text with each secret replaced by "***".
func (s *Scrubber) String(text string) string {
	if s == nil || text == "" {
		return text
	}
	b := []byte(text)
	from, to, _ := s.next(b, 0, true)
	if from == to {
		return text
	}
	var out strings.Builder
	place := 0
	for from < to {
		out.Write(b[place:from])
		out.WriteString(hidden)
		place = to
		from, to, _ = s.next(b, place, true)
	}
	out.Write(b[place:])
	return out.String()
}

// Bytes returns a copy of b, of the same length, with the secrets replaced, or b itself
// where it holds none.
func (s *Scrubber) Bytes(b []byte) []byte {
	if !s.Contains(b) {
		return b
	}
	out := bytes.Clone(b)
	s.replace(out, true)
	return out
}

// Contains reports whether there is a secret in b.
func (s *Scrubber) Contains(b []byte) bool {
	if s == nil {
		return false
	}
	from, to, _ := s.next(b, 0, true)
	return from < to
}

// replace scrubs b in place and returns how many of its bytes are done: the rest may be
// the beginning of a secret.
func (s *Scrubber) replace(b []byte, last bool) (done int) {
	for place := 0; ; {
		from, to, fill := s.next(b, place, last)
		if from == to {
			return from
		}
		for i := from; i < to; i++ {
			b[i] = fill
		}
		place = to
	}
}

// Header returns a copy of h with the secrets removed from names and values.
func (s *Scrubber) Header(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		name = s.String(name)
		for _, v := range values {
			out[name] = append(out[name], s.String(v))
		}
	}
	return out
}

// Error returns an error with the secrets removed from err's text. errors.Is and
// errors.As give the same results as for err. Nil gives nil.
func (s *Scrubber) Error(err error) error {
	if err == nil || s == nil {
		return err
	}
	text := err.Error()
	if clean := s.String(text); clean != text {
		return &scrubbed{clean, []error{err}}
	}
	return err
}

// scrubbed is an error with a cleaned text. It has no Unwrap, which would reveal the
// original text.
type scrubbed struct {
	text  string
	inner []error
}

func (e *scrubbed) Error() string { return e.text }

// Reader returns a reader of r's content, of the same length, with the secrets replaced.
// Bytes that may be the beginning of a secret are held back until the following ones are
// read. An error of r is returned after all that was read before it.
func (s *Scrubber) Reader(r io.Reader) io.Reader {
	if s == nil {
		return r
	}
	return &reader{from: r, by: s}
}

type reader struct {
	from io.Reader
	by   *Scrubber
	buf  []byte // what was read; the part before place has been returned
	// buf[place:ready] is scrubbed and not returned yet; buf[ready:] is not scrubbed.
	place, ready int
	err          error
}

// readSize is how many bytes are read at once.
const readSize = 32 << 10

func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for empty := 0; r.place == r.ready && r.err == nil; empty++ {
		if empty == 100 {
			return 0, io.ErrNoProgress
		}
		if n := r.fill(); n > 0 {
			empty = 0
		}
	}
	if r.place == r.ready {
		return 0, r.err
	}
	n := copy(p, r.buf[r.place:r.ready])
	r.place += n
	return n, nil
}

// fill reads once and scrubs; all that was scrubbed before must have been returned.
func (r *reader) fill() int {
	held := copy(r.buf, r.buf[r.ready:])
	if cap(r.buf) < held+readSize {
		grown := make([]byte, held, 2*held+readSize)
		copy(grown, r.buf[:held])
		r.buf = grown
	}
	n, err := r.from.Read(r.buf[held : held+readSize])
	r.buf, r.err = r.buf[:held+n], err
	r.place, r.ready = 0, r.by.replace(r.buf, err != nil)
	return n
}
