package openai_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
)

// wire keeps what a server got and answers with one picture.
type wire struct {
	path, kind string
	header     http.Header
	data       []byte
}

func listen(t *testing.T, w *wire) *httptest.Server {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 256, 256))); err != nil {
		t.Fatal(err)
	}
	answer, err := json.Marshal(map[string]any{"data": []any{map[string]any{"b64_json": base64.StdEncoding.EncodeToString(picture.Bytes())}}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, h *http.Request) {
		w.path, w.header = h.URL.Path, h.Header
		w.kind, _, _ = mime.ParseMediaType(h.Header.Get("Content-Type"))
		w.data, _ = io.ReadAll(h.Body)
		out.Header().Set("Content-Type", "application/json")
		out.Write(answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestJSON writes an edit as xAI and services like Novita's want it.
func TestJSON(t *testing.T) {
	for id, wrapped := range map[string]bool{"xai": true, "json": false} {
		for references := range 2 {
			var w wire
			s := listen(t, &w)
			var req *api.Request
			r := edit(t, t.Context(), s.URL+"/v1", func(c *openai.Config, q *api.Request) {
				c.Connection.Dialect, c.Connection.Profile = id, "seedream"
				q.N, q.Size, q.User = 1, image.Pt(1024, 1024), ""
				if references > 0 {
					q.References = []*image.NRGBA{noise(16, false)}
				}
				req = q
			})
			if r.err != nil || w.path != "/v1/images/edits" || w.kind != "application/json" {
				t.Fatalf("%s: %v, %s as %s", id, r.err, w.path, w.kind)
			}
			var got map[string]any
			if err := json.Unmarshal(w.data, &got); err != nil {
				t.Fatal(err)
			}
			pictures := []any{got["image"]}
			if references > 0 {
				pictures, _ = got["images"].([]any)
			}
			if len(pictures) != 1+references || (got["image"] != nil) == (references > 0) {
				t.Fatalf("%s: the pictures are in %v", id, keys(got))
			}
			for i, p := range append(pictures, got["mask"]) {
				if object, ok := p.(map[string]any); ok == wrapped && ok {
					p = object["url"]
				}
				text, _ := p.(string)
				data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "data:image/png;base64,"))
				if err != nil || len(data) == 0 {
					t.Fatalf("%s: picture %d is %.40s", id, i, text)
				}
				if img, err := png.Decode(bytes.NewReader(data)); err != nil || i == 0 && img.Bounds() != req.Image.Rect {
					t.Errorf("%s: picture %d: %v", id, i, err)
				}
			}
			if _, sized := got["size"]; sized == (id == "xai") || got["prompt"] != "a red door" || got["response_format"] != "b64_json" {
				t.Errorf("%s: the fields are %v", id, keys(got))
			}
		}
	}
}

func keys(m map[string]any) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}

// TestInpaintingPath sends to another path, and takes it for a base too.
func TestInpaintingPath(t *testing.T) {
	for _, typed := range []string{"/v1", "/v1/images/inpainting", ""} {
		var w wire
		s := listen(t, &w)
		r := edit(t, t.Context(), s.URL+typed, func(c *openai.Config, _ *api.Request) { c.Connection.Dialect = "inpainting" })
		if r.err != nil || !strings.HasSuffix(w.path, "/images/inpainting") || w.kind != "multipart/form-data" || strings.Contains(string(w.data), `name="user"`) {
			t.Errorf("%q: %v, %s", typed, r.err, w.path)
		}
	}
}

// TestHeaders sends a connection's own headers, with the key where it is wanted.
func TestHeaders(t *testing.T) {
	var w wire
	s := listen(t, &w)
	r := edit(t, t.Context(), s.URL+"/v1", func(c *openai.Config, _ *api.Request) {
		c.UserAgent = "overpaint/1.2.3"
		c.Connection.Headers = map[string]string{"x-portkey-api-key": "{key}", "x-portkey-provider": "@openai", "authorization": "Basic {key}"}
	})
	if r.err != nil || w.header.Get("X-Portkey-Api-Key") != apitest.Key || w.header.Get("X-Portkey-Provider") != "@openai" ||
		w.header.Get("Authorization") != "Basic "+apitest.Key || w.header.Get("User-Agent") != "overpaint/1.2.3" {
		t.Errorf("%v, %v", r.err, w.header)
	}
}

// TestOtherDialectsLearning writes a request as the dialect wants it, whatever was
// learnt while the connection had another one.
func TestOtherDialectsLearning(t *testing.T) {
	for id, path := range map[string]string{"inpainting": "/v1/images/inpainting", "json": "/v1/images/edits"} {
		var w wire
		s := listen(t, &w)
		r := edit(t, t.Context(), s.URL+"/v1", func(c *openai.Config, _ *api.Request) {
			c.Connection.Dialect = id
			c.Connection.Quirks = settings.Quirks{Path: "/v1/images/edits", ImageField: "image[]"}
		})
		if r.err != nil || w.path != path || id == "json" && !strings.Contains(string(w.data), `"image":`) {
			t.Errorf("%s: %v, %s, %.80s", id, r.err, w.path, w.data)
		}
	}
}

// TestDownloadsHaveTheHeaders: a service that wants headers of its own wants them
// for the pictures that lie with it, too.
func TestDownloadsHaveTheHeaders(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 256, 256))); err != nil {
		t.Fatal(err)
	}
	var got http.Header
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, h *http.Request) {
		if h.Method == http.MethodPost {
			out.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(out, `{"data": [{"url": "http://%s/made.png"}]}`, h.Host)
			return
		}
		got = h.Header
		out.Header().Set("Content-Type", "image/png")
		out.Write(picture.Bytes())
	}))
	t.Cleanup(s.Close)
	r := edit(t, t.Context(), s.URL+"/v1", func(c *openai.Config, _ *api.Request) {
		c.Connection.Headers = map[string]string{"api-key": "{key}"}
	})
	if r.err != nil || got.Get("Api-Key") != apitest.Key {
		t.Errorf("%v, %v", r.err, got)
	}
}
