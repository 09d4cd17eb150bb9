package cli_test

import (
	"image"
	"net/http"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

// extended runs edit on a photo-like picture that is extended by a wide border.
func (b *bench) extended(s *service, args ...string) outcome {
	b.t.Helper()
	b.pixels = gradient(500, 300)
	writePNG(b.t, b.image, b.pixels)
	return run(b.t.Context(), append([]string{
		"edit", "-out", b.out, "-base-url", s.URL + "/v1", "-model", "m", "-prompt", "x", "-size", "256x256",
		"-extend", "0,0,900,0", "-json", b.image,
	}, args...)...)
}

func TestTilesAreMadeOneAfterTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	var s *service
	s = newService(t, pictures(10, &s))
	o := b.extended(s)
	if o.status != 0 || s.posts.Load() != 1 || !strings.Contains(o.stderr, "-tiles") {
		t.Fatalf("status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	o = b.extended(s, "-tiles")
	n := int(s.posts.Load()) - 1
	if o.status != 0 || n < 3 || len(s.faults) > 0 {
		t.Fatalf("status %d, %d requests, faults %q: %s", o.status, n, s.faults, o.stderr)
	}
	if list, _ := o.one(t, "queued")["windows"].([]any); len(list) != n {
		t.Errorf("%d windows are reported, %d requested", len(list), n)
	}
	v, done := o.one(t, "variant"), o.last(t, "done")
	if spots, _ := v["spots"].([]any); len(spots) != n || v["scale"].(float64) < 0.6 || done["outside_changed"] != 0.0 || done["got"] != 1.0 {
		t.Errorf("variant %v, done %v", v, done)
	}
	if first := o.one(t, "tile"); first["number"] != 1.0 || first["count"] != float64(n) {
		t.Errorf("the first tile: %v", first)
	}
	// The whole border is the service's, and the picture is unchanged.
	img := b.result("beach-2.png")
	if img.Rect != image.Rect(0, 0, 1400, 300) {
		t.Fatalf("it is %v", img.Rect)
	}
	for x := 530; x < 1400; x += 30 {
		for y := 5; y < 300; y += 30 {
			if c := img.NRGBAAt(x, y); c.A != 255 || c.R < c.B {
				t.Fatalf("(%d, %d) is %v", x, y, c)
			}
		}
	}
	for _, args := range [][]string{{"-n", "2"}, {"-whole"}, {"-spots", "one"}} {
		if o := b.extended(s, append(args, "-tiles")...); o.status != 2 {
			t.Errorf("-tiles with %v: status %d", args, o.status)
		}
	}
}

func TestTilesWithinTheCapOrNotAtAll(t *testing.T) {
	b := newBench(t)
	var s *service
	s = newService(t, pictures(10, &s))
	c := settings.Custom("Relay", s.URL+"/v1")
	c.Price = settings.Price{Picture: 20_000, Currency: "USD"}
	if err := settings.OpenDefault().Update(func(s *settings.Settings) {
		s.Put(c)
		s.MonthlyCap = 50_000
	}); err != nil {
		t.Fatal(err)
	}
	b.pixels = gradient(500, 300)
	writePNG(t, b.image, b.pixels)
	o := run(t.Context(), "edit", "-out", b.out, "-engine", "Relay", "-prompt", "x", "-size", "256x256", "-extend", "0,0,900,0", "-tiles", b.image)
	if o.status != 2 || s.posts.Load() != 0 {
		t.Errorf("status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
}

func TestATileThatFailsEndsTheEdit(t *testing.T) {
	b := newBench(t)
	var s *service
	answer := pictures(10, &s)
	s = newService(t, func(w http.ResponseWriter, r *http.Request, form map[string]string) {
		if s.posts.Load() == 1 {
			answer(w, r, form)
			return
		}
		http.Error(w, `{"error": {"message": "no", "code": "moderation_blocked"}}`, http.StatusBadRequest)
	})
	o := b.extended(s, "-tiles")
	if o.status != 3 || s.posts.Load() != 2 || b.files() != "" || !strings.Contains(o.stderr, "1 of") {
		t.Errorf("status %d, %d requests, files %q: %s", o.status, s.posts.Load(), b.files(), o.stderr)
	}
}
