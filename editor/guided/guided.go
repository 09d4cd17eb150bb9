// Package guided is the guided filter (He, Sun and Tang, "Guided Image Filtering",
// 2010): it leads a plane's edges to those of pictures. What it learns at a smaller size
// may be applied at full size (He and Sun, "Fast Guided Filter", 2015).
//
// Planes are given row by row, of w times h values. Results don't depend on the number
// of processors.
package guided

import (
	"context"

	"overpaint.dev/overpaint/editor/parallel"
)

// Filter is what was learnt: in each place a linear model of the plane by one of the
// guides, that which tells more there. It is never changed after it was made, so any
// number of goroutines may read it.
type Filter struct {
	w, h  int
	slope [][]float32 // for each guide, 0 where another one tells more
	rest  []float32
	near  []float32 // the plane's mean
}

// Learn makes the models of p by its guides, over squares of 2*radius+1 pixels. noise is
// the variance up to which a place of a guide is taken as plain. The only error is ctx's.
func Learn(ctx context.Context, p []float32, guides [][]float32, w, h, radius int, noise float32) (f *Filter, err error) {
	mean := func(v func(i int) float32) []float32 {
		if err != nil {
			return nil
		}
		values := make([]float32, w*h)
		for i := range values {
			values[i] = v(i)
		}
		values, err = Mean(ctx, values, w, h, radius)
		return values
	}
	f = &Filter{w: w, h: h, near: mean(func(i int) float32 { return p[i] })}
	n := len(guides)
	means, variances, products := make([][]float32, n), make([][]float32, n), make([][]float32, n)
	for k, v := range guides {
		means[k] = mean(func(i int) float32 { return v[i] })
		variances[k] = mean(func(i int) float32 { return v[i] * v[i] })
		products[k] = mean(func(i int) float32 { return v[i] * p[i] })
	}
	if err != nil {
		return nil, err
	}
	slopes, rest := make([][]float32, n), make([]float32, w*h)
	for k := range slopes {
		slopes[k] = make([]float32, w*h)
	}
	for i := range p {
		var slope, gain float32
		which := 0
		for k := range guides {
			mu := means[k][i]
			variance := variances[k][i] - mu*mu
			covariance := products[k][i] - mu*f.near[i]
			// What of the plane's variance this guide explains.
			if e := covariance * covariance / (variance + noise); k == 0 || e > gain {
				which, gain, slope = k, e, covariance/(variance+noise)
			}
		}
		slopes[which][i] = slope
		rest[i] = f.near[i] - slope*means[which][i]
	}
	for _, v := range slopes {
		f.slope = append(f.slope, mean(func(i int) float32 { return v[i] }))
	}
	f.rest = mean(func(i int) float32 { return rest[i] })
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Near returns the plane's mean about a place, in pixels of the size at which the filter
// learnt: where it is as good as the plane's least or greatest value no edge is near.
func (f *Filter) Near(x, y float32) float32 { return f.at(f.near, x, y) }

// At returns the plane as the guides have it at a place, in pixels of the size at which
// the filter learnt; guides are their values there.
func (f *Filter) At(x, y float32, guides ...float32) float32 {
	v := f.at(f.rest, x, y)
	for k, g := range guides {
		v += f.at(f.slope[k], x, y) * g
	}
	return v
}

// at samples a plane linearly; beyond the edge it goes on.
func (f *Filter) at(v []float32, x, y float32) float32 {
	x, y = min(max(x, 0), float32(f.w-1)), min(max(y, 0), float32(f.h-1))
	i, j := min(int(x), max(f.w-2, 0)), min(int(y), max(f.h-2, 0))
	fx, fy := x-float32(i), y-float32(j)
	right, down := min(i+1, f.w-1), min(j+1, f.h-1)
	a, b, c, d := v[j*f.w+i], v[j*f.w+right], v[down*f.w+i], v[down*f.w+right]
	top := a + fx*(b-a)
	return top + fy*(c+fx*(d-c)-top)
}

// Mean returns a plane's means over squares of 2*radius+1 pixels, at its edges of what
// there is of them. The only error is ctx's.
func Mean(ctx context.Context, v []float32, w, h, radius int) ([]float32, error) {
	across, out := make([]float32, w*h), make([]float32, w*h)
	err := parallel.Range(ctx, h, 32, func(from, to int) {
		for y := from; y < to; y++ {
			meanRow(across[y*w:][:w], v[y*w:][:w], radius)
		}
	})
	if err != nil {
		return nil, err
	}
	return out, parallel.Range(ctx, h, 32, func(from, to int) {
		sums, n := make([]float64, w), 0
		add := func(y int, sign float64) {
			if y >= 0 && y < h {
				for x, v := range across[y*w:][:w] {
					sums[x] += sign * float64(v)
				}
				n += int(sign)
			}
		}
		for y := from - radius; y < from+radius; y++ {
			add(y, 1)
		}
		for y := from; y < to; y++ {
			add(y+radius, 1)
			o := out[y*w:][:w]
			for x := range o {
				o[x] = float32(sums[x] / float64(n))
			}
			add(y-radius, -1)
		}
	})
}

// meanRow writes the means of one row.
func meanRow(to, v []float32, radius int) {
	sum, n := 0.0, 0
	for x := range min(radius, len(v)) {
		sum, n = sum+float64(v[x]), n+1
	}
	for x := range to {
		if i := x + radius; i < len(v) {
			sum, n = sum+float64(v[i]), n+1
		}
		to[x] = float32(sum / float64(n))
		if i := x - radius; i >= 0 {
			sum, n = sum-float64(v[i]), n-1
		}
	}
}
