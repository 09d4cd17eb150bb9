package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"testing"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/picture"
)

// withChunk puts a chunk behind a PNG file's header.
func withChunk(file []byte, kind string, payload []byte) []byte {
	const header = 33
	c := append([]byte(kind), payload...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), c...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(c))
	return append(append(bytes.Clone(file[:header]), chunk...), file[header:]...)
}

// hundredThousandths are numbers as PNG's gAMA and cHRM have them.
func hundredThousandths(v ...float64) (b []byte) {
	for _, x := range v {
		b = binary.BigEndian.AppendUint32(b, uint32(x*1e5+0.5))
	}
	return b
}

func encoded(t *testing.T, img image.Image, asJPEG bool) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, img)
	if asJPEG {
		b.Reset()
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// adobeEXIF is a block of EXIF that says ColorSpace uncalibrated and, by its
// interoperability index, Adobe RGB.
func adobeEXIF() []byte {
	entry := func(tag, kind, n, v uint32) (b []byte) {
		b = binary.LittleEndian.AppendUint16(nil, uint16(tag))
		b = binary.LittleEndian.AppendUint16(b, uint16(kind))
		b = binary.LittleEndian.AppendUint32(b, n)
		return binary.LittleEndian.AppendUint32(b, v)
	}
	b := append([]byte("II*\x00\x08\x00\x00\x00\x01\x00"), entry(0x8769, 4, 1, 26)...)
	b = append(append(b, 0, 0, 0, 0), 2, 0)
	b = append(append(b, entry(0xa001, 3, 1, 0xffff)...), entry(0xa005, 4, 1, 56)...)
	b = append(append(b, 0, 0, 0, 0), 1, 0)
	return append(append(b, entry(1, 2, 4, binary.LittleEndian.Uint32([]byte("R03\x00")))...), 0, 0, 0, 0)
}

func jpegWith(file []byte, segments ...[]byte) []byte {
	out := bytes.Clone(file[:2])
	for _, s := range segments {
		out = binary.BigEndian.AppendUint16(append(out, 0xff, s[0]), uint16(len(s)+1))
		out = append(out, s[1:]...)
	}
	return append(out, file[2:]...)
}

// profileSegment is a segment with a profile that has room in one.
func profileSegment(profile []byte) []byte {
	return append([]byte("\xe2ICC_PROFILE\x00\x01\x01"), profile...)
}

func decode(t *testing.T, file []byte) *picture.Picture {
	t.Helper()
	p, err := picture.Decode(file, picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// colours is a picture with colours.
func colours() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := 0; i < len(img.Pix); i += 4 {
		n := i / 4
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = byte(60+n%32*5), byte(50+n/32*5), byte(200-n%32*3), 255
	}
	return img
}

func TestFilesDeclareTheirSpace(t *testing.T) {
	plain, photo := encoded(t, colours(), false), encoded(t, colours(), true)
	p3, adobe := colour.Coded(12, 13), colour.AdobeRGB()
	adobeGamma := hundredThousandths(1 / 2.19921875)
	adobePrimaries := hundredThousandths(0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
	for name, c := range map[string]struct {
		file []byte
		want *colour.Space
	}{
		"nothing":              {plain, nil},
		"cICP":                 {withChunk(plain, "cICP", []byte{12, 13, 0, 1}), p3},
		"cICP of sRGB":         {withChunk(withChunk(plain, "cICP", []byte{1, 13, 0, 1}), "gAMA", hundredThousandths(1)), nil},
		"gAMA and cHRM":        {withChunk(withChunk(plain, "gAMA", adobeGamma), "cHRM", adobePrimaries), adobe},
		"sRGB before gAMA":     {withChunk(withChunk(plain, "gAMA", hundredThousandths(1)), "sRGB", []byte{0}), nil},
		"gAMA of sRGB":         {withChunk(plain, "gAMA", hundredThousandths(0.45455)), nil},
		"EXIF R03":             {jpegWith(photo, append([]byte("\xe1Exif\x00\x00"), adobeEXIF()...)), adobe},
		"ICC":                  {jpegWith(photo, profileSegment(p3.Profile())), p3},
		"ICC before EXIF":      {jpegWith(photo, profileSegment(p3.Profile()), append([]byte("\xe1Exif\x00\x00"), adobeEXIF()...)), p3},
		"a profile for inks":   {jpegWith(photo, profileSegment(append(append(bytes.Clone(p3.Profile()[:16]), "CMYK"...), p3.Profile()[20:]...))), nil},
		"a profile for greys":  {jpegWith(photo, profileSegment(append(append(bytes.Clone(p3.Profile()[:16]), "GRAY"...), p3.Profile()[20:]...))), nil},
		"a profile that lacks": {jpegWith(photo, profileSegment(append(bytes.Clone(p3.Profile()[:128]), 0, 0, 0, 0))), nil},
	} {
		p := decode(t, c.file)
		got, want := p.SRGB(), c.want.SRGB(p.Pix)
		if (p.Meta.Space == nil) != (c.want == nil) {
			t.Errorf("%s: the space is %v", name, p.Meta.Space)
		}
		if off := farthest(got, want); off > 1 {
			t.Errorf("%s: up to %d levels off", name, off)
		}
		if c.want == nil && got != p.Pix {
			t.Errorf("%s: sRGB was copied", name)
		}
	}
}

// farthest returns the largest difference of two pictures.
func farthest(a, b *image.NRGBA) (most int) {
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		most = max(most, d, -d)
	}
	return most
}

// TestSpacesSurviveSaving opens pictures whose files tell their space in different ways and
// saves them in every format: they look the same, and have the same numbers where the
// format loses nothing and can tell the space.
func TestSpacesSurviveSaving(t *testing.T) {
	plain, photo := encoded(t, colours(), false), encoded(t, colours(), true)
	sources := map[string][]byte{
		"cICP": withChunk(plain, "cICP", []byte{12, 13, 0, 1}),
		"gAMA": withChunk(plain, "gAMA", hundredThousandths(0.7)),
		"EXIF": jpegWith(photo, append([]byte("\xe1Exif\x00\x00"), adobeEXIF()...)),
		"ICC":  jpegWith(photo, profileSegment(colour.AdobeRGB().Profile())),
	}
	for name, file := range sources {
		p := decode(t, file)
		for _, f := range []picture.Format{picture.PNG, picture.TIFF, picture.BMP, picture.WebP, picture.JPEG} {
			for _, strip := range []bool{false, true} {
				for _, source := range []*picture.Source{nil, {Bytes: file, Picture: p}} {
					var b bytes.Buffer
					err := picture.Encode(&b, p.Pix, picture.Encoding{Format: f, Quality: 100, Lossless: true, Meta: p.Meta, Strip: strip, Source: source})
					if err != nil {
						t.Fatal(name, f, err)
					}
					again := decode(t, b.Bytes())
					most := map[picture.Format]int{picture.JPEG: 20}[f] // of chroma at half the size
					if off := farthest(again.SRGB(), p.SRGB()); off > most+1 {
						t.Errorf("%s as %s (strip %v, over %v): looks up to %d levels off", name, f, strip, source != nil, off)
					}
					if f != picture.BMP && farthest(again.Pix, p.Pix) > most {
						t.Errorf("%s as %s: other numbers", name, f)
					}
				}
			}
		}
	}
}

// greyICC is a profile for grey with a gamma of 1.8.
func greyICC() []byte {
	p := make([]byte, 128+4+12+16)
	copy(p[8:], "\x02\x40\x00\x00mntrGRAYXYZ ")
	copy(p[36:], "acsp")
	copy(p[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")
	copy(p[128:], "\x00\x00\x00\x01kTRC\x00\x00\x00\x90\x00\x00\x00\x0e")
	copy(p[144:], "curv\x00\x00\x00\x00\x00\x00\x00\x01\x01\xcd")
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}

func TestGreyProfiles(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 40, 40))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
	}
	file := jpegWith(encoded(t, img, true), profileSegment(greyICC()))
	p := decode(t, file)
	if p.Meta.Space == nil || !p.Meta.Grey {
		t.Fatal("the profile isn't read")
	}
	edited := image.NewNRGBA(p.Pix.Rect)
	copy(edited.Pix, p.Pix.Pix)
	edited.SetNRGBA(3, 3, color.NRGBA{250, 20, 30, 255})
	for _, f := range []picture.Format{picture.PNG, picture.TIFF, picture.JPEG, picture.WebP} {
		for what, pix := range map[string]*image.NRGBA{"grey": p.Pix, "coloured": edited} {
			var b bytes.Buffer
			e := picture.Encoding{Format: f, Lossless: true, Quality: 100, Meta: p.Meta, Source: &picture.Source{Bytes: file, Picture: p}}
			if err := picture.Encode(&b, pix, e); err != nil {
				t.Fatal(err)
			}
			again := decode(t, b.Bytes())
			kind := colour.RGB
			if what == "grey" && f != picture.WebP {
				kind = colour.Grey
			}
			if got := colour.ModelOf(again.Meta.ICC); got != kind {
				t.Errorf("%s as %s: a profile for %q", what, f, got)
			}
			// Beyond the block that was coloured.
			for _, at := range []image.Point{{30, 2}, {2, 30}, {39, 39}} {
				a, b := again.SRGB().NRGBAAt(at.X, at.Y), p.SRGB().NRGBAAt(at.X, at.Y)
				if d := int(a.G) - int(b.G); d > 1 || d < -1 {
					t.Errorf("%s as %s: %v became %v", what, f, b, a)
				}
			}
		}
	}
}

// inksICC is a profile for CMYK with a table of two points a channel (lut8Type), in which
// cyan is (50, -30, -40) of CIELAB and black takes all light; without a way back.
func inksICC() []byte {
	t := []byte("mft1\x00\x00\x00\x00\x04\x03\x02\x00")
	for i := range 9 {
		v := uint32(0)
		if i%4 == 0 {
			v = 65536
		}
		t = binary.BigEndian.AppendUint32(t, v)
	}
	curve := make([]byte, 256)
	for i := range curve {
		curve[i] = byte(i)
	}
	t = append(t, bytes.Repeat(curve, 4)...)
	for i := range 16 {
		c, k := i>>3&1, i&1
		l, a, b := 255, 128, 128
		if c == 1 {
			l, a, b = 128, 98, 88
		}
		if k == 1 {
			l, a, b = 0, 128, 128
		}
		t = append(t, byte(l), byte(a), byte(b))
	}
	t = append(t, bytes.Repeat(curve, 3)...)
	p := make([]byte, 128+4+12)
	copy(p[8:], "\x02\x40\x00\x00prtrCMYKLab ")
	copy(p[36:], "acsp")
	copy(p[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")
	copy(p[128:], "\x00\x00\x00\x01A2B0\x00\x00\x00\x90")
	binary.BigEndian.PutUint32(p[140:], uint32(len(t)))
	p = append(p, t...)
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}

func TestInksAreConvertedByTheirProfile(t *testing.T) {
	plain, err := os.ReadFile("testdata/cmyk.jpg")
	if err != nil {
		t.Fatal(err)
	}
	before := decode(t, plain)
	if !before.Meta.Has(picture.Inks) {
		t.Error("nothing is said of the inks")
	}
	file := jpegWith(plain, profileSegment(inksICC()))
	p := decode(t, file)
	if farthest(p.Pix, before.Pix) < 30 || p.Meta.Space != nil || p.Meta.ICC != nil {
		t.Errorf("the profile for inks counts for nothing, or as one for colours: %v", p.Meta.Space)
	}
	edited := image.NewNRGBA(p.Pix.Rect)
	copy(edited.Pix, p.Pix.Pix)
	edited.SetNRGBA(0, 0, color.NRGBA{9, 90, 200, 255})
	var b bytes.Buffer
	if err := picture.Encode(&b, edited, picture.Encoding{Format: picture.JPEG, Quality: 95, Meta: p.Meta, Source: &picture.Source{Bytes: file, Picture: p}}); err != nil {
		t.Fatal(err)
	}
	again := decode(t, b.Bytes())
	if again.Meta.Has(picture.Inks) || again.Meta.ICC != nil {
		t.Error("inks are written that nobody knows how to mix")
	}
	if off := mean(again.Pix, p.Pix); off > 6 { // it is small, and of chroma at half the size
		t.Errorf("the saved picture looks %.1f levels off", off)
	}
}

// mean returns the mean difference of two pictures.
func mean(a, b *image.NRGBA) float64 {
	sum := 0
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		sum += max(d, -d)
	}
	return float64(sum) / float64(len(a.Pix))
}
