package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color/palette"
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T, name string) *Picture {
	t.Helper()
	p, err := Open(filepath.Join("testdata", name), Limits{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// shown is a picture with the colours of transparent pixels gone, which some
// encoders do not keep.
func shown(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	for i := 0; i < len(img.Pix); i += 4 {
		if img.Pix[i+3] > 0 {
			copy(out.Pix[i:i+4], img.Pix[i:i+4])
		}
	}
	return out
}

func TestLosslessFormatsOpenExactly(t *testing.T) {
	for name, want := range map[string]string{
		"24.bmp": "rgb.png", "32.bmp": "rgba.png", "8.bmp": "8.bmp.want.png", "4.bmp": "4.bmp.want.png", "1.bmp": "1.bmp.want.png",
		"rle.bmp":        "rle.bmp.want.png",
		"interlaced.png": "rgba.png", "deep.png": "rgba.png", "deepgrey.png": "grey.png",
		"greyalpha.png": "greyalpha.png.want.png", "palette.png": "palette.png.want.png",
		"lzw.tiff": "rgb.png", "deflate.tiff": "rgba.png", "deep.tiff": "rgb.png", "rgbx.tiff": "rgb.png",
		"planar.tiff": "rgb.png", "planaralpha.tiff": "rgba.png", "planarstrips.tiff": "rgb.png", "planardeep.tiff": "rgb.png",
		"animated.gif": "animated.gif.want.png", "lossless.webp": "rgba.png", "animated.webp": "rgba.png",
		// libwebp's own reading, bit for bit
		"lossyalpha.webp": "lossyalpha.webp.want.png", "animatedlossy.webp": "animatedlossy.webp.want.png",
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, name)
			got, wanted := p.Pix, open(t, want).Pix
			if name == "animated.webp" {
				got, wanted = shown(got), shown(wanted)
			}
			equal(t, got, wanted)
			if deep := strings.Contains(name, "deep"); p.Meta.Has(Deep) != deep {
				t.Errorf("deep = %v, want %v", p.Meta.Has(Deep), deep)
			}
			if ext := filepath.Ext(name)[1:]; p.Meta.Format != ext {
				t.Errorf("format = %q, want %q", p.Meta.Format, ext)
			}
		})
	}
}

// The mean difference from Pillow's reading, whose libjpeg interpolates chroma as
// well; CMYK goes through 95% quality.
func TestLossyFormatsOpenNearly(t *testing.T) {
	for name, c := range map[string]struct {
		want string
		mean float64
	}{
		"444.jpg": {"444.jpg.want.png", 0.3}, "420.jpg": {"420.jpg.want.png", 0.4}, "422.jpg": {"422.jpg.want.png", 0.4},
		"440.jpg": {"440.jpg.want.png", 0.4}, "grey.jpg": {"grey.jpg.want.png", 0.1},
		"cmyk.jpg": {"rgb.png", 1.5}, "plaincmyk.jpg": {"rgb.png", 1.5}, "ycck.jpg": {"rgb.png", 2},
		"cmyk.tiff": {"cmyk.tiff.want.png", 0.6}, "cmyklzw.tiff": {"cmyk.tiff.want.png", 0.6}, // rounded otherwise
		"565.bmp": {"565.bmp.want.png", 0.6}, // Pillow rounds 5 bits down
	} {
		got, want := open(t, name).Pix, open(t, c.want).Pix
		sum := 0
		for i := range want.Pix {
			sum += max(int(got.Pix[i])-int(want.Pix[i]), int(want.Pix[i])-int(got.Pix[i]))
		}
		if mean := float64(sum) / float64(len(want.Pix)); mean > c.mean {
			t.Errorf("%s: mean difference = %.2f, want at most %.2f", name, mean, c.mean)
		}
	}
}

// turned is what orientation 6 asks for: the stored top row is the right column.
func turned(src *image.NRGBA) *image.NRGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.SetNRGBA(h-1-y, x, src.NRGBAAt(x, y))
		}
	}
	return out
}

func TestOrientationIsAppliedInEveryContainer(t *testing.T) {
	want := turned(open(t, "rgb.png").Pix)
	for _, name := range []string{"turned.tiff", "profile.png"} {
		equal(t, open(t, name).Pix, want)
	}
	equal(t, open(t, "lossy.webp").Pix, turned(open(t, "lossy.webp.want.png").Pix))
	if size := open(t, "progressive.jpg").Size(); size != want.Rect.Size() {
		t.Errorf("progressive.jpg has %v pixels, want %v", size, want.Rect.Size())
	}
}

// The table of the EXIF standard (CIPA DC-008, 4.6.5): where the stored
// picture's first row and first column are to be seen.
func TestAllOrientations(t *testing.T) {
	first := [9][2]string{
		1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
	}
	const w, h = 37, 50 // more rows than a band
	for o := 1; o <= 8; o++ {
		src := image.NewNRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				copy(src.Pix[src.PixOffset(x, y):], []byte{byte(x), byte(y), 7, 200})
			}
		}
		got := oriented(src, o, fresh)
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				from := map[string]int{"left": x, "right": got.Rect.Dx() - 1 - x, "top": y, "bottom": got.Rect.Dy() - 1 - y}
				row, col := from[first[o][0]], from[first[o][1]]
				if c := got.NRGBAAt(x, y); int(c.R) != col || int(c.G) != row || c.A != 200 {
					t.Fatalf("orientation %d: pixel (%d, %d) came from column %d, row %d; want %d, %d", o, x, y, c.R, c.G, col, row)
				}
			}
		}
	}
}

func TestMetadataOfEveryContainer(t *testing.T) {
	for _, name := range []string{"progressive.jpg", "profile.png", "lossy.webp", "lzw.tiff"} {
		meta := open(t, name).Meta
		if len(meta.ICC) < 128 || string(meta.ICC[36:40]) != "acsp" {
			t.Errorf("%s: no profile", name)
		}
		if strings.HasSuffix(name, "tiff") {
			continue
		}
		if !bytes.Contains(meta.EXIF, []byte("tulips")) {
			t.Errorf("%s: no EXIF", name)
		}
		if d, ok := firstIFD(meta.EXIF); !ok || d.orientation() != 1 {
			t.Errorf("%s: the orientation is still in the EXIF block", name)
		}
	}
}

func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, path := range []string{dir, write("empty.png", nil), write("text.png", []byte("not a picture at all"))} {
		if _, err := Open(path, Limits{}); !errors.Is(err, ErrNotPicture) {
			t.Errorf("%s: err = %v, want ErrNotPicture", path, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "none.png"), Limits{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("err = %v, want that of the file system", err)
	}
	for _, name := range []string{
		"rgba.png", "interlaced.png", "420.jpg", "progressive.jpg", "24.bmp", "rle.bmp", "565.bmp", "animated.gif",
		"lossy.webp", "lossless.webp", "animated.webp", "lzw.tiff", "deflate.tiff",
	} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{20, len(data) / 4, len(data) / 3} {
			p, err := Open(write(name, data[:n]), Limits{})
			if n == 20 && err == nil || err == nil && !p.Meta.Has(Cut) || err != nil && !errors.Is(err, ErrTruncated) {
				t.Errorf("%s cut at %d: err = %v, want ErrTruncated or a part", name, n, err)
			}
		}
	}
}

func TestTooLargeIsSeenInTheHeader(t *testing.T) {
	for _, name := range []string{"rgba.png", "420.jpg", "24.bmp", "rle.bmp", "animated.gif", "lossy.webp", "animated.webp", "lzw.tiff"} {
		_, err := Open(filepath.Join("testdata", name), Limits{MaxPixels: 47*35 - 1})
		var large *TooLargeError
		if !errors.As(err, &large) || *large != (TooLargeError{47, 35, 47*35 - 1}) {
			t.Errorf("%s: err = %v, want TooLargeError of 47x35", name, err)
		}
	}
	// A header that claims a large picture: within the limit it is refused for
	// its few bytes, beyond it for its size.
	data, err := os.ReadFile(filepath.Join("testdata", "420.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte{0xff, 0xc0}) + 5
	binary.BigEndian.PutUint16(data[at:], 20000)
	binary.BigEndian.PutUint16(data[at+2:], 19000)
	if _, err := Decode(data, Limits{}); !errors.Is(err, ErrTruncated) {
		t.Errorf("err = %v, want ErrTruncated", err)
	}
	binary.BigEndian.PutUint16(data[at+2:], 20001)
	var large *TooLargeError
	if _, err := Decode(data, Limits{}); !errors.As(err, &large) || large.Width != 20001 {
		t.Errorf("err = %v, want TooLargeError", err)
	}
}

// TestAnimationsAreReported compares with what the standard library decodes.
func TestAnimationsAreReported(t *testing.T) {
	still := func(frames int) []byte {
		g := &gif.GIF{}
		for range frames {
			g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 9, 9), palette.Plan9))
			g.Delay = append(g.Delay, 5)
		}
		var b bytes.Buffer
		if err := gif.EncodeAll(&b, g); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	file := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	all, err := gif.DecodeAll(bytes.NewReader(file("animated.gif")))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
		want bool
	}{
		{"animated.gif", file("animated.gif"), len(all.Image) > 1},
		{"one frame", still(1), false},
		{"two frames", still(2), true},
		{"ten frames", still(10), true},
		{"animated.webp", file("animated.webp"), true},
		{"lossless.webp", file("lossless.webp"), false},
		{"rgb.png", file("rgb.png"), false},
	} {
		p, err := Decode(c.data, Limits{})
		if err != nil || p.Meta.Has(Animated) != c.want {
			t.Errorf("%s: %v, want animated %v", c.name, err, c.want)
		}
	}
}
