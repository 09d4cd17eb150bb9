package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"path/filepath"
	"testing"
	"time"
)

// photo returns one of the repository's photos at the given size.
func photo(tb testing.TB, name string, w, h int) *image.NRGBA {
	tb.Helper()
	p, err := Open(filepath.Join("..", "..", "assets", "photos", name), Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	return Resize(p.Pix, image.Pt(w, h))
}

// ratio runs ours and theirs by turns b.N times and returns how many times
// longer ours took, each at its best: what else the machine does is no part of
// either.
func ratio(b *testing.B, ours, theirs func()) float64 {
	ours()
	theirs()
	o, t := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		ours()
		o = min(o, time.Since(start))
		b.StopTimer()
		start = time.Now()
		theirs()
		t = min(t, time.Since(start))
		b.StartTimer()
	}
	return o.Seconds() / t.Seconds()
}

// must stops a benchmark whose workload fails.
func must(b *testing.B, err error) {
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPyramid builds all levels over 12 megapixels; the measure is a copy
// of the base.
func BenchmarkPyramid(b *testing.B) {
	base := photo(b, "flower.jpg", 4000, 3000)
	copied := make([]byte, len(base.Pix))
	x := ratio(b, func() { NewPyramid(base) }, func() { copy(copied, base.Pix) })
	b.ReportMetric(x, "x-memcpy")
}

// benchmarkPNG compares with image/png at its default, in time and in size.
func benchmarkPNG(b *testing.B, img *image.NRGBA) {
	var ours, theirs bytes.Buffer
	x := ratio(b, func() {
		ours.Reset()
		must(b, Encode(&ours, img, Encoding{Format: PNG}))
	}, func() {
		theirs.Reset()
		must(b, png.Encode(&theirs, img))
	})
	b.ReportMetric(x, "x-stdlib")
	b.ReportMetric(float64(ours.Len())/float64(theirs.Len()), "x-size")
}

// BenchmarkExportPNG writes a photo of 1024x1024 with transparency, so that
// both encoders write RGBA.
func BenchmarkExportPNG(b *testing.B) {
	img := photo(b, "flower.jpg", 1024, 1024)
	for y := 300; y < 600; y++ {
		for x := 400; x < 700; x++ {
			img.Pix[img.PixOffset(x, y)+3] = uint8(x - 400)
		}
	}
	benchmarkPNG(b, img)
}

// BenchmarkExportOpaquePNG is the same for an opaque photo, written as RGB.
func BenchmarkExportOpaquePNG(b *testing.B) {
	benchmarkPNG(b, photo(b, "flower.jpg", 1024, 1024))
}

// BenchmarkResize shrinks 12 megapixels to a megapixel.
func BenchmarkResize(b *testing.B) {
	src := photo(b, "flower.jpg", 4000, 3000)
	copied := make([]byte, len(src.Pix))
	x := ratio(b, func() { Resize(src, image.Pt(1152, 864)) }, func() { copy(copied, src.Pix) })
	b.ReportMetric(x, "x-memcpy")
}

// BenchmarkEncodeJPEG writes 12 megapixels.
func BenchmarkEncodeJPEG(b *testing.B) {
	img := photo(b, "flower.jpg", 4000, 3000)
	for b.Loop() {
		must(b, Encode(io.Discard, img, Encoding{Format: JPEG}))
	}
}

// largeJPEG returns a file of 12 megapixels as image/jpeg writes it.
func largeJPEG(b *testing.B) []byte {
	var file bytes.Buffer
	must(b, jpeg.Encode(&file, photo(b, "flower.jpg", 4000, 3000), &jpeg.Options{Quality: 90}))
	return file.Bytes()
}

// BenchmarkDecodeJPEG opens 12 megapixels; the measure is image/jpeg's decoding,
// which leaves the colours to be converted.
func BenchmarkDecodeJPEG(b *testing.B) {
	data := largeJPEG(b)
	x := ratio(b, func() {
		_, err := Decode(data, Limits{})
		must(b, err)
	}, func() {
		_, err := jpeg.Decode(bytes.NewReader(data))
		must(b, err)
	})
	b.ReportMetric(x, "x-decode")
}

// BenchmarkSaveJPEG saves 12 megapixels over the file that they were opened from,
// with a megapixel edited; the measure is image/jpeg's encoder.
func BenchmarkSaveJPEG(b *testing.B) { benchmarkSave(b, image.Rect(1000, 1000, 2000, 2000)) }

// BenchmarkSaveWholeJPEG saves a picture of which every pixel changed.
func BenchmarkSaveWholeJPEG(b *testing.B) { benchmarkSave(b, image.Rect(0, 0, 4000, 3000)) }

func benchmarkSave(b *testing.B, changed image.Rectangle) {
	data := largeJPEG(b)
	p, err := Decode(data, Limits{})
	must(b, err)
	img := image.NewNRGBA(p.Pix.Rect)
	copy(img.Pix, p.Pix.Pix)
	for y := changed.Min.Y; y < changed.Max.Y; y++ {
		for x := changed.Min.X; x < changed.Max.X; x++ {
			img.Pix[img.PixOffset(x, y)] ^= 3
		}
	}
	src := &Source{Bytes: data, Picture: p}
	rgba := &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	x := ratio(b, func() { must(b, Encode(io.Discard, img, Encoding{Format: JPEG, Source: src})) },
		func() { must(b, jpeg.Encode(io.Discard, rgba, &jpeg.Options{Quality: 90})) })
	b.ReportMetric(x, "x-encode")
}
