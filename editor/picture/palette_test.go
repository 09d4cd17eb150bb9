package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// swatch returns a palette of n colours, of which the second is half transparent, and a
// picture that uses all but the last.
func swatch(n, w, h int) *image.Paletted {
	var palette color.Palette
	for i := range n {
		palette = append(palette, color.NRGBA{uint8(3 * i), uint8(255 - i), uint8(i * i), 255})
	}
	palette[1] = color.NRGBA{200, 10, 10, 128}
	img := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7 / 3 % max(1, n-1))
	}
	return img
}

// openedPNG returns an indexed picture as this package opens it.
func openedPNG(t *testing.T, img *image.Paletted) *Picture {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(file.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// savedPNG saves a picture and returns what image/png makes of the file, and what was lost.
func savedPNG(t *testing.T, img *image.NRGBA, e Encoding) (got image.Image, lost []Loss) {
	t.Helper()
	e.Format, e.Lost = PNG, func(l Loss) { lost = append(lost, l) }
	var file bytes.Buffer
	if err := Encode(&file, img, e); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(file.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, p.Pix, img)
	if got, err = png.Decode(&file); err != nil {
		t.Fatal(err)
	}
	equal(t, asNRGBA(got), img)
	return got, lost
}

// TestPalettesStay saves what was not edited, and what got a colour of the palette, with
// the palette that there was, at every depth.
func TestPalettesStay(t *testing.T) {
	for _, n := range []int{2, 4, 5, 16, 17, 256} {
		for _, w := range []int{1, 7, 8, 61, 900} {
			img := swatch(n, w, 700) // several bands
			p := openedPNG(t, img)
			if len(p.Meta.Palette) != n {
				t.Fatalf("%d colours were read, not %d", len(p.Meta.Palette), n)
			}
			p.Pix.SetNRGBA(0, 5, p.Meta.Palette[n-1])
			got, lost := savedPNG(t, p.Pix, Encoding{Meta: p.Meta})
			m, ok := got.(*image.Paletted)
			if !ok || len(lost) > 0 {
				t.Fatalf("%d colours: a %T, %v", n, got, lost)
			}
			for i, c := range m.Palette {
				if color.NRGBAModel.Convert(c) != img.Palette[i] {
					t.Fatalf("%d colours: entry %d is %v, was %v", n, i, c, img.Palette[i])
				}
			}
		}
	}
}

// TestPalettesGrow adds the colours of an edit, in the place of unused ones where there is
// no room for them, and gives up where they are too many.
func TestPalettesGrow(t *testing.T) {
	for _, c := range []struct{ have, fresh, want int }{{5, 3, 8}, {256, 1, 256}, {256, 2, 0}, {250, 7, 256}, {4, 252, 256}, {4, 300, 0}} {
		p := openedPNG(t, swatch(c.have, 700, 20))
		for i := range c.fresh {
			p.Pix.SetNRGBA(i, 0, color.NRGBA{uint8(i), 1, uint8(100 + i/200), 255})
		}
		for x := c.fresh; x < 700; x++ { // all the rest is used below
			p.Pix.SetNRGBA(x, 0, p.Pix.NRGBAAt(x, 1))
		}
		got, lost := savedPNG(t, p.Pix, Encoding{Meta: p.Meta})
		m, ok := got.(*image.Paletted)
		switch {
		case c.want == 0 && (ok || !slices.Equal(lost, []Loss{LostPalette})):
			t.Errorf("%+v: a %T, %v", c, got, lost)
		case c.want > 0 && (!ok || len(m.Palette) != c.want || len(lost) > 0):
			t.Errorf("%+v: a %T, %v", c, got, lost)
		}
	}
}

// TestNoPaletteWhereNoneWas keeps pictures of few colours as they were, and what is
// asked to have 16 bits.
func TestNoPaletteWhereNoneWas(t *testing.T) {
	p := openedPNG(t, swatch(5, 40, 30))
	if got, lost := savedPNG(t, p.Pix, Encoding{}); len(lost) > 0 {
		t.Errorf("lost %v", lost)
	} else if _, ok := got.(*image.Paletted); ok {
		t.Error("it has a palette")
	}
	if got, lost := savedPNG(t, p.Pix, Encoding{Meta: p.Meta, Depth: 16}); len(lost) > 0 {
		t.Errorf("lost %v", lost)
	} else if _, ok := got.(*image.NRGBA64); !ok {
		t.Errorf("a %T", got)
	}
	var b bytes.Buffer
	if err := Encode(&b, p.Pix, Encoding{Format: TIFF, Meta: p.Meta, Lost: func(l Loss) { t.Errorf("TIFF lost %s", l) }}); err != nil {
		t.Fatal(err)
	}
}

// TestGIFsBecomeIndexedPNGs keeps a GIF's palette, with its transparent entry.
func TestGIFsBecomeIndexedPNGs(t *testing.T) {
	img := swatch(16, 50, 40)
	img.Palette[1] = color.NRGBA{}
	var file bytes.Buffer
	if err := gif.Encode(&file, img, nil); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(file.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, lost := savedPNG(t, p.Pix, Encoding{Meta: p.Meta})
	m, ok := got.(*image.Paletted)
	if !ok || len(lost) > 0 || len(m.Palette) != 16 {
		t.Fatalf("a %T, %v", got, lost)
	}
	if _, _, _, a := m.Palette[1].RGBA(); a != 0 {
		t.Errorf("the transparent entry is %v", m.Palette[1])
	}
}

// TestGreysThatGetColours are written in colour, which is told; those that don't stay grey,
// as JPEG too.
func TestGreysThatGetColours(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i)
	}
	var asPNG, asJPEG bytes.Buffer
	if png.Encode(&asPNG, grey) != nil || jpeg.Encode(&asJPEG, grey, nil) != nil {
		t.Fatal("no files")
	}
	for name, source := range map[string][]byte{"png": asPNG.Bytes(), "jpeg": asJPEG.Bytes()} {
		p, err := Decode(source, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		coloured := image.NewNRGBA(p.Pix.Rect)
		copy(coloured.Pix, p.Pix.Pix)
		coloured.SetNRGBA(9, 9, color.NRGBA{250, 20, 20, 255})
		for _, format := range []Format{PNG, TIFF, JPEG} {
			for _, img := range []*image.NRGBA{p.Pix, coloured} {
				var lost []Loss
				var want []Loss
				if img == coloured {
					want = []Loss{LostGrey}
				}
				var file bytes.Buffer
				e := Encoding{Format: format, Meta: p.Meta, Source: &Source{Bytes: source, Picture: p}, Lost: func(l Loss) { lost = append(lost, l) }}
				if err := Encode(&file, img, e); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(lost, want) {
					t.Errorf("%s as %s: lost %v, want %v", name, format, lost, want)
				}
				again, err := Decode(file.Bytes(), Limits{})
				if err != nil || again.Meta.Grey != (img == p.Pix) {
					t.Errorf("%s as %s: grey %v, %v", name, format, again.Meta.Grey, err)
				}
				if f, err := jpegfile.ReadFrame(file.Bytes()); format == JPEG && (err != nil || (len(f.Components) == 1) != (img == p.Pix)) {
					t.Errorf("%s as JPEG: %v", name, err)
				}
			}
		}
	}
}

// indexedPicture is a picture of so many opaque colours as it was opened from a PNG.
func indexedPicture(t *testing.T, n int) *Picture {
	t.Helper()
	img := swatch(n, 61, 40)
	img.Palette[1] = color.NRGBA{200, 10, 10, 255}
	return openedPNG(t, img)
}

// TestPalettesOfBMPAndTIFF saves pictures with palettes in formats that have them, and
// opens them again with the same palette, of as many entries as the format's smallest
// number of bits has.
func TestPalettesOfBMPAndTIFF(t *testing.T) {
	for _, c := range []struct {
		format Format
		have   int
		bits   byte // where the file has them in its header, of BMP
		want   int  // entries
	}{{BMP, 2, 1, 2}, {BMP, 5, 4, 5}, {BMP, 16, 4, 16}, {BMP, 200, 8, 200}, {TIFF, 2, 0, 16}, {TIFF, 16, 0, 16}, {TIFF, 17, 0, 256}, {TIFF, 256, 0, 256}} {
		p := indexedPicture(t, c.have)
		p.Pix.SetNRGBA(3, 3, p.Meta.Palette[0])
		data := written(t, p.Pix, Encoding{Format: c.format, Meta: p.Meta, Lost: func(l Loss) { t.Errorf("%s: lost %s", c.format, l) }})
		again := opened(t, data)
		equal(t, again.Pix, p.Pix)
		if len(again.Meta.Palette) != c.want || !slices.Equal(again.Meta.Palette[:c.have], p.Meta.Palette) {
			t.Errorf("%s of %d colours has a palette of %d", c.format, c.have, len(again.Meta.Palette))
		}
		if c.bits > 0 && data[28] != c.bits {
			t.Errorf("%s of %d colours has %d bits", c.format, c.have, data[28])
		}
		// Saved once more, it is the same file.
		if twice := written(t, again.Pix, Encoding{Format: c.format, Meta: again.Meta}); !bytes.Equal(twice, data) {
			t.Errorf("%s of %d colours is %d bytes, was %d", c.format, c.have, len(twice), len(data))
		}
	}
}

// TestPalettesThatDoNotFit tells where an edit has more colours than a palette; what is
// transparent is laid over white in BMP, and TIFF keeps it without a palette.
func TestPalettesThatDoNotFit(t *testing.T) {
	for _, format := range []Format{BMP, TIFF} {
		p := indexedPicture(t, 5)
		for i := range 61 * 6 {
			p.Pix.SetNRGBA(i%61, i/61, color.NRGBA{uint8(i), uint8(i / 256), 77, 255})
		}
		var lost []Loss
		data := written(t, p.Pix, Encoding{Format: format, Meta: p.Meta, Lost: func(l Loss) { lost = append(lost, l) }})
		if again := opened(t, data); again.Meta.Palette != nil || !slices.Equal(lost, []Loss{LostPalette}) {
			t.Errorf("%s: a palette of %d, lost %v", format, len(again.Meta.Palette), lost)
		}
	}
	p := openedPNG(t, swatch(5, 61, 40)) // one colour is half transparent
	if again := opened(t, written(t, p.Pix, Encoding{Format: TIFF, Meta: p.Meta})); again.Meta.Palette != nil {
		t.Error("a TIFF with transparent pixels has a palette")
	} else {
		equal(t, again.Pix, p.Pix)
	}
	again := opened(t, written(t, p.Pix, Encoding{Format: BMP, Meta: p.Meta}))
	if c := again.Meta.Palette; len(c) != 5 || c[1] != (color.NRGBA{227, 132, 132, 255}) {
		t.Errorf("BMP's palette is %v", c)
	}
}
