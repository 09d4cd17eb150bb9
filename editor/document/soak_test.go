package document_test

import (
	"bytes"
	"hash/fnv"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/region"
)

// fingerprint sums up all that can be seen of a state.
func fingerprint(s *document.State) uint64 {
	h := fnv.New64a()
	h.Write(flat(s))
	h.Write(s.Mask.Alpha(s.Bounds()).Pix)
	return h.Sum64()
}

// act makes one random change. Big sizes are avoided to keep the soak quick.
func act(t *testing.T, d *document.Document, rnd *rand.Rand) {
	s := d.State()
	at := image.Pt(rnd.IntN(s.Size.X), rnd.IntN(s.Size.Y))
	r := image.Rectangle{Min: at, Max: at.Add(image.Pt(1+rnd.IntN(40), 1+rnd.IntN(40)))}.Intersect(s.Bounds())
	switch n := rnd.IntN(100); {
	case n < 55:
		paint(d, r)
	case n < 65:
		d.SetMask("step.subtract", mask.Subtract(s.Mask, box(s.Size, r)), r)
	case n < 70:
		d.SetMask("step.none", mask.New(s.Size.X, s.Size.Y), s.Bounds())
	case n < 73:
		d.SetMask("step.invert", s.Mask.Invert(), s.Bounds())
	case n < 80:
		if len(s.Patches) > 5 {
			d.RemovePatch(rnd.IntN(len(s.Patches)))
		} else if m := box(s.Size, r); true {
			d.SetMask("step.rectangle", m, s.Bounds())
			accept(t, d, rnd.Uint64())
		}
	case n < 86 && len(s.Patches) > 0:
		i := rnd.IntN(len(s.Patches))
		b := region.Blend{Grow: rnd.IntN(5), Feather: rnd.IntN(20), Seam: rnd.IntN(33), Match: rnd.IntN(2) == 0, Opacity: rnd.Float64()}
		d.SetPatch(i, s.Patches[i].With(s.Below(i), b, s.Patches[i].Mask))
	case n < 88 && s.Size.X < 200:
		if err := d.Extend(rnd.IntN(3), rnd.IntN(3), rnd.IntN(3), 1); err != nil {
			t.Fatal(err)
		}
	case n < 94:
		d.Undo()
	default:
		d.Redo()
	}
}

// TestSoak makes 10,000 random changes with undo and redo in between, checks
// every undo against what was seen before, and ends where it began.
func TestSoak(t *testing.T) {
	d := opened(96, 80, 1)
	const limit = 64 << 20
	d.SetHistoryLimits(1<<30, limit)
	first := fingerprint(d.State())
	rnd := rand.New(rand.NewPCG(11, 12))
	dropped := 0
	d.Subscribe(func(s document.Step) { dropped += s.Dropped })
	for i := range 10_000 {
		act(t, d, rnd)
		if d.HistoryBytes() > limit {
			t.Fatalf("after %d operations the history holds %d bytes", i, d.HistoryBytes())
		}
		if i%100 == 0 {
			now := fingerprint(d.State())
			back := rnd.IntN(60)
			undone := 0
			for range back {
				if _, ok := d.Undo(); ok {
					undone++
				}
			}
			for range undone {
				d.Redo()
			}
			if fingerprint(d.State()) != now {
				t.Fatalf("after %d operations %d undos and redos end elsewhere", i, undone)
			}
		}
	}
	last := fingerprint(d.State())
	undone := 0
	for {
		if _, ok := d.Undo(); !ok {
			break
		}
		undone++
	}
	if dropped == 0 && fingerprint(d.State()) != first {
		t.Error("undoing all does not end bit-identical to the beginning")
	}
	if !bytes.Equal(d.State().Base.Pix.Pix, random(96, 80, 1).Pix) {
		t.Error("the opened picture itself was written to")
	}
	for range undone {
		d.Redo()
	}
	if fingerprint(d.State()) != last {
		t.Error("redoing all does not end bit-identical to the end")
	}
	t.Logf("%d steps undone, %d dropped, history %d KB", undone, dropped, d.HistoryBytes()>>10)
}
