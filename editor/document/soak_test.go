package document_test

import (
	"bytes"
	"hash/fnv"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
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
	any := func() document.ID { return s.Results[rnd.IntN(len(s.Results))].ID }
	switch n := rnd.IntN(100); {
	case n < 50:
		paint(d, r)
	case n < 65:
		d.SetMask("step.subtract", mask.Subtract(s.Mask, box(s.Size, r)), r)
	case n < 70:
		d.SetMask("step.none", mask.New(s.Size.X, s.Size.Y), s.Bounds())
	case n < 73:
		d.SetMask("step.invert", s.Mask.Invert(), s.Bounds())
	case n < 78:
		if len(s.Results) > 4 {
			d.RemoveResult(any())
		} else {
			d.SetMask("step.rectangle", box(s.Size, r), s.Bounds())
			d.AddResult(made(d.State(), 1+rnd.IntN(3), rnd.Uint64()))
		}
	case n < 86 && len(s.Results) > 0:
		actOnResult(d, any(), r, rnd)
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

// actOnResult makes one random change of a result.
func actOnResult(d *document.Document, id document.ID, r image.Rectangle, rnd *rand.Rand) {
	s := d.State()
	result := s.Result(id)
	t := document.Target{Kind: document.Kind(1 + rnd.IntN(2)), Result: id, Variant: rnd.IntN(len(result.Variants))}
	switch rnd.IntN(9) {
	case 0:
		d.SetBlend(id, region.Blend{Grow: rnd.IntN(5), Feather: rnd.IntN(20), Seam: rnd.IntN(33), Match: rnd.IntN(2) == 0, Opacity: rnd.Float64()})
	case 1:
		d.Swap(id, result.Variants[rnd.IntN(len(result.Variants))])
	case 2:
		d.SetVisible(id, result.Hidden)
	case 3:
		d.MoveResult(id, rnd.IntN(len(s.Results)))
	case 4:
		b := result.Blend
		b.Opacity = rnd.Float64()
		d.SetBlend(id, b)
	case 5, 6:
		m, _ := s.Coverage(t)
		d.Paint("step.eraser", t, mask.Subtract(m, box(s.Size, r)))
	default:
		m, _ := s.Coverage(t)
		stroke := mask.NewStroke(m, mask.Brush{Size: 20, Hardness: rnd.Float64()}, false)
		stroke.Add(float64(r.Min.X), float64(r.Min.Y))
		stroke.Add(float64(r.Max.X), float64(r.Max.Y))
		d.Paint("step.brush", t, stroke.Mask())
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
