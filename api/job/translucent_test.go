package job_test

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// translucent returns a picture of random colours of which most shows through: of the kind 0 by random
// amounts, of 1 in patches that are opaque, faint or not to be seen at all, of 2 ever more from left to right.
func translucent(r *rand.Rand, kind int, size image.Point) *image.NRGBA {
	img := image.NewNRGBA(image.Rectangle{Max: size})
	var cells [64]uint8
	for i := range cells {
		cells[i] = []uint8{0, 1, 3, 90, 254, 255}[r.IntN(6)]
	}
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
		x, y := i/4%size.X, i/4/size.X
		switch {
		case i%4 != 3 || kind == 0:
		case kind == 1:
			img.Pix[i] = cells[x/20%8*8+y/20%8]
		default:
			img.Pix[i] = uint8(255 - 255*x/size.X)
		}
	}
	return img
}

// windowOf is what a window shows of a picture, as a part of a larger picture.
func windowOf(img *image.NRGBA, w image.Rectangle) *image.NRGBA {
	around := image.NewNRGBA(w.Inset(-3))
	r := w.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(around.Pix[around.PixOffset(r.Min.X, y):][:4*r.Dx()], img.Pix[img.PixOffset(r.Min.X, y):])
	}
	return around.SubImage(w).(*image.NRGBA)
}

// sentBack are ways in which a service sends back what it got, with window and picture at the same scale.
var sentBack = map[string]func(j *job.Job, img *image.NRGBA) api.Answer{
	"as sent": func(j *job.Job, _ *image.NRGBA) api.Answer { return api.Answer{Image: j.Request().Image} },
	"encoded": func(j *job.Job, _ *image.NRGBA) api.Answer {
		var b bytes.Buffer
		if err := picture.EncodeRGBA(&b, j.Request().Image, 1); err != nil {
			panic(err)
		}
		p, err := picture.Decode(b.Bytes(), picture.DefaultLimits)
		if err != nil {
			panic(err)
		}
		return api.Answer{Image: p.Pix, Encoded: b.Bytes()}
	},
	"part of a picture": func(j *job.Job, img *image.NRGBA) api.Answer {
		return api.Answer{Image: windowOf(img, j.Plan().Window)}
	},
}

// blends are ways to lay an answer over the picture.
func blends() map[string]region.Blend {
	all := map[string]region.Blend{}
	for name, change := range map[string]func(b *region.Blend){
		"usual":     func(*region.Blend) {},
		"bare":      func(b *region.Blend) { *b = region.Blend{Opacity: 1} },
		"half":      func(b *region.Blend) { b.Opacity = 0.5 },
		"keep more": func(b *region.Blend) { b.KeepMore = true },
	} {
		b := region.DefaultBlend()
		change(&b)
		all[name] = b
	}
	return all
}

// spotted returns a document with a soft mask of two spots.
func spotted(img *image.NRGBA) *document.State {
	s := state(img)
	w, h := s.Size.X, s.Size.Y
	return s.WithMask(mask.Union(rect(s.Size, image.Rect(20, 20, 50, 50)), rect(s.Size, image.Rect(w-50, h-45, w-20, h-15))).Feather(3))
}

// unchanged reports pixels of a result that are not those of the picture.
func unchanged(t *testing.T, what string, got, want *image.NRGBA) {
	t.Helper()
	if !slices.Equal(got.Pix, want.Pix) {
		n, first := 0, -1
		for i := range got.Pix {
			if got.Pix[i] != want.Pix[i] {
				n++
				if first < 0 {
					first = i
				}
			}
		}
		at := first &^ 3
		t.Errorf("%s: %d channels changed, first at (%d, %d): %v of %v", what, n, first/4%want.Rect.Dx(), first/4/want.Rect.Dx(), got.Pix[at:at+4], want.Pix[at:at+4])
	}
}

// TestTranslucentAnswersChangeNothing has a service send back what it got of pictures that show
// through, in one window and in several, some of them larger than the picture, and lays that over it in every way.
func TestTranslucentAnswersChangeNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	r := rand.New(rand.NewPCG(5, 6))
	for n, size := range []image.Point{{340, 230}, {150, 120}, {340, 230}} {
		img := translucent(r, n, size)
		s := spotted(img)
		for back, answer := range sentBack {
			for name, b := range blends() {
				what := fmt.Sprintf("picture %d, %s, %s", n, back, name)
				o := options(func(o *job.Options) { o.Blend, o.Region.Min = b, 160 })
				j := prepare(t, s, o, api.Builtin())
				v, err := j.Variant(answer(j, img))
				if err != nil {
					t.Fatal(err)
				}
				unchanged(t, what+", one window", j.Flatten(v), img)
				unchanged(t, what+", project", reopened(t, s.WithResult(j.Result(v))).Flatten(), img)

				o.Spots = job.SpotsEach
				joint, one := spotsBack(t, s, o, func(j *job.Job) api.Answer { return answer(j, img) })
				unchanged(t, what+", joined", joint.Flatten(one), img)
				unchanged(t, what+", joined, project", reopened(t, s.WithResult(joint.Result(one))).Flatten(), img)

				o.Spots, o.Region.Window = job.SpotsOne, s.Bounds()
				other := prepare(t, s, o, api.Builtin())
				if one, err = other.Adopted(v, j); err != nil {
					t.Fatal(err)
				}
				unchanged(t, what+", adopted", other.Flatten(one), img)
			}
		}
	}
}

// TestTranslucentTilesChangeNothing is the same of an edit that is made in tiles, one after the other, and made
// again of what is known of it.
func TestTranslucentTilesChangeNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	img := translucent(rand.New(rand.NewPCG(7, 8)), 1, image.Pt(600, 300))
	s := state(img)
	s = s.WithMask(rect(s.Size, image.Rect(30, 40, 570, 260)))
	o := options(func(o *job.Options) { o.Size = image.Pt(256, 256) })
	tiles, err := job.PlanTiles(s, profile.Classic(), o)
	if err != nil || len(tiles) < 2 {
		t.Fatalf("%d tiles, %v", len(tiles), err)
	}
	below := s
	for n, tile := range tiles {
		o.Region.Window = tile.Plan.Window
		j := prepare(t, below.WithMask(tile.Mask), o, profile.Classic())
		answer := api.Answer{Image: windowOf(img, j.Plan().Window)}
		v, err := j.Variant(answer)
		if err != nil {
			t.Fatal(err)
		}
		again, err := job.Resume(j.State(), j.Plan(), j.Blend(), o).Variant(answer)
		if err != nil {
			t.Fatal(err)
		}
		unchanged(t, fmt.Sprintf("tile %d resumed", n), j.Flatten(again), img)
		below = below.WithResult(j.Result(v))
		unchanged(t, fmt.Sprintf("tile %d", n), below.Flatten(), img)
	}
}

// spotsBack answers each of the spots of a document, which are two, and joins them.
func spotsBack(t *testing.T, s *document.State, o job.Options, answer func(*job.Job) api.Answer) (*job.Job, *job.Variant) {
	t.Helper()
	parts, err := prepareSpots(t, s, o, api.Builtin())
	if err != nil || len(parts) != 2 {
		t.Fatalf("%d spots, %v", len(parts), err)
	}
	var all []*job.Variant
	for _, p := range parts {
		v, err := p.Variant(answer(p))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	j := job.Join(s, o, parts)
	v, err := j.Joined(0, all)
	if err != nil {
		t.Fatal(err)
	}
	return j, v
}

// reopened saves a document as a project and reads it again.
func reopened(t *testing.T, s *document.State) *document.State {
	t.Helper()
	var b bytes.Buffer
	if err := document.WriteProject(&b, document.Project{State: s}); err != nil {
		t.Fatal(err)
	}
	p, err := document.ReadProject(bytes.NewReader(b.Bytes()), int64(b.Len()), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return p.State
}
