package builtin_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/builtin"
	"overpaint.dev/overpaint/assets/text"
)

// picture returns a random picture of blocks with a transparent square in it.
func picture(w, h int, square image.Rectangle) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := rand.New(rand.NewPCG(1, uint64(x/4)<<20+uint64(y/4))).Uint32()
			c := color.NRGBA{R: uint8(v), G: uint8(v >> 8), B: uint8(v >> 16), A: 255}
			if (image.Point{X: x, Y: y}).In(square) {
				c = color.NRGBA{}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func TestVariantsComeOneByOne(t *testing.T) {
	square := image.Rect(30, 30, 50, 50)
	img := picture(80, 80, square)
	var answers []*image.NRGBA
	methods := map[string]bool{}
	last := -1.0
	result, err := builtin.New().Edit(t.Context(), &api.Request{Image: img, N: 3, Seed: 7}, apitest.Sink(func(e api.Event) {
		switch e := e.(type) {
		case api.Progress:
			if e.Stage != api.Computing || e.Index != len(answers) || e.Fraction < last || e.Fraction > 1 {
				t.Errorf("after %d answers and %v: %+v", len(answers), last, e)
			}
			last = e.Fraction
		case api.Answer:
			if e.Index != len(answers) {
				t.Errorf("answer %d came as number %d", e.Index, len(answers))
			}
			answers = append(answers, e.Image)
			methods[e.Method] = true
			last = -1
		default:
			t.Errorf("event %T", e)
		}
	}))
	if err != nil || result.Asked != 3 || result.Got != 3 || len(answers) != 3 {
		t.Fatalf("%+v, %v, %d answers", result, err, len(answers))
	}
	if len(methods) != 2 || !methods[api.Patches] || !methods[api.Pieces] {
		t.Errorf("they were made by %v", methods)
	}
	for _, a := range answers {
		for y := range 80 {
			for x := range 80 {
				switch c := a.NRGBAAt(x, y); {
				case (image.Point{X: x, Y: y}).In(square):
					if c.A != 255 {
						t.Fatalf("(%d, %d) in the hole is %v", x, y, c)
					}
				case c != img.NRGBAAt(x, y):
					t.Fatalf("(%d, %d) outside became %v", x, y, c)
				}
			}
		}
	}
	if bytes.Equal(answers[0].Pix, answers[1].Pix) || bytes.Equal(answers[1].Pix, answers[2].Pix) {
		t.Error("variants are equal")
	}
}

func TestMaskElsewhere(t *testing.T) {
	img := picture(60, 40, image.Rectangle{})
	mask := image.NewAlpha(image.Rect(100, 100, 160, 140)) // same size, other origin
	mask.SetAlpha(120, 120, color.Alpha{A: 1})
	var answer *image.NRGBA
	_, err := builtin.New().Edit(t.Context(), &api.Request{Image: img, Mask: mask, Prompt: "a bird"}, apitest.Sink(func(e api.Event) {
		if a, ok := e.(api.Answer); ok {
			answer = a.Image
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(img.Pix); i += 4 {
		if i != img.PixOffset(20, 20) && !bytes.Equal(img.Pix[i:i+4], answer.Pix[i:i+4]) {
			t.Fatalf("byte %d changed", i)
		}
	}
}

func TestBadInputHasASentence(t *testing.T) {
	img := picture(20, 20, image.Rectangle{})
	all := image.NewAlpha(img.Rect)
	for i := range all.Pix {
		all.Pix[i] = 255
	}
	for name, c := range map[string]struct {
		req  api.Request
		want string
	}{
		"no picture":   {api.Request{}, "builtin.no_picture"},
		"no mask":      {api.Request{Image: img}, "builtin.no_mask"},
		"empty mask":   {api.Request{Image: img, Mask: image.NewAlpha(img.Rect)}, "builtin.no_mask"},
		"other size":   {api.Request{Image: img, Mask: image.NewAlpha(image.Rect(0, 0, 19, 20))}, "builtin.mask_size"},
		"too many":     {api.Request{Image: img, Mask: all, N: 11}, "builtin.count"},
		"all of it":    {api.Request{Image: img, Mask: all}, "builtin.nothing_to_copy"},
		"only nothing": {api.Request{Image: image.NewNRGBA(img.Rect)}, "builtin.nothing_to_copy"},
	} {
		result, err := builtin.New().Edit(t.Context(), &c.req, apitest.Sink(func(api.Event) {}))
		var e *api.Error
		if !errors.As(err, &e) || e.Kind != api.KindInput || e.Text().Key != c.want || result.Got != 0 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := text.T(e.Text().Key, e.Text().Args...); s == "" || s == c.want {
			t.Errorf("%s has no sentence", name)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	img := picture(200, 200, image.Rect(50, 50, 150, 150))
	got := 0
	_, err := builtin.New().Edit(ctx, &api.Request{Image: img, N: 2}, apitest.Sink(func(e api.Event) {
		switch e := e.(type) {
		case api.Answer:
			got++
		case api.Progress:
			if e.Index == 1 && e.Fraction > 0.2 {
				cancel()
			}
		}
	}))
	var e *api.Error
	if !errors.As(err, &e) || e.Kind != api.KindCancelled || !errors.Is(err, context.Canceled) || got != 1 {
		t.Errorf("%v after %d answers", err, got)
	}
}
