package job_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// noise returns a picture of opaque noise.
func noise(w, h int) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func state(img *image.NRGBA) *document.State {
	return document.NewState(&picture.Picture{Pix: img})
}

// rect returns a mask of a rectangle.
func rect(size image.Point, r image.Rectangle) *mask.Mask {
	a := image.NewAlpha(r)
	for i := range a.Pix {
		a.Pix[i] = 255
	}
	return mask.FromAlpha(a, size)
}

func clearRect(img *image.NRGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		clear(img.Pix[img.PixOffset(r.Min.X, y):][:4*r.Dx()])
	}
}

func options(change func(*job.Options)) job.Options {
	o := job.DefaultOptions()
	o.Prompt = "a hat"
	if change != nil {
		change(&o)
	}
	return o
}

func prepare(t *testing.T, s *document.State, o job.Options, p api.Profile) *job.Job {
	t.Helper()
	j, err := job.Prepare(t.Context(), s, o, p)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestBadInput(t *testing.T) {
	size := image.Pt(600, 500)
	masked := state(noise(600, 500)).WithMask(rect(size, image.Rect(100, 100, 200, 200)))
	cases := []struct {
		name    string
		state   *document.State
		change  func(*job.Options)
		profile api.Profile
		key     string
	}{
		{"no mask", state(noise(600, 500)), nil, profile.Classic(), "error.mask_empty"},
		{"no prompt", masked, func(o *job.Options) { o.Prompt = " \n" }, profile.Classic(), "error.prompt_empty"},
		{"long prompt", masked, func(o *job.Options) { o.Prompt = strings.Repeat("帽", 1001) }, profile.Classic(), "error.prompt_long"},
		{"too many", masked, func(o *job.Options) { o.N = 11 }, profile.Classic(), "error.n"},
		{"too many of the built-in engine", masked, func(o *job.Options) { o.N = 11 }, api.Builtin(), "error.n"},
		{"size", masked, func(o *job.Options) { o.Size = image.Pt(1024, 512) }, profile.Classic(), "error.size"},
		{"huge size", masked, func(o *job.Options) { o.Size = image.Pt(1<<20, 1<<20) }, profile.Classic(), "error.size"},
		{"format", masked, func(o *job.Options) { o.ResponseFormat = "jpeg" }, profile.Classic(), "error.option"},
		{"option", masked, func(o *job.Options) { o.Extra = map[string]string{"quality": "high"} }, profile.Classic(), "error.option_unknown"},
		{"references", masked, func(o *job.Options) { o.References = []*image.NRGBA{noise(8, 8)} }, profile.Classic(), "error.images"},
	}
	for _, c := range cases {
		_, err := job.Prepare(t.Context(), c.state, options(c.change), c.profile)
		var e *api.Error
		if !errors.As(err, &e) || e.Kind != api.KindInput || e.Text().Key != c.key {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
		}
	}
	longest := options(func(o *job.Options) { o.Prompt = strings.Repeat("帽", 1000) })
	if _, err := job.Prepare(t.Context(), masked, longest, profile.Classic()); err != nil {
		t.Errorf("a prompt of 1000 characters: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := job.Prepare(ctx, masked, options(nil), profile.Classic()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRequestHoldsWhatWasChosen(t *testing.T) {
	s := state(noise(1600, 1200)).WithMask(rect(image.Pt(1600, 1200), image.Rect(700, 500, 900, 640)))
	j := prepare(t, s, options(func(o *job.Options) {
		o.N, o.Model, o.User, o.ResponseFormat, o.Size = 3, "dall-e-2", "u1", "b64_json", image.Pt(512, 512)
	}), profile.Classic())
	r := j.Request()
	if r.Prompt != "a hat" || r.N != 3 || r.Model != "dall-e-2" || r.User != "u1" || r.ResponseFormat != "b64_json" || r.Size != image.Pt(512, 512) {
		t.Fatalf("request %+v", r)
	}
	if r.Image.Rect != image.Rect(0, 0, 512, 512) || r.Mask.Rect != r.Image.Rect {
		t.Fatalf("image %v, mask %v", r.Image.Rect, r.Mask.Rect)
	}
	if w := j.Plan().Window; !image.Rect(700, 500, 900, 640).In(w) || w.Dx() != w.Dy() {
		t.Fatalf("window %v", w)
	}
	// Nothing that the user didn't set is sent.
	r = prepare(t, s, options(nil), profile.Classic()).Request()
	if r.N != 0 || r.Size != (image.Point{}) || r.ResponseFormat != "" || r.User != "" || r.Model != "" || r.Options != nil {
		t.Fatalf("unasked for: %+v", r)
	}
	// Where the shape is free the size is said, or the answer may have another one.
	r = prepare(t, s, options(nil), profile.Builtin().For("gpt-image-2", "")).Request()
	if r.Size == (image.Point{}) || r.Size != r.Image.Rect.Size() {
		t.Fatalf("size %v for a window sent at %v", r.Size, r.Image.Rect.Size())
	}
	// The built-in engine answers at the size it is given, whichever was chosen.
	r = prepare(t, s, options(func(o *job.Options) { o.Size = image.Pt(256, 256) }), api.Builtin()).Request()
	if r.Size != (image.Point{}) || r.Image.Rect.Size() != image.Pt(256, 256) {
		t.Fatalf("built-in: size %v, sent at %v", r.Size, r.Image.Rect.Size())
	}
}

func TestTransparencyIsTheMask(t *testing.T) {
	hole := image.Rect(40, 60, 120, 130)
	img := noise(400, 400)
	clearRect(img, hole)
	j := prepare(t, state(img), options(nil), profile.Classic())
	r := j.Request()
	if r.Mask != nil {
		t.Fatal("a mask is sent although the picture's own transparency says it all")
	}
	scale := float64(r.Image.Rect.Dx()) / float64(j.Plan().Window.Dx())
	for y := 0; y < 400; y++ {
		for x := 0; x < 400; x++ {
			if !image.Pt(x, y).In(j.Plan().Window) {
				continue
			}
			sx, sy := int((float64(x-j.Plan().Window.Min.X)+0.5)*scale), int((float64(y-j.Plan().Window.Min.Y)+0.5)*scale)
			alpha := r.Image.NRGBAAt(sx, sy).A
			if image.Pt(x, y).In(hole) && alpha != 0 {
				t.Fatalf("pixel (%d, %d) is to be edited and has alpha %d", x, y, alpha)
			}
			if !image.Pt(x, y).In(hole.Inset(-8)) && alpha == 0 {
				t.Fatalf("pixel (%d, %d) is to be kept and is transparent", x, y)
			}
		}
	}
	// gpt-image would edit the whole picture without a mask.
	if prepare(t, state(img), options(nil), profile.Builtin().For("gpt-image-2", "")).Request().Mask == nil {
		t.Fatal("gpt-image gets no mask")
	}
	// A painted mask takes the place of the picture's own transparency.
	painted := image.Rect(300, 300, 340, 350)
	m, _ := job.Mask(state(img).WithMask(rect(image.Pt(400, 400), painted)))
	if got := m.Bounding(); got != painted {
		t.Fatalf("mask %v, want %v", got, painted)
	}
}

func TestFaintTransparencyIsNoMask(t *testing.T) {
	img := noise(100, 100)
	img.SetNRGBA(5, 5, color.NRGBA{A: 100})
	_, err := job.Prepare(t.Context(), state(img), options(nil), api.Builtin())
	if e := api.AsError(err); e == nil || e.Text().Key != "error.mask_empty" {
		t.Fatalf("err = %v", err)
	}
}

func TestBorderIsEditedWithTheMask(t *testing.T) {
	size := image.Pt(200, 150)
	painted := image.Rect(90, 60, 110, 80)
	s := state(noise(200, 150)).WithMask(rect(size, painted)).Extended(10, 0, 20, 30)
	m := prepare(t, s, options(nil), api.Builtin()).Mask()
	base := image.Rect(10, 0, 210, 150)
	for y := range s.Size.Y {
		for x := range s.Size.X {
			want := uint8(0)
			if p := image.Pt(x, y); !p.In(base) || p.In(painted.Add(image.Pt(10, 0))) {
				want = 255
			}
			if got := m.At(x, y); got != want {
				t.Fatalf("(%d, %d): %d, want %d", x, y, got, want)
			}
		}
	}
}

// TestOutsideStaysAsItWas stitches an answer of another size that is wrong
// everywhere.
func TestOutsideStaysAsItWas(t *testing.T) {
	size := image.Pt(900, 700)
	img := noise(900, 700)
	hole := image.Rect(400, 300, 520, 380)
	s := state(img).WithMask(rect(size, hole))
	j := prepare(t, s, options(nil), profile.Classic())
	v, err := j.Variant(api.Answer{Index: 2, Image: image.NewNRGBA(image.Rect(0, 0, 333, 333)), RevisedPrompt: "a red hat", Method: api.Pieces})
	if err != nil {
		t.Fatal(err)
	}
	if v.Index != 2 || v.RevisedPrompt != "a red hat" || v.Answer.Method != api.Pieces || v.ChangedOutside < 99 {
		t.Fatalf("variant %d, %q, %.1f%% changed", v.Index, v.RevisedPrompt, v.ChangedOutside)
	}
	if d, c := v.Thumbnail.Rect.Size(), j.Result(v).Changed(); d.X <= c.Dx() || d.Y <= c.Dy() || d.X > job.ThumbnailSide || d.X-d.Y != c.Dx()-c.Dy() {
		t.Fatalf("the thumbnail is %v, what changes is %v", d, c)
	}
	got := j.Flatten(v)
	if got.Rect != img.Rect {
		t.Fatalf("result %v", got.Rect)
	}
	b := j.Blend()
	near := hole.Inset(-max(b.Grow, b.Feather))
	changed := 0
	for y := range 700 {
		for x := range 900 {
			same := got.NRGBAAt(x, y) == img.NRGBAAt(x, y)
			if p := image.Pt(x, y); !same && !p.In(near) {
				t.Fatalf("(%d, %d) changed", x, y)
			} else if !same && p.In(hole) {
				changed++
			}
		}
	}
	if changed < hole.Dx()*hole.Dy()*9/10 {
		t.Fatalf("only %d pixels of the hole changed", changed)
	}
	if _, err := j.Variant(api.Answer{}); api.AsError(err) == nil {
		t.Fatal("an answer without pixels became a variant")
	}
}

func TestResumedJobGivesTheSameVariant(t *testing.T) {
	s := state(noise(600, 500)).WithMask(rect(image.Pt(600, 500), image.Rect(100, 100, 200, 180)))
	j := prepare(t, s, options(nil), profile.Classic())
	answer := api.Answer{Image: noise(1024, 1024)}
	first, err := j.Variant(answer)
	if err != nil {
		t.Fatal(err)
	}
	again := job.Resume(s, j.Plan(), j.Blend(), job.Options{Prompt: "again"})
	second, err := again.Variant(answer)
	if err != nil {
		t.Fatal(err)
	}
	if string(j.Flatten(first).Pix) != string(again.Flatten(second).Pix) || first.ChangedOutside != second.ChangedOutside {
		t.Fatal("the resumed job's variant is another one")
	}
}

func TestIdentityChangesNothing(t *testing.T) {
	img := noise(700, 600)
	s := state(img).WithMask(rect(image.Pt(700, 600), image.Rect(300, 200, 420, 280)))
	j := prepare(t, s, options(nil), api.Builtin())
	v, err := j.Variant(api.Answer{Image: j.Request().Image})
	if err != nil {
		t.Fatal(err)
	}
	if v.ChangedOutside != 0 {
		t.Fatalf("%v%% changed", v.ChangedOutside)
	}
	if got := j.Flatten(v); string(got.Pix) != string(img.Pix) {
		t.Fatal("an engine that returns its input changed the picture")
	}
}

// Where the picture itself says what to edit, what is sent has transparency that
// was sharpened; the count is against the picture as it was.
func TestIdentityOfATransparentPictureChangesNothing(t *testing.T) {
	img := noise(400, 400)
	clearRect(img, image.Rect(40, 60, 120, 130))
	for x := range 400 {
		img.SetNRGBA(x, 300, color.NRGBA{R: uint8(x), A: 90})
	}
	s := state(img)
	j := prepare(t, s, options(nil), profile.Classic())
	same, _ := j.Plan().Crop(s, s.Size, j.Mask())
	for _, asked := range []*job.Job{j, j.Again(1, 2)} {
		v, err := asked.Variant(api.Answer{Image: same})
		if err != nil {
			t.Fatal(err)
		}
		if v.ChangedOutside != 0 {
			t.Fatalf("%v%% changed", v.ChangedOutside)
		}
	}
}

func TestAgainAsksForFewer(t *testing.T) {
	s := state(noise(600, 500)).WithMask(rect(image.Pt(600, 500), image.Rect(100, 100, 200, 180)))
	j := prepare(t, s, options(nil), profile.Classic())
	n, seed := j.Request().N, j.Request().Seed
	again := j.Again(2, seed+1)
	if q := again.Request(); q.N != 2 || q.Seed != seed+1 || q.Prompt != j.Request().Prompt || q.Image != j.Request().Image {
		t.Errorf("asked again for %+v", q)
	}
	if j.Request().N != n || j.Request().Seed != seed {
		t.Error("the first job has changed")
	}
}
