package net

import "math"

// apply replaces values by their activations.
func (a Activation) apply(v []float32) {
	switch a {
	case ReLU:
		for i, x := range v {
			v[i] = max(x, 0)
		}
	case ReLU6:
		for i, x := range v {
			v[i] = min(max(x, 0), 6)
		}
	case HardSwish:
		for i, x := range v {
			v[i] = x * min(max(x+3, 0), 6) * (1.0 / 6)
		}
	case Sigmoid:
		for i, x := range v {
			v[i] = float32(1 / (1 + math.Exp(-float64(x))))
		}
	}
}
