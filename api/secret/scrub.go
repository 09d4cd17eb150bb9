package secret

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// Shortest is the length below which a secret is not searched for. Words as
// short as that are what services without keys are given ("none", "ollama"), and
// to take them out of every text would spoil more than it hides.
const Shortest = 8

// Scrubber takes secrets out of what is kept, shown or logged. It finds each in
// plain (whatever its case), with any of its characters escaped as JSON, URLs or
// HTML do, also twice, as UTF-16, as hexadecimal digits, and as base64 of either alphabet at
// any place within a longer text, broken into lines or not. It doesn't find what
// was compressed or encrypted.
//
// Where the length matters, each byte found is replaced by "*" or, within base64,
// by "A", so that what is around it can still be read; in texts for people by
// "***" as a whole. A nil Scrubber finds nothing. Scrubbers may be used by several
// goroutines.
type Scrubber struct {
	patterns []pattern
	// first and pairs tell by which byte, and by which two, a finding may begin.
	first [256]bool
	pairs [256][256]bool
	// plain tells with which characters a secret may begin.
	plain [256]bool
}

// NewScrubber returns a scrubber of some secrets. Zero keys and those shorter
// than Shortest are left out.
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

// next returns the first finding in b from place on: where it begins and ends,
// and what replaces each byte. Without one, from is where the rest of b begins
// that may turn out to be one once more has come; with last nothing will come,
// and then a finding that is cut off counts too.
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

// Bytes returns b with the secrets replaced, of the same length. b is not
// changed; it is returned itself where there is none in it.
func (s *Scrubber) Bytes(b []byte) []byte {
	if !s.Contains(b) {
		return b
	}
	out := bytes.Clone(b)
	s.replace(out, true)
	return out
}

// Contains reports that there is a secret in b.
func (s *Scrubber) Contains(b []byte) bool {
	if s == nil {
		return false
	}
	from, to, _ := s.next(b, 0, true)
	return from < to
}

// replace scrubs b in place and returns how much of it is done: the rest may be
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

// Header returns a copy of h with the secrets taken out of names and values.
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

// Error returns an error with the secrets taken out of its text. errors.Is and
// errors.As find in it what they find in err. Nil gives nil.
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

// scrubbed has no Unwrap, which would give away the text that was cleaned.
type scrubbed struct {
	text  string
	inner []error
}

func (e *scrubbed) Error() string { return e.text }

// Reader returns what r gives with the secrets replaced, of the same length. A
// secret may be torn apart by reads: its beginning is held back until it is clear
// what it is. An error of r comes after all that was read before it.
func (s *Scrubber) Reader(r io.Reader) io.Reader {
	if s == nil {
		return r
	}
	return &reader{from: r, by: s}
}

type reader struct {
	from io.Reader
	by   *Scrubber
	buf  []byte // what was read; returned up to place
	// place is where in buf the rest begins, ready where its unscrubbed part does.
	place, ready int
	err          error
}

// readSize is how much is read at once.
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

// fill reads once, when all that is scrubbed was returned, and scrubs.
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
