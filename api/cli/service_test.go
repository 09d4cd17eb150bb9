package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
)

// TestASeedNeedsTheBuiltinEngine: services take none.
func TestASeedNeedsTheBuiltinEngine(t *testing.T) {
	b := newBench(t)
	s := newService(t, nil)
	args := []string{"-base-url", s.URL + "/v1", "-model", "m", "-prompt", "x", "-seed", "3"}
	if o := b.edit(args...); o.status != cli.ExitInput || !strings.Contains(o.stderr, "-seed has an effect only with the built-in engine") || s.posts.Load() > 0 {
		t.Errorf("%+v, %d requests", o, s.posts.Load())
	}
}

// TestFlagsOfModels: what the profile and the dialect accept is sent, and what a model or engine
// doesn't have is refused.
func TestFlagsOfModels(t *testing.T) {
	b := newBench(t)
	var s *service
	s = newService(t, pictures(1, &s))
	asked := []string{"-base-url", s.URL + "/v1", "-model", "m", "-prompt", "x"}
	for _, c := range []struct {
		words string
		args  []string
	}{
		{"no profile huge", append(asked, "-profile", "huge")},
		{"no dialect latin", append(asked, "-dialect", "latin")},
		{"-profile needs a service", []string{"-profile", "classic"}},
		{"-dialect needs a service", []string{"-dialect", "openai"}},
		{"-input-fidelity sets a field", append(asked, "-input-fidelity", "high")},
		{"-quality sets a field", []string{"-quality", "high"}},
	} {
		if o := b.edit(c.args...); o.status != cli.ExitInput || !strings.Contains(o.stderr, c.words) || s.posts.Load() > 0 {
			t.Errorf("%q: %+v", c.args, o)
		}
	}
	if o := b.edit(append(asked, "-profile", "gpt-image-1.5", "-dialect", "openai", "-input-fidelity", "high")...); o.status != cli.ExitDone || s.form["input_fidelity"] != "high" {
		t.Errorf("%+v, sent %q", o, s.form)
	}
}

const key = "sk-marked-4f7a9c"

// service is a loopback service of the classic contract.
type service struct {
	*httptest.Server
	posts  atomic.Int32
	answer func(w http.ResponseWriter, r *http.Request, form map[string]string)

	mu     sync.Mutex
	form   map[string]string // the fields of the last request
	words  []string          // the prompts of all requests
	faults []string          // what was wrong with requests
}

func newService(t *testing.T, answer func(http.ResponseWriter, *http.Request, map[string]string)) *service {
	t.Helper()
	s := &service{answer: answer}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/images/edits", s.edits)
	mux.HandleFunc("GET /made.png", func(w http.ResponseWriter, r *http.Request) { w.Write(red(256)) })
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	t.Setenv("OVERPAINT_API_KEY", key)
	return s
}

func (s *service) edits(w http.ResponseWriter, r *http.Request) {
	s.posts.Add(1)
	fault := func(format string, args ...any) {
		s.mu.Lock()
		s.faults = append(s.faults, fmt.Sprintf(format, args...))
		s.mu.Unlock()
	}
	if r.Header.Get("Authorization") != "Bearer "+key {
		fault("Authorization %q", r.Header.Get("Authorization"))
	}
	reader, err := r.MultipartReader()
	if err != nil {
		fault("no multipart: %v", err)
		return
	}
	form := map[string]string{}
	for {
		p, err := reader.NextPart()
		if err != nil {
			break
		}
		data, _ := io.ReadAll(p)
		form[p.FormName()] = string(data)
		if p.FormName() == "image" || p.FormName() == "mask" {
			img, err := png.DecodeConfig(bytes.NewReader(data))
			if err != nil || img.Width != img.Height || len(data) >= 4<<20 || data[25] != 6 {
				fault("%s: %v, %dx%d, %d bytes, colour type %d", p.FormName(), err, img.Width, img.Height, len(data), data[25])
			}
		}
	}
	s.mu.Lock()
	s.form, s.words = form, append(s.words, form["prompt"])
	s.mu.Unlock()
	s.answer(w, r, form)
}

// prompted reports whether a request had a prompt.
func (s *service) prompted(words string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.words, words)
}

// red is a square of one colour.
func red(side int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.Set(i%side, i/side, color.NRGBA{200, 20, 20, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pictures answers with as many pictures as want allows.
func pictures(most int, s **service) func(http.ResponseWriter, *http.Request, map[string]string) {
	return func(w http.ResponseWriter, r *http.Request, form map[string]string) {
		n := 1
		fmt.Sscan(form["n"], &n)
		var data []map[string]string
		for range min(n, most) {
			if form["response_format"] == "b64_json" {
				data = append(data, map[string]string{"b64_json": base64.StdEncoding.EncodeToString(red(1024)), "revised_prompt": "redder"})
			} else {
				data = append(data, map[string]string{"url": (*s).URL + "/made.png"})
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "req-1")
		json.NewEncoder(w).Encode(map[string]any{"created": 1, "data": data})
	}
}

func TestEditWithAService(t *testing.T) {
	for _, format := range []string{"url", "b64_json"} {
		t.Run(format, func(t *testing.T) {
			b := newBench(t)
			var s *service
			s = newService(t, pictures(10, &s))
			o := b.edit("-base-url", s.URL+"/v1", "-model", "dall-e-2", "-prompt", "a hat", "-n", "2", "-size", "256x256",
				"-response-format", format, "-user", "someone", "-json")
			if o.status != 0 || len(s.faults) > 0 || s.posts.Load() != 1 {
				t.Fatalf("status %d, %d requests, faults %q: %s", o.status, s.posts.Load(), s.faults, o.stderr)
			}
			want := map[string]string{"prompt": "a hat", "model": "dall-e-2", "n": "2", "size": "256x256", "response_format": format, "user": "someone"}
			for name, value := range want {
				if s.form[name] != value {
					t.Errorf("%s = %q, want %q", name, s.form[name], value)
				}
			}
			for i := range 2 {
				if n := compare(t, b.result(fmt.Sprintf("beach-%d.png", i+1)), b.pixels, hole); n == 0 {
					t.Error("the hole is as it was")
				}
			}
			done := o.last(t, "done")
			if done["outside_changed"] != 0.0 || done["service_changed_percent"].(float64) < 90 || done["request_id"] != "req-1" {
				t.Errorf("done: %v", done)
			}
			var v map[string]any
			for _, e := range o.events(t) {
				if e["event"] == "variant" {
					v = e
				}
			}
			if m, _ := v["motion"].(map[string]any); m["finding"] != "other" || v["changed_percent"].(float64) < 90 || v["scale"].(float64) < 0.1 {
				t.Errorf("of a red square: %v", v)
			}
			kinds := map[string]bool{}
			for _, e := range o.events(t) {
				kinds[e["event"].(string)] = true
			}
			if !kinds["sent"] || !kinds["progress"] {
				t.Errorf("events: %v", kinds)
			}
			noSecrets(t, b.dir, o)
			remembered(t, b)
		})
	}
}

// remembered checks the history's entry of an edit with two variants.
func remembered(t *testing.T, b *bench) {
	t.Helper()
	h, err := history.OpenDefault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	items, err := h.List(t.Context(), history.Filter{})
	if err != nil || len(items) != 1 {
		t.Fatalf("%d jobs in the history, %v", len(items), err)
	}
	i := items[0]
	if !i.Over || i.Outcome != "" || i.Prompt != "a hat" || i.Source != b.image || len(i.Variants) != 2 {
		t.Fatalf("the history has %+v", i)
	}
	for n, v := range i.Variants {
		if v.Saved != filepath.Join(b.out, fmt.Sprintf("beach-%d.png", n+1)) {
			t.Errorf("variant %d was saved as %q", n, v.Saved)
		}
	}
}

// TestWithoutAHistory: without a history no request is sent, unless a flag allows it.
func TestWithoutAHistory(t *testing.T) {
	b := newBench(t)
	var s *service
	s = newService(t, pictures(1, &s))
	write(t, b.path("home/data"), nil) // a file where the folder should be
	if o := b.ask(s); o.status != 2 || s.posts.Load() != 0 || !strings.Contains(o.stderr, "-unrecorded") {
		t.Fatalf("status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	o := b.ask(s, "-unrecorded")
	if o.status != 0 || s.posts.Load() != 1 || b.files() != "beach-1.png" || !strings.Contains(o.stderr, "history") {
		t.Fatalf("status %d, files %s: %s", o.status, b.files(), o.stderr)
	}
}

// ask runs edit against a service, at the smallest size.
func (b *bench) ask(s *service, args ...string) outcome {
	b.t.Helper()
	return b.edit(append([]string{"-base-url", s.URL + "/v1", "-model", "m", "-prompt", "x", "-size", "256x256", "-json"}, args...)...)
}

// noSecrets searches all files and the output of a run for the key, and the pictures for the
// user's name and the connection's.
func noSecrets(t *testing.T, dir string, o outcome) {
	t.Helper()
	if strings.Contains(o.stdout+o.stderr, key) {
		t.Error("the key was printed")
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(key)) {
			t.Errorf("%s holds the key", path)
		}
		if filepath.Ext(path) == ".png" && (bytes.Contains(raw, []byte("someone")) || bytes.Contains(raw, []byte("127.0.0.1"))) {
			t.Errorf("%s names the user or the connection", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestASavedConnectionIsUsedByName(t *testing.T) {
	b := newBench(t)
	var s *service
	s = newService(t, pictures(10, &s))
	saved := settings.Default()
	c := settings.Custom("My relay", s.URL+"/v1")
	c.Model, c.User, c.ResponseFormat = "some-model", "me", "b64_json"
	saved.Put(c)
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { *s = *saved }); err != nil {
		t.Fatal(err)
	}
	if o := b.edit("-engine", "my relay", "-prompt", "x"); o.status != 0 {
		t.Fatal(o.stderr)
	}
	if f := s.form; f["model"] != "some-model" || f["user"] != "me" || f["response_format"] != "b64_json" || f["n"] != "" || f["size"] != "" {
		t.Fatalf("form %v, %v, %v, %q, %q", f["model"], f["user"], f["response_format"], f["n"], f["size"])
	}
	if o := b.edit("-engine", "My relay", "-model", "other", "-prompt", "x", "-size", "256x256"); o.status != 0 || s.form["model"] != "other" {
		t.Fatalf("model %q: %s", s.form["model"], o.stderr)
	}
}

func TestMonthlyCap(t *testing.T) {
	b := newBench(t)
	var s *service
	s = newService(t, pictures(10, &s))
	saved := settings.Default()
	c := settings.Custom("Relay", s.URL+"/v1")
	c.Price = settings.Price{Picture: 20_000, Currency: "USD"}
	saved.Put(c)
	saved.MonthlyCap = 50_000
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { *s = *saved }); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, 2} { // 40000 of 50000, then 80000
		o := b.edit("-engine", "Relay", "-prompt", "x", "-n", "2", "-size", "256x256")
		if o.status != want {
			t.Fatalf("run %d: status %d, want %d: %s", i, o.status, want, o.stderr)
		}
	}
	if s.posts.Load() != 1 {
		t.Fatalf("%d requests", s.posts.Load())
	}
}

func TestFewerPicturesThanAsked(t *testing.T) {
	b := newBench(t)
	var s *service
	s = newService(t, pictures(1, &s))
	o := b.ask(s, "-n", "3")
	if o.status != 0 || s.posts.Load() != 1 {
		t.Fatalf("status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	done := o.last(t, "done")
	if done["asked"] != 3.0 || done["got"] != 1.0 || done["message"] == nil || b.files() != "beach-1.png" {
		t.Fatalf("done: %v, files %s", done, b.files())
	}
}

func TestExitStatusOfFaults(t *testing.T) {
	fails := func(code int, body string) func(http.ResponseWriter, *http.Request, map[string]string) {
		return func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Request-Id", "req-9")
			w.WriteHeader(code)
			io.WriteString(w, body)
		}
	}
	cases := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request, map[string]string)
		status int
		kind   string
	}{
		{"key", fails(401, `{"error":{"message":"bad key","code":"invalid_api_key"}}`), 3, "auth"},
		{"quota", fails(429, `{"error":{"message":"no money","code":"insufficient_quota"}}`), 3, "quota"},
		{"moderation", fails(400, `{"error":{"message":"no","code":"moderation_blocked"}}`), 3, "moderation"},
		{"rejected", fails(400, `{"error":{"message":"no such size"}}`), 3, "rejected"},
		{"web page", fails(200, `<!DOCTYPE html><html><body>hello</body></html>`), 3, "not_service"},
		{"no data", fails(200, `{"created":1,"data":[]}`), 3, "empty"},
		{"error inside a 200", fails(200, `{"error":{"message":"oh"}}`), 3, "rejected"},
		{"too long to wait", func(w http.ResponseWriter, r *http.Request, form map[string]string) {
			w.Header().Set("Retry-After", "3600")
			fails(429, `{"error":{"message":"slow down","code":"rate_limit_exceeded"}}`)(w, r, form)
		}, 3, "rate"},
		{"moved", func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
			http.Redirect(w, r, "https://elsewhere.example/v1/images/edits", http.StatusFound)
		}, 3, "moved"},
		{"500", fails(500, `{}`), 4, "unknown"},
		{"524", fails(524, `<html>timeout</html>`), 4, "unknown"},
		{"cut off", func(w http.ResponseWriter, r *http.Request, _ map[string]string) { panic(http.ErrAbortHandler) }, 4, "unknown"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			s := newService(t, c.answer)
			o := b.ask(s)
			e := o.last(t, "error")
			if o.status != c.status || e["kind"] != c.kind {
				t.Fatalf("status %d, kind %v; want %d, %s: %s", o.status, e["kind"], c.status, c.kind, o.stderr)
			}
			if s.posts.Load() != 1 {
				t.Errorf("%d requests", s.posts.Load())
			}
			if strings.Count(o.stderr, "\n") != 1 || b.files() != "" {
				t.Errorf("stderr %q, files %q", o.stderr, b.files())
			}
			if c.kind == "auth" && (e["status"] != 401.0 || e["code"] != "invalid_api_key" || e["request_id"] != "req-9") {
				t.Errorf("event %v", e)
			}
			noSecrets(t, b.dir, o)
		})
	}
}

func TestAServiceThatDoesNotListen(t *testing.T) {
	b := newBench(t)
	s := newService(t, nil)
	s.Close()
	o := b.ask(s)
	if e := o.last(t, "error"); o.status != 4 || e["kind"] != "network" {
		t.Fatalf("status %d: %v", o.status, e)
	}
	paused := 0
	for _, e := range o.events(t) {
		if e["stage"] == "pausing" && e["until"] != nil {
			paused++
		}
	}
	if paused != 2 {
		t.Fatalf("%d pauses between tries, want 2", paused)
	}
}

func TestRepeatedOnlyWhenNothingWasCharged(t *testing.T) {
	b := newBench(t)
	var s *service
	good := pictures(1, &s)
	s = newService(t, func(w http.ResponseWriter, r *http.Request, form map[string]string) {
		if s.posts.Load() == 1 {
			w.Header().Set("Retry-After-Ms", "1")
			w.WriteHeader(429)
			io.WriteString(w, `{"error":{"message":"slow down","code":"rate_limit_exceeded"}}`)
			return
		}
		good(w, r, form)
	})
	o := b.ask(s)
	if o.status != 0 || s.posts.Load() != 2 || b.files() != "beach-1.png" {
		t.Fatalf("status %d, %d requests, files %s: %s", o.status, s.posts.Load(), b.files(), o.stderr)
	}
}

func TestInterrupted(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	hold := make(chan struct{})
	s := newService(t, func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		cancel()
		<-hold
	})
	defer close(hold)
	o := run(ctx, "edit", "-mask", b.path("mask.png"), "-out", b.out, "-base-url", s.URL+"/v1", "-model", "m", "-prompt", "x", "-json", b.image)
	if e := o.last(t, "error"); o.status != 130 || e["kind"] != "cancelled" {
		t.Fatalf("status %d: %v", o.status, e)
	}
	if b.files() != "" || s.posts.Load() != 1 {
		t.Fatalf("files %s, %d requests", b.files(), s.posts.Load())
	}
	// An interrupt before the run begins, too.
	if o := run(ctx, "edit", "-mask", b.path("mask.png"), "-out", b.out, b.image); o.status != 130 {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
}
