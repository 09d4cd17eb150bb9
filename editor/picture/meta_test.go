package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"
)

const secret = "the face that was painted over"

// exifWithThumbnail is a big-endian block with orientation 8, the pixel
// dimensions in its EXIF directory, and a thumbnail.
func exifWithThumbnail() []byte {
	const sub, second, thumbnail = 38, 68, 98
	b := []byte("MM\x00*\x00\x00\x00\x08")
	entry := func(tag, kind uint16, value uint32) {
		b = binary.BigEndian.AppendUint16(b, tag)
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint32(b, 1)
		if kind == 3 {
			value <<= 16
		}
		b = binary.BigEndian.AppendUint32(b, value)
	}
	directory := func(next uint32, entries func()) {
		b = append(b, 0, 2)
		entries()
		b = binary.BigEndian.AppendUint32(b, next)
	}
	directory(second, func() { entry(tagOrientation, 3, 8); entry(tagEXIF, 4, sub) })
	directory(0, func() { entry(tagPixelX, 4, 4000); entry(tagPixelY, 3, 3000) })
	directory(0, func() { entry(tagThumbnailOffset, 4, thumbnail); entry(tagThumbnailLength, 4, uint32(len(secret))) })
	return append(b, secret...)
}

func TestEXIFIsCleaned(t *testing.T) {
	clean, orientation := cleanEXIF(exifWithThumbnail())
	if orientation != 8 {
		t.Fatalf("orientation = %d, want 8", orientation)
	}
	if bytes.Contains(clean, []byte("face")) {
		t.Fatal("the thumbnail is still there")
	}
	for _, f := range []Format{PNG, JPEG} {
		var b bytes.Buffer
		if err := Encode(&b, image.NewNRGBA(image.Rect(0, 0, 60, 40)), Encoding{Format: f, Meta: Metadata{EXIF: clean}}); err != nil {
			t.Fatal(err)
		}
		p, err := Decode(b.Bytes(), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Size() != image.Pt(60, 40) {
			t.Fatalf("%s: size = %v: the saved picture is turned once more", f, p.Size())
		}
		first, _ := firstIFD(p.Meta.EXIF)
		at, _ := first.value(tagEXIF)
		sub, ok := ifdAt(p.Meta.EXIF, first.order, at)
		if !ok {
			t.Fatalf("%s: the EXIF directory is gone", f)
		}
		x, _ := sub.value(tagPixelX)
		y, _ := sub.value(tagPixelY)
		if x != 60 || y != 40 {
			t.Errorf("%s: EXIF says %dx%d pixels, want 60x40", f, x, y)
		}
	}
}

// profile is a block that passes for an ICC profile of n bytes.
func profile(n int) []byte {
	p := make([]byte, n)
	r := rand.New(rand.NewPCG(uint64(n), 0))
	for i := range p {
		p[i] = uint8(r.Uint32())
	}
	binary.BigEndian.PutUint32(p, uint32(n))
	copy(p[16:], "RGB ")
	copy(p[36:], "acsp")
	return p
}

func TestProfilesSurviveSaving(t *testing.T) {
	for _, n := range []int{128, 65519, 65520, 300_000} { // one segment of JPEG, two, five
		want := profile(n)
		for _, f := range []Format{PNG, JPEG, TIFF} {
			var b bytes.Buffer
			if err := Encode(&b, image.NewNRGBA(image.Rect(0, 0, 5, 5)), Encoding{Format: f, Meta: Metadata{ICC: want}}); err != nil {
				t.Fatal(err)
			}
			p, err := Decode(b.Bytes(), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(p.Meta.ICC, want) {
				t.Errorf("%s: a profile of %d bytes came back with %d", f, n, len(p.Meta.ICC))
			}
		}
	}
}

func TestTextChunks(t *testing.T) {
	text := map[string]string{"prompt": "一只红色的狐狸", "model": "dall-e-2", "note": "two\nlines"}
	var b bytes.Buffer
	if err := Encode(&b, image.NewNRGBA(image.Rect(0, 0, 2, 2)), Encoding{Format: PNG, Text: text}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	pngChunks(b.Bytes(), func(kind string, payload []byte) bool {
		key, rest, _ := strings.Cut(string(payload), "\x00")
		switch kind {
		case "tEXt":
			got[key] = rest
		case "iTXt":
			got[key] = strings.TrimPrefix(rest, "\x00\x00\x00\x00")
		}
		return true
	})
	for key, want := range text {
		if got[key] != want {
			t.Errorf("%s = %q, want %q", key, got[key], want)
		}
	}
	for _, bad := range []map[string]string{{"": "x"}, {"键": "x"}, {" a": "x"}, {strings.Repeat("k", 80): "x"}, {"a": "\x00"}, {"a": "\xff"}} {
		if err := Encode(&b, image.NewNRGBA(image.Rect(0, 0, 2, 2)), Encoding{Format: PNG, Text: bad}); err == nil {
			t.Errorf("the text %q was written", bad)
		}
	}
}

func TestFormatsWithoutTransparencyLieOverWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	for y := range 16 {
		for x := range 16 {
			img.SetNRGBA(x, y, color.NRGBA{200, 0, 100, 128})
		}
	}
	want := color.NRGBA{227, 127, 177, 255}
	for _, f := range []Format{JPEG, BMP} {
		var b bytes.Buffer
		if err := Encode(&b, img, Encoding{Format: f, Quality: 100}); err != nil {
			t.Fatal(err)
		}
		p, err := Decode(b.Bytes(), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := p.Pix.NRGBAAt(8, 8)
		near := func(a, b uint8) bool { return max(int(a)-int(b), int(b)-int(a)) <= 3 }
		if !near(got.R, want.R) || !near(got.G, want.G) || !near(got.B, want.B) || got.A != 255 {
			t.Errorf("%s: pixel = %v, want about %v", f, got, want)
		}
	}
}

// A profile for inks or grey would be wrong beside the RGB that they became.
func TestOnlyProfilesForRGBAreKept(t *testing.T) {
	p := open(t, "lzw.tiff")
	for space, kept := range map[string]bool{"RGB ": true, "CMYK": false, "GRAY": false, "Lab ": false} {
		for _, format := range []Format{PNG, JPEG, TIFF} {
			profile := bytes.Clone(p.Meta.ICC)
			copy(profile[16:], space)
			var file bytes.Buffer
			if err := Encode(&file, p.Pix, Encoding{Format: format, Meta: Metadata{ICC: profile}}); err != nil {
				t.Fatal(err)
			}
			again, err := Decode(file.Bytes(), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := bytes.Equal(again.Meta.ICC, profile); got != kept {
				t.Errorf("%s, profile for %q: kept = %v, want %v", format, space, got, kept)
			}
		}
	}
}
