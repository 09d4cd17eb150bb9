package cli_test

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/jpegfile"
	"overpaint.dev/overpaint/editor/picture"
)

// saved encodes the bench's picture in a format and writes it as a file.
func (b *bench) saved(name string, e picture.Encoding) string {
	b.t.Helper()
	var out bytes.Buffer
	if err := picture.Encode(&out, b.pixels, e); err != nil {
		b.t.Fatal(err)
	}
	write(b.t, b.path(name), out.Bytes())
	return b.path(name)
}

func (b *bench) opened(path string) *picture.Picture {
	b.t.Helper()
	p, err := picture.Open(path, picture.Limits{})
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// TestResultsHaveThePicturesFormat saves a JPEG picture as JPEG, whose blocks away
// from the mask stay.
func TestResultsHaveThePicturesFormat(t *testing.T) {
	b := newBench(t)
	jpeg := b.saved("beach.jpg", picture.Encoding{Format: picture.JPEG})
	before := b.opened(jpeg)
	o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-out", b.out, jpeg)
	path := filepath.Join(b.out, "beach-1.jpg")
	if o.status != 0 || strings.TrimSpace(o.stdout) != path {
		t.Fatalf("status %d, %q, %s", o.status, o.stdout, o.stderr)
	}
	after := b.opened(path)
	for y := range 15 { // the hole begins in the next row of MCUs, whose chroma reaches into row 15
		from := y * before.Pix.Stride
		if !bytes.Equal(before.Pix.Pix[from:from+before.Pix.Stride], after.Pix.Pix[from:from+before.Pix.Stride]) {
			t.Fatalf("row %d changed", y)
		}
	}
}

// TestChosenFormats saves in every format that has a name.
func TestChosenFormats(t *testing.T) {
	b := newBench(t)
	for name, c := range map[string]struct{ file, format string }{
		"png": {"beach-1.png", "png"}, "jpg": {"beach-1.jpg", "jpeg"}, "webp": {"beach-1.webp", "webp"},
		"webp-lossless": {"beach-1.webp", "webp"}, "tiff16": {"beach-1.tif", "tiff"}, "bmp": {"beach-1.bmp", "bmp"},
	} {
		out := filepath.Join(b.out, name)
		args := []string{"edit", "-mask", b.path("mask.png"), "-format", name, "-out", out, b.image}
		if name == "jpg" || name == "webp" { // it has no effect on the others
			args = append(args, "-quality", "80")
		}
		o := run(t.Context(), args...)
		if o.status != 0 {
			t.Fatalf("%s: status %d, %s", name, o.status, o.stderr)
		}
		p := b.opened(filepath.Join(out, c.file))
		if p.Meta.Format != c.format || p.Meta.Has(picture.Deep) != (name == "tiff16") || p.Meta.Lossless != (name == "webp-lossless") {
			t.Errorf("%s: %+v", name, p.Meta)
		}
	}
}

// TestOneResultUnderItsName writes the named file and no other.
func TestOneResultUnderItsName(t *testing.T) {
	b := newBench(t)
	path := filepath.Join(b.out, "done.tif")
	args := []string{"edit", "-mask", b.path("mask.png"), "-out", path, b.image}
	if o := run(t.Context(), args...); o.status != 0 || strings.TrimSpace(o.stdout) != path {
		t.Fatalf("status %d, %q, %s", o.status, o.stdout, o.stderr)
	}
	if p := b.opened(path); p.Meta.Format != "tiff" {
		t.Errorf("the format is %s", p.Meta.Format)
	}
	if o := run(t.Context(), args...); o.status != 2 || !strings.Contains(o.stderr, "done.tif") {
		t.Errorf("over a file: status %d, %s", o.status, o.stderr)
	}
	if o := run(t.Context(), append(args[:len(args)-1], "-n", "2", b.image)...); o.status != 0 || b.files() == "" {
		t.Errorf("two: status %d, %s", o.status, o.stderr)
	}
	b.opened(filepath.Join(b.out, "done-2.tif"))
}

// TestNameAndFormatDiffer refuses a name whose extension means another format than -format.
func TestNameAndFormatDiffer(t *testing.T) {
	b := newBench(t)
	args := []string{"edit", "-mask", b.path("mask.png"), "-out", filepath.Join(b.out, "done.jpg"), "-format"}
	if o := run(t.Context(), append(args, "png", b.image)...); o.status != 2 || !strings.Contains(o.stderr, "-format png") || b.files() != "" {
		t.Errorf("status %d, %s, files %s", o.status, o.stderr, b.files())
	}
	if o := run(t.Context(), append(args, "jpg", b.image)...); o.status != 0 {
		t.Errorf("status %d, %s", o.status, o.stderr)
	}
}

// TestEndingsOfResults refuses names with the extension of a format that can be read but not
// written, instead of making a folder of that name; an existing folder may have any name.
func TestEndingsOfResults(t *testing.T) {
	b := newBench(t)
	for _, ending := range picture.Endings() {
		if _, written := picture.FormatOf(ending); written {
			continue
		}
		name := b.path("done" + ending)
		for _, more := range [][]string{{b.image}, {b.image, b.image}} {
			o := run(t.Context(), append([]string{"edit", "-mask", b.path("mask.png"), "-out", name}, more...)...)
			if o.status != 2 || !strings.Contains(o.stderr, "but not written") || file.IsThere(name) {
				t.Errorf("%s: status %d, %s", ending, o.status, o.stderr)
			}
		}
	}
	if err := os.Mkdir(b.path("photos.heic"), 0o755); err != nil {
		t.Fatal(err)
	}
	if o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-out", b.path("photos.heic"), b.image); o.status != 0 {
		t.Errorf("a folder: status %d, %s", o.status, o.stderr)
	}
}

// TestQualityKeepsDepth keeps samples of 16 bits also with a quality.
func TestQualityKeepsDepth(t *testing.T) {
	b := newBench(t)
	wide := image.NewNRGBA64(b.pixels.Rect)
	for i := range wide.Pix {
		wide.Pix[i] = uint8(7 * i)
	}
	for i := 6; i < len(wide.Pix); i += 8 {
		wide.Pix[i], wide.Pix[i+1] = 255, 255
	}
	var file bytes.Buffer
	if err := png.Encode(&file, wide); err != nil {
		t.Fatal(err)
	}
	write(t, b.path("deep.png"), file.Bytes())
	if o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-quality", "80", "-out", b.out, b.path("deep.png")); o.status != 0 {
		t.Fatal(o.stderr)
	}
	saved, err := os.ReadFile(filepath.Join(b.out, "deep-1.png"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(saved))
	if err != nil || got.At(0, 0) != color.Color(color.RGBA64Model.Convert(wide.At(0, 0))) {
		t.Errorf("%v, %v; %v, want %v", got.Bounds(), err, got.At(0, 0), wide.At(0, 0))
	}
}

// TestStandardInputAndOutput edits what comes in and writes it out.
func TestStandardInputAndOutput(t *testing.T) {
	b := newBench(t)
	in, err := os.Open(b.saved("beach.webp", picture.Encoding{Format: picture.WebP, Lossless: true}))
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = was; in.Close() }()
	o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-out", "-", "-")
	if o.status != 0 {
		t.Fatalf("status %d, %s", o.status, o.stderr)
	}
	p, err := picture.Decode([]byte(o.stdout), picture.Limits{})
	if err != nil || p.Meta.Format != "webp" || !p.Meta.Lossless {
		t.Fatalf("%v, %v", p, err)
	}
	if !bytes.Equal(p.Pix.Pix[:p.Pix.Stride*20], b.pixels.Pix[:p.Pix.Stride*20]) {
		t.Error("other pixels away from the mask")
	}
	if o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-n", "2", "-out", "-", b.image); o.status != 2 {
		t.Errorf("two on standard output: status %d", o.status)
	}
}

// TestStrippedResults leaves out the metadata of the picture's file.
func TestStrippedResults(t *testing.T) {
	b := newBench(t)
	image := b.saved("told.png", picture.Encoding{Format: picture.PNG, Meta: picture.Metadata{Comments: []string{"by Ann"}}})
	for _, strip := range []bool{false, true} {
		out := filepath.Join(b.out, map[bool]string{true: "stripped", false: "whole"}[strip])
		args := []string{"edit", "-mask", b.path("mask.png"), "-out", out}
		if strip {
			args = append(args, "-strip")
		}
		if o := run(t.Context(), append(args, image)...); o.status != 0 {
			t.Fatal(o.stderr)
		}
		data, err := os.ReadFile(filepath.Join(out, "told-1.png"))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("by Ann")) == strip {
			t.Errorf("strip %v: the comment is wrong", strip)
		}
		// The built-in engine is no model.
		if bytes.Contains(data, []byte("trainedAlgorithmicMedia")) || bytes.Contains(data, []byte("TrainedAlgorithmicMedia")) {
			t.Error("labelled")
		}
	}
}

// TestModelsResultsAreLabelled: a service's results are labelled as AI-generated.
func TestModelsResultsAreLabelled(t *testing.T) {
	for _, c := range []struct {
		language, flag string
		label, aigc    bool
	}{{"C", "-label", true, false}, {"zh_CN.UTF-8", "-label", true, true}, {"zh_CN.UTF-8", "-label=false", false, false}} {
		b := newBench(t)
		t.Setenv("OVERPAINT_API_KEY", "k-secret")
		t.Setenv("LC_ALL", c.language)
		if o := b.quick(c.flag); o.status != 0 {
			t.Fatalf("status %d, %s", o.status, o.stderr)
		}
		data, err := os.ReadFile(filepath.Join(b.out, "beach-1.png"))
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(data, []byte("compositeWithTrainedAlgorithmicMedia")); got != c.label {
			t.Errorf("%+v: label %v", c, got)
		}
		if got := bytes.Contains(data, []byte("TC260:AIGC>")); got != c.aigc {
			t.Errorf("%+v: AIGC %v", c, got)
		}
		if bytes.Contains(data, []byte("k-secret")) {
			t.Errorf("%+v: the key is in the file", c)
		}
	}
}

// TestChosenSampling encodes a JPEG picture again where another chroma sampling is chosen.
func TestChosenSampling(t *testing.T) {
	b := newBench(t)
	photo := b.saved("beach.jpg", picture.Encoding{Format: picture.JPEG})
	for name, unit := range map[string]int{"4:4:4": 8, "444": 8, "420": 16, "4:2:0": 16} {
		path := filepath.Join(b.out, "done"+strings.ReplaceAll(name, ":", "-")+".jpg")
		if o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-sampling", name, "-out", path, photo); o.status != 0 {
			t.Fatal(o.stderr)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := jpegfile.ReadFrame(data)
		if err != nil {
			t.Fatal(err)
		}
		if w, _ := f.MCU(); w != unit {
			t.Errorf("%s: units of %d pixels", name, w)
		}
	}
	if o := run(t.Context(), "edit", "-mask", b.path("mask.png"), "-sampling", "4:2:2", photo); o.status != 2 || !strings.Contains(o.stderr, "-sampling") {
		t.Errorf("status %d, %s", o.status, o.stderr)
	}
}

// TestPalettesStayOrTheirLossIsReported keeps a picture's palette where the edit allows it,
// and reports where it doesn't.
func TestPalettesStayOrTheirLossIsReported(t *testing.T) {
	b := newBench(t)
	few := image.NewPaletted(b.pixels.Rect, palette.Plan9)
	writePNG(t, b.path("flat.png"), few) // of one colour
	draw.FloydSteinberg.Draw(few, few.Rect, b.pixels, image.Point{})
	writePNG(t, b.path("many.png"), few)
	for name, kept := range map[string]bool{"flat": true, "many": false} {
		o := run(t.Context(), "edit", "-json", "-mask", b.path("mask.png"), "-out", b.out, b.path(name+".png"))
		if o.status != 0 {
			t.Fatal(o.stderr)
		}
		p := b.opened(filepath.Join(b.out, name+"-1.png"))
		if (p.Meta.Palette != nil) != kept {
			t.Errorf("%s: the palette has %d colours", name, len(p.Meta.Palette))
		}
		told := text.T("notice.lost_palette")
		if strings.Contains(o.stderr, told) == kept || strings.Contains(o.stdout, told) == kept {
			t.Errorf("%s: told %s%s", name, o.stdout, o.stderr)
		}
	}
}
