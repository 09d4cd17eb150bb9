// Package colour knows what the numbers of pictures mean: it reads colour
// profiles and the other ways in which files tell their space, and converts
// pixels to sRGB, which screens and services expect, and back.
//
// A picture keeps the numbers of its file. They are converted where they leave
// for a screen or a service and where an answer comes back, and nowhere else.
// Alpha is never looked at.
package colour

import (
	"bytes"
	"image"
	"sync"

	"overpaint.dev/overpaint/editor/parallel"
)

// Space is what red, green and blue of a picture mean. Nil is sRGB, for which
// every method gives back what it got. A Space is never changed after it was
// made, and any number of goroutines may use it.
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

// Profile returns an ICC profile of the space, nil for sRGB and for what no profile
// can say. It must not be written to.
func (s *Space) Profile() []byte {
	if s == nil {
		return nil
	}
	return s.profile
}

// Same reports that two spaces mean the same for sure.
func (s *Space) Same(o *Space) bool {
	return s == o || s != nil && o != nil && len(s.profile) > 0 && bytes.Equal(s.profile, o.profile)
}

// ToSRGB converts a row of straight RGBA to sRGB, in place.
func (s *Space) ToSRGB(row []byte) {
	if s != nil {
		s.to.convert(row)
	}
}

// FromSRGB converts a row of straight RGBA from sRGB, in place. What the space has no
// numbers for becomes the nearest that it has.
func (s *Space) FromSRGB(row []byte) {
	if s != nil {
		s.back().convert(row)
	}
}

// SRGB returns a picture of this space in sRGB: img itself where it is that already,
// else a new one. It uses all processors.
func (s *Space) SRGB(img *image.NRGBA) *image.NRGBA {
	if s == nil || img == nil {
		return img
	}
	return converted(img, s.to)
}

// Of returns a picture in sRGB in this space: img itself where that is sRGB, else a new
// one. It uses all processors.
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
