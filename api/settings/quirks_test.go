package settings_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
)

// TestWhatWasMissingIsTriedAgain: missing features are tried again after a week; the path
// and the names of fields stay.
func TestWhatWasMissingIsTriedAgain(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	q := settings.Quirks{Path: "/v1/images/edits", ImageField: "image[]", OneAtATime: true, FormatIgnored: true, NoStream: true, Dropped: "n,user", Mask: settings.MaskRefused, Since: "2026-11-20"}
	for _, at := range []string{"2026-11-20", "2026-11-26"} {
		if got := q.At(day(at)); got != q {
			t.Errorf("on %s it is %+v", at, got)
		}
	}
	found := settings.Quirks{Path: "/v1/images/edits", ImageField: "image[]"}
	for _, at := range []string{"2026-11-27", "2027-11-20", "2026-11-19"} {
		if got := q.At(day(at)); got != found {
			t.Errorf("on %s it is %+v", at, got)
		}
	}
	for _, since := range []string{"", "yesterday"} {
		if q.Since = since; q.At(day("2026-11-20")) != found {
			t.Errorf("missing since the unknown day %q, and not tried again", since)
		}
	}
	inverted := settings.Quirks{Mask: settings.MaskInverted}
	if got := inverted.At(day("2030-01-01")); got != inverted {
		t.Errorf("how a mask is read is forgotten: %+v", got)
	}
}

// TestQuirksOfModels: quirks belong to a model.
func TestQuirksOfModels(t *testing.T) {
	c := settings.Connection{BaseURL: "https://example.com/v1", Model: "first"}
	first := settings.Quirks{Path: "/images/edits", OneAtATime: true}
	c.Learn("first", first)
	c.Learn("second", settings.Quirks{Path: "/images/edits", Mask: settings.MaskRefused})
	before := c
	if c.SetModel("second"); c.Quirks.Mask != settings.MaskRefused || c.Quirks.OneAtATime {
		t.Errorf("of the second: %+v", c.Quirks)
	}
	if p := c.Accepts(profile.Builtin()); !p.NoMask {
		t.Error("a mask is sent to a service that refused it")
	}
	if c.SetModel("thi"); c.Quirks != (settings.Quirks{Path: "/images/edits"}) {
		t.Errorf("of a model that was never used: %+v", c.Quirks)
	}
	if c.SetModel("third"); len(c.Others) != 2 {
		t.Errorf("names that were being typed are remembered: %+v", c.Others)
	}
	if c.SetModel("first"); c.Quirks != first {
		t.Errorf("of the first: %+v", c.Quirks)
	}
	if before.Model != "first" || len(before.Others) != 1 {
		t.Errorf("a copy has changed: %+v", before)
	}
	if c.SetBaseURL("https://example.org"); c.Quirks != (settings.Quirks{}) || c.Others != nil {
		t.Error("another service's behaviour is known")
	}
	c.Learn("first", first)
	c.Learn("x", first)
	if c.Forget(); c.Quirks != (settings.Quirks{}) || c.Others != nil {
		t.Error("something was not forgotten")
	}
}

func TestDroppedFields(t *testing.T) {
	var q settings.Quirks
	for _, name := range []string{"user", "n", "user", "quality"} {
		q.Drop(name)
	}
	if q.Dropped != "n,quality,user" || !q.Drops("n") || q.Drops("quali") || q.Drops("") {
		t.Errorf("%q", q.Dropped)
	}
}

// TestHeaders: headers that can't be sent, or would change how the body is read, are dropped.
func TestHeaders(t *testing.T) {
	folder := t.TempDir()
	data := `{"connections": [{"id": "x", "name": "x", "base_url": "https://api.x.ai/v1", "headers": {"x-good": "a {key}", "bad name": "a",
		"x-lines": "a\r\nb: c", "Content-Type": "text/plain", "HOST": "elsewhere"}}]}`
	if err := os.WriteFile(filepath.Join(folder, settings.FileName), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	c := settings.Open(folder).Current().Connections[0]
	if len(c.Headers) != 1 || c.Headers["x-good"] != "a {key}" || c.Speaks().ID != "xai" {
		t.Errorf("%v, %s", c.Headers, c.Speaks().ID)
	}
}
