package job_test

import (
	"image"
	"math"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
)

// drifting is a job on a photo and its scene.
func drifting(t *testing.T, change func(*job.Options)) (*job.Job, *aligntest.Scene, *image.NRGBA) {
	t.Helper()
	photo, err := aligntest.Read("../../assets/photos", "flower.jpg")
	if err != nil {
		t.Fatal(err)
	}
	s := aligntest.NewScene(photo, image.Pt(400, 200), image.Pt(320, 320), 1.5)
	sent := s.Sent()
	m := rect(s.Size, image.Rect(110, 120, 200, 210))
	window := image.Rectangle{Max: s.Size}
	j := prepare(t, state(sent).WithMask(m), options(func(o *job.Options) {
		o.Region.Window = window
		if change != nil {
			change(o)
		}
	}), api.Builtin())
	if j.Plan().Window != window || j.Plan().Send != s.Size {
		t.Fatalf("the plan is %+v", j.Plan())
	}
	return j, s, sent
}

func variant(t *testing.T, j *job.Job, img *image.NRGBA) *job.Variant {
	t.Helper()
	v, err := j.Variant(api.Answer{Image: img})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// psnr compares two pictures within r.
func psnr(a, b *image.NRGBA, r image.Rectangle) float64 {
	sum, n := 0.0, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p, q := a.NRGBAAt(x, y), b.NRGBAAt(x, y)
			for _, d := range [3]float64{float64(p.R) - float64(q.R), float64(p.G) - float64(q.G), float64(p.B) - float64(q.B)} {
				sum, n = sum+d*d, n+1
			}
		}
	}
	return 10 * math.Log10(255*255*float64(n)/max(sum, 1e-9))
}

func TestAnswersThatMovedArePutBack(t *testing.T) {
	d := aligntest.Drift{X: 5.3, Y: -3.1, Zoom: 0.012, Gain: 1.03, Noise: 1}
	inside := image.Rect(110, 120, 200, 210)
	j, s, sent := drifting(t, nil)
	v := variant(t, j, s.Answer(d))
	m := v.Answer.Motion
	if m.Finding != align.Moved || math.Abs(m.Shift-6.14) > 0.1 || math.Abs(m.Zoom-0.012) > 0.001 {
		t.Errorf("the motion is %+v", m)
	}
	if words, ok := job.Told(m); !ok || text.T(words.Key, words.Args...) != "The service had moved the picture by 6.1 px and scaled it to 101.2%: put back." {
		t.Errorf("told: %v %v", ok, text.T(words.Key, words.Args...))
	}
	j2, _, _ := drifting(t, func(o *job.Options) { o.Blend.Align = false })
	asCame := variant(t, j2, s.Answer(d))
	if asCame.Answer.Motion.Finding != "" {
		t.Errorf("looked for a motion: %+v", asCame.Answer.Motion)
	}
	aligned, came := psnr(j.Flatten(v), sent, inside), psnr(j2.Flatten(asCame), sent, inside)
	if aligned < 36 || came > 25 {
		t.Errorf("%.1f dB aligned, %.1f dB as it came", aligned, came)
	}
	// Switched off afterwards, it looks as it came.
	result := j.Result(v)
	b := result.Blend
	b.Align = false
	off := j.State().WithResult(result.Blended(b)).Flatten()
	if p := psnr(off, j2.Flatten(asCame), image.Rectangle{Max: s.Size}); p < 90 {
		t.Errorf("switched off, it differs: %.1f dB", p)
	}
}

func TestAnswersThatDidNotMoveAreLeftAlone(t *testing.T) {
	j, s, _ := drifting(t, nil)
	j2, _, _ := drifting(t, func(o *job.Options) { o.Blend.Align = false })
	answer := s.Answer(aligntest.Drift{Gain: 1.04, Noise: 2, JPEG: 85, Replaced: 0.3})
	a, b := variant(t, j, answer), variant(t, j2, answer)
	if string(j.Flatten(a).Pix) != string(j2.Flatten(b).Pix) {
		t.Error("an answer that did not move was changed")
	}
	if _, ok := job.Told(a.Answer.Motion); ok {
		t.Error("something is told of it")
	}
}

func TestKeepMore(t *testing.T) {
	j, s, sent := drifting(t, func(o *job.Options) { o.Blend.KeepMore = true })
	spot := image.Rect(130, 140, 160, 170)
	edited := s.Edited(func(c [3]float64, x, y float64) [3]float64 {
		if image.Pt(int(x), int(y)).In(spot) {
			return [3]float64{20, 200, 40}
		}
		return c
	})
	v := variant(t, j, edited.Answer(aligntest.Drift{X: 2.2, Y: -1.4, Noise: 2}))
	out := j.Flatten(v)
	if c := out.NRGBAAt(145, 155); c.G < 170 || c.R > 60 {
		t.Errorf("the change is gone: %v", c)
	}
	kept := 0
	for y := range s.Size.Y {
		for x := range s.Size.X {
			if !image.Pt(x, y).In(spot.Inset(-10)) && out.NRGBAAt(x, y) == sent.NRGBAAt(x, y) {
				kept++
			}
		}
	}
	all := s.Size.X*s.Size.Y - spot.Inset(-10).Dx()*spot.Inset(-10).Dy()
	if kept < all*995/1000 {
		t.Errorf("%d of %d pixels that did not change are as they were", kept, all)
	}
	if p := j.Changed(v); p < 0.5 || p > 2 {
		t.Errorf("%.2f %% of the window changed", p)
	}
}

func TestWhatAnAnswerDoesNotShowStays(t *testing.T) {
	photo, err := aligntest.Read("../../assets/photos", "flower.jpg")
	if err != nil {
		t.Fatal(err)
	}
	s := aligntest.NewScene(photo, image.Pt(400, 200), image.Pt(320, 320), 1.5)
	sent := s.Sent()
	j := prepare(t, state(sent).WithMask(rect(s.Size, image.Rect(100, 0, 200, 120))), options(func(o *job.Options) {
		o.Region.Window = image.Rectangle{Max: s.Size}
	}), api.Builtin())
	answer := s.Answer(aligntest.Drift{Noise: 2})
	cut := answer.SubImage(image.Rect(0, 48, 320, 272)).(*image.NRGBA)
	at := *cut
	at.Rect = at.Rect.Sub(at.Rect.Min)
	v := variant(t, j, &at)
	if m := v.Answer.Motion; m.Finding != align.Moved || m.Frame != align.Cropped {
		t.Fatalf("the motion is %+v", m)
	}
	out := j.Flatten(v)
	if part := image.Rect(100, 0, 200, 30); psnr(out, sent, part) < 90 {
		t.Error("what was cut off is not as it was")
	}
	if part := image.Rect(110, 80, 190, 118); psnr(out, sent, part) < 30 || psnr(out, sent, part) > 60 {
		t.Error("what came is not laid in")
	}
}
