package panel_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func TestStatusBar(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	s := panel.NewStatusBar()
	uitest.Window(t, s.Object(), fyne.NewSize(1280, 24))
	s.SetPicture("flower.jpg", image.Pt(2268, 1512), 0.62)
	s.SetMask(0.041, image.Pt(720, 720), image.Pt(720, 720))
	s.SetEngine("dddai.dev ready", panel.Ready)
	for _, want := range []string{"flower.jpg · 2268 × 1512", "62%", "Mask 4.1% · area 720 × 720", "dddai.dev ready"} {
		if !uitest.Has(s.Object(), want) {
			t.Errorf("no %q in %q", want, uitest.Texts(s.Object()))
		}
	}
	for zoom, want := range map[float64]string{0.125: "12.5%", 0.0625: "6.3%", 0.1: "10%", 0.3333: "33%", 2: "200%"} {
		if s.SetPicture("flower.jpg", image.Pt(2268, 1512), zoom); !uitest.Has(s.Object(), want) {
			t.Errorf("a zoom of %v is none of %q", zoom, uitest.Texts(s.Object()))
		}
	}
	s.SetMask(0.00001, image.Pt(1440, 1440), image.Pt(1024, 1024))
	if !uitest.Has(s.Object(), "Mask < 0.1% · area 1440 × 1440 · sent at 71% of its size") {
		t.Errorf("%q", uitest.Texts(s.Object()))
	}
	s.SetMask(-1, image.Pt(500, 500), image.Pt(500, 500))
	if !uitest.Has(s.Object(), "No mask · area 500 × 500") {
		t.Errorf("%q", uitest.Texts(s.Object()))
	}
	s.SetPicture("一个很长很长的文件名 with spaces and a very long name indeed.png", image.Pt(2268, 1512), 0.62)
	if got := uitest.Texts(s.Object())[0]; !strings.HasPrefix(got, "一个很长很长的文件名") || !strings.Contains(got, "indeed.png · 2268") || len([]rune(got)) > 60 {
		t.Errorf("a long name is shown as %q", got)
	}
	s.SetMask(0, image.Point{}, image.Point{})
	if uitest.Has(s.Object(), "Mask") {
		t.Error("an empty mask is shown")
	}
}

// TestTheScaleIsSaidInWords has windows that are sent smaller and larger than they are.
func TestTheScaleIsSaidInWords(t *testing.T) {
	for language, want := range map[string]map[int]string{
		"en": {512: "sent at half size", 640: "sent at 63% of its size", 1020: "", 1024: "", 2048: "sent at twice its size", 3: "sent at 1% of its size"},
		"zh": {512: "以一半尺寸发送", 640: "以原尺寸的 63% 发送", 1020: "", 1024: "", 2048: "以两倍尺寸发送", 1536: "以原尺寸的 150% 发送"},
	} {
		uitest.App(t, language, theme.Dark)
		s := panel.NewStatusBar()
		uitest.Window(t, s.Object(), fyne.NewSize(1280, 24))
		for sent, words := range want {
			s.SetMask(0.041, image.Pt(1024, 1024), image.Pt(sent, sent))
			line := strings.Join(uitest.Texts(s.Object()), " ")
			if words == "" && strings.Count(line, "·") != 1 || words != "" && !strings.HasSuffix(line, " · "+words) {
				t.Errorf("%s: 1024 sent as %d: %q, want %q", language, sent, line, words)
			}
		}
	}
}

func TestTheZoomIsTypedOrChosen(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	s := panel.NewStatusBar()
	w := uitest.Window(t, s.Object(), fyne.NewSize(1280, 300))
	var zooms []float64
	s.OnZoom = func(z float64) { zooms = append(zooms, z) }
	s.SetPicture("flower.jpg", image.Pt(2268, 1512), 0.62)
	field := find[*widgets.NumberField](s.Object())[0]
	w.Canvas().Focus(field)
	test.Type(field, "150")
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.SetPicture("flower.jpg", image.Pt(2268, 1512), 1.5)
	if !slices.Equal(zooms, []float64{1.5}) || field.Value() != 150 {
		t.Errorf("heard %v, the field says %v", zooms, field.Value())
	}
	find[*widgets.ToolButton](s.Object())[0].Tapped(nil)
	menu := w.Canvas().Overlays().Top()
	if menu == nil || !uitest.Has(menu, "Fit in window") || !uitest.Has(menu, "200%") {
		t.Error("no zooms are offered")
	}
}
