package jpegfile_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// FuzzRead takes damaged files apart. Those that can be read are written and read
// again with the same coefficients; Decode agrees with Read on what is a picture.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)*2/3])
	}
	const pixels = 1 << 12 // the seeds have fewer
	f.Fuzz(func(t *testing.T, data []byte) {
		var unsupported *jpegfile.UnsupportedError
		file, err := jpegfile.Read(data, pixels)
		decoded := jpegfile.Decode(data, pixels, lookAtRows)
		if (err == nil) != (decoded == nil) {
			t.Fatalf("Read: %v, Decode: %v", err, decoded)
		}
		if err != nil {
			if !errors.Is(err, jpegfile.ErrDamaged) && !errors.Is(err, jpegfile.ErrTooLarge) && !errors.As(err, &unsupported) {
				t.Fatalf("err = %v, which is none of the package's", err)
			}
			return
		}
		if file.Width*file.Height > pixels {
			t.Fatalf("%dx%d pixels", file.Width, file.Height)
		}
		var out bytes.Buffer
		if err := file.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := jpegfile.Read(out.Bytes(), pixels)
		if err != nil {
			t.Fatalf("read back: %v", err)
		}
		if same, total := sameBlocks(file, again); same != total {
			t.Fatalf("%d of %d blocks came back", same, total)
		}
	})
}

// lookAtRows reads all rows of all planes.
func lookAtRows(s *jpegfile.Samples) func(from, to int) {
	return func(from, to int) {
		buf := make([]byte, s.Width)
		for y := from; y < to; y++ {
			for i := range s.Planes {
				s.Row(i, y, buf)
			}
		}
	}
}
