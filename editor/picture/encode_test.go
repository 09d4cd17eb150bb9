package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

// random returns a picture that is partly noise and partly flat, so that every
// PNG filter and every kind of run is met.
func random(r *rand.Rand, w, h int, opaque bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	c := color.NRGBA{A: 255}
	for y := range h {
		for x := range w {
			switch r.IntN(8) {
			case 0:
				c = color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32())}
			case 1:
				c.R++
			case 2:
				c.A = uint8(255 * r.IntN(2))
			}
			if opaque {
				c.A = 255
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func equal(t *testing.T, got, want *image.NRGBA) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Fatalf("rectangle = %v, want %v", got.Rect, want.Rect)
	}
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if g, w := got.NRGBAAt(x, y), want.NRGBAAt(x, y); g != w {
				t.Fatalf("pixel (%d, %d) = %v, want %v", x, y, g, w)
			}
		}
	}
}

func asNRGBA(img image.Image) *image.NRGBA {
	if m, ok := img.(*image.NRGBA); ok {
		return m
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

func TestPNGReadsBackExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []image.Point{{1, 1}, {3, 2}, {1, 300}, {300, 1}, {257, 129}, {403, 311}} {
		for _, opaque := range []bool{false, true} {
			img := random(r, size.X, size.Y, opaque)
			for _, level := range []int{0, 1, 5, 9} {
				var b bytes.Buffer
				if err := EncodeRGBA(&b, img, level); err != nil {
					t.Fatal(err)
				}
				if b.Bytes()[25] != 6 {
					t.Fatalf("colour type = %d, want 6", b.Bytes()[25])
				}
				got, err := png.Decode(&b)
				if err != nil {
					t.Fatalf("%v opaque=%v level %d: %v", size, opaque, level, err)
				}
				equal(t, asNRGBA(got), img)
			}
			var b bytes.Buffer
			if err := Encode(&b, img, Encoding{Format: PNG}); err != nil {
				t.Fatal(err)
			}
			got, err := Decode(b.Bytes(), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, got.Pix, img)
		}
	}
}

func TestTIFFAndBMPReadBackExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, size := range []image.Point{{1, 1}, {3, 2}, {257, 129}, {403, 311}} {
		for _, opaque := range []bool{false, true} {
			img := random(r, size.X, size.Y, opaque)
			for _, f := range []Format{TIFF, BMP} {
				if f == BMP && !opaque {
					continue
				}
				var b bytes.Buffer
				if err := Encode(&b, img, Encoding{Format: f}); err != nil {
					t.Fatal(err)
				}
				got, err := Decode(b.Bytes(), Limits{})
				if err != nil {
					t.Fatalf("%s %v: %v", f, size, err)
				}
				equal(t, got.Pix, img)
			}
		}
	}
}

func TestEmptyPicturesAreNotWritten(t *testing.T) {
	for _, f := range []Format{PNG, JPEG, TIFF, BMP} {
		if err := Encode(io.Discard, image.NewNRGBA(image.Rectangle{}), Encoding{Format: f}); err == nil {
			t.Errorf("%s: a picture without pixels was written", f)
		}
	}
}

// Photos, drawings and mixtures of both stay near the size of image/png's files.
func TestPNGsAreNotMuchLargerThanTheStandardLibrarys(t *testing.T) {
	tulips := photo(t, "tulips.png", 500, 500)
	hole, half := Resize(tulips, tulips.Rect.Size()), Resize(tulips, tulips.Rect.Size())
	drawing := image.NewNRGBA(tulips.Rect)
	for y := range 500 {
		for x := range 500 {
			if dx, dy := x-250, y-200; dx*dx+dy*dy < 120*120 {
				hole.SetNRGBA(x, y, color.NRGBA{})
			}
			if y > 250 {
				half.SetNRGBA(x, y, color.NRGBA{240, 240, 240, 255})
			}
			drawing.SetNRGBA(x, y, color.NRGBA{uint8(x / 100 * 50), uint8((x + y) / 60 * 9), 30, 255})
		}
	}
	for name, img := range map[string]*image.NRGBA{
		"tulips": tulips, "coffee": photo(t, "coffee.png", 600, 400), "lakeshore": photo(t, "lakeshore.png", 500, 500),
		"flower": photo(t, "flower.jpg", 700, 700), "hole": hole, "half": half, "drawing": drawing,
	} {
		var ours, theirs bytes.Buffer
		if err := errors.Join(Encode(&ours, img, Encoding{Format: PNG}), png.Encode(&theirs, img)); err != nil {
			t.Fatal(err)
		}
		if x := float64(ours.Len()) / float64(theirs.Len()); x > 1.1 {
			t.Errorf("%s: %d bytes are %.2f of image/png's", name, ours.Len(), x)
		} else {
			t.Logf("%s: %.3f of image/png's size", name, x)
		}
	}
}

func TestSaveNeverReplacesUnasked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.png")
	r := rand.New(rand.NewPCG(3, 4))
	first, second := random(r, 20, 10, false), random(r, 20, 10, false)
	if err := Save(t.Context(), path, first, Encoding{Format: PNG}, file.Nothing); err != nil {
		t.Fatal(err)
	}
	if err := Save(t.Context(), path, second, Encoding{Format: PNG}, file.Nothing); !errors.Is(err, file.ErrExists) {
		t.Fatalf("err = %v, want ErrExists", err)
	}
	got, err := Open(path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got.Pix, first)
	if err := Save(t.Context(), path, second, Encoding{Format: PNG}, file.Writable); err != nil {
		t.Fatal(err)
	}
	if got, err = Open(path, Limits{}); err != nil {
		t.Fatal(err)
	}
	equal(t, got.Pix, second)
}

// ending is a context that ends when it has been asked so many times.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancelledSaveKeepsTheOldFile ends the context before the save, in its
// middle, and when all is written but the name.
func TestCancelledSaveKeepsTheOldFile(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	old, next := random(r, 20, 10, false), random(r, 700, 600, false)
	for _, format := range []Format{PNG, JPEG, TIFF, BMP} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a."+string(format))
		if err := Save(t.Context(), path, old, Encoding{Format: format}, file.Nothing); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		whole := &ending{t.Context(), 1 << 30}
		if err := Save(whole, path+"2", next, Encoding{Format: format}, file.Nothing); err != nil {
			t.Fatal(err)
		}
		asked := 1<<30 - whole.left
		if asked < 2 {
			t.Fatalf("%s: the context was looked at %d times", format, asked)
		}
		for left := range asked {
			if err := Save(&ending{t.Context(), left}, path, next, Encoding{Format: format}, file.Writable); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s: after %d looks: %v", format, left, err)
			}
		}
		after, err := os.ReadFile(path)
		if entries, _ := os.ReadDir(dir); err != nil || !bytes.Equal(before, after) || len(entries) != 2 {
			t.Errorf("%s: the old file is %d bytes, now %d, %v; the folder holds %v", format, len(before), len(after), err, entries)
		}
	}
}

// TestEncodeReturnsErrorsInTheMiddle has the writer fail at each of its calls.
func TestEncodeReturnsErrorsInTheMiddle(t *testing.T) {
	img := random(rand.New(rand.NewPCG(7, 8)), 700, 600, false)
	for n := 0; ; n++ {
		w := &failing{after: n}
		err := Encode(w, img, Encoding{Format: PNG})
		if !w.failed {
			if err != nil || n < 3 {
				t.Errorf("after %d calls: %v", n, err)
			}
			return
		}
		if !errors.Is(err, errFull) {
			t.Fatalf("the trouble of call %d is not told: %v", n, err)
		}
	}
}

var errFull = errors.New("the disk is full")

// failing fails once, at a call, and takes all the others.
type failing struct {
	after  int
	failed bool
}

func (f *failing) Write(b []byte) (int, error) {
	if f.after--; f.after == -1 {
		f.failed = true
		return 0, errFull
	}
	return len(b), nil
}

func TestFailedSaveLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := Save(t.Context(), filepath.Join(dir, "a.gif"), image.NewNRGBA(image.Rect(0, 0, 2, 2)), Encoding{Format: "gif"}, file.Nothing); err == nil {
		t.Fatal("an unknown format was written")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Fatalf("%d files were left", len(entries))
	}
}
