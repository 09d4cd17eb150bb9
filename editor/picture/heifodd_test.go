package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"os"
	"testing"

	"github.com/gen2brain/avif"

	"overpaint.dev/overpaint/editor/heiffile"
)

// readSample returns a file of testdata.
func readSample(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestGreyHEIC opens pictures of 64x48 and 140x64 pixels, white above and black below, that
// heif-enc made of 8 and 16 bits: without chroma, narrow, in tiles, and in the limited range
// (the flag in the stream was turned round, so that its codes mean more contrast).
func TestGreyHEIC(t *testing.T) {
	for name, c := range map[string]struct {
		size    image.Point
		stretch float64
	}{
		"grey.heic": {image.Pt(64, 48), 1}, "greydeep.heic": {image.Pt(140, 64), 1}, "greylimited.heic": {image.Pt(64, 48), 255.0 / 219},
	} {
		p := opened(t, readSample(t, name))
		if p.Size() != c.size {
			t.Errorf("%s: %v", name, p.Size())
			continue
		}
		for _, y := range []int{c.size.Y / 4, c.size.Y / 2, 3 * c.size.Y / 4} {
			code := 255 * float64(c.size.Y-1-y) / float64(c.size.Y-1)
			if c.stretch != 1 {
				code = (code - 16) * c.stretch
			}
			got := p.Pix.NRGBAAt(c.size.X/2, y)
			if v := uint8(code + 0.5); off(got.R, v) > 6 || got.R != got.G || got.G != got.B || got.A != 255 {
				t.Errorf("%s: row %d is %v, want %d", name, y, got, v)
			}
		}
	}
}

// TestHEICWithWrongChannels opens a picture in colour whose pixi box speaks of one channel.
func TestHEICWithWrongChannels(t *testing.T) {
	data := readSample(t, "channels.heic")
	want := opened(t, data)
	if c := want.Pix.NRGBAAt(50, 30); off(c.R, 40) > 6 || off(c.G, 160) > 6 || off(c.B, 70) > 6 {
		t.Fatalf("it is %v", c)
	}
	at := bytes.Index(data, []byte("pixi"))
	data[at+8] = 1
	alike(t, opened(t, data).Pix, want.Pix, 2)
}

// TestAlphaOfHEIC opens a picture of tiles, green at the left, whose alpha grows from the
// bottom on.
func TestAlphaOfHEIC(t *testing.T) {
	p := opened(t, readSample(t, "alpha.heic"))
	if p.Size() != image.Pt(64, 48) {
		t.Fatalf("%v", p.Size())
	}
	for _, y := range []int{4, 24, 44} {
		c := p.Pix.NRGBAAt(12, y)
		if off(c.A, uint8(255*(47-y)/47)) > 8 || off(c.R, 40) > 8 || off(c.G, 160) > 8 || off(c.B, 70) > 8 {
			t.Errorf("row %d is %v", y, c)
		}
	}
	// The same codes, which are said to be multiplied by alpha.
	p = opened(t, readSample(t, "premultiplied.heic"))
	if c := p.Pix.NRGBAAt(12, 24); off(c.A, 125) > 8 || off(c.R, 80) > 12 || c.G != 255 || off(c.B, 140) > 16 {
		t.Errorf("multiplied: %v", c)
	}
}

// TestOddAlphaOfHEIC opens a picture whose alpha is of an unknown coding, or damaged, without
// it, and tells of that.
func TestOddAlphaOfHEIC(t *testing.T) {
	whole := readSample(t, "alpha.heic")
	f, err := heiffile.Read(whole)
	if err != nil {
		t.Fatal(err)
	}
	want := opened(t, whole)
	entry := append([]byte{byte(f.Alpha >> 8), byte(f.Alpha), 0, 0}, "grid"...)
	unknown := bytes.Replace(whole, entry, append(entry[:4:4], "jpeg"...), 1)
	damaged := bytes.Clone(whole)
	hidden := bytes.LastIndex(damaged, []byte("hvcC")) // of the alpha
	copy(damaged[hidden+4:], make([]byte, 60))
	for name, data := range map[string][]byte{"unknown": unknown, "damaged": damaged} {
		if bytes.Equal(data, whole) {
			t.Fatalf("%s: the file is as before", name)
		}
		p := opened(t, data)
		if !p.Meta.Has(Opaque) || want.Meta.Has(Opaque) {
			t.Errorf("%s: notes %v", name, p.Meta.Notes)
		}
		for _, at := range []image.Point{{12, 4}, {12, 44}} {
			c, w := p.Pix.NRGBAAt(at.X, at.Y), want.Pix.NRGBAAt(at.X, at.Y)
			if c.A != 255 || off(c.R, w.R) > 2 || off(c.G, w.G) > 2 || off(c.B, w.B) > 2 {
				t.Errorf("%s: %v is %v, with alpha %v", name, at, c, w)
			}
		}
	}
}

// encodedAVIF returns a file of a picture.
func encodedAVIF(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := avif.Encode(&b, img, avif.Options{Quality: 90, QualityAlpha: 90, Speed: 10, ChromaSubsampling: image.YCbCrSubsampleRatio444}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAVIFWithPropertiesApart opens pictures with alpha whose items have a box of properties
// each, which libavif refuses.
func TestAVIFWithPropertiesApart(t *testing.T) {
	img := smooth(48, 32)
	for y := range 32 {
		for x := range 48 {
			img.Pix[img.PixOffset(x, y)+3] = uint8(64 + 4*x)
		}
	}
	data := encodedAVIF(t, img)
	want := opened(t, data)
	apart := propertiesApart(t, data)
	if _, err := avif.Decode(bytes.NewReader(apart)); err == nil {
		t.Error("libavif takes it")
	}
	equal(t, opened(t, apart).Pix, want.Pix)
	if c := want.Pix.NRGBAAt(40, 16); off(c.A, 224) > 8 {
		t.Errorf("it is %v", c)
	}
}

// propertiesApart splits the one ipma box of a file of two items; its meta box is put behind
// all others, so that offsets stay.
func propertiesApart(t *testing.T, data []byte) []byte {
	t.Helper()
	data = bytes.Clone(data)
	find := func(kind string) (int, int) {
		at := bytes.Index(data, []byte(kind)) - 4
		if at < 0 {
			t.Fatalf("no %s", kind)
		}
		return at, int(binary.BigEndian.Uint32(data[at:]))
	}
	metaAt, metaSize := find("meta")
	iprpAt, iprpSize := find("iprp")
	at, size := find("ipma")
	const head = 16 // of a box with the number of its items
	if data[at+head-1] != 2 || data[at+11]&1 != 0 || data[at+8] != 0 || at+size != metaAt+metaSize {
		t.Fatal("the boxes are others")
	}
	one := head + 3 + int(data[at+head+2])
	split := bytes.Clone(data[metaAt : at+one])
	split = append(split, data[at:at+head]...)
	split = append(split, data[at+one:at+size]...)
	put := func(at, n int) { binary.BigEndian.PutUint32(split[at-metaAt:], uint32(n)) }
	put(metaAt, metaSize+head)
	put(iprpAt, iprpSize+head)
	put(at, one)
	put(at+12, 1)
	put(at+one, size-one+head)
	put(at+one+12, 1)
	copy(data[metaAt+4:], "free")
	return append(data, split...)
}

// TestAVIFFilm opens the still picture of a film whose tracks libavif refuses, or doesn't know,
// and tells that there is more.
func TestAVIFFilm(t *testing.T) {
	data := encodedAVIF(t, smooth(48, 32))
	want := opened(t, data)
	film := bytes.Clone(data)
	for at := 8; at < int(binary.BigEndian.Uint32(film)); at += 4 {
		if brand := film[at : at+4]; string(brand) == "avif" {
			copy(brand, "avis")
		}
	}
	sound := "\x00\x00\x00\x21hdlr\x00\x00\x00\x00\x00\x00\x00\x00soun\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	film = append(film, "\x00\x00\x00\x39moov\x00\x00\x00\x31trak\x00\x00\x00\x29mdia"+sound...)
	if _, err := avif.Decode(bytes.NewReader(film)); err == nil {
		t.Error("libavif takes it")
	}
	got := opened(t, film)
	equal(t, got.Pix, want.Pix)
	if !got.Meta.Has(Animated) || want.Meta.Has(Animated) {
		t.Errorf("notes: %v, of the picture alone %v", got.Meta.Notes, want.Meta.Notes)
	}
}

// TestDamagedAVIF refuses files whose boxes are whole and whose pixels aren't: of the
// colours, and of the alpha.
func TestDamagedAVIF(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 48, 32))
	data := encodedAVIF(t, clear)
	if c := opened(t, data).Pix.NRGBAAt(20, 20); c != (color.NRGBA{}) {
		t.Errorf("what is transparent is %v", c)
	}
	for name, data := range map[string][]byte{"plain": encodedAVIF(t, smooth(48, 32)), "transparent": data} {
		streams := 0
		for from := bytes.Index(data, []byte("mdat")); ; streams++ {
			const header = "\x12\x00\x0a\x06" // of a sequence, of 6 bytes
			n := bytes.Index(data[from:], []byte(header))
			if n < 0 {
				break
			}
			from += n + len(header)
			damaged := bytes.Clone(data)
			copy(damaged[from:], make([]byte, 6))
			if _, err := Decode(damaged, Limits{}); !errors.Is(err, ErrTruncated) {
				t.Errorf("%s, stream %d damaged: err = %v", name, streams, err)
			}
		}
		if streams == 0 {
			t.Errorf("%s: no streams", name)
		}
	}
}
