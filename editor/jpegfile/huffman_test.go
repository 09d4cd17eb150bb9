package jpegfile

import (
	"container/heap"
	"math/rand/v2"
	"testing"
)

// weights is a heap of subtrees' weights.
type weights []int64

func (w weights) Len() int           { return len(w) }
func (w weights) Less(i, j int) bool { return w[i] < w[j] }
func (w weights) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w *weights) Push(v any)        { *w = append(*w, v.(int64)) }
func (w *weights) Pop() any {
	v := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return v
}

// shortest returns the bits of Huffman's own coding, of any length.
func shortest(frequency *[257]int64) (bits int64) {
	w := &weights{1} // the reserved code
	for _, f := range frequency[:256] {
		if f > 0 {
			heap.Push(w, f)
		}
	}
	heap.Init(w)
	for w.Len() > 1 {
		sum := heap.Pop(w).(int64) + heap.Pop(w).(int64)
		bits += sum
		heap.Push(w, sum)
	}
	return bits
}

// TestOptimalTables compares with Huffman's algorithm where no code gets too
// long, and looks at what is left where codes must be shortened.
func TestOptimalTables(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for n := range 300 {
		var frequency [257]int64
		symbols := 1 + r.IntN(256)
		a, b := int64(1), int64(1)
		for i := range symbols {
			frequency[r.IntN(256)] = 1 + r.Int64N(1000)
			if n%3 == 0 && i < 60 { // of Fibonacci's numbers come the longest codes
				frequency[i] = a
				a, b = b, a+b
			}
		}
		h := optimal(&frequency)
		var bits, full int64
		longest := uint8(0)
		for s, f := range frequency[:256] {
			if (f > 0) != (h.lengths[s] > 0) {
				t.Fatalf("symbol %d occurs %d times, its code has %d bits", s, f, h.lengths[s])
			}
			if f > 0 {
				bits += f * int64(h.lengths[s])
				full += 1 << (16 - h.lengths[s])
				longest = max(longest, h.lengths[s])
			}
			if int(h.codes[s]) == 1<<h.lengths[s]-1 && h.lengths[s] > 0 {
				t.Fatalf("the code of symbol %d is all ones", s)
			}
		}
		if full >= 1<<16 {
			t.Fatalf("the codes fill %d of %d", full, 1<<16)
		}
		// The reserved code has the weight 1 and at least the longest length.
		if want := shortest(&frequency); longest < 16 && bits+int64(longest) != want && bits+int64(longest)+1 != want {
			t.Errorf("%d bits, want %d", bits, want)
		}
	}
}

// TestCodesAreRead decodes what each code of the standard's tables says.
func TestCodesAreRead(t *testing.T) {
	for _, h := range []*huffman{standardDC[0], standardDC[1], standardAC[0], standardAC[1]} {
		n := 0
		for s, length := range h.lengths {
			if length == 0 {
				continue
			}
			n++
			code := uint64(h.codes[s]) << (64 - length)
			b := bitReader{data: []byte{byte(code >> 56), byte(code >> 48), 0xff, 0}}
			if b.data[0] == 0xff {
				b.data = []byte{0xff, 0, byte(code >> 48)}
			}
			if got := b.symbol(h); got != s {
				t.Errorf("symbol %d is read as %d", s, got)
			}
		}
		if n != len(h.values) {
			t.Errorf("%d codes for %d symbols", n, len(h.values))
		}
	}
}
