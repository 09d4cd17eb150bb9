package tifffile

import (
	"image/color"
	"math"
	"testing"
)

// luvOf returns luminance and CIE u'v' of linear sRGB, with the white of equal energy.
func luvOf(r, g, b float64) (l, u, v float64) {
	x := (0.4124564*r + 0.3575761*g + 0.1804375*b) / 0.950456
	y := 0.2126729*r + 0.7151522*g + 0.0721750*b
	z := (0.0193339*r + 0.1191920*g + 0.9503041*b) / 1.089058
	return y, 4 * x / (x + 15*y + 3*z), 9 * y / (x + 15*y + 3*z)
}

func code16(l float64) uint32 { return uint32(math.Floor(256 * (math.Log2(l) + 64))) }

// code24 returns LogLuv24 of a colour.
func code24(l, u, v float64) uint32 {
	index := 0
	row := int((v - 0.016940) / 0.0035)
	for _, r := range uvRows[:row] {
		index += r.n
	}
	index += int((u - uvRows[row].start) / 0.0035)
	return uint32(math.Floor(64*(math.Log2(l)+12)))<<14 | uint32(index)
}

// TestLogLuv reads colours in the three logarithmic codings.
func TestLogLuv(t *testing.T) {
	linear := func(v uint16) float64 {
		if s := float64(v) / 0xffff; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 0xffff / 12.92
	}
	for _, want := range []color.NRGBA64{
		{0xfff0, 0xfff0, 0xfff0, 0xffff}, {0x8000, 0x8000, 0x8000, 0xffff}, {0xd000, 0x4000, 0x3000, 0xffff},
		{0x2000, 0xa000, 0x4000, 0xffff}, {0x3000, 0x4000, 0xc000, 0xffff},
	} {
		l, u, v := luvOf(linear(want.R), linear(want.G), linear(want.B))
		c := code16(l)<<16 | uint32(u*410)<<8 | uint32(v*410)
		four := []byte{1, byte(c >> 24), 1, byte(c >> 16), 1, byte(c >> 8), 1, byte(c)}
		got := at(decode(t, newBuilder(1, 1, compressLog, inLogLuv, 16, 16, 16).file(four)), 0, 0)
		if !near(got, want, 0x480) {
			t.Errorf("LogLuv32: %v, want %v", got, want)
		}
		c = code24(l, u, v)
		got = at(decode(t, newBuilder(1, 1, compressLog24, inLogLuv, 16, 16, 16).file([]byte{byte(c >> 16), byte(c >> 8), byte(c)})), 0, 0)
		if !near(got, want, 0x900) {
			t.Errorf("LogLuv24: %v, want %v", got, want)
		}
		if want.R == want.B {
			c := code16(linear(want.R))
			img := decode(t, newBuilder(1, 1, compressLog, inLogL, 16).file([]byte{1, byte(c >> 8), 1, byte(c)}))
			if got := at(img, 0, 0); !near(got, want, 0x100) {
				t.Errorf("LogL: %v, want %v", got, want)
			}
		}
	}
}

// TestLogRuns reads runs, which do not go on from row to row, and luminances that
// have no place between black and white.
func TestLogRuns(t *testing.T) {
	white, low := byte(0x40), byte(0x10)
	data := []byte{
		128 + 1, white, 1, 0, 128 + 2, low, // 3 x white, 0; 4 x low: a row of 4
		4, white, 0xc0, 0, 0x50, 128 + 2, 0, // white, negative, 0, brighter than white
	}
	img := decode(t, newBuilder(4, 2, compressLog, inLogL, 16).file(data))
	for i, want := range []uint16{0xffff, 0xffff, 0xffff, 0, 0xffff, 0, 0, 0xffff} {
		if got := at(img, i%4, i/4).R; got != want {
			t.Errorf("pixel %d: %d, want %d", i, got, want)
		}
	}
	all := Directories(newBuilder(4, 2, compressLog, inLogL, 16).file(data[:8]))
	p, err := all[0].Page()
	if err != nil {
		t.Fatal(err)
	}
	if img, whole, err := p.Decode(); err != nil || whole || at(img, 2, 0).R != 0xffff {
		t.Errorf("half a file: whole = %v, err = %v", whole, err)
	}
	for _, b := range []*builder{
		newBuilder(1, 1, compressNone, inLogL, 16), newBuilder(1, 1, compressLog24, inLogL, 16),
		newBuilder(1, 1, compressLog, inLogLuv, 16), newBuilder(1, 1, compressLog, inRGB, 16, 16, 16),
	} {
		if _, err := Directories(b.file(data))[0].Page(); err == nil {
			t.Errorf("%v was accepted", b.tags)
		}
	}
}
