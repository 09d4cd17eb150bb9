package panel_test

import (
	"image"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// TestTilesAreOfferedAndLeft chooses tiles where the answer would be enlarged, and one piece again.
func TestTilesAreOfferedAndLeft(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	var got []bool
	p.OnTiles = func(on bool) { got = append(got, on) }
	for _, c := range []struct {
		sending *panel.Sending
		button  string // "" where nothing is offered
	}{
		{nil, ""},
		{&panel.Sending{Size: image.Pt(512, 512)}, ""},
		{&panel.Sending{Size: image.Pt(512, 512), Windows: 2}, ""},
		{&panel.Sending{Size: image.Pt(512, 512), Blown: 2.31}, "Make it in tiles"},
		{&panel.Sending{Size: image.Pt(512, 512), Windows: 8, Tiles: true}, "Make it in one piece"},
	} {
		p.SetSending(c.sending)
		found := ""
		for _, b := range find[*widgets.Button](p.Object()) {
			if label := b.Text(); label == "Make it in tiles" || label == "Make it in one piece" {
				if uitest.Has(p.Object(), label) {
					found = label
					test.Tap(b)
				}
			}
		}
		if found != c.button {
			t.Errorf("%+v: offered is %q", c.sending, found)
		}
	}
	if !slices.Equal(got, []bool{true, false}) || !uitest.Has(p.Object(), "8 tiles") {
		t.Errorf("chosen: %v; shown: %q", got, uitest.Texts(p.Object()))
	}
	if got := panel.TileSentence(3, 8, 65*time.Second); got != "Tile 3 of 8 · 1:05" {
		t.Errorf("what runs is told as %q", got)
	}
}
