package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"><dc:title>tulips</dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

// told is a block of EXIF with a maker, a resolution and a MakerNote that holds a
// picture.
func exifWithMaker() []byte {
	e := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		b = e.AppendUint16(e.AppendUint16(b, tag), kind)
		b = e.AppendUint32(e.AppendUint32(b, count), value)
	}
	const maker, x, y, sub, note = 62, 70, 78, 86, 104
	b = e.AppendUint16(b, 4)
	entry(0x010f, 2, 8, maker)
	entry(tagResolutionX, 5, 1, x)
	entry(tagResolutionY, 5, 1, y)
	entry(tagEXIF, 4, 1, sub)
	b = e.AppendUint32(b, 0)
	b = append(b, "Painter\x00"...)
	for range 2 {
		b = e.AppendUint32(e.AppendUint32(b, 240), 1)
	}
	b = e.AppendUint16(b, 1)
	preview := []byte("\xff\xd8\xff\xda\x00\x02" + secret + "\xff\xd9")
	entry(tagMakerNote, 7, uint32(10+len(preview)), note)
	b = e.AppendUint32(b, 0)
	return append(append(append(b, "MAKER"...), preview...), "NOTES"...)
}

func rich() Metadata {
	exif, _ := cleanEXIF(exifWithMaker())
	return Metadata{
		ICC: checked(profile(600)), EXIF: exif, XMP: cleanXMP([]byte(packet), true), IPTC: []byte("\x1c\x02\x69\x00\x04Head"),
		Comments: []string{"a comment, ünïcode"}, Density: Density{240 / inch, 240 / inch},
	}
}

// checked makes a block pass for a profile.
func checked(p []byte) []byte {
	copy(p[16:], "RGB ")
	copy(p[36:], "acsp")
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}

// TestMetadataThroughEveryPair writes what a file carried in one format, reads it,
// and writes that in another.
func TestMetadataThroughEveryPair(t *testing.T) {
	img, want := slant(9, 7), rich()
	same := func(name string, got Metadata) {
		t.Helper()
		if !bytes.Equal(got.ICC, want.ICC) || !bytes.Equal(got.XMP, want.XMP) || !bytes.Equal(got.IPTC, want.IPTC) {
			t.Errorf("%s: profile %d of %d, XMP %q, IPTC %q", name, len(got.ICC), len(want.ICC), got.XMP, got.IPTC)
		}
		if x, y := got.Density.DPI(); x != 240 || y != 240 {
			t.Errorf("%s: %d x %d dpi", name, x, y)
		}
		for _, s := range []string{"Painter", "MAKER", "NOTES"} {
			if !bytes.Contains(got.EXIF, []byte(s)) {
				t.Errorf("%s: EXIF without %s", name, s)
			}
		}
		words := strings.Join(got.Comments, "")
		for _, s := range got.Texts {
			words += s.Value
		}
		if d, ok := firstIFD(got.EXIF); ok {
			if e, ok := d.find(0x010e); ok {
				at := e.order.Uint32(e.data[e.at+8:])
				words += string(e.data[at:])
			}
		}
		if !strings.Contains(words, want.Comments[0]) {
			t.Errorf("%s: the comment is %q", name, words)
		}
	}
	for _, first := range []Format{PNG, JPEG, TIFF} {
		one := opened(t, written(t, img, Encoding{Format: first, Meta: want}))
		same(string(first), one.Meta)
		for _, second := range []Format{PNG, JPEG, TIFF} {
			data := written(t, img, Encoding{Format: second, Meta: one.Meta})
			same(string(first+" to "+second), opened(t, data).Meta)
			if bytes.Contains(data, []byte(secret[:9])) || bytes.Contains(data, []byte("tiff:Orientation")) {
				t.Errorf("%s to %s: the preview or the orientation is still there", first, second)
			}
		}
	}
}

// TestDensityOfBMP keeps the one thing that a BMP has a place for.
func TestDensityOfBMP(t *testing.T) {
	got := opened(t, written(t, slant(9, 7), Encoding{Format: BMP, Meta: rich()})).Meta
	if x, y := got.Density.DPI(); x != 240 || y != 240 {
		t.Errorf("%d x %d dpi", x, y)
	}
}

// TestWebP writes WebP with and without loss, and what it has places for.
func TestWebP(t *testing.T) {
	img, want := smooth(47, 35), rich()
	img.SetNRGBA(3, 3, color.NRGBA{9, 8, 7, 0})
	for _, lossless := range []bool{true, false} {
		p := opened(t, written(t, img, Encoding{Format: WebP, Lossless: lossless, Quality: 95, Meta: want}))
		if lossless && !bytes.Equal(p.Pix.Pix, img.Pix) {
			t.Error("other pixels")
		}
		alike(t, p.Pix, img, 3)
		m := p.Meta
		if m.Lossless != lossless || !bytes.Equal(m.ICC, want.ICC) || !bytes.Equal(m.XMP, want.XMP) || !bytes.Contains(m.EXIF, []byte("Painter")) {
			t.Errorf("lossless %v: %+v", lossless, m)
		}
	}
	if err := Encode(&bytes.Buffer{}, image.NewNRGBA(image.Rect(0, 0, 1<<14, 1)), Encoding{Format: WebP}); err == nil {
		t.Error("a picture that is too wide was written")
	}
}

// TestFormatFor suggests the format that the file had.
func TestFormatFor(t *testing.T) {
	for format, want := range map[string]Format{"png": PNG, "jpeg": JPEG, "tiff": TIFF, "bmp": BMP, "webp": WebP, "heif": JPEG, "raw": JPEG, "gif": PNG, "svg": PNG} {
		if got := FormatFor(Metadata{Format: format}); got != want {
			t.Errorf("%s: %s", format, got)
		}
	}
}

// TestStripped leaves nothing but the colours.
func TestStripped(t *testing.T) {
	for _, f := range []Format{PNG, JPEG, TIFF} {
		got := opened(t, written(t, slant(9, 7), Encoding{Format: f, Meta: rich(), Strip: true})).Meta
		if got.ICC == nil || got.EXIF != nil || got.XMP != nil || got.IPTC != nil || got.Comments != nil || got.Density != (Density{}) {
			t.Errorf("%s: %+v", f, got)
		}
	}
}

// TestStrippedJPEGKeepsItsTurn strips a file whose blocks are kept.
func TestStrippedJPEGKeepsItsTurn(t *testing.T) {
	plain := written(t, slant(16, 8), Encoding{Format: JPEG, Meta: rich()})
	data := append([]byte{0xff, markerSOI}, appendSegment(nil, markerAPP1, exifPrefix, exifTurned(3))...)
	data = append(data, plain[2:]...)
	p := opened(t, data)
	saved := written(t, p.Pix, Encoding{Format: JPEG, Source: &Source{Bytes: data, Picture: p}, Strip: true})
	got := opened(t, saved)
	if got.Size() != p.Size() || !bytes.Equal(got.Pix.Pix, p.Pix.Pix) {
		t.Error("another picture")
	}
	if got.Meta.XMP != nil || got.Meta.IPTC != nil || bytes.Contains(saved, []byte("Painter")) {
		t.Error("there is still metadata")
	}
}

// TestLabel writes what machines read of where a picture came from.
func TestLabel(t *testing.T) {
	plain := written(t, slant(16, 8), Encoding{Format: JPEG, Meta: rich()})
	p := opened(t, plain)
	for name, e := range map[string]Encoding{
		"PNG": {Format: PNG, Meta: rich()}, "JPEG": {Format: JPEG}, "TIFF": {Format: TIFF, Meta: rich()},
		"kept JPEG": {Format: JPEG, Source: &Source{Bytes: plain, Picture: p}}, "stripped": {Format: PNG, Meta: rich(), Strip: true},
	} {
		for _, producer := range []string{"", "Over & paint"} {
			e.Label = &Label{Producer: producer}
			data := written(t, p.Pix, e)
			got := opened(t, data).Meta
			if n := bytes.Count(got.XMP, []byte(">"+compositeWithModel+"<")); n != 1 {
				t.Errorf("%s: %d labels in %q", name, n, got.XMP)
			}
			if bytes.Contains(got.XMP, []byte("TC260:AIGC")) != (producer != "") {
				t.Errorf("%s: %q", name, got.XMP)
			}
			if titled := bytes.Contains(got.XMP, []byte("tulips")); titled != (name == "PNG" || name == "TIFF" || name == "kept JPEG") {
				t.Errorf("%s: title %v", name, titled)
			}
			// A second label takes the first one's place.
			again := labelledXMP(got.XMP, e.Label, "x")
			if n := bytes.Count(again, []byte(">"+compositeWithModel+"<")); n != 1 {
				t.Errorf("%s: %d labels", name, n)
			}
		}
	}
}

// TestNoPictureIsLeft looks for the unedited picture in what is kept of XMP.
func TestNoPictureIsLeft(t *testing.T) {
	for _, part := range []string{
		`<xmp:Thumbnails><rdf:Alt><rdf:li><xmpGImg:image>/9j/4AAQSkZJRgABAQ</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>`,
		`<GDepth:Data>/9j/4AAQSkZJRgABAQAAAQ</GDepth:Data>`,
		`<Container:Directory><rdf:Seq/></Container:Directory><hdrgm:Version>1.0</hdrgm:Version>`,
	} {
		clean := cleanXMP([]byte(strings.Replace(packet, "<dc:title>", part+"<dc:title>", 1)), false)
		if !bytes.Equal(clean, []byte(packet)) {
			t.Errorf("%s: %q", part, clean)
		}
	}
	if clean := cleanXMP([]byte(strings.Replace(packet, "tulips", "/9j/4AAQSkZJRgABAQAAAQABAAD", 1)), false); clean != nil {
		t.Errorf("a packet with a picture somewhere: %q", clean)
	}
}

// TestNoPictureIsLeftInRecords looks for previews in IPTC's records and Photoshop's
// resources, on the way through each format.
func TestNoPictureIsLeftInRecords(t *testing.T) {
	preview := append([]byte{0xff, markerSOI, 0xff, 0xe0, 0, 4, 1, 2, 0xff, markerSOS, 0, 2}, "face"...)
	records := append([]byte{0x1c, 2, 202, 0, byte(len(preview) + 2)}, append(preview, 0xff, markerEOI)...)
	pix := slant(16, 8)
	for _, from := range []Format{PNG, JPEG, TIFF} {
		data := written(t, pix, Encoding{Format: from, Meta: Metadata{IPTC: records}})
		p := opened(t, data)
		for _, to := range []Format{PNG, JPEG, TIFF} {
			saved := written(t, dotted(p.Pix), Encoding{Format: to, Meta: p.Meta, Source: &Source{Bytes: data, Picture: p}})
			if again := opened(t, saved); bytes.Contains(again.Meta.IPTC, []byte("face")) || bytes.Contains(saved, []byte("face")) {
				t.Errorf("%s to %s: the preview is there", from, to)
			}
		}
	}
}

// TestStripsOfThumbnailsAreWiped removes an uncompressed thumbnail, in strips.
func TestStripsOfThumbnailsAreWiped(t *testing.T) {
	e := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00\x00\x00\x0e\x00\x00\x00")
	b = e.AppendUint16(b, 2)
	for i, tag := range []uint16{tagStripOffsets, tagStripCounts} {
		b = e.AppendUint32(e.AppendUint16(e.AppendUint16(b, tag), 4), 2)
		b = e.AppendUint32(b, uint32(44+8*i))
	}
	b = e.AppendUint32(b, 0)
	half := len(secret) / 2
	for _, v := range []int{60, 60 + half, half, len(secret) - half} {
		b = e.AppendUint32(b, uint32(v))
	}
	clean, _ := cleanEXIF(append(b, secret...))
	if clean == nil || bytes.Contains(clean, []byte("face")) || bytes.Contains(clean, []byte("over")) {
		t.Errorf("%q", clean)
	}
}

// TestDeepSamplesStay saves a picture of 16 bits of which one pixel was edited.
func TestDeepSamplesStay(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	deep := image.NewNRGBA64(image.Rect(0, 0, 11, 6))
	for i := range deep.Pix {
		deep.Pix[i] = uint8(r.Uint32())
		if i%8 >= 6 {
			deep.Pix[i] = 0xff
		}
	}
	for _, grey := range []bool{false, true} {
		if grey {
			for i := 0; i < len(deep.Pix); i += 8 {
				copy(deep.Pix[i+2:i+4], deep.Pix[i:])
				copy(deep.Pix[i+4:i+6], deep.Pix[i:])
			}
		}
		for _, from := range []Format{PNG, TIFF} {
			src := bytes.Buffer{}
			meta := rich()
			if err := encodeDeep(&src, deep, from, meta, grey); err != nil {
				t.Fatal(err)
			}
			p := opened(t, src.Bytes())
			if !p.Meta.Has(Deep) || p.Meta.Grey != grey {
				t.Fatalf("%s: notes %v, grey %v", from, p.Meta.Notes, p.Meta.Grey)
			}
			edited := image.NewNRGBA(p.Pix.Rect)
			copy(edited.Pix, p.Pix.Pix)
			edited.SetNRGBA(3, 2, color.NRGBA{1, 1, 1, 255})
			for _, to := range []Format{PNG, TIFF} {
				saved := written(t, edited, Encoding{Format: to, Meta: p.Meta, Source: &Source{Bytes: src.Bytes(), Picture: p}})
				c := codecs[sniff(saved)]
				config, err := c.config(saved)
				if err != nil {
					t.Fatal(err)
				}
				stored, err := c.decode(saved, config)
				if err != nil {
					t.Fatal(err)
				}
				for y := range 6 {
					for x := range 11 {
						got := color.NRGBA64Model.Convert(stored.At(x, y))
						want := color.Color(deep.NRGBA64At(x, y))
						if x == 3 && y == 2 {
							want = color.NRGBA64{0x101, 0x101, 0x101, 0xffff}
						}
						if got != want {
							t.Fatalf("%s to %s, grey %v: (%d, %d) is %v, want %v", from, to, grey, x, y, got, want)
						}
					}
				}
				if again := opened(t, saved); again.Meta.Grey != grey {
					t.Errorf("%s to %s: grey is %v", from, to, again.Meta.Grey)
				}
			}
		}
	}
}

// encodeDeep writes a picture of 16 bits.
func encodeDeep(w *bytes.Buffer, img *image.NRGBA64, f Format, m Metadata, grey bool) error {
	narrow := image.NewNRGBA(img.Rect)
	row := rows(img)
	for y := range img.Rect.Dy() {
		row(narrow.Pix[y*narrow.Stride:][:4*img.Rect.Dx()], y)
	}
	r := rasterOf(narrow, img, grey, false)
	if f == PNG {
		return encodePNG(w, r, pngOptions{meta: m})
	}
	return encodeTIFF(w, r, m)
}

// TestExiftoolReads has exiftool look at what was written, where it is installed.
func TestExiftoolReads(t *testing.T) {
	if _, err := exec.LookPath("exiftool"); err != nil {
		t.Skip("no exiftool")
	}
	for _, f := range []Format{PNG, JPEG, TIFF} {
		path := filepath.Join(t.TempDir(), "a."+string(f))
		if err := Save(t.Context(), path, slant(9, 7), Encoding{Format: f, Meta: rich(), Label: &Label{Producer: "p"}}, file.Nothing); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("exiftool", "-s", "-a", "-G1", path).CombinedOutput()
		if err != nil {
			t.Fatal(err, string(out))
		}
		for _, want := range []string{"Painter", "tulips", "Head", "240", "rained"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: no %q in %s", f, want, out)
			}
		}
	}
}

// TestDirectoryInAPicture drops a block in whose header a picture seems to begin, with which
// its directory is wiped.
func TestDirectoryInAPicture(t *testing.T) {
	block := make([]byte, 300)
	copy(block, "MM\x00*\x00\x00\x00\xff\xd8\xff\xe0")
	block[256] = 1 // one entry: orientation 6
	copy(block[257:], "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00")
	clean, orientation := cleanEXIF(block)
	if clean != nil || orientation != 6 {
		t.Errorf("%d bytes are left, orientation %d", len(clean), orientation)
	}
}
