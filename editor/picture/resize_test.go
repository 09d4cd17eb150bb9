package picture

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// slowResize computes every pixel from the definition in float64.
func slowResize(src *image.NRGBA, size image.Point) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	from := src.Rect.Size()
	sx, sy := float64(from.X)/float64(size.X), float64(from.Y)/float64(size.Y)
	wx, wy := math.Max(sx, 1), math.Max(sy, 1)
	for y := range size.Y {
		for x := range size.X {
			cx, cy := (float64(x)+0.5)*sx-0.5, (float64(y)+0.5)*sy-0.5
			var sum [4]float64
			var weight float64
			for j := int(math.Ceil(cy - 3*wy)); float64(j) <= cy+3*wy; j++ {
				for i := int(math.Ceil(cx - 3*wx)); float64(i) <= cx+3*wx; i++ {
					w := lanczos((float64(i)-cx)/wx) * lanczos((float64(j)-cy)/wy)
					c := src.NRGBAAt(min(max(i, 0), from.X-1), min(max(j, 0), from.Y-1))
					for k, v := range []uint8{c.R, c.G, c.B} {
						sum[k] += w * float64(v) * float64(c.A)
					}
					sum[3] += w * float64(c.A)
					weight += w
				}
			}
			round := func(v float64) uint8 { return uint8(math.Min(math.Max(math.Round(v), 0), 255)) }
			if a := sum[3] / weight; round(a) > 0 {
				out.SetNRGBA(x, y, color.NRGBA{round(sum[0] / sum[3]), round(sum[1] / sum[3]), round(sum[2] / sum[3]), round(a)})
			}
		}
	}
	return out
}

func near(t *testing.T, got, want *image.NRGBA, tolerance int) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Fatalf("rectangle = %v, want %v", got.Rect, want.Rect)
	}
	for i := range want.Pix {
		// A colour that is nearly transparent is divided by nearly nothing.
		if want.Pix[i|3] < 8 && i%4 != 3 {
			continue
		}
		if d := int(got.Pix[i]) - int(want.Pix[i]); d > tolerance || d < -tolerance {
			t.Fatalf("byte %d = %d, want %d", i, got.Pix[i], want.Pix[i])
		}
	}
}

func TestResizeFollowsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, c := range [][2]image.Point{
		{{1, 1}, {5, 7}}, {{5, 7}, {1, 1}}, {{30, 20}, {31, 19}}, {{30, 20}, {90, 45}}, {{64, 50}, {13, 9}}, {{3, 80}, {40, 11}}, {{200, 3}, {7, 3}},
	} {
		for _, opaque := range []bool{false, true} {
			src := random(r, c[0].X, c[0].Y, opaque)
			near(t, Resize(src, c[1]), slowResize(src, c[1]), 1)
		}
	}
}

func TestResizeToTheSameSizeIsEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	src := random(r, 50, 40, false)
	equal(t, Resize(src, image.Pt(50, 40)), src)
	// Also of a part of a picture, whose rows are further apart.
	part := src.SubImage(image.Rect(7, 5, 30, 33)).(*image.NRGBA)
	got := Resize(part, image.Pt(23, 28))
	for y := range 28 {
		for x := range 23 {
			if got.NRGBAAt(x, y) != src.NRGBAAt(7+x, 5+y) {
				t.Fatalf("pixel (%d, %d) differs", x, y)
			}
		}
	}
}

// The centre of a soft spot stays where it is at any size.
func TestResizeHasNoShift(t *testing.T) {
	const n, cx, cy, sigma = 240, 100.3, 137.8, 20.0
	src := image.NewNRGBA(image.Rect(0, 0, n, n))
	for y := range n {
		for x := range n {
			d := math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy) / sigma
			src.SetNRGBA(x, y, color.NRGBA{uint8(math.Round(255 * math.Exp(-d*d/2))), 0, 0, 255})
		}
	}
	for _, m := range []int{60, 120, 171, 240, 333, 480, 777} {
		out := Resize(src, image.Pt(m, m))
		scale := float64(n) / float64(m)
		var x0, y0, sum float64
		for y := range m {
			for x := range m {
				v := float64(out.NRGBAAt(x, y).R)
				x0 += v * (float64(x) + 0.5) * scale
				y0 += v * (float64(y) + 0.5) * scale
				sum += v
			}
		}
		if dx, dy := x0/sum-cx, y0/sum-cy; math.Abs(dx) > 0.05 || math.Abs(dy) > 0.05 {
			t.Errorf("%d to %d: shifted by %.3f, %.3f pixels", n, m, dx, dy)
		}
	}
}

// Transparent pixels lend no colour to their neighbours.
func TestResizeWeightsByAlpha(t *testing.T) {
	src := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for y := range 40 {
		for x := range 40 {
			c := color.NRGBA{255, 0, 0, 255}
			if x >= 20 {
				c = color.NRGBA{0, 255, 0, 0}
			}
			src.SetNRGBA(x, y, c)
		}
	}
	for _, m := range []int{13, 27, 95} {
		out := Resize(src, image.Pt(m, m))
		for i := 0; i < len(out.Pix); i += 4 {
			if p := out.Pix[i : i+4]; p[3] > 0 && (p[0] < 254 || p[1] > 1) {
				t.Fatalf("size %d: pixel %v has taken the colour of what is transparent", m, p)
			}
		}
	}
}

func TestResizeAlphaIsTheAlphaOfResize(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	src := random(r, 61, 47, false)
	alpha := image.NewAlpha(src.Rect)
	for i := range alpha.Pix {
		alpha.Pix[i] = src.Pix[4*i+3]
	}
	for _, size := range []image.Point{{61, 47}, {20, 90}, {122, 94}, {7, 5}} {
		want, got := Resize(src, size), ResizeAlpha(alpha, size)
		for i, v := range got.Pix {
			if d := int(v) - int(want.Pix[4*i+3]); d < -1 || d > 1 {
				t.Fatalf("%v: sample %d = %d, want %d", size, i, v, want.Pix[4*i+3])
			}
		}
	}
}

func TestThumbnailKeepsTheShape(t *testing.T) {
	for _, c := range []struct{ size, thumbnail image.Point }{
		{image.Pt(400, 300), image.Pt(100, 75)}, {image.Pt(30, 900), image.Pt(3, 100)}, {image.Pt(1000, 2), image.Pt(100, 1)}, {image.Pt(60, 100), image.Pt(60, 100)},
	} {
		src := image.NewNRGBA(image.Rectangle{Max: c.size})
		for i := range src.Pix {
			src.Pix[i] = 200
		}
		out := Thumbnail(src, 100)
		if out.Rect.Size() != c.thumbnail {
			t.Errorf("%v became %v, want %v", c.size, out.Rect.Size(), c.thumbnail)
		}
		for _, v := range out.Pix {
			if v != 200 {
				t.Fatalf("%v: a flat picture did not stay flat: %d", c.size, v)
			}
		}
	}
	if got := Thumbnail(image.NewNRGBA(image.Rectangle{}), 10).Rect; !got.Empty() {
		t.Errorf("the thumbnail of nothing is %v", got)
	}
}
