package region_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/region"
)

// TestOtherContentAroundTheMaskGivesNoMotion has a service change the colours of all, and show something else in a part
// of what surrounds the mask: within the mask colours come back about as well as where it does not, and where hardly any
// of the surroundings are left, still nearly.
func TestOtherContentAroundTheMaskGivesNoMotion(t *testing.T) {
	for i, name := range []string{"flower.jpg", "lakeshore.png", "tulips.png", "coffee.png"} {
		photo, err := aligntest.Read("../../assets/photos", name)
		if err != nil {
			t.Fatal(err)
		}
		s := aligntest.NewScene(photo, image.Pt(20, 20), image.Pt(360, 320), 1.15)
		sent := canvas{s.Sent()}
		box := image.Rect(120, 100, 230, 220)
		m := rectangle(s.Size, box)
		p := region.Plan{Window: sent.Rect, Send: s.Size, Grow: 4}
		b := region.DefaultBlend()
		wrong := func(replaced float64) (sum float64) {
			d := aligntest.Drift{Gain: 1.08, Gamma: 0.95, Cast: [3]float64{1.03, 1, 0.97}, JPEG: 90, Keep: m.Alpha(sent.Rect), Replaced: replaced, Seed: uint64(i)}
			l := p.Stitch(sent, s.Size, m, s.Answer(d), align.Motion{}, b)
			for y := box.Min.Y; y < box.Max.Y; y++ {
				for x := box.Min.X; x < box.Max.X; x++ {
					for ch := range 3 {
						e := float64(l.Pix.Pix[l.Pix.PixOffset(x, y)+ch]) - float64(sent.Pix[sent.PixOffset(x, y)+ch])
						sum += e * e
					}
				}
			}
			return sum / float64(3*box.Dx()*box.Dy())
		}
		alone := wrong(0)
		for part, most := range map[float64]float64{0.3: 2*alone + 4, 0.6: 120} {
			got := wrong(part)
			t.Logf("%s, %.0f %% replaced: squared error %.1f, %.1f where nothing is", name, 100*part, got, alone)
			if got > most {
				t.Errorf("%s, %.0f %% replaced: squared error %.1f, %.1f where nothing is", name, 100*part, got, alone)
			}
		}
	}
}
