package fill

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/parallel"
)

// likely tells which sources are likely for a target before any patch was
// compared. It is computed for the coarsest level once, and all variants use
// it. There are two parts to it.
//
// The first is a variogram, as geostatistics has it (Matheron, Principles of
// Geostatistics, 1963): for each offset the mean squared difference of two
// colours that lie so far apart, taken from the known pixels about the hole.
// It tells that a landscape goes on to the sides, but not up and down, that a
// wall of bricks repeats in step, and in which direction edges run. A source is
// as unlikely as what lies at its offset is unlike.
//
// The second is a guide (guide.go): the smoothest surface through the known pixels. A
// source is unlikely if its mean colour is far from it, above all near the edge of the hole.
type likely struct {
	offsets image.Rectangle // of the variogram, in steps of two pixels
	unlike  []int32         // over offsets
	smooth  *guide          // of the coarsest level
}

const (
	// The parts of a squared difference of colours that count against a source.
	unlikeStrength = 0.2
	guideStrength  = 0.5
	// fewPairs is how many pairs of pixels at an offset weigh as much as the mean of all offsets.
	fewPairs = 20
	// mostPairs is about how many pairs the variogram is computed from.
	mostPairs = 4_000_000
	// mostLikely is how many pixels a level has at most for which this is worth its memory and time.
	mostLikely = 1 << 18
)

// expectation returns what is likely for l's hole, or nil where nothing near it is
// known, and for a level that is too large.
func (l *level) expectation(ctx context.Context, workers parallel.Workers) (*likely, error) {
	if l.thick == nothingKnown || l.w*l.h > mostLikely {
		return nil, nil
	}
	k := &likely{smooth: newGuide(l, radius)}
	k.smooth.colour = make([][3]float32, len(l.depth))
	err := diffuse(ctx, workers, l, l.cover(), func(channel int, c []float32) error {
		for i, v := range c {
			k.smooth.colour[i][channel] = v
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, depth := range l.depth {
		if depth > 0 {
			d := 4 * float32(depth) / float32(l.thick+1)
			k.smooth.trust[i] = area * guideStrength / (1 + d*d)
		}
	}
	half, err := l.half(ctx, workers)
	if err != nil {
		return nil, err
	}
	return k, k.vary(ctx, workers, half, l.thick)
}

// vary computes the variogram from l, the level above the coarsest, whose hole
// is thick pixels thick: all pairs of which one pixel lies near the hole.
func (k *likely) vary(ctx context.Context, workers parallel.Workers, l *level, thick int) error {
	k.offsets = image.Rect(1-l.w, 1-l.h, l.w, l.h)
	w := k.offsets.Dx()
	near := l.holeBox().Inset(-2 * (thick + 4) / 5).Intersect(image.Rect(0, 0, l.w, l.h))
	every := 1 + near.Dx()*near.Dy()*len(l.pix)/mostPairs
	colours := make([][3]int32, l.w*l.h)
	for i, v := range l.pix {
		a, b, c := unpack(v)
		colours[i] = [3]int32{int32(a), int32(b), int32(c)}
	}
	sum, pairs := make([]int64, w*k.offsets.Dy()), make([]int64, w*k.offsets.Dy())
	err := workers.Range(ctx, k.offsets.Dy(), 1, func(row, _ int) {
		dy := row + k.offsets.Min.Y
		for y := max(near.Min.Y, -dy); y < min(near.Max.Y, l.h-dy); y++ {
			other, known := colours[(y+dy)*l.w:][:l.w], l.state[(y+dy)*l.w:][:l.w]
			for x := near.Min.X + y%every; x < near.Max.X; x += every {
				if l.state[y*l.w+x]&unknown != 0 {
					continue
				}
				p := colours[y*l.w+x]
				to := row*w - x - k.offsets.Min.X
				for u, s := range known {
					if s&unknown == 0 {
						q := &other[u]
						d0, d1, d2 := p[0]-q[0], p[1]-q[1], p[2]-q[2]
						sum[to+u] += int64(d0*d0 + d1*d1 + d2*d2)
						pairs[to+u]++
					}
				}
			}
		}
	})
	if err != nil {
		return err
	}
	var total, n int64
	for i, s := range sum {
		total += s
		n += pairs[i]
	}
	mean := float64(total) / float64(max(1, n))
	k.unlike = make([]int32, len(sum))
	for i, s := range sum {
		k.unlike[i] = int32(area * unlikeStrength * (float64(s) + fewPairs*mean) / float64(pairs[i]+fewPairs))
	}
	return nil
}

// against returns what speaks against the source (u, v) for the target (x, y),
// in the units of a patch's distance.
func (k *likely) against(x, y, u, v int) int32 {
	return k.variogram(u-x, v-y) + k.smooth.against(x, y, u, v)
}

// variogram returns what speaks against a source that lies so far from its target.
func (k *likely) variogram(dx, dy int) int32 {
	return k.unlike[(dy/2-k.offsets.Min.Y)*k.offsets.Dx()+dx/2-k.offsets.Min.X]
}
