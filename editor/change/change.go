// Package change finds what an answer really changed of the picture that was
// sent, once it was moved back: as a map of differences in units of the pair's own
// noise, and as a mask of it. Small motions that alignment left, noise, compression and
// a change of all colours alike don't count.
//
// In the table of make align-quality, things that were recoloured, removed, added or relit in answers that moved, 8 of each,
// are found with a median intersection over union of 0.92 to 0.96. One of 32 has 0.76: a part of a sky becomes another part of it
// there, and what is missed differs by at most 8 levels before noise and compression. Of the untouched picture 0.03 to 0.14 % is
// replaced in the median, at most 0.54 %, where the edge of a changed thing goes on beyond it.
//
// Results don't depend on the number of processors.
package change

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// Map holds by how much each pixel changed. It is immutable and may be read by several
// goroutines.
type Map struct {
	size image.Point
	// At the size at which it works: differences over noise, smoothed little
	// and much.
	fine, coarse *plane
	// Lightness before and after, whose edges a mask follows, at the same size.
	before, after *plane
	// The pictures, for the edges at full size, and what was made of the second's colours.
	full [2]*image.NRGBA
	tone tone
}

// Usual is the default amount of a mask.
const Usual = 0.5

// finest is the longer side, at most, of the size at which it works.
const finest = 768

// Measure compares an answer that was moved back with the picture that was sent.
// Both must have the same size. Their pixels are kept and must not be written to as
// long as the map is used. shown, unless nil, is 255 where the answer shows the
// picture, of the same size; elsewhere nothing counts as changed. The only error is ctx's.
func Measure(ctx context.Context, before, after *image.NRGBA, shown *image.Alpha) (*Map, error) {
	m := &Map{size: before.Rect.Size(), full: [2]*image.NRGBA{zeroed(before), zeroed(after)}}
	by := max((max(m.size.X, m.size.Y)+finest-1)/finest, 1)
	a, err := newColours(ctx, m.full[0], by)
	if err != nil {
		return nil, err
	}
	b, err := newColours(ctx, m.full[1], by)
	if err != nil {
		return nil, err
	}
	m.tone = newTone(a, b)
	if a, err = m.tone.apply(ctx, a); err != nil {
		return nil, err
	}
	if err := a.toLab(ctx); err != nil {
		return nil, err
	}
	if err := b.toLab(ctx); err != nil {
		return nil, err
	}
	m.before, m.after = a[0], b[0]
	texture, err := a[0].steepness(ctx, b[0])
	if err != nil {
		return nil, err
	}
	hidden := hiddenAt(shown, m.size, a[0].w, a[0].h)
	if m.fine, err = deviation(ctx, a, b, texture, hidden, 1); err != nil {
		return nil, err
	}
	if m.coarse, err = deviation(ctx, a, b, texture, hidden, wide); err != nil {
		return nil, err
	}
	return m, m.coarse.rimmed(ctx, wide)
}

// wide is the radius over which the coarse differences are smoothed.
const wide = 4

// hiddenAt returns the pixels of a plane that shown, of a size, does not cover
// in full, nil where it covers all.
func hiddenAt(shown *image.Alpha, size image.Point, w, h int) []bool {
	if shown == nil {
		return nil
	}
	out := make([]bool, w*h)
	for y := range size.Y {
		for x, v := range shown.Pix[shown.PixOffset(shown.Rect.Min.X, shown.Rect.Min.Y+y):][:size.X] {
			if v != 255 {
				out[min(y*h/size.Y, h-1)*w+min(x*w/size.X, w-1)] = true
			}
		}
	}
	return out
}

// zeroed returns a picture with its top-left pixel at (0, 0), its pixels shared.
func zeroed(img *image.NRGBA) *image.NRGBA {
	out := *img
	out.Pix = img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y):]
	out.Rect = image.Rectangle{Max: img.Rect.Size()}
	return &out
}

// levels is how many kinds of places are told apart by how steep they are.
const levels = 12

// deviation returns the differences, smoothed over a square of 2*radius+1
// pixels, over the noise of places that are as steep: what alignment and resampling leave is
// larger the steeper the picture is. The noise of a kind of places is taken from its least fifth, in which
// nothing that changed is.
func deviation(ctx context.Context, a, b colours, texture *plane, hidden []bool, radius int) (*plane, error) {
	var diff colours
	for ch := range diff {
		d := newPlane(a[ch].w, a[ch].h)
		err := parallel.Range(ctx, len(d.v), 1<<14, func(from, to int) {
			for i := from; i < to; i++ {
				if hidden == nil || !hidden[i] {
					d.v[i] = b[ch].v[i] - a[ch].v[i]
				}
			}
		})
		if err != nil {
			return nil, err
		}
		if diff[ch], err = d.smoothed(ctx, radius); err != nil {
			return nil, err
		}
	}
	out := newPlane(a[0].w, a[0].h)
	kinds := make([]uint8, len(out.v))
	err := parallel.Range(ctx, len(out.v), 1<<14, func(from, to int) {
		for i := from; i < to; i++ {
			x, y, z := diff[0].v[i], diff[1].v[i], diff[2].v[i]
			out.v[i] = float32(math.Sqrt(float64(x*x + chroma*chroma*(y*y+z*z))))
			kinds[i] = uint8(min(int(math.Log2(float64(1+texture.v[i]*128))*2), levels-1))
		}
	})
	if err != nil {
		return nil, err
	}
	noise := noises(out.v, kinds)
	return out, parallel.Range(ctx, len(out.v), 1<<14, func(from, to int) {
		for i := from; i < to; i++ {
			out.v[i] /= noise[kinds[i]]
		}
	})
}

// chroma is what a difference of colour counts over one of lightness.
const chroma = 1.5

// unseen is a difference in OKLab that does not show: noise is never taken as less.
const unseen = 0.004

// The noise is never taken as more than loud and, for what alignment leaves, so much of a
// slope: where all of a picture changed, there is no part to take it from.
const loud, astray = 0.015, 0.6

// noises returns the noise of each kind of places.
func noises(d []float32, kinds []uint8) (noise [levels]float32) {
	const bins, top = 2048, 0.25
	var count [levels][bins]int
	var all [levels]int
	for i, v := range d {
		count[kinds[i]][min(int(v*(bins/top)), bins-1)]++
		all[kinds[i]]++
	}
	last := float32(unseen)
	for k := range noise {
		noise[k] = last
		if all[k] > 200 {
			sum := 0
			for i, n := range count[k] {
				if sum += n; 5*sum >= all[k] {
					// Of a length of three parts that are normal a fifth lies below 1.0.
					slope := math.Exp2(float64(k+1)/2) / 128
					noise[k] = max(last, min((float32(i)+0.5)*top/bins, float32(loud+astray*slope)))
					break
				}
			}
		}
		last = noise[k]
	}
	return noise
}
