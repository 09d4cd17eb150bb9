package job_test

import (
	"bytes"
	"image"
	"runtime"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// TestSessionDoesNotGrow makes many edits and keeps all their jobs and variants,
// as the window does. Of each the file, a thumbnail and a mask stay: what was sent is let go of,
// decoded pixels keep within the budget, and each variant still shows as it did.
func TestSessionDoesNotGrow(t *testing.T) {
	const generations = 24
	const budget = 1 << 20
	document.DefaultCache.SetBudget(budget)
	t.Cleanup(func() { document.DefaultCache.SetBudget(document.DefaultBudget) })
	size := image.Pt(300, 250)
	s := state(noise(size.X, size.Y))
	var jobs []*job.Job
	var made []*job.Variant
	var want [][]byte
	var sent, freed atomic.Int64
	for i := range generations {
		m := rect(size, image.Rect(100+i, 100, 150+i, 140))
		j := prepare(t, s.WithMask(m), options(func(o *job.Options) { o.N = 1 + i%2 }), api.Builtin())
		for k := range 1 + i%2 {
			q := j.Request()
			if k == 0 {
				sent.Add(1)
				runtime.AddCleanup(q.Image, func(int) { freed.Add(1) }, 0)
			}
			answer := noise(128, 128)
			answer.Pix[4*i] ^= 255
			v, err := j.Variant(api.Answer{Index: k, Image: answer})
			if err != nil {
				t.Fatal(err)
			}
			made = append(made, v)
			jobs = append(jobs, j)
			want = append(want, j.Flatten(v).Pix)
		}
	}
	for range 100 { // cleanups run some time after the collection
		if runtime.GC(); freed.Load() == sent.Load() {
			break
		}
		runtime.Gosched()
	}
	if freed.Load() != sent.Load() {
		t.Errorf("%d of %d pictures that were sent are still held", sent.Load()-freed.Load(), sent.Load())
	}
	if _, pixels, files := document.DefaultCache.Usage(); pixels > max(budget-files, budget/8) {
		t.Errorf("%d bytes of pixels from %d bytes of files are held, the budget is %d", pixels, files, budget)
	}
	for i, v := range made {
		if !bytes.Equal(jobs[i].Flatten(v).Pix, want[i]) {
			t.Fatalf("variant %d looks otherwise later", i)
		}
	}
}

// TestRequestCanBeMadeAgain asks for the rest of an edit of which nothing is held any more.
func TestRequestCanBeMadeAgain(t *testing.T) {
	s := state(noise(600, 500)).WithMask(rect(image.Pt(600, 500), image.Rect(100, 100, 200, 180)))
	j := prepare(t, s, options(nil), profile.Classic())
	first := j.Request()
	j.Done()
	again := j.Again(2, 7).Request()
	if again.N != 2 || !bytes.Equal(again.Image.Pix, first.Image.Pix) || !bytes.Equal(again.Mask.Pix, first.Mask.Pix) || again.Prompt != first.Prompt {
		t.Error("the same edit asked again is another one")
	}
}

// TestVariantsOfAnEditBecomeOneResult uses one of three variants and swaps.
func TestVariantsOfAnEditBecomeOneResult(t *testing.T) {
	size := image.Pt(600, 500)
	s := state(noise(600, 500)).WithMask(rect(size, image.Rect(100, 100, 200, 180)))
	j := prepare(t, s, options(func(o *job.Options) { o.N = 3; o.Prompt = "a hat\nin red" }), profile.Classic())
	var all []*job.Variant
	for i := range 3 {
		v, err := j.Variant(api.Answer{Index: i, Image: noise(256+i, 256+i)})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	d := document.Open(s, document.Source{})
	id := d.AddResult(j.Result(all[1], all...))
	r := d.State().Result(id)
	if len(r.Variants) != 3 || r.Variant() != all[1].Answer || r.Name != "a hat" || r.Edit != j.Edit() || r.Edit == "" || j.Again(1, 2).Edit() != r.Edit {
		t.Fatalf("%d variants, name %q, edit %q", len(r.Variants), r.Name, r.Edit)
	}
	if !bytes.Equal(d.State().Flatten().Pix, j.Flatten(all[1]).Pix) {
		t.Error("used it looks otherwise than looked at")
	}
	d.Swap(id, all[2].Answer)
	if !bytes.Equal(d.State().Flatten().Pix, j.Flatten(all[2]).Pix) || !d.State().Mask.Equal(mask.New(size.X, size.Y)) {
		t.Error("swapped it looks otherwise than looked at")
	}
	if looked := j.Result(all[0]); looked != j.Result(all[0]) {
		t.Error("a variant that is being looked at is made anew")
	} else {
		runtime.KeepAlive(looked)
	}
}
