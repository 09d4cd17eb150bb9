package webpfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/webpfile"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fixtures returns the names of all samples, without ".webp".
func fixtures(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.webp")
	if err != nil || len(names) == 0 {
		t.Fatal("no samples: ", err)
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(filepath.Base(name), ".webp")
	}
	return names
}

// rgba returns what Decode and Rows make of a file.
func rgba(t testing.TB, data []byte) *image.NRGBA {
	t.Helper()
	img, err := webpfile.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewNRGBA(img.Bounds())
	row := webpfile.Rows(img)
	for y := range out.Rect.Dy() {
		row(out.Pix[y*out.Stride:][:out.Stride], y)
	}
	return out
}

// want returns what dwebp reads from a sample.
func want(t testing.TB, name string) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(fixture(t, name+".png")))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewNRGBA(img.Bounds())
	if m, ok := img.(*image.NRGBA); ok {
		copy(out.Pix, m.Pix)
	} else {
		draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	}
	return out
}

func same(t *testing.T, got, want *image.NRGBA) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Fatalf("of %v, want %v", got.Rect, want.Rect)
	}
	for i := range want.Pix {
		if got.Pix[i] != want.Pix[i] {
			p := i / 4
			t.Fatalf("pixel %d,%d is %v, want %v", p%want.Rect.Dx(), p/want.Rect.Dx(), got.Pix[4*p:4*p+4], want.Pix[4*p:4*p+4])
		}
	}
}

// TestDecode reads lossy and lossless pictures, with and without alpha, to the bit as
// libwebp reads them.
func TestDecode(t *testing.T) {
	for _, name := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			data := fixture(t, name+".webp")
			same(t, rgba(t, data), want(t, name))
			config, err := webpfile.DecodeConfig(data)
			if size := want(t, name).Rect.Size(); err != nil || config.Width != size.X || config.Height != size.Y {
				t.Errorf("DecodeConfig: %dx%d, %v", config.Width, config.Height, err)
			}
		})
	}
}

// TestKinds tells lossy pictures from lossless ones, and from others.
func TestKinds(t *testing.T) {
	for name, lossy := range map[string]bool{"lossy-2x2": true, "alpha-best": true, "lossless": false, "lossless-alpha": false} {
		img, err := webpfile.Decode(fixture(t, name+".webp"))
		if err != nil {
			t.Fatal(err)
		}
		if _, is := img.(*webpfile.Lossy); is != lossy {
			t.Errorf("%s: %T", name, img)
		}
	}
	if webpfile.Rows(image.NewGray(image.Rect(0, 0, 1, 1))) != nil {
		t.Error("rows of a picture of another kind")
	}
}

// chunk is a chunk of a RIFF file.
type chunk struct {
	kind    string
	payload []byte
}

func chunks(file []byte) (all []chunk) {
	webpfile.Chunks(file[webpfile.Head:], func(kind string, payload []byte) bool {
		all = append(all, chunk{kind, payload})
		return true
	})
	return all
}

// riff is a file of chunks.
func riff(all ...chunk) []byte {
	body := []byte("WEBP")
	for _, c := range all {
		body = binary.LittleEndian.AppendUint32(append(body, c.kind...), uint32(len(c.payload)))
		body = append(append(body, c.payload...), make([]byte, len(c.payload)%2)...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// TestFlagOfAlpha follows the chunks where the header's flag of alpha says otherwise,
// as libwebp does.
func TestFlagOfAlpha(t *testing.T) {
	all := chunks(fixture(t, "alpha-best.webp"))
	if len(all) != 3 || all[0].kind != "VP8X" || all[1].kind != "ALPH" {
		t.Fatalf("the sample has other chunks: %v", all)
	}
	opaque := want(t, "alpha-best")
	for i := 3; i < len(opaque.Pix); i += 4 {
		opaque.Pix[i] = 255
	}
	unset := chunk{"VP8X", bytes.Clone(all[0].payload)}
	unset.payload[0] = 0
	t.Run("set without alpha", func(t *testing.T) { same(t, rgba(t, riff(all[0], all[2])), opaque) })
	t.Run("set, alpha behind the picture", func(t *testing.T) { same(t, rgba(t, riff(all[0], all[2], all[1])), opaque) })
	t.Run("unset with alpha", func(t *testing.T) { same(t, rgba(t, riff(unset, all[1], all[2])), want(t, "alpha-best")) })
	if all[0].payload[0] == 0 {
		t.Error("the file was written to")
	}
}

// TestUnusedAlpha makes a lossless picture opaque of which the header says that alpha
// is not used.
func TestUnusedAlpha(t *testing.T) {
	data := fixture(t, "lossless-alpha.webp")
	data[webpfile.Head+8+4] &^= 0x10
	if got := rgba(t, data); !got.Opaque() {
		t.Error("not opaque")
	}
}

// TestChunks walks over chunks of odd and even lengths, and stops where it is told to
// or where a chunk is cut off.
func TestChunks(t *testing.T) {
	file := riff(chunk{"odd ", []byte{1, 2, 3}}, chunk{"none", nil}, chunk{"even", []byte{4, 5}})
	all := chunks(file)
	if len(all) != 3 || string(all[0].payload) != "\x01\x02\x03" || len(all[1].payload) != 0 || all[2].kind != "even" || string(all[2].payload) != "\x04\x05" {
		t.Errorf("%v", all)
	}
	for n := webpfile.Head; n <= len(file); n++ {
		for i, c := range chunks(file[:n]) {
			if c.kind != all[i].kind || !bytes.Equal(c.payload, all[i].payload) {
				t.Fatalf("of %d bytes chunk %d is %v", n, i, c)
			}
		}
	}
	seen := 0
	webpfile.Chunks(file[webpfile.Head:], func(string, []byte) bool { seen++; return seen < 2 })
	if seen != 2 {
		t.Errorf("%d chunks after being told to stop at 2", seen)
	}
	huge := append(bytes.Clone(file[:webpfile.Head]), "big \xff\xff\xff\xff...."...)
	if got := chunks(huge); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// TestDamaged refuses each sample wherever it is cut off, and what contradicts itself.
func TestDamaged(t *testing.T) {
	for _, name := range fixtures(t) {
		data := fixture(t, name+".webp")
		// A byte or two at the end may be padding, or nothing that a pixel needs.
		for n := range len(data) - 8 {
			if img, err := webpfile.Decode(data[:n]); err == nil {
				t.Errorf("%s, %d of %d bytes: %v", name, n, len(data), img.Bounds())
			}
		}
	}
	alpha, lossy, lossless := chunks(fixture(t, "alpha-raw.webp")), chunks(fixture(t, "lossy-2x2.webp")), chunks(fixture(t, "lossless.webp"))
	for name, file := range map[string][]byte{
		"nothing":                 {},
		"no chunks":               riff(),
		"no pixels":               riff(alpha[0]),
		"alpha without a header":  riff(alpha[1], alpha[2]),
		"alpha cut short":         riff(alpha[0], chunk{"ALPH", alpha[1].payload[:100]}, alpha[2]),
		"another size, lossy":     riff(alpha[0], alpha[1], lossy[0]),
		"another size, lossless":  riff(chunk{"VP8X", make([]byte, 10)}, lossless[0]),
		"two headers":             riff(alpha[0], alpha[0], alpha[1], alpha[2]),
		"a header of 9 bytes":     riff(chunk{"VP8X", alpha[0].payload[:9]}, alpha[1], alpha[2]),
		"a header of no bytes":    riff(chunk{"VP8X", nil}, alpha[1], alpha[2]),
		"alpha with lossless":     riff(alpha[0], alpha[1], lossless[0]),
		"a picture of no bytes":   riff(chunk{"VP8 ", nil}),
		"lossless of no bytes":    riff(chunk{"VP8L", nil}),
		"lossless of other sizes": riff(chunk{"VP8L", append([]byte{0x2f, 0xff, 0xff, 0xff, 0x0f}, lossless[0].payload[5:50]...)}),
	} {
		if img, err := webpfile.Decode(file); err == nil {
			t.Errorf("%s: %v", name, img.Bounds())
		}
	}
}

// TestLargestSize tells the sizes that the formats can hold, without their pixels.
func TestLargestSize(t *testing.T) {
	const most = 1 << 14
	key := []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f} // a key frame of VP8
	for name, c := range map[string]struct {
		file []byte
		side int
	}{
		"lossy":    {riff(chunk{"VP8 ", key}), most - 1},
		"lossless": {riff(chunk{"VP8L", []byte{0x2f, 0xff, 0xff, 0xff, 0x0f}}), most},
		"extended": {riff(chunk{"VP8X", []byte{0, 0, 0, 0, 0xff, 0x3f, 0, 0xff, 0x3f, 0}}), most},
	} {
		config, err := webpfile.DecodeConfig(c.file)
		if err != nil || config.Width != c.side || config.Height != c.side {
			t.Errorf("%s: %dx%d, %v", name, config.Width, config.Height, err)
		}
	}
	// More pixels than an int32 can count.
	if _, err := webpfile.DecodeConfig(riff(chunk{"VP8X", []byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}})); err == nil {
		t.Error("a canvas of 2^48 pixels has a size")
	}
}

// TestNoPixels reads headers of VP8 with a width or a height of 0.
func TestNoPixels(t *testing.T) {
	for _, at := range []int{3, 5} { // behind the start code
		data := bytes.Clone(fixture(t, "lossy-16x16.webp"))
		size := data[bytes.Index(data, []byte{0x9d, 0x01, 0x2a}):]
		size[at], size[at+1] = 0, 0
		if c, err := webpfile.DecodeConfig(data); !errors.Is(err, webpfile.ErrEmpty) {
			t.Errorf("byte %d: %v, %v", at, c, err)
		}
		if img, err := webpfile.Decode(data); !errors.Is(err, webpfile.ErrEmpty) {
			t.Errorf("byte %d: %v, %v", at, img, err)
		}
	}
}

// TestUpsample weights four samples 9:3:3:1, at every column of random rows: the
// result is within 1 of the exact mean, and equal samples stay what they are.
func TestUpsample(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 9; n++ {
		near, other := make([]byte, n), make([]byte, n)
		for i := range near {
			near[i], other[i] = byte(random.Uint32()), byte(random.Uint32())
		}
		for x := range 2 * n {
			next := min(max(x/2-1+x%2*2, 0), n-1)
			exact := float64(9*int(near[x/2])+3*int(near[next])+3*int(other[x/2])+int(other[next])) / 16
			if got := float64(webpfile.Upsample(near, other, x)); got < exact-1 || got > exact+1 {
				t.Errorf("column %d of %v and %v is %v, want %v", x, near, other, got, exact)
			}
		}
		flat := bytes.Repeat([]byte{byte(random.Uint32())}, n)
		for x := range 2 * n {
			if got := webpfile.Upsample(flat, flat, x); got != int32(flat[0]) {
				t.Errorf("column %d of %v is %d", x, flat, got)
			}
		}
	}
}
