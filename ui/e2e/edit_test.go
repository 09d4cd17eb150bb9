package e2e

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/assets/photos"
)

// TestFromPhotoToSavedVariant does the main job by hand: open the sample,
// paint a stroke, type a prompt, press Ctrl+Enter, wait for the variants, save
// one; then the saved file is compared with the sample pixel by pixel.
func TestFromPhotoToSavedVariant(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.screenshot("1-empty")

	p.trySample()

	p.paintStroke()
	p.screenshot("2-painted")

	p.typePrompt("nothing but the lake")
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("queued", 1)
	p.waitLogged("ended", 1)
	if got := p.logged("variant"); got != 4 {
		t.Fatalf("%d variants came, want 4", got)
	}
	p.screenshot("3-variants")

	p.press("Save…")
	p.screenshot("4-save")
	p.xdotool("sleep", "0.5", "key", "Return")
	p.waitLogged("saved", 1)
	p.screenshot("5-saved")

	compare(t, filepath.Join(d.home, "lakeshore-1.png"))
}

// compare checks that the file is the sample but for a connected-looking spot
// no larger than the stroke and its feather.
func compare(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(photos.Sample))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("saved %v, want %v", got.Bounds(), want.Bounds())
	}
	changed, box := 0, image.Rectangle{}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			r, g, b, a := got.At(x, y).RGBA()
			r0, g0, b0, a0 := want.At(x, y).RGBA()
			if r != r0 || g != g0 || b != b0 || a != a0 {
				changed++
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	// The sample is shown at 1:1, so the stroke spans 96x32 pixels; its brush is
	// 64 wide and its feather 16 on each side.
	if changed < 1000 {
		t.Errorf("only %d pixels changed", changed)
	}
	if box.Dx() > 96+64+32+4 || box.Dy() > 32+64+32+4 {
		t.Errorf("changes reach over %v, further than the stroke and its feather", box)
	}
}

// TestCommandLineNeedsNoDisplay runs the program where there is no screen.
func TestCommandLineNeedsNoDisplay(t *testing.T) {
	t.Parallel()
	d := &desktop{t: t, home: t.TempDir(), env: clean(os.Environ())}
	out, err := d.command(binary, "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "overpaint ") {
		t.Fatalf("version: %q, %v", out, err)
	}
}
