package cli_test

import (
	"image"
	"image/color"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

// scattered writes a larger picture and a mask of two spots far apart.
func (b *bench) scattered() (spots [2]image.Rectangle) {
	b.pixels = gradient(1500, 900)
	writePNG(b.t, b.image, b.pixels)
	spots = [2]image.Rectangle{image.Rect(40, 40, 100, 90), image.Rect(1400, 800, 1450, 860)}
	m := image.NewNRGBA(b.pixels.Rect)
	for y := range 900 {
		for x := range 1500 {
			if at := image.Pt(x, y); !at.In(spots[0]) && !at.In(spots[1]) {
				m.SetNRGBA(x, y, color.NRGBA{A: 255})
			}
		}
	}
	writePNG(b.t, b.path("mask.png"), m)
	return spots
}

func TestSpotsAreRequestsOfTheirOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	spots := b.scattered()
	var s *service
	s = newService(t, pictures(10, &s))
	o := b.ask(s, "-n", "2")
	if o.status != 0 || s.posts.Load() != 2 || len(s.faults) > 0 {
		t.Fatalf("status %d, %d requests, faults %q: %s", o.status, s.posts.Load(), s.faults, o.stderr)
	}
	if b.files() != "beach-1.png beach-2.png" {
		t.Fatalf("files %s", b.files())
	}
	for _, name := range []string{"beach-1.png", "beach-2.png"} {
		img := b.result(name)
		for _, r := range spots {
			at := r.Min.Add(r.Max).Div(2)
			if c, was := img.NRGBAAt(at.X, at.Y), b.pixels.NRGBAAt(at.X, at.Y); int(c.R)-int(c.G) < int(was.R)-int(was.G)+20 {
				t.Errorf("%s: a spot became %v of %v", name, c, was)
			}
		}
		if img.NRGBAAt(700, 400) != b.pixels.NRGBAAt(700, 400) {
			t.Errorf("%s changed between the spots", name)
		}
	}
	done, queued := o.last(t, "done"), o.one(t, "queued")
	if done["outside_changed"] != 0.0 || done["asked"] != 2.0 || done["got"] != 2.0 {
		t.Errorf("done: %v", done)
	}
	if list, _ := queued["windows"].([]any); len(list) != 2 {
		t.Errorf("queued: %v", queued)
	}
	if list, _ := o.one(t, "variant")["spots"].([]any); len(list) != 2 || list[0].(map[string]any)["scale"].(float64) < 0.1 {
		t.Errorf("variant: %v", o.one(t, "variant"))
	}
	if !strings.Contains(o.stderr, "2 areas") {
		t.Errorf("said: %s", o.stderr)
	}
	// Each spot with its own prompt.
	if o := b.ask(s, "-spot-prompt", "2=a blue kite"); o.status != 0 || s.posts.Load() != 4 || !s.prompted("a blue kite") {
		t.Errorf("prompts of their own: status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	// A run with -resume finds both, whatever the prompt of each was.
	if o := b.ask(s, "-spot-prompt", "2=a blue kite", "-resume"); o.status != 0 || s.posts.Load() != 4 {
		t.Errorf("resumed: status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	for _, bad := range []string{"3=a cat", "0=a cat", "a cat"} {
		if o := b.ask(s, "-spot-prompt", bad); o.status != 2 || s.posts.Load() != 4 {
			t.Errorf("-spot-prompt %q: status %d: %s", bad, o.status, o.stderr)
		}
	}
	// -spots one sends one window.
	if o := b.ask(s, "-spots", "one"); o.status != 0 || s.posts.Load() != 5 {
		t.Errorf("one: status %d, %d requests", o.status, s.posts.Load())
	}
	if o := b.ask(s, "-spots", "many"); o.status != 2 || !strings.Contains(o.stderr, "-spots") {
		t.Errorf("many: status %d: %s", o.status, o.stderr)
	}
	// The built-in engine does the same.
	if o := b.edit("-spots", "each", "-json"); o.status != 0 || o.last(t, "done")["outside_changed"] != 0.0 {
		t.Errorf("built-in: status %d: %s", o.status, o.stderr)
	}
}

// TestTheCapCountsAllSpots sends nothing where all spots together would pass the cap.
func TestTheCapCountsAllSpots(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	b.scattered()
	var s *service
	s = newService(t, pictures(10, &s))
	saved := settings.Default()
	c := settings.Custom("Relay", s.URL+"/v1")
	c.Price = settings.Price{Picture: 20_000, Currency: "USD"}
	saved.Put(c)
	saved.MonthlyCap = 30_000
	if err := settings.OpenDefault().Update(func(s *settings.Settings) { *s = *saved }); err != nil {
		t.Fatal(err)
	}
	edit := func(args ...string) outcome {
		return b.edit(append([]string{"-engine", "Relay", "-prompt", "x", "-size", "256x256"}, args...)...)
	}
	if o := edit(); o.status != 2 || s.posts.Load() != 0 || !strings.Contains(o.stderr, "$0.04") {
		t.Fatalf("two windows of $0.02: status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	// Nothing stays reserved.
	if o := edit("-spots", "one"); o.status != 0 || s.posts.Load() != 1 {
		t.Fatalf("one window: status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
}

// TestTheResultOfOneSpotIsReported: it was paid for, and only the history holds it.
func TestTheResultOfOneSpotIsReported(t *testing.T) {
	b := newBench(t)
	b.scattered()
	var s *service
	answer := pictures(10, &s)
	var asked atomic.Int32
	s = newService(t, func(w http.ResponseWriter, r *http.Request, form map[string]string) {
		if asked.Add(1) == 1 {
			answer(w, r, form)
			return
		}
		http.Error(w, `{"error": {"message": "no", "code": "moderation_blocked"}}`, http.StatusBadRequest)
	})
	o := b.ask(s)
	if o.status == 0 || s.posts.Load() != 2 || b.files() != "" || !strings.Contains(o.stderr, "history export") {
		t.Errorf("status %d, %d requests, files %q: %s", o.status, s.posts.Load(), b.files(), o.stderr)
	}
}

// TestSpotsAreSavedWithThePhotosGrain has answers without grain at half the windows' size.
func TestSpotsAreSavedWithThePhotosGrain(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	spots := b.scattered()
	var s *service
	s = newService(t, pictures(10, &s))
	o := b.ask(s, "-spots", "each")
	if o.status != 0 || s.posts.Load() != 2 {
		t.Fatalf("status %d, %d requests: %s", o.status, s.posts.Load(), o.stderr)
	}
	img := b.result("beach-1.png")
	for i, r := range spots {
		r = r.Inset(8)
		got, want := roughness(img, r), roughness(b.pixels, r)
		t.Logf("spot %d: neighbours differ by %.1f levels, in the photo by %.1f", i+1, got, want)
		if got < 0.8*want || got > 1.25*want {
			t.Errorf("spot %d: neighbours differ by %.1f levels, in the photo by %.1f", i+1, got, want)
		}
	}
	list, _ := o.one(t, "variant")["spots"].([]any)
	for i, part := range list {
		if d, _ := part.(map[string]any)["detail"].(map[string]any); d == nil || d["grain"] == 0.0 {
			t.Errorf("spot %d is reported as %v", i+1, part)
		}
	}
}

// roughness returns the mean difference of neighbouring pixels in levels.
func roughness(img *image.NRGBA, r image.Rectangle) (sum float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X-1; x++ {
			sum += math.Abs(float64(img.NRGBAAt(x+1, y).G) - float64(img.NRGBAAt(x, y).G))
		}
	}
	return sum / float64((r.Dx()-1)*r.Dy())
}
