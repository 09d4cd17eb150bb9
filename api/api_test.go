package api_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/assets/text"
)

// TestEveryKindHasItsSentence in each language.
func TestEveryKindHasItsSentence(t *testing.T) {
	defer text.Use("")
	for _, kind := range apitest.Kinds() {
		key := (&api.Error{Kind: kind}).Text().Key
		for _, lang := range text.Languages() {
			text.Use(lang)
			if text.T(key) == key {
				t.Errorf("%s has no sentence in %s", kind, lang)
			}
		}
	}
}

func TestAsError(t *testing.T) {
	own := &api.Error{Kind: api.KindQuota}
	for _, c := range []struct {
		err  error
		want api.Kind
	}{
		{own, api.KindQuota},
		{fmt.Errorf("around: %w", own), api.KindQuota},
		{fmt.Errorf("around: %w", context.Canceled), api.KindCancelled},
		{errors.New("disk full"), api.KindLocal},
	} {
		if got := api.AsError(c.err); got.Kind != c.want {
			t.Errorf("%v gives %s", c.err, got.Kind)
		}
	}
	if api.AsError(nil) != nil {
		t.Error("nil gives an error")
	}
	e := &api.Error{Kind: api.KindRate, Status: 429, Code: "slow", Message: "wait", Cause: errors.New("why")}
	for _, part := range []string{"rate", "429", "slow", "wait", "why"} {
		if !strings.Contains(e.Error(), part) {
			t.Errorf("%q does not say %s", e.Error(), part)
		}
	}
}

func TestSizeNames(t *testing.T) {
	for s, want := range map[string]image.Point{"1024x512": {X: 1024, Y: 512}, "1X2": {X: 1, Y: 2}} {
		if got, ok := api.ParseSize(s); !ok || got != want {
			t.Errorf("%s is %v", s, got)
		}
	}
	for _, s := range []string{"", "x", "1x", "x1", "0x1", "-1x1", "1x1x1", "1.5x1", "auto", " 1x1"} {
		if got, ok := api.ParseSize(s); ok {
			t.Errorf("%q is %v", s, got)
		}
	}
}

func TestCheckOptions(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 48))
	for want, options := range map[string]map[string]string{
		"":                     {"quality": "low", "output_compression": "0", "background": "auto"},
		"error.option":         {"quality": "best"},
		"error.option_unknown": {"style": "vivid"},
	} {
		err := profile.Builtin().For("gpt-image-2", "").Check(&api.Request{Image: img, Prompt: "x", Options: options})
		if got := api.AsError(err); (got == nil) != (want == "") || got != nil && got.Text().Key != want {
			t.Errorf("%v: %v", options, err)
		}
	}
	for _, bad := range []string{"101", "-1", "half", ""} {
		if profile.Builtin().For("gpt-image-2", "").Check(&api.Request{Image: img, Prompt: "x", Options: map[string]string{"output_compression": bad}}) == nil {
			t.Errorf("a compression of %q is allowed", bad)
		}
	}
	if profile.Builtin().For("gpt-image-2", "").Check(&api.Request{Image: img, Prompt: "x", Stream: true, Partials: 4}) == nil {
		t.Error("four partial pictures are allowed")
	}
}
