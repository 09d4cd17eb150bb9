package region

import (
	"image"
	"image/draw"
	"math"
)

// Piece is a part of an answer, fitted to the window, that was asked for by itself. An answer to
// one request is one piece; one that was joined of the answers for several spots has a piece for each.
type Piece struct {
	// Window is the part of the canvas that was sent for it, in canvas pixels.
	Window image.Rectangle
	// Answer is the size at which it came.
	Answer image.Point
	// Box is the box of its spot's mask in canvas pixels; empty where there are no other pieces.
	Box image.Rectangle
}

// Pieces returns an answer of a size as the one piece that it is.
func (p Plan) Pieces(answer image.Point) []Piece { return []Piece{{Window: p.Window, Answer: answer}} }

// Add returns the piece moved by an offset.
func (p Piece) Add(by image.Point) Piece {
	p.Window, p.Box = p.Window.Add(by), p.Box.Add(by)
	return p
}

// scale returns how many times the piece was enlarged along one side.
func (p Piece) scale() float64 {
	if p.Answer.X <= 0 || p.Answer.Y <= 0 {
		return 1
	}
	return math.Sqrt(float64(area(p.Window.Size())) / float64(area(p.Answer)))
}

func (p Piece) enlarged() bool { return p.scale() >= enlarged }

// Enlarged reports that some of an answer's pieces are enlarged to their windows, so that they
// lack detail.
func Enlarged(pieces []Piece) bool {
	for _, p := range pieces {
		if p.enlarged() {
			return true
		}
	}
	return false
}

// ringAround returns what is learnt from about a box: the ring, with a little more.
func ringAround(box image.Rectangle) image.Rectangle { return box.Inset(-ringWidth - 16) }

// sharpened returns r of a fitted answer with the sharpness that its pieces get back, itself where
// that is none. Where pieces overlap, the first one counts.
func (c *Correction) sharpened(fitted *image.NRGBA, r image.Rectangle) *image.NRGBA {
	out := fitted
	for i, d := range c.details {
		if d.sharpen == nil {
			continue
		}
		for _, part := range c.share(i, r) {
			one := d.sharpen.apply(fitted, part)
			if part == r {
				return one
			}
			if out == fitted {
				out = image.NewNRGBA(r)
				draw.Draw(out, r, fitted, r.Min, draw.Src)
			}
			draw.Draw(out, part, one, part.Min, draw.Src)
		}
	}
	return out
}

// addGrain lays the grain of the pieces over dst where the weight is not 0.
func (c *Correction) addGrain(dst *image.NRGBA, weight *image.Alpha) {
	for i, d := range c.details {
		if d.grain == nil {
			continue
		}
		for _, part := range c.share(i, dst.Rect) {
			d.grain.Add(dst.SubImage(part).(*image.NRGBA), weight.SubImage(part).(*image.Alpha), d.from)
		}
	}
}

// share returns the parts of r that get the detail with the index i: those within that are not
// within one before it.
func (c *Correction) share(i int, r image.Rectangle) []image.Rectangle {
	parts := nonempty(r.Intersect(c.details[i].within))
	for _, before := range c.details[:i] {
		var rest []image.Rectangle
		for _, p := range parts {
			rest = append(rest, without(p, before.within)...)
		}
		parts = rest
	}
	return parts
}

// without returns what is left of a rectangle when another one is taken out: at most four.
func without(r, out image.Rectangle) []image.Rectangle {
	out = out.Intersect(r)
	if out.Empty() {
		return nonempty(r)
	}
	return nonempty(
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, out.Min.Y), image.Rect(r.Min.X, out.Max.Y, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, out.Min.Y, out.Min.X, out.Max.Y), image.Rect(out.Max.X, out.Min.Y, r.Max.X, out.Max.Y),
	)
}

func nonempty(all ...image.Rectangle) (list []image.Rectangle) {
	for _, r := range all {
		if !r.Empty() {
			list = append(list, r)
		}
	}
	return list
}

// Detail returns what the answer's pieces get back, of each the most; the zero value where none was
// enlarged.
func (c *Correction) Detail() (told Detail) {
	for _, d := range c.details {
		told.Times, told.Grain = max(told.Times, d.told.Times), max(told.Grain, d.told.Grain)
		told.Sharpened = max(told.Sharpened, d.told.Sharpened)
	}
	return told
}
