package picture

import (
	"bytes"
	"encoding/binary"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// dib returns a BMP file without the header of files.
func dib(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data[bmpFileHeader:]
}

// TestDIB opens bitmaps without a file's header as the files that they are from.
func TestDIB(t *testing.T) {
	names, err := filepath.Glob("testdata/*.bmp")
	if err != nil || len(names) == 0 {
		t.Fatal("no samples: ", err)
	}
	for _, name := range names {
		bitmap := dib(t, name)
		want, err := Open(name, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "a.dib")
		if err := os.WriteFile(path, bitmap, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Open(path, Limits{})
		if err != nil || !bytes.Equal(p.Pix.Pix, want.Pix.Pix) || p.Meta.Format != "bmp" || len(p.Meta.Palette) != len(want.Meta.Palette) {
			t.Errorf("%s: %v", name, err)
		}
	}
	core := []byte{12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0x40, 0, 0, 0}
	p := opened(t, core)
	if p.Pix.NRGBAAt(0, 0).R != 255 || p.Pix.NRGBAAt(0, 0).B != 0 || p.Pix.NRGBAAt(1, 0).B != 255 {
		t.Errorf("OS/2: %v", p.Pix.Pix)
	}
}

// TestIndexBeyondPalette shows what has no colour black, not transparent.
func TestIndexBeyondPalette(t *testing.T) {
	bitmap := make([]byte, bmpInfo, bmpInfo+8)
	for at, v := range map[int]uint32{0: bmpInfo, 4: 2, 8: 1, 12: 1 | 8<<16, 32: 1} {
		binary.LittleEndian.PutUint32(bitmap[at:], v)
	}
	p := opened(t, append(bitmap, 1, 2, 3, 0, 0, 9, 0, 0)) // a colour, and a row of the indices 0 and 9
	if a, b := p.Pix.NRGBAAt(0, 0), p.Pix.NRGBAAt(1, 0); a != (color.NRGBA{3, 2, 1, 255}) || b != (color.NRGBA{A: 255}) || len(p.Meta.Palette) != 1 {
		t.Errorf("%v %v, a palette of %d", a, b, len(p.Meta.Palette))
	}
}

// TestNoDIB takes nothing else for a bitmap.
func TestNoDIB(t *testing.T) {
	for at, wrong := range map[int]uint32{0: 41, 4: 0, 8: 0, 12: 2 | 24<<16, 14: 23, 16: 7} {
		bitmap := bytes.Clone(dib(t, "testdata/24.bmp"))
		binary.LittleEndian.PutUint32(bitmap[at:], wrong)
		if at == 14 {
			binary.LittleEndian.PutUint32(bitmap[16:], 0)
		}
		if sniff(bitmap) != "" {
			t.Errorf("with %d at %d it is a picture", wrong, at)
		}
	}
}

// TestBitmapArray opens the first bitmap of OS/2's arrays and tells of the others.
func TestBitmapArray(t *testing.T) {
	first, err := os.ReadFile("testdata/8.bmp")
	if err != nil {
		t.Fatal(err)
	}
	want := opened(t, first)
	// element returns one bitmap of an array that begins at an offset.
	element := func(at, next int, bitmap []byte) []byte {
		head := append([]byte("BA"), 14, 0, 0, 0)
		head = binary.LittleEndian.AppendUint32(head, uint32(next))
		head = append(head, 0x80, 2, 0xe0, 1)
		bitmap = bytes.Clone(bitmap)
		binary.LittleEndian.PutUint32(bitmap[10:], binary.LittleEndian.Uint32(bitmap[10:])+uint32(at+len(head)))
		return append(head, bitmap...)
	}
	one := element(0, 0, first)
	two := append(element(0, len(one), first), element(len(one), 0, first)...)
	for _, c := range []struct {
		name string
		file []byte
		also []Note
	}{
		{"one", one, nil},
		{"two", two, []Note{{Pictures, 2}}},
		{"circle", element(0, 4, first), nil},
	} {
		p := opened(t, c.file)
		if p.Meta.Format != "bmp" || !bytes.Equal(p.Pix.Pix, want.Pix.Pix) {
			t.Errorf("%s: a %s with other pixels", c.name, p.Meta.Format)
		}
		if !slices.Equal(p.Meta.Notes, c.also) {
			t.Errorf("%s: notes %v, want %v", c.name, p.Meta.Notes, c.also)
		}
	}
	for n := range 80 { // every header cut off
		if p, err := Decode(one[:n], Limits{}); err == nil {
			t.Errorf("%d bytes are a picture of %v", n, p.Size())
		}
	}
}
