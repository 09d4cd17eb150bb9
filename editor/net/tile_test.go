package net

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// sameTile fails the test unless the processor's own tile gives what plainTile does, but for
// rounding: a sum of n products may differ by n roundings of the largest sum on the way.
func sameTile(t *testing.T, c [rows * columns]float32, a, b []float32, depth int) {
	t.Helper()
	got, want := c, c
	tile(&got, a, b, depth)
	plainTile(&want, a, b, depth)
	for r := range rows {
		for j := range columns {
			i := r*columns + j
			size := math.Abs(float64(c[i]))
			for k := range depth {
				size += math.Abs(float64(a[r*depth+k]) * float64(b[k*columns+j]))
			}
			if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= size*float64(depth+1)*0x1p-23) {
				t.Fatalf("row %d, channel %d of depth %d: %v, want %v", r, j, depth, got[i], want[i])
			}
		}
	}
}

func numbers(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

func TestTilesAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for depth := range 70 {
		var c [rows * columns]float32
		copy(c[:], numbers(rng, len(c)))
		sameTile(t, c, numbers(rng, rows*depth), numbers(rng, columns*depth), depth)
	}
}

// FuzzTile compares the processor's own tile with plainTile.
func FuzzTile(f *testing.F) {
	f.Add(make([]byte, 4*(rows*columns+rows+columns)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v []float32
		for ; len(data) >= 4; data = data[4:] {
			x := math.Float32frombits(binary.LittleEndian.Uint32(data))
			if !(math.Abs(float64(x)) < 1e15) || math.Abs(float64(x)) < 1e-15 { // sums that are rounded, not too large or lost
				x = 1
			}
			v = append(v, x)
		}
		depth := (len(v) - rows*columns) / (rows + columns)
		if depth < 0 {
			return
		}
		var c [rows * columns]float32
		v = v[copy(c[:], v):]
		sameTile(t, c, v[:rows*depth], v[rows*depth:][:columns*depth], depth)
	})
}

// BenchmarkTile tells the processor's own tile and the plain one, and their ratio.
func BenchmarkTile(b *testing.B) {
	const depth = 144
	rng := rand.New(rand.NewPCG(1, 2))
	x, w := numbers(rng, rows*depth), numbers(rng, columns*depth)
	var c [rows * columns]float32
	rate := func(f func()) float64 {
		start := b.Elapsed()
		for range b.N {
			f()
		}
		return float64(b.N) * 2 * rows * columns * depth / float64(b.Elapsed()-start)
	}
	b.ResetTimer()
	own := rate(func() { tile(&c, x, w, depth) })
	plain := rate(func() { plainTile(&c, x, w, depth) })
	b.ReportMetric(own, "GFLOP/s")
	b.ReportMetric(plain, "plain-GFLOP/s")
	b.ReportMetric(own/plain, "ratio")
}
