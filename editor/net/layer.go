package net

import (
	"context"
	"errors"
)

// Kind says what a layer does.
type Kind uint8

// The kinds of layers.
const (
	// Convolution has Out times Kernel times Kernel times its input's channels weights, the
	// last the fastest.
	Convolution Kind = iota
	// Depthwise is a convolution of each channel by itself: Kernel times Kernel times channels
	// weights.
	Depthwise
	// Transposed is a convolution's transpose, which makes the picture Stride times as large.
	// Its weights are like those of Convolution.
	Transposed
	// Average is the mean of each channel: one pixel.
	Average
	// Add is the sum of two values, of which the second may be one pixel, for all.
	Add
	// Multiply is the product of two values, of which the second may be one pixel, for all.
	Multiply
	// Enlarge makes the picture Stride times as large, bilinearly between pixels' centres.
	Enlarge
	// Activate is an activation alone.
	Activate
	kinds
)

// Activation is a function of each value.
type Activation uint8

// The activations.
const (
	None      Activation = iota
	ReLU                 // max(x, 0)
	ReLU6                // min(max(x, 0), 6)
	HardSwish            // x * ReLU6(x+3) / 6
	Sigmoid              // 1 / (1 + exp(-x))
	activations
)

// Layer is one step of a network.
type Layer struct {
	Kind Kind
	// Activation follows what the layer does.
	Activation Activation
	// From are the values that the layer works on: 0 is the picture, i what layer i-1 gives.
	From []int
	// Kernel is the side of a convolution's kernel.
	Kernel int
	// Stride is how far apart pixels are that a convolution is computed at, or the factor of an
	// enlargement.
	Stride int
	// Same: a convolution goes beyond the edge, where all is 0, so that there are as many pixels
	// as there were, divided by Stride and rounded up.
	Same bool
	// Out is how many channels a convolution gives.
	Out int
	// Weights and Bias are a convolution's; there is one bias for each channel it gives.
	Weights, Bias []float32
}

// What a network may have at most.
const (
	maxLayers   = 4096
	maxChannels = 4096
	maxKernel   = 31
	maxStride   = 16
	maxWeights  = 1 << 26
)

var errShape = errors.New("its inputs don't fit it or each other")

// weighs reports whether a kind of layers has weights.
func (k Kind) weighs() bool { return k <= Transposed }

// inputs is how many values a kind of layers works on.
func (k Kind) inputs() int {
	if k == Add || k == Multiply {
		return 2
	}
	return 1
}

// check returns how many channels a layer gives, from how many the values before it have.
func (l *Layer) check(channels []int) (int, error) {
	if l.Kind >= kinds || l.Activation >= activations || len(l.From) != l.Kind.inputs() {
		return 0, errors.New("it is of no known kind")
	}
	for _, v := range l.From {
		if v < 0 || v >= len(channels) || channels[v] != channels[l.From[0]] {
			return 0, errShape
		}
	}
	c := channels[l.From[0]]
	if (l.Kind.weighs() || l.Kind == Enlarge) && (l.Stride < 1 || l.Stride > maxStride) {
		return 0, errors.New("its stride is out of range")
	}
	if !l.Kind.weighs() {
		return c, nil
	}
	if err := l.checkWeights(c); err != nil {
		return 0, err
	}
	return l.Out, nil
}

// checkWeights checks the kernel and the weights of a layer whose input has c channels.
func (l *Layer) checkWeights(c int) error {
	weights := l.Kernel * l.Kernel * l.Out
	if l.Kind != Depthwise {
		weights *= c
	} else if l.Out != c {
		return errShape
	}
	if l.Kernel < 1 || l.Kernel > maxKernel || l.Out < 1 || l.Out > maxChannels ||
		len(l.Bias) != l.Out || len(l.Weights) != weights || weights > maxWeights {
		return errors.New("its weights don't fit")
	}
	return nil
}

// size returns the size of what a layer gives.
func (l *Layer) size(from []Tensor) (s shape, err error) {
	s = from[0].shape()
	if l.Kind.weighs() {
		s.c = l.Out
	}
	switch l.Kind {
	case Convolution, Depthwise:
		if !l.Same {
			s.h, s.w = s.h-l.Kernel+1, s.w-l.Kernel+1
		}
		if s.h < 1 || s.w < 1 {
			return s, errShape
		}
		s.h, s.w = (s.h+l.Stride-1)/l.Stride, (s.w+l.Stride-1)/l.Stride
	case Transposed, Enlarge:
		s.h, s.w = s.h*l.Stride, s.w*l.Stride
	case Average:
		s.h, s.w = 1, 1
	case Add, Multiply:
		if b := from[1].shape(); b != s && b != (shape{1, 1, s.c}) {
			return s, errShape
		}
	}
	if s.h > maxValues/s.w/s.c {
		return s, errors.New("it gives too many values")
	}
	return s, nil
}

// before is how many pixels before the first one a kernel begins, for so many pixels in and out.
func (l *Layer) before(in, out int) int {
	if !l.Same {
		return 0
	}
	return max((out-1)*l.Stride+l.Kernel-in, 0) / 2
}

// run computes a layer. The only error is ctx's.
func (l *Layer) run(ctx context.Context, out Tensor, from []Tensor, panels []float32) error {
	switch l.Kind {
	case Convolution:
		return l.convolve(ctx, out, from[0], panels)
	case Depthwise:
		return l.depthwise(ctx, out, from[0])
	case Transposed:
		return l.transpose(ctx, out, from[0])
	case Average:
		average(out, from[0])
	case Enlarge:
		return l.enlarge(ctx, out, from[0])
	default:
		return l.combine(ctx, out, from)
	}
	l.Activation.apply(out.Values)
	return ctx.Err()
}
