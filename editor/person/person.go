// Package person finds people in pictures.
//
// It runs the network of MediaPipe's selfie segmentation (package net; NOTICE names where it
// is from), which sees a picture as 256 by 256 pixels.
package person

import (
	"context"
	_ "embed"
	"sync"

	"overpaint/editor/net"
)

//go:embed person.net
var file []byte

// Side is how many pixels the network sees across and down.
const Side = 256

var network = sync.OnceValue(func() *net.Network {
	n, err := net.Decode(file)
	if err != nil {
		panic(err) // it is part of the program
	}
	return n
})

// Likely returns how likely each pixel of a picture of Side by Side pixels belongs to a person,
// 0 to 1. Values are red, green and blue of each pixel, 0 to 1. The only error is ctx's.
func Likely(ctx context.Context, values []float32) ([]float32, error) {
	out, err := network().Run(ctx, net.Tensor{Height: Side, Width: Side, Channels: 3, Values: values})
	return out.Values, err
}
