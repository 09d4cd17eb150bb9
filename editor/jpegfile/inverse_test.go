package jpegfile

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// sameTransform fails the test unless the processor's own transform writes what
// transform8x8 does, and nothing beside.
func sameTransform(t *testing.T, w *[64]int32, few bool) {
	t.Helper()
	const stride, before = 11, 3
	got, want := make([]byte, before+8*stride), make([]byte, before+8*stride)
	for i := range got {
		got[i], want[i] = byte(i), byte(i)
	}
	a, b := *w, *w
	transform(got[before:], stride, &a, few)
	transform8x8(want[before:], stride, &b, few)
	if string(got) != string(want) {
		t.Fatalf("coefficients %v\ngot  %v\nwant %v", w, got, want)
	}
}

func TestTransformsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	extremes := []int32{0, 1, -1, 1 << 13, 255 << 3, math.MaxInt16, math.MinInt16, 1<<18 - 1, 1 << 18, -1 << 19, math.MaxInt32, math.MinInt32}
	var w [64]int32
	for range 20_000 {
		few := rng.IntN(4) == 0
		size, share := rng.IntN(32), rng.IntN(65)
		for i := range w {
			w[i] = 0
			if few && (i%8 > 3 || i > 31) || rng.IntN(64) >= share {
				continue
			}
			if w[i] = int32(rng.Uint32()) >> size; rng.IntN(8) == 0 {
				w[i] = extremes[rng.IntN(len(extremes))]
			}
		}
		sameTransform(t, &w, few)
	}
	for _, v := range extremes {
		for at := range w {
			clear(w[:])
			w[at] = v
			sameTransform(t, &w, false)
		}
		for at := range w {
			w[at] = v
		}
		sameTransform(t, &w, false)
	}
}

// FuzzTransform compares the processor's own transform with transform8x8.
func FuzzTransform(f *testing.F) {
	f.Add(make([]byte, 256))
	f.Add([]byte{0, 4, 0, 0, 255, 255, 255, 127})
	f.Fuzz(func(t *testing.T, data []byte) {
		var w [64]int32
		for i := range min(64, len(data)/4) {
			w[i] = int32(binary.LittleEndian.Uint32(data[4*i:]))
		}
		sameTransform(t, &w, false)
	})
}

// BenchmarkTransform computes one block of samples.
func BenchmarkTransform(b *testing.B) {
	var start [64]int32
	for i := range start {
		start[i] = int32(i*37%64) - 32
	}
	dst := make([]byte, 64)
	for b.Loop() {
		w := start
		transform(dst, 8, &w, false)
	}
}
