package region

import (
	"bytes"
	"cmp"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

// Piece is a part of an answer, fitted to the window, that was requested separately. An answer
// to one request is one piece; one composed of the answers for several spots has a piece for
// each.
type Piece struct {
	// Window is the part of the canvas that was sent for it, in canvas pixels.
	Window image.Rectangle
	// Answer is the size at which it arrived.
	Answer image.Point
	// Box is the box of its spot's mask in canvas pixels. It is empty for an answer to one
	// request; a piece with a box was corrected in colour and at the seam before it was
	// composed with others.
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

// joined reports whether the piece was corrected and joined with others.
func (p Piece) joined() bool { return !p.Box.Empty() }

// Enlarged returns how many of an answer's pieces are enlarged to their windows, so that they
// lack detail.
func Enlarged(pieces []Piece) (n int) {
	for _, p := range pieces {
		if p.enlarged() {
			n++
		}
	}
	return n
}

// Nearest returns the index of the piece whose box is nearest to a canvas pixel, of those whose
// windows hold it; of equally near ones that with the smallest box, and -1 where none holds it.
func Nearest(pieces []Piece, at image.Point) int {
	best, least := -1, 0
	for i, p := range pieces {
		if !at.In(p.Window) {
			continue
		}
		d := awayFrom(p.Box, at)
		if best < 0 || d < least || d == least && area(p.Box.Size()) < area(pieces[best].Box.Size()) {
			best, least = i, d
		}
	}
	return best
}

// awayFrom returns the squared distance of a pixel from a rectangle.
func awayFrom(r image.Rectangle, at image.Point) int {
	x := max(r.Min.X-at.X, at.X-r.Max.X+1, 0)
	y := max(r.Min.Y-at.Y, at.Y-r.Max.Y+1, 0)
	return x*x + y*y
}

// ringAround returns what is learnt from about a box: the ring, with a little more.
func ringAround(box image.Rectangle) image.Rectangle { return box.Inset(-ringWidth - 16) }

// newDetails learns what is lost of the pieces of an answer that were enlarged, within area, a part of the
// canvas that is known.
func (p Plan) newDetails(src Source, area image.Rectangle, m *mask.Mask, fitted *image.NRGBA, pieces []Piece, b Blend) []*detail {
	if Enlarged(pieces) == 0 {
		return nil
	}
	list := make([]*detail, len(pieces))
	for i, piece := range pieces {
		list[i] = &detail{from: piece.Window.Min}
		if !piece.enlarged() {
			continue
		}
		list[i].told.Times = piece.scale()
		if !b.Sharpen && !b.Grain {
			continue
		}
		known := area.Intersect(piece.Window)
		if piece.joined() {
			known = known.Intersect(ringAround(piece.Box))
		}
		below := src.Pixels(known)
		around, within := p.squares(known, m, below, fitted)
		if piece.joined() {
			around = ownSquares(around, pieces, i, below, fitted)
			within = slices.DeleteFunc(within, func(r image.Rectangle) bool { return !r.Overlaps(piece.Box) })
		}
		list[i].restore(below, fitted, around, within, b)
	}
	share(list, pieces, max(b.Feather, 0))
	return list
}

// ownSquares returns the squares that show the piece with the index i: not those nearer to another one, nor
// those where the answer shows nothing and the canvas stands in for it.
func ownSquares(squares []image.Rectangle, pieces []Piece, i int, below, fitted *image.NRGBA) []image.Rectangle {
	return slices.DeleteFunc(squares, func(r image.Rectangle) bool {
		return Nearest(pieces, r.Min.Add(r.Max).Div(2)) != i || equalIn(below, fitted, r)
	})
}

// equalIn reports whether two pictures are the same within r.
func equalIn(a, b *image.NRGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if !bytes.Equal(a.Pix[a.PixOffset(r.Min.X, y):][:4*r.Dx()], b.Pix[b.PixOffset(r.Min.X, y):][:4*r.Dx()]) {
			return false
		}
	}
	return true
}

// share gives each piece the parts of the canvas that get its detail: first what its box with the feather holds,
// where boxes overlap the smaller one's, and then what is left of its window.
func share(list []*detail, pieces []Piece, feather int) {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(area(pieces[a].Box.Size()), area(pieces[b].Box.Size()))
	})
	var taken []image.Rectangle
	take := func(i int, r image.Rectangle) {
		parts := []image.Rectangle{r}
		for _, t := range taken {
			var rest []image.Rectangle
			for _, p := range parts {
				rest = append(rest, without(p, t)...)
			}
			parts = rest
		}
		list[i].parts = append(list[i].parts, parts...)
		taken = append(taken, r)
	}
	for _, i := range order {
		if pieces[i].joined() {
			take(i, pieces[i].Box.Inset(-feather).Intersect(pieces[i].Window))
		}
	}
	for _, i := range order {
		take(i, pieces[i].Window)
	}
}

// without returns what is left of a rectangle when another one is taken out: at most four.
func without(r, out image.Rectangle) (list []image.Rectangle) {
	out = out.Intersect(r)
	if out.Empty() {
		return append(list, r)
	}
	for _, part := range [4]image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, out.Min.Y), image.Rect(r.Min.X, out.Max.Y, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, out.Min.Y, out.Min.X, out.Max.Y), image.Rect(out.Max.X, out.Min.Y, r.Max.X, out.Max.Y),
	} {
		if !part.Empty() {
			list = append(list, part)
		}
	}
	return list
}

// sharpened returns r of a fitted answer with the sharpness that its pieces get back, the answer itself where
// that is none.
func (c *Correction) sharpened(fitted *image.NRGBA, r image.Rectangle) *image.NRGBA {
	out := fitted
	for _, d := range c.details {
		if d.sharpen == nil {
			continue
		}
		for _, part := range d.within(r) {
			one := d.sharpen.apply(fitted, part)
			if part == r {
				return one
			}
			if out == fitted {
				out = image.NewNRGBA(r)
				paste(out, fitted, r)
			}
			paste(out, one, part)
		}
	}
	return out
}

// paste copies the pixels within r, which both pictures hold, as they are.
func paste(to, from *image.NRGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(to.Pix[to.PixOffset(r.Min.X, y):][:4*r.Dx()], from.Pix[from.PixOffset(r.Min.X, y):])
	}
}

// addGrain lays the grain of the pieces over dst where the weight is not 0.
func (c *Correction) addGrain(dst *image.NRGBA, weight *image.Alpha) {
	for _, d := range c.details {
		if d.grain == nil {
			continue
		}
		for _, part := range d.within(dst.Rect) {
			d.grain.Add(dst.SubImage(part).(*image.NRGBA), weight.SubImage(part).(*image.Alpha), d.from)
		}
	}
}

// within returns the parts of r that get the detail.
func (d *detail) within(r image.Rectangle) (list []image.Rectangle) {
	for _, p := range d.parts {
		if p = p.Intersect(r); !p.Empty() {
			list = append(list, p)
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
