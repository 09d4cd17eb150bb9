package heiffile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"os"
	"reflect"
	"runtime"
	"testing"

	"overpaint.dev/overpaint/editor/heiffile"
)

func box(kind string, parts ...[]byte) []byte {
	n := 8
	for _, p := range parts {
		n += len(p)
	}
	b := append(binary.BigEndian.AppendUint32(nil, uint32(n)), kind...)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func fullBox(kind string, version byte, flags uint32, parts ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(version)<<24|flags)
	return box(kind, append([][]byte{head}, parts...)...)
}

func u16(v ...uint16) (b []byte) {
	for _, x := range v {
		b = binary.BigEndian.AppendUint16(b, x)
	}
	return b
}

func u32(v ...uint32) (b []byte) {
	for _, x := range v {
		b = binary.BigEndian.AppendUint32(b, x)
	}
	return b
}

// sample is a file of a turned picture in tiles with a thumbnail, another picture,
// EXIF and XMP.
func sample() []byte {
	infe := func(id uint16, kind string, rest ...byte) []byte {
		return fullBox("infe", 2, 0, u16(id, 0), []byte(kind), append([]byte{0}, rest...))
	}
	exif := append(u32(6), "Exif\x00\x00MM\x00*data"...)
	xmp := []byte("<x:xmpmeta/>")
	iloc := fullBox("iloc", 1, 0, []byte{0x44, 0x00}, u16(2),
		u16(5, 1, 0, 1), u32(0, uint32(len(exif))),
		u16(6, 1, 0, 1), u32(uint32(len(exif)), uint32(len(xmp))))
	return append(box("ftyp", []byte("heic"), u32(0), []byte("mif1heic")), fullBox("meta", 0, 0,
		fullBox("pitm", 0, 0, u16(1)),
		fullBox("iinf", 0, 0, u16(6), infe(1, "grid"), infe(2, "hvc1"), infe(3, "hvc1"), infe(4, "hvc1"),
			infe(5, "Exif"), infe(6, "mime", []byte("application/rdf+xml\x00")...)),
		iloc,
		box("idat", exif, xmp),
		fullBox("iref", 0, 0, box("dimg", u16(1, 1, 2)), box("thmb", u16(3, 1, 1)), box("cdsc", u16(5, 1, 1))),
		box("iprp", box("ipco",
			fullBox("ispe", 0, 0, u32(4032, 3024)), box("irot", []byte{3}), box("imir", []byte{1}),
			box("colr", []byte("nclx"), u16(12, 13, 9), []byte{0}), box("colr", []byte("prof"), []byte("profile")),
			fullBox("pixi", 0, 0, []byte{3, 10, 10, 10})),
			fullBox("ipma", 0, 0, u32(1), u16(1), []byte{6, 0x81, 2, 3, 4, 5, 6})),
	)...)
}

func TestRead(t *testing.T) {
	f, err := heiffile.Read(sample())
	if err != nil {
		t.Fatal(err)
	}
	if f.Brand != "heic" || f.Coding != "hvc1" || f.Width != 4032 || f.Height != 3024 || f.Depth != 10 {
		t.Errorf("%+v", f)
	}
	if f.Quarters != 3 || f.Mirror != 'h' || f.Matrix != 9 || f.Full || string(f.ICC) != "profile" {
		t.Errorf("%+v", f)
	}
	if string(f.EXIF) != "MM\x00*data" || string(f.XMP) != "<x:xmpmeta/>" {
		t.Errorf("EXIF %q, XMP %q", f.EXIF, f.XMP)
	}
	if f.Pictures != 2 || f.Sequence {
		t.Errorf("%d pictures", f.Pictures)
	}
}

func TestDamaged(t *testing.T) {
	whole := sample()
	for n := range whole {
		if f, err := heiffile.Read(whole[:n]); err != nil && !errors.Is(err, heiffile.ErrDamaged) || err == nil && f.Width < 1 {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	if _, err := heiffile.Read(box("ftyp", []byte("heic"))); !errors.Is(err, heiffile.ErrDamaged) {
		t.Errorf("err = %v", err)
	}
}

// TestExtents takes no more memory for places of items than the file can mean: their
// numbers may be coded in no bytes at all.
func TestExtents(t *testing.T) {
	var items, places []byte
	for id := range uint16(2000) {
		items = append(items, fullBox("infe", 2, 0, u16(id, 0), []byte("Exif\x00"))...)
		places = append(places, u16(id, 0, 0xffff)...)
	}
	data := append(box("ftyp", []byte("heic")), fullBox("meta", 0, 0, fullBox("pitm", 0, 0, u16(1)),
		fullBox("iinf", 0, 0, u16(2000), items), fullBox("iloc", 0, 0, u16(0, 2000), places),
		box("iprp", box("ipco", fullBox("ispe", 0, 0, u32(8, 8))), fullBox("ipma", 0, 0, u32(1), u16(1), []byte{1, 1})))...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := heiffile.Read(data); err != nil {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<30 {
		t.Errorf("took %d bytes for a file of %d", took, len(data))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample())
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := heiffile.Read(data)
		if err != nil && !errors.Is(err, heiffile.ErrDamaged) && !errors.Is(err, heiffile.ErrFilm) || err == nil && (file.Width < 1 || file.Height < 1) {
			t.Fatalf("%v, %v", file, err)
		}
	})
}

// FuzzTiled widens pictures, whole and damaged: the file that is made can be read.
func FuzzTiled(f *testing.F) {
	for _, name := range []string{"narrow", "still", "cropped"} {
		data, err := os.ReadFile("../picture/testdata/" + name + ".heic")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint16(127))
	}
	f.Add(sample(), uint16(5000))
	f.Fuzz(func(t *testing.T, data []byte, width uint16) {
		tiled := heiffile.Tiled(data, int(width))
		if tiled == nil {
			return
		}
		if len(tiled) > 2*len(data)+1<<25 {
			t.Fatalf("%d bytes of %d", len(tiled), len(data))
		}
		if _, err := heiffile.Read(tiled); err != nil {
			t.Fatalf("what was made can't be read: %v", err)
		}
	})
}

// apart is sample with two ipma boxes of one kind, as some programs write them; the clap box
// of the first item comes before its size.
func apart() []byte {
	clap := box("clap", u32(20, 1, 10, 1, 0, 1, 0, 1))
	return append(box("ftyp", []byte("avif"), u32(0), []byte("mif1avif")), fullBox("meta", 0, 0,
		fullBox("pitm", 0, 0, u16(1)),
		fullBox("iinf", 0, 0, u16(2), fullBox("infe", 2, 0, u16(1, 0), []byte("av01\x00")), fullBox("infe", 2, 0, u16(2, 0), []byte("av01\x00"))),
		fullBox("iref", 0, 0, box("auxl", u16(2, 1, 1))),
		box("iprp", box("ipco", clap, fullBox("ispe", 0, 0, u32(40, 30)), fullBox("auxC", 0, 0, []byte("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\x00"))),
			fullBox("ipma", 0, 0, u32(1), u16(2), []byte{2, 2, 0x83}), fullBox("ipma", 0, 0, u32(1), u16(1), []byte{2, 0x81, 2})),
		box("free", []byte("behind")))...)
}

func TestJoined(t *testing.T) {
	data := append(apart(), "\x00\x00\x00\x00mdatpixels"...)
	joined := heiffile.Joined(data)
	if at := bytes.Index(data, []byte("mdatpixels")); !bytes.HasPrefix(joined[at:], []byte("mdatpixels")) || binary.BigEndian.Uint32(joined[at-4:]) != 14 {
		t.Error("the pixels are elsewhere")
	}
	want := fullBox("ipma", 1, 1, u32(2), u32(1), []byte{2}, u16(0x8001, 2), u32(2), []byte{2}, u16(2, 0x8003))
	if !bytes.HasSuffix(joined, append(want, box("free", []byte("behind"))...)) {
		t.Errorf("the file ends %x", joined[len(data):])
	}
	a, err := heiffile.Read(data)
	b, joinedErr := heiffile.Read(joined)
	if err != nil || joinedErr != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("%+v, %v; joined %+v, %v", a, err, b, joinedErr)
	}
	if a.Crop != image.Rect(10, 10, 30, 20) || a.Alpha != 2 {
		t.Errorf("%v is seen, alpha is item %d", a.Crop, a.Alpha)
	}
	if same := heiffile.Joined(joined); &same[0] != &joined[0] {
		t.Error("it was joined again")
	}
}

func TestAlone(t *testing.T) {
	for _, c := range []struct{ id, main uint64 }{{0, 1}, {2, 2}} {
		f, err := heiffile.Read(heiffile.Alone(apart(), c.id))
		if err != nil || f.Alpha != 0 || f.Crop.Empty() != (c.main == 2) {
			t.Errorf("item %d: %+v, %v", c.id, f, err)
		}
	}
}

// FuzzJoined joins what is damaged: what can be read stays the same picture.
func FuzzJoined(f *testing.F) {
	f.Add(sample())
	f.Add(apart())
	f.Fuzz(func(t *testing.T, data []byte) {
		before, err := heiffile.Read(data)
		joined := heiffile.Joined(data)
		if len(joined) > 8*len(data)+64 {
			t.Fatalf("%d bytes of %d", len(joined), len(data))
		}
		after, joinedErr := heiffile.Read(joined)
		if err == nil && joinedErr == nil && bytes.Count(data, []byte("meta")) == 1 && before.Crop != after.Crop {
			t.Fatalf("%v became %v", before, after)
		}
		if err == nil {
			heiffile.Alone(data, before.Alpha)
		}
	})
}
