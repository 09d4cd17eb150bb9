// Command convert makes the file of a network (package net) from one of TensorFlow Lite.
//
//	go run ./editor/net/convert MODEL.tflite NETWORK
//
// It takes networks of one picture whose weights are of single or half precision and whose
// layers package net has, and refuses others. An activation that alone uses what a layer
// gives becomes a part of that layer. The format is that of the schema of TensorFlow Lite,
// version 3, a FlatBuffer; nothing of TensorFlow is needed to read it.
//
// editor/person/person.net was made so from selfie_segmentation.tflite of the npm package
// @mediapipe/selfie_segmentation, version 0.1.1675465747.
package main

import (
	"errors"
	"fmt"
	"os"

	"overpaint.dev/overpaint/editor/net"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "convert: say which model, and where the network goes")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	channels, layers, err := convert(data)
	if err != nil {
		return err
	}
	if _, err := net.New(channels, layers); err != nil {
		return err
	}
	return os.WriteFile(to, net.Encode(channels, layers), 0o644)
}

// convert reads a model. Damaged ones are errDamaged.
func convert(data []byte) (channels int, layers []net.Layer, err error) {
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(error)
			if !ok || !errors.Is(e, errDamaged) {
				panic(v)
			}
			err = e
		}
	}()
	m, err := open(data)
	if err != nil {
		return 0, nil, err
	}
	for _, op := range m.graph.tables(fieldOperators) {
		if err := m.add(op); err != nil {
			return 0, nil, err
		}
	}
	return m.channels, m.layers, m.complete()
}
