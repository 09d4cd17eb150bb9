package person_test

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"math"
	"os"
	"testing"

	"overpaint/editor/person"
)

// reference reads what TensorFlow Lite 2.11 (its build for the web, @tensorflow/tfjs-tflite
// 0.0.1-alpha.10, with XNNPACK) gives for a picture: every third pixel of every third row. Of
// the last layer, which that build doesn't have, it is the definition, computed with float64.
func reference(t *testing.T, name string) []float32 {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".reference")
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, len(data)/4)
	if err := binary.Read(bytes.NewReader(data), binary.LittleEndian, v); err != nil {
		t.Fatal(err)
	}
	return v
}

// astronaut is NASA's portrait of Eileen Collins, in the public domain.
func astronaut(t *testing.T) []float32 {
	t.Helper()
	data, err := os.ReadFile("testdata/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var v []float32
	for y := range person.Side {
		for x := range person.Side {
			r, g, b, _ := img.At(x, y).RGBA()
			for _, c := range []uint32{r, g, b} {
				v = append(v, float32(c>>8)/255)
			}
		}
	}
	return v
}

// noise has random bytes, by a linear congruential generator.
func noise() []float32 {
	v, state := make([]float32, person.Side*person.Side*3), uint32(1)
	for i := range v {
		state = (state*1103515245 + 12345) & 0x7fffffff
		v[i] = float32(state>>16&255) / 255
	}
	return v
}

func TestTheNetworkGivesWhatTheReferenceDoes(t *testing.T) {
	for name, picture := range map[string][]float32{"astronaut": astronaut(t), "noise": noise()} {
		got, err := person.Likely(t.Context(), picture)
		if err != nil {
			t.Fatal(err)
		}
		want := reference(t, name)
		most, i := 0.0, 0
		for y := 0; y < person.Side; y += 3 {
			for x := 0; x < person.Side; x += 3 {
				most = max(most, math.Abs(float64(got[y*person.Side+x]-want[i])))
				i++
			}
		}
		t.Logf("%s: they differ by %.2g at most", name, most)
		if i != len(want) || !(most < 1e-3) {
			t.Errorf("%s: they differ by %.3g, of %d values", name, most, len(want))
		}
	}
}

func BenchmarkLikely(b *testing.B) {
	picture := noise()
	for b.Loop() {
		if _, err := person.Likely(b.Context(), picture); err != nil {
			b.Fatal(err)
		}
	}
}
