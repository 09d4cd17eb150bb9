package fill

// random is a SplitMix64 generator (Steele, Lea, Flood 2014). Each row of each
// round gets one of its own from what identifies it, so that a result does
// not depend on how the rows were spread over goroutines.
type random uint64

// newRandom returns the generator that belongs to the given numbers.
func newRandom(seed uint64, ids ...int) random {
	r := random(seed)
	for _, id := range ids {
		r = random(r.next() ^ uint64(id)*0x9e3779b97f4a7c15)
	}
	return r
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// intn returns a number from 0 to n-1; n must be positive.
func (r *random) intn(n int) int {
	return int((r.next() >> 32) * uint64(n) >> 32)
}
