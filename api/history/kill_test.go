package history_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/api/worker"
)

// The environment of the process that is killed.
const (
	childFolder  = "OVERPAINT_TEST_HISTORY"
	childAddress = "OVERPAINT_TEST_ADDRESS"
	childStop    = "OVERPAINT_TEST_STOP"
	markedKey    = "sk-marked-51c0d2"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		if os.Getenv(childStop) == "cap" {
			askFour(folder)
			os.Exit(0)
		}
		if when, ok := strings.CutPrefix(os.Getenv(childStop), "full "); ok {
			shortOfRoom(folder, when)
			os.Exit(0)
		}
		child(folder)
	}
	os.Exit(m.Run())
}

func connection(address string) settings.Connection {
	c := settings.Custom("Relay", address)
	c.ID, c.Price = "relay", settings.Price{Picture: 20_000, Currency: "USD"}
	return c
}

func engine(address string) *openai.Engine {
	return openai.New(openai.Config{
		Connection: connection(address),
		Key:        func(context.Context) (secret.Key, error) { return secret.New(markedKey), nil },
	})
}

// child is a program that makes one edit of two variants, and stops where it is
// told to, until it is killed.
func child(folder string) {
	s, err := history.Open(context.Background(), folder)
	if err != nil {
		panic(err)
	}
	e := entry("a red hat", 2)
	e.Request.Options, e.Request.Mask = nil, image.NewAlpha(image.Rect(0, 0, 64, 64))
	e.Request.Image, e.Request.Size, e.Request.Mask.Pix[5] = plain(64, 7), image.Pt(256, 256), 255
	if os.Getenv(childStop) == "fetching" {
		e.Request.ResponseFormat = "url"
	} else {
		e.Request.ResponseFormat = "b64_json"
	}
	w := worker.New(worker.Options{})
	_, err = w.Add(worker.Job{
		Connection: "relay", Engine: engine(os.Getenv(childAddress)), Request: e.Request,
		Keeper: stopper{record(s, e)},
	})
	if err != nil {
		panic(err)
	}
	w.Wait(context.Background())
	fmt.Println("over")
	stay()
}

// stay waits to be killed.
func stay() {
	for {
		time.Sleep(time.Hour) // Go ends a program all of whose goroutines wait for each other
	}
}

// stop says that a step was reached and stays there, if it is the one.
func stop(step string) {
	if os.Getenv(childStop) == step {
		fmt.Println("stopped")
		stay()
	}
}

// stopper stops around what its Keeper does.
type stopper struct{ *history.Record }

func (k stopper) Keep(e api.Event) error {
	switch e := e.(type) {
	case api.Answer:
		stop(fmt.Sprintf("decoding %d", e.Index))
		defer stop(fmt.Sprintf("saved %d", e.Index))
	}
	return k.Record.Keep(e)
}

func (k stopper) Spool(at api.Arrival) (io.WriteCloser, error) {
	w, err := k.Record.Spool(at)
	return spool{w}, err
}

// spool stops around the end of an answer.
type spool struct{ io.WriteCloser }

func (s spool) Close() error {
	stop("before keeping")
	defer stop("after keeping")
	return s.WriteCloser.Close()
}

// record writes the job down, and stops before and after.
func record(s *history.Store, e history.Entry) *history.Record {
	stop("before recording")
	r, err := s.Record(context.Background(), e)
	if err != nil {
		panic(err)
	}
	stop("before sending")
	return r
}

func (k stopper) End(r api.Result, err *api.Error) {
	stop("before the end")
	k.Record.End(r, err)
	stop("after the end")
}

// relay is the service: it answers with two pictures, and can hold still in the
// middle of things.
type relay struct {
	*httptest.Server
	posts   atomic.Int32
	hold    string
	free    atomic.Bool // it holds still no more
	flushed atomic.Int64
	// complete tells that the whole answer was sent.
	complete atomic.Bool
	reached  chan struct{}
	done     chan struct{}
}

func newRelay(t *testing.T, hold string) *relay {
	r := &relay{hold: hold, reached: make(chan struct{}, 10), done: make(chan struct{})}
	r.Server = httptest.NewServer(r)
	t.Cleanup(func() { close(r.done); r.CloseClientConnections(); r.Close() })
	return r
}

// at holds still, if it is the step to do so, and reports that.
func (r *relay) at(step string) bool {
	if r.hold != step || r.free.Load() {
		return false
	}
	r.reached <- struct{}{}
	<-r.done
	return true
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodGet {
		if req.URL.Path == "/1.png" && r.at("fetching") {
			return
		}
		w.Write(r.picture(int(req.URL.Path[1] - '0')))
		return
	}
	r.posts.Add(1)
	if _, err := io.CopyN(io.Discard, req.Body, 100); err != nil || r.at("uploading") {
		return
	}
	io.Copy(io.Discard, req.Body)
	if r.at("waiting") {
		return
	}
	var data []map[string]string
	for i := range 2 {
		if r.hold == "fetching" {
			data = append(data, map[string]string{"url": fmt.Sprintf("/%d.png", i)})
		} else {
			data = append(data, map[string]string{"b64_json": base64.StdEncoding.EncodeToString(r.picture(i))})
		}
	}
	body, err := json.Marshal(map[string]any{"data": data})
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.Write(body[:len(body)/4])
	w.(http.Flusher).Flush()
	if r.at("answering") {
		return
	}
	w.Write(body[len(body)/4 : len(body)*3/4])
	w.(http.Flusher).Flush()
	r.flushed.Store(int64(len(body) * 3 / 4))
	if r.at("answering further") {
		return
	}
	w.Write(body[len(body)*3/4:])
	r.flushed.Store(int64(len(body)))
	r.complete.Store(true)
}

func (r *relay) picture(i int) []byte {
	var t testing.T
	return encode(&t, plain(256, uint8(i)))
}

// TestKilledAtEveryStep kills the program at each step of a job. On the next
// start all that was answered is there, and nothing is sent again.
func TestKilledAtEveryStep(t *testing.T) {
	const (
		none = "no job" // nothing was recorded
		all  = ""       // both variants are there
		part = "unknown, one variant"
	)
	steps := []struct {
		name      string
		byRelay   bool // the relay says that the step is reached
		posts     int
		outcome   string
		recovered bool
	}{
		{"before recording", false, 0, none, false},
		{"before sending", false, 0, string(api.KindCancelled), true},
		{"uploading", true, 1, string(api.KindUnknown), true},
		{"waiting", true, 1, string(api.KindUnknown), true},
		{"answering", true, 1, string(api.KindUnknown), true},
		{"answering further", true, 1, part, true},
		{"before keeping", false, 1, all, true}, // before the end of the bytes is written down
		{"after keeping", false, 1, all, true},
		{"fetching", true, 1, all, true},
		{"decoding 0", false, 1, all, true},
		{"saved 0", false, 1, all, true},
		{"decoding 1", false, 1, all, true},
		{"saved 1", false, 1, all, true},
		{"before the end", false, 1, all, true},
		{"after the end", false, 1, all, false},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			for range kills {
				folder := t.TempDir()
				r := newRelay(t, step.name)
				kill(t, r, folder, step.name, step.byRelay)
				r.free.Store(true)
				s := open(t, folder, nil)
				// The picture that was held back can be fetched now.
				again := newRelay(t, "")
				found, err := s.Recover(t.Context(), decoder(again))
				if err != nil || (len(found) == 1) != step.recovered {
					t.Fatalf("recovered %v, %v", found, err)
				}
				if n := int(r.posts.Load()); n != step.posts || again.posts.Load() != 0 {
					t.Fatalf("%d requests before and %d after, want %d and 0", n, again.posts.Load(), step.posts)
				}
				check(t, s, step.outcome)
				noKey(t, folder)
				if found, err := s.Recover(t.Context(), nil); err != nil || len(found) != 0 {
					t.Fatalf("found %v once more, %v", found, err)
				}
				s.Close()
			}
		})
	}
}

// kill runs the program until it has reached a step and kills it there.
func kill(t *testing.T, r *relay, folder, step string, byRelay bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+folder, childAddress+"="+r.URL+"/v1", childStop+"="+step)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if byRelay {
		<-r.reached
		for step == "answering further" && spooled(folder) < r.flushed.Load() {
			runtime.Gosched() // the program has not read all of it yet
		}
	} else if line, err := bufio.NewReader(out).ReadString('\n'); line != "stopped\n" {
		t.Errorf("the program says %q, %v", line, err)
	}
	if strings.HasPrefix(step, "decoding") || strings.HasPrefix(step, "saved") {
		for !r.complete.Load() || spooled(folder) < r.flushed.Load() {
			runtime.Gosched() // pictures are decoded while the rest of the answer arrives
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
}

// spooled is how many bytes of answers a history holds.
func spooled(folder string) (n int64) {
	found, _ := filepath.Glob(filepath.Join(folder, "answers", "*"))
	for _, path := range found {
		if info, err := os.Stat(path); err == nil {
			n += info.Size()
		}
	}
	return n
}

// decoder makes variants by the real engine.
func decoder(r *relay) history.Decoder {
	return func(ctx context.Context, _ history.KeptJob, raw api.Kept) (api.Recovered, error) {
		e := engine(r.URL + "/v1")
		defer e.Close()
		return e.Recover(ctx, raw)
	}
}

// noKey searches all files of the history for the key.
func noKey(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(markedKey)) {
			t.Errorf("%s holds the key", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// check looks at what the history has of the job that was killed.
func check(t *testing.T, s *history.Store, outcome string) {
	t.Helper()
	items := list(t, s, history.Filter{})
	if outcome == "no job" {
		if len(items) != 0 {
			t.Fatalf("there is a job: %+v", items)
		}
		return
	}
	outcome, more, _ := strings.Cut(outcome, ",")
	if len(items) != 1 || !items[0].Over || string(items[0].Outcome) != outcome {
		t.Fatalf("the history has %+v, want the outcome %q", items, outcome)
	}
	i := items[0]
	want := 0
	switch {
	case outcome == "":
		want = 2
	case more != "":
		want = 1
	}
	if len(i.Variants) != want {
		t.Fatalf("%d variants, want %d", len(i.Variants), want)
	}
	for n, v := range i.Variants {
		raw, err := s.File(v.File)
		if err != nil || string(raw) != string(encode(t, plain(256, uint8(n)))) {
			t.Fatalf("variant %d is not the picture that was answered (%v)", n, err)
		}
	}
	totals, err := s.Totals(t.Context(), history.ByDay, i.Created, i.Created)
	if err != nil {
		t.Fatal(err)
	}
	uncertain, pictures := 0, 0
	for _, x := range totals {
		uncertain, pictures = uncertain+x.Uncertain, pictures+x.Pictures
	}
	if pictures != want || (uncertain == 1) != (outcome == string(api.KindUnknown)) {
		t.Fatalf("totals %+v", totals)
	}
}
