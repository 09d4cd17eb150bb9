package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"overpaint.dev/overpaint/editor/net"
)

// Numbers of fields in the schema, by table.
const (
	fieldCodes, fieldGraphs, fieldBuffers                          = 1, 2, 4    // Model
	fieldTensors, fieldInputs, fieldOutputs, fieldOperators        = 0, 1, 2, 3 // SubGraph
	fieldShape, fieldType, fieldBuffer                             = 0, 1, 2    // Tensor
	fieldCode, fieldFrom, fieldTo, fieldOptions, fieldCustom       = 0, 1, 2, 4, 5
	fieldOldCode, fieldCustomCode, fieldNewCode                    = 0, 1, 3 // OperatorCode
	fieldPadding, fieldStrideX, fieldStrideY                       = 0, 1, 2 // of convolutions and pools
	fieldConvActivation, fieldMultiplier, fieldDepthwiseActivation = 3, 3, 4
	fieldPoolX, fieldPoolY                                         = 3, 4
)

// Values in the schema.
const (
	typeSingle, typeHalf = 0, 1
	paddingSame          = 0
)

// Operators that are understood.
const (
	opAdd         = 0
	opPool        = 1
	opConvolution = 3
	opDepthwise   = 4
	opDequantize  = 6
	opSigmoid     = 14
	opMultiply    = 18
	opReLU        = 19
	opReLU6       = 21
	opResize      = 23
	opCustom      = 32
	opHardSwish   = 117
)

// transposed is the custom operator that transposes a convolution and adds a bias.
const transposed = "Convolution2DTransposeBias"

// model is a model that is being read.
type model struct {
	codes, tensors, buffers []table
	graph                   table
	channels                int

	values map[int]int // of tensors the number that package net has for them
	source map[int]int // of tensors that are others in single precision those others
	uses   map[int]int // how many operators use each tensor
	layers []net.Layer
}

func open(data []byte) (*model, error) {
	r := root(data)
	graphs := r.tables(fieldGraphs)
	if len(graphs) != 1 {
		return nil, fmt.Errorf("it has %d graphs", len(graphs))
	}
	m := &model{
		codes: r.tables(fieldCodes), buffers: r.tables(fieldBuffers), graph: graphs[0], tensors: graphs[0].tables(fieldTensors),
		values: map[int]int{}, source: map[int]int{}, uses: map[int]int{},
	}
	in := m.graph.integers(fieldInputs)
	if len(in) != 1 || len(m.graph.integers(fieldOutputs)) != 1 {
		return nil, errors.New("it has more than one input or output")
	}
	shape := m.shape(in[0])
	m.channels, m.values[in[0]] = shape[3], 0
	for _, op := range m.graph.tables(fieldOperators) {
		for _, t := range op.integers(fieldFrom) {
			m.uses[t]++
		}
	}
	return m, nil
}

// tensor returns a tensor by its number.
func (m *model) tensor(i int) table {
	if i < 0 || i >= len(m.tensors) {
		panic(errDamaged)
	}
	return m.tensors[i]
}

// shape returns a tensor's size: four numbers, of which missing ones are 1.
func (m *model) shape(i int) [4]int {
	s := [4]int{1, 1, 1, 1}
	list := m.tensor(i).integers(fieldShape)
	copy(s[max(4-len(list), 0):], list)
	return s
}

// constant returns a tensor's numbers.
func (m *model) constant(i int) ([]float32, error) {
	if from, ok := m.source[i]; ok {
		i = from
	}
	t := m.tensor(i)
	at := t.integer(fieldBuffer, 0)
	if at < 0 || at >= len(m.buffers) {
		return nil, errDamaged
	}
	data := m.buffers[at].blob(0)
	var v []float32
	switch t.small(fieldType) {
	case typeSingle:
		for ; len(data) >= 4; data = data[4:] {
			v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(data)))
		}
	case typeHalf:
		for ; len(data) >= 2; data = data[2:] {
			v = append(v, net.FromHalf(binary.LittleEndian.Uint16(data)))
		}
	default:
		return nil, errors.New("its weights are of an unknown type")
	}
	return v, nil
}

// code returns an operator's number, and its name if it is a custom one.
func (m *model) code(op table) (int, string) {
	i := op.integer(fieldCode, 0)
	if i < 0 || i >= len(m.codes) {
		panic(errDamaged)
	}
	c := m.codes[i]
	return max(c.small(fieldOldCode), c.integer(fieldNewCode, 0)), string(c.blob(fieldCustomCode))
}

// complete sees that the last layer is what the model gives.
func (m *model) complete() error {
	if v, ok := m.values[m.graph.integers(fieldOutputs)[0]]; !ok || v != len(m.layers) {
		return errors.New("its output isn't what its last layer gives")
	}
	return nil
}
