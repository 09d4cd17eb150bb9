package openai

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// item is one picture of an answer: its file, or the address where it is.
type item struct {
	data    []byte
	url     string
	revised string
}

// taker receives the parts of an answer while it arrives.
type taker struct {
	// limit is how many pictures are taken; more are counted and dropped. A
	// stream that has brought as many as wanted (0: any number) is left there.
	limit, wanted int
	picture       func(item)
	// partial is given previews; nil where they aren't wanted.
	partial func(item)
	// rest, unless nil, is told true while the answer waits for the service to
	// finish something, and false when it moves again.
	rest func(bool)
}

// reading is what is known of an answer when it has ended.
type reading struct {
	given, over int // pictures that were handed out, and those beyond the limit
	usage       map[string]int64
	// complaint is an error that came inside a success.
	complaint complaint
	// page tells that it is a web page, foreign that it is nothing that a service
	// answers.
	page, foreign bool
	// whole tells that the answer had come to its end.
	whole bool
	// err is what the answer broke off with, nil at the end of what was sent.
	err error
}

// readAnswer reads an answer of any known shape as it arrives, and hands out each
// picture as soon as it is whole. It goes by the bytes; the content type decides
// only where they say nothing. White space and a byte order mark before it were
// skipped.
func readAnswer(contentType string, r *bufio.Reader, t taker) reading {
	start, _ := r.Peek(12)
	media, params, _ := mime.ParseMediaType(contentType)
	switch {
	case len(start) == 0:
		_, err := r.Peek(1)
		return reading{whole: errors.Is(err, io.EOF), err: noEOF(err)}
	case isPicture(start):
		return readPicture(r, t)
	case start[0] == '{', start[0] == '[':
		return readJSON(r, t)
	case strings.HasPrefix(media, "multipart/") && params["boundary"] != "":
		return readParts(r, params["boundary"], t)
	case isEvents(start):
		return readEvents(r, t)
	case start[0] == '<':
		return reading{page: true, whole: true, err: discard(r)}
	case strings.HasPrefix(media, "image/"):
		return readPicture(r, t)
	}
	return reading{foreign: true, whole: true, err: discard(r)}
}

// junkBytes is how much is read of what holds no pictures.
const junkBytes = 1 << 20

func discard(r io.Reader) error {
	_, err := io.CopyN(io.Discard, r, junkBytes)
	return noEOF(err)
}

// noEOF returns what a reader broke off with, nil at its end.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// isPicture knows the formats that services answer with by their first bytes.
func isPicture(b []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a"} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return true
		}
	}
	return len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP"
}

// readPicture reads an answer that is a picture itself. One that broke off is
// handed out too: decoding it tells whether anything is missing.
func readPicture(r io.Reader, t taker) reading {
	if t.limit <= 0 {
		return reading{over: 1, whole: true, err: discard(r)}
	}
	data, err := io.ReadAll(r)
	t.picture(item{data: data})
	return reading{given: 1, whole: err == nil, err: err}
}

func readJSON(r *bufio.Reader, t taker) reading {
	p := newPicker(r, t.limit, t.picture)
	err := p.run()
	a := reading{given: p.given, over: p.over, usage: readUsage(p.fields["usage"]), whole: err == nil}
	if a.given == 0 {
		a.complaint = complaintOf(p.fields)
	}
	if errors.Is(err, errSyntax) {
		a.foreign, a.whole = a.given == 0, true
		err = nil
	}
	if err == nil {
		err = discard(r) // the text after it
	}
	a.err = noEOF(err)
	return a
}

func readEvents(r *bufio.Reader, t taker) reading {
	var a reading
	s := &events{r: r, rest: t.rest}
	buffer := bufio.NewReaderSize(nil, 64<<10)
	for (t.wanted == 0 || a.given < t.wanted) && s.next() {
		e := s.read(buffer, t.limit)
		switch e.kind {
		case partialEvent:
			for _, it := range e.items {
				if t.partial != nil {
					t.partial(it)
				}
			}
		case completedEvent:
			for _, it := range e.items {
				if a.given < t.limit {
					a.given++
					t.picture(it)
				} else {
					a.over++
				}
			}
			a.over += e.picker.over
			if usage := readUsage(e.picker.fields["usage"]); usage != nil {
				a.usage = usage
			}
			a.whole = !e.cut
		case errorEvent:
			if a.complaint = complaintOf(e.picker.fields); a.complaint.empty() {
				a.complaint.message = e.text
			}
			a.whole = true
			return a
		case doneEvent:
			a.whole = a.given > 0 // a stream that ends without a picture broke off before it
			return a
		}
		if e.cut {
			break
		}
	}
	a.err = noEOF(s.err)
	return a
}

// readParts reads a multipart answer: each part that is a picture or an answer in itself.
func readParts(r io.Reader, boundary string, t taker) reading {
	var a reading
	in := &sticky{from: r}
	parts := multipart.NewReader(in, boundary)
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			a.whole, a.err = errors.Is(err, io.EOF), in.reason(err)
			return a
		}
		media, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		data, err := io.ReadAll(part)
		if err != nil {
			a.err = in.reason(err)
			return a // broken off inside this part
		}
		if strings.HasPrefix(media, "multipart/") {
			continue
		}
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
			var d decoder
			d.write(data)
			data = d.end()
		}
		content := bufio.NewReader(bytes.NewReader(data))
		if skipSpace(content) != nil {
			continue
		}
		inner := t
		inner.limit, inner.wanted, inner.rest = max(0, t.limit-a.given), 0, nil
		got := readAnswer(media, content, inner)
		a.given += got.given
		a.over += got.over
		if a.usage == nil {
			a.usage = got.usage
		}
		if a.complaint.empty() {
			a.complaint = got.complaint
		}
	}
}

// sticky remembers what a reader broke off with, of which others make errors of
// their own.
type sticky struct {
	from io.Reader
	err  error
}

func (s *sticky) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	s.err = noEOF(err)
	return n, err
}

// reason returns why a reading failed: what the reader broke off with, if it did.
func (s *sticky) reason(err error) error {
	if s.err != nil {
		return s.err
	}
	return noEOF(err)
}
