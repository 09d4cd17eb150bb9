package picture

import "math"

// filterRows returns rows y0 to y1 as PNG stores them: a filter type before
// each row, chosen as the specification advises (12.7): the one whose output,
// read as signed bytes, has the smallest sum of absolute values. Where thorough
// is false the sums are taken over samples of the row.
func filterRows(img *raster, y0, y1 int, thorough bool) []byte {
	channels := img.each()
	n := img.rowBytes()
	out := make([]byte, 0, (y1-y0)*(n+1))
	// Both begin with the pixel left of the first, which is zero.
	row, above := make([]byte, channels+n), make([]byte, channels+n)
	if y0 > 0 {
		img.row(above[channels:], y0-1)
	}
	for y := y0; y < y1; y++ {
		img.row(row[channels:], y)
		kind := 0 // filters don't help with palette indices (12.7)
		if img.palette == nil {
			kind = bestFilter(row, above, channels, thorough)
		}
		out = append(out, byte(kind))
		at := len(out)
		out = out[:at+n]
		filterRow(out[at:], row, above, channels, kind)
		row, above = above, row
	}
	return out
}

// bestFilter returns the filter type with the smallest residue. row and above begin with one
// extra pixel.
func bestFilter(row, above []byte, channels int, thorough bool) int {
	// Samples of 48 bytes, whole pixels of any kind, one in 192.
	const sample, every = 48, 192
	step := sample
	if !thorough && len(row) > 4*every {
		step = every
	}
	var sums [5]int
	var residue [sample]byte
	for i := 0; i+channels < len(row); i += step {
		end := min(i+channels+sample, len(row))
		for kind := range sums {
			part := residue[:end-i-channels]
			filterRow(part, row[i:end], above[i:end], channels, kind)
			for _, v := range part {
				s := int(int8(v)) >> 7 // -1 for negative bytes
				sums[kind] += (int(int8(v)) ^ s) - s
			}
		}
	}
	best, least := 0, math.MaxInt
	for kind, sum := range sums {
		if sum < least {
			best, least = kind, sum
		}
	}
	return best
}

// filterRow writes the difference between row and its prediction by the given filter type. row
// and above begin with one extra pixel, of channels bytes.
func filterRow(dst, row, above []byte, channels, kind int) {
	left, corner := row[:len(dst)], above[:len(dst)]
	row, above = row[channels:][:len(dst)], above[channels:][:len(dst)]
	switch kind {
	case 0:
		copy(dst, row)
	case 1:
		for i := range dst {
			dst[i] = row[i] - left[i]
		}
	case 2:
		for i := range dst {
			dst[i] = row[i] - above[i]
		}
	case 3:
		for i := range dst {
			dst[i] = row[i] - uint8((uint(left[i])+uint(above[i]))/2)
		}
	case 4:
		for i := range dst {
			dst[i] = row[i] - paeth(int(left[i]), int(above[i]), int(corner[i]))
		}
	}
}

// paeth returns whichever of its arguments is nearest to left + up - corner.
func paeth(left, up, corner int) uint8 {
	dl, du := up-corner, left-corner
	dc := dl + du
	dl, du, dc = magnitude(dl), magnitude(du), magnitude(dc)
	best := left
	if du < dl {
		best, dl = up, du
	}
	if dc < dl {
		best = corner
	}
	return uint8(best)
}

func magnitude(v int) int {
	s := v >> 63
	return (v ^ s) - s
}
