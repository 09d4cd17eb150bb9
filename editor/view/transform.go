package view

import (
	"image"
	"math"
)

// The limits of the zoom, in device pixels per canvas pixel.
const (
	MinScale = 0.02
	MaxScale = 32
)

// Transform maps canvas pixels to device pixels: device = canvas*Scale + (X, Y). Scale is in
// device pixels per canvas pixel, X and Y are the device position of the canvas's top-left
// corner. A Transform is a plain value.
type Transform struct {
	Scale, X, Y float64
}

// ToDevice returns the device position of a canvas position.
func (t Transform) ToDevice(x, y float64) (dx, dy float64) {
	return x*t.Scale + t.X, y*t.Scale + t.Y
}

// ToCanvas returns the canvas position of a device position.
func (t Transform) ToCanvas(dx, dy float64) (x, y float64) {
	return (dx - t.X) / t.Scale, (dy - t.Y) / t.Scale
}

// ZoomAbout returns the transform zoomed by a factor, held within MinScale and
// MaxScale, so that what lies under the device position (dx, dy) stays there.
func (t Transform) ZoomAbout(dx, dy, factor float64) Transform {
	return t.ScaleAbout(dx, dy, t.Scale*factor)
}

// ScaleAbout is ZoomAbout to a scale instead of by a factor.
func (t Transform) ScaleAbout(dx, dy, scale float64) Transform {
	scale = limitScale(scale)
	x, y := t.ToCanvas(dx, dy)
	return Transform{Scale: scale, X: dx - x*scale, Y: dy - y*scale}
}

// Pan returns the transform moved by device pixels.
func (t Transform) Pan(dx, dy float64) Transform {
	return Transform{Scale: t.Scale, X: t.X + dx, Y: t.Y + dy}
}

// Fit returns the transform that shows a whole canvas in the middle of a view,
// leaving margin device pixels on each side, at most at the scale largest.
// A canvas or view without pixels gives 1:1 at the origin.
func Fit(canvas, view image.Point, margin int, largest float64) Transform {
	if canvas.X <= 0 || canvas.Y <= 0 || view.X <= 0 || view.Y <= 0 {
		return Transform{Scale: 1}
	}
	room := func(n int) float64 { return float64(max(n-2*margin, 1)) }
	scale := min(room(view.X)/float64(canvas.X), room(view.Y)/float64(canvas.Y), largest)
	return Centred(canvas, view, limitScale(scale))
}

// tiny is how many times a canvas must fit into a view, in both directions, for Enlarged to
// enlarge it.
const tiny = 8

// Enlarged returns the whole number of device pixels per canvas pixel at which a tiny canvas takes
// about half of a view along one side, as far as the zoom goes; 1 for other canvases.
func Enlarged(canvas, view image.Point) float64 {
	if canvas.X <= 0 || canvas.Y <= 0 || canvas.X*tiny > view.X || canvas.Y*tiny > view.Y {
		return 1
	}
	return math.Trunc(limitScale(float64(min(view.X/canvas.X, view.Y/canvas.Y) / 2)))
}

// Centred returns the transform that shows the middle of a canvas in the middle
// of a view, its corner on a whole device pixel.
func Centred(canvas, view image.Point, scale float64) Transform {
	at := func(view, canvas int) float64 { return math.Round((float64(view) - float64(canvas)*scale) / 2) }
	return Transform{Scale: scale, X: at(view.X, canvas.X), Y: at(view.Y, canvas.Y)}
}

// Clamp returns the nearest transform that keeps the picture in sight: at least keep device
// pixels of the canvas (all of it, if it is smaller) stay in the view in both directions.
func (t Transform) Clamp(canvas, view image.Point, keep int) Transform {
	t.Scale = limitScale(t.Scale)
	hold := func(at float64, canvas, view int) float64 {
		length := float64(canvas) * t.Scale
		k := min(float64(keep), length, float64(view))
		return max(k-length, min(float64(view)-k, at))
	}
	t.X = hold(t.X, canvas.X, view.X)
	t.Y = hold(t.Y, canvas.Y, view.Y)
	return t
}

// Resized returns the transform for a view of another size, with the same canvas position in
// the middle. The shift is a whole number of pixels.
func (t Transform) Resized(old, view image.Point) Transform {
	return t.Pan(math.Floor(float64(view.X-old.X)/2), math.Floor(float64(view.Y-old.Y)/2))
}

// Rescaled returns the transform for a view whose device pixels have become
// factor times as dense: the same part of the picture at the same apparent size.
func (t Transform) Rescaled(factor float64) Transform {
	return Transform{Scale: limitScale(t.Scale * factor), X: t.X * factor, Y: t.Y * factor}
}

// DeviceRect returns the smallest rectangle of device pixels that covers a
// rectangle of canvas pixels.
func (t Transform) DeviceRect(r image.Rectangle) image.Rectangle {
	if r.Empty() {
		return image.Rectangle{}
	}
	x0, y0 := t.ToDevice(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := t.ToDevice(float64(r.Max.X), float64(r.Max.Y))
	return outward(x0, y0, x1, y1)
}

func outward(x0, y0, x1, y1 float64) image.Rectangle {
	return image.Rect(floor(x0), floor(y0), ceil(x1), ceil(y1))
}

func limitScale(s float64) float64 { return max(MinScale, min(MaxScale, s)) }

// snapped returns the transform with its position on multiples of 1/1024 of a
// pixel, so that a pan by whole pixels moves every sample by exactly as much.
func (t Transform) snapped() Transform {
	const grid = 1024
	t.X = math.Round(t.X*grid) / grid
	t.Y = math.Round(t.Y*grid) / grid
	return t
}

// zoomSteps are the scales at which ZoomIn and ZoomOut stop.
var zoomSteps = []float64{0.02, 0.03, 0.04, 0.05, 0.0667, 0.0833, 0.1, 0.125, 0.1667, 0.25, 0.3333, 0.5, 0.6667, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32}

// StepIn returns the next larger scale of zoomSteps.
func StepIn(scale float64) float64 {
	for _, s := range zoomSteps {
		if s > scale*1.01 {
			return s
		}
	}
	return MaxScale
}

// StepOut returns the next smaller scale of zoomSteps.
func StepOut(scale float64) float64 {
	for i := len(zoomSteps) - 1; i >= 0; i-- {
		if s := zoomSteps[i]; s < scale*0.99 {
			return s
		}
	}
	return MinScale
}
