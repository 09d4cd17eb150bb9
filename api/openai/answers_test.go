package openai_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/settings"
)

// TestAnswers plays the shapes in which good answers come. Each asks for two
// variants and says how many come and after how many POSTs and GETs.
func TestAnswers(t *testing.T) {
	for name, want := range map[string]struct{ got, posts, gets, raws int }{
		"redirect-307":       {2, 2, 0, 1},
		"redirect-308":       {2, 2, 0, 1},
		"redirect-slash-301": {2, 2, 0, 1},
		"redirect-slash-307": {2, 2, 0, 1},
		"slash-only":         {2, 3, 0, 1},
		"no-version":         {2, 2, 0, 1},
		"keep-alive":         {2, 1, 0, 1},
		"label-text":         {2, 1, 0, 1},
		"label-stream":       {2, 1, 0, 1},
		"label-none":         {2, 1, 0, 1},
		"raw-image":          {1, 1, 0, 1},
		"multipart":          {2, 1, 0, 1},
		"wrapped":            {2, 1, 0, 1},
		"strings":            {2, 1, 2, 3},
		"url":                {2, 1, 2, 3},
		"b64":                {2, 1, 0, 1},
		"url-relative":       {2, 1, 2, 3},
		"url-elsewhere":      {2, 1, 2, 3},
		"url-data":           {2, 1, 0, 1},
		"b64-data":           {2, 1, 0, 1},
		"b64-lines":          {2, 1, 0, 1},
		"one-broken":         {1, 1, 0, 1},
		"url-flaky":          {1, 1, 3, 2},
		"url-redirect":       {1, 1, 2, 2},
		"n-ignored":          {1, 1, 0, 1},
		"image-array":        {2, 2, 0, 1},
		"no-format":          {2, 2, 2, 3},
		"stream":             {1, 1, 0, 1},
		"stream-generation":  {1, 1, 0, 1},
		"stream-unnamed":     {1, 1, 0, 1},
		"stream-url":         {1, 1, 1, 2},
		"stream-comments":    {1, 1, 0, 1},
		"stream-plain":       {2, 1, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			var req *api.Request
			r := edit(t, t.Context(), relay.URL, asking(2), func(_ *openai.Config, q *api.Request) { req = q })
			if r.err != nil || r.result.Got != want.got || relay.Posts() != want.posts || relay.Gets() != want.gets || len(r.raws) != want.raws {
				t.Fatalf("%v, got %d, %d POSTs, %d GETs, %d raw; want %+v", r.err, r.result.Got, relay.Posts(), relay.Gets(), len(r.raws), want)
			}
			for _, a := range r.answers {
				painted(t, req, a)
				if len(a.Encoded) == 0 {
					t.Error("the file as it came is not there")
				}
			}
			if fewer := slices.Contains(r.notices, "service.fewer"); fewer != (want.got < 2) {
				t.Errorf("notices %v", r.notices)
			}
			// A second edit goes the way that the first one found.
			before := relay.Posts()
			again := edit(t, t.Context(), relay.URL, asking(2), func(c *openai.Config, _ *api.Request) { c.Connection.Quirks = r.quirks })
			wantPosts := 1
			if r.quirks.OneAtATime {
				wantPosts = 2
			}
			if again.err != nil || relay.Posts()-before != wantPosts {
				t.Errorf("the second edit: %v, %d POSTs", again.err, relay.Posts()-before)
			}
		})
	}
}

// TestLossyAnswers takes pictures in formats and sizes that were not asked for.
func TestLossyAnswers(t *testing.T) {
	for name, size := range map[string]image.Point{
		"jpeg": image.Pt(256, 256), "raw-mislabelled": image.Pt(256, 256), "other-size": image.Pt(640, 640),
	} {
		relay := apitest.New(t)
		relay.Use(name)
		if r := edit(t, t.Context(), relay.URL); r.err != nil || r.answers[0].Image.Rect.Size() != size {
			t.Errorf("%s: %v %+v", name, r.err, r.result)
		}
	}
}

// TestBaseURL takes the base as people type it.
func TestBaseURL(t *testing.T) {
	for typed, posts := range map[string]int{
		"/v1": 1, "/v1/": 1, "": 2, "/": 2, "/v1/images/edits": 1, "/v1/images/edits/": 1, " ": 2,
	} {
		relay := apitest.New(t)
		if r := edit(t, t.Context(), relay.Root+typed); r.err != nil || relay.Posts() != posts || r.quirks.Path != "/v1/images/edits" {
			t.Errorf("%q: %v, %d POSTs, path %s", typed, r.err, relay.Posts(), r.quirks.Path)
		}
	}
	// What was learnt under another base is no trap.
	relay := apitest.New(t)
	r := edit(t, t.Context(), relay.URL, func(c *openai.Config, _ *api.Request) {
		c.Connection.Quirks = settings.Quirks{Path: "/old/images/edits"}
	})
	if r.err != nil || r.quirks.Path != "/v1/images/edits" {
		t.Errorf("%v %+v", r.err, r.quirks)
	}
}

// TestPartialSuccess keeps the pictures that came whole before a break.
func TestPartialSuccess(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("cut-last")
	var req *api.Request
	r := edit(t, t.Context(), relay.URL, asking(3), func(_ *openai.Config, q *api.Request) { req = q })
	if r.err == nil || r.err.Text().Key != "error.unknown_cut" || r.result.Got != 2 || len(r.raws) != 1 {
		t.Fatalf("%v %+v", r.err, r.result)
	}
	for _, a := range r.answers {
		painted(t, req, a)
	}
}

// TestOneAtATime splits an edit once the connection has learnt that n is ignored.
func TestOneAtATime(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("n-ignored")
	first := edit(t, t.Context(), relay.URL, asking(4))
	if first.err != nil || first.result.Got != 1 || !first.quirks.OneAtATime {
		t.Fatalf("%v %+v %+v", first.err, first.result, first.quirks)
	}
	known := func(c *openai.Config, _ *api.Request) { c.Connection.Quirks = first.quirks }
	r := edit(t, t.Context(), relay.URL, asking(5), known)
	if r.err != nil || r.result.Got != 5 || relay.Posts() != 6 || !indices(r.answers, 0, 1, 2, 3, 4) || len(r.notices) != 0 {
		t.Fatalf("%v %+v, %d POSTs, %v", r.err, r.result, relay.Posts(), r.notices)
	}
	for _, raw := range r.raws {
		if raw.Index < 0 {
			t.Error("a raw answer does not say for which variant it is")
		}
	}
	// A rate limit meets all: those not yet sent are not sent.
	relay.Use("rate")
	before := relay.Posts()
	r = edit(t, t.Context(), relay.URL, asking(10), known)
	if r.err == nil || !r.err.Retryable || relay.Posts()-before > 5 {
		t.Fatalf("%v, %d POSTs", r.err, relay.Posts()-before)
	}
	// An error of which nobody knows what it cost wins over one that may be repeated.
	relay.Use("500")
	if r = edit(t, t.Context(), relay.URL, asking(3), known); r.err == nil || r.err.Retryable || !r.err.MayHaveCost() {
		t.Fatalf("%+v", r.err)
	}
}

// TestAtMostThreeAtOnce counts the requests of one edit that are under way.
func TestAtMostThreeAtOnce(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("hang")
	ctx, stop := newEnding("cancel")
	var sent atomic.Int32
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 3 {
			<-relay.Arrived()
		}
		stop()
	}()
	r := edit(t, ctx, relay.URL, asking(8), func(c *openai.Config, _ *api.Request) {
		c.Connection.Quirks = settings.Quirks{OneAtATime: true}
	})
	<-done
	for _, e := range r.events {
		if _, ok := e.(api.Sent); ok {
			sent.Add(1)
		}
	}
	if relay.Posts() != 3 || r.err == nil || r.err.Kind != api.KindCancelled {
		t.Fatalf("%d POSTs, %v", relay.Posts(), r.err)
	}
}

// TestStagesInOrder tells upload, wait and download apart.
func TestStagesInOrder(t *testing.T) {
	relay := apitest.New(t)
	r := edit(t, t.Context(), relay.URL, format("url"))
	var order []string
	note := func(s string) {
		if len(order) == 0 || order[len(order)-1] != s {
			order = append(order, s)
		}
	}
	for _, e := range r.events {
		switch v := e.(type) {
		case api.Progress:
			note(string(v.Stage))
		case api.Sending:
			note("sending")
		case api.Sent:
			note("sent")
		case api.Answer:
			note("answer")
		}
	}
	want := []string{"sending", "uploading", "sent", "waiting", "downloading", "answer"}
	if !slices.Equal(order, want) {
		t.Fatalf("%v, want %v", order, want)
	}
}

// TestRecover makes variants from answers that were kept before a crash.
func TestRecover(t *testing.T) {
	for name, want := range map[string]int{
		"": 3, "url": 3, "url-relative": 3, "url-elsewhere": 3, "multipart": 3, "raw-image": 1, "stream": 1, "stream-comments": 1,
		"cut-last": 2, "cut-answer": 1,
	} {
		t.Run("scenario "+name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			var req *api.Request
			first := edit(t, t.Context(), relay.URL, asking(3), func(_ *openai.Config, q *api.Request) { req = q })
			e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL}, Key: key(apitest.Key)})
			defer e.Close()
			posts := relay.Posts()
			r, err := e.Recover(t.Context(), first.raws[0])
			if err != nil || len(r.Answers) != want || relay.Posts() != posts {
				t.Fatalf("%v, %d answers, %d POSTs", err, len(r.Answers), relay.Posts()-posts)
			}
			for _, a := range r.Answers {
				painted(t, req, a)
			}
		})
	}
	relay := apitest.New(t)
	e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL}, Key: key(apitest.Key)})
	defer e.Close()
	_, err := e.Recover(t.Context(), api.Kept{Body: []byte(`{"data":[]}`)})
	if got := api.AsError(err); got == nil || got.Kind != api.KindEmpty {
		t.Errorf("no picture: %v", err)
	}
}

// TestAPictureThatBreaksOffIsNone: files of the user's are shown as far as they go, but
// of an answer the rest may still be had, so that half a picture must not stand for it.
func TestAPictureThatBreaksOffIsNone(t *testing.T) {
	noise := image.NewNRGBA(image.Rect(0, 0, 256, 256))
	for i := range noise.Pix {
		if noise.Pix[i] = byte(i * i >> 7); i%4 == 3 {
			noise.Pix[i] = 255
		}
	}
	var asPNG, asJPEG bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, noise), jpeg.Encode(&asJPEG, noise, nil)); err != nil {
		t.Fatal(err)
	}
	e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: "https://example.invalid/v1"}, Key: key(apitest.Key)})
	defer e.Close()
	for kind, whole := range map[string][]byte{"image/png": asPNG.Bytes(), "image/jpeg": asJPEG.Bytes()} {
		kept := api.Kept{Arrival: api.Arrival{Index: 1, Status: 200, ContentType: kind}}
		for part := 1; part <= 8; part++ {
			kept.Body = whole[:len(whole)*part/8]
			r, err := e.Recover(t.Context(), kept)
			if want := part / 8; len(r.Answers) != want || (err == nil) != (want == 1) {
				t.Errorf("%d/8 of %s: %d pictures, %v", part, kind, len(r.Answers), err)
			}
			body := `{"data":[{"b64_json":"` + base64.StdEncoding.EncodeToString(kept.Body) + `"}]}`
			r, err = e.Recover(t.Context(), api.Kept{Arrival: api.Arrival{Index: -1}, Body: []byte(body)})
			if want := part / 8; len(r.Answers) != want || (err == nil) != (want == 1) {
				t.Errorf("%d/8 of %s in an answer: %d pictures, %v", part, kind, len(r.Answers), err)
			}
		}
	}
}

// TestLearntPolarity sends the mask the other way round where that was learnt.
func TestLearntPolarity(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("mask-exchanged")
	var req *api.Request
	r := edit(t, t.Context(), relay.URL, func(c *openai.Config, q *api.Request) {
		c.Connection.Quirks = settings.Quirks{Mask: settings.MaskInverted}
		req = q
	})
	if r.err != nil {
		t.Fatal(r.err)
	}
	painted(t, req, r.answers[0])
}

// TestBrightnessReaders agree with the mask that is sent.
func TestBrightnessReaders(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("mask-white")
	var req *api.Request
	r := edit(t, t.Context(), relay.URL, func(_ *openai.Config, q *api.Request) { req = q })
	painted(t, req, r.answers[0])
}
