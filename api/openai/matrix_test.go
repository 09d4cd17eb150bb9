package openai_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
)

// tongue is how a dialect is written, here a second time on purpose: a slip in the
// dialects' files must not change what the tests want.
type tongue struct {
	path         string
	json         bool
	one, several string
	wrapped      bool
	knows        []string // nil: all
}

var tongues = map[string]tongue{
	"openai":     {path: "/v1/images/edits", one: "image", several: "image[]"},
	"inpainting": {path: "/v1/images/inpainting", one: "image", several: "image[]", knows: []string{"model", "prompt", "n", "size", "response_format"}},
	"json":       {path: "/v1/images/edits", json: true, one: "image", several: "images"},
	"xai":        {path: "/v1/images/edits", json: true, one: "image", several: "images", wrapped: true, knows: []string{"model", "prompt", "n", "response_format", "user"}},
}

// heard is one request as a strict service reads it: the names of its fields in their
// order, each as often as it was there; of JSON sorted.
type heard struct {
	path   string
	fields []string
	faults []string
}

// strict is a service that speaks one dialect.
type strict struct {
	*httptest.Server
	tongue tongue
	mu     sync.Mutex
	heard  []heard
}

func newStrict(t *testing.T, way tongue) *strict {
	t.Helper()
	s := &strict{tongue: way}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	answer := `{"data":[{"b64_json":"` + base64.StdEncoding.EncodeToString(picture.Bytes()) + `"}]}`
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := s.read(r)
		s.mu.Lock()
		s.heard = append(s.heard, h)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// read decodes a request and records what breaks the dialect.
func (s *strict) read(r *http.Request) heard {
	h := heard{path: r.URL.Path}
	fault := func(format string, args ...any) { h.faults = append(h.faults, fmt.Sprintf(format, args...)) }
	body, err := io.ReadAll(r.Body)
	if err != nil {
		fault("%v", err)
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if want := map[bool]string{false: "multipart/form-data", true: "application/json"}[s.tongue.json]; err != nil || kind != want {
		fault("the content type is %q", r.Header.Get("Content-Type"))
	}
	if s.tongue.json {
		s.readJSON(body, &h, fault)
		return h
	}
	for parts := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		part, err := parts.NextPart()
		if err != nil {
			return h
		}
		data, _ := io.ReadAll(part)
		h.fields = append(h.fields, part.FormName())
		if _, err := png.DecodeConfig(bytes.NewReader(data)); (err == nil) != (part.FileName() != "") || len(data) == 0 {
			fault("%s: %d bytes, a file: %v", part.FormName(), len(data), part.FileName())
		}
	}
}

func (s *strict) readJSON(body []byte, h *heard, fault func(string, ...any)) {
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		fault("%v", err)
	}
	h.fields = slices.Sorted(maps.Keys(object))
	pictures := []any{object["mask"], object[s.tongue.one]}
	if list, ok := object[s.tongue.several].([]any); ok {
		pictures = append(pictures, list...)
	}
	for _, p := range pictures {
		if p == nil {
			continue
		}
		if wrapped, ok := p.(map[string]any); ok == s.tongue.wrapped && ok {
			p = wrapped["url"]
		}
		text, _ := p.(string)
		data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "data:image/png;base64,"))
		if _, bad := png.DecodeConfig(bytes.NewReader(data)); err != nil || bad != nil {
			fault("a picture is %.40q", text)
		}
	}
	if n, ok := object["n"]; ok && n != 2.0 {
		fault("n is %v", n)
	}
}

// encoded are the files of full's pictures: they are the same for each dialect.
var encoded = map[string]*api.Files{}

// encode gives a request its files.
func encode(t *testing.T, e *openai.Engine, q *api.Request) {
	t.Helper()
	name := fmt.Sprint(q.Image.Rect, q.Mask != nil, len(q.References))
	if encoded[name] == nil {
		files, err := e.Encode(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		encoded[name] = files
	}
	q.Files = encoded[name]
}

// full is a request with all that a profile has, n of 2 and, where it takes several
// pictures, a reference.
func full(p api.Profile, references bool) *api.Request {
	size := image.Pt(256, 256)
	if len(p.Sizes) > 0 {
		size = p.Sizes[0]
	}
	img := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{90, 120, 60, 255}), image.Point{}, draw.Src)
	q := &api.Request{Image: img, Prompt: "a red door", Model: "some-model", N: 2, User: "me", Options: map[string]string{}}
	if !p.NoMask {
		q.Mask = image.NewAlpha(img.Rect)
		draw.Draw(q.Mask, image.Rect(size.X/4, size.Y/4, size.X/2, size.Y/2), image.Opaque, image.Point{}, draw.Src)
	}
	if len(p.Sizes) > 0 && !p.NoSize {
		q.Size = size
	}
	if len(p.ResponseFormats) > 0 {
		q.ResponseFormat = "b64_json"
	}
	for name, values := range p.Options {
		q.Options[name] = "50"
		if len(values) > 0 {
			q.Options[name] = values[0]
		}
	}
	if references {
		q.References = []*image.NRGBA{img}
	}
	return q
}

// wanted are the fields that a service should get of a request.
func (way tongue) wanted(p api.Profile, q *api.Request) []string {
	var list []string
	add := func(name string, set bool) {
		if set && (way.knows == nil || slices.Contains(way.knows, name)) {
			list = append(list, name)
		}
	}
	add("model", true)
	add("prompt", true)
	add("n", !p.Single)
	add("size", q.Size != (image.Point{}))
	add("response_format", q.ResponseFormat != "")
	add("user", true)
	for _, name := range slices.Sorted(maps.Keys(q.Options)) {
		add(name, true)
	}
	name := way.one
	if len(q.References) > 0 {
		name = way.several
	}
	for range 1 + len(q.References) {
		list = append(list, name)
	}
	if q.Mask != nil {
		list = append(list, "mask")
	}
	if way.json { // one field each, in no order
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return list
}

// TestEveryProfileInEveryDialect sends what each model takes as each service wants it:
// these fields, in this order, and no others; and what the model doesn't take is
// refused before anything is sent.
func TestEveryProfileInEveryDialect(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	for _, p := range profile.Builtin().List() {
		for id, way := range tongues {
			for _, references := range []bool{false, true}[:min(max(p.Images, 1), 2)] {
				t.Run(fmt.Sprint(p.ID, " ", id, " ", references), func(t *testing.T) {
					s := newStrict(t, way)
					e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: s.URL + "/v1", Dialect: id, Model: "some-model"}, Profile: p.Profile, Key: key(apitest.Key)})
					defer e.Close()
					ask := func(change func(*api.Request)) *api.Error {
						q := full(p.Profile, references)
						encode(t, e, q)
						change(q)
						_, err := e.Edit(t.Context(), q, &apitest.Recorder{})
						return api.AsError(err)
					}
					if err := ask(func(*api.Request) {}); err != nil {
						t.Fatal(err)
					}
					requests := 1
					if p.Single {
						requests = 2
					}
					want := way.wanted(p.Profile, full(p.Profile, references))
					for _, h := range s.heard {
						if h.path != way.path || !slices.Equal(h.fields, want) || len(h.faults) > 0 {
							t.Errorf("%s with %v, want %s with %v: %v", h.path, h.fields, way.path, want, h.faults)
						}
					}
					if len(s.heard) != requests {
						t.Errorf("%d requests, want %d", len(s.heard), requests)
					}
					refusedBefore(t, p.Profile, ask)
					if len(s.heard) != requests {
						t.Errorf("something that the model doesn't take was sent: %v", s.heard[requests:])
					}
				})
			}
		}
	}
}

// refusedBefore asks for what a profile doesn't have.
func refusedBefore(t *testing.T, p api.Profile, ask func(func(*api.Request)) *api.Error) {
	t.Helper()
	bad := map[string]func(*api.Request){
		"a further field": func(q *api.Request) { q.Options["made_up"] = "x" },
		"more variants":   func(q *api.Request) { q.N = p.MaxN + 1 },
	}
	if p.PromptChars > 0 {
		bad["a longer prompt"] = func(q *api.Request) { q.Prompt = strings.Repeat("界", p.PromptChars+1) }
	}
	if len(p.Sizes) > 0 && !p.NoSize {
		bad["another size"] = func(q *api.Request) { q.Size = image.Pt(33, 7777) }
	}
	if p.Images > 0 {
		bad["more pictures"] = func(q *api.Request) {
			q.References = slices.Repeat([]*image.NRGBA{q.Image}, p.Images)
		}
	}
	for name, values := range p.Options {
		if len(values) > 0 {
			bad["another "+name] = func(q *api.Request) { q.Options[name] = "made up" }
		}
	}
	for what, change := range bad {
		if err := ask(change); err == nil || err.Kind != api.KindInput {
			t.Errorf("%s: %v", what, err)
		}
	}
}
