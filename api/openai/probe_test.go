package openai_test

import (
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/openai"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
)

func connect(relay *apitest.Relay, learn func(settings.Quirks)) *openai.Engine {
	return openai.New(openai.Config{
		Connection: settings.Connection{BaseURL: relay.URL, Profile: "classic", Model: "dall-e-2"},
		Key:        key(apitest.Key), Learn: learn,
	})
}

// said returns the keys of a report's sentences.
func said(t *testing.T, r openai.Report) []string {
	var keys []string
	for _, s := range r.Lines {
		sentences(t, s)
		keys = append(keys, s.Key)
	}
	return keys
}

// TestProbe learns from one edit how a service departs from the contract.
func TestProbe(t *testing.T) {
	for name, want := range map[string]struct {
		quirks settings.Quirks
		says   string
	}{
		"":              {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha}, "service.probe_n"},
		"mask-white":    {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha}, "service.probe_mask_alpha"},
		"mask-inverted": {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskInverted}, "service.probe_mask_inverted"},
		"mask-ignored":  {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskIgnored}, "service.probe_mask_ignored"},
		"n-ignored":     {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha, OneAtATime: true}, "service.probe_n_ignored"},
		"url":           {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha, FormatIgnored: true}, "service.probe_format_ignored"},
		"no-format":     {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha, FormatIgnored: true}, "service.probe_format_ignored"},
		"image-array":   {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha, ImageField: "image[]"}, "service.probe_field"},
		"slash-only":    {settings.Quirks{Path: "/v1/images/edits/", Mask: settings.MaskAlpha}, "service.probe_path"},
		"other-size":    {settings.Quirks{Path: "/v1/images/edits", Mask: settings.MaskAlpha}, "service.probe_mask_alpha"},
	} {
		t.Run("scenario "+name, func(t *testing.T) {
			relay := apitest.New(t)
			relay.Use(name)
			var learnt settings.Quirks
			e := connect(relay, func(q settings.Quirks) { learnt = q })
			defer e.Close()
			rec := &apitest.Recorder{}
			report, err := e.Probe(t.Context(), e.ProbeRequest(2), rec)
			known := e.Quirks()
			if learnt.Missing() != (learnt.Since != "") {
				t.Errorf("it bears the date %q", learnt.Since)
			}
			learnt.Since, known.Since = "", ""
			if err != nil || learnt != want.quirks || known != want.quirks || len(rec.Kept()) == 0 {
				t.Fatalf("%v, learnt %+v, want %+v", err, learnt, want.quirks)
			}
			if keys := said(t, report); !slices.Contains(keys, want.says) {
				t.Errorf("it says %v", keys)
			}
		})
	}
	relay := apitest.New(t)
	relay.Use("key")
	e := connect(relay, nil)
	defer e.Close()
	if _, err := e.Probe(t.Context(), e.ProbeRequest(1), nil); api.AsError(err) == nil || api.AsError(err).Kind != api.KindAuth {
		t.Errorf("a refused key: %v", err)
	}
}

func TestConnection(t *testing.T) {
	relay := apitest.New(t)
	e := connect(relay, nil)
	defer e.Close()
	report, err := e.Test(t.Context())
	if err != nil || !slices.Equal(report.Models, []string{"dall-e-2", "gpt-image-2", "text-embedding-3-small"}) {
		t.Fatalf("%v %v", err, report)
	}
	if keys := said(t, report); !slices.Equal(keys, []string{"service.test_models", "service.test_model_there"}) {
		t.Errorf("it says %v", keys)
	}
	if relay.Posts() != 0 {
		t.Error("the test was not free")
	}
	for base, want := range map[string]string{"no-version": "", "html": "error.not_service"} {
		e := openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.Base(base)}, Key: key(apitest.Key)})
		_, err := e.Test(t.Context())
		if failed := api.AsError(err); (failed == nil) != (want == "") || failed != nil && failed.Text().Key != want {
			t.Errorf("%s: %v", base, err)
		}
		e.Close()
	}
	e = openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.Root + "/nowhere/v1"}, Key: key(apitest.Key)})
	defer e.Close()
	if report, err := e.Test(t.Context()); err != nil || !slices.Equal(said(t, report), []string{"service.test_no_models"}) {
		t.Errorf("no list of models: %v %v", err, report)
	}
	e = openai.New(openai.Config{Connection: settings.Connection{BaseURL: relay.URL}, Key: key("sk-wrong")})
	defer e.Close()
	if _, err := e.Test(t.Context()); api.AsError(err) == nil || api.AsError(err).Kind != api.KindAuth {
		t.Errorf("a wrong key: %v", err)
	}
}

// TestProbeOfEditsByWordsAlone: a service that refuses the mask doesn't ignore it, and
// a model that makes one picture per request doesn't make several.
func TestProbeOfEditsByWordsAlone(t *testing.T) {
	relay := apitest.New(t)
	relay.Use("no-mask")
	c := openai.Config{Connection: settings.Connection{BaseURL: relay.URL, Profile: "gpt-image-2", Model: "gpt-image-2"}, Key: key(apitest.Key)}
	c.Profile = c.Connection.Accepts(profile.Builtin())
	c.Profile.Single = true
	e := openai.New(c)
	defer e.Close()
	report, err := e.Probe(t.Context(), e.ProbeRequest(2), &apitest.Recorder{})
	if err != nil {
		t.Fatal(err)
	}
	if q := e.Quirks(); q.Mask != settings.MaskRefused {
		t.Errorf("learnt %+v", q)
	}
	if lines := said(t, report); !slices.Contains(lines, "service.mask_refused") || !slices.Contains(lines, "service.probe_n_ignored") {
		t.Errorf("it says %v", lines)
	}
}
