package openai

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
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

// parsed is what an answer holds.
type parsed struct {
	items []item
	usage map[string]int64
	// complaint is an error that came inside a success.
	complaint complaint
	// page tells that it is a web page, foreign that it is nothing that a
	// service answers.
	page, foreign bool
}

// parse reads an answer of any known shape. It goes by the bytes; the content
// type decides only where they say nothing. An answer that breaks off gives
// the pictures that came whole.
func parse(contentType string, body []byte) parsed {
	body = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf")))
	media, params, _ := mime.ParseMediaType(contentType)
	switch {
	case len(body) == 0:
		return parsed{}
	case isPicture(body):
		return parsed{items: []item{{data: body}}}
	case body[0] == '{', body[0] == '[':
		return parseJSON(body)
	case strings.HasPrefix(media, "multipart/") && params["boundary"] != "":
		return parseParts(body, params["boundary"])
	case isEvents(body):
		return parseEvents(body)
	case looksHTML(body):
		return parsed{page: true}
	case strings.HasPrefix(media, "image/"):
		return parsed{items: []item{{data: body}}}
	}
	return parsed{foreign: true}
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

func parseJSON(body []byte) parsed {
	if body[0] == '[' {
		return parsed{items: collect(body, 0)}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return salvage(body)
	}
	p := parsed{items: collect(body, 0), usage: readUsage(fields["usage"])}
	if len(p.items) == 0 {
		p.complaint = readComplaint(body)
	}
	return p
}

// containers are the names under which pictures were found.
var containers = []string{"data", "images", "image", "output", "result", "results"}

// collect finds the pictures in a JSON value: a text, an object that holds one
// or that contains others, or a list of these.
func collect(raw json.RawMessage, depth int) []item {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || depth > 4 {
		return nil
	}
	var items []item
	switch raw[0] {
	case '"':
		if it, ok := bare(scalar(raw)); ok {
			items = append(items, it)
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			for _, one := range list {
				items = append(items, collect(one, depth+1)...)
			}
		}
	case '{':
		var fields map[string]json.RawMessage
		if json.Unmarshal(raw, &fields) != nil {
			return nil
		}
		if it, ok := pictureOf(fields); ok {
			return []item{it}
		}
		for _, name := range containers {
			if items = collect(fields[name], depth+1); len(items) > 0 {
				return items
			}
		}
	}
	return items
}

// pictureOf reads an object that is one picture.
func pictureOf(fields map[string]json.RawMessage) (item, bool) {
	it := item{revised: scalar(fields["revised_prompt"])}
	for _, name := range []string{"b64_json", "b64", "base64", "image_base64"} {
		if text := scalar(fields[name]); text != "" {
			if isAddress(text) {
				it.url = text
				return it, true
			}
			it.data = decodeText(text)
			return it, true
		}
	}
	for _, name := range []string{"url", "image_url"} {
		raw := fields[name]
		text := scalar(raw)
		if text == "" && len(raw) > 0 && raw[0] == '{' {
			var inner struct {
				URL string `json:"url"`
			}
			_ = json.Unmarshal(raw, &inner)
			text = inner.URL
		}
		if text != "" {
			if strings.HasPrefix(text, "data:") {
				it.data = decodeText(text)
			} else {
				it.url = text
			}
			return it, true
		}
	}
	return item{}, false
}

// bare reads a text that stands where a picture is expected.
func bare(text string) (item, bool) {
	if isAddress(text) {
		return item{url: text}, true
	}
	if data := decodeText(text); isPicture(data) {
		return item{data: data}, true
	}
	return item{}, false
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// decodeText decodes base64 as services write it: behind "data:...,", broken
// into lines, of either alphabet, padded or not. What cannot be decoded gives
// an empty file that is not nil, so that it counts as a broken picture.
func decodeText(s string) []byte {
	if strings.HasPrefix(s, "data:") {
		_, s, _ = strings.Cut(s, ",")
	}
	text := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; c {
		case ' ', '\t', '\r', '\n', '=':
		case '-':
			text = append(text, '+')
		case '_':
			text = append(text, '/')
		default:
			text = append(text, c)
		}
	}
	n, err := base64.RawStdEncoding.Decode(text, text)
	if err != nil {
		return []byte{}
	}
	return text[:n]
}

// readUsage flattens the service's account: nested names are joined by dots.
func readUsage(raw json.RawMessage) map[string]int64 {
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	usage := map[string]int64{}
	var walk func(prefix string, fields map[string]any, depth int)
	walk = func(prefix string, fields map[string]any, depth int) {
		for name, value := range fields {
			switch v := value.(type) {
			case float64:
				if v >= 0 && v < 1<<53 {
					usage[prefix+name] = int64(v)
				}
			case map[string]any:
				if depth < 3 {
					walk(prefix+name+".", v, depth+1)
				}
			}
		}
	}
	walk("", fields, 0)
	if len(usage) == 0 {
		return nil
	}
	return usage
}

// salvage reads the pictures before the place where a JSON answer breaks off.
func salvage(body []byte) parsed {
	p := parsed{foreign: true}
	dec := json.NewDecoder(bytes.NewReader(body))
	for {
		token, err := dec.Token()
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				p.foreign = false
			}
			return p
		}
		if name, ok := token.(string); !ok || name != "data" && name != "images" {
			continue
		}
		if token, err = dec.Token(); err != nil || token != json.Delim('[') {
			continue
		}
		for dec.More() {
			var one json.RawMessage
			if err := dec.Decode(&one); err != nil {
				p.foreign = false
				return p
			}
			p.items = append(p.items, collect(one, 1)...)
		}
	}
}

// parseParts reads a multipart answer: each part that is a picture or an answer in itself.
func parseParts(body []byte, boundary string) parsed {
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
			data = decodeText(string(data))
		}
		if strings.HasPrefix(media, "multipart/") {
			continue
		}
		inner := parse(media, data)
		p.items = append(p.items, inner.items...)
		if p.usage == nil {
			p.usage = inner.usage
		}
		if p.complaint.empty() {
			p.complaint = inner.complaint
		}
	}
}
