package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"math"
	"math/rand/v2"
	"testing"
)

// converted is the slow meaning of a conversion of 8-bit pixels.
func converted(img image.Image) *image.NRGBA {
	b := img.Bounds()
	out := image.NewNRGBA(image.Rectangle{Max: b.Size()})
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(x, y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

func fill(r *rand.Rand, planes ...[]byte) {
	for _, p := range planes {
		for i := range p {
			p[i] = uint8(r.Uint32())
		}
	}
}

// samples returns random pictures of every 8-bit kind with bounds r.
func samples(r *rand.Rand, b image.Rectangle) map[string]image.Image {
	all := map[string]image.Image{}
	nrgba, rgba, grey, cmyk := image.NewNRGBA(b), image.NewRGBA(b), image.NewGray(b), image.NewCMYK(b)
	fill(r, nrgba.Pix, rgba.Pix, grey.Pix, cmyk.Pix)
	for i := 0; i < len(rgba.Pix); i += 4 { // a premultiplied colour is at most its alpha
		for c := range 3 {
			rgba.Pix[i+c] = min(rgba.Pix[i+c], rgba.Pix[i+3])
		}
	}
	opaque := image.NewRGBA(b)
	fill(r, opaque.Pix)
	for i := 3; i < len(opaque.Pix); i += 4 {
		opaque.Pix[i] = 255
	}
	indexed := image.NewPaletted(b, append(color.Palette{color.NRGBA{9, 8, 7, 100}}, palette.WebSafe...))
	for i := range indexed.Pix {
		indexed.Pix[i] = uint8(r.IntN(len(indexed.Palette)))
	}
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422,
		image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		m := image.NewYCbCr(b, ratio)
		fill(r, m.Y, m.Cb, m.Cr)
		all["YCbCr "+ratio.String()] = m
	}
	a := image.NewNYCbCrA(b, image.YCbCrSubsampleRatio420)
	fill(r, a.Y, a.Cb, a.Cr, a.A)
	for name, m := range map[string]image.Image{"NRGBA": nrgba, "RGBA": rgba, "opaque RGBA": opaque, "Gray": grey, "CMYK": cmyk, "Paletted": indexed, "NYCbCrA": a} {
		all[name] = m
	}
	return all
}

func TestConversionsAreThoseOfImageColor(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, b := range []image.Rectangle{image.Rect(0, 0, 1, 1), image.Rect(0, 0, 33, 18), image.Rect(3, 5, 40, 27), image.Rect(0, 0, 300, 200)} {
		for name, m := range samples(r, b) {
			if c, ok := m.(*image.YCbCr); ok && c.SubsampleRatio != image.YCbCrSubsampleRatio444 {
				continue // interpolated
			}
			t.Run(fmt.Sprint(name, " ", b), func(t *testing.T) {
				want := converted(m)
				equal(t, oriented(m, 6, fresh), turned(want))
				equal(t, FromImage(m), want) // last: it may use m's memory
			})
		}
	}
}

// interpolated is the slow meaning of a picture with fewer samples of chroma than
// of luma: each plane of chroma is read by bilinear interpolation in the middle of
// every pixel, where sample i lies in the middle of the pixels i*sx to i*sx+sx-1.
// All fractions are powers of two, so that this is exact.
func interpolated(m *image.YCbCr, sx, sy int) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	columns, rows := (w+sx-1)/sx, (h+sy-1)/sy
	first := m.COffset(m.Rect.Min.X, m.Rect.Min.Y)
	chroma := func(plane []byte, x, y int) float64 {
		u, v := (float64(x)+0.5)/float64(sx)-0.5, (float64(y)+0.5)/float64(sy)-0.5
		u0, v0 := math.Floor(u), math.Floor(v)
		at := func(i, j float64) float64 {
			i, j = min(max(i, 0), float64(columns-1)), min(max(j, 0), float64(rows-1))
			return float64(plane[first+int(j)*m.CStride+int(i)])
		}
		return (1-v+v0)*((1-u+u0)*at(u0, v0)+(u-u0)*at(u0+1, v0)) + (v-v0)*((1-u+u0)*at(u0, v0+1)+(u-u0)*at(u0+1, v0+1)) - 128
	}
	level := func(v float64) uint8 { return uint8(min(max(math.Floor(v/(1<<16)), 0), 255)) }
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			l := float64(m.Y[m.YOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y)]) * 0x10101
			b, r := chroma(m.Cb, x, y), chroma(m.Cr, x, y)
			out.SetNRGBA(x, y, color.NRGBA{level(l + 91881*r), level(l - 22554*b - 46802*r), level(l + 116130*b), 255})
		}
	}
	return out
}

var subsampled = map[image.YCbCrSubsampleRatio]image.Point{
	image.YCbCrSubsampleRatio422: {2, 1}, image.YCbCrSubsampleRatio420: {2, 2}, image.YCbCrSubsampleRatio440: {1, 2},
	image.YCbCrSubsampleRatio411: {4, 1}, image.YCbCrSubsampleRatio410: {4, 2},
}

func TestChromaIsInterpolated(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for ratio, s := range subsampled {
		for _, size := range []image.Point{{1, 1}, {2, 2}, {3, 1}, {1, 3}, {4, 4}, {5, 5}, {6, 3}, {7, 9}, {33, 18}, {64, 47}, {301, 200}} {
			// As image/jpeg hands pictures over: cut out of whole blocks, whose
			// rest holds anything.
			whole := image.NewYCbCr(image.Rect(0, 0, size.X+19, size.Y+17), ratio)
			fill(r, whole.Y, whole.Cb, whole.Cr)
			for _, at := range []image.Point{{}, {8, 6}} {
				m := whole.SubImage(image.Rectangle{Min: at, Max: at.Add(size)}).(*image.YCbCr)
				t.Run(fmt.Sprint(ratio, m.Rect), func(t *testing.T) {
					want := interpolated(m, s.X, s.Y)
					equal(t, FromImage(m), want)
					equal(t, oriented(m, 6, fresh), turned(want))
				})
			}
		}
	}
}

// A picture of one colour stays that colour, bit for bit; a cut that halves a
// chroma sample keeps image/color's meaning.
func TestPlainChromaIsThatOfImageColor(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for ratio := range subsampled {
		m := image.NewYCbCr(image.Rect(0, 0, 40, 24), ratio)
		for range 100 {
			fill(r, m.Y)
			cb, cr := uint8(r.Uint32()), uint8(r.Uint32())
			for i := range m.Cb {
				m.Cb[i], m.Cr[i] = cb, cr
			}
			equal(t, FromImage(m), converted(m))
		}
		fill(r, m.Cb, m.Cr)
		cut := m.SubImage(image.Rect(3, 5, 30, 20))
		equal(t, FromImage(cut), converted(cut))
	}
}

// All of luma and blue, and every fifth of red with both ends, so that no carry
// is missed.
func TestYCbCrOfAllColours(t *testing.T) {
	m := image.NewYCbCr(image.Rect(0, 0, 256, 256), image.YCbCrSubsampleRatio444)
	for cr := 0; cr < 256; cr += 5 {
		for i := range m.Y {
			m.Y[i], m.Cb[i], m.Cr[i] = uint8(i), uint8(i>>8), uint8(cr)
		}
		got := FromImage(m)
		for i := range m.Y {
			var want [3]uint8
			want[0], want[1], want[2] = color.YCbCrToRGB(m.Y[i], m.Cb[i], m.Cr[i])
			if [3]uint8(got.Pix[4*i:]) != want {
				t.Fatalf("YCbCr(%d, %d, %d) = %v, want %v", m.Y[i], m.Cb[i], m.Cr[i], got.Pix[4*i:4*i+3], want)
			}
		}
	}
}

func TestDeepPixelsAreRounded(t *testing.T) {
	b := image.Rect(0, 0, 256, 257)
	straight, grey, opaque := image.NewNRGBA64(b), image.NewGray16(b), image.NewRGBA64(b)
	for i := range 1 << 16 {
		v := uint16(i)
		x, y := i%256, i/256
		straight.SetNRGBA64(x, y, color.NRGBA64{v, 0xffff - v, 0x8000, v})
		grey.SetGray16(x, y, color.Gray16{v})
		opaque.SetRGBA64(x, y, color.RGBA64{v, 0, 0, 0xffff})
	}
	s, g, o := FromImage(straight), FromImage(grey), FromImage(opaque)
	for i := range 1 << 16 {
		want := uint8((2*i + 257) / (2 * 257))
		x, y := i%256, i/256
		inverse := uint8((2*(0xffff-i) + 257) / (2 * 257))
		if c := s.NRGBAAt(x, y); c != (color.NRGBA{want, inverse, 128, want}) {
			t.Fatalf("NRGBA64 of %d = %v", i, c)
		}
		if c := g.NRGBAAt(x, y); c != (color.NRGBA{want, want, want, 255}) {
			t.Fatalf("Gray16 of %d = %v", i, c)
		}
		if c := o.NRGBAAt(x, y); c != (color.NRGBA{want, 0, 0, 255}) {
			t.Fatalf("RGBA64 of %d = %v", i, c)
		}
	}
	// Premultiplied: half of half transparency is full colour at half alpha.
	m := image.NewRGBA64(image.Rect(0, 0, 1, 1))
	m.SetRGBA64(0, 0, color.RGBA64{0x8080, 0x4040, 0, 0x8080})
	if c := FromImage(m).NRGBAAt(0, 0); c != (color.NRGBA{255, 128, 0, 128}) {
		t.Errorf("premultiplied 16-bit pixel = %v", c)
	}
}
