package net_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"overpaint.dev/overpaint/editor/net"
)

func numbers(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

func picture(rng *rand.Rand, h, w, c int) net.Tensor {
	return net.Tensor{Height: h, Width: w, Channels: c, Values: numbers(rng, h*w*c)}
}

func run(t *testing.T, in net.Tensor, layers ...net.Layer) net.Tensor {
	t.Helper()
	n, err := net.New(in.Channels, layers)
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// near fails the test unless two tensors are the same but for rounding.
func near(t *testing.T, what string, got, want net.Tensor) {
	t.Helper()
	if got.Height != want.Height || got.Width != want.Width || got.Channels != want.Channels {
		t.Fatalf("%s: %dx%dx%d, want %dx%dx%d", what, got.Height, got.Width, got.Channels, want.Height, want.Width, want.Channels)
	}
	for i, v := range got.Values {
		if !(math.Abs(float64(v-want.Values[i])) < 1e-4) {
			t.Fatalf("%s: value %d is %v, want %v", what, i, v, want.Values[i])
		}
	}
}

// convolved is a convolution as its definition has it, each output channel from the input
// channels that of tells.
func convolved(in net.Tensor, l net.Layer) net.Tensor {
	begin := func(n int) (out, before int) {
		if !l.Same {
			return (n-l.Kernel)/l.Stride + 1, 0
		}
		out = (n + l.Stride - 1) / l.Stride
		return out, max((out-1)*l.Stride+l.Kernel-n, 0) / 2
	}
	h, top := begin(in.Height)
	w, left := begin(in.Width)
	out := net.Tensor{Height: h, Width: w, Channels: l.Out, Values: make([]float32, h*w*l.Out)}
	for i := range out.Values {
		c, x, y := i%l.Out, i/l.Out%w, i/l.Out/w
		sum := float64(l.Bias[c])
		for k := range l.Kernel * l.Kernel {
			j, i := y*l.Stride-top+k/l.Kernel, x*l.Stride-left+k%l.Kernel
			if j < 0 || j >= in.Height || i < 0 || i >= in.Width {
				continue
			}
			pixel := in.Values[(j*in.Width+i)*in.Channels:][:in.Channels]
			if l.Kind == net.Depthwise {
				sum += float64(pixel[c]) * float64(l.Weights[k*l.Out+c])
				continue
			}
			for d, v := range pixel {
				sum += float64(v) * float64(l.Weights[(c*l.Kernel*l.Kernel+k)*in.Channels+d])
			}
		}
		out.Values[i] = float32(sum)
	}
	return out
}

func TestConvolutionsEqualTheirDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct{ h, w, in, out, kernel, stride int }{
		{1, 1, 5, 3, 1, 1}, {7, 9, 3, 16, 3, 1}, {8, 10, 3, 20, 3, 2}, {9, 7, 24, 33, 1, 1}, {6, 6, 4, 4, 5, 2}, {5, 11, 2, 7, 1, 2}, {4, 40, 17, 16, 4, 3},
	} {
		in := picture(rng, c.h, c.w, c.in)
		for _, same := range []bool{true, false} {
			if !same && min(c.h, c.w) < c.kernel {
				continue
			}
			l := net.Layer{
				Kind: net.Convolution, From: []int{0}, Kernel: c.kernel, Stride: c.stride, Same: same, Out: c.out,
				Weights: numbers(rng, c.out*c.kernel*c.kernel*c.in), Bias: numbers(rng, c.out),
			}
			near(t, "a convolution", run(t, in, l), convolved(in, l))
			l.Kind, l.Out, l.Weights, l.Bias = net.Depthwise, c.in, numbers(rng, c.kernel*c.kernel*c.in), numbers(rng, c.in)
			near(t, "a depthwise convolution", run(t, in, l), convolved(in, l))
		}
	}
}

// A transposed convolution is the transpose: for any x and y the product of T(x) with y is
// that of x with the convolution of y, whose weights are those with the channels exchanged.
func TestATransposedConvolutionIsTheTranspose(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct{ kernel, stride int }{{2, 2}, {3, 2}, {4, 2}, {3, 1}, {3, 4}, {5, 3}} {
		const in, out = 3, 2
		x := picture(rng, 4, 5, in)
		l := net.Layer{
			Kind: net.Transposed, From: []int{0}, Kernel: c.kernel, Stride: c.stride, Same: true, Out: out,
			Weights: numbers(rng, out*c.kernel*c.kernel*in), Bias: make([]float32, out),
		}
		got := run(t, x, l)
		if got.Height != 4*c.stride || got.Width != 5*c.stride {
			t.Fatalf("it gives %dx%d", got.Width, got.Height)
		}
		y := picture(rng, got.Height, got.Width, out)
		back := net.Layer{Kind: net.Convolution, Kernel: c.kernel, Stride: c.stride, Same: true, Out: in, Bias: make([]float32, in)}
		for d := range in {
			for k := range c.kernel * c.kernel {
				for o := range out {
					back.Weights = append(back.Weights, l.Weights[(o*c.kernel*c.kernel+k)*in+d])
				}
			}
		}
		if a, b := product(got, y), product(x, convolved(y, back)); math.Abs(a-b) > 1e-3 {
			t.Errorf("kernel %d, stride %d: %v and %v", c.kernel, c.stride, a, b)
		}
	}
}

func product(a, b net.Tensor) (sum float64) {
	for i, v := range a.Values {
		sum += float64(v) * float64(b.Values[i])
	}
	return sum
}

func TestSmallLayers(t *testing.T) {
	in := net.Tensor{Height: 1, Width: 2, Channels: 2, Values: []float32{-4, -1, 2, 7}}
	row := func(w int, v ...float32) net.Tensor {
		return net.Tensor{Height: 1, Width: w, Channels: len(v) / w, Values: v}
	}
	activated := func(a net.Activation) net.Tensor {
		return run(t, in, net.Layer{Kind: net.Activate, Activation: a, From: []int{0}})
	}
	near(t, "nothing", activated(net.None), in)
	near(t, "ReLU", activated(net.ReLU), row(2, 0, 0, 2, 7))
	near(t, "ReLU6", activated(net.ReLU6), row(2, 0, 0, 2, 6))
	near(t, "hard-swish", activated(net.HardSwish), row(2, 0, -1.0/3, 5.0/3, 7))
	near(t, "sigmoid", activated(net.Sigmoid), row(2, 0.0179862, 0.2689414, 0.8807971, 0.9990889))
	mean := net.Layer{Kind: net.Average, From: []int{0}}
	near(t, "average", run(t, in, mean), row(1, -1, 3))
	near(t, "sum", run(t, in, net.Layer{Kind: net.Add, From: []int{0, 0}}), row(2, -8, -2, 4, 14))
	near(t, "product", run(t, in, mean, net.Layer{Kind: net.Multiply, From: []int{0, 1}}), row(2, 4, -3, -2, 21))
	near(t, "sum with one", run(t, in, mean, net.Layer{Kind: net.Add, Activation: net.ReLU, From: []int{0, 1}}), row(2, 0, 2, 1, 10))
	large := run(t, in, net.Layer{Kind: net.Enlarge, Stride: 2, From: []int{0}})
	if large.Height != 2 || !slices.Equal(large.Values[:8], large.Values[8:]) {
		t.Errorf("enlarged it is %v", large)
	}
	near(t, "enlarged", row(4, large.Values[:8]...), row(4, -4, -1, -2.5, 1, 0.5, 5, 2, 7))
}

// block is a small network of all kinds of layers.
func block(rng *rand.Rand) []net.Layer {
	conv := func(kind net.Kind, from, in, out, kernel, stride int) net.Layer {
		n := out * kernel * kernel
		if kind != net.Depthwise {
			n *= in
		}
		return net.Layer{
			Kind: kind, Activation: net.HardSwish, From: []int{from}, Kernel: kernel, Stride: stride, Same: true, Out: out,
			Weights: numbers(rng, n), Bias: numbers(rng, out),
		}
	}
	return []net.Layer{
		conv(net.Convolution, 0, 3, 20, 3, 2),
		conv(net.Depthwise, 1, 20, 20, 5, 1),
		{Kind: net.Average, From: []int{2}},
		{Kind: net.Multiply, From: []int{2, 3}},
		{Kind: net.Add, Activation: net.ReLU6, From: []int{4, 1}},
		{Kind: net.Enlarge, Stride: 2, From: []int{5}},
		conv(net.Transposed, 6, 20, 2, 2, 2),
		{Kind: net.Activate, Activation: net.Sigmoid, From: []int{7}},
	}
}

func TestTheResultDoesNotDependOnTheNumberOfProcessors(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	layers, in := block(rng), picture(rng, 61, 47, 3)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := run(t, in, layers...)
	runtime.GOMAXPROCS(16)
	if many := run(t, in, layers...); !slices.Equal(one.Values, many.Values) {
		t.Error("16 processors give another result than 1")
	}
}

func TestAFileHoldsTheNetwork(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	layers, in := block(rng), picture(rng, 12, 10, 3)
	data := net.Encode(3, layers)
	n, err := net.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := n.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	rounded := slices.Clone(layers)
	for i, l := range rounded {
		rounded[i].Weights, rounded[i].Bias = halved(l.Weights), halved(l.Bias)
	}
	near(t, "the file's network", got, run(t, in, rounded...))
	if again := net.Encode(3, rounded); !bytes.Equal(again, data) {
		t.Error("what was rounded is rounded again")
	}
	for i := range data {
		if _, err := net.Decode(data[:i]); err == nil {
			t.Fatalf("the first %d bytes of %d are a network", i, len(data))
		}
	}
	if _, err := net.Decode(append(data, 0)); err == nil {
		t.Error("a file with a byte too many is a network")
	}
}

// halved rounds numbers to half precision: 11 significant bits.
func halved(v []float32) []float32 {
	var out []float32
	for _, x := range v {
		_, e := math.Frexp(float64(x))
		unit := math.Ldexp(1, max(e-11, -24))
		out = append(out, float32(math.RoundToEven(float64(x)/unit)*unit))
	}
	return out
}

func TestNumbersOfHalfPrecision(t *testing.T) {
	for h, want := range map[uint16]float32{
		0: 0, 1: 0x1p-24, 0x3ff: 0x3ffp-24, 0x400: 0x1p-14, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)),
	} {
		if got := net.FromHalf(h); got != want {
			t.Errorf("%#04x is %v, want %v", h, got, want)
		}
	}
	if v := net.FromHalf(0x7e00); v == v {
		t.Errorf("0x7e00 is %v", v)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	good := net.Layer{Kind: net.Convolution, From: []int{0}, Kernel: 3, Stride: 1, Out: 2, Weights: make([]float32, 54), Bias: make([]float32, 2)}
	for name, change := range map[string]func(*net.Layer){
		"a later value":   func(l *net.Layer) { l.From = []int{1} },
		"two inputs":      func(l *net.Layer) { l.From = []int{0, 0} },
		"too few weights": func(l *net.Layer) { l.Weights = l.Weights[1:] },
		"no bias":         func(l *net.Layer) { l.Bias = nil },
		"no stride":       func(l *net.Layer) { l.Stride = 0 },
		"no kernel":       func(l *net.Layer) { l.Kernel, l.Weights = 0, nil },
		"an unknown kind": func(l *net.Layer) { l.Kind = 99 },
		"channels":        func(l *net.Layer) { l.Kind, l.Weights = net.Depthwise, l.Weights[:18] },
	} {
		l := good
		if change(&l); newFails(l) == nil {
			t.Errorf("%s is taken", name)
		}
	}
	n, err := net.New(3, []net.Layer{good})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []net.Tensor{
		{},
		{Height: 2, Width: 2, Channels: 3, Values: make([]float32, 12)},
		{Height: 9, Width: 9, Channels: 1, Values: make([]float32, 81)},
		{Height: 9, Width: 9, Channels: 3, Values: make([]float32, 81)},
	} {
		if _, err := n.Run(t.Context(), in); err == nil {
			t.Errorf("a picture of %dx%dx%d is taken", in.Width, in.Height, in.Channels)
		}
	}
	pair, err := net.New(3, []net.Layer{good, {Kind: net.Activate, From: []int{1}}, {Kind: net.Add, From: []int{1, 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pair.Run(t.Context(), net.Tensor{Height: 3, Width: 3, Channels: 3, Values: make([]float32, 27)}); err != nil {
		t.Error(err)
	}
}

func newFails(l net.Layer) error { _, err := net.New(3, []net.Layer{l}); return err }

func TestANetworkEndsWithItsContext(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	n, err := net.New(3, block(rng))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := n.Run(ctx, picture(rng, 8, 8, 3)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
