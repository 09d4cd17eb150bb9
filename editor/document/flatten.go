package document

import (
	"image"
	"slices"
	"sync"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// Flattener returns the pixels of a state, part by part: the picture with the results over it.
// It holds the decoded pixels that it has needed, whatever the cache's budget, so that they
// are decoded once for all parts. It is safe for use by several goroutines.
type Flattener struct {
	state  *State
	layers []*layer
}

// layer holds a result's answers, fitted to the window, and their corrections.
type layer struct {
	*Result
	mu      sync.Mutex
	sources map[int]*source
}

type source struct {
	once    sync.Once
	fitted  *image.NRGBA // nil: it cannot be decoded
	correct *region.Correction
}

// Flattener returns one for s.
func (s *State) Flattener() *Flattener {
	f := &Flattener{state: s}
	for _, r := range s.Results {
		if r.Visible() {
			f.layers = append(f.layers, &layer{Result: r, sources: map[int]*source{}})
		}
	}
	return f
}

// source returns a variant's pixels in the window; index -1 stands for what was kept.
func (l *layer) source(index int) *source {
	l.mu.Lock()
	s := l.sources[index]
	if s == nil {
		s = new(source)
		l.sources[index] = s
	}
	l.mu.Unlock()
	s.once.Do(func() {
		if index < 0 {
			s.fitted = l.kept.pixels()
			return
		}
		v := l.Variants[index]
		if s.fitted = v.fitted(l.Plan, l.Blend); s.fitted != nil {
			s.correct = l.learned.of(v, s.fitted)
		}
	})
	return s
}

// band is how many rows are flattened at once: those of a tile.
const band = mask.TileSize

// Pixels returns the canvas within r as it looks: Base, transparent where it
// does not reach, and the results over it. r is cut to the canvas and is the
// bounds of what is returned, which shares Base's memory where nothing lies over it, so
// it must not be written to.
func (f *Flattener) Pixels(r image.Rectangle) *image.NRGBA {
	s := f.state
	r = r.Intersect(s.Bounds())
	base := s.base()
	var over []*layer
	for _, l := range f.layers {
		if l.shows(r) {
			over = append(over, l)
		}
	}
	if len(over) == 0 && r.In(base.Rect) {
		return base.SubImage(r).(*image.NRGBA)
	}
	out := image.NewNRGBA(r)
	first := mask.FloorDiv(r.Min.Y, band)
	each((r.Max.Y+band-1)/band-first, func(i int) {
		rows := image.Rect(r.Min.X, (first+i)*band, r.Max.X, (first+i+1)*band).Intersect(r)
		known := rows.Intersect(base.Rect)
		for y := known.Min.Y; y < known.Max.Y; y++ {
			copy(out.Pix[out.PixOffset(known.Min.X, y):][:4*known.Dx()], base.Pix[base.PixOffset(known.Min.X, y):])
		}
		for _, l := range over {
			l.over(out, rows)
		}
	})
	return out
}

// over lays the result over dst within rows of pixels that lie in one row of tiles.
func (l *layer) over(dst *image.NRGBA, rows image.Rectangle) {
	weight := l.shownWeight()
	g := blocks(rows.Intersect(l.inside()), image.Point{}, mask.TileSize)
	for col := g.Min.X; col < g.Max.X; col++ {
		if weight.Tile(col, g.Min.Y) == nil {
			continue
		}
		// Neighbours that are mixed alike go in one.
		mixes, end := l.mixes(tileSquare(col, g.Min.Y)), col+1
		for end < g.Max.X && weight.Tile(end, g.Min.Y) != nil && l.mixes(tileSquare(end, g.Min.Y)) == mixes {
			end++
		}
		run := tileSquare(col, g.Min.Y).Union(tileSquare(end-1, g.Min.Y)).Intersect(rows).Intersect(l.inside())
		l.overRun(dst, run, weight.Alpha(run))
		col = end - 1
	}
}

// shownWeight returns the result's weight before its opacity.
func (r *Result) shownWeight() *mask.Mask {
	if r.kept != nil {
		return r.kept.weight
	}
	return r.weight
}

func (l *layer) overRun(dst *image.NRGBA, run image.Rectangle, weight *image.Alpha) {
	if l.kept != nil {
		if pix := l.source(-1).fitted; pix != nil {
			region.Layer{Rect: run.Intersect(pix.Rect), Pix: pix, Weight: weight}.Over(dst)
		}
		return
	}
	if pix := l.corrected(run, weight); pix != nil {
		fade(weight, l.Blend.Opacity)
		region.Layer{Rect: run, Pix: pix, Weight: weight}.Over(dst)
	}
}

// corrected returns the result's colours where a weight is not 0; nil where no
// variant can be decoded.
func (l *layer) corrected(run image.Rectangle, weight *image.Alpha) *image.NRGBA {
	shares := l.shares(run)
	pix := make([]*image.NRGBA, 0, len(shares))
	parts := make([]*image.Alpha, 0, len(shares))
	for _, s := range shares {
		from := l.source(s.index)
		if from.fitted == nil {
			continue
		}
		one := image.NewNRGBA(run)
		from.correct.Apply(one, from.fitted, weight)
		pix, parts = append(pix, one), append(parts, s.part)
	}
	if len(pix) == 0 {
		return nil
	}
	if len(pix) > 1 {
		blendShares(pix, parts)
	}
	return pix[0]
}

// blendShares writes the mean of pictures of the same bounds, weighed by their
// parts and by their alpha, into the first.
func blendShares(pix []*image.NRGBA, parts []*image.Alpha) {
	out := pix[0].Pix
	for i := range parts[0].Pix {
		var sum [3]int
		alpha, all := 0, 0
		for k, p := range pix {
			w := int(parts[k].Pix[i])
			c := p.Pix[4*i : 4*i+4 : 4*i+4]
			a := w * int(c[3])
			for ch := range 3 {
				sum[ch] += a * int(c[ch])
			}
			alpha, all = alpha+a, all+w
		}
		to := out[4*i : 4*i+4 : 4*i+4]
		if k := slices.IndexFunc(parts, func(p *image.Alpha) bool { return p.Pix[i] == 255 }); k >= 0 {
			copy(to, pix[k].Pix[4*i:])
			continue
		}
		if alpha == 0 {
			to[0], to[1], to[2], to[3] = 0, 0, 0, 0
			continue
		}
		for ch := range 3 {
			to[ch] = uint8((sum[ch] + alpha/2) / alpha)
		}
		to[3] = uint8((alpha + all/2) / all)
	}
}

// opacity256 returns an opacity of 0 to 1 in 256ths.
func opacity256(opacity float64) int { return int(min(max(opacity, 0), 1)*256 + 0.5) }

// fade multiplies a weight by an opacity.
func fade(weight *image.Alpha, opacity float64) {
	o := opacity256(opacity)
	if o == 256 {
		return
	}
	for i, w := range weight.Pix {
		weight.Pix[i] = uint8(int(w) * o >> 8)
	}
}

// rendered returns the result over its state as one layer, which is what a project stores.
func (f *Flattener) rendered(r *Result) region.Layer {
	for _, l := range f.layers {
		if l.Result != r {
			continue
		}
		rect := r.shownWeight().Bounding()
		out := region.Layer{Rect: rect, Pix: image.NewNRGBA(rect), Weight: r.shownWeight().Alpha(rect)}
		each((rect.Dy()+band-1)/band, func(i int) {
			rows := image.Rect(rect.Min.X, rect.Min.Y+i*band, rect.Max.X, rect.Min.Y+(i+1)*band).Intersect(rect)
			part := image.NewAlpha(rows)
			copy(part.Pix, out.Weight.Pix[out.Weight.PixOffset(rows.Min.X, rows.Min.Y):])
			if pix := l.corrected(rows, part); pix != nil {
				copy(out.Pix.Pix[out.Pix.PixOffset(rows.Min.X, rows.Min.Y):], pix.Pix)
			}
		})
		fade(out.Weight, r.Blend.Opacity)
		return out
	}
	return region.Layer{}
}

// Layer returns the result over a state, which need not contain it, as one layer with its
// opacity and masks.
func (r *Result) Layer(s *State) region.Layer {
	s = s.WithResult(r.Shown(true))
	r = s.Results[len(s.Results)-1]
	return s.Flattener().rendered(r)
}
