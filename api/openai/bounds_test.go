package openai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
)

// TestWhatIsWholeIsDelivered, whatever ends the transfer.
func TestWhatIsWholeIsDelivered(t *testing.T) {
	for name, want := range map[string]struct {
		got int
		key string
	}{
		"stall-90":    {8, "error.unknown_slow"},
		"slow-90":     {8, "error.unknown_slow"},
		"cut-90":      {8, "error.unknown_cut"},
		"cut-after-2": {2, "error.unknown_cut"},
		"cut-last":    {8, "error.unknown_cut"},
		"stall-usage": {9, ""},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			var req *api.Request
			r := edit(t, t.Context(), relay.URL, asking(9), func(c *openai.Config, q *api.Request) {
				c.MinRate, c.RateWindow, req = 1024, time.Second, q // what trickles is far below, what comes at once far above
			})
			key := ""
			if r.err != nil {
				key = r.err.Text().Key
			}
			if r.result.Got != want.got || key != want.key || relay.Posts() != 1 {
				t.Fatalf("got %d, %v, %d POSTs", r.result.Got, r.err, relay.Posts())
			}
			for _, a := range r.answers {
				painted(t, req, a)
			}
			// What was spooled gives the same again.
			e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL}, Key: nil})
			defer e.Close()
			again, err := e.Recover(t.Context(), r.raws[0])
			if err != nil || len(again.Answers) != want.got || again.Whole {
				t.Errorf("recovered %d, whole %v, %v", len(again.Answers), again.Whole, err)
			}
		})
	}
}

// TestStoppedAtEveryStage cancels while the service keeps still at each stage. What
// is whole by then is delivered, and nobody is waited for.
func TestStoppedAtEveryStage(t *testing.T) {
	uploading := func(e api.Event) bool {
		p, ok := e.(api.Progress)
		return ok && p.Stage == api.Uploading && p.Fraction > 0
	}
	second := func(e api.Event) bool { a, ok := e.(api.Answer); return ok && a.Index == 1 }
	downloaded := func(e api.Event) bool {
		p, ok := e.(api.Progress)
		return ok && p.Stage == api.Downloading && p.Fraction == 1
	}
	for name, c := range map[string]struct {
		scenario string
		setup    setup
		// at tells by an event that the stage is reached; nil leaves that to the
		// other side: the relay, which has the request, or who takes connections.
		at   func(api.Event) bool
		sent bool
		got  int
	}{
		"key":       {"", nil, nil, false, 0},
		"handshake": {"", nil, nil, false, 0},
		"proxy":     {"", nil, nil, false, 0},
		"upload":    {"hang-upload", big, uploading, false, 0},
		"waiting":   {"hang", nil, nil, true, 0},
		"head":      {"stall-head", nil, nil, true, 0},
		"download":  {"stall-90", nil, second, true, 2},
		"picture":   {"hang-picture", nil, downloaded, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
			if err != nil {
				t.Fatal(err)
			}
			defer silent.Close()
			relay := apitest.New(t)
			relay.Use(c.scenario)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var once sync.Once
			var stopped time.Time
			stop := func() { once.Do(func() { stopped = time.Now(); cancel() }) }
			config := openai.Config{Connection: settings.Connection{BaseURL: relay.URL, Profile: "classic"}, Key: key(apitest.Key)}
			req := request(256)
			req.N = 3
			if c.setup != nil {
				c.setup(&config, req)
			}
			switch name {
			case "key":
				never := make(chan struct{})
				defer close(never)
				config.Key = func(context.Context) (secret.Key, error) { stop(); <-never; return secret.Key{}, nil }
			case "handshake":
				config.Connection.BaseURL = "https://" + silent.Addr().String()
			case "proxy":
				config.Connection.BaseURL, config.Connection.Proxy = "https://example.invalid/v1", "http://"+silent.Addr().String()
			}
			var others sync.WaitGroup
			defer others.Wait()
			over := make(chan struct{})
			defer close(over)
			others.Go(func() {
				if conn, err := silent.Accept(); err == nil {
					stop()
					<-over
					conn.Close()
				}
			})
			others.Go(func() {
				select {
				case <-relay.Arrived():
					if c.at == nil {
						stop()
					}
				case <-over:
				}
			})
			e := openai.New(config)
			defer e.Close()
			rec := &apitest.Recorder{On: func(event api.Event) error {
				if c.at != nil && c.at(event) {
					stop()
				}
				return nil
			}}
			result, err := e.Edit(ctx, req, rec)
			once.Do(func() { t.Error("the stage was never reached") })
			if late := time.Since(stopped); late > 2*time.Second {
				t.Errorf("it went on for %v", late)
			}
			fault := api.AsError(err)
			if fault == nil || fault.Kind != api.KindCancelled || (fault.Text().Key == api.CancelledSent) != c.sent || result.Got != c.got {
				t.Errorf("%v %+v", err, result)
			}
			for _, f := range rec.Faults() {
				t.Error(f)
			}
			silent.Close()
		})
	}
}

// TestFreeCallsHaveLimits: a list of models and a picture that don't come are not
// waited for.
func TestFreeCallsHaveLimits(t *testing.T) {
	relay := apitest.New(t)
	limits := api.FreeLimits{Connect: 100 * time.Millisecond, Silence: 100 * time.Millisecond}
	relay.Use("stall-models")
	e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL}, Key: key(apitest.Key), Free: limits})
	defer e.Close()
	_, err := e.Test(t.Context())
	if fault := api.AsError(err); fault == nil || fault.Kind != api.KindNetwork || fault.Text().Key != "error.network_silent" {
		t.Errorf("%v", err)
	} else {
		sentences(t, fault.Text())
	}
	relay.Use("hang-picture")
	r := edit(t, t.Context(), relay.URL, func(c *openai.Config, _ *api.Request) { c.Free = limits })
	if r.err == nil || r.err.Text().Key != "error.unknown_download" {
		t.Errorf("%v", r.err)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	e2 := openai.New(openai.Config{Connection: settings.Connection{BaseURL: "https://" + silent.Addr().String()}, Key: key(apitest.Key), Free: limits})
	defer e2.Close()
	if _, err := e2.Models(t.Context()); err == nil {
		t.Error("a server that says nothing is connected to")
	}
	// An answer that takes its time for a paid picture is not hurried.
	if r := edit(t, t.Context(), apitest.New(t).URL, func(c *openai.Config, _ *api.Request) { c.Free = limits }); r.err != nil {
		t.Error(r.err)
	}
}

// TestBounds takes what was asked for and two more, and no picture of far more
// pixels, and says so.
func TestBounds(t *testing.T) {
	for name, want := range map[string]struct {
		got    int
		notice string
		key    string
		gets   int
	}{
		"many-pictures":     {4, "service.too_many", "", 0},
		"many-addresses":    {4, "service.too_many", "", 4},
		"many-pixels":       {0, "", "error.empty_oversize", 0},
		"many-pixels-first": {1, "service.oversize", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			r := edit(t, t.Context(), relay.URL, asking(2))
			key := ""
			if r.err != nil {
				key = r.err.Text().Key
			}
			if r.result.Got != want.got || key != want.key || want.notice != "" && !slices.Contains(r.notices, want.notice) || relay.Gets() != want.gets {
				t.Fatalf("got %d, %v, notices %v, %d GETs", r.result.Got, r.err, r.notices, relay.Gets())
			}
			for _, e := range r.events {
				if n, ok := e.(api.Notice); ok {
					sentences(t, n.Sentence)
				}
			}
		})
	}
}

// TestProseIsNoReason: a request goes out again only where a field is named in a
// field, by a status that means that nobody looked at it.
func TestProseIsNoReason(t *testing.T) {
	for _, name := range []string{"prose-image", "prose-detail", "prose-format", "loc-deep", "param-500", "param-content"} {
		relay := apitest.New(t)
		relay.Use(name)
		if r := edit(t, t.Context(), relay.URL); r.err == nil || relay.Posts() != 1 {
			t.Errorf("%s: %v, %d POSTs", name, r.err, relay.Posts())
		}
	}
}

// TestPlainAddresses refuses to fetch a picture without encryption from a service
// that has it, also by a redirect.
func TestPlainAddresses(t *testing.T) {
	asked := 0
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer plain.Close()
	var secure *httptest.Server
	secure = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodGet {
			http.Redirect(w, q, plain.URL, http.StatusFound)
			return
		}
		url := plain.URL + "/x.png"
		if strings.Contains(q.URL.Path, "redirect") {
			url = secure.URL + "/x.png"
		}
		json.NewEncoder(w).Encode(map[string]any{"data": []any{map[string]any{"url": url}}})
	}))
	defer secure.Close()
	for _, base := range []string{secure.URL + "/v1", secure.URL + "/redirect/v1"} {
		r := edit(t, t.Context(), base, func(c *openai.Config, _ *api.Request) { c.Transport = secure.Client().Transport })
		if r.err == nil || r.err.Kind != api.KindEmpty || r.err.Text().Key != "error.empty_plain" || asked != 0 || len(r.raws) != 1 {
			t.Errorf("%s: %v, asked %d times, %d raws", base, r.err, asked, len(r.raws))
		}
	}
}

// TestNothingIsSentUnrecorded: no byte leaves unless the sink has written down
// that it will, for each request.
func TestNothingIsSentUnrecorded(t *testing.T) {
	for name, fails := range map[string]int{"": 1, "slash-only": 2} {
		relay := apitest.New(t)
		relay.Use(name)
		e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL, Profile: "classic"}, Key: key(apitest.Key)})
		defer e.Close()
		n := 0
		rec := &apitest.Recorder{On: func(event api.Event) error {
			if _, ok := event.(api.Sending); ok {
				if n++; n == fails {
					return fmt.Errorf("disk full")
				}
			}
			return nil
		}}
		_, err := e.Edit(t.Context(), request(64), rec)
		fault := api.AsError(err)
		if fault == nil || fault.Kind != api.KindLocal || fault.Text().Key != "error.not_recorded" || fault.Retryable || relay.Posts() != fails-1 {
			t.Errorf("%q: %v, %d POSTs", name, err, relay.Posts())
		}
		for _, event := range rec.Events() {
			if _, sent := event.(api.Sent); sent && fails == 1 {
				t.Error("it was reported as sent")
			}
		}
	}
}

// TestSpooledBeforeUse: when a picture is reported, its bytes are in the spool.
func TestSpooledBeforeUse(t *testing.T) {
	relay := apitest.New(t)
	e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL, Profile: "classic"}, Key: key(apitest.Key)})
	defer e.Close()
	rec := &apitest.Recorder{}
	rec.On = func(event api.Event) error {
		if a, ok := event.(api.Answer); ok {
			kept := rec.Kept()
			got, err := e.Recover(t.Context(), kept[0])
			if err != nil || !slices.ContainsFunc(got.Answers, func(b api.Answer) bool { return b.Index == a.Index && bytes.Equal(a.Encoded, b.Encoded) }) {
				t.Errorf("picture %d isn't in what was spooled: %v", a.Index, err)
			}
		}
		return nil
	}
	req := request(256)
	req.N = 3
	if _, err := e.Edit(t.Context(), req, rec); err != nil {
		t.Fatal(err)
	}
}
