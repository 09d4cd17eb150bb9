package webpfile_test

import (
	"bytes"
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/webpfile"
)

// FuzzDecode reads damaged files: each becomes a picture of the size that DecodeConfig
// tells, the same one each time, or an error.
func FuzzDecode(f *testing.F) {
	for _, name := range fixtures(f) {
		data := fixture(f, name+".webp")
		f.Add(data)
		f.Add(data[:len(data)*2/3])
	}
	const pixels = 1 << 16
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := webpfile.DecodeConfig(data)
		if err != nil {
			if _, err := webpfile.Decode(data); err == nil {
				t.Fatal("pixels without a size")
			}
			return
		}
		if config.Width*config.Height > pixels {
			return
		}
		img, err := webpfile.Decode(data)
		if err != nil {
			return
		}
		if size := img.Bounds().Size(); size != image.Pt(config.Width, config.Height) || size.X < 1 || size.Y < 1 {
			t.Fatalf("a picture of %v, the header says %dx%d", size, config.Width, config.Height)
		}
		first, second := rgba(t, data), rgba(t, data)
		if !bytes.Equal(first.Pix, second.Pix) {
			t.Fatal("decoded twice, it gives two pictures")
		}
	})
}
