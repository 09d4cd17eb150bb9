package colour

import "encoding/binary"

// maxInputs is the largest number of channels of a table in a profile for pictures.
const maxInputs = 4

// bounded reports whether a tag's curves and tables lie within it, as far as the ICC library
// makes room for what they announce before it looks (ICC.1:2022, 10.6, 10.10 to 10.13). A few
// hundred bytes could ask for gigabytes otherwise, and running out of memory can't be recovered.
func bounded(tag []byte) bool {
	if len(tag) < 4 {
		return true
	}
	switch string(tag[:4]) {
	case "curv":
		_, ok := skipCurve(tag)
		return ok
	case "mft1", "mft2":
		return len(tag) > 8 && tag[8] <= maxInputs
	case "mAB ", "mBA ":
		return boundedLut(tag)
	}
	return true
}

// boundedLut is bounded for a table with curves: at 8 the channels in and out, from 12 on the
// offsets of the B curves, the matrix, the M curves, the table and the A curves.
func boundedLut(tag []byte) bool {
	if len(tag) < 32 {
		return false
	}
	channels := max(tag[8], tag[9])
	offset := func(i int) []byte {
		return tag[min(int64(binary.BigEndian.Uint32(tag[12+4*i:])), int64(len(tag))):]
	}
	for _, i := range []int{0, 2, 4} {
		curves := offset(i)
		if len(curves) == len(tag) { // offset 0: there are none
			continue
		}
		for range channels {
			n, ok := skipCurve(curves)
			if !ok {
				return false
			}
			curves = curves[n:]
		}
	}
	const precisionAt = 16
	table := offset(3)
	if len(table) == len(tag) {
		return true
	}
	return tag[8] <= maxInputs && len(table) > precisionAt && (table[precisionAt] == 1 || table[precisionAt] == 2)
}

// skipCurve returns the length of the curve that b begins with, padding included and at most
// len(b), 0 where it isn't one with a length of its own. It is false where b is shorter.
func skipCurve(b []byte) (n int, ok bool) {
	if len(b) < 12 || string(b[:4]) != "curv" {
		return min(paraLength(b), len(b)), true
	}
	size := 12 + 2*int64(binary.BigEndian.Uint32(b[8:]))
	if size > int64(len(b)) {
		return 0, false
	}
	return min(int(size+3)&^3, len(b)), true
}

// paraLength returns the length of the parametric curve that b begins with, 0 where it is none.
func paraLength(b []byte) int {
	if len(b) < 12 || string(b[:4]) != "para" {
		return 0
	}
	parameters := [...]int{1, 3, 4, 5, 7}
	if kind := int(binary.BigEndian.Uint16(b[8:])); kind < len(parameters) {
		return 12 + 4*parameters[kind]
	}
	return 0
}
