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

// TestPasteAndCopy pastes a picture that another program has copied, and reads
// what the program copies with another one.
func TestPasteAndCopy(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.xdotool("key", "ctrl+v") // nothing there yet: a sentence, and all goes on
	p.waitLogged("not pasted", 1)

	path := filepath.Join(d.home, "copied.png")
	if err := os.WriteFile(path, photos.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	d.start(d.command("xclip", "-quiet", "-selection", "clipboard", "-target", "image/png", "-in", path), "xclip")
	d.wait("the clipboard", func() bool {
		out, err := d.command("xclip", "-selection", "clipboard", "-target", "TARGETS", "-out").Output()
		return err == nil && strings.Contains(string(out), "image/png")
	})
	p.xdotool("key", "ctrl+v")
	p.waitLogged("opened", 1)
	p.waitLogged("shown", 1)
	p.wait("the pasted picture's name", func() bool { return strings.HasPrefix(p.title(), "Pasted picture") })
	p.screenshot("pasted")

	p.xdotool("key", "ctrl+c")
	p.waitLogged("copied", 1)
	out, err := d.command("xclip", "-selection", "clipboard", "-target", "image/png", "-out").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, want := pixels(t, out), pixels(t, photos.Sample)
	if got.Bounds() != want.Bounds() {
		t.Fatalf("copied %v, want %v", got.Bounds(), want.Bounds())
	}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if rgba(got, x, y) != rgba(want, x, y) {
				t.Fatalf("the copied picture differs at %d, %d", x, y)
			}
		}
	}
}

func pixels(t *testing.T, raw []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func rgba(img image.Image, x, y int) [4]uint32 {
	r, g, b, a := img.At(x, y).RGBA()
	return [4]uint32{r, g, b, a}
}
