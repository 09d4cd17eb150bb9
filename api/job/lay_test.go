package job_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/grain"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// joined answers each spot of a mask with what f makes of its number and of what is sent, and returns
// the joined edit with its variant, and what the spots look like when each is laid over the picture by itself.
func joined(t *testing.T, s *document.State, how job.Spots, f func(i int, j *job.Job) *image.NRGBA) (j *job.Job, v *job.Variant, alone *image.NRGBA) {
	t.Helper()
	o := options(func(o *job.Options) { o.Spots = how })
	parts, err := prepareSpots(t, s, o, profile.Classic())
	if err != nil || len(parts) < 2 {
		t.Fatalf("%d spots, %v", len(parts), err)
	}
	below := s
	made := make([]*job.Variant, len(parts))
	for i, part := range parts {
		img := f(i, part)
		if img == nil {
			continue
		}
		if made[i], err = part.Variant(api.Answer{Image: img}); err != nil {
			t.Fatal(err)
		}
		below = below.WithResult(part.Result(made[i]))
	}
	j = job.Join(s, o, parts)
	if v, err = j.Joined(0, made); err != nil {
		t.Fatal(err)
	}
	return j, v, below.Flatten()
}

// halved is what is sent at half the window's size.
func halved(_ int, j *job.Job) *image.NRGBA {
	return picture.Resize(j.Request().Image, j.Plan().Window.Size().Div(2))
}

// TestSpotsGetTheirDetailBack has spots answered at half their size: what enlarging takes comes back, by
// the same switches as where there is one window, and of each spot as much as alone.
func TestSpotsGetTheirDetailBack(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, spots := corners(t)
	before := s.Flatten()
	j, v, alone := joined(t, s, job.SpotsEach, halved)
	r := j.Result(v)
	if d := r.Detail(); !r.Enlarged() || d.Times != 2 || d.Sharpened == 0 {
		t.Fatalf("they get %+v back", d)
	}
	b := r.Blend
	b.Sharpen, b.Grain = false, false
	plain := r.Blended(b)
	if d := plain.Detail(); d != (region.Detail{Times: 2}) {
		t.Errorf("switched off they have %+v", d)
	}
	b.Sharpen = true
	on, off, sharp := s.WithResult(r).Flatten(), s.WithResult(plain).Flatten(), s.WithResult(r.Blended(b)).Flatten()
	nearer := false
	for i, at := range spots {
		p, q := decibels(sharp, before, at), decibels(off, before, at)
		if nearer = nearer || p > q; p < q-0.05 {
			t.Errorf("spot %d: %.2f dB sharpened, %.2f as it is", i+1, p, q)
		}
		if a, c, e := slopes(off, at), slopes(sharp, at), slopes(before, at); c < a || c > 1.02*e {
			t.Errorf("spot %d: slopes of %.2f are %.2f when sharpened, in the photo %.2f", i+1, a, c, e)
		}
		if p := decibels(on, alone, at.Inset(-16)); p < 45 {
			t.Errorf("spot %d: %.1f dB against itself alone", i+1, p)
		}
	}
	if !nearer {
		t.Error("sharpening brings no spot nearer to the photo")
	}
	if n := differ(on, before, s.Mask.Grow(16)); n != 0 {
		t.Errorf("%d pixels changed outside", n)
	}
}

// slopes is the mean difference of neighbours within r in levels.
func slopes(img *image.NRGBA, r image.Rectangle) (sum float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			i := img.PixOffset(x, y) + 1
			sum += math.Abs(float64(img.Pix[i+4])-float64(img.Pix[i])) + math.Abs(float64(img.Pix[i+img.Stride])-float64(img.Pix[i]))
		}
	}
	return sum / float64(2*r.Dx()*r.Dy())
}

// TestJoinedSpotsKeepStrongColours has a service tint everything by more than matching takes back: what is left
// of that is as much in a joined answer as where a spot is alone.
func TestJoinedSpotsKeepStrongColours(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, spots := corners(t)
	j, v, want := joined(t, s, job.SpotsEach, func(i int, j *job.Job) *image.NRGBA { return reddened(halved(i, j)) })
	before, got := s.Flatten(), j.Flatten(v)
	// Laid into another service's window it is matched no more either.
	o := options(func(o *job.Options) { o.Region.Window = s.Bounds() })
	other := prepare(t, s, o, profile.Builtin().For("gpt-image-2", ""))
	v, err := other.Adopted(v, j)
	if err != nil {
		t.Fatal(err)
	}
	adopted := other.Flatten(v)
	if d := other.Result(v).Detail(); d.Times != 2 || d.Sharpened == 0 {
		t.Errorf("adopted it gets %+v back", d)
	}
	for i, r := range spots {
		was, is, wanted := redness(before, r), redness(got, r), redness(want, r)
		if there := redness(adopted, r); math.Abs(is-there) > 1 {
			t.Errorf("spot %d: %.1f where it was adopted, %.1f before", i+1, there, is)
		}
		t.Logf("spot %d: %.1f of %.1f by itself, %.1f before", i+1, is, wanted, was)
		if wanted < was+20 || math.Abs(is-wanted) > 1 {
			t.Errorf("spot %d is redder by %.1f levels, by itself by %.1f", i+1, is-was, wanted-was)
		}
	}
}

// reddened returns a picture with much more red and less of the rest.
func reddened(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	for i := range out.Pix {
		v := int(img.Pix[i])
		out.Pix[i] = uint8([4]int{min(v+150, 255), max(v-110, 0), max(v-110, 0), v}[i%4])
	}
	return out
}

// redness is by how many levels red is more than green within r.
func redness(img *image.NRGBA, r image.Rectangle) (sum float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := img.Pix[img.PixOffset(x, y):]
			sum += float64(p[0]) - float64(p[1])
		}
	}
	return sum / float64(r.Dx()*r.Dy())
}

// grained is a state of a piece of a photo with grain of a spread of 7 levels, soft as that of cameras, and
// the piece without it.
func grained(t *testing.T) (s *document.State, clean *image.NRGBA) {
	t.Helper()
	p, err := picture.Open("../../assets/photos/flower.jpg", picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	at := image.Rect(500, 200, 1700, 1400)
	w, h := at.Dx(), at.Dy()
	clean, img := image.NewNRGBA(image.Rect(0, 0, w, h)), image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(clean, clean.Rect, p.Pix, at.Min, draw.Src)
	r := rand.New(rand.NewPCG(5, 6))
	raw := make([]float64, (w+2)*(h+2))
	for i := range raw {
		raw[i] = r.NormFloat64()
	}
	const side = 0.3
	for i := range w * h {
		by := 0.0
		for k, part := range [3]float64{side, 1, side} {
			row := raw[(i/w+k)*(w+2)+i%w:]
			by += part * (side*row[0] + row[1] + side*row[2])
		}
		by *= 7 / (1 + 2*side*side)
		for ch := range 4 {
			img.Pix[4*i+ch] = clean.Pix[4*i+ch]
			if ch < 3 {
				img.Pix[4*i+ch] = uint8(min(max(math.Round(float64(clean.Pix[4*i+ch])+by), 0), 255))
			}
		}
	}
	return state(img), clean
}

// TestSpotsGetThePhotosGrain has spots answered without grain, as models answer.
func TestSpotsGetThePhotosGrain(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, clean := grained(t)
	spots := [2]image.Rectangle{image.Rect(40, 40, 360, 360), image.Rect(800, 820, 1160, 1160)}
	s = s.WithMask(mask.Union(rect(s.Size, spots[0]), rect(s.Size, spots[1])))
	j, v, alone := joined(t, s, job.SpotsEach, func(_ int, j *job.Job) *image.NRGBA {
		w := j.Plan().Window
		return picture.Resize(clean.SubImage(w.Intersect(clean.Rect)).(*image.NRGBA), w.Size().Div(2))
	})
	before, got := s.Flatten(), j.Flatten(v)
	for i, r := range spots {
		is, want := spectrum(got, r.Inset(8)), spectrum(before, r.Inset(8))
		if is == nil || want == nil {
			t.Fatalf("spot %d has no plain places", i+1)
		}
		for _, band := range [][2]float64{{1.0 / 16, 1.0 / 8}, {1.0 / 8, 1.0 / 4}, {1.0 / 4, 0.8}} {
			ratio := is.Band(band[0], band[1]) / want.Band(band[0], band[1])
			t.Logf("spot %d, %.2f to %.2f periods a pixel: %.2f times the photo's power, %.2f alone", i+1, band[0], band[1], ratio, spectrum(alone, r.Inset(8)).Band(band[0], band[1])/want.Band(band[0], band[1]))
			if ratio < 0.8 || ratio > 1.25 {
				t.Errorf("spot %d: %.2f times the photo's power from %.2f to %.2f periods a pixel", i+1, ratio, band[0], band[1])
			}
		}
	}
}

// spectrum measures the grain within r.
func spectrum(img *image.NRGBA, r image.Rectangle) *grain.Spectrum {
	var blocks []image.Rectangle
	for y := r.Min.Y; y+grain.Block <= r.Max.Y; y += grain.Block {
		for x := r.Min.X; x+grain.Block <= r.Max.X; x += grain.Block {
			blocks = append(blocks, image.Rect(x, y, x+grain.Block, y+grain.Block))
		}
	}
	return grain.Measure(func(image.Rectangle) *image.NRGBA { return img }, blocks)
}

// TestSpotsInOneAnothersWindows has a dot within a ring: both windows show both, and each shows what it was
// asked for; where one has no answer, the picture stays.
func TestSpotsInOneAnothersWindows(t *testing.T) {
	s := state(noise(700, 600))
	dot := rect(s.Size, image.Rect(320, 270, 380, 330))
	around := mask.Subtract(rect(s.Size, image.Rect(150, 100, 550, 500)), rect(s.Size, image.Rect(220, 170, 480, 430)))
	s = s.WithMask(mask.Union(dot, around))
	before := s.Flatten()
	colours := [2][]uint8{{30, 60, 220}, {220, 60, 30}}
	painted := func(i int, j *job.Job) *image.NRGBA {
		r := j.Request()
		img := image.NewNRGBA(r.Image.Rect)
		copy(img.Pix, r.Image.Pix)
		for k, c := range r.Mask.Pix {
			if c > 128 {
				copy(img.Pix[4*k:], colours[i])
			}
		}
		return img
	}
	j, v, _ := joined(t, s, job.SpotsEach, painted)
	if n := len(j.Parts()); n != 2 {
		t.Fatalf("%d windows", n)
	}
	blueIn := 0 // the part that is the ring
	if j.Parts()[0].Mask().At(350, 300) != 0 {
		blueIn = 1
	}
	got := j.Flatten(v)
	for name, at := range map[string]image.Point{"ring": {180, 300}, "dot": {350, 300}} {
		want := colours[blueIn]
		if name == "dot" {
			want = colours[1-blueIn]
		}
		if p := got.Pix[got.PixOffset(at.X, at.Y):][:3]; math.Abs(float64(p[0])-float64(want[0])) > 40 || math.Abs(float64(p[2])-float64(want[2])) > 40 {
			t.Errorf("the %s is %v, want nearly %v", name, p, want)
		}
	}
	if n := differ(got, before, s.Mask.Grow(16)); n != 0 {
		t.Errorf("%d pixels changed outside", n)
	}
	j, v, _ = joined(t, s, job.SpotsEach, func(i int, j *job.Job) *image.NRGBA {
		if j.Mask().At(350, 300) != 0 { // the dot gets no answer
			return nil
		}
		return picture.Resize(painted(i, j), j.Plan().Window.Size().Div(2))
	})
	got = j.Flatten(v)
	for y := 270; y < 330; y++ {
		if i := got.PixOffset(320, y); !bytes.Equal(got.Pix[i:i+4*60], before.Pix[i:i+4*60]) {
			t.Fatalf("the dot, which has no answer, changed in row %d", y)
		}
	}
}

// TestJoinedSpotsKeepWhatDidNotChange has a service lighten all and repaint a part of each spot alone.
func TestJoinedSpotsKeepWhatDidNotChange(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	s, spots := corners(t)
	var really [2]image.Rectangle
	for i, r := range spots {
		really[i] = image.Rectangle{Min: r.Min.Add(image.Pt(10, 10)), Max: r.Min.Add(image.Pt(40, 40))}
	}
	j, v, _ := joined(t, s, job.SpotsEach, func(i int, j *job.Job) *image.NRGBA {
		w := j.Plan().Window
		img := picture.Resize(j.Request().Image, w.Size())
		for k := range img.Pix {
			img.Pix[k] = uint8(min(int(img.Pix[k])+8*i, 255)) // each otherwise
		}
		draw.Draw(img, really[i].Sub(w.Min), image.NewUniform(color.NRGBA{R: 220, G: 20, B: 200, A: 255}), image.Point{}, draw.Src)
		return picture.Resize(img, w.Size().Div(2))
	})
	r := j.Result(v)
	b := r.Blend
	b.KeepMore = true
	got := r.Blended(b).Covered()
	for i, want := range really {
		both, either := 0, 0
		for y := spots[i].Min.Y; y < spots[i].Max.Y; y++ {
			for x := spots[i].Min.X; x < spots[i].Max.X; x++ {
				is, was := got.At(x, y) > 127, image.Pt(x, y).In(want)
				if is && was {
					both++
				}
				if is || was {
					either++
				}
			}
		}
		if share := float64(both) / float64(either); share < 0.8 {
			t.Errorf("spot %d: %.2f of what changed and what is taken is both", i+1, share)
		}
	}
}
