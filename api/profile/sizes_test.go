package profile_test

import (
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// TestWhatIsPlannedIsAllowed tries every profile with masks, whole pictures and sizes of all shapes:
// whatever a plan sends or asks for is a size that the profile allows.
func TestWhatIsPlannedIsAllowed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, e := range profile.Builtin().List() {
		l := e.Limits()
		for range 200 {
			size := image.Pt(1+rnd.IntN(1+rnd.IntN(5000)), 1+rnd.IntN(1+rnd.IntN(5000)))
			at := mask.Point{X: float64(rnd.IntN(size.X)), Y: float64(rnd.IntN(size.Y))}
			m := mask.Rectangle(size, at, mask.Point{X: at.X + float64(1+rnd.IntN(size.X)), Y: at.Y + float64(1+rnd.IntN(size.Y))})
			p, err := region.NewPlan(m, l, region.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			if len(e.Sizes) > 0 && !e.Allows(p.Send) {
				t.Fatalf("%s: the mask %v of %v is sent at %v", e.ID, m.Bounding(), size, p.Send)
			}
			if ask := l.Ask(size, image.Point{}); len(e.Sizes) > 0 && !e.Allows(ask) {
				t.Fatalf("%s: for all of %v an answer of %v is asked for", e.ID, size, ask)
			}
			near := l.Nearest(size)
			if !l.Allows(near) || l.Nearest(near) != near {
				t.Fatalf("%s: %v is near %v, and %v near that", e.ID, near, size, l.Nearest(near))
			}
		}
	}
}
