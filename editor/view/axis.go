package view

import "math"

// A tap holds the source of one device pixel along one axis: the three neighbouring samples
// of a pyramid level from index at on, with weights in 256ths that add up to 256. Nearest
// sampling uses only at.
type tap struct {
	at         int32
	w0, w1, w2 uint16
}

// An axis holds the taps of the device pixels from..to-1, those of the requested range that
// show the canvas.
type axis struct {
	from, to int
	taps     []tap
}

// levelFor returns the pyramid level for a scale: the coarsest one that is at
// least as fine as the device, so that a device pixel covers one to two samples
// of it along each axis.
func levelFor(scale float64, levels int) int {
	k := 0
	for k+1 < levels && scale*float64(int(2)<<k) <= 1 {
		k++
	}
	return k
}

// newAxis lays out the device range d0..d1-1 for a canvas of the given length,
// whose level has levelLen samples. With nearest, each pixel takes the sample
// under its centre; else it takes the average of the samples it covers,
// weighted by how much of each it covers: a box filter as wide as the pixel.
func newAxis(scale, offset float64, length, level, levelLen, d0, d1 int, nearest bool) axis {
	first := ceil(offset - 0.5)
	last := ceil(offset + float64(length)*scale - 0.5)
	if last <= first {
		last = first + 1 // the smallest canvas is shown, too
	}
	a := axis{from: max(first, d0), to: min(last, d1)}
	if a.to <= a.from {
		a.to = a.from
		return a
	}
	a.taps = make([]tap, a.to-a.from)
	step := 1 / (scale * float64(int(1)<<level))
	end := min(float64(levelLen), float64(length)/float64(int(1)<<level))
	for i := range a.taps {
		lo := (float64(a.from+i) - offset) * step
		if nearest {
			at := floor(lo + step/2)
			a.taps[i] = tap{at: int32(max(0, min(levelLen-1, at))), w0: 256}
			continue
		}
		a.taps[i] = boxTap(max(lo, 0), min(lo+step, end), levelLen)
	}
	return a
}

// boxTap returns the tap of the samples that the interval lo..hi covers, weighted by coverage.
func boxTap(lo, hi float64, levelLen int) tap {
	at := floor(lo)
	at = max(0, min(levelLen-1, at))
	var w [3]int
	if total := hi - lo; total > 1e-9 {
		sum := 0
		for j := range w {
			// Rounding the running sum keeps the weights' total at 256.
			upTo := min(hi, float64(at+j+1)) - lo
			w[j] = int(math.Round(256*min(upTo/total, 1))) - sum
			sum += w[j]
		}
		w[2] += 256 - sum
	} else {
		w[0] = 256
	}
	// All three samples must exist, so that the loops over them need no checks.
	for at > max(levelLen-3, 0) {
		at--
		w[0], w[1], w[2] = 0, w[0], w[1]+w[2]
	}
	return tap{at: int32(at), w0: uint16(w[0]), w1: uint16(w[1]), w2: uint16(w[2])}
}

// span returns the range of samples lo..hi-1 that the taps read.
func (a *axis) span() (lo, hi int) {
	if len(a.taps) == 0 {
		return 0, 0
	}
	return int(a.taps[0].at), int(a.taps[len(a.taps)-1].at) + 3
}

func floor(v float64) int { return int(math.Floor(v)) }
func ceil(v float64) int  { return int(math.Ceil(v)) }
