package picture

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"math"
	"slices"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/jpegfile"
)

// Source is the file that a picture was opened from. Where both it and the written file are
// JPEG, unchanged blocks are copied from it.
type Source struct {
	// Bytes are the file's content.
	Bytes []byte
	// Picture is the result of Decode.
	Picture *Picture
	// Offset is the position of Picture's top-left pixel in the picture that is written.
	Offset image.Point
}

// Grid returns the steps, in pixels of the oriented picture, in which a border must grow so that
// the blocks of a JPEG source can be kept; 1 by 1 for other sources.
func (s *Source) Grid() image.Point {
	if s == nil || sniff(s.Bytes) != "jpeg" {
		return image.Pt(1, 1)
	}
	f, err := jpegfile.ReadFrame(s.Bytes)
	if err != nil {
		return image.Pt(1, 1)
	}
	_, o := jpegMeta(s.Bytes)
	return orientations[o].view(image.Pt(f.MCU()))
}

// Sampling returns the file's chroma sampling, "" where it is no JPEG file. All samplings
// except Full count as Half.
func (s *Source) Sampling() Sampling {
	if s == nil || sniff(s.Bytes) != "jpeg" {
		return ""
	}
	f, err := jpegfile.ReadFrame(s.Bytes)
	if err != nil || len(f.Components) == 1 {
		return ""
	}
	first := f.Components[0]
	for _, c := range f.Components[1:] {
		if c.H != first.H || c.V != first.V {
			return Half
		}
	}
	return Full
}

// Snap returns r, the new canvas in place of canvas, with its moved sides extended so that the
// source's blocks can be kept. Both are in pixels of the canvas, in which Picture is at Offset.
func (s *Source) Snap(r, canvas image.Rectangle) image.Rectangle {
	if s == nil {
		return r
	}
	g := s.Grid()
	at := image.Rectangle{Min: s.Offset, Max: s.Offset.Add(s.Picture.Size())}
	up := func(n, step int) int { return (n + step - 1) / step * step }
	if r.Min.X != canvas.Min.X {
		r.Min.X = at.Min.X - up(at.Min.X-r.Min.X, g.X)
	}
	if r.Min.Y != canvas.Min.Y {
		r.Min.Y = at.Min.Y - up(at.Min.Y-r.Min.Y, g.Y)
	}
	if r.Max.X != canvas.Max.X {
		r.Max.X = at.Max.X + up(r.Max.X-at.Max.X, g.X)
	}
	if r.Max.Y != canvas.Max.Y {
		r.Max.Y = at.Max.Y + up(r.Max.Y-at.Max.Y, g.Y)
	}
	return r
}

// Kept is the number of a written JPEG file's blocks of 8x8 coefficients that were copied from
// the source, and the number of all blocks.
type Kept = jpegfile.Kept

// over writes an edited picture as a JPEG file with the unchanged blocks of its source.
type over struct {
	img    *image.NRGBA // the picture to write, oriented and opaque
	turn   orientation
	file   *jpegfile.File
	at     image.Point // the stored position of the source's picture
	base   *image.NRGBA
	fresh  bool // no block can be kept
	inks   *colour.Inks
	colour atomic.Bool
}

// encodeOver writes img as a JPEG file with the source's tables, sampling, mode, segments and
// unchanged blocks. It returns false without writing where the source is no JPEG file that
// fits img.
func encodeOver(w io.Writer, img *image.NRGBA, e Encoding) (kept Kept, done bool, err error) {
	src := e.Source
	o, orientation, ok := newOver(img, src)
	if !ok {
		return kept, false, nil
	}
	if e.Lost != nil && src.Picture.Meta.Has(GainMap) {
		e.Lost(LostGainMap)
	}
	kept = o.file.Recode(o.row)
	coloured := o.colour.Load()
	if coloured { // a grey file's blocks become those of luma
		again, _, _ := newOver(img, src)
		again.file = again.file.Coloured()
		o = again
		kept = o.file.Recode(o.row)
		if e.Lost != nil {
			e.Lost(LostGrey)
		}
	}
	o.file.Segments = keptSegments(&o.file.Frame, orientation, coloured)
	space := src.Picture.Meta.Space
	if box := src.Picture.Meta.Thumbnail; box != (image.Point{}) {
		thumbnailed(o.file.Segments, img, space, box, orientation)
	}
	told := e.Strip || coloured // the segments that gave the colour space may be removed
	if e.Strip {
		o.file.Segments = strippedSegments(o.file.Segments, orientation, e.ownLabel)
	}
	if told && !slices.ContainsFunc(o.file.Segments, isProfile) {
		o.file.Segments = append(o.file.Segments, profileSegments(space.Profile())...)
	}
	if e.Label != nil {
		o.file.Segments = labelledSegments(o.file.Segments, e.Label, contentID(img))
	}
	return kept, true, o.file.Write(w)
}

// newOver reads the source and aligns its blocks with img.
func newOver(img *image.NRGBA, src *Source) (*over, int, bool) {
	if src == nil || src.Picture == nil || sniff(src.Bytes) != "jpeg" {
		return nil, 0, false
	}
	meta, orientation := jpegMeta(src.Bytes)
	o := &over{turn: orientations[orientation], base: src.Picture.Pix, inks: inksOf(meta.ICC)}
	size := o.turn.view(img.Rect.Size())
	const most = 0xffff                               // of a frame
	f, err := jpegfile.Read(src.Bytes, math.MaxInt64) // the limit was checked when it was opened
	if err == nil && len(f.Components) == 4 && o.inks != nil && !o.inks.Mixes() {
		return nil, 0, false // the profile doesn't convert new pixels to its inks
	}
	if err != nil || o.turn.view(image.Pt(f.Width, f.Height)) != src.Picture.Size() || max(size.X, size.Y) > most {
		return nil, 0, false
	}
	opaque := overWhite(img)
	o.img = &image.NRGBA{Pix: opaque.Pix, Stride: opaque.Stride, Rect: image.Rectangle{Max: img.Rect.Size()}}
	o.at = o.turn.stored(image.Rectangle{Min: src.Offset, Max: src.Offset.Add(src.Picture.Size())}, img.Rect.Size()).Min
	o.file = f
	if size != image.Pt(f.Width, f.Height) || o.at != (image.Point{}) {
		aligned := false
		o.file, aligned = f.Resized(size.X, size.Y, o.at.X, o.at.Y)
		o.fresh = !aligned
	}
	return o, orientation, true
}

// stored returns the stored rectangle of a part of an oriented picture of the given size.
func (t orientation) stored(r image.Rectangle, size image.Point) image.Rectangle {
	if t.transpose {
		r = image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
		size = image.Pt(size.Y, size.X)
	}
	if t.flipX {
		r.Min.X, r.Max.X = size.X-r.Max.X, size.X-r.Min.X
	}
	if t.flipY {
		r.Min.Y, r.Max.Y = size.Y-r.Max.Y, size.Y-r.Min.Y
	}
	return r
}

// row computes a row of the stored picture and marks its changed pixels (jpegfile.PixelRows).
func (o *over) row(y int, changed []bool, samples [][]uint8) bool {
	w, h := o.file.Width, o.file.Height
	at, step, stepY := o.turn.walk(w, h, o.img.Stride)
	at += y * stepY
	base := o.turn.view(o.base.Rect.Size())
	from, to := max(o.at.X, 0), min(o.at.X+base.X, w) // the part that was in the source
	if o.fresh || y < o.at.Y || y >= o.at.Y+base.Y || from >= to {
		from, to = 0, 0
	}
	some := false
	for x := range w {
		changed[x] = x < from || x >= to
		some = some || changed[x]
	}
	if from < to {
		b, stepB, stepBY := o.turn.walk(base.X, base.Y, o.base.Stride)
		b += (y-o.at.Y)*stepBY + (from-o.at.X)*stepB
		if compare(changed[from:to], o.img.Pix, at+from*step, step, o.base.Pix, b, stepB) {
			some = true
		}
	}
	if some {
		o.convert(at, step, changed, samples)
	}
	return some
}

// compare marks the pixels of two rows that differ, and reports whether any does.
func compare(changed []bool, a []byte, at, stepA int, b []byte, bt, stepB int) bool {
	if n := 4 * len(changed); stepA == 4 && stepB == 4 && bytes.Equal(a[at:at+n], b[bt:bt+n]) {
		return false
	}
	some := false
	for i := range changed {
		p, q := (*[4]byte)(a[at:]), (*[4]byte)(b[bt:])
		if *p != *q {
			changed[i], some = true, true
		}
		at += stepA
		bt += stepB
	}
	return some
}

// convert computes the samples of the changed pixels of a row.
func (o *over) convert(at, step int, changed []bool, samples [][]uint8) {
	f := &o.file.Frame
	if f.Colour == jpegfile.YCbCr {
		luma, blue, red := samples[0], samples[1], samples[2]
		for i, yes := range changed {
			if yes {
				p := (*[4]byte)(o.img.Pix[at:])
				luma[i], blue[i], red[i] = color.RGBToYCbCr(p[0], p[1], p[2])
			}
			at += step
		}
		return
	}
	for i, yes := range changed {
		if yes {
			p := (*[4]byte)(o.img.Pix[at:])
			s := components(f, o.inks, p[0], p[1], p[2])
			for c := range samples {
				samples[c][i] = s[c]
			}
			if f.Colour == jpegfile.Grey && (p[0] != p[1] || p[1] != p[2]) {
				o.colour.Store(true)
			}
		}
		at += step
	}
}

// components returns the stored samples of a colour in a file that isn't YCbCr; it is the
// inverse of jpegRows.
func components(f *jpegfile.Frame, inks *colour.Inks, r, g, b uint8) (s [4]uint8) {
	mixed := color.RGBToCMYK
	if inks != nil {
		mixed = inks.FromSRGB
	}
	switch f.Colour {
	case jpegfile.Grey:
		s[0], _, _ = color.RGBToYCbCr(r, g, b)
	case jpegfile.RGB:
		s[0], s[1], s[2] = r, g, b
	case jpegfile.CMYK:
		s[0], s[1], s[2], s[3] = mixed(r, g, b)
		if f.Inverted {
			s = [4]uint8{^s[0], ^s[1], ^s[2], ^s[3]}
		}
	case jpegfile.YCCK:
		c, m, y, k := mixed(r, g, b)
		s[0], s[1], s[2] = color.RGBToYCbCr(c, m, y)
		s[3] = ^k
	}
	return s
}
