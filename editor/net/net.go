// Package net computes small convolutional networks: convolutions (also depthwise, strided
// and transposed), activations, global averages, sums, products and enlargements. A network
// is a list of layers (Layer), each of which works on what earlier ones gave; Decode reads one
// from a file and Encode writes it. The command in editor/net/convert makes such files.
//
// Convolutions are products of matrices: the pixels under the kernel, one output pixel a row
// (im2col), by the weights in panels of 16 channels, in tiles of 4 pixels by 16 channels
// (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008). The tile
// is in assembly for processors with AVX2 and FMA, whose multiplication and addition round
// once where the plain Go tile rounds twice. So results differ in the last bits between kinds
// of processors; on one they don't depend on how many there are.
package net

import (
	"context"
	"fmt"
)

// Tensor is a picture of any number of channels. Values are row by row, of each pixel its
// channels one after the other.
type Tensor struct {
	Height, Width, Channels int
	Values                  []float32
}

func newTensor(h, w, c int) Tensor { return Tensor{h, w, c, make([]float32, h*w*c)} }

// at returns a pixel's channels.
func (t Tensor) at(y, x int) []float32 {
	return t.Values[(y*t.Width+x)*t.Channels:][:t.Channels]
}

// shape is a tensor's size.
type shape struct{ h, w, c int }

func (t Tensor) shape() shape { return shape{t.Height, t.Width, t.Channels} }

// maxValues is how many values a tensor may have.
const maxValues = 1 << 26

// Network is a network that is ready to run. It is never changed, so any number of goroutines
// may use it.
type Network struct {
	channels int
	layers   []Layer
	panels   [][]float32 // of each convolution its weights in panels
	last     []int       // the last layer that uses each value
}

// New makes a network of layers for pictures of so many channels. Layers must not be changed
// afterwards. It fails where they don't fit each other.
func New(channels int, layers []Layer) (*Network, error) {
	if channels < 1 || channels > maxChannels || len(layers) == 0 || len(layers) > maxLayers {
		return nil, fmt.Errorf("net: %d layers for %d channels", len(layers), channels)
	}
	n := &Network{channels: channels, layers: layers, panels: make([][]float32, len(layers)), last: make([]int, len(layers)+1)}
	counts := []int{channels}
	for i := range layers {
		l := &layers[i]
		c, err := l.check(counts)
		if err != nil {
			return nil, fmt.Errorf("net: layer %d: %w", i, err)
		}
		counts = append(counts, c)
		for _, from := range l.From {
			n.last[from] = i
		}
		if l.Kind == Convolution {
			n.panels[i] = panels(l.Weights, c)
		}
	}
	n.last[len(layers)] = len(layers)
	return n, nil
}

// Run returns what the last layer gives for a picture. Values that no further layer needs are
// given up on the way. It fails where the picture doesn't have the network's number of
// channels, or a size that doesn't fit; otherwise the only error is ctx's.
func (n *Network) Run(ctx context.Context, in Tensor) (Tensor, error) {
	if in.Channels != n.channels || len(in.Values) != in.Height*in.Width*in.Channels || len(in.Values) == 0 {
		return Tensor{}, fmt.Errorf("net: a picture of %dx%d with %d channels and %d values", in.Width, in.Height, in.Channels, len(in.Values))
	}
	values := make([]Tensor, 1, len(n.layers)+1)
	values[0] = in
	for i := range n.layers {
		l := &n.layers[i]
		from := make([]Tensor, len(l.From))
		for k, v := range l.From {
			from[k] = values[v]
		}
		size, err := l.size(from)
		if err != nil {
			return Tensor{}, fmt.Errorf("net: layer %d: %w", i, err)
		}
		out := newTensor(size.h, size.w, size.c)
		if err := l.run(ctx, out, from, n.panels[i]); err != nil {
			return Tensor{}, err
		}
		values = append(values, out)
		for _, v := range l.From {
			if n.last[v] == i {
				values[v] = Tensor{}
			}
		}
	}
	return values[len(values)-1], nil
}
