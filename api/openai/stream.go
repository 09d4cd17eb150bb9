package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// event is one event of a stream (server-sent events).
type event struct {
	name string
	data []byte
	raw  []byte // as it came, for keeping
}

// kinds of events.
const (
	otherEvent = iota
	partialEvent
	completedEvent
	errorEvent
	doneEvent
)

// isEvents reports that an answer begins as a stream does.
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

// readEvent reads up to the empty line that ends an event. Events that only
// keep the connection alive are skipped. A line may be as long as the reader
// lets through. The last event is returned even if the stream ends without an empty line.
func readEvent(r *bufio.Reader) (event, error) {
	var e event
	for {
		line, err := r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return event{}, err
		}
		e.raw = append(e.raw, line...)
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			if e.data != nil {
				return e, nil
			}
			if err != nil {
				return event{}, err
			}
			e = event{}
			continue
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "event":
			e.name = string(value)
		case "data":
			if e.data != nil {
				e.data = append(e.data, '\n')
			}
			e.data = append(e.data, value...)
			if e.data == nil {
				e.data = []byte{}
			}
		}
		if err != nil {
			if e.data != nil && json.Valid(bytes.TrimSpace(e.data)) {
				return e, nil
			}
			return event{}, io.ErrUnexpectedEOF
		}
	}
}

// sort tells what an event is, by its name or by the type inside it, and
// returns the fields of its data.
func (e event) sort() (kind int, fields map[string]json.RawMessage) {
	data := bytes.TrimSpace(e.data)
	if string(data) == "[DONE]" {
		return doneEvent, nil
	}
	if json.Unmarshal(data, &fields) != nil {
		if e.name == "error" {
			return errorEvent, nil
		}
		return otherEvent, nil
	}
	name := scalar(fields["type"])
	if name == "" {
		name = e.name
	}
	_, picture := pictureOf(fields)
	switch hasError := len(fields["error"]) > 0 && string(fields["error"]) != "null"; {
	case e.name == "error", name == "error", strings.HasSuffix(name, ".failed"), hasError && !picture:
		return errorEvent, fields
	case strings.Contains(name, "partial_image"):
		return partialEvent, fields
	case strings.HasSuffix(name, "completed") || strings.HasSuffix(name, "succeeded"):
		return completedEvent, fields
	case len(fields["data"]) > 0 || picture:
		return completedEvent, fields // a plain answer, put into a stream
	}
	return otherEvent, fields
}

// complaint reads an error event.
func (e event) complaint() complaint {
	c := readComplaint(bytes.TrimSpace(e.data))
	if c.empty() {
		c.message = string(bytes.TrimSpace(e.data))
	}
	return c
}

// parseEvents reads a stream that is there as a whole: its finished pictures.
func parseEvents(body []byte) parsed {
	var p parsed
	r := bufio.NewReader(bytes.NewReader(body))
	for {
		e, err := readEvent(r)
		if err != nil {
			return p
		}
		switch kind, fields := e.sort(); kind {
		case completedEvent:
			p.items = append(p.items, collect(bytes.TrimSpace(e.data), 0)...)
			if usage := readUsage(fields["usage"]); usage != nil {
				p.usage = usage
			}
		case errorEvent:
			p.complaint = e.complaint()
		case doneEvent:
			return p
		}
	}
}
