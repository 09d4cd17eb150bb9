package heiffile_test

import (
	"errors"
	"math/bits"
	"testing"

	"overpaint.dev/overpaint/editor/heiffile"
)

// stream writes numbers of so many bits.
type stream struct {
	data []byte
	n    int
}

func (s *stream) u(v uint32, n int) *stream {
	for i := n - 1; i >= 0; i-- {
		if s.n%8 == 0 {
			s.data = append(s.data, 0)
		}
		s.data[s.n/8] |= byte(v>>i&1) << (7 - s.n%8)
		s.n++
	}
	return s
}

// ue writes numbers in Exp-Golomb's code.
func (s *stream) ue(values ...uint32) *stream {
	for _, v := range values {
		n := bits.Len32(v + 1)
		s.u(0, n-1).u(v+1, n)
	}
	return s
}

// sps is a sequence parameter set with all that can stand before the VUI.
func sps(everything bool, vui func(s *stream)) []byte {
	layers := uint32(0)
	if everything {
		layers = 2
	}
	s := new(stream)
	s.u(0, 4).u(layers, 3).u(1, 1)
	s.u(1, 8).u(0, 32).u(0, 32).u(0, 16).u(93, 8) // profile and level, with zeros to be escaped
	if everything {
		s.u(0b11, 2).u(0b01, 2).u(0, 12) // the first with a profile and a level, the second with a level
		s.u(0, 32).u(0, 32).u(0, 24).u(30, 8).u(60, 8)
		s.ue(0, 3).u(0, 1) // separate planes
	} else {
		s.ue(0, 1)
	}
	s.ue(1280, 720)
	if everything {
		s.u(1, 1).ue(0, 1, 2, 3)
	} else {
		s.u(0, 1)
	}
	s.ue(0, 0, 4)
	if everything {
		s.u(1, 1).ue(4, 2, 0, 4, 2, 0, 4, 2, 0)
	} else {
		s.u(0, 1).ue(4, 2, 0)
	}
	s.ue(0, 3, 0, 3, 1, 1)
	if everything {
		writeLists(s)
	} else {
		s.u(0, 1)
	}
	s.u(0b01, 2)
	if everything {
		s.u(1, 1).u(0x77, 8).ue(0, 2).u(1, 1)
		// Reference sets: of two and one pictures; predicted, of which two are kept; predicted.
		s.ue(3).ue(2, 1).ue(0).u(1, 1).ue(1).u(1, 1).ue(0).u(1, 1)
		s.u(1, 1).u(0, 1).ue(2).u(1, 1).u(0b01, 2).u(0b00, 2).u(0b00, 2)
		s.u(1, 1).u(1, 1).ue(0).u(0b1, 1).u(0b1, 1).u(0b00, 2)
		s.u(1, 1).ue(2).u(5, 8).u(1, 1).u(7, 8).u(0, 1) // of long-term pictures
	} else {
		s.u(0, 1).ue(0).u(0, 1)
	}
	s.u(0b10, 2)
	vui(s)
	return s.u(1, 1).data
}

// writeLists writes scaling lists of which some are predicted.
func writeLists(s *stream) {
	s.u(1, 1).u(1, 1)
	for size, coefficients := range []int{16, 64, 64, 64} {
		for list := range 6 {
			switch {
			case size == 3 && list > 1:
			case list == 1:
				s.u(0, 1).ue(1)
			default:
				s.u(1, 1)
				if size > 1 {
					s.ue(9)
				}
				for i := range coefficients {
					s.ue(uint32(i % 5))
				}
			}
		}
	}
}

// escaped puts a byte 3 behind two zeros where a small byte follows.
func escaped(data []byte) (out []byte) {
	zeros := 0
	for _, b := range data {
		if zeros == 2 && b <= 3 {
			out, zeros = append(out, 3), 0
		}
		out = append(out, b)
		if zeros++; b != 0 {
			zeros = 0
		}
	}
	return out
}

// hvcC is a box with a parameter set of another kind and one that is a sequence's.
func hvcC(sps []byte) []byte {
	unit := append([]byte{33 << 1, 1}, escaped(sps)...)
	other := []byte{33 << 1, 1<<3 | 1, 0xff} // of another layer
	return box("hvcC", make([]byte, 22), []byte{2},
		[]byte{0x80 | 32}, u16(1, 3), []byte{64, 1, 0},
		[]byte{0x80 | 33}, u16(2, uint16(len(other))), other, u16(uint16(len(unit))), unit)
}

// picture is a file of one picture with these properties.
func picture(kind string, content []byte, properties ...[]byte) []byte {
	of := []byte{byte(1 + len(properties))}
	for i := range len(properties) + 1 {
		of = append(of, byte(i+1))
	}
	return append(box("ftyp", []byte("mif1"), u32(0)), fullBox("meta", 0, 0,
		fullBox("pitm", 0, 0, u16(1)),
		fullBox("iinf", 0, 0, u16(1), fullBox("infe", 2, 0, u16(1, 0), []byte(kind), []byte{0})),
		fullBox("iloc", 1, 0, []byte{0x44, 0}, u16(1), u16(1, 1, 0, 1), u32(0, uint32(len(content)))),
		box("idat", content),
		box("iprp", box("ipco", append([][]byte{fullBox("ispe", 0, 0, u32(8, 8))}, properties...)...), fullBox("ipma", 0, 0, u32(1), u16(1), of)))...)
}

// codes are what is said of a picture's numbers.
type codes struct {
	primaries, transfer, matrix int
	full                        bool
}

func codesOf(t *testing.T, data []byte) codes {
	t.Helper()
	f, err := heiffile.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return codes{f.Primaries, f.Transfer, f.Matrix, f.Full}
}

func TestCodesOfHEVC(t *testing.T) {
	none := func(s *stream) { s.u(0, 1) }
	unsaid := func(s *stream) { s.u(1, 1).u(0, 1).u(0, 1).u(0, 1) }
	full := func(s *stream) {
		s.u(1, 1).u(1, 1).u(255, 8).u(0x40003, 32).u(1, 1).u(0, 1).u(1, 1).u(5, 3).u(1, 1).u(0, 1)
	}
	wide := func(s *stream) {
		s.u(1, 1).u(1, 1).u(1, 8).u(0, 1).u(1, 1).u(5, 3).u(0, 1).u(1, 1).u(9, 8).u(16, 8).u(9, 8)
	}
	for _, everything := range []bool{false, true} {
		for name, c := range map[string]struct {
			vui  func(s *stream)
			want codes
		}{
			"no VUI": {none, codes{0, 0, 2, false}}, "no range": {unsaid, codes{0, 0, 2, false}},
			"full": {full, codes{0, 0, 2, true}}, "wide": {wide, codes{9, 16, 9, false}},
		} {
			if got := codesOf(t, picture("hvc1", nil, hvcC(sps(everything, c.vui)))); got != c.want {
				t.Errorf("%s, everything %v: %+v", name, everything, got)
			}
		}
	}
	boxed := box("colr", []byte("nclx"), u16(1, 13, 6), []byte{0x80})
	if got := codesOf(t, picture("hvc1", nil, hvcC(sps(false, wide)), boxed)); got != (codes{1, 13, 6, true}) {
		t.Errorf("a box: %+v", got)
	}
	profile := box("colr", []byte("prof"), []byte("profile"))
	if got := codesOf(t, picture("hvc1", nil, profile, hvcC(sps(false, wide)))); got != (codes{9, 16, 9, false}) {
		t.Errorf("a profile: %+v", got)
	}
	// What breaks off says nothing.
	whole := sps(true, wide)
	if got := codesOf(t, picture("hvc1", nil, hvcC(whole[:len(whole)/2]))); got != (codes{0, 0, 2, true}) {
		t.Errorf("cut off: %+v", got)
	}
}

// header is an AV1 sequence header.
func header(reduced bool, colours func(s *stream)) []byte {
	s := new(stream)
	if reduced {
		s.u(0, 3).u(0b11, 2).u(8, 5).u(9, 4).u(9, 4).u(100, 10).u(100, 10).u(0, 3).u(0, 3)
	} else {
		s.u(0, 3).u(0b00, 2)
		s.u(1, 1).u(1, 32).u(25, 32).u(1, 1).ue(7) // times
		s.u(1, 1).u(4, 5).u(1, 32).u(0, 10)        // a model
		s.u(1, 1).u(1, 5)                          // two points
		s.u(1, 12).u(9, 5).u(1, 1).u(1, 1).u(0, 11).u(1, 1).u(3, 4)
		s.u(2, 12).u(2, 5).u(0, 1).u(0, 1)
		s.u(9, 4).u(9, 4).u(100, 10).u(100, 10)
		s.u(1, 1).u(0, 7) // numbers of frames
		s.u(0, 3).u(0, 4).u(1, 1).u(0, 2).u(0, 1).u(1, 1).u(0, 1).u(1, 1).u(6, 3)
		s.u(0, 3)
	}
	colours(s)
	return s.u(0, 8).data
}

func TestCodesOfAV1(t *testing.T) {
	// A depth of 10 bits, not grey, and colours.
	full := func(s *stream) { s.u(1, 1).u(0, 1).u(1, 1).u(12, 8).u(13, 8).u(6, 8).u(1, 1) }
	rgb := func(s *stream) { s.u(0, 1).u(0, 1).u(1, 1).u(1, 8).u(13, 8).u(0, 8) }
	grey := func(s *stream) { s.u(0, 1).u(1, 1).u(0, 1).u(0, 1) }
	unit := func(kind byte, data []byte) []byte {
		return append([]byte{kind<<3 | 2, byte(len(data)) | 0x80, 0}, data...) // a length in two bytes
	}
	for name, c := range map[string]struct {
		colours func(s *stream)
		want    codes
	}{
		"full": {full, codes{12, 13, 6, true}}, "RGB": {rgb, codes{1, 13, 0, true}}, "grey": {grey, codes{0, 0, 2, false}},
	} {
		for _, reduced := range []bool{false, true} {
			units := append(unit(2, nil), unit(1, header(reduced, c.colours))...)
			if got := codesOf(t, picture("av01", nil, box("av1C", make([]byte, 4), units))); got != c.want {
				t.Errorf("%s in the box: %+v", name, got)
			}
			if got := codesOf(t, picture("av01", units, box("av1C", make([]byte, 4)))); got != c.want {
				t.Errorf("%s in the stream: %+v", name, got)
			}
		}
	}
}

// TestWhoSpeaksForTiles reads a picture in tiles whose own box, then theirs, then their stream
// says what the codes mean.
func TestWhoSpeaksForTiles(t *testing.T) {
	stream := hvcC(sps(false, func(s *stream) { s.u(0, 1) }))
	own, theirs := box("colr", []byte("nclx"), u16(9, 16, 9), []byte{0}), box("colr", []byte("nclx"), u16(1, 13, 1), []byte{0x80})
	file := func(of []byte) []byte {
		infe := func(id uint16, kind string) []byte { return fullBox("infe", 2, 0, u16(id, 0), []byte(kind), []byte{0}) }
		return append(box("ftyp", []byte("heic")), fullBox("meta", 0, 0, fullBox("pitm", 0, 0, u16(1)),
			fullBox("iinf", 0, 0, u16(2), infe(1, "grid"), infe(2, "hvc1")),
			fullBox("iref", 0, 0, box("dimg", u16(1, 1, 2))),
			box("iprp", box("ipco", fullBox("ispe", 0, 0, u32(8, 8)), stream, own, theirs), fullBox("ipma", 0, 0, u32(2), of)))...)
	}
	for _, c := range []struct {
		of      []byte // which item has which property
		want    codes
		recoded bool
	}{
		{[]byte{0, 1, 2, 1, 3, 0, 2, 3, 1, 2, 4}, codes{9, 16, 9, false}, true},
		{[]byte{0, 1, 2, 1, 4, 0, 2, 3, 1, 2, 4}, codes{1, 13, 1, true}, false},
		{[]byte{0, 1, 1, 1, 0, 2, 3, 1, 2, 4}, codes{1, 13, 1, true}, false},
		{[]byte{0, 1, 1, 1, 0, 2, 2, 1, 2}, codes{0, 0, 2, false}, false},
	} {
		data := file(c.of)
		if got := codesOf(t, data); got != c.want {
			t.Errorf("%v: %+v", c.of, got)
		}
		if f, _ := heiffile.Read(data); f.Recoded != c.recoded || !f.Put {
			t.Errorf("%v: recoded %v, put together %v", c.of, f.Recoded, f.Put)
		}
	}
}

func TestFilm(t *testing.T) {
	if _, err := heiffile.Read(append(box("ftyp", []byte("msf1")), box("moov")...)); !errors.Is(err, heiffile.ErrFilm) {
		t.Errorf("err = %v", err)
	}
}

// FuzzCodes reads parameter sets and sequence headers, whole and damaged.
func FuzzCodes(f *testing.F) {
	f.Add(sps(true, func(s *stream) { s.u(0, 1) }), false)
	f.Add(append([]byte{1<<3 | 2, 60}, header(false, func(s *stream) { s.u(0, 4) })...), true)
	f.Fuzz(func(t *testing.T, data []byte, av1 bool) {
		file := picture("av01", data, box("av1C", make([]byte, 4)))
		if !av1 {
			if len(data) > 1<<15 {
				return
			}
			file = picture("hvc1", nil, hvcC(data))
		}
		got, err := heiffile.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if got.Matrix > 255 || got.Primaries == 2 {
			t.Fatalf("%+v", got)
		}
	})
}
