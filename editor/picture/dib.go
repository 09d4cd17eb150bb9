package picture

import (
	"encoding/binary"
	"slices"
)

// isDIB reports whether data begins with a bitmap's information header without a file header,
// as some programs write to files named .dib: a known header size, one plane, and a known
// depth and compression.
func isDIB(data []byte) bool {
	if len(data) < bmpCore {
		return false
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(data[at:])) }
	if size := binary.LittleEndian.Uint32(data); size == bmpCore {
		return u16(4) > 0 && u16(6) > 0 && u16(8) == 1 && slices.Contains([]int{1, 4, 8, 24}, u16(10))
	} else if len(data) < bmpInfo || !slices.Contains([]uint32{bmpInfo, 52, 56, bmpOS2, 108, 124}, size) {
		return false
	}
	w, h := int32(binary.LittleEndian.Uint32(data[4:])), int32(binary.LittleEndian.Uint32(data[8:]))
	return w > 0 && h != 0 && u16(12) == 1 && slices.Contains([]int{1, 2, 4, 8, 16, 24, 32}, u16(14)) &&
		binary.LittleEndian.Uint32(data[16:]) <= bmpAlphaFields
}

// bmpHead returns the beginning of a file that holds all headers and the palette.
func bmpHead(data []byte) []byte { return data[:min(len(data), sniffLen)] }

// bmpArrayHeader is the size of the header before each bitmap of an array: "BA", its size, the
// next one's offset in the file, 0 in the last, and the size of a screen.
const bmpArrayHeader = 14

// isBMPArray reports whether data begins with OS/2's array of bitmaps: one picture for several
// kinds of screens.
func isBMPArray(data []byte) bool {
	return len(data) >= bmpArrayHeader+2 && string(data[:2]) == "BA" && string(data[bmpArrayHeader:][:2]) == "BM"
}

// countBMPs returns the number of bitmaps in a file, more than one only in an array.
func countBMPs(data []byte) int {
	n := 0
	for at := 0; len(data) >= at+bmpArrayHeader && string(data[at:at+2]) == "BA"; {
		n++
		next := int(binary.LittleEndian.Uint32(data[at+6:]))
		if next <= at { // also an array that runs in a circle
			break
		}
		at = next
	}
	return max(n, 1)
}

// plainBMP returns a bitmap without a file header with one, and the first bitmap of an array by
// itself; other data as it is.
func plainBMP(data []byte) []byte {
	switch {
	case isBMPArray(data):
		return firstBMP(data)
	case isDIB(data):
		return withFileHeader(data)
	}
	return data
}

// firstBMP returns the first bitmap of an array. Its pixels' offset is that in the array's file.
func firstBMP(data []byte) []byte {
	first := slices.Clone(data[bmpArrayHeader:])
	if len(first) >= bmpFileHeader {
		at := binary.LittleEndian.Uint32(first[10:])
		binary.LittleEndian.PutUint32(first[10:], max(at, bmpArrayHeader)-bmpArrayHeader)
	}
	return first
}

// withFileHeader returns a bitmap without a file header with one.
func withFileHeader(data []byte) []byte {
	size := int(binary.LittleEndian.Uint32(data))
	pixels, depth, entry, colours := bmpFileHeader+size, 0, 4, 0
	if size == bmpCore {
		depth, entry = int(binary.LittleEndian.Uint16(data[10:])), 3
	} else {
		depth = int(binary.LittleEndian.Uint16(data[14:]))
		colours = int(min(binary.LittleEndian.Uint32(data[32:]), 1<<8))
		switch compression := binary.LittleEndian.Uint32(data[16:]); {
		case size != bmpInfo:
		case compression == bmpBitFields:
			pixels += 3 * 4
		case compression == bmpAlphaFields:
			pixels += 4 * 4
		}
	}
	if depth <= 8 && (colours == 0 || colours > 1<<depth) {
		colours = 1 << depth
	}
	pixels += entry * colours
	head := append(make([]byte, 0, bmpFileHeader+len(data)), "BM"...)
	for _, v := range []int{bmpFileHeader + len(data), 0, pixels} {
		head = binary.LittleEndian.AppendUint32(head, uint32(v))
	}
	return append(head, data...)
}
