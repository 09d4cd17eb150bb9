package picture

import (
	"bytes"
	"compress/lzw"
	"image"
	"image/color"
	"io"
	"math/rand/v2"
	"testing"
)

// TestUnpackGIF compares with compress/lzw, which has no widths but the specification's, on
// data that is whole, cut off, or damaged.
func TestUnpackGIF(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		literal := 2 + r.IntN(7)
		plain := make([]byte, r.IntN(40_000))
		kinds := 1 + r.IntN(1<<literal)
		for i := range plain {
			plain[i] = byte(r.IntN(kinds))
			if i > 0 && r.IntN(4) > 0 {
				plain[i] = plain[i-1]
			}
		}
		var packed bytes.Buffer
		w := lzw.NewWriter(&packed, lzw.LSB, literal)
		w.Write(plain)
		w.Close()
		data := packed.Bytes()
		switch r.IntN(3) {
		case 1:
			data = data[:r.IntN(len(data)+1)]
		case 2:
			for range 3 {
				data[r.IntN(len(data))] ^= 1 << r.IntN(8)
			}
		}
		room := r.IntN(len(plain) + 100)
		want, got := make([]byte, room), make([]byte, room)
		n, _ := io.ReadFull(lzw.NewReader(bytes.NewReader(data), lzw.LSB, literal), want)
		if k := unpackGIF(got, data, literal); k != n || !bytes.Equal(got[:k], want[:n]) {
			t.Fatalf("%d bits: %d bytes, want %d", literal, k, n)
		}
	}
}

// lowCodes packs codes of a width, each from its lowest bit on.
func lowCodes(width int, codes ...int) (out []byte) {
	bits, have := 0, 0
	for _, c := range codes {
		bits |= c << have
		for have += width; have >= 8; have -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	return append(out, byte(bits))
}

// TestGIFOfOddWidths reads pictures whose literals have 1 or 11 bits, which other programs
// write though the specification has 2 to 8, and refuses wider ones.
func TestGIFOfOddWidths(t *testing.T) {
	row := func(literal byte, data []byte) []byte {
		b := append([]byte("GIF89a\x03\x00\x01\x00\x80\x00\x00"), 10, 20, 30, 200, 210, 220)
		b = append(b, ",\x00\x00\x00\x00\x03\x00\x01\x00\x00"...)
		b = append(append(b, literal, byte(len(data))), data...)
		return append(b, 0, ';')
	}
	for name, file := range map[string][]byte{
		"1 bit":   row(1, []byte{2 | 1<<2 | 0<<4 | 1<<7, 3 << 2}),
		"11 bits": row(11, lowCodes(12, 2048, 1, 0, 1, 2049)),
	} {
		p, err := Decode(file, Limits{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := p.Pix.NRGBAAt(0, 0); got != (color.NRGBA{200, 210, 220, 255}) {
			t.Errorf("%s: (0, 0) is %v", name, got)
		}
		if got := p.Pix.NRGBAAt(1, 0); got != (color.NRGBA{10, 20, 30, 255}) {
			t.Errorf("%s: (1, 0) is %v", name, got)
		}
		if p.Meta.Has(Cut) {
			t.Errorf("%s: cut", name)
		}
	}
	if _, err := Decode(row(12, lowCodes(13, 4096, 1, 0, 1, 4097)), Limits{}); err == nil {
		t.Error("12 bits: opened")
	}
}

// TestGIFWithoutColours shows black and white, and greys.
func TestGIFWithoutColours(t *testing.T) {
	file := append([]byte("GIF89a\x03\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x03\x00\x01\x00\x00\x08"), 7)
	file = append(append(file, lowCodes(9, 256, 0, 1, 128, 257)...), 0, 0, ';')
	p, err := Decode(file, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for x, want := range []uint8{0, 255, 128} {
		if got := p.Pix.NRGBAAt(x, 0); got != (color.NRGBA{want, want, want, 255}) {
			t.Errorf("(%d, 0) is %v", x, got)
		}
	}
	if got := p.Pix.Rect; got != image.Rect(0, 0, 3, 1) {
		t.Error(got)
	}
}
