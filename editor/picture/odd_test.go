package picture

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"runtime"
	"slices"
	"testing"
)

// Files that are whole and that other programs open, but that aren't written as
// most are; and files of which a part is missing.

// slant is a picture of which every pixel is another.
func slant(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(5 * x), uint8(7 * y), uint8(3*x + y), 255})
		}
	}
	return img
}

func written(t testing.TB, img *image.NRGBA, e Encoding) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, img, e); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t *testing.T, data []byte) *Picture {
	t.Helper()
	p, err := Decode(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// chunk is a PNG chunk with its checksum.
func chunk(kind string, payload []byte) []byte {
	var b bytes.Buffer
	(&chunkWriter{w: &b}).chunk(kind, payload)
	return b.Bytes()
}

// exifTurned is an EXIF block that asks for orientation 6 in a number of a type.
func exifTurned(kind uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(b[12:], kind)
	if kind == 3 {
		b[19] = 6
	} else {
		b[21] = 6
	}
	return b
}

// TestOrientationOfAnyType turns pictures whose orientation isn't a SHORT.
func TestOrientationOfAnyType(t *testing.T) {
	plain := written(t, slant(12, 7), Encoding{Format: JPEG})
	for _, kind := range []uint16{3, 4, 9} {
		data := append([]byte{0xff, markerSOI}, appendSegment(nil, markerAPP1, exifPrefix, exifTurned(kind))...)
		p := opened(t, append(data, plain[2:]...))
		if p.Size() != image.Pt(7, 12) {
			t.Errorf("type %d: %v", kind, p.Size())
		}
		if d, ok := firstIFD(p.Meta.EXIF); !ok || d.orientation() != 1 {
			t.Errorf("type %d: the orientation is still there", kind)
		}
	}
}

// TestOrientationInPNGText turns pictures by ImageMagick's profiles in text.
func TestOrientationInPNGText(t *testing.T) {
	plain := written(t, slant(12, 7), Encoding{Format: PNG})
	const header = 33
	for key, block := range map[string][]byte{
		"Raw profile type exif": exifTurned(3),
		"Raw profile type APP1": append(bytes.Clone(exifPrefix), exifTurned(3)...),
	} {
		text := fmt.Sprintf("\nexif\n%8d\n%s\n", len(block), hex.EncodeToString(block))
		for kind, payload := range map[string][]byte{
			"tEXt": []byte(key + "\x00" + text),
			"zTXt": append([]byte(key+"\x00\x00"), deflated([]byte(text))...),
			"iTXt": append([]byte(key+"\x00\x01\x00\x00\x00"), deflated([]byte(text))...),
		} {
			data := append(bytes.Clone(plain[:header]), chunk(kind, payload)...)
			if p := opened(t, append(data, plain[header:]...)); p.Size() != image.Pt(7, 12) || p.Meta.EXIF == nil {
				t.Errorf("%s in %s: %v", key, kind, p.Size())
			}
		}
	}
}

// TestMendedPNG opens files that image/png refuses.
func TestMendedPNG(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 9, 6), color.Palette{color.NRGBA{1, 2, 3, 255}, color.NRGBA{200, 100, 50, 0}})
	for i := range palette.Pix {
		palette.Pix[i] = uint8(i % 2)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, palette); err != nil {
		t.Fatal(err)
	}
	chunks := map[string][]byte{}
	pngChunks(b.Bytes(), func(kind string, payload []byte) bool { chunks[kind] = bytes.Clone(payload); return true })
	file := func(order ...string) []byte {
		data := []byte(pngMagic)
		for _, kind := range order {
			data = append(data, chunk(kind, chunks[kind])...)
		}
		return data
	}
	want := opened(t, file("IHDR", "PLTE", "tRNS", "IDAT", "IEND"))
	broken := file("IHDR", "PLTE", "tRNS", "IDAT", "IEND")
	broken[len(pngMagic)+8+13] ^= 1 // the header's checksum
	for name, data := range map[string][]byte{
		"tRNS before PLTE": file("IHDR", "tRNS", "PLTE", "IDAT", "IEND"),
		"no end":           file("IHDR", "PLTE", "tRNS", "IDAT"),
		"wrong checksum":   broken,
	} {
		p := opened(t, data)
		if !bytes.Equal(p.Pix.Pix, want.Pix.Pix) || p.Meta.Has(Cut) {
			t.Errorf("%s: another picture, or one that is said to be cut", name)
		}
	}
}

// TestPartsAreShown opens files that break off.
func TestPartsAreShown(t *testing.T) {
	img := slant(64, 64)
	var g bytes.Buffer
	grey := image.NewPaletted(img.Rect, color.Palette{color.Black, color.White})
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i * i / 7 % 2)
	}
	if err := gif.Encode(&g, grey, nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"PNG": written(t, img, Encoding{Format: PNG}), "JPEG": written(t, img, Encoding{Format: JPEG}),
		"BMP": written(t, img, Encoding{Format: BMP}), "GIF": g.Bytes(),
	} {
		want := opened(t, data)
		if want.Meta.Has(Cut) {
			t.Errorf("%s: a whole file is said to be cut", name)
		}
		got := opened(t, data[:len(data)*4/5])
		if !got.Meta.Has(Cut) || got.Size() != want.Size() {
			t.Errorf("%s: %v, notes %v", name, got.Size(), got.Meta.Notes)
		}
		row := 4 * 64 * 8
		if name == "BMP" { // stored from below
			if !bytes.Equal(got.Pix.Pix[len(got.Pix.Pix)-row:], want.Pix.Pix[len(want.Pix.Pix)-row:]) {
				t.Errorf("%s: what is there isn't shown", name)
			}
			continue
		}
		if !bytes.Equal(got.Pix.Pix[:row], want.Pix.Pix[:row]) {
			t.Errorf("%s: what is there isn't shown", name)
		}
	}
	progressive, err := os.ReadFile("../jpegfile/testdata/progressive.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if p := opened(t, progressive[:len(progressive)*4/5]); !p.Meta.Has(Cut) {
		t.Error("a progressive file that breaks off is said to be whole")
	}
}

// TestGIFBeyondItsScreen shows all of a frame that doesn't lie on the screen.
func TestGIFBeyondItsScreen(t *testing.T) {
	frame := image.NewPaletted(image.Rect(0, 0, 10, 8), color.Palette{color.Black, color.White})
	frame.Pix[len(frame.Pix)-1] = 1
	var b bytes.Buffer
	if err := gif.Encode(&b, frame, nil); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	data[6], data[8] = 4, 3 // the screen
	p := opened(t, data)
	if p.Size() != image.Pt(10, 8) || p.Pix.NRGBAAt(9, 7) != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("%v", p.Size())
	}
}

// TestUnusedAlphaOfWebP shows pixels whose alpha the header says to be unused.
func TestUnusedAlphaOfWebP(t *testing.T) {
	data, err := os.ReadFile("testdata/lossless.webp")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("VP8L"))
	if at < 0 || data[at+12]&0x10 == 0 {
		t.Fatal("the sample's alpha is unused already")
	}
	data[at+12] &^= 0x10
	if p := opened(t, data); !p.Pix.Opaque() {
		t.Error("transparent")
	}
}

// TestMendedPNGMemory takes the memory of the pixels for a file that is mended, and
// not several times that.
func TestMendedPNGMemory(t *testing.T) {
	const side, pixels = 2048, 2048 * 2048 * 8
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA64(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()[:b.Len()/2]
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	img, err := decodePNG(data, image.Config{})
	runtime.ReadMemStats(&after)
	if img == nil || !errors.Is(err, errPart) {
		t.Fatal(err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 3*pixels { // image/png has tried it before
		t.Errorf("took %d bytes for %d of pixels", took, pixels)
	}
}

// TestAnimatedPNG tells of frames that aren't shown.
func TestAnimatedPNG(t *testing.T) {
	plain := written(t, slant(3, 3), Encoding{Format: PNG})
	const header = 33
	for frames, want := range map[byte]bool{1: false, 2: true} {
		data := append(bytes.Clone(plain[:header]), chunk("acTL", []byte{0, 0, 0, frames, 0, 0, 0, 0})...)
		if p := opened(t, append(data, plain[header:]...)); p.Meta.Has(Animated) != want {
			t.Errorf("%d frames: %v", frames, p.Meta.Notes)
		}
	}
}

// bmpFile returns a BMP: a header of so many bytes, what follows it, and the pixels.
func bmpFile(header int, width, height, depth, compression uint32, behind, pixels []byte) []byte {
	b := append(make([]byte, 0, 200), "BM\x00\x00\x00\x00\x00\x00\x00\x00"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(14+header+len(behind)))
	h := make([]byte, max(header, 40))
	for i, v := range []uint32{uint32(header), width, height, 1 | depth<<16, compression} {
		binary.LittleEndian.PutUint32(h[4*i:], v)
	}
	return append(append(append(b, h[:header]...), behind...), pixels...)
}

// TestOddBMP opens what few programs write: two bits a pixel, OS/2's short header, and
// four masks behind the header.
func TestOddBMP(t *testing.T) {
	colours := []byte{1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 10, 11, 12, 0}
	two := color.NRGBA{9, 8, 7, 255}
	for name, c := range map[string]struct {
		file []byte
		want color.NRGBA
	}{
		"two bits":     {bmpFile(40, 2, 1, 2, 0, colours, []byte{0b10_01_0000, 0, 0, 0}), two},
		"short header": {bmpFile(16, 2, 1, 4, 0, append(slices.Clone(colours), make([]byte, 48)...), []byte{0x21, 0, 0, 0}), two},
		"four masks": {bmpFile(40, 1, 1, 32, 6, []byte{0xff, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0xff},
			[]byte{200, 100, 50, 77}), color.NRGBA{200, 100, 50, 77}},
	} {
		p, err := Decode(c.file, Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.Pix.NRGBAAt(0, 0); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	var unsupported *UnsupportedError
	if _, err := Decode(bmpFile(64, 8, 1, 1, 3, colours[:8], make([]byte, 9)), Limits{}); !errors.As(err, &unsupported) {
		t.Errorf("fax coding of OS/2: err = %v", err)
	}
}

// TestBytesBeforeJPEGSegments opens a JPEG with bytes of no meaning behind its first marker.
func TestBytesBeforeJPEGSegments(t *testing.T) {
	plain := written(t, slant(12, 7), Encoding{Format: JPEG})
	p := opened(t, slices.Concat(plain[:2], []byte{0, 1, 2, 0xff, 0}, plain[2:]))
	if want := opened(t, plain); !bytes.Equal(p.Pix.Pix, want.Pix.Pix) || p.Meta.Format != "jpeg" {
		t.Error("another picture")
	}
}
