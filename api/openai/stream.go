package openai

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// kinds of events.
const (
	otherEvent = iota
	partialEvent
	completedEvent
	errorEvent
	doneEvent
)

// isEvents reports whether an answer begins as a stream does.
func isEvents(b []byte) bool {
	if len(b) > 0 && b[0] == ':' {
		return true
	}
	for _, field := range []string{"data:", "event:", "id:", "retry:"} {
		if bytes.HasPrefix(b, []byte(field)) || len(b) < len(field) && bytes.HasPrefix([]byte(field), b) && len(b) >= 4 {
			return true
		}
	}
	return false
}

// events reads a stream (server-sent events, HTML Living Standard, section 9.2)
// event by event. Of each it gives the data as a reader, because one line of it
// may be many megabytes.
type events struct {
	r *bufio.Reader
	// rest, unless nil, is told before and after waiting for an event.
	rest func(bool)

	name  string // of the event that is read
	lines int    // of data that it had
	state eventState
	err   error // the error that ended the stream; io.EOF at its end
}

type eventState int

const (
	lineStart eventState = iota
	dataLine
	newline // owed between two lines of data
	eventEnd
)

// next goes on to the next event that has data. False means that there is none.
func (s *events) next() bool {
	s.name, s.lines, s.state = "", 0, lineStart
	if s.rest != nil {
		s.rest(true)
		if _, err := s.r.Peek(1); err == nil {
			s.rest(false)
		}
	}
	for s.err == nil && s.lines == 0 {
		if s.line(); s.state == eventEnd { // an event without data
			s.name, s.state = "", lineStart
		}
	}
	return s.lines > 0
}

// cut reports whether the stream broke off within the event, before the empty line
// that ends it.
func (s *events) cut() bool { return s.state != eventEnd }

// Read gives the event's data, with io.EOF at its end.
func (s *events) Read(p []byte) (int, error) {
	for {
		switch {
		case s.state == eventEnd, s.err != nil:
			return 0, io.EOF
		case len(p) == 0:
			return 0, nil
		case s.state == newline:
			p[0], s.state = '\n', dataLine
			return 1, nil
		case s.state == lineStart:
			s.line()
			continue
		}
		if _, err := s.r.Peek(1); err != nil {
			s.err = err
			return 0, io.EOF
		}
		piece, _ := s.r.Peek(s.r.Buffered())
		end := bytes.IndexByte(piece, '\n')
		if end == 0 {
			s.r.Discard(1)
			s.state = lineStart
			continue
		}
		if end > 0 {
			piece = piece[:end]
		}
		n := copy(p, piece)
		s.r.Discard(n)
		return n, nil
	}
}

// line reads the beginning of a line: all of it, unless it is one of data.
func (s *events) line() {
	var b []byte
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			s.err = err
			break
		}
		if c == '\n' {
			break
		}
		if len(b) < 1<<10 {
			b = append(b, c)
		}
		if string(b) == "data:" {
			s.data()
			return
		}
	}
	name, value, _ := strings.Cut(strings.TrimRight(string(b), "\r"), ":")
	switch {
	case name == "event":
		s.name = strings.TrimPrefix(value, " ")
	case name == "data":
		s.lines++
	case name == "" && value == "" && s.err == nil && !bytes.HasPrefix(b, []byte(":")):
		s.state = eventEnd
	}
}

// data begins a line of data: behind the colon and one space.
func (s *events) data() {
	if s.state = dataLine; s.lines > 0 {
		s.state = newline
	}
	s.lines++
	next, err := s.r.Peek(1)
	if err != nil {
		s.err = err
	} else if next[0] == ' ' {
		s.r.Discard(1)
	}
}

// drain reads the event to its end.
func (s *events) drain() { _, _ = io.Copy(io.Discard, struct{ io.Reader }{s}) }

// event is what was read of one event.
type event struct {
	kind   int
	picker *picker
	items  []item
	text   string // the beginning of its data
	cut    bool
}

// headBytes is how much of an event's data is kept to quote from.
const headBytes = 64 << 10

// read reads one event: its pictures are known to be finished or not only when
// its type is, which may stand behind them.
func (s *events) read(buffer *bufio.Reader, limit int) event {
	var e event
	head := &bounded{most: headBytes}
	buffer.Reset(io.TeeReader(s, head))
	e.picker = newPicker(buffer, limit, func(it item) { e.items = append(e.items, it) })
	start, _ := buffer.Peek(6)
	done := string(start) == "[DONE]"
	var err error
	if !done {
		err = e.picker.run()
	}
	_, _ = io.Copy(io.Discard, buffer)
	s.drain()
	e.text, e.cut = string(bytes.TrimSpace(head.Bytes())), s.cut()
	switch {
	case done:
		e.kind = doneEvent
	case errors.Is(err, errSyntax) && s.name == "error":
		e.kind = errorEvent
	case errors.Is(err, errSyntax):
		e.kind, e.items = otherEvent, nil
	default:
		e.kind = e.sort(s.name)
		if e.cut && err != nil && e.kind != completedEvent {
			e.kind, e.items = otherEvent, nil
		}
	}
	return e
}

// sort tells what an event is, by its name or by the type inside it.
func (e *event) sort(name string) int {
	fields := e.picker.fields
	kind := scalar(fields["type"])
	if kind == "" {
		kind = name
	}
	hasError := len(fields["error"]) > 0 && string(fields["error"]) != "null"
	switch {
	case name == "error", kind == "error", strings.HasSuffix(kind, ".failed"), hasError && len(e.items) == 0:
		return errorEvent
	case strings.Contains(kind, "partial_image"), len(fields["partial_image_index"]) > 0:
		return partialEvent
	case strings.HasSuffix(kind, "completed") || strings.HasSuffix(kind, "succeeded"):
		return completedEvent
	case len(e.items) > 0 && kind == "" && e.cut:
		return otherEvent // it may have been a preview
	case len(e.items) > 0:
		return completedEvent // a plain answer, put into a stream
	}
	return otherEvent
}

// bounded keeps the beginning of what is written to it.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
