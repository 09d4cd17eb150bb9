package view

import (
	"image"
	"image/color"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// gridAbove is the scale above which lines between the canvas's pixels are drawn.
const gridAbove = 8

// MaskMode says how the mask is shown.
type MaskMode int

const (
	MaskTint    MaskMode = iota // in Style.Tint at Style.Strength
	MaskBlack                   // covered in black
	MaskWhite                   // covered in white
	MaskOutline                 // its edge at half coverage as a dashed line
	MaskHidden                  // not at all
)

// Style is the look of everything but the picture. Lengths are in device pixels.
type Style struct {
	Surround              color.NRGBA // behind the picture; alpha is ignored
	CheckLight, CheckDark color.NRGBA // the checkerboard behind transparency
	CheckSide             int         // side of one check, at least 1
	Mask                  MaskMode
	Tint                  color.NRGBA
	Strength              float64 // of the tint, 0 to 1
	Edge                  bool    // a thin line along the tint's edge at half coverage: dark within, light outside
	Phase                 int     // the offset of MaskOutline's dashes
	Line                  int     // the width of a thin line in device pixels, 1 at device scale 1
	Grid                  bool    // lines between pixels, above 8 device pixels a pixel

	// Derived.
	tint    uint64
	weights [256]uint16 // weight in 256ths of the tint for a coverage
}

// DefaultStyle returns the dark theme's look at device scale 1.
func DefaultStyle() Style {
	grey := func(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }
	return Style{
		Surround: grey(0x1d), CheckLight: grey(0x99), CheckDark: grey(0x66), CheckSide: 8,
		Tint: color.NRGBA{0xff, 0x7a, 0x4d, 255}, Strength: 0.55, Line: 1, Grid: true,
	}
}

// derived returns the style with its derived fields set and its lengths valid.
func (s Style) derived() Style {
	s.CheckSide = max(s.CheckSide, 1)
	s.Line = max(s.Line, 1)
	colour, strength := s.Tint, max(0, min(1, s.Strength))
	switch s.Mask {
	case MaskBlack:
		colour, strength = color.NRGBA{}, 1
	case MaskWhite:
		colour, strength = color.NRGBA{255, 255, 255, 255}, 1
	}
	s.tint = opaqueLanes(colour)
	for c := range s.weights {
		s.weights[c] = uint16(math.Round(256 * strength * float64(c) / 255))
	}
	return s
}

// CompareMode is how the original is shown beside the result.
type CompareMode int

const (
	CompareOff      CompareMode = iota
	CompareOriginal             // only the original, without mask and lines
	CompareSplit                // the original on the left, the result on the right, without the mask
	CompareRows                 // the original above, the result below, without the mask
	CompareSides                // both beside each other: each half shows the middle of the view
)

// Compare is the comparison that is shown.
type Compare struct {
	Mode CompareMode
	At   int // CompareSplit, CompareRows: the device column or row at which the result begins
}

// Frame is the frame around the part of the canvas that will be sent.
type Frame struct {
	Rect    image.Rectangle // in canvas pixels; empty: none
	Handles bool            // with squares at its corners and edges to drag it by
	// More are further frames, without handles, where several parts will be sent; all are
	// numbered then. The slice must not be changed afterwards.
	More []image.Rectangle
	// First is the number of Rect, from 1. With 0 the numbers start at 1, and a single frame
	// has none.
	First int
}

// Point is a position in canvas pixels; pixel (i, j) covers the square from
// (i, j) to (i+1, j+1).
type Point = mask.Point

// Opaque returns a colour for a Style, opaque.
func Opaque(c color.Color) color.NRGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = 255
	return n
}
