package net

import (
	"context"

	"overpaint.dev/overpaint/editor/parallel"
)

// average writes the mean of each channel.
func average(out, in Tensor) {
	sums := make([]float64, in.Channels)
	for i := 0; i < len(in.Values); i += in.Channels {
		for c, v := range in.Values[i:][:in.Channels] {
			sums[c] += float64(v)
		}
	}
	for c, v := range sums {
		out.Values[c] = float32(v / float64(in.Height*in.Width))
	}
}

// combine computes the layers of each value by itself: sums, products and activations. The
// only error is ctx's.
func (l *Layer) combine(ctx context.Context, out Tensor, from []Tensor) error {
	return parallel.Range(ctx, out.Height, max(share/out.Width, 1), func(top, bottom int) {
		row := out.Width * out.Channels
		to, a := out.Values[top*row:bottom*row], from[0].Values[top*row:bottom*row]
		if l.Kind == Activate {
			copy(to, a)
			l.Activation.apply(to)
			return
		}
		b := from[1].Values
		if from[1].shape() == out.shape() {
			b = b[top*row : bottom*row]
		}
		for at := 0; at < len(to); at += len(b) { // b may be one pixel, for all
			if l.Kind == Add {
				for i, v := range b {
					to[at+i] = a[at+i] + v
				}
			} else {
				for i, v := range b {
					to[at+i] = a[at+i] * v
				}
			}
		}
		l.Activation.apply(to)
	})
}

// enlarge interpolates bilinearly between pixels' centres; beyond the outermost the picture
// goes on as it ends. The only error is ctx's.
func (l *Layer) enlarge(ctx context.Context, out, in Tensor) error {
	return parallel.Range(ctx, out.Height, max(share/out.Width, 1), func(from, to int) {
		for y := from; y < to; y++ {
			upper, lower, down := l.between(y, in.Height)
			for x := range out.Width {
				left, right, along := l.between(x, in.Width)
				a, b, c, d := in.at(upper, left), in.at(upper, right), in.at(lower, left), in.at(lower, right)
				p := out.at(y, x)
				for i := range p {
					top, bottom := a[i]+along*(b[i]-a[i]), c[i]+along*(d[i]-c[i])
					p[i] = top + down*(bottom-top)
				}
				l.Activation.apply(p)
			}
		}
	})
}

// between returns the two pixels, of n, that an enlarged one lies between, and how far from
// the first to the second.
func (l *Layer) between(at, n int) (first, second int, share float32) {
	v := max((float32(at)+0.5)/float32(l.Stride)-0.5, 0)
	first = min(int(v), n-1)
	return first, min(first+1, n-1), v - float32(first)
}
