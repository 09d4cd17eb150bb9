//go:build !amd64

package fill

// target is a target patch.
type target struct{ patch }

// distance is plainDistance.
func (f *fragment) distance(p *peeling, s int32, limit float32) float32 {
	return f.plainDistance(p, s, limit)
}

// weigh is plainWeigh.
func (b *ballot) weigh() { b.plainWeigh() }
