package job

import (
	"image"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/parallel"
	"overpaint.dev/overpaint/editor/region"
)

// laid is what a job shows in its window within the canvas, in canvas pixels.
type laid struct {
	mask   *mask.Mask
	pix    *image.NRGBA
	pieces []region.Piece
}

// laid returns an answer in all of the window, moved back and colour-matched, without
// sharpening and grain. Where it shows nothing, or can't be decoded, it is the canvas.
func (j *Job) laid(v *document.Variant) laid {
	pix := v.Pixels()
	if pix == nil {
		return j.asItIs()
	}
	l := laid{mask: j.mask}
	for _, p := range v.Pieces {
		l.pieces = append(l.pieces, p.Add(j.plan.Window.Min))
	}
	if len(l.pieces) > 0 { // it is moved back and matched already
		l.pix = j.plan.Fit(pix)
		return l
	}
	b := j.blend
	b.Sharpen, b.Grain = false, false
	l.pix = j.plan.All(j.state, j.state.Size, j.mask, pix, v.Motion, b)
	l.pieces = []region.Piece{{Window: j.plan.Window, Answer: v.Size(), Box: j.mask.Bounding()}}
	return l
}

// asItIs returns the canvas where there is no answer.
func (j *Job) asItIs() laid {
	w := j.plan.Window
	return laid{j.mask, j.state.Pixels(w.Intersect(j.state.Bounds())), []region.Piece{{Window: w, Answer: w.Size(), Box: j.mask.Bounding()}}}
}

// lay draws what jobs show onto pixels of the canvas, and returns the pieces that they consist
// of, relative to the pixels' corner. Where windows overlap, a pixel shows the job for which
// it was masked, and else the nearest spot.
func lay(at *image.NRGBA, list []laid) (pieces []region.Piece) {
	var from []*image.NRGBA
	for _, l := range list {
		for _, p := range l.pieces {
			pieces, from = append(pieces, p), append(from, l.pix)
		}
	}
	for i := range pieces {
		layPiece(at, from[i], pieces, i)
	}
	for _, l := range list {
		layMasked(at, l)
	}
	for i, p := range pieces {
		pieces[i] = p.Add(image.Point{}.Sub(at.Rect.Min))
	}
	return pieces
}

// layPiece draws the piece with the index i where it is the nearest.
func layPiece(at, from *image.NRGBA, pieces []region.Piece, i int) {
	r := pieces[i].Window.Intersect(from.Rect).Intersect(at.Rect)
	alone := true
	for k, other := range pieces {
		alone = alone && (k == i || !other.Window.Overlaps(r))
	}
	parallel.All(r.Dy(), 16, func(first, end int) {
		for y := r.Min.Y + first; y < r.Min.Y+end; y++ {
			if alone {
				copy(at.Pix[at.PixOffset(r.Min.X, y):][:4*r.Dx()], from.Pix[from.PixOffset(r.Min.X, y):])
				continue
			}
			for x := r.Min.X; x < r.Max.X; x++ {
				if region.Nearest(pieces, image.Pt(x, y)) == i {
					copy(at.Pix[at.PixOffset(x, y):][:4], from.Pix[from.PixOffset(x, y):][:4])
				}
			}
		}
	})
}

// layMasked draws what a job shows where its mask covers anything.
func layMasked(at *image.NRGBA, l laid) {
	covered := l.mask.Alpha(l.mask.Bounding().Intersect(l.pix.Rect).Intersect(at.Rect))
	for i, v := range covered.Pix {
		if v != 0 {
			x, y := covered.Rect.Min.X+i%covered.Stride, covered.Rect.Min.Y+i/covered.Stride
			copy(at.Pix[at.PixOffset(x, y):][:4], l.pix.Pix[l.pix.PixOffset(x, y):][:4])
		}
	}
}
