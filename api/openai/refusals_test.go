package openai_test

import (
	"image"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
)

// large makes the edit one of gpt-image-2 with an option.
func large(c *openai.Config, q *api.Request) {
	c.Connection.Profile, c.Connection.Model = "", "gpt-image-2"
	q.Model, q.Size, q.ResponseFormat, q.User = "gpt-image-2", image.Pt(1024, 640), "", "someone"
	q.Image = image.NewNRGBA(image.Rect(0, 0, 1024, 640))
	q.Mask = image.NewAlpha(q.Image.Rect)
	q.Mask.Pix[77] = 200
	q.Options = map[string]string{"quality": "high"}
}

// TestUnknownFieldsAreLeftOut sends a request a second time without a field only
// where the service names it in a structured refusal, tells of it, and remembers it.
func TestUnknownFieldsAreLeftOut(t *testing.T) {
	for field, want := range map[string]settings.Quirks{
		"n":       {Dropped: "n", OneAtATime: true},
		"user":    {Dropped: "user"},
		"quality": {Dropped: "quality"},
		"mask":    {Mask: settings.MaskRefused},
	} {
		relay := apitest.New(t)
		relay.Use("no-" + field)
		r := edit(t, t.Context(), relay.URL, large, asking(2))
		if r.err != nil || relay.Posts() != 2 {
			t.Fatalf("%s: %v, %d POSTs", field, r.err, relay.Posts())
		}
		learnt := r.quirks
		if learnt.Since == "" || !learnt.Missing() {
			t.Errorf("%s: it bears no date: %+v", field, learnt)
		}
		if learnt.Path, learnt.Since = "", ""; learnt != want {
			t.Errorf("%s: learnt %+v, want %+v", field, learnt, want)
		}
		told := "service.field_dropped"
		if field == "mask" {
			told = "service.mask_refused"
		}
		if !slices.Contains(r.notices, told) {
			t.Errorf("%s: told %v", field, r.notices)
		}
		before := relay.Posts()
		again := edit(t, t.Context(), relay.URL, large, func(c *openai.Config, _ *api.Request) { c.Connection.Quirks = r.quirks })
		if again.err != nil || relay.Posts() != before+1 || slices.Contains(again.notices, told) {
			t.Errorf("%s: the next edit: %v, %d POSTs, told %v", field, again.err, relay.Posts()-before, again.notices)
		}
	}
	// What is only said in prose may have been charged.
	relay := apitest.New(t)
	relay.Use("prose-mask")
	if r := edit(t, t.Context(), relay.URL, large); r.err == nil || relay.Posts() != 1 {
		t.Errorf("prose: %v, %d POSTs", r.err, relay.Posts())
	}
}

// TestStreamsThatCantBePassedOn: the picture may have been charged, so nothing is
// sent again, and the next edit does without previews.
func TestStreamsThatCantBePassedOn(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("stream-unpassed")
	streaming := func(_ *openai.Config, q *api.Request) { q.Stream, q.Partials = true, 2 }
	r := edit(t, t.Context(), relay.URL, large, streaming)
	if r.err == nil || !r.err.MayHaveCost() || r.err.Text().Key != "error.unknown_stream" || relay.Posts() != 1 || !r.quirks.NoStream {
		t.Fatalf("%v, %d POSTs, %+v", r.err, relay.Posts(), r.quirks)
	}
	again := edit(t, t.Context(), relay.URL, large, streaming, func(c *openai.Config, _ *api.Request) { c.Connection.Quirks = r.quirks })
	if again.err != nil || relay.Last().Field("stream") != "" || relay.Last().Field("partial_images") != "" {
		t.Errorf("the next edit: %v, %v", again.err, relay.Last().Fields)
	}
}

// TestCauses tells what went wrong as the user can mend it.
func TestCauses(t *testing.T) {
	for name, want := range map[string]struct {
		kind api.Kind
		key  string
	}{
		"no-channel":      {api.KindRejected, "error.rejected_model"},
		"unpriced":        {api.KindRejected, "error.rejected_unpriced"},
		"unconverted":     {api.KindRejected, "error.rejected_uncharged"},
		"not-implemented": {api.KindRejected, "error.rejected_no_editing"},
		"unverified":      {api.KindAuth, "error.auth_verify"},
	} {
		relay := apitest.New(t)
		relay.Use(name)
		r := edit(t, t.Context(), relay.URL)
		if r.err == nil || r.err.Kind != want.kind || r.err.Text().Key != want.key || r.err.MayHaveCost() || relay.Posts() != 1 {
			t.Errorf("%s: %+v, %d POSTs", name, r.err, relay.Posts())
		}
	}
}

// TestRefusedWithoutAKey: on this machine a service is asked without a key, and one that wants
// one can't have refused a field that wasn't sent.
func TestRefusedWithoutAKey(t *testing.T) {
	relay := apitest.New(t)
	r := edit(t, t.Context(), relay.URL, func(c *openai.Config, _ *api.Request) { c.Key = key("") })
	if r.err == nil || r.err.Kind != api.KindAuth || r.err.Text().Key != "error.auth_none" || r.err.MayHaveCost() {
		t.Errorf("%v", r.err)
	}
}

// TestSingle sends one request for each variant, without n, to models that have no such field.
func TestSingle(t *testing.T) {
	relay := apitest.New(t)
	r := edit(t, t.Context(), relay.URL, large, asking(3), func(c *openai.Config, _ *api.Request) {
		c.Profile = c.Connection.Accepts(profile.Builtin())
		c.Profile.Single = true
	})
	if r.err != nil || r.result.Got != 3 || relay.Posts() != 3 {
		t.Fatalf("%v, %+v, %d POSTs", r.err, r.result, relay.Posts())
	}
	for _, q := range relay.Requests() {
		if q.Field("n") != "" {
			t.Error("n was sent")
		}
	}
}
