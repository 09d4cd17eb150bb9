// Package region plans which part of the canvas is sent, crops and fits it to
// what a model takes, and lays the answer back into the canvas so that every
// pixel outside the mask and its feather stays as it was, to the bit.
//
// An answer that is smaller than its window is enlarged by Lanczos's filter and sharpened by
// what the ring around the mask lacks. A learned enlarger was tried in place of both, the
// networks of @upscalerjs/esrgan-slim 1.0.0 for 2 and 3 times (that of @upscalerjs/default-model
// is the same to the byte). Computed by package net they give what the samples in their package
// show, to one level. Four photos were sent at a part of their size and enlarged again; inside
// the mask, with the part of the photo's steepness that edges have at a half:
//
//	           network                   filter and sharpening
//	two thirds 37.6 dB                   39.3 dB
//	a half     35.0 dB, SSIM 0.961, 72 % 36.4 dB, SSIM 0.966, 83 %
//	a third    32.3 dB                   33.0 dB
//
// The network is nearer to the photo only where the answer has noise or is a JPEG, by 0.2 to 1.1
// dB, for it smooths them. Of four contact sheets that were looked at it is softer in three; at a
// third it leaves a pattern of the small pixels. It takes seconds for 420x420 pixels on two
// cores. So it was not taken.
package region

import (
	"image"

	"overpaint.dev/overpaint/editor/change"
)

// Limits are what an engine accepts and returns, as plain numbers from a profile of package
// api. The zero value means no limits: the window is sent at its own size.
type Limits struct {
	// Square reports whether the window must be square.
	Square bool
	// Sizes are the sizes that a window may be sent at, in pixels; empty allows any.
	Sizes []image.Point
	// Multiple, MaxRatio, MaxSide, MinPixels and MaxPixels allow further sizes where
	// Multiple is not 0: sides that are multiples of it and at most MaxSide, a ratio
	// of at most MaxRatio, at least MinPixels and at most MaxPixels pixels.
	Multiple             int
	MaxRatio             float64
	MaxSide              int
	MinPixels, MaxPixels int
}

// Options are the user's choices for a plan.
type Options struct {
	// Context is the ratio of the window's side to the mask's larger side (default 1.5).
	Context float64
	// Min is the smallest side of a window in canvas pixels (default 512).
	Min int
	// Grow is by how many canvas pixels the mask that is sent is grown (default 4).
	Grow int
	// Size is the size to send that the user chose, or zero for the best one.
	Size image.Point
	// Window, unless empty, is the window that the user drew; it is moved and grown only as
	// far as the limits and the mask require.
	Window image.Rectangle
}

// DefaultOptions returns the default options.
func DefaultOptions() Options { return Options{Context: 1.5, Min: 512, Grow: 4} }

// Plan is the window to send. It is a plain value and can be stored.
type Plan struct {
	// Window is the part of the canvas in canvas pixels. It reaches over the
	// canvas's edges only where the canvas is too small for it; what lies
	// outside is sent as a mirrored border, protected, and dropped afterwards.
	Window image.Rectangle
	// Send is the size at which it is sent.
	Send image.Point
	// Grow is by how many canvas pixels the mask is grown before it is sent.
	Grow int
}

// Blend says how an answer is blended into the canvas.
type Blend struct {
	// Grow and Feather are in canvas pixels. Feather is how far beyond the mask
	// anything changes: from there on the canvas stays as it is, to the bit. Up to
	// Grow from the mask, but at most half of Feather, the answer counts in full (defaults 4
	// and 16).
	Grow, Feather int
	// Seam is the width in canvas pixels, inside the mask's edge, over which the
	// colours are led over to the surroundings (at most 32; 0 switches it off).
	Seam int
	// Match reports whether mean and spread of the answer's colours are matched to the canvas
	// over the ring around the mask.
	Match bool
	// Opacity is 0 to 1.
	Opacity float64
	// Align reports whether the answer is moved back onto what was sent before anything else,
	// by its motion as far as that is known.
	Align bool
	// KeepMore reports whether the mask is limited to what the service really changed.
	KeepMore bool
	// Counts is the sensitivity for that: from -1, only great differences, to 1, all but the
	// noise; 0 is the default.
	Counts float64
	// Sharpen reports whether an enlarged answer is given back the sharpness that it lost, as
	// measured in the ring around the mask, and Grain whether it is given the photo's grain,
	// where the ring has some. Answers that were not enlarged stay as they are.
	Sharpen, Grain bool
}

// Amount converts Counts to the amount of package change, 0 to 1.
func (b Blend) Amount() float64 { return change.Usual + min(max(b.Counts, -1), 1)/2 }

// DefaultBlend returns the blend of new answers.
func DefaultBlend() Blend {
	return Blend{Grow: 4, Feather: 16, Seam: 32, Match: true, Opacity: 1, Align: true, Sharpen: true, Grain: true}
}

// Layer is an answer fitted to the canvas: result = below*(1-w) + Pix*w with
// w = Weight/255, exact at 0 (below, to the bit) and at 255 (Pix). Where neither shows
// anything, below stays.
type Layer struct {
	// Rect is where it lies on the canvas; Pix and Weight have these bounds.
	Rect   image.Rectangle
	Pix    *image.NRGBA
	Weight *image.Alpha
}
