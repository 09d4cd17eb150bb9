package document_test

import (
	"bytes"
	"image"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
)

// TestCacheKeepsWithinItsBudget makes variants with files and without, more than
// the budget has room for, and looks at them in any order: each
// comes back to the bit, and no more is kept than may be.
func TestCacheKeepsWithinItsBudget(t *testing.T) {
	const side, n = 64, 40
	const budget = 12 * 4 * side * side
	c := document.NewCache(budget)
	var variants []*document.Variant
	var want []*image.NRGBA
	for i := range n {
		pix := random(side, side, uint64(i))
		if i%5 == 4 { // with colours under what is transparent
			for k := 3; k < len(pix.Pix); k += 4 * 7 {
				pix.Pix[k] = uint8(k)
			}
		}
		var file []byte
		if i%2 == 0 {
			file = encoded(t, pix, picture.Encoding{Format: picture.PNG})
		}
		v, err := document.NewVariant(c, i, pix, file, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		variants, want = append(variants, v), append(want, pix)
	}
	within := func(limit int64) {
		t.Helper()
		pictures, pixels, files := c.Usage()
		if pixels > max(limit-files, limit/8) || int64(pictures)*4*side*side != pixels || files == 0 {
			t.Fatalf("%d pictures of %d bytes from files of %d bytes are kept, the budget is %d", pictures, pixels, files, limit)
		}
	}
	within(budget)
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		i := rnd.IntN(n)
		if !bytes.Equal(variants[i].Pixels().Pix, want[i].Pix) {
			t.Fatalf("variant %d came back otherwise", i)
		}
		within(budget)
	}
	c.SetBudget(budget / 4)
	within(budget / 4)
	// The latest is kept, and not decoded again.
	c.SetBudget(budget)
	if first, second := variants[3].Pixels(), variants[3].Pixels(); first != second {
		t.Error("what was looked at last is decoded again")
	}
	// Many at once.
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range n {
				if k := (i*7 + g) % n; !bytes.Equal(variants[k].Pixels().Pix, want[k].Pix) {
					t.Error("a variant came back otherwise")
				}
			}
		})
	}
	group.Wait()
	within(budget)
	runtime.KeepAlive(variants)
}

// TestVariantsThatAreGoneLeaveTheCache lets go of variants.
func TestVariantsThatAreGoneLeaveTheCache(t *testing.T) {
	c := document.NewCache(1 << 30)
	keep, err := document.NewVariant(c, 0, random(50, 50, 1), nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := document.NewVariant(c, i, random(50, 50, 2), nil, nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 { // cleanups run some time after the collection
		runtime.GC()
		if pictures, pixels, files := c.Usage(); pictures == 1 && pixels == 4*50*50 && files == int64(len(keep.Encoded())) {
			runtime.KeepAlive(keep)
			return
		}
		runtime.Gosched()
	}
	pictures, pixels, files := c.Usage()
	t.Errorf("%d pictures, %d bytes of pixels and %d of files are left", pictures, pixels, files)
}

// TestFileThatCannotBeDecodedAgain shows what lies beneath instead, and does not fail.
func TestFileThatCannotBeDecodedAgain(t *testing.T) {
	c := document.NewCache(0)
	v, err := document.NewVariant(c, 0, even(image.Pt(50, 50), red), []byte("no picture"), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if v.Pixels() != nil {
		t.Fatal("text was decoded")
	}
	d := greyDocument(100, 80)
	r := plain(d.State(), image.Rect(10, 10, 60, 60), red).Of([]*document.Variant{v, answer(even(image.Pt(50, 50), green), nil)}, 0)
	id := d.AddResult(r)
	if got := colour(d.State(), 30, 30); got != grey {
		t.Errorf("it shows %v", got)
	}
	d.Paint("step.brush", document.Target{Kind: document.ResultMix, Result: id, Variant: 1}, box(d.State().Size, image.Rect(20, 20, 40, 40)))
	if got := colour(d.State(), 30, 30); got != green {
		t.Errorf("where another variant was painted in it shows %v", got)
	}
	if _, err := document.NewVariant(c, 0, nil, nil, nil, ""); err == nil {
		t.Error("a variant without pixels")
	}
	if _, err := document.NewVariant(c, 0, image.NewNRGBA(image.Rect(3, 3, 3, 9)), nil, nil, ""); err == nil {
		t.Error("a variant of no pixels")
	}
}
