package mask_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

func encode(t testing.TB, m *mask.Mask) []byte {
	var file bytes.Buffer
	if err := m.EncodePNG(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestPNGRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range []image.Point{{1, 1}, {64, 64}, {130, 77}, {300, 5}, {700, 600}} {
		for _, m := range []*mask.Mask{mask.New(size.X, size.Y), mask.All(size), random(rng, size.X, size.Y), noisy(rng, size.X, size.Y)} {
			back, err := mask.Decode(encode(t, m), size)
			if err != nil {
				t.Fatal(err)
			}
			if !back.Equal(m) {
				t.Errorf("a mask of %v didn't come back from its PNG", size)
			}
		}
	}
}

func TestPNGIsDualCoded(t *testing.T) {
	a, _ := pairs()
	file := encode(t, a)
	if kind := file[25]; kind != 6 || file[24] != 8 {
		t.Errorf("colour type %d of %d bits", kind, file[24])
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for v := range 256 {
		want := color.NRGBA{uint8(v), uint8(v), uint8(v), uint8(255 - v)}
		if got := img.(*image.NRGBA).NRGBAAt(v, 7); got != want {
			t.Errorf("coverage %d is written as %v", v, got)
		}
	}
	if empty := encode(t, mask.New(9, 9)); empty[25] != 6 {
		t.Error("an opaque mask isn't RGBA")
	}
}

type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestPNGTellsOfWritesThatFail(t *testing.T) {
	m := noisy(rand.New(rand.NewPCG(1, 3)), 900, 900)
	n := len(encode(t, m))
	for _, left := range []int{0, 10, n / 2, n - 1} {
		if err := m.EncodePNG(&fullDisk{left}); err == nil {
			t.Errorf("no error though only %d of %d bytes could be written", left, n)
		}
	}
}

// asPNG writes a picture with image/png, in the colour type of its Go type.
func asPNG(t testing.TB, img image.Image) []byte {
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestDecodeKindsOfPNG(t *testing.T) {
	r := image.Rect(0, 0, 70, 3)
	gray, gray16, nrgba, wide := image.NewGray(r), image.NewGray16(r), image.NewNRGBA(r), image.NewNRGBA64(r)
	opaque := image.NewNRGBA(r)
	two := image.NewPaletted(r, color.Palette{color.Black, color.White})
	clear := image.NewPaletted(r, color.Palette{color.NRGBA{200, 0, 0, 255}, color.NRGBA{255, 255, 255, 0}})
	want, alone := make([]uint8, 70), make([]uint8, 70)
	for x := range 70 {
		v := uint8(x * 255 / 69)
		want[x] = v
		alone[x] = uint8(x % 2 * 255)
		for y := range 3 {
			gray.SetGray(x, y, color.Gray{v})
			gray16.SetGray16(x, y, color.Gray16{uint16(v) * 257})
			opaque.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
			nrgba.SetNRGBA(x, y, color.NRGBA{3, 200, 90, 255 - v}) // colours say nothing
			wide.SetNRGBA64(x, y, color.NRGBA64{9, 9, 9, uint16(255-v) * 257})
			two.SetColorIndex(x, y, uint8(x%2))
			clear.SetColorIndex(x, y, uint8(x%2))
		}
	}
	for _, c := range []struct {
		name string
		img  image.Image
		want []uint8
	}{{"grey", gray, want}, {"16-bit grey", gray16, want}, {"opaque", opaque, want}, {"alpha", nrgba, want}, {"16-bit alpha", wide, want}, {"black and white", two, alone}, {"palette with transparency", clear, alone}} {
		m, err := mask.Decode(asPNG(t, c.img), r.Size())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for i := range 210 {
			if got := m.At(i%70, i/70); got != c.want[i%70] {
				t.Fatalf("%s: (%d, %d) is %d, should be %d", c.name, i%70, i/70, got, c.want[i%70])
			}
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	file := encode(t, mask.All(image.Pt(40, 30)))
	var size *mask.SizeError
	if _, err := mask.Decode(file, image.Pt(30, 40)); !errors.As(err, &size) || size.Got != image.Pt(40, 30) || size.Want != image.Pt(30, 40) {
		t.Errorf("a mask of another size: %v", err)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{nil, []byte("x"), file[:7], photo.Bytes()} {
		if _, err := mask.Decode(data, image.Pt(40, 30)); !errors.Is(err, mask.ErrNotPNG) {
			t.Errorf("no PNG: %v", err)
		}
	}
	for n := 8; n < len(file)-12; n++ {
		if _, err := mask.Decode(file[:n], image.Pt(40, 30)); !errors.Is(err, mask.ErrDamaged) {
			t.Errorf("%d of %d bytes: %v", n, len(file), err)
		}
	}
	// A header that promises far more than there is, of the size asked for.
	huge := encode(t, mask.New(1, 1))
	copy(huge[16:], []byte{0x7f, 0xff, 0xff, 0xff})
	if _, err := mask.Decode(huge, image.Pt(1, 1)); err == nil {
		t.Error("a changed header was taken")
	}
}

func FuzzDecode(f *testing.F) {
	size := image.Pt(37, 21)
	rng := rand.New(rand.NewPCG(1, 4))
	f.Add(encode(f, noisy(rng, size.X, size.Y)))
	f.Add(encode(f, mask.All(size)))
	f.Add(asPNG(f, image.NewGray(image.Rectangle{Max: size})))
	f.Add(asPNG(f, image.NewPaletted(image.Rectangle{Max: size}, color.Palette{color.White, color.Transparent})))
	f.Add(asPNG(f, image.NewNRGBA64(image.Rectangle{Max: size})))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := mask.Decode(data, size)
		if err != nil {
			var wrong *mask.SizeError
			if !errors.As(err, &wrong) && !errors.Is(err, mask.ErrNotPNG) && !errors.Is(err, mask.ErrDamaged) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if m.Size() != size {
			t.Fatalf("a mask of %v", m.Size())
		}
		back, err := mask.Decode(encode(t, m), size)
		if err != nil || !back.Equal(m) {
			t.Fatalf("what was read doesn't come back: %v", err)
		}
	})
}
