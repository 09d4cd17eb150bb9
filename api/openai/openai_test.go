package openai_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

func TestMain(m *testing.M) {
	os.Unsetenv("HTTP_PROXY")
	os.Unsetenv("HTTPS_PROXY")
	goleak.VerifyTestMain(m)
}

// run is one edit and all that came of it.
type run struct {
	result   api.Result
	err      *api.Error
	events   []api.Event
	answers  []api.Answer
	raws     []api.Kept
	partials []api.Partial
	notices  []string
	quirks   settings.Quirks
}

// setup changes what an edit is made with.
type setup func(*openai.Config, *api.Request)

func key(value string) func(context.Context) (secret.Key, error) {
	return func(context.Context) (secret.Key, error) { return secret.New(value), nil }
}

// request returns an edit of the middle of a picture of noise.
func request(side int) *api.Request {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range side {
		for x := range side {
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(x), uint8(y), uint8(r.IntN(8)), 255
		}
	}
	mask := image.NewAlpha(img.Rect)
	for y := side / 4; y < side/2; y++ {
		for x := side / 4; x < side/2; x++ {
			mask.Pix[mask.PixOffset(x, y)] = uint8(1 + r.IntN(255))
		}
	}
	return &api.Request{
		Image: img, Mask: mask, Prompt: "a red door", Model: "dall-e-2", N: 1, Size: image.Pt(256, 256),
		ResponseFormat: "b64_json",
	}
}

// edit makes an edit against a relay.
func edit(t *testing.T, ctx context.Context, base string, setups ...setup) run {
	t.Helper()
	var r run
	c := openai.Config{
		Connection: settings.Connection{ID: "test", BaseURL: base, Profile: "classic"},
		Key:        key(apitest.Key),
		Learn:      func(q settings.Quirks) { r.quirks = q },
	}
	req := request(256)
	for _, s := range setups {
		s(&c, req)
	}
	e := openai.New(c)
	defer e.Close()
	rec := &apitest.Recorder{}
	result, err := e.Edit(ctx, req, rec)
	r.take(t, rec)
	r.result, r.err = result, nil
	if err != nil && !errors.As(err, &r.err) {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	r.check(t)
	return r
}

// take sorts what was reported.
func (r *run) take(t *testing.T, rec *apitest.Recorder) {
	t.Helper()
	for _, fault := range rec.Faults() {
		t.Error(fault)
	}
	r.events, r.raws = rec.Events(), rec.Kept()
	for _, event := range r.events {
		switch v := event.(type) {
		case api.Answer:
			r.answers = append(r.answers, v)
		case api.Partial:
			r.partials = append(r.partials, v)
		case api.Notice:
			r.notices = append(r.notices, v.Sentence.Key)
		}
	}
}

// check holds for every edit: the count is right, the error has a sentence in
// both languages, and the key is nowhere.
func (r *run) check(t *testing.T) {
	t.Helper()
	if r.result.Got != len(r.answers) {
		t.Errorf("Got is %d, but there were %d answers", r.result.Got, len(r.answers))
	}
	if len(r.answers) > 0 && len(r.raws) == 0 {
		t.Error("a picture came without its raw answer")
	}
	if r.err != nil {
		sentences(t, r.err.Text())
	}
	for _, n := range r.notices {
		sentences(t, api.Sentence{Key: n})
	}
	everything := fmt.Sprintf("%+v %v", r.result, r.notices)
	if r.err != nil {
		everything += fmt.Sprintf("%+v %#v %v", *r.err, *r.err, r.err)
	}
	if strings.Contains(everything, "MARKED") {
		t.Errorf("the key is in %s", everything)
	}
}

// sentences checks that a sentence is there in each language, with all of its
// places filled.
func sentences(t *testing.T, s api.Sentence) {
	t.Helper()
	defer text.Use("")
	seen := map[string]bool{}
	for _, lang := range text.Languages() {
		text.Use(lang)
		said := text.T(s.Key, s.Args...)
		if said == s.Key || strings.Contains(said, "<no value>") && len(s.Args) > 0 || seen[said] {
			t.Errorf("%s in %s: %q", s.Key, lang, said)
		}
		seen[said] = true
	}
}

func asking(n int) setup { return func(_ *openai.Config, r *api.Request) { r.N = n } }

func format(name string) setup {
	return func(_ *openai.Config, r *api.Request) { r.ResponseFormat = name }
}

// painted checks that the answer is the relay's edit of the request's picture.
func painted(t *testing.T, req *api.Request, a api.Answer) {
	t.Helper()
	size := req.Image.Rect.Size()
	if a.Image.Rect.Size() != size {
		t.Fatalf("variant %d is %v, not %v", a.Index, a.Image.Rect.Size(), size)
	}
	for y := range size.Y {
		for x := range size.X {
			want := req.Image.NRGBAAt(x, y)
			if req.Mask.AlphaAt(x, y).A > 0 {
				want = apitest.Paint(req.Prompt, a.Index, x, y)
			}
			if got := a.Image.NRGBAAt(x, y); got != want {
				t.Fatalf("variant %d, pixel %d,%d is %v, want %v", a.Index, x, y, got, want)
			}
		}
	}
}

// quiet swallows what test servers log.
var quiet = log.New(io.Discard, "", 0)

// ending is a context that a test ends at its will, as if it were cancelled or
// had run out of time: no clock has a part in it.
type ending struct {
	context.Context
	done chan struct{}
	once sync.Once
	err  error

	mu      sync.Mutex
	derived []func() // end the contexts that are derived from this one
}

func newEnding(way string) (context.Context, func()) {
	e := &ending{Context: context.Background(), done: make(chan struct{}), err: context.Canceled}
	if way == "deadline" {
		e.err = context.DeadlineExceeded
	}
	return e, func() {
		e.once.Do(func() {
			e.mu.Lock()
			close(e.done)
			derived := e.derived
			e.mu.Unlock()
			for _, end := range derived {
				end()
			}
		})
	}
}

// AfterFunc is what contexts that are derived from this one look for: they end
// before the end is called back, as they do with the standard library's own.
func (e *ending) AfterFunc(end func()) func() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.Err() != nil {
		go end()
		return func() bool { return false }
	}
	e.derived = append(e.derived, end)
	return func() bool { return false }
}

func (e *ending) Done() <-chan struct{} { return e.done }

func (e *ending) Err() error {
	select {
	case <-e.done:
		return e.err
	default:
		return nil
	}
}

// TestEncode makes the files that are then sent, and that are not made again
// unless the service reads the mask otherwise or the limit is another by then.
func TestEncode(t *testing.T) {
	relay := apitest.New(t)
	connection := settings.Connection{BaseURL: relay.URL, Profile: "classic"}
	e := openai.New(openai.Config{Connection: connection, Key: key(apitest.Key)})
	defer e.Close()
	req := request(256)
	files, err := e.Encode(t.Context(), req)
	if err != nil || relay.Posts() != 0 || files.Size != req.Image.Rect.Size() || files.Scaled || files.Inverted {
		t.Fatalf("%v, %d requests, %+v", err, relay.Posts(), files.Size)
	}
	// A comment chunk tells these files from any that are made anew.
	marked := *files
	marked.Image = withComment(files.Image)
	for name, c := range map[string]struct {
		setup setup
		used  bool
	}{
		"as it was": {func(*openai.Config, *api.Request) {}, true},
		"the mask the other way round": {func(c *openai.Config, _ *api.Request) {
			c.Connection.Quirks.Mask = settings.MaskInverted
		}, false},
		"a lower limit":     {func(c *openai.Config, _ *api.Request) { c.Connection.Limits.ImageBytes = int64(len(marked.Image)) }, false},
		"no mask any more":  {func(_ *openai.Config, q *api.Request) { q.Mask, q.Image.Pix[3] = nil, 0 }, false},
		"without the files": {func(_ *openai.Config, q *api.Request) { q.Files = nil }, false},
	} {
		relay := apitest.New(t)
		if name == "the mask the other way round" {
			relay.Use("mask-exchanged")
		}
		r := edit(t, t.Context(), relay.URL, func(_ *openai.Config, q *api.Request) { q.Files = &marked }, c.setup)
		if r.err != nil {
			t.Errorf("%s: %v", name, r.err)
			continue
		}
		if got := bytes.Equal(relay.Last().File("image").Data, marked.Image); got != c.used {
			t.Errorf("%s: the files were used: %v", name, got)
		}
	}
}

// withComment returns a PNG with a tEXt chunk behind its header.
func withComment(png []byte) []byte {
	chunk := []byte("\x00\x00\x00\x0btEXtComment\x00mine")
	chunk[3] = byte(len(chunk) - 8)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(png[:33], chunk, png[33:])
}
