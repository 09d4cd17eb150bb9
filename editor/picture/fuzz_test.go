package picture

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzDecode feeds Decode with damaged files: it may only return a picture
// within the limits or one of its errors.
func FuzzDecode(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".want.png") || strings.HasSuffix(name, ".py") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)*2/3])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{MaxPixels: 1 << 16}
		p, err := Decode(data, limits)
		var large *TooLargeError
		switch {
		case err == nil:
			if n := int64(p.Size().X) * int64(p.Size().Y); n < 1 || n > limits.MaxPixels || int64(len(p.Pix.Pix)) != 4*n {
				t.Fatalf("a picture of %v pixels in %d bytes", p.Size(), len(p.Pix.Pix))
			}
		case !errors.Is(err, ErrNotPicture) && !errors.Is(err, ErrTruncated) && !errors.As(err, &large):
			t.Fatalf("err = %v, which is none of the package's", err)
		}
	})
}

// FuzzEXIF cleans damaged blocks and writes them into files.
func FuzzEXIF(f *testing.F) {
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Add(exifWithThumbnail())
	img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	f.Fuzz(func(t *testing.T, block []byte) {
		clean, orientation := cleanEXIF(block)
		if orientation < 1 || orientation > 8 {
			t.Fatalf("orientation = %d", orientation)
		}
		if d, ok := firstIFD(clean); clean != nil && (!ok || d.orientation() != 1) {
			t.Fatal("the orientation is still there")
		}
		var b bytes.Buffer
		if err := Encode(&b, img, Encoding{Format: PNG, Meta: Metadata{EXIF: clean}}); err != nil {
			t.Fatal(err)
		}
		p, err := Decode(b.Bytes(), Limits{})
		if err != nil || p.Size() != image.Pt(3, 2) {
			t.Fatalf("read back: %v, %v", p, err)
		}
	})
}
