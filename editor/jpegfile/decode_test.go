package jpegfile_test

import (
	"bytes"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
	"overpaint.dev/overpaint/editor/parallel"
)

// decode returns the samples of a file, and fails where not every row is told once.
func decode(t *testing.T, data []byte) *jpegfile.Samples {
	t.Helper()
	var (
		samples *jpegfile.Samples
		mu      sync.Mutex
		told    []int
	)
	err := jpegfile.Decode(data, anySize, func(s *jpegfile.Samples) func(from, to int) {
		samples, told = s, make([]int, s.Height)
		return func(from, to int) {
			mu.Lock()
			defer mu.Unlock()
			for y := from; y < to; y++ {
				told[y]++
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for y, n := range told {
		if n != 1 {
			t.Fatalf("row %d was told %d times", y, n)
		}
	}
	return samples
}

// zigzagged returns the row and column of coefficient k, by walking the diagonals.
func zigzagged(k int) (u, v int) {
	for d := 0; ; d++ {
		n := min(d+1, 15-d)
		if k >= n {
			k -= n
			continue
		}
		along := max(0, d-7) + k
		if d%2 == 0 {
			return d - along, along
		}
		return along, d - along
	}
}

// transformed is the inverse transform by its definition (A.3.3).
func transformed(block *[64]int16, quant *[64]uint16) (out [64]float64) {
	scale := func(u int) float64 {
		if u == 0 {
			return math.Sqrt2 / 4
		}
		return 0.5
	}
	for k, c := range block {
		if c == 0 {
			continue
		}
		u, v := zigzagged(k)
		f := float64(c) * float64(quant[k]) * scale(u) * scale(v)
		for y := range 8 {
			for x := range 8 {
				out[8*y+x] += f * math.Cos(float64(2*y+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*x+1)*float64(v)*math.Pi/16)
			}
		}
	}
	for i := range out {
		out[i] = min(max(out[i]+128, 0), 255)
	}
	return out
}

// TestSamplesAreTheTransformOfTheCoefficients compares with the transform's
// definition, which integers may miss by a level.
func TestSamplesAreTheTransformOfTheCoefficients(t *testing.T) {
	fixtures(t, "*.jpg", func(t *testing.T, _ string, data []byte) {
		f, s := read(t, data), decode(t, data)
		for i := range f.Components {
			c, p := &f.Components[i], s.Planes[i]
			for by := range c.Rows {
				for bx := range c.Columns {
					want := transformed(c.Block(bx, by), &c.Quant)
					for j, w := range want {
						got := float64(p.Pix[(8*by+j/8)*p.Stride+8*bx+j%8])
						if math.Abs(got-w) > 0.6 {
							t.Fatalf("component %d, block (%d, %d), sample %d = %v, want %.2f", i, bx, by, j, got, w)
						}
					}
				}
			}
		}
	})
}

// TestSamplesAreThoseOfLibjpeg compares bit for bit.
func TestSamplesAreThoseOfLibjpeg(t *testing.T) {
	fixtures(t, "*.pgm", func(t *testing.T, name string, pgm []byte) {
		data, err := os.ReadFile(strings.TrimSuffix(name, ".pgm") + ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		s := decode(t, data)
		p := s.Planes[0]
		var got []byte
		for y := range s.Height {
			got = append(got, p.Pix[y*p.Stride:][:s.Width]...)
		}
		if want := pgm[len(pgm)-s.Width*s.Height:]; !bytes.Equal(got, want) {
			t.Errorf("the samples are not libjpeg's")
		}
	})
}

// TestRowsAreInterpolated compares with bilinear interpolation between the
// samples' centres in real numbers.
func TestRowsAreInterpolated(t *testing.T) {
	fixtures(t, "sample-*.jpg", func(t *testing.T, _ string, data []byte) {
		s := decode(t, data)
		hMax, vMax := 1, 1
		for _, c := range s.Components {
			hMax, vMax = max(hMax, c.H), max(vMax, c.V)
		}
		buf := make([]byte, s.Width)
		for i, c := range s.Components {
			p := s.Planes[i]
			at := func(x, y int) float64 {
				return float64(p.Pix[min(max(y, 0), p.Height-1)*p.Stride+min(max(x, 0), p.Width-1)])
			}
			for y := range s.Height {
				row := s.Row(i, y, buf)
				for x, got := range row {
					u := (float64(x)+0.5)*float64(c.H)/float64(hMax) - 0.5
					v := (float64(y)+0.5)*float64(c.V)/float64(vMax) - 0.5
					u0, v0 := math.Floor(u), math.Floor(v)
					fx, fy := u-u0, v-v0
					want := (1-fy)*((1-fx)*at(int(u0), int(v0))+fx*at(int(u0)+1, int(v0))) + fy*((1-fx)*at(int(u0), int(v0)+1)+fx*at(int(u0)+1, int(v0)+1))
					if math.Abs(float64(got)-want) > 0.5001 {
						t.Fatalf("component %d, pixel (%d, %d) = %d, want %.3f", i, x, y, got, want)
					}
				}
			}
		}
	})
}

// TestPanicsOfRowsReachTheCaller has the receiver of rows panic, early and late.
func TestPanicsOfRowsReachTheCaller(t *testing.T) {
	for _, name := range []string{"sample-2x2.jpg", "progressive.jpg"} {
		data := fixture(t, name)
		for _, at := range []int{-1, 0, 30} {
			p := parallel.Catch(func() {
				_ = jpegfile.Decode(data, anySize, func(*jpegfile.Samples) func(from, to int) {
					if at < 0 {
						panic("planes")
					}
					return func(from, to int) {
						if from <= at && at < to {
							panic("rows")
						}
					}
				})
			})
			if p == nil {
				t.Errorf("%s: the panic at row %d is lost", name, at)
			}
		}
	}
}
