package colour_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/kovidgoyal/imaging/prism/meta/icc"

	"overpaint.dev/overpaint/editor/colour"
)

// near reports whether two colours differ by at most so many levels.
func near(a, b []byte, most int) bool {
	for i := range 3 {
		if d := int(a[i]) - int(b[i]); d > most || d < -most {
			return false
		}
	}
	return true
}

// TestColoursAreThoseOfLittleCMS compares with the output of transicc for profiles of these
// spaces.
func TestColoursAreThoseOfLittleCMS(t *testing.T) {
	p3, adobe := colour.Coded(12, 13), colour.AdobeRGB()
	for _, c := range []struct {
		space    *colour.Space
		in, want [3]byte
	}{
		{p3, [3]byte{128, 64, 200}, [3]byte{138, 59, 207}},
		{p3, [3]byte{200, 120, 60}, [3]byte{213, 115, 42}},
		{p3, [3]byte{77, 77, 77}, [3]byte{77, 77, 77}},
		{p3, [3]byte{255, 0, 0}, [3]byte{255, 0, 0}},
		{adobe, [3]byte{128, 64, 200}, [3]byte{146, 62, 205}},
		{adobe, [3]byte{200, 120, 60}, [3]byte{224, 121, 53}},
		{adobe, [3]byte{77, 77, 77}, [3]byte{76, 76, 76}},
		{adobe, [3]byte{0, 255, 0}, [3]byte{0, 255, 0}},
	} {
		row := append(c.in[:], 9)
		c.space.ToSRGB(row)
		if !near(row, c.want[:], 1) || row[3] != 9 {
			t.Errorf("%v is %v, not %v", c.in, row, c.want)
		}
	}
}

func TestSRGBCostsNothing(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	spaces := []*colour.Space{nil, colour.Coded(1, 13), colour.Coded(1, 1), colour.Gamma(0.45455, nil), colour.Gamma(0, nil)}
	if s, err := colour.FromICC(icc.Srgb_xyz_profile_data); err != nil {
		t.Error(err)
	} else {
		spaces = append(spaces, s)
	}
	for i, s := range spaces {
		if s != nil || s.SRGB(img) != img || s.Of(img) != img || s.Profile() != nil {
			t.Errorf("space %d isn't sRGB", i)
		}
	}
}

// cube returns a picture of colours of the whole space.
func cube() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := 0; i < len(img.Pix); i += 4 {
		n := i / 4
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = byte(n%16*17), byte(n/16%16*17), byte(n/256*17), byte(n)
	}
	return img
}

// difference returns the mean and the largest difference of two pictures.
func difference(a, b *image.NRGBA) (mean float64, most int) {
	sum := 0
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		d = max(d, -d)
		sum, most = sum+d, max(most, d)
	}
	return float64(sum) / float64(len(a.Pix)), most
}

// TestColoursOfSRGBComeBack allows for the precision of eight bits in the darkest tones of
// a wider space.
func TestColoursOfSRGBComeBack(t *testing.T) {
	lut, err := colour.FromICC(tableProfile(colour.RGB, 9, labOf))
	if err != nil || lut == nil {
		t.Fatal(lut, err)
	}
	for name, s := range map[string]*colour.Space{"P3": colour.Coded(12, 13), "Adobe RGB": colour.AdobeRGB(), "BT.2020": colour.Coded(9, 13), "a table": lut} {
		img := cube()
		own := s.Of(img)
		again := s.SRGB(own)
		if mean, most := difference(again, img); mean > 0.5 || most > 30 {
			t.Errorf("%s: sRGB comes back by %.2f, at most %d, off", name, mean, most)
		}
		if mean, most := difference(s.Of(again), own); mean > 0.5 || most > 6 {
			t.Errorf("%s: its own comes back by %.2f, at most %d, off", name, mean, most)
		}
	}
}

func TestWrittenProfilesDescribeTheSameSpace(t *testing.T) {
	for name, s := range map[string]*colour.Space{
		"P3": colour.Coded(12, 13), "Adobe RGB": colour.AdobeRGB(), "gamma": colour.Gamma(1/1.8, nil),
		"primaries": colour.Gamma(0.5, &colour.Primaries{White: [2]float64{0.3457, 0.3585}, Red: [2]float64{0.7, 0.3}, Green: [2]float64{0.2, 0.7}, Blue: [2]float64{0.14, 0.05}}),
	} {
		read, err := colour.FromICC(s.Profile())
		if err != nil {
			t.Fatal(name, err)
		}
		if mean, most := difference(read.SRGB(cube()), s.SRGB(cube())); most > 1 {
			t.Errorf("%s: read again %.2f, at most %d, off", name, mean, most)
		}
		if !read.Same(s) || read.Same(nil) {
			t.Errorf("%s: not the same", name)
		}
	}
}

func TestHDRHighlightsAreClipped(t *testing.T) {
	for transfer, white := range map[int]byte{16: 148, 18: 191} { // the codes of 203 cd/m2
		s := colour.Coded(9, transfer)
		row := []byte{255, 255, 255, 255, white, white, white, 255, 0, 0, 0, 255}
		s.ToSRGB(row)
		if !near(row, []byte{255, 255, 255}, 0) || !near(row[4:], []byte{255, 255, 255}, 4) || !near(row[8:], []byte{0, 0, 0}, 0) {
			t.Errorf("transfer %d: %v", transfer, row)
		}
		if s.Profile() != nil {
			t.Errorf("transfer %d has a profile", transfer)
		}
	}
}

func TestGreyTones(t *testing.T) {
	s, err := colour.FromGreyICC(greyProfile(1.8))
	if err != nil {
		t.Fatal(err)
	}
	row := []byte{128, 128, 128, 255}
	s.ToSRGB(row)
	want := byte(math.Round(255 * (1.055*math.Pow(math.Pow(128.0/255, 1.8), 1/2.4) - 0.055)))
	if !near(row, []byte{want, want, want}, 1) {
		t.Errorf("the middle is %v, not %d", row, want)
	}
	if colour.ModelOf(s.Profile()) != colour.RGB {
		t.Error("there is no profile for colours of these tones")
	}
	if _, err := colour.FromICC(greyProfile(1.8)); err == nil {
		t.Error("a grey profile counts as one of colours")
	}
}

func TestInks(t *testing.T) {
	k, err := colour.FromInksICC(tableProfile(colour.CMYK, 5, func(v []float64) [3]float64 {
		return labOf([]float64{(1 - v[0]) * (1 - v[3]), (1 - v[1]) * (1 - v[3]), (1 - v[2]) * (1 - v[3])})
	}))
	if err != nil {
		t.Fatal(err)
	}
	row := []byte{0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 255, 255, 0}
	k.ToSRGB(row, row)
	for i, want := range [][3]byte{{255, 255, 255}, {0, 255, 255}, {0, 0, 0}, {255, 0, 0}} {
		if !near(row[4*i:], want[:], 3) || row[4*i+3] != 255 {
			t.Errorf("mixture %d is %v", i, row[4*i:4*i+4])
		}
	}
	if k.Mixes() {
		t.Error("a profile without a way back has one")
	}
}

func TestBrokenProfiles(t *testing.T) {
	whole := [][]byte{colour.AdobeRGB().Profile(), tableProfile(colour.RGB, 3, labOf), greyProfile(2), tableProfile(colour.CMYK, 2, labOf)}
	read := func(p []byte) {
		_, _ = colour.FromICC(p)
		_, _ = colour.FromGreyICC(p)
		_, _ = colour.FromInksICC(p)
	}
	for _, p := range whole {
		for n := 0; n < len(p); n += 1 + len(p)/20 {
			cut := bytes.Clone(p[:n])
			read(cut)
			if n >= 4 {
				binary.BigEndian.PutUint32(cut, uint32(n))
				read(cut)
			}
		}
		for at := 0; at < min(len(p), 300); at += 13 {
			bad := bytes.Clone(p)
			bad[at] ^= 0xff
			read(bad)
		}
	}
	huge := bytes.Clone(whole[0])
	binary.BigEndian.PutUint32(huge[128:], 1<<31)
	if _, err := colour.FromICC(huge); err == nil {
		t.Error("a table of two thousand million tags was read")
	}
}

// linear is a curve that changes nothing.
const linear = "curv\x00\x00\x00\x00\x00\x00\x00\x00"

// lutTag returns a table with curves (ICC.1:2022, 10.12 and 10.13); the parts are the B curves,
// the matrix, the M curves, the table and the A curves, "" where there are none.
func lutTag(kind string, in, out byte, parts [5]string) []byte {
	b := append([]byte(kind+"\x00\x00\x00\x00"), in, out, 0, 0)
	var data []byte
	for _, p := range parts {
		at := uint32(0)
		if p != "" {
			at = uint32(32 + len(data))
		}
		b = binary.BigEndian.AppendUint32(b, at)
		data = append(data, p...)
	}
	return append(b, append(data, make([]byte, 64)...)...)
}

// TestProfilesThatAskForMemory checks that a few hundred bytes can't make a reader take gigabytes.
func TestProfilesThatAskForMemory(t *testing.T) {
	const vast = "curv\x00\x00\x00\x00\x40\x00\x00\x00"
	const para = "para\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00"
	table := func(precision byte) string {
		return "\xff\xff\xff\xff" + string(make([]byte, 12)) + string([]byte{precision, 0, 0, 0})
	}
	xyz := []byte("XYZ \x00\x00\x00\x00\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")
	for name, p := range map[string][]byte{
		"grey curve":        profileOf(colour.Grey, "XYZ ", map[string][]byte{"kTRC": []byte(vast), "wtpt": xyz}),
		"red curve":         profileOf(colour.RGB, "XYZ ", map[string][]byte{"rTRC": []byte(vast), "gTRC": []byte(linear), "bTRC": []byte(linear), "rXYZ": xyz, "gXYZ": xyz, "bXYZ": xyz, "wtpt": xyz}),
		"B curves":          profileOf(colour.RGB, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 3, 3, [5]string{linear + linear + vast})}),
		"after parametric":  profileOf(colour.RGB, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 3, 3, [5]string{para + linear + vast})}),
		"M curves":          profileOf(colour.RGB, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 3, 3, [5]string{linear + linear + linear, "", vast})}),
		"A curves":          profileOf(colour.CMYK, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 4, 3, [5]string{linear + linear + linear, "", "", "", linear + linear + linear + vast})}),
		"no precision":      profileOf(colour.RGB, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 3, 3, [5]string{linear + linear + linear, "", "", table(0)})}),
		"inks no precision": profileOf(colour.CMYK, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 4, 3, [5]string{linear + linear + linear, "", "", table(0)})}),
		"way back":          profileOf(colour.CMYK, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 4, 3, [5]string{linear + linear + linear}), "B2A0": lutTag("mBA ", 3, 4, [5]string{vast})}),
		"15 channels":       profileOf(colour.RGB, "Lab ", map[string][]byte{"A2B0": append([]byte("mft1\x00\x00\x00\x00\x0f\x03\xff\x00"), make([]byte, 5000)...)}),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var err error
		switch colour.ModelOf(p) {
		case colour.RGB:
			_, err = colour.FromICC(p)
		case colour.Grey:
			_, err = colour.FromGreyICC(p)
		case colour.CMYK:
			_, err = colour.FromInksICC(p)
		}
		runtime.ReadMemStats(&after)
		if !errors.Is(err, colour.ErrProfile) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
			t.Errorf("%s: took %d MB", name, taken>>20)
		}
	}
}

// smallTable is a table of two points a channel, one byte each.
var smallTable = "\x02\x02\x02" + string(make([]byte, 13)) + "\x01\x00\x00\x00" + string(make([]byte, 21)) + "\xff\x80\x80"

// FuzzProfile checks that reading any bytes as a profile doesn't panic.
func FuzzProfile(f *testing.F) {
	f.Add(colour.AdobeRGB().Profile())
	f.Add(tableProfile(colour.RGB, 2, labOf))
	f.Add(tableProfile(colour.CMYK, 2, labOf))
	f.Add(greyProfile(2))
	f.Add(profileOf(colour.RGB, "Lab ", map[string][]byte{"A2B0": lutTag("mAB ", 3, 3, [5]string{linear + linear + linear, "", "", smallTable, linear + linear + linear})}))
	f.Fuzz(func(t *testing.T, p []byte) {
		s, _ := colour.FromICC(p)
		g, _ := colour.FromGreyICC(p)
		k, _ := colour.FromInksICC(p)
		row := []byte{1, 2, 3, 4, 250, 240, 230, 220}
		s.ToSRGB(row)
		g.ToSRGB(row)
		if k != nil {
			k.ToSRGB(row, row)
		}
	})
}

// labOf returns the CIELAB of linear sRGB, with the white of D50; a table of it isn't sRGB.
func labOf(v []float64) [3]float64 {
	x := 0.4360747*v[0] + 0.3850649*v[1] + 0.1430804*v[2]
	y := 0.2225045*v[0] + 0.7168786*v[1] + 0.0606169*v[2]
	z := 0.0139322*v[0] + 0.0971045*v[1] + 0.7141733*v[2]
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x, y, z = f(x/0.9642), f(y), f(z/0.8249)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// profileOf returns a profile with a header and tags.
func profileOf(m colour.Model, pcs string, tags map[string][]byte) []byte {
	p := make([]byte, 128)
	copy(p[8:], "\x02\x40\x00\x00mntr"+string(m)+pcs)
	copy(p[36:], "acsp")
	copy(p[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")
	p = binary.BigEndian.AppendUint32(p, uint32(len(tags)))
	at := len(p) + 12*len(tags)
	var data []byte
	for name, t := range tags {
		p = binary.BigEndian.AppendUint32(append(p, name...), uint32(at+len(data)))
		p = binary.BigEndian.AppendUint32(p, uint32(len(t)))
		data = append(append(data, t...), make([]byte, (4-len(t)%4)%4)...)
	}
	p = append(p, data...)
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}

func greyProfile(gamma float64) []byte {
	curve := binary.BigEndian.AppendUint16([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), uint16(gamma*256))
	return profileOf(colour.Grey, "XYZ ", map[string][]byte{"kTRC": curve, "wtpt": []byte("XYZ \x00\x00\x00\x00\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d")})
}

// tableProfile returns a profile with a table of so many points a channel (lut16Type,
// ICC.1:2001-04, 6.5.7); f gives the CIELAB of channels.
func tableProfile(m colour.Model, side int, f func(v []float64) [3]float64) []byte {
	n := map[colour.Model]int{colour.RGB: 3, colour.CMYK: 4}[m]
	t := append([]byte("mft2\x00\x00\x00\x00"), byte(n), 3, byte(side), 0)
	for i := range 9 {
		v := uint32(0)
		if i%4 == 0 {
			v = 65536
		}
		t = binary.BigEndian.AppendUint32(t, v)
	}
	t = append(t, 0, 2, 0, 2)
	for range n {
		t = append(t, 0, 0, 0xff, 0xff)
	}
	points := 1
	for range n {
		points *= side
	}
	for i := range points {
		v := make([]float64, n)
		for c, k := n-1, i; c >= 0; c, k = c-1, k/side {
			v[c] = float64(k%side) / float64(side-1)
		}
		lab := f(v)
		for _, x := range [3]float64{lab[0] / 100 * 0xff00, (lab[1] + 128) * 256, (lab[2] + 128) * 256} {
			t = binary.BigEndian.AppendUint16(t, uint16(min(max(x+0.5, 0), 65535)))
		}
	}
	for range 3 {
		t = append(t, 0, 0, 0xff, 0xff)
	}
	return profileOf(m, "Lab ", map[string][]byte{"A2B0": t})
}

// BenchmarkToSRGB converts a frame of 1920x1080.
func BenchmarkToSRGB(b *testing.B) {
	lut, _ := colour.FromICC(tableProfile(colour.RGB, 9, labOf))
	for name, s := range map[string]*colour.Space{"curves": colour.AdobeRGB(), "table": lut} {
		b.Run(name, func(b *testing.B) {
			row := make([]byte, 4*1920*1080)
			for i := range row {
				row[i] = byte(i * 7 >> 2)
			}
			b.SetBytes(int64(len(row)))
			for b.Loop() {
				s.ToSRGB(row)
			}
		})
	}
}

// TestConversionsBetweenSpaces converts pictures for screens: colours outside sRGB stay on a
// wide-gamut screen, the same space changes nothing, and sRGB agrees with ToSRGB and FromSRGB.
func TestConversionsBetweenSpaces(t *testing.T) {
	p3, wide, adobe := colour.Coded(12, 13), colour.Coded(9, 13), colour.AdobeRGB()
	if p3.To(p3) != nil || (*colour.Space)(nil).To(nil) != nil {
		t.Error("the same space is converted")
	}
	r := rand.New(rand.NewPCG(1, 2))
	worst := 0
	for range 2000 {
		row := []byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}
		there := slices.Clone(row)
		p3.To(wide).Convert(there)
		back := slices.Clone(there)
		wide.To(p3).Convert(back)
		for i := range 4 {
			if min(row[0], row[1], row[2]) >= 50 { // the darkest tones lie close together in the wider space
				worst = max(worst, int(row[i])-int(back[i]), int(back[i])-int(row[i]))
			}
		}
		out, want := slices.Clone(row), slices.Clone(row)
		adobe.To(nil).Convert(out)
		adobe.ToSRGB(want)
		if !slices.Equal(out, want) {
			t.Fatalf("%v to sRGB is %v, not %v", row, out, want)
		}
		in, want := slices.Clone(row), slices.Clone(row)
		(*colour.Space)(nil).To(adobe).Convert(in)
		adobe.FromSRGB(want)
		if !slices.Equal(in, want) {
			t.Fatalf("%v from sRGB is %v, not %v", row, in, want)
		}
	}
	if worst > 2 {
		t.Errorf("to a wider screen and back a level is off by %d", worst)
	}
}
