package job_test

import (
	"image"
	"image/color"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/builtin"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/editor/mask"
)

// FuzzSmallEdits walks whole edits of pictures of a few pixels, extended or not,
// with any window and blend, by the built-in engine or with an answer of any size:
// none panics, and the picture stays what it was beyond the mask and its feather.
func FuzzSmallEdits(f *testing.F) {
	f.Add(uint8(40), uint8(7), []byte{0, 0, 0, 1}, []byte{}, uint8(0), uint8(0), uint8(0), uint8(0))
	f.Add(uint8(9), uint8(8), []byte{1, 0, 0, 0}, []byte{}, uint8(0), uint8(0), uint8(0), uint8(0))
	f.Add(uint8(9), uint8(9), []byte{1, 1, 1, 1}, []byte{}, uint8(0), uint8(3), uint8(2), uint8(1))
	f.Add(uint8(0), uint8(0), []byte{0, 0, 0, 0}, []byte{0, 0, 1, 1}, uint8(0), uint8(0), uint8(0), uint8(2))
	f.Add(uint8(0), uint8(70), []byte{0, 0, 0, 0}, []byte{0, 0, 1, 70}, uint8(4), uint8(8), uint8(0), uint8(0))
	f.Add(uint8(20), uint8(20), []byte{0, 0, 0, 0}, []byte{5, 5, 5, 5, 9, 9, 3, 1}, uint8(1), uint8(0), uint8(9), uint8(3))
	f.Fuzz(func(t *testing.T, w, h uint8, border, holes []byte, grow, feather, seam, kind uint8) {
		s := state(noise(int(w)%90+1, int(h)%90+1))
		if len(border) >= 4 {
			s = s.Extended(int(border[0]%5), int(border[1]%5), int(border[2]%5), int(border[3]%5))
		}
		if m := holesMask(s.Size, holes); !m.Empty() {
			s = s.WithMask(m)
		}
		profiles := []api.Profile{api.Builtin(), profile.Classic(), profile.Builtin().For("gpt-image-2", ""), api.Builtin()}
		p := profiles[kind%4]
		o := options(func(o *job.Options) {
			o.Region.Grow, o.Region.Min = int(grow%20), int(kind/4)
			o.Blend.Grow, o.Blend.Feather, o.Blend.Seam = int(grow%7), int(feather%40), int(seam%50)
			o.Blend.Match = kind&64 == 0
		})
		j, err := job.Prepare(t.Context(), s, o, p)
		if e := api.AsError(err); e != nil {
			if e.Kind != api.KindInput {
				t.Fatal(err)
			}
			return
		}
		answer := noise(int(seam)+1, int(feather)+1)
		if p.ID == api.Builtin().ID {
			answer = nil
			_, err = builtin.New().Edit(t.Context(), j.Request(), apitest.Sink(func(e api.Event) {
				if a, ok := e.(api.Answer); ok {
					answer = a.Image
				}
			}))
			if e := api.AsError(err); e != nil {
				if e.Kind != api.KindInput {
					t.Fatal(err)
				}
				return
			}
		}
		v, err := j.Variant(api.Answer{Image: answer})
		if err != nil {
			t.Fatal(err)
		}
		before, after := s.Flatten(), j.Flatten(v)
		near := j.Mask().Grow(o.Blend.Feather).Bounding() // no pixel beyond may change
		for y := range s.Size.Y {
			for x := range s.Size.X {
				if at := image.Pt(x, y); !at.In(near) && before.NRGBAAt(x, y) != after.NRGBAAt(x, y) {
					t.Fatalf("%v became %v at %v, beyond %v", before.NRGBAAt(x, y), after.NRGBAAt(x, y), at, near)
				}
			}
		}
	})
}

// holesMask returns a mask of rectangles, four bytes each.
func holesMask(size image.Point, holes []byte) *mask.Mask {
	a := image.NewAlpha(image.Rectangle{Max: size})
	for i := 0; i+4 <= len(holes) && i < 32; i += 4 {
		b := holes[i:]
		r := image.Rect(0, 0, int(b[2])%100, int(b[3])%100).Add(image.Pt(int(b[0])%100-5, int(b[1])%100-5)).Intersect(a.Rect)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				a.SetAlpha(x, y, color.Alpha{A: b[0] ^ b[3] | 1})
			}
		}
	}
	return mask.FromAlpha(a, size)
}
