package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// stripes is a picture of columns that are red and blue in turn, with soft edges below.
func stripes(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{220, 40, 40, 255}
			if x%2 == 1 {
				c = color.NRGBA{40, 40, 220, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// TestSamplings keeps single columns of colour with full sampling alone, and both kinds
// are files that others read.
func TestSamplings(t *testing.T) {
	img := stripes(61, 35) // no whole number of blocks
	for _, c := range []struct {
		sampling Sampling
		mcu      int
		within   int // levels
	}{{Full, 8, 12}, {Half, 16, 255}, {"", 16, 255}} {
		var file bytes.Buffer
		if err := Encode(&file, img, Encoding{Format: JPEG, Quality: 95, Sampling: c.sampling, Meta: Metadata{Comments: []string{"by Ann"}}}); err != nil {
			t.Fatal(err)
		}
		f, err := jpegfile.ReadFrame(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if w, h := f.MCU(); w != c.mcu || h != c.mcu {
			t.Errorf("%q: units of %d x %d", c.sampling, w, h)
		}
		theirs, err := jpeg.Decode(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatalf("%q: image/jpeg: %v", c.sampling, err)
		}
		p, err := Decode(file.Bytes(), Limits{})
		if err != nil || len(p.Meta.Comments) != 1 || theirs.Bounds().Size() != p.Size() {
			t.Fatalf("%q: %+v, %v", c.sampling, p, err)
		}
		worst := 0
		for i, v := range p.Pix.Pix {
			worst = max(worst, int(v)-int(img.Pix[i]), int(img.Pix[i])-int(v))
		}
		if worst > c.within || c.sampling != Full && worst < 50 {
			t.Errorf("%q: off by up to %d levels", c.sampling, worst)
		}
	}
}

// TestQualityOfFullSampling makes smaller files of lower quality, at both ends too.
func TestQualityOfFullSampling(t *testing.T) {
	img := photo(t, "flower.jpg", 160, 120)
	last := 0
	for _, quality := range []int{1, 30, 50, 90, 100} {
		var file bytes.Buffer
		if err := Encode(&file, img, Encoding{Format: JPEG, Quality: quality, Sampling: Full}); err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(file.Bytes(), Limits{}); err != nil || file.Len() <= last {
			t.Errorf("quality %d: %d bytes after %d, %v", quality, file.Len(), last, err)
		}
		last = file.Len()
	}
}

// TestTooLargeForJPEG refuses what a frame can't hold.
func TestTooLargeForJPEG(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 1<<16, 1))
	for _, s := range []Sampling{Full, Half} {
		if err := Encode(&bytes.Buffer{}, img, Encoding{Format: JPEG, Sampling: s}); err == nil {
			t.Errorf("%q: written", s)
		}
	}
}
