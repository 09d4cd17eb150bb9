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

// fuzzLimits are those that fuzz tests open pictures with.
var fuzzLimits = Limits{MaxPixels: 1 << 13}

// seeds adds the files of testdata of which one of the formats is, whole and cut;
// without formats all.
func seeds(f *testing.F, formats ...string) {
	f.Helper()
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
		for _, format := range formats {
			if sniff(data) == format {
				f.Add(data)
				f.Add(data[:len(data)*2/3])
			}
		}
		if len(formats) == 0 {
			f.Add(data)
			f.Add(data[:len(data)*2/3])
		}
	}
}

// decodeDamaged opens what may be damaged: it may only become a picture within the
// limits or one of the package's errors, and no decoder may panic.
func decodeDamaged(t *testing.T, data []byte) *Picture {
	p, err := Decode(data, fuzzLimits)
	var (
		large *TooLargeError
		panic *PanicError
	)
	switch {
	case err == nil:
		if n := int64(p.Size().X) * int64(p.Size().Y); n < 1 || n > fuzzLimits.MaxPixels || int64(len(p.Pix.Pix)) != 4*n {
			t.Fatalf("a picture of %v pixels in %d bytes", p.Size(), len(p.Pix.Pix))
		}
	case errors.As(err, &panic):
		t.Fatal(err)
	case !errors.Is(err, ErrNotPicture) && !errors.Is(err, ErrTruncated) && !errors.As(err, &large):
		t.Fatalf("err = %v, which is none of the package's", err)
	}
	return p
}

// fuzzFormat feeds Decode with damaged files of one format.
func fuzzFormat(f *testing.F, format string) {
	seeds(f, format)
	f.Fuzz(func(t *testing.T, data []byte) {
		if sniff(data) == format {
			decodeDamaged(t, data)
		}
	})
}

// FuzzDecode feeds Decode with damaged files of all formats.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) { decodeDamaged(t, data) })
}

func FuzzPNG(f *testing.F) { fuzzFormat(f, "png") }

func FuzzGIF(f *testing.F) { fuzzFormat(f, "gif") }

func FuzzBMP(f *testing.F) {
	f.Add(dib(f, "testdata/8.bmp"))
	f.Add(dib(f, "testdata/565.bmp"))
	fuzzFormat(f, "bmp")
}

func FuzzWebP(f *testing.F) { fuzzFormat(f, "webp") }

func FuzzTIFF(f *testing.F) { fuzzFormat(f, "tiff") }

func FuzzSVG(f *testing.F) {
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 2000"><defs><path id="a" d="M1 1h3v4z"/></defs>` +
		`<use href="#a" x="2"/><rect width="3" height="9" rx="1" fill="#f00" stroke="blue" stroke-dasharray="1 2"/></svg>`))
	f.Add([]byte(`<?xml version="1.0"?><svg width="9" height="4000"><linearGradient id="g"><stop offset="1" stop-color="red"/>` +
		`</linearGradient><circle cx="5" cy="5" r="4" fill="url(#g)" transform="rotate(20)"/></svg>`))
	fuzzFormat(f, "svg")
}

// FuzzRaw opens raw files, by the preview that they are thought to have inside.
func FuzzRaw(f *testing.F) {
	f.Add(dng(f, 100))
	for _, head := range []string{"FUJIFILMCCD-RAW ", "\x00\x00\x00\x18ftypcrx ", "IIU\x00\x08\x00\x00\x00"} {
		data, err := os.ReadFile("testdata/grey.jpg")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append([]byte(head), data...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if sniff(data) == "raw" || isRaw(data) {
			decodeDamaged(t, data)
		}
	})
}

// FuzzBoxes reads what HEIC and AVIF files say of their pictures, without the pixels,
// whose decoders run in a machine of their own.
func FuzzBoxes(f *testing.F) {
	seeds(f, "heif", "jxl")
	f.Fuzz(func(t *testing.T, data []byte) {
		switch sniff(data) {
		case "heif":
			if c, err := heifConfig(data); err == nil && (c.Width < 1 || c.Height < 1) {
				t.Fatalf("%dx%d pixels", c.Width, c.Height)
			}
			heifMeta(data)
		case "jxl":
			jxlMeta(data)
		}
	})
}

// FuzzKeep writes damaged JPEG files again: what wasn't edited comes back as it was
// seen.
func FuzzKeep(f *testing.F) {
	seeds(f, "jpeg")
	f.Fuzz(func(t *testing.T, data []byte) {
		if sniff(data) != "jpeg" {
			return
		}
		p := decodeDamaged(t, data)
		if p == nil {
			return
		}
		var b bytes.Buffer
		var kept Kept
		e := Encoding{Format: JPEG, Source: &Source{Bytes: data, Picture: p}, Meta: p.Meta, Kept: func(k Kept) { kept = k }}
		if err := Encode(&b, p.Pix, e); err != nil {
			t.Fatal(err)
		}
		again, err := Decode(b.Bytes(), fuzzLimits)
		if err != nil || again.Size() != p.Size() {
			t.Fatalf("read back: %v, %v, not %v", again, err, p.Size())
		}
		if kept.Blocks > 0 && kept.Blocks == kept.Total && !bytes.Equal(again.Pix.Pix, p.Pix.Pix) {
			t.Fatal("all blocks were kept, but other pixels are seen")
		}
	})
}

// FuzzXMP cleans and labels packets.
func FuzzXMP(f *testing.F) {
	f.Add([]byte(`<x:xmpmeta><rdf:RDF><rdf:Description tiff:Orientation="6" xmp:Rating='3'><xmp:Thumbnails>a</xmp:Thumbnails>` +
		`<Iptc4xmpExt:DigitalSourceType/></rdf:Description></rdf:RDF></x:xmpmeta>`))
	f.Add(labelledXMP(nil, &Label{Producer: "p"}, "id"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		clean := cleanXMP(packet, true)
		if xmpLeft.Match(clean) {
			t.Fatal("a picture is still there")
		}
		if l := labelledXMP(clean, &Label{Producer: "p"}, "id"); !bytes.Contains(l, []byte(compositeWithModel)) {
			t.Fatal("no label")
		}
		kept := keptXMP(append(bytes.Clone(xmpPrefix), packet...))
		if xmpLeft.Match(kept) {
			t.Fatal("a picture is still in what a JPEG keeps")
		}
	})
}

// FuzzResources takes Photoshop's resources apart and puts IPTC's records into new ones.
func FuzzResources(f *testing.F) {
	f.Add(withIPTC([]byte("\x1c\x02\x78\x00\x03abc")))
	f.Add([]byte("8BIM\x04\x0c\x03abc\x00\x00\x00\x05\xff\xd8\xff\xd9\x00\x008BIM\x04\x04\x00\x00\x00\x00\x00\x01a\x00"))
	f.Fuzz(func(t *testing.T, resources []byte) {
		records := iptcOf(resources)
		if bytes.Contains(records, []byte{0xff, markerSOI, 0xff}) {
			t.Fatal("a picture is still there")
		}
		if again := iptcOf(withIPTC(records)); len(records) > 0 && !bytes.Equal(again, records) {
			t.Fatalf("%q became %q", records, again)
		}
		withoutResources(append(bytes.Clone(photoshopPrefix), resources...))
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
		if clean == nil {
			return
		}
		var b bytes.Buffer
		if err := Encode(&b, img, Encoding{Format: JPEG, Meta: Metadata{EXIF: clean}}); err != nil {
			t.Fatal(err)
		}
		p, err := Decode(b.Bytes(), Limits{})
		if err != nil || p.Size() != image.Pt(3, 2) {
			t.Fatalf("read back: %v, %v", p, err)
		}
	})
}
