package job_test

import (
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

// corners is a photo with two small spots masked in opposite corners.
func corners(t *testing.T) (*document.State, [2]image.Rectangle) {
	t.Helper()
	p, err := picture.Open("../../assets/photos/flower.jpg", picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	s := document.NewState(p)
	w, h := s.Size.X, s.Size.Y
	spots := [2]image.Rectangle{image.Rect(60, 60, 120, 120), image.Rect(w-130, h-130, w-70, h-70)}
	return s.WithMask(mask.Union(rect(s.Size, spots[0]), rect(s.Size, spots[1]))), spots
}

// prepareSpots prepares the edit of each of the spots of a document's mask.
func prepareSpots(t *testing.T, s *document.State, o job.Options, p api.Profile) ([]*job.Job, error) {
	t.Helper()
	states, _, err := job.SpotStates(s, o, p)
	jobs := make([]*job.Job, len(states))
	for i, state := range states {
		jobs[i] = prepare(t, state, o, p)
	}
	return jobs, err
}

// decibels compares two pictures within a rectangle, in dB.
func decibels(a, b *image.NRGBA, r image.Rectangle) float64 {
	sum := 0.0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			for ch := range 3 {
				d := float64(a.Pix[a.PixOffset(x, y)+ch]) - float64(b.Pix[b.PixOffset(x, y)+ch])
				sum += d * d
			}
		}
	}
	return 10 * math.Log10(255*255/max(sum/float64(3*r.Dx()*r.Dy()), 1e-3))
}

// made answers each spot with what f makes of it and joins them.
func made(t *testing.T, s *document.State, o job.Options, p api.Profile, f func(*api.Request) *image.NRGBA) (*job.Job, *job.Variant) {
	t.Helper()
	parts, err := prepareSpots(t, s, o, p)
	if err != nil {
		t.Fatal(err)
	}
	var answers []*job.Variant
	for _, j := range parts {
		v, err := j.Variant(api.Answer{Index: 2, Image: f(j.Request())})
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, v)
	}
	j := job.Join(s, o, parts)
	v, err := j.Joined(2, answers)
	if err != nil {
		t.Fatal(err)
	}
	return j, v
}

// TestSpotsGoOutSharp has a service send back what it got: nothing should change,
// and of small spots far apart nothing does.
func TestSpotsGoOutSharp(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, spots := corners(t)
	before := s.Flatten()
	sharp := map[job.Spots]float64{}
	for _, how := range []job.Spots{job.SpotsOne, job.SpotsAuto, job.SpotsEach} {
		j, v := made(t, s, options(func(o *job.Options) { o.Spots = how }), profile.Classic(), func(r *api.Request) *image.NRGBA { return r.Image })
		if want := map[job.Spots]int{job.SpotsOne: 1, job.SpotsAuto: 2, job.SpotsEach: 2}[how]; len(j.Parts()) != want {
			t.Errorf("%s: %d windows", how, len(j.Parts()))
		}
		got := j.Flatten(v)
		sharp[how] = min(decibels(got, before, spots[0]), decibels(got, before, spots[1]))
		if n := differ(got, before, s.Mask.Grow(16)); n != 0 {
			t.Errorf("%s: %d pixels changed outside", how, n)
		}
		if v.Index != 2 || v.Thumbnail == nil {
			t.Errorf("%s: variant %d", how, v.Index)
		}
	}
	t.Logf("dB: one window %.1f, auto %.1f, each %.1f", sharp[job.SpotsOne], sharp[job.SpotsAuto], sharp[job.SpotsEach])
	if sharp[job.SpotsAuto] < 50 || sharp[job.SpotsAuto] < sharp[job.SpotsOne]+8 {
		t.Errorf("as one %.1f dB, each by itself %.1f dB", sharp[job.SpotsOne], sharp[job.SpotsAuto])
	}
}

// TestSpotsAreAsWhenMadeAlone compares a joined edit with its parts laid over one another.
func TestSpotsAreAsWhenMadeAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, spots := corners(t)
	o := options(func(o *job.Options) { o.Spots = job.SpotsAuto })
	parts, err := prepareSpots(t, s, o, profile.Builtin().For("gpt-image-2", ""))
	if err != nil {
		t.Fatal(err)
	}
	alone := s
	var answers []*job.Variant
	for _, j := range parts {
		r := j.Request()
		a := image.NewNRGBA(r.Image.Rect)
		copy(a.Pix, r.Image.Pix)
		for i, c := range r.Mask.Pix {
			if c > 128 {
				copy(a.Pix[4*i:], []uint8{30, 60, 220})
			}
		}
		v, err := j.Variant(api.Answer{Image: apitest.Answer("drifts", a, opaque(a.Rect), "x", 0)})
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, v)
		alone = alone.WithResult(j.Result(v))
	}
	j := job.Join(s, o, parts)
	v, err := j.Joined(0, answers)
	if err != nil {
		t.Fatal(err)
	}
	got, want := j.Flatten(v), alone.Flatten()
	for i, r := range spots {
		if p := decibels(got, want, r.Inset(-16)); p < 45 {
			t.Errorf("spot %d: %.1f dB against itself alone", i+1, p)
		}
		if p := got.Pix[got.PixOffset(r.Min.X+30, r.Min.Y+30):]; p[2] < 150 {
			t.Errorf("spot %d is %v", i+1, p[:3])
		}
	}
	// It is one result whose mask is the user's.
	if c := j.Result(v).Covered(); !c.Bounding().In(s.Mask.Grow(17).Bounding()) {
		t.Errorf("it covers %v", c.Bounding())
	}
}

// opaque is a mask that keeps everything.
func opaque(r image.Rectangle) *image.NRGBA {
	m := image.NewNRGBA(r)
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return m
}

func TestTheBuiltInEngineFillsSpotsApart(t *testing.T) {
	s, _ := corners(t)
	parts, err := prepareSpots(t, s, options(func(o *job.Options) { o.Spots = job.SpotsAuto }), api.Builtin())
	if err != nil || len(parts) != 2 {
		t.Fatalf("%d windows, %v", len(parts), err)
	}
	for _, j := range parts {
		if w := j.Plan().Window; w.Dx() > 700 {
			t.Errorf("a window of %v", w)
		}
	}
}
