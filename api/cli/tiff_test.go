package cli_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"golang.org/x/image/tiff"

	"overpaint.dev/overpaint/editor/picture"
)

// tiffOf returns a TIFF file of one strip.
func tiffOf(size image.Point, compression, photometric, samples, bits uint16, strip []byte) []byte {
	e := binary.LittleEndian
	out := e.AppendUint32([]byte("II*\x00"), uint32(8+len(strip)+len(strip)%2))
	out = append(append(out, strip...), make([]byte, len(strip)%2)...)
	values := [][2]uint32{
		{256, uint32(size.X)},
		{257, uint32(size.Y)},
		{258, 0},
		{259, uint32(compression)},
		{262, uint32(photometric)},
		{273, 8},
		{277, uint32(samples)},
		{278, uint32(size.Y)},
		{279, uint32(len(strip))},
	}
	behind := uint32(len(out) + 2 + 12*len(values) + 4)
	out = e.AppendUint16(out, uint16(len(values)))
	for _, v := range values {
		out = e.AppendUint16(out, uint16(v[0]))
		if v[0] == 258 { // three numbers of 16 bits
			out = e.AppendUint32(e.AppendUint32(e.AppendUint16(out, 3), uint32(samples)), behind)
			continue
		}
		out = e.AppendUint32(e.AppendUint32(e.AppendUint16(out, 4), 1), v[1])
	}
	out = e.AppendUint32(out, 0)
	for range samples {
		out = e.AppendUint16(out, bits)
	}
	return out
}

// stored is a TIFF file, and what it shows: off by at most so much of 65535.
type stored struct {
	file []byte
	want image.Image
	most float64
}

// newTIFFs returns pictures of random samples in compressions that TIFF 6.0 doesn't have,
// and in LogLuv.
func newTIFFs(t *testing.T, size image.Point) map[string]stored {
	t.Helper()
	r := rand.New(rand.NewPCG(31, 32))
	deep := image.NewNRGBA64(image.Rectangle{Max: size})
	plain, logarithmic := image.NewNRGBA(deep.Rect), image.NewNRGBA64(deep.Rect)
	var samples16, samples8, luv []byte
	for y := range size.Y {
		codes := make([]uint32, size.X)
		for x := range size.X {
			v := [3]uint16{uint16(r.Uint32()), uint16(r.Uint32()), uint16(r.Uint32())}
			deep.SetNRGBA64(x, y, color.NRGBA64{v[0], v[1], v[2], 0xffff})
			plain.SetNRGBA(x, y, color.NRGBA{uint8(v[0]), uint8(v[1]), uint8(v[2]), 255})
			for _, s := range v {
				samples16, samples8 = binary.LittleEndian.AppendUint16(samples16, s), append(samples8, uint8(s))
			}
			codes[x] = (58+r.Uint32N(6))<<24 | r.Uint32N(256)<<16 | (70+r.Uint32N(30))<<8 | 180 + r.Uint32N(30)
			logarithmic.SetNRGBA64(x, y, colourOfLogLuv(codes[x]))
		}
		for shift := 24; shift >= 0; shift -= 8 { // a run of bytes as they are
			luv = append(luv, byte(size.X))
			for _, c := range codes {
				luv = append(luv, byte(c>>shift))
			}
		}
	}
	var lzma, webp bytes.Buffer
	if w, err := xz.NewWriter(&lzma); err != nil {
		t.Fatal(err)
	} else if _, err := w.Write(samples8); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if err := picture.Encode(&webp, plain, picture.Encoding{Format: picture.WebP, Lossless: true}); err != nil {
		t.Fatal(err)
	}
	const inRGB, inLogLuv = 2, 32845
	return map[string]stored{
		"Zstandard": {tiffOf(size, 50000, inRGB, 3, 16, z.EncodeAll(samples16, nil)), deep, 0},
		"LZMA":      {tiffOf(size, 34925, inRGB, 3, 8, lzma.Bytes()), plain, 0},
		"WebP":      {tiffOf(size, 50001, inRGB, 3, 8, webp.Bytes()), plain, 0},
		"LogLuv":    {tiffOf(size, 34676, inLogLuv, 3, 16, luv), logarithmic, 2},
	}
}

// TestSavingTIFFs edits a part of TIFF files of newer kinds, and has another reader compare
// the rest of what was saved with what was put in.
func TestSavingTIFFs(t *testing.T) {
	b := newBench(t)
	size, part := image.Pt(48, 40), image.Rect(16, 14, 22, 20)
	mask := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(mask, mask.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(mask, part, image.Transparent, image.Point{}, draw.Src)
	writePNG(t, b.path("part.png"), mask)
	for name, c := range newTIFFs(t, size) {
		t.Run(name, func(t *testing.T) {
			in, out := b.path(name+".tif"), b.path(name+"-edited.tif")
			if err := os.WriteFile(in, c.file, 0o600); err != nil {
				t.Fatal(err)
			}
			if o := run(t.Context(), "edit", "-mask", b.path("part.png"), "-out", out, in); o.status != 0 {
				t.Fatalf("%+v", o)
			}
			saved, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tiff.Decode(bytes.NewReader(saved))
			if err != nil {
				t.Fatal(err)
			}
			compareOutside(t, got, c.want, part, c.most)
		})
	}
}

// compareOutside requires of two pictures that no channel is off by more than a limit, of
// 65535, outside a part and its feather, and that the part differs somewhere.
func compareOutside(t *testing.T, got, want image.Image, part image.Rectangle, most float64) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%v, want %v", got.Bounds(), want.Bounds())
	}
	const feather = 8
	changed := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			a, b := got.At(x, y), want.At(x, y)
			ar, ag, ab, aa := a.RGBA()
			br, bg, bb, ba := b.RGBA()
			off := 0.0
			for _, d := range [4]float64{float64(ar) - float64(br), float64(ag) - float64(bg), float64(ab) - float64(bb), float64(aa) - float64(ba)} {
				off = max(off, math.Abs(d))
			}
			switch p := image.Pt(x, y); {
			case p.In(part) && off > most:
				changed++
			case !p.In(part.Inset(-feather)) && off > most:
				t.Fatalf("%v is %v, want %v", p, a, b)
			}
		}
	}
	if changed == 0 {
		t.Error("nothing was edited")
	}
}

// colourOfLogLuv returns the sRGB of a LogLuv32 code (Ward Larson, "LogLuv Encoding for
// Full-Gamut, High-Dynamic Range Images"), whose white is that of equal energy.
func colourOfLogLuv(code uint32) color.NRGBA64 {
	l := math.Exp2((float64(code>>16)+0.5)/256 - 64)
	u, v := (float64(code>>8&255)+0.5)/410, (float64(code&255)+0.5)/410
	x := 9 * u / (6*u - 16*v + 12)
	y := 4 * v / (6*u - 16*v + 12)
	tx, ty, tz := x/y*l*0.950456, l, (1-x-y)/y*l*1.089058
	out := [3]uint16{}
	for i, k := range [3][3]float64{
		{3.2404542, -1.5371385, -0.4985314}, {-0.9692660, 1.8760108, 0.0415560}, {0.0556434, -0.2040259, 1.0572252},
	} {
		c := min(max(k[0]*tx+k[1]*ty+k[2]*tz, 0), 1)
		if c <= 0.0031308 {
			c *= 12.92
		} else {
			c = 1.055*math.Pow(c, 1/2.4) - 0.055
		}
		out[i] = uint16(math.Round(65535 * c))
	}
	return color.NRGBA64{out[0], out[1], out[2], 0xffff}
}
