package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gen2brain/avif"
	"github.com/gen2brain/jpegxl"

	"overpaint.dev/overpaint/editor/heiffile"
)

// alike requires that two pictures are the same within what lossy coding does.
func alike(t *testing.T, got, want *image.NRGBA, off int) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Fatalf("%v, want %v", got.Rect, want.Rect)
	}
	sum := 0
	for i, v := range got.Pix {
		sum += max(int(v)-int(want.Pix[i]), int(want.Pix[i])-int(v))
	}
	if mean := sum / len(got.Pix); mean > off {
		t.Fatalf("off by %d in the mean", mean)
	}
}

// smooth is a picture that lossy coding keeps well.
func smooth(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 90, 255})
		}
	}
	return img
}

// TestMachines opens AVIF and JPEG XL files, and refuses large ones by their header.
func TestMachines(t *testing.T) {
	img := smooth(48, 32)
	var a, j bytes.Buffer
	if err := avif.Encode(&a, img, avif.Options{Quality: 90, Speed: 10, ChromaSubsampling: image.YCbCrSubsampleRatio444}); err != nil {
		t.Fatal(err)
	}
	if err := jpegxl.Encode(&j, img, jpegxl.Options{Quality: 95, Effort: 1}); err != nil {
		t.Fatal(err)
	}
	for format, data := range map[string][]byte{"heif": a.Bytes(), "jxl": j.Bytes()} {
		p := opened(t, data)
		alike(t, p.Pix, img, 4)
		if p.Meta.Format != format {
			t.Errorf("the format is %q", p.Meta.Format)
		}
		var large *TooLargeError
		if _, err := Decode(data, Limits{MaxPixels: 48*32 - 1}); !errors.As(err, &large) || large.Width*large.Height != 48*32 {
			t.Errorf("%s: err = %v", format, err)
		}
		if _, err := Decode(data[:len(data)/2], Limits{}); !errors.Is(err, ErrTruncated) {
			t.Errorf("%s, cut off: err = %v", format, err)
		}
	}
	// irot: a quarter against the clock.
	turned := turnedAVIF(t, a.Bytes())
	p := opened(t, turned)
	want := oriented(smooth(48, 32), 8, fresh)
	alike(t, p.Pix, want, 4)
}

// turnedAVIF gives the main picture a rotation by making a property of another one
// that says nothing of the pixels.
func turnedAVIF(t *testing.T, data []byte) []byte {
	t.Helper()
	data = bytes.Clone(data)
	at := bytes.Index(data, []byte("pixi"))
	if at < 0 {
		t.Fatal("no pixi")
	}
	size := binary.BigEndian.Uint32(data[at-4:])
	binary.BigEndian.PutUint32(data[at-4:], 9)
	copy(data[at:], "irot\x01")
	rest := data[at+5:]
	binary.BigEndian.PutUint32(rest, size-9)
	copy(rest[4:], "free")
	// The box that was made in the place of what is left is a property too: those
	// behind it have other numbers, so it must stand last.
	if size-9 < 8 {
		t.Skip("no room")
	}
	return data
}

// TestAPartOfAnAVIF opens a file of which a clap box shows a part.
func TestAPartOfAnAVIF(t *testing.T) {
	img := smooth(48, 32)
	var b bytes.Buffer
	if err := avif.Encode(&b, img, avif.Options{Quality: 90, Speed: 10, ChromaSubsampling: image.YCbCrSubsampleRatio444}); err != nil {
		t.Fatal(err)
	}
	part := image.Rect(10, 4, 30, 20)
	data := clappedAVIF(t, b.Bytes(), img.Rect.Size(), part)
	want := image.NewNRGBA(image.Rectangle{Max: part.Size()})
	draw.Draw(want, want.Rect, img, part.Min, draw.Src)
	alike(t, opened(t, data).Pix, want, 4)
}

// clappedAVIF gives the one picture of a file a box that shows a part of it.
func clappedAVIF(t *testing.T, data []byte, size image.Point, part image.Rectangle) []byte {
	t.Helper()
	middle := part.Min.Add(part.Max).Sub(size) // twice how far the middle is moved
	clap := binary.BigEndian.AppendUint32(nil, 40)
	clap = append(clap, "clap"...)
	for _, v := range [8]int{part.Dx(), 1, part.Dy(), 1, middle.X, 2, middle.Y, 2} {
		clap = binary.BigEndian.AppendUint32(clap, uint32(int32(v)))
	}
	find := func(kind string) int {
		at := bytes.Index(data, []byte(kind))
		if at < 0 {
			t.Fatalf("no %s", kind)
		}
		return at - 4
	}
	grow := func(at, by int) { binary.BigEndian.PutUint32(data[at:], binary.BigEndian.Uint32(data[at:])+uint32(by)) }
	ipco, ipma, iloc := find("ipco"), find("ipma"), find("iloc")
	count := 0
	end := ipco + int(binary.BigEndian.Uint32(data[ipco:]))
	for at := ipco + 8; at < end; at += int(binary.BigEndian.Uint32(data[at:])) {
		count++
	}
	grow(find("meta"), 41)
	grow(find("iprp"), 41)
	grow(ipco, 40)
	grow(ipma, 1)
	data[ipma+18]++       // how many properties the item has
	grow(iloc+8+4+10, 41) // where its data lies
	last := ipma + int(binary.BigEndian.Uint32(data[ipma:])) - 1
	data = slices.Insert(data, last, 0x80|byte(count+1))
	return slices.Insert(data, end, clap...)
}

// TestHEIC opens a HEIC file.
func TestHEIC(t *testing.T) {
	data, err := os.ReadFile("testdata/still.heic")
	if err != nil {
		t.Fatal(err)
	}
	want, err := Open("testdata/still.heic.want.png", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	alike(t, opened(t, data).Pix, want.Pix, 2)
	var large *TooLargeError
	if _, err := Decode(data, Limits{MaxPixels: 161*120 - 1}); !errors.As(err, &large) {
		t.Errorf("err = %v", err)
	}
}

// TestBrandsOfHEIC opens files whose first brand is another one than heic, as many
// programs write it.
func TestBrandsOfHEIC(t *testing.T) {
	data, err := os.ReadFile("testdata/still.heic")
	if err != nil {
		t.Fatal(err)
	}
	want := opened(t, data)
	for _, brand := range []string{"mif1", "msf1", "heix", "miaf"} {
		other := bytes.Clone(data)
		copy(other[8:], brand)
		p, err := Decode(other, Limits{})
		if err != nil {
			t.Errorf("%s: %v", brand, err)
			continue
		}
		equal(t, p.Pix, want.Pix)
	}
}

// TestNarrowAndCroppedHEIC opens a picture of 48x40 pixels with a green rectangle, and one of
// which a clap box shows 20x10 from (1, 5) on; heif-enc made them.
func TestNarrowAndCroppedHEIC(t *testing.T) {
	for name, c := range map[string]struct {
		size  image.Point
		green image.Rectangle
	}{
		"narrow.heic":  {image.Pt(48, 40), image.Rect(3, 5, 21, 15)},
		"cropped.heic": {image.Pt(20, 10), image.Rect(2, 0, 20, 10)},
		// Of two by two tiles of 64x64 each, of which 100x90 and a clap box's 60x40 are seen.
		"narrowtiles.heic":  {image.Pt(100, 90), image.Rect(50, 50, 90, 80)},
		"croppedtiles.heic": {image.Pt(60, 40), image.Rect(10, 5, 50, 35)},
	} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		p := opened(t, data)
		if p.Size() != c.size {
			t.Fatalf("%s: %v pixels", name, p.Size())
		}
		for y := range c.size.Y {
			for x := range c.size.X {
				px := p.Pix.NRGBAAt(x, y)
				at := image.Pt(x, y)
				if in := at.In(c.green.Inset(2)); in && (px.G < 200 || px.R > 60 || px.B > 60) || !at.In(c.green.Inset(-2)) && px.G > 60 {
					t.Fatalf("%s: at %v it is %v", name, at, px)
				}
			}
		}
	}
}

// TestTheFirstPixelsAreThePictures looks at the corner of pictures of one colour, where
// decoders in machines leave notes of their own.
func TestTheFirstPixelsAreThePictures(t *testing.T) {
	even := image.NewNRGBA(image.Rect(0, 0, 160, 140))
	for i := range even.Pix {
		even.Pix[i] = []uint8{180, 120, 60, 255}[i%4]
	}
	for name, encode := range map[string]func(io.Writer) error{
		"AVIF":    func(w io.Writer) error { return avif.Encode(w, even, avif.Options{Quality: 90, Speed: 10}) },
		"JPEG XL": func(w io.Writer) error { return jpegxl.Encode(w, even, jpegxl.Options{Quality: 90, Effort: 1}) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(name, err)
		}
		p := opened(t, b.Bytes())
		for x := range 20 {
			if c := p.Pix.NRGBAAt(x, 0); c.R < 170 || c.R > 190 || c.G < 110 || c.G > 130 || c.B < 50 || c.B > 70 || c.A != 255 {
				t.Fatalf("%s: pixel %d is %v", name, x, c)
			}
		}
	}
}

func TestTurnsOfHEIF(t *testing.T) {
	for _, c := range []struct {
		quarters int
		mirror   byte
		want     int
	}{{0, 0, 1}, {1, 0, 8}, {2, 0, 3}, {3, 0, 6}, {0, 'v', 4}, {0, 'h', 2}, {1, 'v', 5}, {1, 'h', 7}, {3, 'v', 7}, {3, 'h', 5}, {2, 'v', 2}} {
		if got := orientationOf(c.quarters, c.mirror); got != c.want {
			t.Errorf("%d quarters, mirror %q: %d, want %d", c.quarters, c.mirror, got, c.want)
		}
	}
}

// TestYCbCrOfOtherCodings converts plain colours by their matrix and range.
func TestYCbCrOfOtherCodings(t *testing.T) {
	for _, c := range []struct {
		y, cb, cr uint8
		matrix    int
		full      bool
		want      color.NRGBA
	}{
		{235, 128, 128, 1, false, color.NRGBA{255, 255, 255, 255}},
		{16, 128, 128, 1, false, color.NRGBA{0, 0, 0, 255}},
		{63, 102, 240, 1, false, color.NRGBA{255, 0, 0, 255}},
		{54, 99, 255, 1, true, color.NRGBA{254, 0, 0, 255}},
		{81, 90, 240, 6, false, color.NRGBA{254, 0, 0, 255}},
		{76, 85, 255, 2, true, color.NRGBA{254, 0, 0, 255}},
		{54, 99, 255, 12, true, color.NRGBA{254, 0, 0, 255}},
		{10, 20, 30, 0, true, color.NRGBA{30, 10, 20, 255}},
		{16, 235, 126, 0, false, color.NRGBA{128, 0, 255, 255}},
		{64, 64, 255, 8, true, color.NRGBA{255, 0, 1, 255}},
		{71, 72, 240, 8, false, color.NRGBA{255, 0, 0, 255}},
	} {
		m := image.NewYCbCr(image.Rect(0, 0, 3, 3), image.YCbCrSubsampleRatio420)
		for plane, v := range map[*[]uint8]uint8{&m.Y: c.y, &m.Cb: c.cb, &m.Cr: c.cr} {
			for i := range *plane {
				(*plane)[i] = v
			}
		}
		got := FromImage(newCodedImage(m, &heiffile.File{Matrix: c.matrix, Full: c.full, Primaries: 1})).NRGBAAt(2, 1)
		d := func(a, b uint8) bool { return max(a, b)-min(a, b) > 2 }
		if d(got.R, c.want.R) || d(got.G, c.want.G) || d(got.B, c.want.B) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// dng is a raw file: a first directory with a thumbnail in plain pixels, one with
// sensor data that looks like a JPEG file, and a preview.
func dng(t testing.TB, previewSize int) []byte {
	preview := written(t, smooth(previewSize, previewSize/2), Encoding{Format: JPEG})
	decoy := written(t, smooth(200, 200), Encoding{Format: JPEG})
	d := newTIFFDirectory(nil)
	thumbnail := make([]byte, 8*8*3)
	sensor := uint32(8 + len(thumbnail))
	d.next = int64(sensor) + int64(len(decoy)+len(preview))
	sub := newTIFFDirectory(nil)
	sub.next = d.next
	sub.longs(256, 400)
	sub.longs(257, 400)
	sub.shorts(tagPhotometric, photometricCFA&0xffff)
	sub.shorts(259, 7)
	sub.longs(tagStripOffsets, sensor)
	sub.longs(tagStripCounts, uint32(len(decoy)))
	subBytes := sub.bytes()
	d.next = sub.next + int64(len(subBytes))
	d.longs(256, 8)
	d.longs(257, 8)
	d.shorts(tagBits, 8, 8, 8)
	d.shorts(tagPhotometric, photometricRGB)
	d.shorts(tagSamples, 3)
	d.longs(tagStripOffsets, 8)
	d.longs(tagStripCounts, uint32(len(thumbnail)))
	d.shorts(tagOrientation, 6)
	d.longs(tagSubIFDs, uint32(sub.next))
	d.add(tagDNGVersion, 1, 4, []byte{1, 4, 0, 0})
	directory := d.bytes()
	head := binary.LittleEndian.AppendUint32([]byte("II*\x00"), uint32(d.next))
	return bytes.Join([][]byte{head, thumbnail, decoy, preview, sub.values, subBytes, d.values, directory}, nil)
}

// TestRawPreview opens the camera's picture in a raw file, turned, and not the
// thumbnail or what looks like a picture in the sensor's data.
func TestRawPreview(t *testing.T) {
	p := opened(t, dng(t, 100))
	if p.Size() != image.Pt(50, 100) || !p.Meta.Has(Preview) || p.Meta.Format != "raw" {
		t.Errorf("%v, %s, notes %v", p.Size(), p.Meta.Format, p.Meta.Notes)
	}
	fuji := append([]byte("FUJIFILMCCD-RAW 0201FF000000"), written(t, smooth(60, 20), Encoding{Format: JPEG})...)
	if p := opened(t, fuji); p.Size() != image.Pt(60, 20) || !p.Meta.Has(Preview) {
		t.Errorf("%v, notes %v", p.Size(), p.Meta.Notes)
	}
	var unsupported *UnsupportedError
	if _, err := Decode([]byte("FUJIFILMCCD-RAW 0201FF000000"), Limits{}); !errors.As(err, &unsupported) {
		t.Errorf("err = %v", err)
	}
}

// TestRawTime looks for a preview in a file of nothing but beginnings of pictures.
func TestRawTime(t *testing.T) {
	data := append([]byte("FUJIFILMCCD-RAW 0201FF000000"), bytes.Repeat([]byte{0xff, 0xd8, 0xff, 0}, 5000)...)
	data = append(data, make([]byte, 32<<20)...)
	if _, err := Decode(data, Limits{}); err == nil {
		t.Error("there is a preview")
	}
}

// TestValuesOverEachOther carries no more of a page's EXIF than the block may have.
func TestValuesOverEachOther(t *testing.T) {
	const entries = 2000
	d := newTIFFDirectory(nil)
	d.next = 200_000
	exif := binary.LittleEndian.AppendUint16(nil, entries)
	for i := range uint16(entries) {
		exif = binary.LittleEndian.AppendUint16(exif, 0x9000+i)
		exif = append(binary.LittleEndian.AppendUint32(append(exif, 7, 0), 190_000), 8, 0, 0, 0)
	}
	file := append(make([]byte, 8), exif...)
	d.longs(256, 1)
	d.longs(257, 1)
	d.shorts(tagBits, 8)
	d.longs(tagStripOffsets, 8)
	d.longs(tagStripCounts, 1)
	d.longs(tagEXIF, 8)
	file = append(append(append(file, make([]byte, 200_000-len(file))...), d.values...), d.bytes()...)
	binary.LittleEndian.PutUint32(copyTo(file, "II*\x00"), uint32(d.next))
	if p := opened(t, file); len(p.Meta.EXIF) == 0 || len(p.Meta.EXIF) > 65<<20 {
		t.Errorf("%d bytes of EXIF in a file of %d", len(p.Meta.EXIF), len(file))
	}
}

// copyTo writes the beginning of a file and returns what follows.
func copyTo(file []byte, head string) []byte { return file[copy(file, head):] }

// TestSVG opens a drawing larger than it is, and tells of it.
func TestSVG(t *testing.T) {
	for _, head := range []string{"", "\ufeff<?xml version=\"1.0\"?>\n<!-- a drawing -->"} {
		p := opened(t, []byte(head+`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="10" height="10" fill="#f00"/></svg>`))
		if p.Size() != image.Pt(svgSide, svgSide/2) || !p.Meta.Has(Drawing) {
			t.Errorf("%v, notes %v", p.Size(), p.Meta.Notes)
		}
		if a, b := p.Pix.NRGBAAt(100, 500), p.Pix.NRGBAAt(svgSide-100, 500); a != (color.NRGBA{255, 0, 0, 255}) || b.A != 0 {
			t.Errorf("%v, %v", a, b)
		}
	}
	if _, err := Decode([]byte("<html><body/></html>"), Limits{}); !errors.Is(err, ErrNotPicture) {
		t.Errorf("err = %v", err)
	}
}

func TestEndings(t *testing.T) {
	for _, name := range []string{"a.JPG", "b.jfif", "c.apng", "d.mpo", "e.dib", "f.jpe", "g.heic", "h.NEF"} {
		if !Named(name) {
			t.Errorf("%s isn't the name of a picture", name)
		}
	}
	if Named("notes.txt") || Named("png") || strings.Join(Endings(), "") == "" {
		t.Error("everything is a picture")
	}
}

// TestSVGBounds refuses, or draws without harm, what would take all memory, or for
// ever.
func TestSVGBounds(t *testing.T) {
	const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">`
	for name, body := range map[string]string{
		"a shape of itself":   `<defs><use id="a" href="#a"/></defs><use href="#a"/>`,
		"two of each other":   `<defs><g id="a"><rect width="1" height="1"/><use href="#b"/></g><g id="b"><use href="#a"></use></g></defs><use href="#a"/>`,
		"inner definitions":   `<defs><g id="a"><defs/></g></defs><use href="#a"/><use id="b" href="#b"/><defs/><use href="#b"/>`,
		"many uses":           `<defs><path id="a" d="` + strings.Repeat("l1 1", 100_000) + `"/></defs>` + strings.Repeat(`<use href="#a"/>`, 10_000),
		"thin dashes":         `<path d="` + strings.Repeat("M0 0L5 100000", 100) + `" stroke="red" stroke-width="1" stroke-dasharray="0.02"/>`,
		"far from the dashes": `<path d="` + strings.Repeat("M0 0L5 5", 10) + `" stroke="red" stroke-dasharray="0.02" stroke-dashoffset="30000000"/>`,
		"far away":            `<path d="M0 0` + strings.Repeat("L0 -100000L9 9", 10_000) + `"/>`,
		"beyond all numbers":  `<path d="M1 1h999999993v4z"/>`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode([]byte(head+body+`</svg>`), DefaultLimits)
			var refused *UnsupportedError
			if err != nil && !errors.As(err, &refused) {
				t.Error(err)
			}
		})
	}
}

// TestSVGFarAway draws what begins and ends far outside of the picture.
func TestSVGFarAway(t *testing.T) {
	for path, below := range map[string]func(x, y int) int{
		"M-90000 5H90000V99999H-90000z":                  func(_, y int) int { return 2*y + 1 - 10 },
		"M-90000 -89990L90000 90010V99999L-90000 99999z": func(x, y int) int { return y - x - 10 },
	} {
		p := opened(t, []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="`+path+`" fill="#f00"/></svg>`))
		for i := range 400 {
			x, y := i%20, i/20
			got := p.Pix.NRGBAAt((2*x+1)*svgSide/40, (2*y+1)*svgSide/40).A == 255
			if d := below(x, y); d != 0 && got != (d > 0) {
				t.Fatalf("%s: at %d, %d it is %v", path, x, y, got)
			}
		}
	}
}

// TestSVGShapes draws shapes that are defined before, over each other.
func TestSVGShapes(t *testing.T) {
	p := opened(t, []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><defs><rect id="a" width="5" height="5" fill="#00f"/></defs>`+
		`<rect x="-5" y="5" width="50" height="10" fill="#f00" fill-opacity="0.5"/><use href="#a" x="10" y="8"/></svg>`))
	at := func(x, y int) color.NRGBA { return p.Pix.NRGBAAt(x*svgSide/20, y*svgSide/20) }
	for _, c := range []struct {
		x, y int
		want color.NRGBA
	}{{1, 1, color.NRGBA{}}, {1, 6, color.NRGBA{255, 0, 0, 128}}, {18, 14, color.NRGBA{255, 0, 0, 128}}, {12, 10, color.NRGBA{0, 0, 255, 255}}, {12, 17, color.NRGBA{}}} {
		if got := at(c.x, c.y); got != c.want {
			t.Errorf("at %d, %d: %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

// TestRangeOfHEIC opens pictures of four even quarters whose codes use the limited range: as
// the video stream alone says, also below tiles and in a picture that an overlay of the same
// file has twice, and as the box of a picture in tiles says against their stream. The streams
// are x265's, by heif-enc, and the boxes around were written for this.
func TestRangeOfHEIC(t *testing.T) {
	quarters := [4]color.NRGBA{{200, 60, 40, 255}, {40, 160, 70, 255}, {50, 80, 200, 255}, {240, 240, 240, 255}}
	for name, c := range map[string]struct {
		size image.Point
		want [4]int // of quarters, at the left and right above, then below
	}{
		"limited.heic":      {image.Pt(160, 140), [4]int{0, 1, 2, 3}},
		"limitedtiles.heic": {image.Pt(320, 140), [4]int{0, 1, 2, 3}},
		"recoded.heic":      {image.Pt(320, 140), [4]int{0, 1, 2, 3}},
		"twice.heic":        {image.Pt(140, 160), [4]int{1, 3, 0, 2}}, // a quarter against the clock
	} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		p := opened(t, data)
		if p.Size() != c.size {
			t.Errorf("%s: %v pixels", name, p.Size())
			continue
		}
		w, h := min(c.size.X, 160), c.size.Y
		for i, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
			got, want := p.Pix.NRGBAAt(at.X, at.Y), quarters[c.want[i]]
			if d := max(off(got.R, want.R), off(got.G, want.G), off(got.B, want.B)); d > 6 {
				t.Errorf("%s: at %v it is %v, want %v", name, at, got, want)
			}
		}
	}
}

func off(a, b uint8) int { return int(max(a, b)) - int(min(a, b)) }

// TestHEIFThatCannotBeShown tells what whole files are that hold no still picture of their
// own: those aren't damaged.
func TestHEIFThatCannotBeShown(t *testing.T) {
	data, err := os.ReadFile("testdata/twice.heic")
	if err != nil {
		t.Fatal(err)
	}
	predicted := bytes.Replace(data, []byte("dimg\x00\x02\x00\x02\x00\x01\x00\x01"), []byte("pred\x00\x01\x00\x02\x00\x02\x00\x02"), 1)
	film := []byte("\x00\x00\x00\x14ftypmsf1\x00\x00\x00\x00hevc\x00\x00\x00\x08moov\x00\x00\x00\x08mdat")
	for name, data := range map[string][]byte{"predicted": predicted, "film": film} {
		var unsupported *UnsupportedError
		if _, err := Decode(data, Limits{}); !errors.As(err, &unsupported) || unsupported.Format != "heif" {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}
