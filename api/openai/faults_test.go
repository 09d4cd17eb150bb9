package openai_test

import (
	"context"
	"image"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
)

// big makes an upload that no socket's buffers can hold.
func big(c *openai.Config, q *api.Request) {
	c.Connection.Limits.ImageBytes = 50_000_000
	q.Image = noise(2000, false)
	q.Mask = image.NewAlpha(q.Image.Rect)
	q.Mask.Pix[5] = 255
}

// small makes an upload that is quickly made.
func small(_ *openai.Config, q *api.Request) { *q = *request(32) }

// outcome is what a fault must lead to.
type outcome struct {
	key   string // the sentence's
	kind  api.Kind
	posts int
	raws  int // how many raw answers were kept
	got   int
}

// TestFaults plays the faults that end without all pictures: what the user
// reads, how many POSTs were sent, what was kept. None may be repeated by itself
// unless TestRepeatable says so.
func TestFaults(t *testing.T) {
	for name, want := range map[string]outcome{
		// 1 redirects
		"redirect-301":       {"error.moved", api.KindMoved, 1, 0, 0},
		"redirect-302":       {"error.moved", api.KindMoved, 1, 0, 0},
		"redirect-303":       {"error.moved", api.KindMoved, 1, 0, 0},
		"redirect-elsewhere": {"error.moved", api.KindMoved, 1, 0, 0},
		"redirect-loop":      {"error.moved_nowhere", api.KindMoved, 5, 0, 0},
		"redirect-nowhere":   {"error.moved_nowhere", api.KindMoved, 1, 0, 0},
		// 2 paths: with and without version, with and without slash
		"no-edits": {"error.rejected_path", api.KindRejected, 4, 0, 0},
		"method":   {"error.rejected_path", api.KindRejected, 4, 0, 0},
		// 3 web pages, which a slash doesn't change
		"html":    {"error.not_service", api.KindNotService, 2, 2, 0},
		"text":    {"error.not_service_other", api.KindNotService, 1, 1, 0},
		"nothing": {"error.empty", api.KindEmpty, 1, 0, 0},
		// 4 successes that are none
		"error-in-200": {"error.rejected_inside", api.KindRejected, 1, 1, 0},
		"quota-in-200": {"error.quota", api.KindQuota, 1, 1, 0},
		"empty-data":   {"error.empty", api.KindEmpty, 1, 1, 0},
		"null-data":    {"error.empty", api.KindEmpty, 1, 1, 0},
		// 5 pictures that cannot be had
		"url-gone":   {"error.empty_download", api.KindEmpty, 1, 1, 0},
		"url-odd":    {"error.empty_download", api.KindEmpty, 1, 1, 0},
		"url-dead":   {"error.unknown_download", api.KindUnknown, 1, 1, 0},
		"b64-broken": {"error.empty_broken", api.KindEmpty, 1, 1, 0},
		// 6 shapes of errors
		"error-object":      {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-text":        {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-detail":      {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-detail-list": {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-message":     {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-msg":         {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-err":         {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-error-msg":   {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-number":      {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-plain":       {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-html":        {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-oneapi-id":   {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-long":        {"error.rejected", api.KindRejected, 1, 0, 0},
		"error-echo":        {"error.rejected", api.KindRejected, 1, 0, 0},
		"502":               {"error.unknown_status", api.KindUnknown, 1, 0, 0},
		"504":               {"error.unknown_status", api.KindUnknown, 1, 0, 0},
		"524":               {"error.unknown_status", api.KindUnknown, 1, 0, 0},
		"500":               {"error.unknown_status", api.KindUnknown, 1, 0, 0},
		// 7 codes
		"key":            {"error.auth", api.KindAuth, 1, 0, 0},
		"key-plain":      {"error.auth", api.KindAuth, 1, 0, 0},
		"forbidden":      {"error.auth_forbidden", api.KindAuth, 1, 0, 0},
		"country":        {"error.auth_country", api.KindAuth, 1, 0, 0},
		"moderation":     {"error.moderation", api.KindModeration, 1, 0, 0},
		"content-policy": {"error.moderation", api.KindModeration, 1, 0, 0},
		"quota":          {"error.quota", api.KindQuota, 1, 0, 0},
		"user-quota":     {"error.quota", api.KindQuota, 1, 0, 0},
		"billing":        {"error.quota_limit", api.KindQuota, 1, 0, 0},
		"spend-limit":    {"error.quota_limit", api.KindQuota, 1, 0, 0},
		"payment":        {"error.quota", api.KindQuota, 1, 0, 0},
		"busy-plain":     {"error.busy", api.KindRate, 1, 0, 0},
		"no-model":       {"error.rejected_model", api.KindRejected, 1, 0, 0},
		"no-model-plain": {"error.rejected_model", api.KindRejected, 1, 0, 0},
		"large":          {"error.rejected_large", api.KindRejected, 1, 0, 0},
		// 8 streams
		"stream-error": {"error.moderation", api.KindModeration, 1, 1, 0},
		"stream-cut":   {"error.unknown_cut", api.KindUnknown, 1, 1, 0},
		"stream-empty": {"error.unknown_cut", api.KindUnknown, 1, 1, 0},
		// connections that break
		"cut":           {"error.unknown_cut", api.KindUnknown, 1, 0, 0},
		"cut-answer":    {"error.unknown_cut", api.KindUnknown, 1, 1, 0},
		"endless":       {"error.unknown_large", api.KindUnknown, 1, 1, 0},
		"endless-space": {"error.unknown_large", api.KindUnknown, 1, 0, 0},
		"slow":          {"error.unknown_slow", api.KindUnknown, 1, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			r := edit(t, t.Context(), relay.URL, small, func(c *openai.Config, _ *api.Request) {
				c.AnswerBytes = 2 << 20
				if name == "slow" {
					c.MinRate, c.RateWindow = 4096, 50*time.Millisecond
				}
			})
			if r.err == nil {
				t.Fatalf("no error: %+v", r.result)
			}
			if r.err.Kind != want.kind || r.err.Text().Key != want.key || relay.Posts() != want.posts || len(r.raws) != want.raws || r.result.Got != want.got {
				t.Errorf("%s %s, %d POSTs, %d raw, got %d; want %+v\n%v", r.err.Kind, r.err.Text().Key, relay.Posts(), len(r.raws), r.result.Got, want, r.err)
			}
			if r.err.Retryable {
				t.Error("it may be repeated")
			}
			if r.err.MayHaveCost() != (want.kind == api.KindUnknown || r.err.PicturesMade()) {
				t.Error("it is wrong about the cost")
			}
		})
	}
}

// TestRepeatable has the errors after which nothing can have been charged.
func TestRepeatable(t *testing.T) {
	for name, want := range map[string]struct {
		key  string
		wait time.Duration
	}{
		"rate":       {"error.rate_wait", 2 * time.Second},
		"rate-ms":    {"error.rate_wait", 250 * time.Millisecond},
		"rate-plain": {"error.rate", 0},
		"busy":       {"error.busy", time.Second},
		"slow-down":  {"error.rate_wait", time.Second},
		"busy-once":  {"error.busy", 0},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			r := edit(t, t.Context(), relay.URL, small)
			if r.err == nil || r.err.Kind != api.KindRate || !r.err.Retryable || r.err.RetryAfter != want.wait || r.err.Text().Key != want.key || relay.Posts() != 1 {
				t.Errorf("%+v, %d POSTs", r.err, relay.Posts())
			}
		})
	}
}

// TestErrorDetails keeps what the service said, whatever the shape, fit to be shown.
func TestErrorDetails(t *testing.T) {
	for name, want := range map[string]api.Error{
		"error-object":      {Code: "bad_thing", Message: "bad thing", RequestID: "req-1"},
		"error-text":        {Message: "bad thing", RequestID: "req-1"},
		"error-detail":      {Message: "bad thing", RequestID: "req-1"},
		"error-detail-list": {Message: "size: bad thing", RequestID: "req-1"},
		"error-message":     {Code: "bad_thing", Message: "bad thing", RequestID: "req-1"},
		"error-msg":         {Code: "1001", Message: "bad thing", RequestID: "req-1"},
		"error-err":         {Message: "bad thing", RequestID: "req-1"},
		"error-error-msg":   {Message: "bad thing", RequestID: "req-1"},
		"error-number":      {Code: "1001", Message: "bad thing", RequestID: "req-1"},
		"error-plain":       {Message: "bad thing", RequestID: "req-1"},
		"error-html":        {RequestID: "req-1"},
		"error-oneapi-id":   {Message: "bad thing", RequestID: "oneapi-77"},
		"error-echo":        {Code: "***", Message: "I do not like Bearer ***", RequestID: "req-1"},
		"error-in-200":      {Code: "bad_response", Message: "upstream is unhappy", RequestID: "req-1"},
		"502":               {RequestID: "req-1"},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			e := edit(t, t.Context(), relay.URL, small).err
			if e == nil || e.Code != want.Code || e.Message != want.Message || e.RequestID != want.RequestID || e.Status == 0 || e.Address == "" {
				t.Errorf("%+v", e)
			}
		})
	}
	relay := apitest.New(t)
	relay.Use("error-long")
	if e := edit(t, t.Context(), relay.URL, small).err; len([]rune(e.Message)) != 500 {
		t.Errorf("%d characters were kept", len([]rune(e.Message)))
	}
}

// TestMoved names the address to use, as a base URL.
func TestMoved(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("redirect-elsewhere")
	if e := edit(t, t.Context(), relay.URL, small).err; e.Address != relay.Elsewhere()+"/v1" {
		t.Errorf("the address is %s", e.Address)
	}
	relay.Use("redirect-302")
	if e := edit(t, t.Context(), relay.URL, small).err; e.Address != relay.Root+"/v2" {
		t.Errorf("the address is %s", e.Address)
	}
	for _, q := range relay.Requests() {
		if q.Elsewhere {
			t.Error("the redirect was followed to another origin")
		}
	}
}

// TestConnecting has the faults that come before a byte is sent.
func TestConnecting(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	secure := httptest.NewTLSServer(nil)
	defer secure.Close()
	secure.Config.ErrorLog = quiet
	plain := httptest.NewServer(nil)
	defer plain.Close()
	for name, c := range map[string]struct {
		base, proxy, key string
		retryable        bool
	}{
		"refused":         {"http://" + closed.Addr().String(), "", "error.network_refused", true},
		"name":            {"https://no-such-host.invalid/v1", "", "error.network_name", true},
		"authority":       {secure.URL, "", "error.tls_authority", false},
		"plain":           {strings.Replace(plain.URL, "http:", "https:", 1), "", "error.tls_plain", false},
		"refusing proxy":  {"https://example.invalid/v1", closed.Addr().String(), "error.network_proxy", true},
		"unwilling proxy": {"http://example.localhost/v1", plain.URL, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := edit(t, t.Context(), c.base, func(conf *openai.Config, _ *api.Request) { conf.Connection.Proxy = c.proxy })
			if c.key == "" { // the proxy answers with a 404 of its own
				if r.err == nil || r.err.Status != 404 {
					t.Fatalf("%+v", r.err)
				}
				return
			}
			if r.err == nil || r.err.Kind != api.KindNetwork || r.err.Text().Key != c.key || r.err.Retryable != c.retryable || r.err.MayHaveCost() {
				t.Fatalf("%+v", r.err)
			}
		})
	}
}

// TestUploadBreaks tells a request that did not arrive whole from one that did.
func TestUploadBreaks(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("cut-upload")
	r := edit(t, t.Context(), relay.URL, big)
	if r.err == nil || r.err.Kind != api.KindNetwork || r.err.Text().Key != "error.network_upload" || r.err.Retryable || relay.Posts() != 1 {
		t.Fatalf("%+v, %d POSTs", r.err, relay.Posts())
	}
	for _, event := range r.events {
		if _, sent := event.(api.Sent); sent {
			t.Error("it was reported as sent")
		}
	}
}

// TestCancel cancels at each stage, and at each runs out of time.
func TestCancel(t *testing.T) {
	stages := map[string]struct {
		scenario string
		at       func(relay *apitest.Relay, event api.Event) bool
		setup    setup
		key      string
		late     string // the sentence when time runs out instead
	}{
		"upload": {"hang-upload", func(_ *apitest.Relay, e api.Event) bool {
			p, ok := e.(api.Progress)
			return ok && p.Stage == api.Uploading && p.Fraction > 0
		}, big, "error.cancelled", "error.network_timeout"},
		"waiting": {"hang", func(_ *apitest.Relay, e api.Event) bool {
			p, ok := e.(api.Progress)
			return ok && p.Stage == api.Waiting
		}, nil, "error.cancelled_sent", "error.unknown_timeout"},
		"download": {"hang-download", func(_ *apitest.Relay, e api.Event) bool {
			p, ok := e.(api.Progress)
			return ok && p.Stage == api.Downloading && p.Fraction > 0.3
		}, nil, "error.cancelled_sent", "error.unknown_timeout"},
		"picture": {"hang-picture", func(relay *apitest.Relay, e api.Event) bool {
			p, ok := e.(api.Progress)
			return ok && p.Stage == api.Downloading && p.Fraction == 1
		}, nil, "error.cancelled_sent", "error.unknown_timeout"},
		"decoding": {"", func(_ *apitest.Relay, e api.Event) bool {
			p, ok := e.(api.Progress)
			return ok && p.Stage == api.Downloading && p.Fraction == 1
		}, nil, "", ""}, // all has come: what is left to do is done
	}
	for name, stage := range stages {
		for _, way := range []string{"cancel", "deadline"} {
			t.Run(name+"/"+way, func(t *testing.T) {
				relay := apitest.New(t)
				relay.Use(stage.scenario)
				ctx, stop := newEnding(way)
				defer stop()
				fired := false
				var r run
				c := openai.Config{Connection: settings.Connection{BaseURL: relay.URL, Profile: "classic"}, Key: key(apitest.Key)}
				req := request(256)
				if stage.setup != nil {
					stage.setup(&c, req)
				}
				e := openai.New(c)
				defer e.Close()
				rec := &apitest.Recorder{On: func(event api.Event) error {
					if !fired && stage.at(relay, event) {
						fired = true
						stop()
					}
					return nil
				}}
				result, err := e.Edit(ctx, req, rec)
				r.take(t, rec)
				r.result, r.err = result, api.AsError(err)
				r.check(t)
				want, kind := stage.key, api.KindCancelled
				if way == "deadline" {
					want, kind = stage.late, api.KindUnknown
					if name == "upload" {
						kind = api.KindNetwork
					}
				}
				if want == "" {
					if r.err != nil || r.result.Got != 1 {
						t.Fatalf("%v %+v", r.err, r.result)
					}
					return
				}
				if r.err == nil || r.err.Kind != kind || r.err.Text().Key != want || relay.Posts() > 1 {
					t.Fatalf("%+v, %d POSTs", r.err, relay.Posts())
				}
				if ctx.Err() == nil || !strings.Contains(r.err.Cause.Error(), ctx.Err().Error()) {
					t.Errorf("the cause is %v", r.err.Cause)
				}
			})
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	relay := apitest.New(t)
	if r := edit(t, ctx, relay.URL); r.err.Kind != api.KindCancelled || len(relay.Requests()) != 0 {
		t.Errorf("cancelled before: %+v", r.err)
	}
}
