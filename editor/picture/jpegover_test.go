package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// jpegFixtures returns the small JPEG files of this package and of jpegfile.
func jpegFixtures(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range []string{"testdata/*.jpg", "../jpegfile/testdata/*.jpg"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = data
		}
	}
	return files
}

// withOrientation returns a file with an EXIF block that asks for an orientation.
func withOrientation(data []byte, o int) []byte {
	block := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	block[19] = byte(o)
	return append(appendSegment([]byte{0xff, markerSOI}, markerAPP1, exifPrefix, block), data[2:]...)
}

func decodeJPEGFile(t *testing.T, data []byte) (*Picture, *jpegfile.File) {
	t.Helper()
	p, err := Decode(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := jpegfile.Read(data, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	return p, f
}

// saveOver writes img over its source.
func saveOver(t *testing.T, img *image.NRGBA, src *Source) ([]byte, Kept) {
	t.Helper()
	var (
		out  bytes.Buffer
		kept Kept
	)
	if err := Encode(&out, img, Encoding{Format: JPEG, Source: src, Kept: func(k Kept) { kept = k }}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), kept
}

// storedPlace returns where the file stores the pixel that is seen at (x, y).
func storedPlace(x, y, o int, size image.Point) (int, int) {
	w, h := size.X, size.Y // as it is seen
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

// touched returns the blocks of component i that stand for a pixel of changed,
// which holds stored places: the slow meaning of what may be coded anew.
func touched(f *jpegfile.File, i int, changed []image.Point) map[image.Point]bool {
	w, h := f.MCU()
	perX, perY := 8, 8 // a block's size in pixels
	if c := &f.Components[i]; len(f.Components) > 1 {
		perX, perY = w/c.H, h/c.V
	}
	blocks := map[image.Point]bool{}
	for _, p := range changed {
		blocks[image.Pt(p.X/perX, p.Y/perY)] = true
	}
	return blocks
}

// painted returns a picture with a few pixels changed, to greys, which every file
// can hold, and where those are stored.
func painted(r *rand.Rand, p *Picture, o int) (img *image.NRGBA, changed []image.Point) {
	img = image.NewNRGBA(p.Pix.Rect)
	copy(img.Pix, p.Pix.Pix)
	size := p.Size()
	at := image.Pt(r.IntN(size.X), r.IntN(size.Y))
	patch := image.Rectangle{Min: at, Max: at.Add(image.Pt(1+r.IntN(6), 1+r.IntN(6)))}.Intersect(img.Rect)
	for y := patch.Min.Y; y < patch.Max.Y; y++ {
		for x := patch.Min.X; x < patch.Max.X; x++ {
			c := img.NRGBAAt(x, y)
			v := c.R ^ 0x80
			img.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
			changed = append(changed, image.Pt(storedPlace(x, y, o, size)))
		}
	}
	return img, changed
}

// TestUntouchedBlocksStay paints on pictures of every kind and orientation, and
// compares the saved file's coefficients with the source's, block by block.
func TestUntouchedBlocksStay(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for name, plain := range jpegFixtures(t) {
		for o := 1; o <= 8; o++ {
			t.Run(fmt.Sprintf("%s, %d", name, o), func(t *testing.T) {
				data := withOrientation(plain, o)
				p, f := decodeJPEGFile(t, data)
				size := p.Size()
				img, changed := painted(r, p, o)
				saved, kept := saveOver(t, img, &Source{Bytes: data, Picture: p})
				q, g := decodeJPEGFile(t, saved)
				if q.Size() != size || g.Width != f.Width || g.Height != f.Height || g.Mode != f.Mode {
					t.Fatalf("%v pixels, stored %dx%d, mode %d", q.Size(), g.Width, g.Height, g.Mode)
				}
				if want := untouched(t, f, g, changed); kept != want {
					t.Errorf("kept = %+v, want %+v", kept, want)
				}
			})
		}
	}
}

// untouched fails where blocks over which nothing changed are others in the saved
// file, and returns how many of all there are.
func untouched(t *testing.T, f, g *jpegfile.File, changed []image.Point) (kept Kept) {
	t.Helper()
	for i := range f.Components {
		c, d := &f.Components[i], &g.Components[i]
		may := touched(f, i, changed)
		kept.Total += int64(c.Columns * c.Rows)
		kept.Blocks += int64(c.Columns*c.Rows - len(may))
		if c.H != d.H || c.V != d.V || c.Quant != d.Quant {
			t.Fatalf("component %d has another sampling or table", i)
		}
		for y := range c.Rows {
			for x := range c.Columns {
				if !may[image.Pt(x, y)] && *c.Block(x, y) != *d.Block(x, y) {
					t.Fatalf("component %d: block (%d, %d) is another, changed are %v", i, x, y, changed)
				}
			}
		}
	}
	return kept
}

// TestUntouchedPictureIsTheSameFile saves what was opened, and as it is coded without metadata.
func TestUntouchedPictureIsTheSameFile(t *testing.T) {
	for name, data := range jpegFixtures(t) {
		p, _ := decodeJPEGFile(t, data)
		saved, kept := saveOver(t, p.Pix, &Source{Bytes: data, Picture: p})
		if kept.Blocks != kept.Total || kept.Percent() != 100 {
			t.Errorf("%s: kept %+v", name, kept)
		}
		if !bytes.Equal(saved, data) {
			t.Errorf("%s: another file", name)
		}
		saved = written(t, p.Pix, Encoding{Format: JPEG, Source: &Source{Bytes: data, Picture: p}, Strip: true})
		q, _ := decodeJPEGFile(t, saved)
		equal(t, q.Pix, p.Pix)
		if float64(len(saved)) > 1.02*float64(len(data)) {
			t.Errorf("%s: %d bytes became %d", name, len(data), len(saved))
		}
		again := written(t, q.Pix, Encoding{Format: JPEG, Source: &Source{Bytes: saved, Picture: q}, Strip: true})
		if !bytes.Equal(saved, again) {
			t.Errorf("%s: the second file differs", name)
		}
	}
}

// extended returns a picture on a larger canvas, with a plain border.
func extended(p *Picture, left, top, right, bottom int) *image.NRGBA {
	size := p.Size()
	out := image.NewNRGBA(image.Rect(0, 0, size.X+left+right, size.Y+top+bottom))
	draw.Draw(out, out.Rect, image.NewUniform(color.NRGBA{90, 120, 60, 255}), image.Point{}, draw.Src)
	draw.Draw(out, p.Pix.Rect.Add(image.Pt(left, top)), p.Pix, image.Point{}, draw.Src)
	return out
}

// TestExtendedPicturesKeepBlocksWhereTheOffsetAllows extends on all sides, in
// every orientation.
func TestExtendedPicturesKeepBlocksWhereTheOffsetAllows(t *testing.T) {
	plain := jpegFixtures(t)["../jpegfile/testdata/sample-2x1.jpg"] // an MCU of 16x8
	for o := 1; o <= 8; o++ {
		data := withOrientation(plain, o)
		p, f := decodeJPEGFile(t, data)
		for _, border := range [][4]int{{0, 0, 16, 16}, {16, 16, 0, 0}, {32, 16, 5, 7}, {5, 7, 16, 32}, {8, 8, 8, 8}, {3, 3, 3, 3}} {
			img := extended(p, border[0], border[1], border[2], border[3])
			at := image.Pt(border[0], border[1])
			saved, kept := saveOver(t, img, &Source{Bytes: data, Picture: p, Offset: at})
			q, g := decodeJPEGFile(t, saved)
			if q.Size() != img.Rect.Size() {
				t.Fatalf("orientation %d, %v: %v pixels", o, border, q.Size())
			}
			// Where the stored picture's corner lies on the new one.
			x0, y0 := storedPlace(at.X, at.Y, o, img.Rect.Size())
			x1, y1 := storedPlace(at.X+p.Size().X-1, at.Y+p.Size().Y-1, o, img.Rect.Size())
			dx, dy := min(x0, x1), min(y0, y1)
			aligned := dx%16 == 0 && dy%8 == 0
			if (kept.Blocks > 0) != aligned {
				t.Fatalf("orientation %d, %v: kept %+v, offset (%d, %d)", o, border, kept, dx, dy)
			}
			if !aligned {
				continue
			}
			var same int64
			for i := range f.Components {
				c, d := &f.Components[i], &g.Components[i]
				w, h := f.Width*c.H/2/8, f.Height*c.V/8 // blocks that are whole in the source
				for y := range h {
					for x := range w {
						if *c.Block(x, y) != *d.Block(x+dx*c.H/16, y+dy*c.V/8) {
							t.Fatalf("orientation %d, %v: component %d: block (%d, %d) is another", o, border, i, x, y)
						}
						same++
					}
				}
			}
			if kept.Blocks < same || kept.Blocks == kept.Total {
				t.Errorf("orientation %d, %v: kept %+v, at least %d are the same", o, border, kept, same)
			}
		}
	}
}

// TestSnappedCanvasesKeepBlocks drags each side by a little, in every orientation,
// once more after a first time.
func TestSnappedCanvasesKeepBlocks(t *testing.T) {
	plain := jpegFixtures(t)["../jpegfile/testdata/sample-2x1.jpg"] // an MCU of 16x8
	for o := 1; o <= 8; o++ {
		data := withOrientation(plain, o)
		p, _ := decodeJPEGFile(t, data)
		src := &Source{Bytes: data, Picture: p}
		canvas := p.Pix.Rect
		for _, by := range []image.Rectangle{image.Rect(-3, 0, 0, 0), image.Rect(0, -9, 5, 0), image.Rect(-1, -1, 0, 2)} {
			dragged := image.Rectangle{Min: canvas.Min.Add(by.Min), Max: canvas.Max.Add(by.Max)}
			r := src.Snap(dragged, canvas)
			if !dragged.In(r) || r.Dx() > dragged.Dx()+30 || r.Dy() > dragged.Dy()+30 {
				t.Fatalf("orientation %d: %v became %v", o, dragged, r)
			}
			src.Offset = src.Offset.Sub(r.Min)
			canvas = image.Rectangle{Max: r.Size()}
			size := p.Size()
			img := extended(p, src.Offset.X, src.Offset.Y, canvas.Max.X-src.Offset.X-size.X, canvas.Max.Y-src.Offset.Y-size.Y)
			if _, kept := saveOver(t, img, src); kept.Blocks == 0 {
				t.Errorf("orientation %d: no block stays on %v at %v", o, canvas, src.Offset)
			}
		}
	}
	if got := (*Source)(nil).Snap(image.Rect(-3, 0, 10, 10), image.Rect(0, 0, 10, 10)); got != image.Rect(-3, 0, 10, 10) {
		t.Errorf("without a file %v", got)
	}
}

// TestNewPixelsAreShown paints a large smooth patch and looks at it in the saved
// file; the rest of the picture is the same where no block was touched.
func TestNewPixelsAreShown(t *testing.T) {
	for name, data := range jpegFixtures(t) {
		p, f := decodeJPEGFile(t, data)
		if f.Components[0].Quant[0] > 40 {
			continue // coded so coarsely that nothing can be expected
		}
		img := image.NewNRGBA(p.Pix.Rect)
		copy(img.Pix, p.Pix.Pix)
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() / 2 {
				img.SetNRGBA(x, y, color.NRGBA{uint8(60 + 2*x), uint8(200 - 3*y), 90, 255})
			}
		}
		saved, _ := saveOver(t, img, &Source{Bytes: data, Picture: p})
		q, _ := decodeJPEGFile(t, saved)
		sum, n := 0, 0
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx()/2 - 4 {
				a, b := img.NRGBAAt(x, y), q.Pix.NRGBAAt(x, y)
				for _, d := range [3]int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
					sum += max(d, -d)
					n++
				}
			}
		}
		if mean := float64(sum) / float64(n); mean > 4 {
			t.Errorf("%s: the new pixels are %.1f off", name, mean)
		}
	}
}

// TestGreyFilesTakeColours keeps the blocks of luma.
func TestGreyFilesTakeColours(t *testing.T) {
	for _, name := range []string{"grey.jpg", "grey-progressive.jpg"} {
		data := jpegFixtures(t)["../jpegfile/testdata/"+name]
		p, f := decodeJPEGFile(t, data)
		img := image.NewNRGBA(p.Pix.Rect)
		copy(img.Pix, p.Pix.Pix)
		for y := range 8 {
			for x := range 8 {
				img.SetNRGBA(x, y, color.NRGBA{200, 40, 40, 255})
			}
		}
		saved, kept := saveOver(t, img, &Source{Bytes: data, Picture: p})
		q, g := decodeJPEGFile(t, saved)
		if len(g.Components) != 3 || g.Colour != jpegfile.YCbCr || g.Mode != f.Mode {
			t.Fatalf("%s: %d components, colours %d", name, len(g.Components), g.Colour)
		}
		if c := q.Pix.NRGBAAt(3, 3); c.R < 180 || c.G > 60 || c.B > 60 {
			t.Errorf("%s: the new pixel is %v", name, c)
		}
		draw.Draw(img, image.Rect(0, 0, 8, 8), p.Pix, image.Point{}, draw.Src)
		draw.Draw(q.Pix, image.Rect(0, 0, 8, 8), p.Pix, image.Point{}, draw.Src)
		equal(t, q.Pix, img)
		blocks := int64(f.Components[0].Columns * f.Components[0].Rows)
		if want := (Kept{Blocks: blocks - 1, Total: 3 * blocks}); kept != want {
			t.Errorf("%s: kept %+v, want %+v", name, kept, want)
		}
	}
}

// TestUnfitSourcesAreNotUsed encodes again where the source is of another picture
// or no JPEG.
func TestUnfitSourcesAreNotUsed(t *testing.T) {
	files := jpegFixtures(t)
	small := files["testdata/420.jpg"]
	p, _ := decodeJPEGFile(t, small)
	other, _ := decodeJPEGFile(t, files["../jpegfile/testdata/noise-50.jpg"])
	png := &bytes.Buffer{}
	if err := Encode(png, p.Pix, Encoding{Format: PNG}); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]*Source{
		"other picture": {Bytes: small, Picture: other}, "png": {Bytes: png.Bytes(), Picture: p}, "damaged": {Bytes: small[:len(small)/2], Picture: p}, "nothing": {},
	} {
		saved, kept := saveOver(t, dotted(p.Pix), src)
		if kept != (Kept{}) {
			t.Errorf("%s: kept %+v", name, kept)
		}
		if q, _ := decodeJPEGFile(t, saved); q.Size() != p.Size() {
			t.Errorf("%s: %v pixels", name, q.Size())
		}
	}
}

// TestKeptSegments looks at what stays of a file beside its blocks.
func TestKeptSegments(t *testing.T) {
	plain := jpegFixtures(t)["testdata/420.jpg"]
	jpeg := string([]byte{0xff, 0xd8, 0xff, 0xe0})
	icc := profile(300)
	resource := func(id byte, data string) string {
		return "8BIM\x04" + string([]byte{id, 0, 0, 0, 0, 0, byte(len(data))}) + data
	}
	segments := []struct {
		marker byte
		data   string
		want   string // "" where nothing may be left
	}{
		{markerAPP1, string(exifPrefix) + string(exifWithThumbnail()), "same"},
		{markerAPP1, string(xmpPrefix) + "<x:xmpmeta>kept words</x:xmpmeta>", "kept words"},
		{markerAPP1, string(xmpPrefix) + "<xmpGImg:image>" + secret, ""},
		{markerAPP2, string(iccPrefix) + "\x01\x01" + string(icc), string(icc)},
		{markerAPP2, "MPF\x00" + secret, ""},
		{markerAPP13, string(photoshopPrefix) + resource(4, "IPTC") + resource(12, jpeg) + resource(9, jpeg) + resource(5, "more"), "IPTC"},
		{markerAPP0, "JFXX\x00\x10" + secret, ""},
		{markerAPP11, "JP" + secret, ""},
		{0xe5, "maker" + jpeg + secret, ""},
		{0xec, "Ducky words", "Ducky words"},
		{markerCOM, "a comment", "a comment"},
	}
	data := []byte{0xff, markerSOI}
	for _, s := range segments {
		data = appendSegment(data, s.marker, []byte(s.data))
	}
	data = append(append(data, plain[2:]...), jpeg+secret...) // a second picture behind the first
	p, _ := decodeJPEGFile(t, data)
	edited := dotted(p.Pix)
	saved, kept := saveOver(t, edited, &Source{Bytes: data, Picture: p})
	if kept.Blocks == 0 || kept.Blocks == kept.Total {
		t.Errorf("kept %+v", kept)
	}
	for _, s := range segments {
		if s.want != "" && s.want != "same" && !bytes.Contains(saved, []byte(s.want)) {
			t.Errorf("segment %#x %.12q is gone", s.marker, s.data)
		}
	}
	if bytes.Contains(saved, []byte(secret)) || bytes.Contains(saved[2:], []byte(jpeg)) {
		t.Error("a picture of before the edit is in the file")
	}
	if !bytes.Contains(saved, []byte("IPTC")) || !bytes.Contains(saved, []byte("more")) {
		t.Error("resources are gone")
	}
	q, _ := decodeJPEGFile(t, saved)
	size := p.Size() // turned as before
	if q.Size() != size || q.Pix.NRGBAAt(size.X-1, size.Y-1) != p.Pix.NRGBAAt(size.X-1, size.Y-1) {
		t.Error("another picture")
	}
}
