package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"overpaint/api"
	"overpaint/api/secret"
)

// shapes are answers of every kind that services were found to give.
var shapes = []struct{ contentType, body string }{
	{"application/json", `{"created":1,"data":[{"b64_json":"iVBORw0KGgo="},{"url":"https://x/y.png","revised_prompt":"z"}],"usage":{"total_tokens":3,"input_tokens_details":{"text_tokens":1}}}`},
	{"application/json", "  \n\n {\"data\":{\"images\":[{\"url\":\"/relative.png\"}]}}"},
	{"application/json", `{"images":["https://x/1.png","data:image/png;base64,iVBORw0KGgo="]}`},
	{"application/json", `[{"url":"https://x/1.png"}]`},
	{"application/json", `{"data":[{"b64_json":"data:image/png;base64,iVBO\r\nRw0K Ggo"},{"b64_json":"iVBORw0K`},
	{"application/json", `{"data":[]}`},
	{"application/json", `{"data":null,"error":null}`},
	{"application/json", `{"error":{"message":"m","type":"t","param":"p","code":"c"}}`},
	{"application/json", `{"error":{"message":"m","code":17}}`},
	{"application/json", `{"error":"text"}`},
	{"application/json", `{"error":{"error":{"message":"deep"}}}`},
	{"application/json", `{"detail":"d"}`},
	{"application/json", `{"detail":[{"loc":["body","image"],"msg":"field required"}]}`},
	{"application/json", `{"code":500,"msg":"m"}`},
	{"application/json", `{"err":"m"}`},
	{"application/json", `{"error_msg":"m"}`},
	{"text/plain", `{"message":"m"}`},
	{"text/html", "<!DOCTYPE html><html></html>"},
	{"text/event-stream", ": ping\n\nevent: image_edit.partial_image\ndata: {\"type\":\"image_edit.partial_image\",\"b64_json\":\"iVBORw0KGgo=\",\"partial_image_index\":0}\n\nevent: image_edit.completed\ndata: {\"b64_json\":\"iVBORw0KGgo=\",\"usage\":{\"total_tokens\":1}}\n\ndata: [DONE]\n\n"},
	{"text/event-stream", "data: {\"type\":\"image_generation.completed\",\r\ndata: \"url\":\"https://x/y.png\"}\r\n\r\n"},
	{"text/event-stream", "event: error\ndata: {\"error\":{\"code\":\"moderation_blocked\"}}\n\n"},
	{"text/event-stream", "id: 1\nretry: 5\ndata\n\ndata:\n\ndata: {"},
	{"multipart/mixed; boundary=B", "--B\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--B\r\nContent-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\neyJkYXRhIjpbXX0=\r\n--B--\r\n"},
	{"multipart/mixed; boundary=B", "--B\r\nContent-Type: image/png\r\n\r\nbroken off"},
	{"image/png", "\x89PNG\r\n\x1a\n"},
	{"image/jpeg", "\xff\xd8\xff\xe0"},
	{"application/octet-stream", "RIFF\x00\x00\x00\x00WEBPVP8 "},
	{"image/webp", "nonsense"},
	{"", ""},
	{"", "\xef\xbb\xbf {}"},
}

// FuzzAnswer reads answers: no panic, no picture larger than the answer, and
// the same result twice.
func FuzzAnswer(f *testing.F) {
	for _, s := range shapes {
		f.Add(s.contentType, []byte(s.body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		before := bytes.Clone(body)
		p := parse(contentType, body)
		if !bytes.Equal(before, body) {
			t.Fatal("the answer was changed, which is kept elsewhere")
		}
		for _, it := range p.items {
			if len(it.data) > len(body) || (it.url == "") == (it.data == nil) {
				t.Fatalf("a picture of %d bytes and %q from %d", len(it.data), it.url, len(body))
			}
		}
		if len(p.items) > len(body) {
			t.Fatal("more pictures than bytes")
		}
		for name, n := range p.usage {
			if n < 0 {
				t.Fatalf("%s is %d", name, n)
			}
		}
		again := parse(contentType, body)
		if len(again.items) != len(p.items) || again.page != p.page || again.foreign != p.foreign {
			t.Fatal("another result the second time")
		}
		for i := range p.items {
			if !bytes.Equal(p.items[i].data, again.items[i].data) || p.items[i].url != again.items[i].url {
				t.Fatal("another picture the second time")
			}
		}
	})
}

// FuzzStream reads streams as they come, byte by byte and at once: both give
// the same events, and all that was read is in the events' raw bytes or skipped.
func FuzzStream(f *testing.F) {
	for _, s := range shapes {
		f.Add([]byte(s.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		whole := events(bytes.NewReader(body))
		dripping := events(oneByte{bytes.NewReader(body)})
		if len(whole) != len(dripping) {
			t.Fatalf("%d events at once, %d byte by byte", len(whole), len(dripping))
		}
		raw := 0
		for i, e := range whole {
			if e.name != dripping[i].name || !bytes.Equal(e.data, dripping[i].data) {
				t.Fatalf("event %d differs", i)
			}
			kind, fields := e.sort()
			if kind < otherEvent || kind > doneEvent {
				t.Fatal(kind)
			}
			if kind == errorEvent {
				e.complaint()
			}
			// What is kept of an event says the same when it is read again.
			kept := events(bytes.NewReader(e.raw))
			if len(kept) != 1 || !bytes.Equal(kept[0].data, e.data) || kept[0].name != e.name {
				t.Fatalf("event %d is not the same from its raw bytes %q", i, e.raw)
			}
			raw += len(e.raw)
			_ = fields
		}
		if raw > len(body) {
			t.Fatal("more was kept than came")
		}
	})
}

type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return r.Reader.Read(p[:1])
}

func events(r io.Reader) []event {
	var all []event
	b := bufio.NewReader(r)
	for {
		e, err := readEvent(b)
		if err != nil {
			return all
		}
		all = append(all, e)
	}
}

// FuzzError reads what is no success: always an error that can be shown, never
// with the key in it, and never one that is repeated where it may have cost.
func FuzzError(f *testing.F) {
	for _, s := range shapes {
		for _, status := range []int{400, 401, 403, 404, 422, 429, 500, 503} {
			f.Add(status, []byte(s.body), "1")
		}
	}
	f.Add(429, []byte(`sk-MARKED`), "Wed, 21 Oct 2037 07:28:00 GMT")
	f.Add(503, []byte(`{"error":{"message":"sk-MARKED","code":"sk-MARKED"}}`), "1e300")
	key := secret.New("sk-MARKED")
	u := &url.URL{Scheme: "https", Host: "example.com", Path: "/v1/images/edits"}
	kinds := map[api.Kind]bool{}
	for _, k := range api.Kinds() {
		kinds[k] = true
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, wait string) {
		if status < 400 || status > 599 {
			return
		}
		d := &edit{key: key, req: &api.Request{Model: "m"}}
		resp := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {wait}}}
		e := d.refused(resp, body, u).Error
		if !kinds[e.Kind] || e.Text().Key == "" || e.Status != status {
			t.Fatalf("%+v", e)
		}
		if strings.Contains(e.Error()+e.Code+e.Message, "sk-MARKED") {
			t.Fatalf("the key is in %v", e)
		}
		if n := utf8.RuneCountInString(e.Message); n > messageRunes || !utf8.ValidString(e.Message) || strings.ContainsAny(e.Message, "\r\n\x00") {
			t.Fatalf("the message %q", e.Message)
		}
		if e.Retryable && (e.Kind != api.KindRate || status != 429 && status != 503) || e.RetryAfter < 0 {
			t.Fatalf("%+v", e)
		}
	})
}

// FuzzModels reads lists of models.
func FuzzModels(f *testing.F) {
	for _, s := range []string{`{"object":"list","data":[{"id":"dall-e-2"},{"id":"dall-e-2"}]}`, `{"models":[{"name":"a"},"b"]}`, `["x"]`, `{"data":[]}`, `{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		names, ok := readModels(data)
		if ok && !json.Valid(data) {
			t.Fatal("a list of models in what is no JSON")
		}
		for i, name := range names {
			if name == "" || i > 0 && names[i-1] >= name {
				t.Fatalf("%q", names)
			}
		}
	})
}

// TestEndlessLine keeps a stream whose line never ends within the cap.
func TestEndlessLine(t *testing.T) {
	m := newMeter(io.MultiReader(strings.NewReader("data: "), zeros{}), 1<<20, Config{RateWindow: 1})
	if _, err := readEvent(bufio.NewReader(m)); !errors.Is(err, errLarge) {
		t.Fatal(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
