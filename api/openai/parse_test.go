package openai

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// parsed is what slowParse finds in an answer.
type parsed struct {
	items         []item
	usage         map[string]int64
	complaint     complaint
	page, foreign bool
}

// slowParse reads an answer that is in memory as a whole, maybe cut off anywhere.
// It is the plain reference for readAnswer.
func slowParse(contentType string, body []byte) parsed {
	body = bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n")
	media, params, _ := mime.ParseMediaType(contentType)
	switch {
	case len(body) == 0:
		return parsed{}
	case isPicture(body):
		return parsed{items: []item{{data: body}}}
	case body[0] == '{', body[0] == '[':
		return slowJSON(body)
	case strings.HasPrefix(media, "multipart/") && params["boundary"] != "":
		return slowParts(body, params["boundary"])
	case isEvents(body):
		return slowEvents(body)
	case body[0] == '<':
		return parsed{page: true}
	case strings.HasPrefix(media, "image/"):
		return parsed{items: []item{{data: body}}}
	}
	return parsed{foreign: true}
}

// slowJSON reads one JSON value, mended where it breaks off.
func slowJSON(body []byte) parsed {
	value, ok := mend(body)
	if !ok {
		return parsed{foreign: true}
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(value, &fields)
	p := parsed{items: slowCollect(value, 0), usage: readUsage(fields["usage"])}
	if len(p.items) == 0 {
		p.complaint = complaintOf(fields)
	}
	return p
}

// mend returns the first JSON value of body. If it is cut off, what is incomplete
// of it is left out and what is open is closed.
func mend(body []byte) (json.RawMessage, bool) {
	var first json.RawMessage
	if json.NewDecoder(bytes.NewReader(body)).Decode(&first) == nil {
		return first, true
	}
	for end := len(body); end > 0; end-- {
		for _, more := range []string{"", "null", ":null"} {
			value := append(bytes.TrimRight(bytes.Clone(body[:end]), " \t\r\n"), more...)
			if more == "" {
				value = bytes.TrimSuffix(value, []byte(","))
			}
			value = append(value, closing(body[:end])...)
			if json.Valid(value) {
				return value, true
			}
		}
	}
	return nil, false
}

// closing returns the brackets that body leaves open.
func closing(body []byte) []byte {
	var open []byte
	text := false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{':
			open = append(open, '}')
		case c == '[':
			open = append(open, ']')
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	for i, j := 0, len(open)-1; i < j; i, j = i+1, j-1 {
		open[i], open[j] = open[j], open[i]
	}
	return open
}

type member struct {
	name  string
	value json.RawMessage
}

// members returns an object's members in their order.
func members(raw json.RawMessage) (all []member) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return all
		}
		var m member
		m.name, _ = name.(string)
		if dec.Decode(&m.value) != nil {
			return all
		}
		all = append(all, m)
	}
	return all
}

// slowCollect finds the pictures in a JSON value.
func slowCollect(raw json.RawMessage, depth int) []item {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || depth > deepest {
		return nil
	}
	var items []item
	switch raw[0] {
	case '"':
		if it, ok := slowBare(scalar(raw)); ok {
			items = append(items, it)
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			for _, one := range list {
				items = append(items, slowCollect(one, depth+1)...)
			}
		}
	case '{':
		for _, m := range members(raw) {
			for _, name := range containers {
				if m.name == name && len(items) == 0 {
					items = slowCollect(m.value, depth+1)
				}
			}
		}
		if it, ok := slowPicture(raw); ok && len(items) == 0 {
			return []item{it}
		}
	}
	return items
}

// slowPicture reads an object that is one picture.
func slowPicture(raw json.RawMessage) (item, bool) {
	all := members(raw)
	revised := ""
	for _, m := range all {
		if text := scalar(m.value); m.name == "revised_prompt" && text != "" && m.value[0] == '"' {
			revised = text
		}
	}
	for _, f := range pictureFields {
		for _, m := range all {
			if m.name != f.name {
				continue
			}
			text := ""
			if raw := bytes.TrimSpace(m.value); raw[0] == '"' {
				text = scalar(raw)
			} else if raw[0] == '{' && f.kind == addressText {
				for _, inner := range members(raw) {
					if v := bytes.TrimSpace(inner.value); inner.name == "url" && v[0] == '"' && text == "" {
						text = scalar(v)
					}
				}
			}
			switch {
			case text == "":
			case f.kind == addressText && !strings.HasPrefix(text, "data:"), f.kind == fileText && isAddress(text):
				return item{url: text, revised: revised}, true
			default:
				return item{data: slowDecode(text), revised: revised}, true
			}
		}
	}
	return item{}, false
}

// slowBare reads a text that stands where a picture is expected.
func slowBare(text string) (item, bool) {
	if isAddress(text) {
		return item{url: text}, true
	}
	if data := slowDecode(text); isPicture(data) {
		return item{data: data}, true
	}
	return item{}, false
}

// slowDecode decodes base64 as services write it.
func slowDecode(s string) []byte {
	if strings.HasPrefix(s, "data:") {
		_, s, _ = strings.Cut(s, ",")
	}
	s = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", "=", "", "-", "+", "_", "/").Replace(s)
	data, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || data == nil {
		return []byte{}
	}
	return data
}

// slowParts reads a multipart answer.
func slowParts(body []byte, boundary string) parsed {
	var p parsed
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return p
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return p // broken off inside this part
		}
		media, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
			data = slowDecode(string(data))
		}
		if strings.HasPrefix(media, "multipart/") {
			continue
		}
		inner := slowParse(media, data)
		p.items = append(p.items, inner.items...)
		if p.usage == nil {
			p.usage = inner.usage
		}
		if p.complaint.empty() {
			p.complaint = inner.complaint
		}
	}
}

// slowEvent is one event of a stream.
type slowEvent struct {
	name string
	data []byte
	cut  bool // the stream ended before the empty line that ends it
}

// slowRead reads up to the empty line that ends an event with data.
func slowRead(r *bufio.Reader) (slowEvent, bool) {
	var e slowEvent
	for {
		line, err := r.ReadBytes('\n')
		line = bytes.TrimSuffix(line, []byte("\n"))
		if bare := bytes.TrimRight(line, "\r"); len(bare) == 0 && err == nil {
			if e.data != nil {
				return e, true
			}
			e = slowEvent{}
			continue
		}
		name, value, colon := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch name := string(name); {
		case name == "event":
			e.name = string(bytes.TrimRight(value, "\r"))
		case name == "data" && (colon || err == nil):
			if e.data != nil {
				e.data = append(e.data, '\n')
			}
			e.data = append(append([]byte{}, e.data...), value...)
		}
		if errors.Is(err, io.EOF) {
			e.cut = true
			return e, e.data != nil
		}
	}
}

// slowEvents reads a stream: its finished pictures.
func slowEvents(body []byte) parsed {
	var p parsed
	r := bufio.NewReader(bytes.NewReader(body))
	for {
		e, ok := slowRead(r)
		if !ok {
			return p
		}
		data := bytes.TrimSpace(e.data)
		if string(data) == "[DONE]" || bytes.HasPrefix(data, []byte("[DONE]")) {
			return p
		}
		value, mended := mend(data)
		complete := json.Valid(data)
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(value, &fields)
		kind := scalar(fields["type"])
		if kind == "" {
			kind = e.name
		}
		items := slowCollect(value, 0)
		hasError := len(fields["error"]) > 0 && string(fields["error"]) != "null"
		preview := strings.Contains(kind, "partial_image") || len(fields["partial_image_index"]) > 0
		switch {
		case !mended && e.name != "error":
		case !complete && !e.cut && e.name != "error": // no JSON
		case e.name == "error", kind == "error", strings.HasSuffix(kind, ".failed"), hasError && len(items) == 0:
			if !complete && e.cut {
				return p
			}
			p.complaint = complaintOf(fields)
			if p.complaint.empty() {
				p.complaint.message = string(data)
			}
			return p
		case preview, kind == "" && e.cut:
		case strings.HasSuffix(kind, "completed"), strings.HasSuffix(kind, "succeeded"), len(items) > 0:
			if !complete && !strings.HasSuffix(kind, "completed") && !strings.HasSuffix(kind, "succeeded") && kind == "" {
				break
			}
			p.items = append(p.items, items...)
			if usage := readUsage(fields["usage"]); usage != nil {
				p.usage = usage
			}
		}
	}
}
