package jpegfile_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// anySize is a limit that no file of the tests reaches.
const anySize = 1 << 40

// sameBlocks counts the blocks of all components that have the same coefficients
// in two files of one size, and all of them.
func sameBlocks(a, b *jpegfile.File) (same, total int) {
	for i := range a.Components {
		p, q := &a.Components[i], &b.Components[i]
		for y := range p.Rows {
			for x := range p.Columns {
				total++
				if *p.Block(x, y) == *q.Block(x, y) {
					same++
				}
			}
		}
	}
	return same, total
}

// sameForm tells in what two files differ apart from their blocks.
func sameForm(a, b *jpegfile.File) error {
	if a.Width != b.Width || a.Height != b.Height || a.Mode != b.Mode || a.Colour != b.Colour || a.Arithmetic != b.Arithmetic || a.Inverted != b.Inverted || len(a.Components) != len(b.Components) {
		return fmt.Errorf("frames %dx%d mode %d colour %d and %dx%d mode %d colour %d", a.Width, a.Height, a.Mode, a.Colour, b.Width, b.Height, b.Mode, b.Colour)
	}
	if err := sameComponents(a, b); err != nil {
		return err
	}
	if len(a.Segments) != len(b.Segments) {
		return fmt.Errorf("%d and %d segments", len(a.Segments), len(b.Segments))
	}
	for i, s := range a.Segments {
		if s.Marker != b.Segments[i].Marker || !bytes.Equal(s.Payload, b.Segments[i].Payload) {
			return fmt.Errorf("segment %d is another", i)
		}
	}
	return nil
}

// sameComponents tells in what the components of two files differ.
func sameComponents(a, b *jpegfile.File) error {
	for i := range a.Components {
		p, q := &a.Components[i], &b.Components[i]
		if p.ID != q.ID || p.H != q.H || p.V != q.V || p.Quant != q.Quant {
			return fmt.Errorf("component %d: %d %dx%d and %d %dx%d, or other tables", i, p.ID, p.H, p.V, q.ID, q.H, q.V)
		}
	}
	return nil
}

// written is what Write makes of a file.
func written(t testing.TB, f *jpegfile.File) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func read(t testing.TB, data []byte) *jpegfile.File {
	t.Helper()
	f, err := jpegfile.Read(data, anySize)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// identity takes a file apart and puts it together, and requires that all of it
// comes back in at most so many times its size.
func identity(t *testing.T, data []byte, most float64) {
	t.Helper()
	f := read(t, data)
	again := written(t, f)
	g := read(t, again)
	if err := sameForm(f, g); err != nil {
		t.Fatal(err)
	}
	if same, total := sameBlocks(f, g); same != total {
		t.Fatalf("%d of %d blocks are the same", same, total)
	}
	if x := float64(len(again)) / float64(len(data)); x > most {
		t.Errorf("%d bytes became %d: %.3f", len(data), len(again), x)
	}
	if !bytes.Equal(written(t, g), again) {
		t.Error("the second writing differs from the first")
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fixtures calls f with the files of testdata that match a pattern.
func fixtures(t *testing.T, pattern string, f func(t *testing.T, name string, data []byte)) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f(t, name, data)
		})
	}
}

func TestEveryFileComesBack(t *testing.T) {
	fixtures(t, "*.jpg", func(t *testing.T, _ string, data []byte) { identity(t, data, 1.02) })
}

// TestArithmeticCoding compares with the Huffman coded files that jpegtran made
// these of.
func TestArithmeticCoding(t *testing.T) {
	for name, from := range map[string]string{"arithmetic": "sample-2x2", "arithmetic-restart": "sample-2x1", "arithmetic-progressive": "refined"} {
		a, b := read(t, fixture(t, name+".jpg")), read(t, fixture(t, from+".jpg"))
		if same, total := sameBlocks(a, b); same != total || total == 0 {
			t.Errorf("%s: %d of %d blocks are the same", name, same, total)
		}
	}
}

// TestCorpus does the same with all files of the folders that JPEG_CORPUS lists,
// and tells which of them can't be read.
func TestCorpus(t *testing.T) {
	folders := filepath.SplitList(os.Getenv("JPEG_CORPUS"))
	if len(folders) == 0 {
		t.Skip("JPEG_CORPUS names no folders")
	}
	files, refused, before, after := 0, 0, 0, 0
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil || !bytes.HasPrefix(data, []byte("\xff\xd8\xff")) {
				return nil
			}
			files++
			f, err := jpegfile.Read(data, anySize)
			if err != nil {
				refused++
				t.Logf("%s: %v", path, err)
				return nil
			}
			before += len(data)
			after += len(written(t, f))
			t.Run(path, func(t *testing.T) { identity(t, data, 1.02) })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files, %d of them refused; size %.4f of before", files, refused, float64(after)/float64(max(before, 1)))
}
