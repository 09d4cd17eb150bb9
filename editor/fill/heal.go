package fill

import (
	"context"
	"image"
)

// needsPatches reports whether a group's pieces are gone over with patches: where a picture is
// extended and the layout has so many flaws that patches come first. The seams there are long
// and straight, often through a sky, and nothing beyond them holds the pieces in place.
func (g *group) needsPatches() bool {
	return g.levels[0].atBorder() && !g.piecesFirst
}

// patched returns, for each pixel of the finest level's cover, the pixel that it is copied
// from, or -1: search and votes go on from what the layout copies.
func (g *group) patched(ctx context.Context, o run, m *mosaic) ([]int32, error) {
	i := g.layoutLevel()
	o.prior = newLinesPrior(m.level)
	e := m.estimate()
	// Targets with a known middle get a source from a neighbour, where there is one.
	err := e.refine(ctx, o, beginRounds-1)
	if err != nil {
		return nil, err
	}
	e.complete()
	if err := e.refine(ctx, o, 1); err != nil {
		return nil, err
	}
	for i--; i >= 0; i-- {
		if e, err = g.below(ctx, o, e, i); err != nil {
			return nil, err
		}
	}
	return e.choose(ctx, o)
}

// estimate returns what the layout copies, as an estimate of its level. Targets have no source
// where their middle is known or what is copied is no source.
func (m *mosaic) estimate() *estimate {
	e := newEstimate(m.level)
	m.each(func(x, y, k int) {
		s := m.source(x, y, m.label[k])
		e.put(k, s)
		if at := image.Pt(x, y); at.In(m.box) && m.norm[s] != 0 {
			e.from[(y-m.box.Min.Y)*m.box.Dx()+x-m.box.Min.X] = int32(s)
		}
	})
	return e
}
