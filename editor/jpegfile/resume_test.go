package jpegfile_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// intervals returns where the entropy coded data between restart markers begins and ends,
// and how many MCUs there are in each.
func intervals(t *testing.T, data []byte) (all [][2]int, mcus int) {
	t.Helper()
	at, _ := marker(t, data, 0xdd)
	_, from := marker(t, data, 0xda)
	for i := from; ; i++ {
		if data[i] != 0xff || data[i+1] == 0 {
			continue
		}
		all = append(all, [2]int{from, i})
		if data[i+1] < 0xd0 || data[i+1] > 0xd7 {
			return all, int(binary.BigEndian.Uint16(data[at+4:]))
		}
		from = i + 2
	}
}

// decodeCut returns the samples of a damaged file.
func decodeCut(t *testing.T, data []byte) *jpegfile.Samples {
	t.Helper()
	var s *jpegfile.Samples
	err := jpegfile.Decode(data, anySize, func(all *jpegfile.Samples) func(int, int) {
		s = all
		return func(int, int) {}
	})
	var cut *jpegfile.CutError
	if !errors.As(err, &cut) {
		t.Fatalf("err = %v", err)
	}
	return s
}

// sameBut requires the samples of two files to be the same but in MCUs from one up to another.
func sameBut(t *testing.T, got, want *jpegfile.Samples, from, to int) {
	t.Helper()
	hMax, vMax := 1, 1
	for _, c := range got.Components {
		hMax, vMax = max(hMax, c.H), max(vMax, c.V)
	}
	cols := (got.Width + 8*hMax - 1) / (8 * hMax)
	for i, c := range got.Components {
		p, q := got.Planes[i], want.Planes[i]
		for y := range p.Height {
			for x := range p.Width {
				mcu := y/(8*c.V)*cols + x/(8*c.H)
				if from <= mcu && mcu < to {
					continue
				}
				if v, expected := p.Pix[y*p.Stride+x], q.Pix[y*q.Stride+x]; v != expected {
					t.Fatalf("component %d at %d,%d, MCU %d, is %d, want %d", i, x, y, mcu, v, expected)
				}
			}
		}
	}
}

// TestDamageEndsAtARestartMarker loses each interval of a file, and each two to five of them
// with the markers in between: what is behind is where it belongs.
func TestDamageEndsAtARestartMarker(t *testing.T) {
	data := fixture(t, "restarts.jpg")
	all, mcus := intervals(t, data)
	if len(all) < 6 {
		t.Fatalf("%d intervals", len(all))
	}
	whole := decode(t, data)
	for lost := 1; lost <= 5; lost++ {
		for k := range len(all) - lost {
			damaged := append(append([]byte{}, data[:all[k][0]]...), data[all[k+lost-1][1]:]...)
			sameBut(t, decodeCut(t, damaged), whole, k*mcus, (k+lost)*mcus)
		}
	}
	// Marker-like bytes in an interval, which is lost.
	for k := range len(all) - 1 {
		sameBut(t, decodeCut(t, insert(data, all[k][0], []byte{0xff, 0xae})), whole, k*mcus, (k+1)*mcus)
	}
	// A marker twice: the second is passed over.
	for k := range len(all) - 1 {
		end := all[k][1]
		sameBut(t, decodeCut(t, insert(data, end, data[end:end+2])), whole, (k+1)*mcus, (k+2)*mcus)
	}
}

// scans returns where the scans of a file begin, with their headers, and end.
func scans(data []byte) (all [][2]int) {
	for i := 2; i+1 < len(data); i++ {
		if data[i] != 0xff || data[i+1] != 0xda {
			continue
		}
		end := i + 2
		for data[end] != 0xff || data[end+1] == 0 {
			end++
		}
		all = append(all, [2]int{i, end})
	}
	return all
}

// TestDamageEndsWithAScan takes the data out of each scan of a progressive file but the first:
// the picture is that of the file without this scan and without those that refine it.
func TestDamageEndsWithAScan(t *testing.T) {
	data := fixture(t, "refined.jpg")
	all := scans(data)
	if len(all) < 5 {
		t.Fatalf("%d scans", len(all))
	}
	header := func(i int) (component, ss, se, ah int) {
		p := data[all[i][0]+4:]
		n := int(p[0])
		return int(p[1]), int(p[1+2*n]), int(p[2+2*n]), int(p[3+2*n] >> 4)
	}
	for i := 1; i < len(all); i++ {
		component, ss, se, _ := header(i)
		if ss == 0 {
			continue // each of its bits stands for itself
		}
		from, end := all[i][0], all[i][1]
		length := 2 + int(binary.BigEndian.Uint16(data[from+2:]))
		damaged := append(append([]byte{}, data[:from+length]...), data[end:]...)
		without := append([]byte{}, data...)
		for k := len(all) - 1; k >= i; k-- {
			if c, s, e, ah := header(k); k == i || c == component && s <= se && e >= ss && ah > 0 {
				without = append(without[:all[k][0]], without[all[k][1]:]...)
			}
		}
		got, expected := decodeCut(t, damaged), decode(t, without)
		for c := range got.Planes {
			p, q := got.Planes[c], expected.Planes[c]
			for y := range p.Height {
				for x := range p.Width {
					if (x >= 8 || y >= 8) && p.Pix[y*p.Stride+x] != q.Pix[y*q.Stride+x] {
						t.Fatalf("scan %d: component %d at %d,%d is %d, want %d", i, c, x, y, p.Pix[y*p.Stride+x], q.Pix[y*q.Stride+x])
					}
				}
			}
		}
	}
}

// TestScansGoOnBehindImpossibleCodes damages the first row of MCUs, in files without restart
// markers: where the codes fall into step again, the blocks below are as they were but for a
// constant, the difference of the DC coefficients that were lost.
func TestScansGoOnBehindImpossibleCodes(t *testing.T) {
	for _, c := range []struct {
		file string
		at   int // in the entropy coded data
	}{
		{"sample-2x2.jpg", 16},
		{"noise-5.jpg", 28},
		{"grey.jpg", 28},
		{"optimised.jpg", 16},
		{"progressive.jpg", 16},
		{"grey-progressive.jpg", 10},
	} {
		data := fixture(t, c.file)
		_, from := marker(t, data, 0xda)
		damaged := append([]byte{}, data...)
		copy(damaged[from+c.at:], []byte{0xff, 0, 0xff, 0}) // no code is all ones
		got, want := decodeCut(t, damaged).Planes[0], decode(t, data).Planes[0]
		for by := got.Height / 16; by < got.Height/8; by++ {
			for bx := range got.Width / 8 {
				sameButConstant(t, c.file, got, want, 8*by*got.Stride+8*bx)
			}
		}
		if _, err := jpegfile.Read(damaged, anySize); err == nil {
			t.Errorf("%s: the coefficients were taken for whole", c.file)
		}
	}
}

// sameButConstant requires a block of two planes to differ by a constant, which rounding and
// the limits of samples may change.
func sameButConstant(t *testing.T, name string, got, want jpegfile.Plane, at int) {
	t.Helper()
	constant := int(got.Pix[at]) - int(want.Pix[at])
	for i := range 64 {
		k := at + i/8*got.Stride + i%8
		expected := min(max(int(want.Pix[k])+constant, 0), 255)
		if d := int(got.Pix[k]) - expected; d < -2 || d > 2 {
			t.Fatalf("%s: the sample at %d is %d, want %d", name, k, got.Pix[k], expected)
		}
	}
}

// TestProgressiveFilesCutInTheirFirstScan shows the rows that came.
func TestProgressiveFilesCutInTheirFirstScan(t *testing.T) {
	data := fixture(t, "progressive.jpg")
	first := scans(data)[0]
	whole := decodeCut(t, data[:first[1]])
	cut := decodeCut(t, data[:first[1]-8])
	p, q := cut.Planes[0], whole.Planes[0]
	for y := range 8 { // the first row of blocks
		for x := range p.Width {
			if p.Pix[y*p.Stride+x] != q.Pix[y*q.Stride+x] {
				t.Fatalf("%d,%d is %d, want %d", x, y, p.Pix[y*p.Stride+x], q.Pix[y*q.Stride+x])
			}
		}
	}
}
