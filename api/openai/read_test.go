package openai

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
)

// shapes are answers of every kind that services were found to give.
var shapes = []struct{ contentType, body string }{
	{"application/json", `{"created":1,"data":[{"b64_json":"iVBORw0KGgo="},{"url":"https://x/y.png","revised_prompt":"z"}],"usage":{"total_tokens":3,"input_tokens_details":{"text_tokens":1}}}`},
	{"application/json", "  \n\n {\"data\":{\"images\":[{\"url\":\"/relative.png\"}]}}"},
	{"application/json", `{"images":["https://x/1.png","data:image/png;base64,iVBORw0KGgo="]}`},
	{"application/json", `[{"url":"https://x/1.png"}]`},
	{"application/json", `{"data":[{"b64_json":"data:image/png;base64,iVBO\r\nRw0K Ggo"},{"b64_json":"iVBORw0K`},
	{"application/json", `{"usage":{"total_tokens":3},"data":[{"revised_prompt":"a \"nicer\" \ud83d\ude00 one","image_url":{"url":"https:\/\/x\/y.png"}},{"b64":"iVBORw0KGgo\u003d"},{"url":"u","b64_json":"__-_"}],"more":[1,2.5e3,true,null,{"a":[]}]}`},
	{"application/json", `{"output":{"image":"iVBORw0KGgo="},"status":"ok"}`},
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
	{"text/event-stream", "data: {\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"},{\"url\":\"https://x/y.png\"}]}\n\n"},
	{"text/event-stream", "data: {\"b64_json\":\"iVBORw0KGgo=\",\"partial_image_index\":0,\"type\":\"image_edit.partial_image\"}\n\ndata: {\"b64_json\":\"iVBORw0KGgo=\",\"type\":\"image_edit.completed\"}\n\n"},
	{"multipart/mixed; boundary=B", "--B\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--B\r\nContent-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\neyJkYXRhIjpbXX0=\r\n--B--\r\n"},
	{"multipart/mixed; boundary=B", "--B\r\nContent-Type: image/png\r\n\r\nbroken off"},
	{"image/png", "\x89PNG\r\n\x1a\n"},
	{"image/jpeg", "\xff\xd8\xff\xe0"},
	{"application/octet-stream", "RIFF\x00\x00\x00\x00WEBPVP8 "},
	{"image/webp", "nonsense"},
	{"", ""},
	{"", "\xef\xbb\xbf {}"},
}

// read is what readAnswer makes of r.
func read(contentType string, r io.Reader, limit int) (reading, []item) {
	var items []item
	in := bufio.NewReader(r)
	if err := skipSpace(in); err != nil {
		return reading{whole: errors.Is(err, io.EOF), err: noEOF(err)}, nil
	}
	got := readAnswer(contentType, in, taker{limit: limit, picture: func(it item) { items = append(items, it) }})
	return got, items
}

// same compares pictures.
func same(a, b []item) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d pictures, not %d", len(a), len(b))
	}
	for i := range a {
		if !bytes.Equal(a[i].data, b[i].data) || (a[i].data == nil) != (b[i].data == nil) || a[i].url != b[i].url || a[i].revised != b[i].revised {
			return fmt.Sprintf("picture %d is %q %q %q, not %q %q %q", i, a[i].data, a[i].url, a[i].revised, b[i].data, b[i].url, b[i].revised)
		}
	}
	return ""
}

// TestEveryCut reads each shape cut off after each byte, at once, byte by byte and
// broken off by an error: the pictures that are whole in it are handed out, as the
// plain parser finds them.
func TestEveryCut(t *testing.T) {
	broken := errors.New("broken")
	for _, s := range shapes {
		for end := range len(s.body) + 1 {
			cut := []byte(s.body[:end])
			want := slowParse(s.contentType, cut)
			for name, r := range map[string]io.Reader{
				"at once": bytes.NewReader(cut), "byte by byte": oneByte{bytes.NewReader(cut)},
				"broken": io.MultiReader(bytes.NewReader(cut), failing{broken}),
			} {
				got, items := read(s.contentType, r, 100)
				if diff := same(items, want.items); diff != "" {
					t.Fatalf("%s, %q: %s", name, cut, diff)
				}
				if got.given != len(items) || got.page != want.page || (end == len(s.body) || got.usage != nil) && !maps.Equal(got.usage, want.usage) {
					t.Fatalf("%s, %q: %+v, want %+v", name, cut, got, want)
				}
				if end == len(s.body) && (got.complaint != want.complaint || got.foreign != want.foreign) {
					t.Fatalf("%s, %q: %+v, want %+v", name, cut, got, want)
				}
				// What ended it is known, unless the answer had ended before.
				if name == "broken" && !errors.Is(got.err, broken) && !got.whole {
					t.Fatalf("%q ended with %v", cut, got.err)
				}
			}
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return r.Reader.Read(p[:1])
}

// TestWhole knows which answers have come to their end.
func TestWhole(t *testing.T) {
	for _, s := range shapes[:4] {
		for end := range len(s.body) + 1 {
			if got, _ := read(s.contentType, strings.NewReader(s.body[:end]), 100); got.whole != (end == len(s.body) || strings.TrimSpace(s.body[:end]) == "") {
				t.Fatalf("%q is whole: %v", s.body[:end], got.whole)
			}
		}
	}
}

// TestPicturesAreHandedOutAtOnce: the first is there before the second has come.
func TestPicturesAreHandedOutAtOnce(t *testing.T) {
	for name, parts := range map[string][2]string{
		"json":   {`{"data":[{"b64_json":"iVBORw0KGgo="}`, `,{"b64_json":"iVBORw0KGgo="}]}`},
		"events": {"data: {\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"}]}\n\n", "data: {\"data\":[{\"b64_json\":\"iVBORw0KGgo=\"}]}\n\n"},
	} {
		in, out := io.Pipe()
		came := make(chan item)
		go func() {
			r := bufio.NewReader(in)
			readAnswer("", r, taker{limit: 9, picture: func(it item) { came <- it }})
			close(came)
		}()
		for _, part := range parts {
			if _, err := io.WriteString(out, part); err != nil {
				t.Fatal(name, err)
			}
			<-came
		}
		out.Close()
		<-came
	}
}

// TestLimit drops what is beyond it, and goes on to the end.
func TestLimit(t *testing.T) {
	one := `{"b64_json":"iVBORw0KGgo="},{"url":"https://x/y.png"}`
	body := `{"data":[` + strings.Repeat(one+",", 999) + one + `],"usage":{"total_tokens":7}}`
	got, items := read("", strings.NewReader(body), 5)
	if len(items) != 5 || got.given != 5 || got.over != 1995 || got.usage["total_tokens"] != 7 || !got.whole {
		t.Errorf("%d items, %+v", len(items), got)
	}
	events := strings.Repeat("data: {\"type\":\"image_edit.completed\",\"b64_json\":\"iVBORw0KGgo=\"}\n\n", 50)
	if got, items = read("", strings.NewReader(events), 5); len(items) != 5 || got.over != 45 {
		t.Errorf("%d items, %+v", len(items), got)
	}
}

// TestDecoder decodes as the slow one does, however the text is cut into pieces.
func TestDecoder(t *testing.T) {
	for _, s := range []string{"", "A", "AA", "AAA", "AAAA", "_-+/", "AA==AA", " A\tB\r\nC=", "A!", strings.Repeat("QUJD", 3000) + "QQ", strings.Repeat("QUJDRA==\r\n", 99)} {
		want := slowDecode(s)
		for size := 1; size < 9; size++ {
			var d decoder
			for rest := s; rest != ""; rest = rest[min(size, len(rest)):] {
				d.write([]byte(rest[:min(size, len(rest))]))
			}
			if got := d.end(); !bytes.Equal(got, want) || got == nil {
				t.Fatalf("%.50q in pieces of %d: %q, not %q", s, size, got, want)
			}
		}
	}
}

// FuzzAnswer reads answers: no panic, no picture larger than the answer, and the
// same at once and byte by byte; and as the plain parser does, where that can tell.
func FuzzAnswer(f *testing.F) {
	for _, s := range shapes {
		f.Add(s.contentType, []byte(s.body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		before := bytes.Clone(body)
		got, items := read(contentType, bytes.NewReader(body), 1000)
		if !bytes.Equal(before, body) {
			t.Fatal("the answer was changed, which is kept elsewhere")
		}
		for _, it := range items {
			if len(it.data) > len(body) || len(it.data) > 0 && it.url != "" {
				t.Fatalf("a picture of %d bytes and %q from %d", len(it.data), it.url, len(body))
			}
		}
		if len(items) > len(body) || got.given != len(items) {
			t.Fatal("more pictures than bytes")
		}
		for name, n := range got.usage {
			if n < 0 {
				t.Fatalf("%s is %d", name, n)
			}
		}
		again, dripped := read(contentType, oneByte{bytes.NewReader(body)}, 1000)
		if diff := same(dripped, items); diff != "" || again.page != got.page || again.foreign != got.foreign || again.whole != got.whole {
			t.Fatalf("byte by byte: %s %+v, not %+v", diff, again, got)
		}
		if trimmed := bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n"); json.Valid(trimmed) && len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') && plain(trimmed) {
			if diff := same(items, slowParse(contentType, body).items); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// plain reports that JSON holds nothing of which the two parsers may differ:
// bytes that are no text.
func plain(b []byte) bool {
	return !bytes.Contains(bytes.ToValidUTF8(b, []byte("\uFFFD")), []byte("\uFFFD")) && !bytes.Contains(b, []byte(`\u`))
}

// FuzzStream reads streams cut off anywhere: the pictures of a cut stream are the
// first of those of the whole one, but for one that is still open.
func FuzzStream(f *testing.F) {
	for _, s := range shapes {
		f.Add([]byte(s.body), uint16(len(s.body)/2))
	}
	f.Fuzz(func(t *testing.T, body []byte, cut uint16) {
		body = append([]byte("data: "), body...)
		at := min(int(cut), len(body))
		_, whole := read("text/event-stream", bytes.NewReader(body), 1000)
		_, part := read("text/event-stream", bytes.NewReader(body[:at]), 1000)
		if len(part) > len(whole)+1 {
			t.Fatalf("%d pictures in a part, %d in all", len(part), len(whole))
		}
		for i := range min(len(part)-1, len(whole)) {
			if !bytes.Equal(part[i].data, whole[i].data) || part[i].url != whole[i].url {
				t.Fatalf("picture %d differs", i)
			}
		}
	})
}

// TestEndlessLine keeps a stream whose line never ends within the cap.
func TestEndlessLine(t *testing.T) {
	m := newMeter(io.MultiReader(strings.NewReader("data: "), zeros{}), 1<<20, Config{RateWindow: 1})
	if got, _ := read("", m, 10); !errors.Is(got.err, errLarge) {
		t.Fatal(got.err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// tenPictures is an answer of ten pictures of 3 MB.
func tenPictures() []byte {
	picture := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 3<<20)...)
	for i := range picture[8:] {
		picture[8+i] = byte(i * i >> 3)
	}
	text := base64.StdEncoding.EncodeToString(picture)
	return []byte(`{"created":1,"data":[` + strings.TrimSuffix(strings.Repeat(`{"b64_json":"`+text+`"},`, 10), ",") + `]}`)
}
