// Package colour manages colour spaces: it reads ICC profiles and the other ways in which
// files declare their colour space, and converts pixels to sRGB, which screens and services
// expect, and back.
//
// A picture keeps the values of its file. They are converted only for a screen or a
// service, and back in a service's answer. Alpha is never changed.
package colour

import (
	"bytes"
	"image"
	"sync"

	"overpaint.dev/overpaint/editor/parallel"
)

// Space is an RGB colour space. Nil is sRGB, for which every conversion changes nothing. A
// Space is immutable, and any number of goroutines may use it.
type Space struct {
	to      converter
	back    func() converter
	profile []byte
}

// converter changes the colours of straight RGBA in place.
type converter interface{ convert(row []byte) }

func newSpace(to converter, back func() converter, profile []byte) *Space {
	return &Space{to: to, back: sync.OnceValue(back), profile: profile}
}

// Profile returns an ICC profile of the space, nil for sRGB and for spaces that no profile
// can describe. It must not be written to.
func (s *Space) Profile() []byte {
	if s == nil {
		return nil
	}
	return s.profile
}

// Same reports whether two spaces are certainly the same.
func (s *Space) Same(o *Space) bool {
	return s == o || s != nil && o != nil && len(s.profile) > 0 && bytes.Equal(s.profile, o.profile)
}

// ToSRGB converts a row of straight RGBA to sRGB, in place.
func (s *Space) ToSRGB(row []byte) {
	if s != nil {
		s.to.convert(row)
	}
}

// FromSRGB converts a row of straight RGBA from sRGB, in place. Colours outside the space's
// gamut become the nearest within it.
func (s *Space) FromSRGB(row []byte) {
	if s != nil {
		s.back().convert(row)
	}
}

// SRGB converts a picture from this space to sRGB: it returns img itself where the space is
// sRGB, else a new picture. It uses all processors.
func (s *Space) SRGB(img *image.NRGBA) *image.NRGBA {
	if s == nil || img == nil {
		return img
	}
	return converted(img, s.to)
}

// Of converts a picture from sRGB to this space: it returns img itself where the space is
// sRGB, else a new picture. It uses all processors.
func (s *Space) Of(img *image.NRGBA) *image.NRGBA {
	if s == nil || img == nil {
		return img
	}
	return converted(img, s.back())
}

func converted(img *image.NRGBA, c converter) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	width := 4 * img.Rect.Dx()
	parallel.All(img.Rect.Dy(), 16, func(from, to int) {
		for y := from; y < to; y++ {
			row := out.Pix[y*out.Stride:][:width]
			copy(row, img.Pix[y*img.Stride:])
			c.convert(row)
		}
	})
	return out
}
