package net

import (
	"encoding/binary"
	"errors"
	"math"
)

// A file is the magic, the picture's number of channels and the number of layers, and each
// layer: kind, activation, kernel, stride, 1 for Same (a byte each), the number of channels it
// gives, its inputs (as many as its kind has), and of convolutions weights and biases in half
// precision (IEEE 754 binary16). Numbers without a size have 16 bits; all is little-endian.
const magic = "opnet\x00\x00\x01"

// errFile is returned for what is no file of a network.
var errFile = errors.New("net: this is no network, or a damaged one")

// Encode writes a network's layers as a file, their weights and biases rounded to half precision.
func Encode(channels int, layers []Layer) []byte {
	b := append([]byte(magic), 0, 0, 0, 0)
	binary.LittleEndian.PutUint16(b[len(magic):], uint16(channels))
	binary.LittleEndian.PutUint16(b[len(magic)+2:], uint16(len(layers)))
	for _, l := range layers {
		same := byte(0)
		if l.Same {
			same = 1
		}
		b = append(b, byte(l.Kind), byte(l.Activation), byte(l.Kernel), byte(l.Stride), same)
		b = binary.LittleEndian.AppendUint16(b, uint16(l.Out))
		for _, v := range l.From {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
		for _, values := range [][]float32{l.Weights, l.Bias} {
			for _, v := range values {
				b = binary.LittleEndian.AppendUint16(b, toHalf(v))
			}
		}
	}
	return b
}

// reader takes a file apart; it remembers when it was at its end too early.
type reader struct {
	data   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.failed, r.data = true, nil
		return make([]byte, min(max(n, 0), 8))
	}
	v := r.data[:n]
	r.data = r.data[n:]
	return v
}

func (r *reader) u16() int { return int(binary.LittleEndian.Uint16(r.take(2))) }

func (r *reader) halves(n int) []float32 {
	b := r.take(2 * n)
	if r.failed {
		return nil
	}
	v := make([]float32, n)
	for i := range v {
		v[i] = FromHalf(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return v
}

// Decode reads a network from a file.
func Decode(data []byte) (*Network, error) {
	r := &reader{data: data}
	if string(r.take(len(magic))) != magic {
		return nil, errFile
	}
	channels, count := r.u16(), r.u16()
	counts := []int{channels}
	var layers []Layer
	for range count {
		l := r.layer(counts)
		if r.failed {
			return nil, errFile
		}
		layers = append(layers, l)
		c := counts[l.From[0]]
		if l.Kind.weighs() {
			c = l.Out
		}
		counts = append(counts, c)
	}
	if len(r.data) > 0 {
		return nil, errFile
	}
	return New(channels, layers)
}

// layer reads one layer; channels are those of the values before it.
func (r *reader) layer(channels []int) Layer {
	head := r.take(5)
	l := Layer{
		Kind: Kind(head[0]), Activation: Activation(head[1]), Kernel: int(head[2]), Stride: int(head[3]), Same: head[4] == 1, Out: r.u16(),
		From: []int{r.u16()},
	}
	if l.Kind == Add || l.Kind == Multiply {
		l.From = append(l.From, r.u16())
	}
	if l.From[0] >= len(channels) {
		r.failed = true
		return l
	}
	if l.Kind.weighs() {
		n := l.Kernel * l.Kernel * l.Out
		if l.Kind != Depthwise {
			n *= channels[l.From[0]]
		}
		l.Weights, l.Bias = r.halves(n), r.halves(l.Out)
	}
	return l
}

// FromHalf returns a number of half precision.
func FromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h)>>15<<31, uint32(h)>>10&31, uint32(h)&1023
	switch exponent {
	case 0: // zero, or less than the least normal number
		v := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// toHalf rounds a number to half precision, to the nearest and of two to the even one.
func toHalf(v float32) uint16 {
	b := math.Float32bits(v)
	sign := uint16(b >> 16 & 0x8000)
	switch a := math.Float32frombits(b &^ (1 << 31)); {
	case a != a:
		return sign | 0x7e00
	case a >= 65520:
		return sign | 0x7c00
	case a < 1.0/(1<<14):
		return sign | uint16(math.RoundToEven(float64(a)*(1<<24)))
	}
	b &^= 1 << 31
	b += 0xfff + b>>13&1
	return sign | uint16((b>>13)-112<<10)
}
