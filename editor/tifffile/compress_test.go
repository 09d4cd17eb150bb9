package tifffile

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

func zstandard(t testing.TB, data []byte, options ...zstd.EOption) []byte {
	t.Helper()
	e, err := zstd.NewWriter(nil, options...)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	return e.EncodeAll(data, nil)
}

// xz returns a stream of a block for each part, of differences of bytes so far apart,
// 0 for none.
func xz(t testing.TB, dictionary byte, distance int, parts ...[]byte) []byte {
	t.Helper()
	out := []byte("\xfd7zXZ\x00\x00\x01\x00\x00\x00\x00") // with CRC-32
	for _, part := range parts {
		head := []byte{0, 0, filterLZMA2, 1, dictionary}
		if distance > 0 {
			head = []byte{0, 1, filterDelta, 1, byte(distance - 1), filterLZMA2, 1, dictionary}
			differences := bytes.Clone(part)
			for i := distance; i < len(part); i++ {
				differences[i] = part[i] - part[i-distance]
			}
			part = differences
		}
		head = append(head, make([]byte, 12-len(head)+4)...)
		head[0] = byte(len(head)/4 - 1)
		var b bytes.Buffer
		w, err := lzma.NewWriter2(&b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		b.Write(make([]byte, (4-b.Len()%4)%4+4))
		out = append(append(out, head...), b.Bytes()...)
	}
	return append(out, make([]byte, 8)...) // an index
}

// TestNewerCompressions reads a picture in strips and tiles of Zstandard and LZMA,
// with and without a predictor.
func TestNewerCompressions(t *testing.T) {
	const w, h, rows = 37, 20, 8
	r := rand.New(rand.NewPCG(1, 2))
	pix := make([]byte, 6*w*h)
	for i := range pix {
		pix[i] = byte(i/7) + byte(r.IntN(3))
	}
	want := decode(t, newBuilder(w, h, compressNone, inRGB, 16, 16, 16).file(pix))
	less := func(row []byte) []byte { // the predictor's differences
		out := bytes.Clone(row)
		for i := len(row) - 2; i >= 6; i -= 2 {
			d := uint16(row[i]) | uint16(row[i+1])<<8
			d -= uint16(row[i-6]) | uint16(row[i-5])<<8
			out[i], out[i+1] = byte(d), byte(d>>8)
		}
		return out
	}
	for name, c := range map[string]struct {
		compression uint16
		pack        func([]byte) []byte
	}{
		"Zstandard":        {compressZstd, func(b []byte) []byte { return zstandard(t, b) }},
		"LZMA":             {compressXZ, func(b []byte) []byte { return xz(t, 22, 0, b) }},
		"LZMA, a filter":   {compressXZ, func(b []byte) []byte { return xz(t, 22, 2, b) }},
		"LZMA, two blocks": {compressXZ, func(b []byte) []byte { return xz(t, 22, 2, b[:len(b)/2], b[len(b)/2:]) }},
	} {
		for _, predictor := range []uint16{1, 2} {
			var strips, tiles [][]byte
			for y := 0; y < h; y += rows {
				var strip []byte
				for _, row := range split(pix[6*w*y:6*w*min(y+rows, h)], 6*w) {
					if predictor == 2 {
						row = less(row)
					}
					strip = append(strip, row...)
				}
				strips = append(strips, c.pack(strip))
				for x := 0; x < w; x += 16 {
					tile := make([]byte, 0, 6*16*16)
					for i := range 16 {
						row := make([]byte, 6*16)
						if y/rows*16+i < h && y/rows < 2 {
							copy(row, pix[6*(w*(y/rows*16+i)+x):6*(w*(y/rows*16+i)+min(x+16, w))])
						}
						if predictor == 2 {
							row = less(row)
						}
						tile = append(tile, row...)
					}
					if y/rows < 2 {
						tiles = append(tiles, c.pack(tile))
					}
				}
			}
			b := newBuilder(w, h, c.compression, inRGB, 16, 16, 16).set(tagPredictor, predictor).set(tagRowsPerStrip, rows)
			same(t, name+" in strips", decode(t, b.file(strips...)), want)
			b = newBuilder(w, h, c.compression, inRGB, 16, 16, 16).set(tagPredictor, predictor).set(tagTileWidth, 16).set(tagTileHeight, 16)
			same(t, name+" in tiles", decode(t, b.file(tiles...)), want)
		}
	}
}

func split(b []byte, n int) (rows [][]byte) {
	for ; len(b) >= n; b = b[n:] {
		rows = append(rows, b[:n])
	}
	return rows
}

func same(t *testing.T, name string, got, want image.Image) {
	t.Helper()
	if !bytes.Equal(got.(*image.NRGBA64).Pix, want.(*image.NRGBA64).Pix) {
		t.Errorf("%s: the pixels are others", name)
	}
}

// TestFullLastStrip reads a last strip that was stored with more rows than the
// picture has.
func TestFullLastStrip(t *testing.T) {
	rows := bytes.Repeat([]byte{7}, 3*8)
	b := newBuilder(3, 9, compressZstd, blackIsZero, 8).set(tagRowsPerStrip, 8)
	if got := at(decode(t, b.file(zstandard(t, rows), zstandard(t, rows))), 2, 8).R; got != 0x707 {
		t.Errorf("%#x", got)
	}
}

// TestBombs takes no more memory for streams that expand to gigabytes, or ask for
// a dictionary of gigabytes, than the chunk of pixels needs.
func TestBombs(t *testing.T) {
	const most = 16 << 20
	zeros := make([]byte, 32<<20)
	window := zstandard(t, zeros, zstd.WithWindowSize(zstd.MaxWindowSize))
	for name, data := range map[string][]byte{
		"Zstandard": newBuilder(8, 8, compressZstd, blackIsZero, 8).file(window),
		"LZMA":      newBuilder(8, 8, compressXZ, blackIsZero, 8).file(xz(t, 40, 1, zeros[:4<<20])),
		"blocks":    newBuilder(512, 512, compressXZ, blackIsZero, 8).file(xz(t, 40, 0, make([][]byte, 1000)...)),
	} {
		p, err := Directories(data)[0].Page()
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err = p.Decode()
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%s took %d MB, err = %v", name, took>>20, err)
		}
	}
}

// TestCutCompressions reads what is there of streams that break off, and calls other
// filters unsupported.
func TestCutCompressions(t *testing.T) {
	pix := make([]byte, 1<<16)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range pix {
		pix[i] = byte(r.IntN(256))
	}
	read := func(compression uint16, data []byte) (image.Image, bool, error) {
		p, err := Directories(newBuilder(256, 256, compression, blackIsZero, 8).file(data))[0].Page()
		if err != nil {
			t.Fatal(err)
		}
		return p.Decode()
	}
	stream := xz(t, 22, 1, pix)
	for name, img := range map[string]func() (image.Image, bool, error){
		"LZMA": func() (image.Image, bool, error) { return read(compressXZ, stream[:len(stream)*3/4]) },
	} {
		img, whole, err := img()
		if err != nil || whole || at(img, 200, 100).R != uint16(pix[100*256+200])*257 {
			t.Errorf("%s: whole = %v, err = %v", name, whole, err)
		}
	}
	packed := zstandard(t, pix)
	if _, whole, err := read(compressZstd, packed[:len(packed)/2]); err != nil || whole {
		t.Errorf("Zstandard: whole = %v, err = %v", whole, err)
	}
	other := bytes.Clone(stream)
	other[14] = 4 // a filter for machine code
	var unsupported *UnsupportedError
	if _, _, err := read(compressXZ, other); !errors.As(err, &unsupported) {
		t.Errorf("another filter: %v", err)
	}
}

// TestWebP reads strips of WebP as libwebp does, and none of another size than the
// strip's.
func TestWebP(t *testing.T) {
	read := func(name string) []byte {
		data, err := os.ReadFile("../picture/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for name, reference := range map[string]string{
		"lossless.webp": "rgba.png", "lossy.webp": "lossy.webp.want.png", "lossyalpha.webp": "lossyalpha.webp.want.png",
	} {
		data := read(name)
		want, err := png.Decode(bytes.NewReader(read(reference)))
		if err != nil {
			t.Fatal(err)
		}
		w, h := uint16(want.Bounds().Dx()), uint16(want.Bounds().Dy())
		img := decode(t, newBuilder(int(w), int(h), compressWebP, inRGB, 8, 8, 8, 8).set(tagExtraSamples, 2).file(data))
		solid := decode(t, newBuilder(int(w), int(h), compressWebP, inRGB, 8, 8, 8).file(data))
		for i := range int(w) * int(h) {
			x, y := i%int(w), i/int(w)
			p := at(want, x, y)
			if p.A > 0 && !near(at(img, x, y), p, 0) {
				t.Fatalf("%s: %v at %d,%d, want %v", name, at(img, x, y), x, y, p)
			}
			if at(solid, x, y).A != 0xffff {
				t.Fatalf("%s: three samples are transparent", name)
			}
		}
		p, err := Directories(newBuilder(int(w)+1, int(h), compressWebP, inRGB, 8, 8, 8).file(data))[0].Page()
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Decode(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s of another size: %v", name, err)
		}
	}
}
