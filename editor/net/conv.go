package net

import (
	"context"

	"overpaint.dev/overpaint/editor/parallel"
)

// A tile is rows output pixels by columns channels.
const (
	rows    = 4
	columns = 16
)

// share is how many output pixels of a convolution one goroutine computes at a time.
const share = 256

// panels lays a convolution's weights out as the tile reads them: for each 16 channels that
// it gives, of each value under the kernel the 16 weights. Channels that are missing to 16
// have zeros.
func panels(weights []float32, out int) []float32 {
	depth := len(weights) / out
	p := make([]float32, (out+columns-1)/columns*columns*depth)
	for c := range out {
		to := p[c/columns*columns*depth+c%columns:]
		for k, v := range weights[c*depth:][:depth] {
			to[k*columns] = v
		}
	}
	return p
}

// convolve computes a convolution. The only error is ctx's.
func (l *Layer) convolve(ctx context.Context, out, in Tensor, panels []float32) error {
	pixels, depth := out.Height*out.Width, l.Kernel*l.Kernel*in.Channels
	plain := l.Kernel == 1 && l.Stride == 1 // then the input is the matrix as it is
	return parallel.Range(ctx, pixels, share, func(from, to int) {
		var scratch []float32
		for p := from; p < to; p += rows {
			n := min(rows, to-p)
			if plain && n == rows {
				l.tiles(out, p, n, in.Values[p*depth:], depth, panels)
				continue
			}
			if scratch == nil {
				scratch = make([]float32, rows*depth)
			}
			for r := range n {
				l.gather(scratch[r*depth:][:depth], in, out, p+r)
			}
			l.tiles(out, p, n, scratch, depth, panels)
		}
	})
}

// gather writes what lies under the kernel for one output pixel.
func (l *Layer) gather(to []float32, in, out Tensor, pixel int) {
	y := pixel/out.Width*l.Stride - l.before(in.Height, out.Height)
	x := pixel%out.Width*l.Stride - l.before(in.Width, out.Width)
	run := l.Kernel * in.Channels
	left, right := max(-x, 0), min(in.Width-x, l.Kernel)
	for k := range l.Kernel {
		row := to[k*run:][:run]
		if j := y + k; j < 0 || j >= in.Height || left >= right {
			clear(row)
			continue
		}
		clear(row[:left*in.Channels])
		clear(row[right*in.Channels:])
		copy(row[left*in.Channels:right*in.Channels], in.Values[((y+k)*in.Width+x+left)*in.Channels:])
	}
}

// tiles computes n output pixels, up to 4, from a matrix of 4 rows.
func (l *Layer) tiles(out Tensor, pixel, n int, a []float32, depth int, panels []float32) {
	var c [rows * columns]float32
	for first := 0; first < l.Out; first += columns {
		some := min(columns, l.Out-first)
		for r := range rows {
			copy(c[r*columns:], l.Bias[first:][:some])
		}
		tile(&c, a, panels[first*depth:][:columns*depth], depth)
		for r := range n {
			to := out.Values[(pixel+r)*l.Out+first:][:some]
			copy(to, c[r*columns:])
			l.Activation.apply(to)
		}
	}
}

// depthwise computes a convolution of each channel by itself. The only error is ctx's.
func (l *Layer) depthwise(ctx context.Context, out, in Tensor) error {
	top, left := l.before(in.Height, out.Height), l.before(in.Width, out.Width)
	return parallel.Range(ctx, out.Height, max(share/out.Width, 1), func(from, to int) {
		for y := from; y < to; y++ {
			for x := range out.Width {
				sum := out.at(y, x)
				copy(sum, l.Bias)
				for k := range l.Kernel * l.Kernel {
					j, i := y*l.Stride-top+k/l.Kernel, x*l.Stride-left+k%l.Kernel
					if j >= 0 && j < in.Height && i >= 0 && i < in.Width {
						addProducts(sum, in.at(j, i), l.Weights[k*l.Out:])
					}
				}
				l.Activation.apply(sum)
			}
		}
	})
}

// addProducts adds the products of two rows of numbers to a third.
func addProducts(sum, a, b []float32) {
	a, b = a[:len(sum)], b[:len(sum)]
	for i := range sum {
		sum[i] += a[i] * b[i]
	}
}

// transpose computes a transposed convolution: each output pixel is the sum over those that
// a convolution from there to here would have used it for. The only error is ctx's.
func (l *Layer) transpose(ctx context.Context, out, in Tensor) error {
	top, left := l.before(out.Height, in.Height), l.before(out.Width, in.Width)
	depth := in.Channels
	return parallel.Range(ctx, out.Height, max(share/out.Width, 1), func(from, to int) {
		for y := from; y < to; y++ {
			for x := range out.Width {
				sums := out.at(y, x)
				copy(sums, l.Bias)
				for k := range l.Kernel * l.Kernel {
					j, i := y+top-k/l.Kernel, x+left-k%l.Kernel
					if j < 0 || i < 0 || j%l.Stride != 0 || i%l.Stride != 0 || j/l.Stride >= in.Height || i/l.Stride >= in.Width {
						continue
					}
					v := in.at(j/l.Stride, i/l.Stride)
					for c := range sums {
						sums[c] += dot(v, l.Weights[(c*l.Kernel*l.Kernel+k)*depth:])
					}
				}
				l.Activation.apply(sums)
			}
		}
	})
}

// dot is the sum of the products of two rows of numbers, as many as the first has.
func dot(a, b []float32) (sum float32) {
	b = b[:len(a)]
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
