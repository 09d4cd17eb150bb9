package region

import (
	"context"
	"image"
	"image/draw"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/change"
)

// FitMoved is Fit for an answer that moved: it is moved back as motion says.
// Where it then shows nothing, its edge goes on.
func (p Plan) FitMoved(answer *image.NRGBA, motion align.Motion) *image.NRGBA {
	if motion.Still() || motion.Answer != answer.Rect.Size() {
		return p.Fit(answer)
	}
	size := p.Window.Size()
	out, _ := motion.Apply(context.Background(), answer, size, image.Rectangle{Max: size}) // which never ends
	out.Rect = p.Window
	return out
}

// Changes finds what an answer, fitted to the window, really changed of what
// lies below within the canvas. The map's top-left pixel is that of where it says
// that it is, in canvas pixels. The only error is ctx's.
func (p Plan) Changes(ctx context.Context, src Source, canvas image.Rectangle, fitted *image.NRGBA, motion align.Motion) (*change.Map, image.Rectangle, error) {
	inside := p.Window.Intersect(canvas)
	shown := motion.Shown(p.Window.Size())
	if shown != nil {
		shown.Rect = p.Window
		shown = shown.SubImage(inside).(*image.Alpha)
	}
	before := src.Pixels(inside)
	m, err := change.Measure(ctx, before, filled(fitted.SubImage(inside).(*image.NRGBA), before), shown)
	return m, inside, err
}

// filled returns a picture that has another one's pixels where it shows nothing, itself where
// it shows something everywhere.
func filled(img, from *image.NRGBA) *image.NRGBA {
	out := img
	for y := range img.Rect.Dy() {
		row := img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y+y):][:4*img.Rect.Dx()]
		for x := 0; x < len(row); x += 4 {
			if row[x+3] != 0 {
				continue
			}
			if out == img {
				out = image.NewNRGBA(img.Rect)
				draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
			}
			copy(out.Pix[y*out.Stride+x:][:4], from.Pix[from.PixOffset(from.Rect.Min.X, from.Rect.Min.Y+y)+x:])
		}
	}
	return out
}

// Known returns the part of the window, in canvas pixels, in which a fitted answer can be
// compared with the canvas: what it shows, as a rectangle.
func (p Plan) Known(motion align.Motion) image.Rectangle {
	return motion.Within(p.Window.Size()).Add(p.Window.Min)
}

// continued is how far, in canvas pixels, what an answer does not show may be made up by its edge.
const continued = 8

// Shown returns where in the window, in canvas pixels, an answer shows
// something, its edge gone on with a little; nil where that is all of it. It is soft towards
// what isn't shown.
func (p Plan) Shown(motion align.Motion, soft int) *image.Alpha {
	if motion.Still() {
		return nil
	}
	size := p.Window.Size()
	k := float64(motion.Sent.X) / float64(size.X)
	beyond := func(x, y, by float64) bool { return motion.Shows(x*k, y*float64(motion.Sent.Y)/float64(size.Y), by*k) }
	w, h := float64(size.X), float64(size.Y)
	if beyond(0, 0, continued) && beyond(w, 0, continued) && beyond(0, h, continued) && beyond(w, h, continued) {
		return nil // and so is all between
	}
	hard := image.NewAlpha(p.Window)
	for y := range size.Y {
		row := hard.Pix[y*hard.Stride:][:size.X]
		for x := range row {
			if beyond(float64(x)+0.5, float64(y)+0.5, continued-float64(soft)) {
				row[x] = 255
			}
		}
	}
	out := image.NewAlpha(p.Window)
	draw.Draw(out, out.Rect, newFalloff(0, soft).weights(hard), p.Window.Min, draw.Src)
	return out
}
