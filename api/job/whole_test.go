package job_test

import (
	"bytes"
	"image"
	"math"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// tulips returns a photo with red and yellow flowers.
func tulips(t *testing.T) *document.State {
	t.Helper()
	p, err := picture.Open("../../assets/photos/tulips.png", picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return document.NewState(p)
}

func whole(change func(*job.Options)) job.Options {
	return options(func(o *job.Options) {
		o.Whole, o.Prompt = true, "make the red flowers blue"
		if change != nil {
			change(o)
		}
	})
}

func TestWholePicturesGoOutWithoutAMask(t *testing.T) {
	s := state(noise(900, 600))
	j := prepare(t, s, whole(func(o *job.Options) { o.Size = image.Pt(1024, 1024) }), profile.Builtin().For("gpt-image-2", ""))
	r := j.Request()
	if !j.Whole() || r.Mask != nil || r.Image.Rect.Size() != image.Pt(1248, 832) || r.Size != image.Pt(1248, 832) {
		t.Fatalf("whole %v, mask %v, image %v asked at %v", j.Whole(), r.Mask != nil, r.Image.Rect, r.Size)
	}
	again, err := j.Ask(whole(func(o *job.Options) { o.Size = image.Pt(1024, 1024) }), profile.Builtin().For("gpt-image-2", ""))
	if err != nil || !again.Whole() || again.Request().Mask != nil || again.Request().Size != r.Size {
		t.Fatalf("asked again: %+v, %v", again.Request().Size, err)
	}
	// A frame sends a part.
	j = prepare(t, s, whole(func(o *job.Options) { o.Region.Window = image.Rect(100, 100, 500, 400) }), profile.Builtin().For("gpt-image-2", ""))
	if j.Plan().Window != image.Rect(100, 100, 500, 400) || j.Mask().Bounding() != j.Plan().Window {
		t.Fatalf("a frame: %+v", j.Plan())
	}
	// What was painted or is transparent is what is edited.
	j = prepare(t, s.WithMask(rect(s.Size, image.Rect(10, 10, 60, 60))), whole(nil), profile.Builtin().For("gpt-image-2", ""))
	if j.Whole() || j.Request().Mask == nil {
		t.Fatal("a mask that was painted does not count")
	}
	clear := noise(900, 600)
	clearRect(clear, image.Rect(100, 100, 200, 200))
	if j = prepare(t, state(clear), whole(nil), profile.Builtin().For("gpt-image-2", "")); j.Whole() || j.Request().Mask == nil {
		t.Fatal("transparent parts do not count")
	}
	for name, p := range map[string]api.Profile{"classic": profile.Classic(), "built-in": api.Builtin()} {
		if _, err := job.Prepare(t.Context(), s, whole(nil), p); api.AsError(err) == nil || api.AsError(err).Text().Key != "error.mask_empty" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAServiceThatWantsNoMaskGetsNone(t *testing.T) {
	s := state(noise(900, 600)).WithMask(rect(image.Pt(900, 600), image.Rect(300, 200, 400, 280)))
	p := profile.Builtin().For("gpt-image-2", "")
	p.NoMask = true
	j := prepare(t, s, options(nil), p)
	if r := j.Request(); r.Mask != nil || api.HasTransparency(r.Image) {
		t.Fatal("a mask was sent")
	}
	if w := j.Plan().Window; !image.Rect(300, 200, 400, 280).In(w) || j.Whole() || w.Dx() > 600 {
		t.Fatalf("the mask does not guide the window: %v", w)
	}
}

// TestWholeAnswersKeepThePhoto lets services do what they do to a whole picture,
// and looks at what is taken of it.
func TestWholeAnswersKeepThePhoto(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s := tulips(t)
	j := prepare(t, s, whole(nil), profile.Builtin().For("gpt-image-2", ""))
	sent := j.Request().Image
	truth := mask.FromAlpha(recoloured(s.Flatten()), s.Size)
	for _, name := range []string{"recolours", "drifts", "relights", "moves-all"} {
		t.Run(name, func(t *testing.T) {
			v, err := j.Variant(api.Answer{Image: apitest.Answer(name, sent, nil, "the red flowers blue", 0)})
			if err != nil {
				t.Fatal(err)
			}
			got, before := j.Flatten(v), s.Flatten()
			covered := j.Result(v).Covered()
			if outside := differ(got, before, covered); outside != 0 {
				t.Errorf("%d pixels changed outside what the result covers", outside)
			}
			over, both := mask.Union(covered, truth).Area(), mask.Intersect(covered, truth).Area()
			t.Logf("covers %.1f %%, intersection over union %.2f, blue %.2f", 100*covered.Area()/truth.Area(), both/over, blueness(got, truth))
			if both/over < 0.7 {
				t.Errorf("intersection over union %.2f", both/over)
			}
			if stray := mask.Subtract(covered, truth.Grow(8)).Area() / float64(s.Size.X*s.Size.Y); stray > 0.005 {
				t.Errorf("%.2f %% of what nobody asked for was replaced", 100*stray)
			}
			if b := blueness(got, truth); b < 0.85 {
				t.Errorf("only %.2f of it is blue", b)
			}
			if v.Changed < 1 || math.Abs(v.Changed-100*j.Result(v).ChangedShare()) > 1e-9 {
				t.Errorf("%.1f %% is said to have changed", v.Changed)
			}
		})
	}
	all := prepare(t, s, whole(func(o *job.Options) { o.All = true }), profile.Builtin().For("gpt-image-2", ""))
	v, err := all.Variant(api.Answer{Image: apitest.Answer("recolours", sent, nil, "the red flowers blue", 0)})
	if err != nil {
		t.Fatal(err)
	}
	if c := all.Result(v).Covered(); c.Area() != float64(s.Size.X*s.Size.Y) {
		t.Errorf("all of it is %.2f of it", c.Area()/float64(s.Size.X*s.Size.Y))
	}
}

// recoloured is what the relay makes blue.
func recoloured(img *image.NRGBA) *image.Alpha {
	after := apitest.Recolour(img, nil, "the red flowers blue", 0)
	out := image.NewAlpha(image.Rectangle{Max: img.Rect.Size()})
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			if i := after.PixOffset(x, y); !bytes.Equal(after.Pix[i:i+4], img.Pix[img.PixOffset(x, y):][:4]) {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return out
}

// blueness returns how much of what a mask covers is more blue than red.
func blueness(img *image.NRGBA, m *mask.Mask) float64 {
	n, blue := 0, 0
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if m.At(x, y) < 128 {
				continue
			}
			n++
			if p := img.Pix[img.PixOffset(x, y):]; p[2] > p[0] {
				blue++
			}
		}
	}
	return float64(blue) / float64(max(n, 1))
}

// differ counts the pixels that differ where a mask covers nothing.
func differ(a, b *image.NRGBA, m *mask.Mask) (n int) {
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if m.At(x, y) == 0 && !bytes.Equal(a.Pix[a.PixOffset(x, y):][:4], b.Pix[b.PixOffset(x, y):][:4]) {
				n++
			}
		}
	}
	return n
}
