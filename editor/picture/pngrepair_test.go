package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"slices"
	"testing"
)

// pngOf is a file of 5x4 pixels in 8 bits, of which more chunks stand before the rows.
func pngOf(kind, interlaced byte, more []byte, rows []byte) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 5), 4)
	data := append([]byte(pngMagic), chunk("IHDR", append(header, 8, kind, 0, 0, interlaced))...)
	data = append(append(data, more...), chunk("IDAT", deflated(rows))...)
	return append(data, chunk("IEND", nil)...)
}

// TestPNGOfUnknownFilters shows the rows before one whose filter isn't PNG's.
func TestPNGOfUnknownFilters(t *testing.T) {
	rows := bytes.Repeat([]byte{0, 10, 20, 30, 40, 50}, 4)
	for bad := range 4 {
		damaged := bytes.Clone(rows)
		damaged[6*bad] = 5
		p, err := Decode(pngOf(0, 0, nil, damaged), Limits{})
		if bad == 0 {
			if !errors.Is(err, ErrTruncated) {
				t.Errorf("without any row: %v", err)
			}
			continue
		}
		if err != nil || !p.Meta.Has(Cut) {
			t.Fatalf("row %d: %v", bad, err)
		}
		for y := range 4 {
			want := color.NRGBA{A: 255}
			if y < bad {
				want = color.NRGBA{50, 50, 50, 255}
			}
			if got := p.Pix.NRGBAAt(4, y); got != want {
				t.Errorf("row %d, damaged from %d: %v, want %v", y, bad, got, want)
			}
		}
	}
}

// TestInterlacedPNGOfUnknownFilters shows the passes before the damage.
func TestInterlacedPNGOfUnknownFilters(t *testing.T) {
	// The passes of 5x4 pixels: 1x1, 1x1, none, 1x1, 3x1, 2x2 and 5x2.
	rows := []byte{0, 1, 0, 2, 0, 3, 0, 5, 6, 7, 0, 8, 9, 0, 10, 11, 0, 12, 13, 14, 15, 16, 0, 17, 18, 19, 20, 21}
	whole, err := Decode(pngOf(0, 1, nil, rows), Limits{})
	if err != nil || whole.Meta.Has(Cut) {
		t.Fatal(err)
	}
	rows[16] = 200 // the last pass
	p, err := Decode(pngOf(0, 1, nil, rows), Limits{})
	if err != nil || !p.Meta.Has(Cut) {
		t.Fatalf("%v", err)
	}
	for y := range 4 {
		for x := range 5 {
			want := whole.Pix.NRGBAAt(x, y)
			if y%2 == 1 {
				want = color.NRGBA{A: 255}
			}
			if got := p.Pix.NRGBAAt(x, y); got != want {
				t.Errorf("%v is %v, want %v", image.Pt(x, y), got, want)
			}
		}
	}
}

// late returns a file with a chunk of what is transparent before its end.
func late(file, transparent []byte) []byte {
	end := chunk("IEND", nil)
	return slices.Concat(file[:len(file)-len(end)], chunk("tRNS", transparent), end)
}

// TestPNGOfOddPalettes opens files whose palette, or what is transparent, doesn't fit their
// kind.
func TestPNGOfOddPalettes(t *testing.T) {
	grey, rgb := bytes.Repeat([]byte{0, 10, 20, 30, 40, 50}, 4), bytes.Repeat(append([]byte{0}, bytes.Repeat([]byte{7, 8, 9}, 5)...), 4)
	indices := bytes.Repeat([]byte{0, 0, 1, 0, 1, 1}, 4)
	for name, c := range map[string]struct {
		data []byte
		want color.NRGBA // at 1,0
	}{
		"grey with a palette":         {pngOf(0, 0, chunk("PLTE", []byte{1, 2, 3}), grey), color.NRGBA{20, 20, 20, 255}},
		"grey, transparent cut short": {pngOf(0, 0, chunk("tRNS", []byte{0}), grey), color.NRGBA{20, 20, 20, 255}},
		"grey, transparent too long":  {pngOf(0, 0, chunk("tRNS", []byte{0, 20, 0}), grey), color.NRGBA{20, 20, 20, 0}},
		"RGB, transparent cut short":  {pngOf(2, 0, chunk("tRNS", []byte{0, 7, 0, 8}), rgb), color.NRGBA{7, 8, 9, 255}},
		"a palette of 2 1/3 colours":  {pngOf(3, 0, chunk("PLTE", []byte{1, 2, 3, 4, 5, 6, 7}), indices), color.NRGBA{4, 5, 6, 255}},
		"more transparent than there are colours": {
			pngOf(3, 0, append(chunk("PLTE", []byte{1, 2, 3, 4, 5, 6}), chunk("tRNS", make([]byte, 300))...), indices),
			color.NRGBA{4, 5, 6, 0},
		},
		"transparent behind the pixels":         {late(pngOf(0, 0, nil, grey), []byte{0, 20}), color.NRGBA{20, 20, 20, 255}},
		"transparent indices behind the pixels": {late(pngOf(3, 0, chunk("PLTE", []byte{1, 2, 3, 4, 5, 6}), indices), []byte{255, 0}), color.NRGBA{4, 5, 6, 255}},
	} {
		p, err := Decode(c.data, Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.Pix.NRGBAAt(1, 0); got != c.want || p.Meta.Has(Cut) {
			t.Errorf("%s: %v, want %v; notes %v", name, got, c.want, p.Meta.Notes)
		}
		if p.Meta.Palette != nil && !slices.Contains(p.Meta.Palette, c.want) {
			t.Errorf("%s: the palette %v lacks %v", name, p.Meta.Palette, c.want)
		}
	}
}
