// Package align finds how an answer moved against the picture that was sent, and
// moves it back. Services that make a whole new picture shift, zoom and turn it by
// some pixels, and relays crop it or put bars around it.
//
// Both pictures are compared as luma from which local mean and spread are
// divided out, so that gain, gamma and colour casts don't count. A search by
// correlation over a coarse size gives the start, the inverse compositional
// algorithm with robust weights the motion, and where that pays, a smooth field
// the rest of it: polynomials over the whole picture, which go on below the mask and where content was
// replaced, and what the places that tell add to them. Results don't depend on the number of processors.
//
// How well that succeeds is in the table of make align-quality, 8 cases of each kind: of answers that moved, bent ones
// and such of which up to 60 % was replaced among them, half are within 0.01 pixels inside the mask and 95 % within 0.12;
// what did not move never moves. What is bent is put right less well: by up to 1.2 pixels, half are within 0.04 pixels and
// 95 % within 0.11; with 30 % of what they show replaced, these are 0.11 and 0.47. Put back
// and laid in, answers with colours, noise and compression of their own are at 33.7 to 35.4 dB inside the mask (the
// median of each kind) and lose at most 0.2 dB of that against the same answers unmoved, or 1.0 dB where they moved far
// with 60 % replaced.
// Single ones lose up to 2.0 dB with 30 % replaced and 4.0 dB with 60 %: their colours are matched to what is left
// around the mask, which is another part of it once they moved. An answer that only moved is at 50 dB, which is what
// resampling leaves, where one that is the sent picture to the bit has no error.
package align

import (
	"bytes"
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// The bounds of a motion: beyond them an answer shows something else.
const (
	MaxShift = 0.12              // of the longer side
	MaxZoom  = 0.08              // as a part
	MaxTurn  = 3 * math.Pi / 180 // radians
	slack    = 1.1               // of measuring
)

// Finding is the outcome of Estimate.
type Finding string

const (
	// Still is an answer that did not move, or not measurably.
	Still Finding = "still"
	// Moved is an answer that moved.
	Moved Finding = "moved"
	// Plain is a picture with too little structure to tell.
	Plain Finding = "plain"
	// Other is an answer that shows a different picture.
	Other Finding = "other"
)

// Frame is how the sent picture lies in an answer of another shape.
type Frame string

const (
	// Whole is an answer that shows the sent picture from edge to edge.
	Whole Frame = ""
	// Cropped is an answer that lacks a part at its edges.
	Cropped Frame = "cropped"
	// Boxed is an answer with bars at its edges.
	Boxed Frame = "boxed"
)

// Motion is how an answer moved. It is an immutable plain value whose fields may be stored.
// The zero value is an answer that was not measured.
type Motion struct {
	Finding Finding `json:"finding,omitempty"`
	Frame   Frame   `json:"frame,omitempty"`
	// Sent and Answer are the sizes of the two pictures in pixels.
	Sent   image.Point `json:"sent,omitzero"`
	Answer image.Point `json:"answer,omitzero"`
	// Affine leads from pixels of what was sent to pixels of the answer, in
	// continuous coordinates (the middle of the first pixel is at 0.5, 0.5):
	// x' = Affine[0] x + Affine[1] y + Affine[2], y' = Affine[3] x + Affine[4] y + Affine[5].
	Affine [6]float64 `json:"affine"`
	// Seen is the part of the answer inside its bars: left, top, right and bottom in pixels.
	Seen [4]float64 `json:"seen"`
	// Field, or nil, holds displacements that are applied before Affine.
	Field *Field `json:"field,omitempty"`
	// Shift is how far the picture's middle moved, in sent pixels, Zoom the relative
	// enlargement of the answer (0.01: 1 %), Turn its rotation in degrees clockwise.
	Shift float64 `json:"shift,omitempty"`
	Zoom  float64 `json:"zoom,omitempty"`
	Turn  float64 `json:"turn,omitempty"`
	// Agreeing is the share of the structured picture outside the mask that is the same on both
	// sides, 0 to 1.
	Agreeing float64 `json:"agreeing,omitempty"`
}

// Field is a smooth field of displacements in sent pixels: Cols by Rows nodes from edge to
// edge, row by row.
type Field struct {
	Cols int          `json:"cols"`
	Rows int          `json:"rows"`
	V    [][2]float32 `json:"v"`
}

// Still reports whether the answer needs no motion.
func (m Motion) Still() bool { return m.Finding != Moved }

// Valid reports whether m, read from a file, is a motion as Estimate returns it for an answer
// of a size, with all numbers finite and within bounds.
func (m Motion) Valid(answer image.Point) bool {
	switch m.Finding {
	case "", Still, Plain, Other:
		return m.Field == nil
	case Moved:
	default:
		return false
	}
	ok := m.Answer == answer && min(m.Sent.X, m.Sent.Y) > 0 && max(m.Sent.X, m.Sent.Y) <= most
	ok = ok && within(-most, most, m.Affine[:]...) && within(0, most, m.Seen[:]...) && within(0, most, m.Shift) && within(-1, 1, m.Zoom)
	// Neither mirrored nor turned by much, so that it can be undone.
	a := m.affine()
	straight, d := a.a*a.e, a.a*a.e-a.b*a.d
	ok = ok && min(a.a, a.e) > 1e-4 && d > straight/2 && d < 2*straight
	return ok && (m.Field == nil || m.Field.valid())
}

// most is more than any side and any place in a picture.
const most = 1 << 20

// within reports whether all numbers are from low to high.
func within(low, high float64, v ...float64) bool {
	for _, v := range v {
		if !(v >= low && v <= high) { // nor is it NaN
			return false
		}
	}
	return true
}

func (f *Field) valid() bool {
	const nodes = 256 // along a side
	if min(f.Cols, f.Rows) < 2 || max(f.Cols, f.Rows) > nodes || len(f.V) != f.Cols*f.Rows {
		return false
	}
	for _, v := range f.V {
		if !within(-most, most, float64(v[0]), float64(v[1])) {
			return false
		}
	}
	return true
}

// Estimate finds the motion of an answer against what was sent. covered, unless
// nil, is the mask as it was sent: 255 where the picture was to change; it has the
// size of sent. Nothing is written to. The only error is ctx's.
func Estimate(ctx context.Context, sent *image.NRGBA, covered *image.Alpha, answer *image.NRGBA) (Motion, error) {
	still := Motion{Finding: Plain, Sent: sent.Rect.Size(), Answer: answer.Rect.Size()}
	still.setAffine(rectMap(still.Sent, rect{0, 0, float64(still.Answer.X), float64(still.Answer.Y)}))
	if min(still.Sent.X, still.Sent.Y, still.Answer.X, still.Answer.Y) < minSide {
		return still, ctx.Err()
	}
	if same(sent, covered, answer) {
		still.Finding, still.Agreeing = Still, 1
		return still, ctx.Err()
	}
	e, err := newEstimator(ctx, zeroed(sent), covered)
	if err != nil || !e.structured() {
		return still, err
	}
	best, err := e.search(ctx, zeroed(answer))
	if err != nil {
		return still, err
	}
	return e.settle(ctx, best, still)
}

// same reports whether an answer has every pixel that is not covered as it was sent.
func same(sent *image.NRGBA, covered *image.Alpha, answer *image.NRGBA) bool {
	size := sent.Rect.Size()
	if answer.Rect.Size() != size {
		return false
	}
	for y := range size.Y {
		a := sent.Pix[y*sent.Stride:][:4*size.X]
		b := answer.Pix[y*answer.Stride:][:4*size.X]
		if bytes.Equal(a, b) {
			continue
		}
		if covered == nil {
			return false
		}
		for x, c := range covered.Pix[y*covered.Stride:][:size.X] {
			if c == 0 && !bytes.Equal(a[4*x:4*x+4], b[4*x:4*x+4]) {
				return false
			}
		}
	}
	return true
}

// minSide is the least side of a picture, in pixels, that is measured.
const minSide = 48

// zeroed returns a picture with its top-left pixel at (0, 0), its pixels shared.
func zeroed(img *image.NRGBA) *image.NRGBA {
	out := *img
	out.Pix = img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y):]
	out.Rect = image.Rectangle{Max: img.Rect.Size()}
	return &out
}

// rectMap leads from a picture of a size to a rectangle.
func rectMap(size image.Point, r rect) affine {
	return affine{a: r.width() / float64(size.X), c: r.x0, e: r.height() / float64(size.Y), f: r.y0}
}

func (m *Motion) setAffine(a affine) { m.Affine = [6]float64{a.a, a.b, a.c, a.d, a.e, a.f} }

func (m *Motion) affine() affine {
	a := m.Affine
	return affine{a[0], a[1], a[2], a[3], a[4], a[5]}
}

// Place returns the position in the answer of a point of the sent picture, both in continuous
// pixels.
func (m Motion) Place(x, y float64) (float64, float64) {
	if m.Field != nil {
		dx, dy := m.Field.grid(m.Sent).at(x, y)
		x, y = x+dx, y+dy
	}
	return m.affine().apply(x, y)
}

// Shows reports whether the answer shows a point of the sent picture, or lacks it by no more
// than beyond sent pixels.
func (m Motion) Shows(x, y, beyond float64) bool {
	u, v := m.Place(x, y)
	by := beyond * math.Hypot(m.Affine[0], m.Affine[3])
	return u >= m.Seen[0]-by && v >= m.Seen[1]-by && u <= m.Seen[2]+by && v <= m.Seen[3]+by
}

// Within returns the largest upright rectangle of the sent picture, scaled to size, that the
// answer shows: all of it where it did not move. Field is ignored.
func (m Motion) Within(size image.Point) image.Rectangle {
	all := image.Rectangle{Max: size}
	if m.Still() {
		return all
	}
	back := m.affine().inverse()
	kx, ky := float64(size.X)/float64(m.Sent.X), float64(size.Y)/float64(m.Sent.Y)
	corner := func(i, j int) (float64, float64) {
		x, y := back.apply(m.Seen[i], m.Seen[j])
		return x * kx, y * ky
	}
	x0, y0 := corner(0, 1)
	x1, y1 := corner(2, 1)
	x2, y2 := corner(0, 3)
	x3, y3 := corner(2, 3)
	up := func(a, b float64) int { return int(math.Ceil(max(a, b) - 1e-6)) }
	down := func(a, b float64) int { return int(math.Floor(min(a, b) + 1e-6)) }
	return image.Rect(up(x0, x2), up(y0, y1), max(down(x1, x3), 0), max(down(y2, y3), 0)).Intersect(all)
}

// Shown returns 255 for the pixels of the sent picture, scaled to size, that the answer shows,
// 0 for the others; nil where it shows all.
func (m Motion) Shown(size image.Point) *image.Alpha {
	if m.Still() {
		return nil
	}
	kx, ky := float64(m.Sent.X)/float64(size.X), float64(m.Sent.Y)/float64(size.Y)
	shown := func(x, y int) bool { return m.Shows((float64(x)+0.5)*kx, (float64(y)+0.5)*ky, 0) }
	w, h := size.X-1, size.Y-1
	if shown(0, 0) && shown(w, 0) && shown(0, h) && shown(w, h) {
		return nil // and so is all between
	}
	out := image.NewAlpha(image.Rectangle{Max: size})
	parallel.All(size.Y, 16, func(from, to int) {
		for y := from; y < to; y++ {
			for x := range size.X {
				if shown(x, y) {
					out.Pix[y*out.Stride+x] = 255
				}
			}
		}
	})
	return out
}

// grid returns the field over a picture of a size, with displacements in its pixels.
func (f *Field) grid(size image.Point) *grid {
	g := &grid{cols: f.Cols, rows: f.Rows, v: f.V}
	g.stepX, g.stepY = float64(size.X)/float64(f.Cols-1), float64(size.Y)/float64(f.Rows-1)
	return g
}
