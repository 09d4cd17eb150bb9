package job_test

import (
	"bytes"
	"image"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// spaces are those of cameras and phones.
func spaces() map[string]*colour.Space {
	return map[string]*colour.Space{"Display P3": colour.Coded(12, 13), "Adobe RGB": colour.AdobeRGB()}
}

// photoIn returns a photo in a space, masked in the middle.
func photoIn(t *testing.T, space *colour.Space) (*document.State, image.Rectangle) {
	t.Helper()
	p, err := picture.Open(filepath.Join("../../assets/photos", "flower.jpg"), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	own := &picture.Picture{Pix: space.Of(p.Pix), Meta: picture.Metadata{Format: "png", ICC: space.Profile(), Space: space}}
	masked := image.Rect(200, 150, 420, 330)
	return document.NewState(own).WithMask(rect(own.Size(), masked)), masked
}

// TestServicesSeeSRGB has a service send back what it got.
func TestServicesSeeSRGB(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	for name, space := range spaces() {
		s, masked := photoIn(t, space)
		j := prepare(t, s, options(func(o *job.Options) { o.Region.Window = s.Bounds() }), profile.Builtin().For("gpt-image-2", ""))
		sent := j.Request().Image
		if got, want := picture.Resize(sent, s.Size), space.SRGB(s.Base.Pix); decibels(got, want, s.Bounds()) < 38 {
			t.Errorf("%s: what is sent isn't sRGB: %.1f dB", name, decibels(got, want, s.Bounds()))
		}
		if !j.SRGB() {
			t.Errorf("%s: nothing tells that the answers are in sRGB", name)
		}
		v := variant(t, j, sent)
		if v.ChangedOutside > 0.1 {
			t.Errorf("%s: the service is said to have changed %.2f %%", name, v.ChangedOutside)
		}
		out := j.Flatten(v)
		if n := differ(out, s.Base.Pix, s.Mask.Grow(16)); n != 0 {
			t.Errorf("%s: %d pixels changed outside", name, n)
		}
		if db := decibels(out, s.Base.Pix, masked); db < 38 {
			t.Errorf("%s: inside %.1f dB", name, db)
		}
	}
}

// TestUnscaledAnswersComeBackWithinTwoLevels sends windows that need no scaling.
func TestUnscaledAnswersComeBackWithinTwoLevels(t *testing.T) {
	p := profile.Builtin().For("gpt-image-2", "")
	for name, space := range spaces() {
		s, masked := photoIn(t, space)
		part := image.Rect(0, 0, 512, 512)
		cut := image.NewNRGBA(part)
		for y := range 512 {
			copy(cut.Pix[y*cut.Stride:][:4*512], s.Base.Pix.Pix[y*s.Base.Pix.Stride:])
		}
		s = document.NewState(&picture.Picture{Pix: cut, Meta: s.Base.Meta}).WithMask(rect(part.Size(), masked))
		p := p
		p.Sizes, p.MaxSide, p.MinPixels, p.MaxPixels, p.Multiple = []image.Point{{X: 512, Y: 512}}, 512, 0, 0, 1
		j := prepare(t, s, options(func(o *job.Options) { o.Region.Window, o.Blend.Match = part, false }), p)
		sent := j.Request().Image
		if want := space.SRGB(cut); sent.Rect.Size() != part.Size() || !bytes.Equal(sent.Pix, want.Pix) {
			t.Fatalf("%s: sent %v, up to %d levels off", name, sent.Rect, most(sent, want, part))
		}
		out := j.Flatten(variant(t, j, sent))
		if d := most(out, cut, masked); d > 2 {
			t.Errorf("%s: up to %d levels off inside", name, d)
		}
		if n := differ(out, cut, s.Mask.Grow(16)); n != 0 {
			t.Errorf("%s: %d pixels changed outside", name, n)
		}
	}
}

// most returns the largest difference within a rectangle.
func most(a, b *image.NRGBA, r image.Rectangle) (most int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			for c := range 3 {
				d := int(a.Pix[a.PixOffset(x, y)+c]) - int(b.Pix[b.PixOffset(x, y)+c])
				most = max(most, d, -d)
			}
		}
	}
	return most
}

// TestTheBuiltInEngineWorksInThePicturesSpace loses no colour that sRGB doesn't have.
func TestTheBuiltInEngineWorksInThePicturesSpace(t *testing.T) {
	s, _ := photoIn(t, colour.Coded(12, 13))
	j := prepare(t, s, options(nil), api.Builtin())
	if j.SRGB() {
		t.Error("its answers count as sRGB")
	}
	w := j.Plan().Window
	if got := j.Request().Image; got.Rect.Size() == w.Size() && !bytes.Equal(got.Pix[:4*w.Dx()], s.Pixels(w).Pix[:4*w.Dx()]) {
		t.Error("it gets other numbers")
	}
}

// TestAnswersKeepTheirColours drops an answer's pixels, writes a project and reads it, and
// reopens the job: they look the same each time.
func TestAnswersKeepTheirColours(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, masked := photoIn(t, colour.Coded(12, 13))
	j := prepare(t, s, options(nil), profile.Builtin().For("gpt-image-2", ""))
	req := j.Request()
	var file bytes.Buffer
	if err := picture.EncodeRGBA(&file, req.Image, 1); err != nil {
		t.Fatal(err)
	}
	v, err := j.Variant(api.Answer{Image: req.Image, Encoded: file.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	shown := j.Flatten(v)
	document.DefaultCache.SetBudget(0)
	defer document.DefaultCache.SetBudget(document.DefaultBudget)
	if d := most(j.Flatten(v), shown, masked); d != 0 {
		t.Errorf("decoded again it is %d levels off", d)
	}
	var kept bytes.Buffer
	with := s.WithResult(j.Result(v))
	if err := document.WriteProject(&kept, document.Open(with, document.Source{}).Project(nil)); err != nil {
		t.Fatal(err)
	}
	p, err := document.ReadProject(bytes.NewReader(kept.Bytes()), int64(kept.Len()), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	// Painted anew, a result shows its answer and not how it looked.
	all := func(s *document.State) *image.NRGBA {
		id := s.Results[0].ID
		return s.Edited(id, func(r *document.Result) *document.Result { return r.Painted(mask.All(s.Size)) }).Flatten()
	}
	if d := most(all(p.State), all(with), masked); d > 1 {
		t.Errorf("from a project it is %d levels off", d)
	}
	o := options(nil)
	o.SRGB = j.SRGB()
	resumed := job.Resume(s, j.Plan(), j.Blend(), o)
	if v, err = resumed.Variant(api.Answer{Image: req.Image, Encoded: file.Bytes()}); err != nil {
		t.Fatal(err)
	}
	if d := most(resumed.Flatten(v), shown, masked); d > 1 {
		t.Errorf("from the history it is %d levels off", d)
	}
}
