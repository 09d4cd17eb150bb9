package jpegfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// marker returns where a marker stands in a file, and where its segment ends.
func marker(t *testing.T, data []byte, m byte) (at, end int) {
	t.Helper()
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			t.Fatalf("no marker at %d", i)
		}
		n := 2 + int(binary.BigEndian.Uint16(data[i+2:]))
		if data[i+1] == m {
			return i, i + n
		}
		i += n
	}
	t.Fatalf("no marker %#x", m)
	return 0, 0
}

// without returns a file without its first segment of a kind, and that segment.
func without(t *testing.T, data []byte, m byte) (rest, segment []byte) {
	t.Helper()
	at, end := marker(t, data, m)
	return append(bytes.Clone(data[:at]), data[end:]...), data[at:end]
}

func insert(data []byte, at int, parts ...[]byte) []byte {
	return append(append(bytes.Clone(data[:at]), bytes.Join(parts, nil)...), data[at:]...)
}

// same requires that two files have the same blocks, and samples.
func same(t *testing.T, data, want []byte) {
	t.Helper()
	f, g := read(t, data), read(t, want)
	if n, total := sameBlocks(f, g); n != total || total == 0 || f.Width != g.Width || f.Height != g.Height {
		t.Fatalf("%d of %d blocks are the same", n, total)
	}
	a, b := decode(t, data), decode(t, want)
	for i := range a.Planes {
		if !bytes.Equal(a.Planes[i].Pix, b.Planes[i].Pix) {
			t.Fatalf("the samples of component %d differ", i)
		}
	}
}

// TestFilesOfOtherWriters reads what the standard allows and what others write in
// spite of it.
func TestFilesOfOtherWriters(t *testing.T) {
	plain := fixture(t, "sample-2x2.jpg")
	start, _ := marker(t, plain, 0xda)

	t.Run("fill bytes", func(t *testing.T) {
		data := insert(plain, start, []byte{0xff, 0xff, 0xff})
		same(t, insert(data, len(data)-2, []byte{0xff, 0xff}), plain)
	})
	t.Run("fill bytes before restart markers", func(t *testing.T) {
		restarts := fixture(t, "restart.jpg")
		same(t, bytes.ReplaceAll(restarts, []byte{0xff, 0xd3}, []byte{0xff, 0xff, 0xff, 0xd3}), restarts)
	})
	t.Run("tables behind the frame", func(t *testing.T) {
		rest, quant := without(t, plain, 0xdb)
		start, _ := marker(t, rest, 0xda)
		same(t, insert(rest, start, quant), plain)
	})
	t.Run("tables between scans", func(t *testing.T) {
		separate := fixture(t, "separate.jpg")
		rest, quant := without(t, separate, 0xdb)
		start, _ := marker(t, rest, 0xda)
		rest = insert(rest, start, quant)
		identity(t, rest, 1.02)
		same(t, rest, separate)
	})
	t.Run("one slot for two tables", func(t *testing.T) {
		// Each component's scan brings its own table into slot 0.
		f := read(t, fixture(t, "separate.jpg"))
		data := written(t, f)
		at, _ := marker(t, data, 0xc0)
		for i := range 3 {
			data[at+12+3*i] = 0
		}
		scan, _ := marker(t, data, 0xda)
		second := scan + 2 + bytes.Index(data[scan+2:], []byte{0xff, 0xc4})
		table := []byte{0xff, 0xdb, 0, 67, 0}
		for _, q := range f.Components[1].Quant {
			table = append(table, byte(q))
		}
		data = insert(data, second, table)
		g := read(t, data)
		for i := range f.Components {
			if f.Components[i].Quant != g.Components[i].Quant {
				t.Fatalf("component %d has another table", i)
			}
		}
		identity(t, data, 1.02)
	})
	t.Run("no Huffman tables", func(t *testing.T) {
		data := plain
		for bytes.Contains(data, []byte{0xff, 0xc4}) {
			data, _ = without(t, data, 0xc4)
		}
		same(t, data, plain)
		identity(t, data, 1.15) // it gets tables
	})
	t.Run("lines at the end", func(t *testing.T) {
		data := bytes.Clone(plain)
		at, _ := marker(t, data, 0xc0)
		height := []byte{data[at+5], data[at+6]}
		data[at+5], data[at+6] = 0, 0
		same(t, insert(data, len(data)-2, []byte{0xff, 0xdc, 0, 4}, height), plain)
	})
	t.Run("one identifier for all components", func(t *testing.T) {
		data := bytes.Clone(plain)
		frame, _ := marker(t, data, 0xc0)
		for i := range 3 {
			data[frame+10+3*i], data[start+5+2*i] = 7, 7
		}
		same(t, data, plain)
		identity(t, data, 1.02)
	})
	t.Run("no end", func(t *testing.T) { same(t, plain[:len(plain)-2], plain) })
	t.Run("more behind the end", func(t *testing.T) { same(t, append(bytes.Clone(plain), plain...), plain) })
	t.Run("bytes between segments", func(t *testing.T) { same(t, insert(plain, start, []byte{1, 2, 3, 0xff, 0}), plain) })
}

// TestUnsupportedFilesAreNamed changes a file's frame into others.
func TestUnsupportedFilesAreNamed(t *testing.T) {
	plain := fixture(t, "sample-2x2.jpg")
	at, _ := marker(t, plain, 0xc0)
	change := func(offset int, v byte) []byte {
		data := bytes.Clone(plain)
		data[at+offset] = v
		return data
	}
	for name, data := range map[string][]byte{
		"12 bits a sample": change(4, 12), "lossless coding": change(1, 0xc3), "hierarchical coding": change(1, 0xc5), "number of components": change(9, 2),
	} {
		_, err := jpegfile.Read(data, anySize)
		var unsupported *jpegfile.UnsupportedError
		if !errors.As(err, &unsupported) || unsupported.Feature != name {
			t.Errorf("%s: err = %v", name, err)
		}
		if _, err := jpegfile.ReadFrame(data); !errors.As(err, &unsupported) {
			t.Errorf("%s: err = %v from the header", name, err)
		}
	}
	if _, err := jpegfile.Read(plain, 47*35-1); !errors.Is(err, jpegfile.ErrTooLarge) {
		t.Errorf("err = %v, want ErrTooLarge", err)
	}
	large := change(5, 0xff) // lines
	large[at+7] = 0xff
	if _, err := jpegfile.Read(large, anySize); !errors.Is(err, jpegfile.ErrDamaged) {
		t.Errorf("a header that claims too much: err = %v", err)
	}
}

// TestCutOffFilesAreDamaged cuts files everywhere: only what lies behind the last
// scan of a sequential file may be missing.
func TestCutOffFilesAreDamaged(t *testing.T) {
	for _, name := range []string{"sample-2x2.jpg", "progressive.jpg", "restart.jpg", "arithmetic.jpg", "separate.jpg"} {
		data := fixture(t, name)
		for n := range len(data) - 2 {
			if _, err := jpegfile.Read(data[:n], anySize); !errors.Is(err, jpegfile.ErrDamaged) {
				if name == "arithmetic.jpg" || n >= len(data)-3 && name != "progressive.jpg" {
					continue // its last bits are padding, or zeros that need not be written
				}
				t.Fatalf("%s cut to %d of %d: err = %v", name, n, len(data), err)
			}
		}
	}
}

// firstScan returns where the first scan of refined.jpg begins and ends.
func firstScan(t *testing.T, data []byte) (from, to int) {
	t.Helper()
	from, to = marker(t, data, 0xda)
	for data[to] != 0xff || data[to+1] == 0 {
		to++
	}
	return from, to
}

// TestManyScansAreRefused repeats a scan that walks through all blocks.
func TestManyScansAreRefused(t *testing.T) {
	data := fixture(t, "refined.jpg")
	from, to := firstScan(t, data)
	many := insert(data, to, bytes.Repeat(data[from:to], 300))
	var unsupported *jpegfile.UnsupportedError
	if _, err := jpegfile.Read(many, anySize); !errors.As(err, &unsupported) {
		t.Errorf("err = %v", err)
	}
}

// TestScansInNoOrder reads a progressive file that sends a band twice, which
// can't be written as it was.
func TestScansInNoOrder(t *testing.T) {
	data := fixture(t, "refined.jpg")
	from, to := firstScan(t, data)
	f, want := read(t, insert(data, to, data[from:to])), read(t, data)
	g := read(t, written(t, f))
	for _, other := range []*jpegfile.File{f, want} {
		if same, total := sameBlocks(g, other); same != total || g.Mode != jpegfile.Progressive {
			t.Errorf("%d of %d blocks are the same, mode %d", same, total, g.Mode)
		}
	}
}
