package tifffile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/ccitt"
)

// faxWriter codes rows of pixels, true for black.
type faxWriter struct{ bits strings.Builder }

var (
	runWords  = [2]map[int]string{inverse(runCodes(whiteCodes)), inverse(runCodes(blackCodes))}
	modeWords = inverse(numbered(modeCodes))
)

func inverse(codes map[string]int) map[int]string {
	all := map[int]string{}
	for c, v := range codes {
		all[v] = c
	}
	return all
}

func (w *faxWriter) run(n, black int) {
	for n > 2560+63 {
		w.bits.WriteString(runWords[black][2560])
		n -= 2560
	}
	if n >= 64 {
		w.bits.WriteString(runWords[black][n/64*64])
		n %= 64
	}
	w.bits.WriteString(runWords[black][n])
}

// next returns where the colour of a row changes behind x.
func next(row []bool, x int) int {
	black := x >= 0 && row[x]
	for x++; x < len(row) && row[x] == black; x++ {
	}
	return x
}

func (w *faxWriter) byItself(row []bool) {
	x, black := 0, 0
	for x < len(row) {
		end := x
		for end < len(row) && row[end] == (black == 1) {
			end++
		}
		w.run(end-x, black)
		x, black = end, black^1
	}
}

func (w *faxWriter) byAbove(row, above []bool) {
	a0 := -1
	for a0 < len(row) {
		black := a0 >= 0 && row[a0]
		a1 := next(row, a0)
		if a0 < 0 && row[0] {
			a1 = 0
		}
		b1 := a0 + 1
		for ; b1 < len(row); b1++ { // a change to the other colour than a0's
			if before := b1 > 0 && above[b1-1]; above[b1] != before && above[b1] != black {
				break
			}
		}
		b2 := len(row)
		if b1 < len(row) {
			b2 = next(above, b1)
		}
		switch d := a1 - b1; {
		case b2 < a1:
			w.bits.WriteString(modeWords[modePass])
			a0 = b2
		case d >= -3 && d <= 3:
			w.bits.WriteString(modeWords[modeVertical+d])
			a0 = a1
		default:
			a2 := len(row)
			if a1 < len(row) {
				a2 = next(row, a1)
			}
			w.bits.WriteString(modeWords[modeHorizontal])
			colour := 0
			if black {
				colour = 1
			}
			w.run(a1-max(a0, 0), colour)
			w.run(a2-a1, colour^1)
			a0 = a2
		}
	}
}

// fill adds zeros until the next mark of 12 bits ends on a whole byte.
func (w *faxWriter) fill() {
	for (w.bits.Len()+12)%8 != 0 {
		w.bits.WriteByte('0')
	}
}

func (w *faxWriter) align(n int) {
	for w.bits.Len()%n != 0 {
		w.bits.WriteByte('0')
	}
}

func (w *faxWriter) bytes() []byte {
	w.align(8)
	s := w.bits.String()
	out := make([]byte, len(s)/8)
	for i, c := range s {
		if c == '1' {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

const mark = "000000000001"

// faxFlavours code rows in all the ways there are.
var faxFlavours = map[string]struct {
	compression, options uint16
	encode               func(rows [][]bool) []byte
}{
	"group 3": {compressGroup3, 0, func(rows [][]bool) []byte {
		var w faxWriter
		for _, row := range rows {
			w.bits.WriteString(mark)
			w.byItself(row)
		}
		w.bits.WriteString(strings.Repeat(mark, 6))
		return w.bytes()
	}},
	"group 3 without marks": {compressGroup3, 0, func(rows [][]bool) []byte {
		var w faxWriter
		for _, row := range rows {
			w.byItself(row)
		}
		return w.bytes()
	}},
	"group 3 with fill bits": {compressGroup3, 4, func(rows [][]bool) []byte {
		var w faxWriter
		for _, row := range rows {
			w.fill()
			w.bits.WriteString(mark)
			w.byItself(row)
		}
		return w.bytes()
	}},
	"group 3, two dimensions": {compressGroup3, 1, func(rows [][]bool) []byte {
		var w faxWriter
		for y, row := range rows {
			w.bits.WriteString(mark)
			if y%4 == 0 {
				w.bits.WriteByte('1')
				w.byItself(row)
			} else {
				w.bits.WriteByte('0')
				w.byAbove(row, rows[y-1])
			}
		}
		return w.bytes()
	}},
	"group 4": {compressGroup4, 0, func(rows [][]bool) []byte {
		var w faxWriter
		above := make([]bool, len(rows[0]))
		for _, row := range rows {
			w.byAbove(row, above)
			above = row
		}
		w.bits.WriteString(mark + mark)
		return w.bytes()
	}},
	"rows of whole bytes": {compressRLE, 0, func(rows [][]bool) []byte {
		var w faxWriter
		for _, row := range rows {
			w.byItself(row)
			w.align(8)
		}
		return w.bytes()
	}},
	"rows of whole words": {compressRLEWords, 0, func(rows [][]bool) []byte {
		var w faxWriter
		for _, row := range rows {
			w.byItself(row)
			w.align(16)
		}
		return w.bytes()
	}},
}

// drawn returns rows of runs that are like those above, mostly.
func drawn(r *rand.Rand, w, h int) [][]bool {
	all := make([][]bool, h)
	for y := range all {
		all[y] = make([]bool, w)
		if y > 0 {
			copy(all[y], all[y-1])
		}
		for range r.IntN(4) {
			from, n, black := r.IntN(w), 1+r.IntN(w), r.IntN(2) == 0
			for x := from; x < min(from+n, w); x++ {
				all[y][x] = black
			}
		}
	}
	return all
}

// TestFax reads all flavours of fax coding. Whether a run is black on the screen is
// what the colour model says, as in libtiff: a black run has ones.
func TestFax(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, f := range faxFlavours {
		for _, size := range [][2]int{{1, 1}, {7, 3}, {200, 60}, {5300, 9}} {
			for _, photometric := range []uint16{whiteIsZero, blackIsZero} {
				for _, fillOrder := range []uint16{1, 2} {
					t.Run(fmt.Sprint(name, size, photometric, fillOrder), func(t *testing.T) {
						rows := drawn(r, size[0], size[1])
						data := f.encode(rows)
						if fillOrder == 2 {
							data = reversed(data)
						}
						b := newBuilder(size[0], size[1], f.compression, photometric, 1).set(tagT4Options, f.options).set(tagFillOrder, fillOrder)
						img := decode(t, b.file(data))
						for y, row := range rows {
							for x, black := range row {
								want := uint32(0xffff)
								if black == (photometric == whiteIsZero) {
									want = 0
								}
								if got, _, _, _ := img.At(x, y).RGBA(); got != want {
									t.Fatalf("(%d, %d) is %#x", x, y, got)
								}
							}
						}
					})
				}
			}
		}
	}
}

// TestFaxWriter holds the tests' own writer, and so the tables, against x/image.
func TestFaxWriter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		w, h := 1+r.IntN(3000), 1+r.IntN(20)
		rows := drawn(r, w, h)
		for name, sub := range map[string]ccitt.SubFormat{"group 4": ccitt.Group4, "group 3": ccitt.Group3} {
			got := make([]byte, (w+7)/8*h)
			reader := ccitt.NewReader(bytes.NewReader(faxFlavours[name].encode(rows)), ccitt.MSB, sub, w, h, &ccitt.Options{Invert: true})
			if n, err := reader.Read(got); n == 0 && err != nil {
				t.Fatal(name, err)
			}
			mine, whole := decodeFax(faxFlavours[name].encode(rows), faxOptions{width: w, height: h, group4: name == "group 4"})
			if !whole {
				t.Fatalf("%s: not whole", name)
			}
			for y, row := range rows {
				for x, black := range row {
					if (mine[y*((w+7)/8)+x/8]>>(7-x%8)&1 == 1) != black {
						t.Fatalf("%s: (%d, %d)", name, x, y)
					}
				}
			}
		}
	}
}

// TestFaxThatBreaksOff shows the rows that are there and leaves the others white.
func TestFaxThatBreaksOff(t *testing.T) {
	rows := drawn(rand.New(rand.NewPCG(5, 6)), 200, 60)
	for name, f := range faxFlavours {
		data := f.encode(rows)
		file := newBuilder(200, 60, f.compression, whiteIsZero, 1).set(tagT4Options, f.options).file(data[:len(data)/2])
		p, err := Directories(file)[0].Page()
		if err != nil {
			t.Fatal(err)
		}
		img, whole, err := p.Decode()
		if err != nil || whole {
			t.Fatalf("%s: whole = %v, err = %v", name, whole, err)
		}
		for x, black := range rows[0] {
			if got, _, _, _ := img.At(x, 0).RGBA(); (got == 0) != black {
				t.Fatalf("%s: (%d, 0) is %#x", name, x, got)
			}
		}
	}
}

// TestFaxWithADamagedRow shows a row that ends too early as far as it goes, with white
// behind it, and the rows below it. The page isn't whole.
func TestFaxWithADamagedRow(t *testing.T) {
	for name, runs := range map[string][]int{
		"behind a white run": {20, 30, 40},
		"behind a black run": {20, 30},
	} {
		var w faxWriter
		w.bits.WriteString(mark)
		for i, n := range runs {
			w.run(n, i%2)
		}
		w.bits.WriteString(mark)
		w.run(0, 0)
		w.run(100, 1)
		w.bits.WriteString(mark)
		pix, whole := decodeFax(w.bytes(), faxOptions{width: 100, height: 2})
		if whole {
			t.Errorf("%s: whole", name)
		}
		for x := range 100 {
			if black := pix[x/8]>>(7-x%8)&1 == 1; black != (x >= 20 && x < 50) {
				t.Fatalf("%s: (%d, 0) is black: %v", name, x, black)
			}
			if pix[13+x/8]>>(7-x%8)&1 == 0 {
				t.Fatalf("%s: (%d, 1) is white", name, x)
			}
		}
	}
}
