package fill

import (
	"context"
	"math"
)

// falloff is exp(-x/8) in 1/127; see weigh.
var falloff = func() (t [64]uint32) {
	for i := range t {
		t[i] = uint32(math.Round(127 * math.Exp(-float64(i)/8)))
	}
	return t
}()

// vote computes the unknown pixels anew: each is the mean of what the patches
// about it hold there, weighted by how well they fit (Wexler et al. 2007), or,
// if sharp, the one that most of the weight is for.
func (e *estimate) vote(ctx context.Context, o run, sharp bool) error {
	return o.workers.Range(ctx, e.r.Dy(), bandRows, func(y0, y1 int) {
		b := ballot{e: e, deep: e.deep()}
		for y := y0; y < y1; y++ {
			i := (e.r.Min.Y+y)*e.w + e.r.Min.X
			for x := range e.r.Dx() {
				if e.state[i+x]&unknown != 0 && b.collect(x, y) {
					if sharp {
						b.at[0], b.weight[0], b.n = b.winner(), 1, 1
					}
					e.settle(&b, y*e.r.Dx()+x)
				}
			}
		}
	})
}

// ballot holds the patches that cover a pixel.
type ballot struct {
	e      *estimate
	deep   []uint8 // over r
	n      int
	at     [area]int32 // the pixel that the patch puts there
	cost   [mostVotes]int32
	depth  [mostVotes]uint8  // of the patch's middle
	weight [mostVotes]uint32 // 0 to 127
}

// mostVotes is how many patches cover a pixel at most, rounded up to a multiple of 8.
const mostVotes = (area + 7) &^ 7

// deep returns how deep in the hole each pixel of r counts as: its depth, or 0 beside a line.
func (e *estimate) deep() []uint8 {
	if e.lines != nil {
		return e.lines.depth
	}
	return e.depth
}

// collect gathers the votes for the pixel (x, y) of r and reports whether there are any.
func (b *ballot) collect(x, y int) bool {
	e := b.e
	w, h := e.box.Dx(), e.box.Dy()
	// The patch about (u, v) of box covers the pixels (u..u+6, v..v+6) of r.
	u0, u1 := max(0, x-2*radius), min(w-1, x)
	v0, v1 := max(0, y-2*radius), min(h-1, y)
	n, other := 0, int32(0)
	for v := v0; v <= v1; v++ {
		shift := int32((y-v-radius)*e.w + x - radius)
		row := v * w
		from, cost := e.from[row+u0:row+u1+1], e.cost[row+u0:row+u1+1]
		depth := b.deep[(v+radius)*e.r.Dx()+u0+radius:][:len(from)]
		for u := range from {
			if s := from[u]; s >= 0 {
				b.at[n] = s + shift - int32(u0+u)
				b.cost[n], b.depth[n] = cost[u], depth[u]
				other |= b.at[n] ^ b.at[0]
				n++
			}
		}
	}
	if b.n = n; n > 0 && other == 0 { // they all agree, as most do in the end
		b.weight[0], b.n = 1, 1
	} else {
		b.weigh()
	}
	return n > 0
}

// plainWeigh gives each vote its weight, exp(-(cost-least)/(mean-least)*k), and the
// less the farther the patch's middle is from what is known, by a factor for each
// pixel (Wexler et al. 2007, section 3.2): what is right grows from the hole's edge inwards.
func (b *ballot) plainWeigh() {
	least, sum := int32(math.MaxInt32), int64(0)
	for _, c := range b.cost[:b.n] {
		least = min(least, c)
		sum += int64(c)
	}
	mean := float32(sum)/float32(b.n) - float32(least)
	scale := 8 * 10 / (mean + 1)
	var steps [area]int32
	first := int32(math.MaxInt32)
	for i, c := range b.cost[:b.n] {
		steps[i] = int32(float32(c-least)*scale) + depthSteps*int32(b.depth[i])
		first = min(first, steps[i])
	}
	for i, n := range steps[:b.n] {
		b.weight[i] = falloff[min(len(falloff)-1, int(n-first))]
	}
}

// depthSteps is by how many steps of falloff a pixel of depth counts: a factor of 12.
const depthSteps = 20

// settle sets the pixel k of r to the weighted mean of the votes.
func (e *estimate) settle(b *ballot, k int) {
	v := b.mean(e.level.pix)
	e.pix[k], e.sq[k] = v, square(v)
	if e.tex == nil {
		return
	}
	v = b.mean(e.level.tex)
	e.tex[k] = v
	e.sq[k] += square(v)
}

// mean returns the weighted mean of the votes' pixels of plane.
func (b *ballot) mean(plane []uint32) uint32 {
	if b.n == 1 {
		return plane[b.at[0]]
	}
	var outer, inner uint64
	total := uint32(0)
	for i, s := range b.at[:b.n] {
		w, v := b.weight[i], plane[s]
		outer += uint64(w) * uint64(v&outerBytes)
		inner += uint64(w) * uint64(v&innerByte)
		total += w
	}
	by := 1 / float64(total) // exact enough, for no sum lies nearer to a multiple of total than half
	mean := func(sum uint64) uint32 { return uint32((float64(uint32(sum)+total/2) + 0.5) * by) }
	return pack(mean(outer&(1<<outerBits-1)), mean(inner>>8), mean(outer>>outerBits))
}

// choose returns, for each pixel of r, the source pixel that most of the votes
// are for, by weight, or -1 for known pixels. A copy from it is as sharp as the picture is.
func (e *estimate) choose(ctx context.Context, o run) ([]int32, error) {
	from := make([]int32, len(e.pix))
	err := o.workers.Range(ctx, e.r.Dy(), bandRows, func(y0, y1 int) {
		b := ballot{e: e, deep: e.deep()}
		for y := y0; y < y1; y++ {
			i := (e.r.Min.Y+y)*e.w + e.r.Min.X
			for x := range e.r.Dx() {
				k := y*e.r.Dx() + x
				from[k] = -1
				if e.state[i+x]&unknown != 0 && b.collect(x, y) {
					from[k] = b.winner()
				}
			}
		}
	})
	return from, err
}

// winner returns the source pixel with the greatest sum of weights.
func (b *ballot) winner() int32 {
	n := 0 // distinct source pixels so far, kept at the front
	for i, s := range b.at[:b.n] {
		w := b.weight[i]
		k := 0
		for k < n && b.at[k] != s {
			k++
		}
		if k == n {
			b.at[n], b.weight[n] = s, 0
			n++
		}
		b.weight[k] += w
	}
	best := 0
	for k := range n {
		if b.weight[k] > b.weight[best] {
			best = k
		}
	}
	return b.at[best]
}
