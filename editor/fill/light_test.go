package fill

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// copiedNoise returns the hole of a picture of noise, each pixel of which is copied from 60 to the
// left; what is known beside the hole is brighter than that by as
// much as brighter says.
func copiedNoise(t *testing.T, brighter func(x, y int) int) *copied {
	t.Helper()
	in := image.Rect(80, 40, 130, 90)
	img := image.NewNRGBA(image.Rect(0, 0, 150, 130))
	mask := image.NewAlpha(img.Rect)
	for y := range 130 {
		for x := range 150 {
			at := image.Pt(x, y)
			v := 120 + rand.New(rand.NewPCG(uint64(x%60), uint64(y))).IntN(41) - 20
			if at.In(in) {
				mask.SetAlpha(x, y, color.Alpha{A: 255})
			} else if at.In(in.Inset(-3)) {
				v += brighter(x, y)
			}
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(v), G: uint8(v), B: uint8(v), A: 255})
		}
	}
	l, err := newLevel0(t.Context(), 2, img, label(mask, img.Rect, 10)[0], nil, img.Rect)
	if err != nil {
		t.Fatal(err)
	}
	r := l.cover()
	from := make([]int32, r.Dx()*r.Dy())
	for k := range from {
		from[k] = -1
		if x, y := r.Min.X+k%r.Dx(), r.Min.Y+k/r.Dx(); image.Pt(x, y).In(in) {
			from[k] = int32(y*l.w + x - 60)
		}
	}
	return newCopied(l, from)
}

// farthest returns the correction of the hole's middle, in levels.
func farthest(t *testing.T, brighter func(x, y int) int) float64 {
	t.Helper()
	h := copiedNoise(t, brighter)
	var middle float32
	err := h.correct(t.Context(), run{workers: 2}, func(channel int, c []float32) error {
		if channel == 0 {
			middle = c[(65-h.r.Min.Y)*h.r.Dx()+105-h.r.Min.X]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return float64(middle)
}

func TestOneLightAllRoundIsSpread(t *testing.T) {
	if got := farthest(t, func(int, int) int { return 16 }); got < 10 || got > 17 {
		t.Errorf("by %.1f levels in the middle of a hole that is to be 16 brighter", got)
	}
}

func TestNothingIsSpreadFromAContradiction(t *testing.T) {
	touches := func(x, y int) int { // something bright beside a short stretch of the edge
		if x < 80 && y > 55 && y < 75 {
			return 70
		}
		return 0
	}
	if got := farthest(t, touches); math.Abs(got) > 2 {
		t.Errorf("the middle of the hole is corrected by %.1f levels", got)
	}
	changes := func(x, y int) int {
		if (x+y)/16%2 == 0 {
			return 30
		}
		return -20
	}
	if got := farthest(t, changes); math.Abs(got) > 2 {
		t.Errorf("the middle of the hole is corrected by %.1f levels where signs change", got)
	}
}
