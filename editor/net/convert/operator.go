package main

import (
	"errors"
	"fmt"

	"overpaint.dev/overpaint/editor/net"
)

// errNowhere is returned for a layer whose input comes from nowhere.
var errNowhere = errors.New("a layer works on what no layer gives")

// add makes a layer of an operator, or adds it to the one before.
func (m *model) add(op table) error {
	from, to := op.integers(fieldFrom), op.integers(fieldTo)
	if len(from) == 0 || len(to) != 1 {
		return errDamaged
	}
	code, name := m.code(op)
	if code == opDequantize { // numbers of half precision, which are read when they are used
		m.source[to[0]] = from[0]
		return nil
	}
	if a, ok := activations[code]; ok {
		return m.activate(from[0], to[0], a)
	}
	var l net.Layer
	var err error
	switch {
	case code == opConvolution, code == opDepthwise:
		l, err = m.convolution(op, code, from, to[0])
	case code == opCustom && name == transposed:
		l, err = m.transposed(op, from)
	case code == opPool:
		l, err = m.pool(op, from[0])
	case code == opResize:
		l, err = m.resize(op, from[0], to[0])
	case code == opAdd, code == opMultiply:
		l, err = m.pair(op, code, from)
	default:
		err = fmt.Errorf("operator %d %s is not known", code, name)
	}
	if err != nil {
		return err
	}
	inputs := 1
	if l.Kind == net.Add || l.Kind == net.Multiply {
		inputs = 2
	}
	for _, t := range from[:inputs] {
		v, ok := m.values[t]
		if !ok {
			return errNowhere
		}
		l.From = append(l.From, v)
	}
	m.layers = append(m.layers, l)
	m.values[to[0]] = len(m.layers)
	return nil
}

var activations = map[int]net.Activation{opReLU: net.ReLU, opReLU6: net.ReLU6, opHardSwish: net.HardSwish, opSigmoid: net.Sigmoid}

// activate adds an activation to the layer that it follows, if nothing else uses that one.
func (m *model) activate(from, to int, a net.Activation) error {
	v, ok := m.values[from]
	if !ok {
		return errNowhere
	}
	if v == len(m.layers) && v > 0 && m.uses[from] == 1 && m.layers[v-1].Activation == net.None {
		m.layers[v-1].Activation = a
	} else {
		m.layers = append(m.layers, net.Layer{Kind: net.Activate, Activation: a, From: []int{v}})
	}
	m.values[to] = len(m.layers)
	return nil
}

// fused returns the activation that is part of an operator.
func fused(code int) (net.Activation, error) {
	switch code {
	case 0:
		return net.None, nil
	case 1:
		return net.ReLU, nil
	case 3:
		return net.ReLU6, nil
	}
	return 0, fmt.Errorf("activation %d is not known", code)
}

// options returns an operator's options.
func options(op table) table {
	at := op.field(fieldOptions)
	if at == 0 {
		panic(errDamaged)
	}
	return op.follow(at)
}

func (m *model) convolution(op table, code int, from []int, to int) (l net.Layer, err error) {
	o := options(op)
	l = net.Layer{Kind: net.Convolution, Stride: o.integer(fieldStrideX, 0), Same: o.small(fieldPadding) == paddingSame}
	dilation, activation := 4, fieldConvActivation
	if code == opDepthwise {
		l.Kind, dilation, activation = net.Depthwise, 5, fieldDepthwiseActivation
		if o.integer(fieldMultiplier, 0) != 1 {
			return l, errors.New("a convolution gives several channels for each")
		}
	}
	if l.Stride != o.integer(fieldStrideY, 0) || o.integer(dilation, 1) != 1 || o.integer(dilation+1, 1) != 1 {
		return l, errors.New("a convolution is dilated, or its strides differ")
	}
	if l.Activation, err = fused(o.small(activation)); err != nil {
		return l, err
	}
	l.Out = m.shape(to)[3]
	return l, m.weigh(&l, from)
}

// weigh gives a layer its weights and biases.
func (m *model) weigh(l *net.Layer, from []int) (err error) {
	if len(from) != 3 {
		return errors.New("a convolution has no bias")
	}
	size := m.shape(from[1])
	if l.Kernel = size[1]; size[2] != l.Kernel {
		return errors.New("a kernel isn't square")
	}
	if l.Weights, err = m.constant(from[1]); err == nil {
		l.Bias, err = m.constant(from[2])
	}
	return err
}

func (m *model) transposed(op table, from []int) (l net.Layer, err error) {
	// Padding (0 unknown, 1 same, 2 valid) and both strides, 32 bits each.
	o := op.blob(fieldCustom)
	if len(o) != 12 || o[0] != 1 || o[4] != o[8] {
		return l, errors.New("the options of a transposed convolution are not known")
	}
	l = net.Layer{Kind: net.Transposed, Stride: int(o[4]), Same: true, Out: m.shape(from[1])[0]}
	return l, m.weigh(&l, from)
}

func (m *model) pool(op table, from int) (l net.Layer, err error) {
	o, size := options(op), m.shape(from)
	if o.integer(fieldPoolX, 0) != size[2] || o.integer(fieldPoolY, 0) != size[1] {
		return l, errors.New("an average isn't one of all pixels")
	}
	return net.Layer{Kind: net.Average}, nil
}

func (m *model) resize(op table, from, to int) (l net.Layer, err error) {
	o, a, b := options(op), m.shape(from), m.shape(to)
	const corners, centres = 2, 3
	if o.small(corners) != 0 || o.small(centres) == 0 || a[1] < 1 || a[2] < 1 || b[1]%a[1] != 0 || b[1]/a[1] != b[2]/a[2] || b[2]%a[2] != 0 {
		return l, errors.New("a picture is resized in an unknown way")
	}
	return net.Layer{Kind: net.Enlarge, Stride: b[1] / a[1]}, nil
}

func (m *model) pair(op table, code int, from []int) (l net.Layer, err error) {
	if len(from) != 2 {
		return l, errDamaged
	}
	l.Kind = net.Add
	if code == opMultiply {
		l.Kind = net.Multiply
	}
	if op.field(fieldOptions) != 0 {
		l.Activation, err = fused(options(op).small(0))
	}
	return l, err
}
