package display

import (
	"image"
	"strings"
	"testing"

	"overpaint.dev/overpaint/assets/text"
)

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		screen        Screen
		user          float64
		env           string
		width, height float32
	}{
		{Screen{image.Pt(1920, 1040), 1}, 0, "", 1920, 1040},
		{Screen{image.Pt(3840, 2080), 2}, 1, "", 1920, 1040},
		{Screen{image.Pt(1920, 1040), 1}, 1.5, "", 1280, 693},
		{Screen{image.Pt(1920, 1040), 1}, 1.5, "2", 960, 520},
		{Screen{image.Pt(1920, 1040), 1}, 1, "auto", 1920, 1040},
		{Screen{}, 1, "", 0, 0},
	} {
		t.Setenv("FYNE_SCALE", c.env)
		if w, h := c.screen.Units(c.user); w != c.width || h != c.height {
			t.Errorf("%+v at %v, FYNE_SCALE=%q: %v x %v", c.screen, c.user, c.env, w, h)
		}
	}
}

func TestDetected(t *testing.T) {
	for _, c := range []struct {
		millimetres, pixels int
		want                float64
	}{
		{527, 1920, 1},  // 92 dots an inch
		{254, 2400, 2},  // 240 dots an inch
		{0, 1920, 1},    // a monitor that tells nothing
		{10, 100000, 1}, // one that lies
	} {
		if got := detected(c.millimetres, c.pixels); got != c.want {
			t.Errorf("%d mm, %d px: %v, not %v", c.millimetres, c.pixels, got, c.want)
		}
	}
	t.Setenv("FYNE_DISABLE_DPI_DETECTION", "true")
	if got := detected(254, 2400); got != 1 {
		t.Errorf("without detection %v", got)
	}
}

// TestSentences checks that each says in one sentence what is missing, what to
// install or do, and what works without a window.
func TestSentences(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for _, language := range text.Languages() {
		text.Use(language)
		for err, part := range map[error]string{
			ErrNoDisplay: "DISPLAY", ErrNoXWayland: "xwayland", ErrNoOpenGL: "libgl1-mesa-dri", ErrOldOpenGL: "2.1",
		} {
			s := Sentence(err)
			if !strings.Contains(s, part) || !strings.Contains(s, "overpaint edit") || strings.Contains(s, "\n") {
				t.Errorf("%s, %v: %s", language, err, s)
			}
		}
	}
}
