package mask_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// pairs returns two masks whose pixels go through all pairs of coverage, and a
// mask of blobs beside them to have tiles of all kinds.
func pairs() (a, b *mask.Mask) {
	one, two := image.NewAlpha(image.Rect(0, 0, 256, 256)), image.NewAlpha(image.Rect(0, 0, 256, 256))
	for i := range one.Pix {
		one.Pix[i], two.Pix[i] = uint8(i), uint8(i>>8)
	}
	return mask.FromAlpha(one, image.Pt(256, 256)), mask.FromAlpha(two, image.Pt(256, 256))
}

func TestCombineEveryPairOfCoverages(t *testing.T) {
	a, b := pairs()
	union, rest, both := mask.Union(a, b), mask.Subtract(a, b), mask.Intersect(a, b)
	for i := range 256 * 256 {
		x, y := i%256, i/256
		if got := union.At(x, y); got != uint8(max(x, y)) {
			t.Fatalf("union of %d and %d is %d", x, y, got)
		}
		if got := rest.At(x, y); got != uint8(max(x-y, 0)) {
			t.Fatalf("%d less %d is %d", x, y, got)
		}
		if got := both.At(x, y); got != uint8(min(x, y)) {
			t.Fatalf("%d and %d in common are %d", x, y, got)
		}
	}
}

func TestCombineTiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for range 60 {
		size := image.Pt(1+rng.IntN(300), 1+rng.IntN(300))
		kinds := []*mask.Mask{mask.New(size.X, size.Y), mask.All(size), random(rng, size.X, size.Y), random(rng, size.X, size.Y)}
		a, b := kinds[rng.IntN(4)], kinds[rng.IntN(4)]
		union, rest, both, inverse := mask.Union(a, b), mask.Subtract(a, b), mask.Intersect(a, b), a.Invert()
		sum := 0.0
		var box image.Rectangle
		for i := range size.X * size.Y {
			x, y := i%size.X, i/size.X
			v, w := a.At(x, y), b.At(x, y)
			if union.At(x, y) != max(v, w) || rest.At(x, y) != v-min(v, w) || both.At(x, y) != min(v, w) || inverse.At(x, y) != 255-v {
				t.Fatalf("of %d and %d: union %d, rest %d, both %d, inverse %d", v, w, union.At(x, y), rest.At(x, y), both.At(x, y), inverse.At(x, y))
			}
			sum += float64(v) / 255
			if v > 0 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
		if !inverse.Invert().Equal(a) {
			t.Error("inverted twice it isn't the same")
		}
		if math.Abs(a.Area()-sum) > 1e-6*sum || !a.Bounding().Eq(box) || a.Empty() != box.Empty() {
			t.Errorf("area %v bounding %v empty %v, should be %v %v %v", a.Area(), a.Bounding(), a.Empty(), sum, box, box.Empty())
		}
		if !mask.Subtract(a, a).Empty() || !mask.Union(a, a).Equal(a) || !mask.Intersect(a, a).Equal(a) {
			t.Error("a mask combined with itself")
		}
		if a.Equal(b) != mask.Diff(a, b).Empty() {
			t.Error("Equal and Diff disagree")
		}
	}
}

func TestCombineOtherSizes(t *testing.T) {
	a, b := mask.All(image.Pt(100, 90)), mask.All(image.Pt(70, 130))
	if got := mask.Subtract(a, b); got.Size() != a.Size() || got.Area() != 30*90 {
		t.Errorf("left %v of %v", got.Area(), got.Size())
	}
	if got := mask.Intersect(a, b).Area(); got != 70*90 {
		t.Errorf("in common %v", got)
	}
}

func TestAlphaRoundTripAndResize(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 2))
	for range 60 {
		size := image.Pt(1+rng.IntN(250), 1+rng.IntN(250))
		m := random(rng, size.X, size.Y)
		r := image.Rect(rng.IntN(300)-30, rng.IntN(300)-30, rng.IntN(300)-30, rng.IntN(300)-30)
		a := m.Alpha(r)
		if a.Rect != r {
			t.Fatalf("alpha of %v has %v", r, a.Rect)
		}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if a.AlphaAt(x, y).A != m.At(x, y) {
					t.Fatalf("alpha at (%d, %d) is %d, not %d", x, y, a.AlphaAt(x, y).A, m.At(x, y))
				}
			}
		}
		back := mask.FromAlpha(a, size)
		offset, other := image.Pt(rng.IntN(200)-100, rng.IntN(200)-100), image.Pt(1+rng.IntN(300), 1+rng.IntN(300))
		moved := m.Resized(other, offset)
		for i := range 300 * 300 {
			x, y := i%300, i/300
			want := uint8(0)
			if image.Pt(x, y).In(r) {
				want = m.At(x, y)
			}
			if back.At(x, y) != want {
				t.Fatalf("(%d, %d) came back from alpha as %d, was %d", x, y, back.At(x, y), want)
			}
			want = 0
			if x < other.X && y < other.Y {
				want = m.At(x-offset.X, y-offset.Y)
			}
			if moved.At(x, y) != want {
				t.Fatalf("(%d, %d) of the resized mask is %d, not %d", x, y, moved.At(x, y), want)
			}
		}
	}
}

func TestFromTransparency(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 3))
	whole := image.NewNRGBA(image.Rect(5, 7, 105, 90))
	for i := range whole.Pix {
		whole.Pix[i] = uint8(rng.Uint32())
	}
	img := whole.SubImage(image.Rect(10, 10, 100, 80)).(*image.NRGBA)
	size, offset := image.Pt(170, 140), image.Pt(33, -9)
	m := mask.FromTransparency(img, size, offset)
	for i := range size.X * size.Y {
		x, y := i%size.X, i/size.X
		want := 255 - img.NRGBAAt(x-offset.X+10, y-offset.Y+10).A
		if m.At(x, y) != want {
			t.Fatalf("(%d, %d) is %d, not %d", x, y, m.At(x, y), want)
		}
	}
}

func TestNoPixels(t *testing.T) {
	for _, size := range []image.Point{{}, {X: 5}, {Y: 5}} {
		m := mask.New(size.X, size.Y)
		for _, got := range []*mask.Mask{m.Invert(), m.Grow(3), m.Shrink(3), m.Feather(4), m.FillHoles(), mask.All(size), mask.Union(m, m)} {
			if got.Size() != size || !got.Empty() {
				t.Errorf("of %v came %v", size, got.Size())
			}
		}
	}
	var zero mask.Mask
	if !zero.Empty() || zero.At(0, 0) != 0 || !zero.Bounding().Empty() {
		t.Error("the zero mask has pixels")
	}
}
