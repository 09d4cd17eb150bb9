package job_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

func TestEnlargedAnswersAreReported(t *testing.T) {
	for want, d := range map[string]region.Detail{
		"": {Times: 1.04, Sharpened: 3},
		"The answer was enlarged 2.0 times, so it may look softer than the photo.":   {Times: 2},
		"The answer was enlarged 2.1 times and sharpened.":                           {Times: 2.06, Sharpened: 7},
		"The answer was enlarged 2.0 times and given the photo's grain.":             {Times: 2, Grain: 1.2},
		"The answer was enlarged 3.0 times: sharpened, and given the photo's grain.": {Times: 3, Sharpened: 20, Grain: 4},
	} {
		words, ok := job.ToldDetail(d)
		if got := text.T(words.Key, words.Args...); ok != (want != "") || ok && got != want {
			t.Errorf("%+v is told as %q", d, got)
		}
	}
}

func TestDetailOfAnAnswer(t *testing.T) {
	j, s, sent := drifting(t, nil)
	if r := j.Result(variant(t, j, sent)); r.Enlarged() || r.Detail() != (region.Detail{}) {
		t.Errorf("an answer as large as the window has %+v", r.Detail())
	}
	small := variant(t, j, picture.Resize(sent, s.Size.Div(2)))
	r := j.Result(small)
	if d := r.Detail(); !r.Enlarged() || d.Times != 2 || d.Sharpened == 0 {
		t.Errorf("one of half the size has %+v", d)
	}
	b := r.Blend
	b.Sharpen, b.Grain = false, false
	plain := r.Blended(b)
	if d := plain.Detail(); d != (region.Detail{Times: 2}) {
		t.Errorf("switched off it has %+v", d)
	}
	b.Sharpen = true
	on, off := j.State().WithResult(r.Blended(b)).Flatten(), j.State().WithResult(plain).Flatten()
	inside := image.Rect(120, 130, 190, 200)
	if psnr(on, sent, inside) < psnr(off, sent, inside) {
		t.Error("it is nearer to the picture without")
	}
	if string(on.Pix) == string(off.Pix) {
		t.Error("the switches do nothing")
	}
}
