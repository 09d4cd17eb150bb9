package picture

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// sameRows fails the test unless a row that the processor's own instructions convert is
// that of pairRow, and of singleRow where each pixel has chroma of its own; planes
// holds luma, then both rows of either chroma, a byte of each for every pixel.
func sameRows(t *testing.T, planes []byte, sx int) {
	t.Helper()
	w := len(planes) / 5
	cw := (w + sx - 1) / sx
	ys := planes[:w]
	chroma := func(i int) chromaRows {
		return chromaRows{planes[i*w:][:cw:cw], planes[(i+1)*w:][:cw:cw]}
	}
	cb, cr := chroma(1), chroma(3)
	got, want := make([]byte, 4*w+8), make([]byte, 4*w+8)
	if !fastRow(got[4:4*w+4], ys, cb, cr, sx) {
		return
	}
	pairRow(want[4:4*w+4], ys, cb, cr, sx)
	if !bytes.Equal(got, want) {
		t.Fatalf("%d pixels, %d to a sample: they differ", w, sx)
	}
	if sx == 1 {
		cb.far, cr.far = cb.near, cr.near
		fastRow(got[4:4*w+4], ys, cb, cr, sx)
		singleRow(want[4:4*w+4], ys, cb.near, cr.near)
		if !bytes.Equal(got, want) {
			t.Fatalf("%d single pixels differ", w)
		}
	}
}

func TestFastRowsAreTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	widths := []int{1, 63, 64, 65, 66, 67, 95, 96, 97, 511, 512, 513, 514, 515, 1023, 1024, 1025, 1027, 4000}
	for w := 68; w < 90; w++ {
		widths = append(widths, w)
	}
	for _, w := range widths {
		for _, sx := range []int{1, 2, 4} {
			planes := make([]byte, 5*w)
			for range 4 {
				fill(r, planes)
				sameRows(t, planes, sx)
				for i := range planes { // nothing but extremes
					planes[i] = uint8(r.IntN(2)) * 255
				}
				sameRows(t, planes, sx)
			}
		}
	}
}

// FuzzRow compares both ways of converting a row.
func FuzzRow(f *testing.F) {
	f.Add(bytes.Repeat([]byte{0, 255, 128, 7, 9}, 70), false)
	f.Add(bytes.Repeat([]byte{255, 255, 0}, 900), true)
	f.Fuzz(func(t *testing.T, planes []byte, whole bool) {
		if len(planes) < 5 {
			return
		}
		sx := 2
		if whole {
			sx = 1
		}
		sameRows(t, planes, sx)
	})
}

// sameHalves fails the test unless the mean of two rows is average's everywhere.
func sameHalves(t *testing.T, row0, row1 []byte) {
	t.Helper()
	n := len(row0) / 8
	got, want := make([]byte, 4*n+4), make([]byte, 4*n+4)
	for i := range n {
		average(want[4*i:4*i+4], row0[8*i:8*i+4], row0[8*i+4:8*i+8], row1[8*i:8*i+4], row1[8*i+4:8*i+8])
	}
	halvePairs(got[:4*n], row0, row1)
	if !bytes.Equal(got, want) {
		t.Fatalf("the halves of %d pixels differ", n)
	}
}

// TestHalvesOfMixedRows averages rows that are opaque but for a pixel here and there,
// or nothing but extremes.
func TestHalvesOfMixedRows(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for n := range 140 {
		for holes := range 6 {
			rows := [2][]byte{make([]byte, 8*n), make([]byte, 8*n)}
			for _, row := range rows {
				fill(r, row)
				if holes == 5 {
					for i := range row {
						row[i] = uint8(r.IntN(2)) * 255
					}
				}
				for i := 3; i < len(row); i += 4 {
					row[i] = 255
				}
				for range min(holes, n) {
					row[8*r.IntN(n)+3] = uint8(r.IntN(255))
				}
			}
			sameHalves(t, rows[0], rows[1])
		}
	}
}

// FuzzHalves compares both ways of averaging rows.
func FuzzHalves(f *testing.F) {
	f.Add(bytes.Repeat([]byte{0, 3, 255, 255}, 100))
	f.Add(slices.Repeat([]byte{255}, 500))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := len(data) / 16 * 8
		sameHalves(t, data[:n], data[n:2*n])
	})
}
