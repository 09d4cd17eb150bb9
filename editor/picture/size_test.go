package picture

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

// TestSizeIsThatOfTheFile counts exactly what is written, and ends with its context.
func TestSizeIsThatOfTheFile(t *testing.T) {
	img := photo(t, "flower.jpg", 300, 200)
	for _, e := range []Encoding{{Format: PNG}, {Format: JPEG}, {Format: JPEG, Sampling: Full}, {Format: TIFF}, {Format: BMP}, {Format: WebP, Quality: 60}} {
		var b bytes.Buffer
		if err := Encode(&b, img, e); err != nil {
			t.Fatal(err)
		}
		if n, err := Size(t.Context(), img, e); err != nil || n != int64(b.Len()) {
			t.Errorf("%s: %d bytes, %v; want %d", e.Format, n, err, b.Len())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Size(ctx, img, Encoding{Format: PNG}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestSizeOfALargeWebP is about the file's, with what travels beside the pixels.
func TestSizeOfALargeWebP(t *testing.T) {
	img := photo(t, "flower.jpg", 1700, 1300)
	e := Encoding{Format: WebP, Quality: 80, Meta: Metadata{XMP: bytes.Repeat([]byte("<!-- -->"), 2000)}}
	var b bytes.Buffer
	if err := Encode(&b, img, e); err != nil {
		t.Fatal(err)
	}
	n, err := Size(t.Context(), img, e)
	if x := float64(n) / float64(b.Len()); err != nil || x < 0.8 || x > 1.25 {
		t.Errorf("%d bytes are %.2f of the file's %d, %v", n, x, b.Len(), err)
	} else {
		t.Logf("%.2f of the file's", x)
	}
}
