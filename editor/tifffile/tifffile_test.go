package tifffile

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"
)

// decode reads a file's first page, which must be whole.
func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	all := Directories(data)
	if len(all) == 0 {
		t.Fatal("no directory")
	}
	p, err := all[0].Page()
	if err != nil {
		t.Fatal(err)
	}
	img, whole, err := p.Decode()
	if err != nil || !whole {
		t.Fatalf("whole = %v, err = %v", whole, err)
	}
	return img
}

// at returns a pixel as straight RGBA of 16 bits.
func at(img image.Image, x, y int) color.NRGBA64 {
	return color.NRGBA64Model.Convert(img.At(x, y)).(color.NRGBA64)
}

func near(a, b color.NRGBA64, off int) bool {
	d := func(p, q uint16) bool { return max(int(p)-int(q), int(q)-int(p)) <= off }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B) && d(a.A, b.A)
}

// TestSamples reads one pixel of each kind.
func TestSamples(t *testing.T) {
	grey := func(v uint16) color.NRGBA64 { return color.NRGBA64{v, v, v, 0xffff} }
	f32 := func(v ...float32) (out []byte) {
		for _, x := range v {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
		return out
	}
	for name, c := range map[string]struct {
		b    *builder
		data []byte
		want color.NRGBA64
		off  int
	}{
		"2 bits":           {newBuilder(1, 1, 1, blackIsZero, 2), []byte{0b10_000000}, grey(0xaaaa), 0},
		"4 bits, white 0":  {newBuilder(1, 1, 1, whiteIsZero, 4), []byte{0x30}, grey(0xcccc), 0},
		"grey and alpha":   {newBuilder(1, 1, 1, blackIsZero, 8, 8).set(tagExtraSamples, 2), []byte{0x40, 0x80}, color.NRGBA64{0x4040, 0x4040, 0x4040, 0x8080}, 1},
		"undeclared alpha": {newBuilder(1, 1, 1, inRGB, 8, 8, 8, 8), []byte{1, 2, 3, 4}, color.NRGBA64{0x101, 0x202, 0x303, 0x404}, 7},
		"no alpha":         {newBuilder(1, 1, 1, inRGB, 8, 8, 8, 8), []byte{1, 2, 3, 0}, color.NRGBA64{0x101, 0x202, 0x303, 0xffff}, 0},
		"fill order 2":     {newBuilder(1, 1, 1, blackIsZero, 8).set(tagFillOrder, 2), []byte{0b0000_0011}, grey(0xc0c0), 0},
		"float":            {newBuilder(1, 1, 1, inRGB, 32, 32, 32).set(tagSampleFormat, floating, floating, floating), f32(0, 0.5, 1), color.NRGBA64{0, 0x8000, 0xffff, 0xffff}, 1},
		"float to 255":     {newBuilder(1, 1, 1, blackIsZero, 32).set(tagSampleFormat, floating), f32(255), grey(0xffff), 1},
		"half":             {newBuilder(1, 1, 1, blackIsZero, 16).set(tagSampleFormat, floating), []byte{0, 0x38}, grey(0x8000), 1},
		"32 bits":          {newBuilder(1, 1, 1, blackIsZero, 32), []byte{0, 0, 0x34, 0x12}, grey(0x1234), 0},
		"12 bits":          {newBuilder(1, 1, 1, blackIsZero, 12), []byte{0x80, 0x00}, grey(0x8008), 1},
		"CMYK of 16 bits":  {newBuilder(1, 1, 1, inCMYK, 16, 16, 16, 16), []byte{0, 0, 0xff, 0xff, 0, 0, 0, 0}, color.NRGBA64{0xffff, 0, 0xffff, 0xffff}, 0},
		"Lab white":        {newBuilder(1, 1, 1, inCIELab, 8, 8, 8), []byte{255, 0, 0}, grey(0xffff), 300},
		"Lab red":          {newBuilder(1, 1, 1, inCIELab, 8, 8, 8), []byte{138, 81, 70}, color.NRGBA64{0xffff, 0, 0, 0xffff}, 1800},
		"Lab of ICC":       {newBuilder(1, 1, 1, inICCLab, 8, 8, 8), []byte{138, 209, 198}, color.NRGBA64{0xffff, 0, 0, 0xffff}, 1800},
		"YCbCr":            {newBuilder(1, 1, 1, inYCbCr, 8, 8, 8).set(tagSubsampling, 1, 1), []byte{128, 128, 128}, grey(0x8080), 0},
		"shared chroma":    {newBuilder(1, 1, 1, inYCbCr, 8, 8, 8), []byte{128, 0, 0, 0, 128, 128}, grey(0x8080), 0},
		"palette":          {newBuilder(1, 1, 1, inPalette, 1).set(tagColourMap, 0, 0xff00, 0, 0x8000, 0, 0), []byte{0x80}, color.NRGBA64{0xfefe, 0x8080, 0, 0xffff}, 0x101},
		"palette of bytes": {newBuilder(1, 1, 1, inPalette, 1).set(tagColourMap, 0, 255, 0, 128, 0, 0), []byte{0x80}, color.NRGBA64{0xffff, 0x8080, 0, 0xffff}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := at(decode(t, c.b.file(c.data)), 0, 0); !near(got, c.want, c.off) {
				t.Fatalf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestCoefficientsOfYCbCr converts by the file's coefficients, and by the usual ones where
// these make no sense: white stays white.
func TestCoefficientsOfYCbCr(t *testing.T) {
	grey := func(v uint16) color.NRGBA64 { return color.NRGBA64{v, v, v, 0xffff} }
	for name, c := range map[string]struct {
		coefficients [][2]uint32
		data         []byte
		want         color.NRGBA64
	}{
		"white, 30 thousandths more than all": {[][2]uint32{{299, 1000}, {587, 1000}, {144, 1000}}, []byte{255, 128, 128}, grey(0xffff)},
		"grey, of nothing":                    {[][2]uint32{{0, 1}, {587, 1000}, {0, 1}}, []byte{99, 128, 128}, grey(0x6363)},
		"red of BT.709":                       {[][2]uint32{{2126, 10000}, {7152, 10000}, {722, 10000}}, []byte{54, 99, 255}, color.NRGBA64{0xffff, 0, 0, 0xffff}},
	} {
		b := newBuilder(1, 1, 1, inYCbCr, 8, 8, 8).set(tagSubsampling, 1, 1)
		b.tags[tagCoefficients] = c.coefficients
		if got := at(decode(t, b.file(c.data)), 0, 0); !near(got, c.want, 0x400) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestWhiteOfLab reads yellow in L*a*b* by the white that the file tells, and by D50
// where that is no white or where the numbers are ICC's, which are always by D50.
func TestWhiteOfLab(t *testing.T) {
	lab := func(l, a, b float64) []byte {
		var p []byte
		for _, v := range []uint16{uint16(l * 655.35), uint16(int16(a * 256)), uint16(int16(b * 256))} {
			p = binary.LittleEndian.AppendUint16(p, v)
		}
		return p
	}
	byD65, byD50 := lab(97.139, -21.558, 94.477), lab(97.607, -15.750, 93.395)
	d65 := [][2]uint32{{3127, 10000}, {3290, 10000}}
	for name, c := range map[string]struct {
		white       [][2]uint32
		photometric uint16
		data        []byte
	}{
		"none":        {nil, inCIELab, byD50},
		"D65":         {d65, inCIELab, byD65},
		"D50":         {[][2]uint32{{3457, 10000}, {3585, 10000}}, inCIELab, byD50},
		"nonsense":    {[][2]uint32{{0, 1}, {0, 1}}, inCIELab, byD50},
		"one number":  {d65[:1], inCIELab, byD50},
		"that of ICC": {d65, inICCLab, []byte{0xe5, 0xf8, 0x40, 0x70, 0x65, 0xdd}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBuilder(1, 1, 1, c.photometric, 16, 16, 16)
			if c.white != nil {
				b.tags[tagWhitePoint] = c.white
			}
			want := color.NRGBA64{0xffff, 0xffff, 0, 0xffff}
			if got := at(decode(t, b.file(c.data)), 0, 0); !near(got, want, 0x300) {
				t.Fatalf("%v, want %v", got, want)
			}
		})
	}
}

// TestContainers reads the same picture in all orders, sizes of offsets, divisions
// and compressions.
func TestContainers(t *testing.T) {
	const w, h = 21, 18
	pixel := func(x, y int) [3]uint8 { return [3]uint8{uint8(x * 11), uint8(y * 13), uint8(x*y + 7)} }
	pack := map[uint16]func([]byte) []byte{
		compressNone: bytes.Clone,
		compressDeflate: func(p []byte) []byte {
			var b bytes.Buffer
			z := zlib.NewWriter(&b)
			z.Write(p)
			z.Close()
			return b.Bytes()
		},
		compressPackBits: func(p []byte) (out []byte) {
			for len(p) > 0 {
				n := min(len(p), 128)
				out = append(append(out, byte(n-1)), p[:n]...)
				p = p[n:]
			}
			return out
		},
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, big := range []bool{false, true} {
			for compression, compress := range pack {
				for _, tile := range []int{0, 16} {
					for _, predictor := range []uint16{1, 2} {
						t.Run(fmt.Sprint(order, big, compression, tile, predictor), func(t *testing.T) {
							b := newBuilder(w, h, compression, inRGB, 8, 8, 8).set(tagPredictor, predictor)
							b.order, b.big = order, big
							cw, ch := w, 5
							if tile > 0 {
								cw, ch = tile, tile
								b.set(tagTileWidth, uint16(tile)).set(tagTileHeight, uint16(tile))
							} else {
								b.set(tagRowsPerStrip, uint16(ch))
							}
							var chunks [][]byte
							for y0 := 0; y0 < h; y0 += ch {
								for x0 := 0; x0 < w; x0 += cw {
									rows := ch
									if tile == 0 {
										rows = min(ch, h-y0)
									}
									var raw []byte
									for y := range rows {
										var last [3]uint8
										for x := range cw {
											p := pixel(x0+x, y0+y)
											for i, v := range p {
												if predictor == 2 {
													v -= last[i]
												}
												raw = append(raw, v)
											}
											last = p
										}
									}
									chunks = append(chunks, compress(raw))
								}
							}
							img := decode(t, b.file(chunks...))
							for y := range h {
								for x := range w {
									p := pixel(x, y)
									if got := img.(*image.NRGBA).NRGBAAt(x, y); got != (color.NRGBA{p[0], p[1], p[2], 255}) {
										t.Fatalf("(%d, %d) is %v, want %v", x, y, got, p)
									}
								}
							}
						})
					}
				}
			}
		}
	}
}

// TestJPEGStrips reads strips of JPEG, with and without tables of their own.
func TestJPEGStrips(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 32))
	for y := range 32 {
		for x := range 40 {
			img.SetRGBA(x, y, color.RGBA{uint8(6 * x), uint8(7 * y), 100, 255})
		}
	}
	var strips [][]byte
	for y := 0; y < 32; y += 16 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img.SubImage(image.Rect(0, y, 40, y+16)), &jpeg.Options{Quality: 95}); err != nil {
			t.Fatal(err)
		}
		strips = append(strips, b.Bytes())
	}
	plain := newBuilder(40, 32, compressJPEG, inYCbCr, 8, 8, 8).set(tagRowsPerStrip, 16)
	want := decode(t, plain.file(strips...))
	for y := range 32 {
		for x := range 40 {
			if a, b := at(want, x, y), at(img, x, y); !near(a, b, 40*257) {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, a, b)
			}
		}
	}
	// The tables in the tag alone.
	tables := []byte{0xff, 0xd8}
	for i := range strips {
		s := strips[i]
		rest := s[:2:2]
		for at := 2; ; {
			n := 2 + int(binary.BigEndian.Uint16(s[at+2:]))
			if m := s[at+1]; m == 0xdb || m == 0xc4 {
				if i == 0 {
					tables = append(tables, s[at:at+n]...)
				}
			} else {
				rest = append(rest, s[at:at+n]...)
			}
			at += n
			if s[at-n+1] == 0xda {
				rest = append(rest, s[at:]...)
				break
			}
		}
		strips[i] = rest
	}
	shared := newBuilder(40, 32, compressJPEG, inYCbCr, 8, 8, 8).set(tagRowsPerStrip, 16)
	shared.tags[tagJPEGTables] = append(tables, 0xff, 0xd9)
	got := decode(t, shared.file(strips...))
	if !bytes.Equal(got.(*image.NRGBA).Pix, want.(*image.NRGBA).Pix) {
		t.Fatal("shared tables give another picture")
	}
}

// TestOldLZW reads LZW as programs wrote it before TIFF 6.0: as in GIF, with enough codes that
// their length changes.
func TestOldLZW(t *testing.T) {
	pix := make([]byte, 40*30)
	for i := range pix {
		pix[i] = byte(i * i / 7)
	}
	var b bytes.Buffer
	w := lzw.NewWriter(&b, lzw.LSB, 8)
	w.Write(pix)
	w.Close()
	got := decode(t, newBuilder(40, 30, compressLZW, blackIsZero, 8).file(b.Bytes()))
	for i, v := range pix {
		if want := (color.NRGBA64{uint16(v) * 257, uint16(v) * 257, uint16(v) * 257, 0xffff}); !near(at(got, i%40, i/40), want, 0) {
			t.Fatalf("pixel %d is %v, want %v", i, at(got, i%40, i/40), want)
		}
	}
}

// TestPartOfAFile leaves strips that are missing transparent.
func TestPartOfAFile(t *testing.T) {
	b := newBuilder(2, 4, compressNone, blackIsZero, 8).set(tagRowsPerStrip, 2)
	data := b.file([]byte{1, 2, 3, 4}, []byte{5, 6, 7, 8})
	p, err := Directories(data)[0].Page()
	if err != nil {
		t.Fatal(err)
	}
	p.offsets[1] = 1 << 30
	img, whole, err := p.Decode()
	if err != nil || whole {
		t.Fatalf("whole = %v, err = %v", whole, err)
	}
	if a, b := at(img, 0, 0), at(img, 0, 3); a.A != 0xffff || b.A != 0 {
		t.Fatalf("%v, %v", a, b)
	}
	p.offsets[0] = 1 << 30
	if _, _, err = p.Decode(); !errors.Is(err, ErrDamaged) {
		t.Fatalf("err = %v", err)
	}
}

// TestUnsupported tells what it cannot read from what is damaged.
func TestUnsupported(t *testing.T) {
	for name, b := range map[string]*builder{
		"compression": newBuilder(1, 1, 34712, blackIsZero, 8),
		"model":       newBuilder(1, 1, 1, 32845, 8, 8, 8),
		"inks":        newBuilder(1, 1, 1, inCMYK, 8, 8, 8, 8).set(tagInkSet, 2),
		"sizes":       newBuilder(1, 1, 1, inRGB, 8, 8, 4),
	} {
		p, err := Directories(b.file([]byte{0, 0, 0, 0}))[0].Page()
		if err == nil {
			_, _, err = p.Decode()
		}
		var unsupported *UnsupportedError
		if !errors.As(err, &unsupported) {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}

// TestTilesAsStrips reads tiles whose places are those of strips, as old programs wrote them.
func TestTilesAsStrips(t *testing.T) {
	b := newBuilder(4, 2, compressNone, blackIsZero, 8).set(tagTileWidth, 2).set(tagTileHeight, 2)
	b.asStrips = true
	p, err := Directories(b.file([]byte{1, 2, 5, 6}, []byte{3, 4, 7, 8}))[0].Page()
	if err != nil {
		t.Fatal(err)
	}
	img, whole, err := p.Decode()
	if err != nil || !whole {
		t.Fatalf("whole %v, %v", whole, err)
	}
	for i := range 8 {
		if r, _, _, _ := img.At(i%4, i/4).RGBA(); int(r>>8) != i+1 {
			t.Errorf("pixel %d is %d", i, r>>8)
		}
	}
}

// TestShortPalette shows a picture whose palette lacks entries as one of which a part is
// missing.
func TestShortPalette(t *testing.T) {
	for entries, want := range map[int]bool{16: true, 5: false} {
		data := newBuilder(2, 1, compressNone, inPalette, 4).set(tagColourMap, make([]uint16, 3*entries)...).file([]byte{0x0f})
		p, err := Directories(data)[0].Page()
		if err != nil {
			t.Fatal(err)
		}
		if _, whole, err := p.Decode(); err != nil || whole != want {
			t.Errorf("%d entries: whole %v, %v", entries, whole, err)
		}
	}
}

func FuzzPage(f *testing.F) {
	for _, v := range faxFlavours {
		rows := [][]bool{{true, false, true, true}, {false, false, true, false}}
		f.Add(newBuilder(4, 2, v.compression, whiteIsZero, 1).set(tagT4Options, v.options).file(v.encode(rows)))
	}
	f.Add(newBuilder(4, 2, compressLog, inLogL, 16).file([]byte{129, 64, 1, 0, 130, 16, 4, 64, 192, 0, 80, 130, 0}))
	f.Add(newBuilder(1, 2, compressLog, inLogLuv, 16, 16, 16).file([]byte{1, 64, 1, 0, 1, 86, 1, 194}))
	f.Add(newBuilder(2, 1, compressLog24, inLogLuv, 16, 16, 16).file([]byte{192, 1, 2, 3, 4, 5}))
	f.Add(newBuilder(4, 4, compressZstd, inRGB, 8, 8, 8).set(tagPredictor, 2).file(zstandard(f, make([]byte, 48))))
	f.Add(newBuilder(4, 4, compressXZ, inRGB, 8, 8, 8).file(xz(f, 22, 3, make([]byte, 24), make([]byte, 24))))
	if data, err := os.ReadFile("../picture/testdata/lossyalpha.webp"); err == nil {
		f.Add(newBuilder(16, 16, compressWebP, inRGB, 8, 8, 8, 8).file(data))
	}
	big := newBuilder(2, 2, compressNone, inRGB, 8, 8, 8)
	big.big = true
	f.Add(big.file(make([]byte, 12)))
	f.Add(newBuilder(2, 2, compressLZW, inYCbCr, 8, 8, 8).file(make([]byte, 12)))
	f.Add(newBuilder(2, 2, compressJPEG, inYCbCr, 8, 8, 8).file([]byte{0xff, 0xd8, 0xff, 0xdb, 0, 3, 0}))
	f.Add(newBuilder(2, 2, compressDeflate, inRGB, 32, 32, 32).set(tagSampleFormat, 3).set(tagPredictor, 3).file(make([]byte, 12)))
	f.Add(newBuilder(9, 9, compressPackBits, inPalette, 4).set(tagColourMap, make([]uint16, 48)...).set(tagTileWidth, 4).set(tagTileHeight, 4).file(make([]byte, 12)))
	o := newOldParts(f)
	old := newBuilder(40, 32, compressOldJPEG, inYCbCr, 8, 8, 8).set(tagRowsPerStrip, 16).set(tagJPEGLength, uint16(len(o.front)))
	f.Add(o.file(old, o.strips[:], []uint16{tagJPEGInterchange}, [][]byte{o.front}))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range Directories(data) {
			p, err := d.Page()
			if err != nil || int64(p.Width)*int64(p.Height) > 1<<16 || p.Least()/16 > int64(len(data)) {
				continue
			}
			img, _, err := p.Decode()
			var unsupported *UnsupportedError
			switch {
			case err == nil && img.Bounds().Size() != image.Pt(p.Width, p.Height):
				t.Fatalf("%v pixels, not %dx%d", img.Bounds(), p.Width, p.Height)
			case err == nil, errors.As(err, &unsupported), errors.Is(err, ErrDamaged):
			default:
				t.Fatalf("err = %v, which is none of the package's", err)
			}
		}
	})
}

// took returns how many bytes of memory were taken in do.
func took(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestRoom takes no memory for what small files claim.
func TestRoom(t *testing.T) {
	bits := slices.Repeat([]uint16{32}, 64)
	huge := newBuilder(1, 1, compressDeflate, blackIsZero, bits...).set(tagTileWidth, 4096).set(tagTileHeight, 4096).
		set(tagSampleFormat, floating).file([]byte("x"))
	long := newBuilder(4096, 1, compressDeflate, blackIsZero, 8).set(tagTileWidth, 16).set(tagTileHeight, 1<<15).file([]byte("x"))
	for name, data := range map[string][]byte{"samples": huge, "tiles": long} {
		if p, err := Directories(data)[0].Page(); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestDirectoriesOverEachOther reads directories of 60,000 entries that lie in the
// same bytes.
func TestDirectoriesOverEachOther(t *testing.T) {
	const first, pages = 60_000, 200
	data := binary.LittleEndian.AppendUint32([]byte("II*\x00"), 8)
	for i := range first + 4*pages { // each entry's tag is the number of entries too
		data = binary.LittleEndian.AppendUint16(data, uint16(first+i))
		data = binary.LittleEndian.AppendUint16(data, 3)
		data = append(data, 1, 0, 0, 0, 0, 0, 0, 0)
	}
	for i := range pages {
		next := 8 + 12*i + 2 + 12*(first+i)
		binary.LittleEndian.PutUint32(data[next:], uint32(8+12*(i+1)))
	}
	if n := took(func() { Directories(data) }); n > 200<<20 {
		t.Errorf("took %d bytes for a file of %d", n, len(data))
	}
}

// TestTransparentInks reads CMYK with alpha, as it is and multiplied into the inks.
func TestTransparentInks(t *testing.T) {
	for kind, want := range map[uint16][4]uint8{2: {10, 20, 0, 50}, 1: {51, 102, 0, 255}} {
		b := newBuilder(2, 1, compressNone, inCMYK, 8, 8, 8, 8, 8).set(tagExtraSamples, kind)
		m, ok := decode(t, b.file([]byte{10, 20, 0, 50, 50, 1, 2, 3, 4, 0})).(*TransparentInks)
		if !ok {
			t.Fatalf("kind %d: no alpha", kind)
		}
		if got := [4]uint8(m.Pix[:4]); got != want || m.Cover.Pix[0] != 50 || m.Cover.Pix[1] != 0 {
			t.Errorf("kind %d: %v, cover %v", kind, got, m.Cover.Pix)
		}
	}
	// Nobody says that the fifth sample is alpha.
	if _, ok := decode(t, newBuilder(1, 1, compressNone, inCMYK, 8, 8, 8, 8, 8).file([]byte{10, 20, 0, 50, 50})).(*image.CMYK); !ok {
		t.Error("an alpha that isn't one")
	}
}
