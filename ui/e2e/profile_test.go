package e2e

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"overpaint.dev/overpaint/editor/colour"
)

// TestTheScreensProfile shows a picture on a screen whose profile the desktop has set.
func TestTheScreensProfile(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p3 := colour.Coded(12, 13)
	c, err := xgb.NewConnDisplay(d.display)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const name = "_ICC_PROFILE"
	atom, err := xproto.InternAtom(c, false, uint16(len(name)), name).Reply()
	if err != nil {
		t.Fatal(err)
	}
	profile := p3.Profile()
	root := xproto.Setup(c).DefaultScreen(c).Root
	if err := xproto.ChangePropertyChecked(c, xproto.PropModeReplace, root, atom.Atom, xproto.AtomCardinal, 8, uint32(len(profile)), profile).Check(); err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(image.Rect(0, 0, 800, 600))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{210, 50, 60, 255})
	}
	path := filepath.Join(d.home, "red.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	f.Close()
	p := d.launch(path)
	p.waitLogged("shown", 1)
	want := []byte{210, 50, 60, 255}
	p3.FromSRGB(want)
	at := p.client.Min.Add(image.Pt(400, 300))
	p.wait("the picture in the screen's colours", func() bool {
		got := color.NRGBAModel.Convert(d.capture().At(at.X, at.Y)).(color.NRGBA)
		return got == color.NRGBA{want[0], want[1], want[2], 255}
	})
	p.screenshot("screen")
}
