package subject_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"overpaint.dev/overpaint/editor/subject"
)

// A blue sky over a dark field with a red square in the middle of it.
func scene() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{150, 190, 235, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 50, 160, 120), image.NewUniform(color.NRGBA{50, 70, 40, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(60, 65, 100, 105), image.NewUniform(color.NRGBA{200, 40, 30, 255}), image.Point{}, draw.Src)
	return img
}

func TestEachKindIsFound(t *testing.T) {
	img := scene()
	pixels := func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) }
	for kind, want := range map[subject.Kind]struct{ sky, field, square uint8 }{
		subject.Sky: {255, 0, 0}, subject.Background: {255, 255, 0}, subject.People: {}, "cat": {},
	} {
		m, err := kind.Find(t.Context(), img.Rect.Size(), pixels)
		if err != nil {
			t.Fatal(err)
		}
		if sky, field, square := m.At(80, 20), m.At(10, 100), m.At(80, 85); sky != want.sky || field != want.field || square != want.square {
			t.Errorf("%s: sky, field and square are %d, %d and %d, want %v", kind, sky, field, square, want)
		}
		if kind.Valid() != (kind != "cat") {
			t.Errorf("%s: Valid is %t", kind, kind.Valid())
		}
	}
}

func TestFindingEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	img := scene()
	for _, kind := range []subject.Kind{subject.People, subject.Sky, subject.Background} {
		if _, err := kind.Find(ctx, img.Rect.Size(), func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v", kind, err)
		}
	}
}
