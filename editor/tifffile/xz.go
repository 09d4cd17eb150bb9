package tifffile

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// Filters of xz (its file format 1.1.0, section 5.3).
const (
	filterDelta = 0x03
	filterLZMA2 = 0x21
)

// xzCheck holds the sizes of a block's check by its number (section 2.1.1.2).
var xzCheck = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

// unpackXZ expands an xz stream as far as to has room, and returns how many bytes
// there were; check sums are not looked at. Beside LZMA2 it knows the filter for differences, which
// TIFF's writers put before it. Its dictionary is at most as large as to, whatever
// the stream asks for, and those of all blocks together take a few times as much.
func unpackXZ(to, data []byte) (n int, err error) {
	const streamHead = 12
	if len(data) < streamHead || !bytes.HasPrefix(data, []byte("\xfd7zXZ\x00")) {
		return 0, nil
	}
	check := xzCheck[data[7]&15]
	r := bytes.NewReader(data[streamHead:])
	for room := 4*len(to) + 1<<20; n < len(to); { // of all blocks' dictionaries
		distance, dictionary, err := xzBlock(r)
		dictionary = max(lzma.MinDictCap, min(dictionary, len(to)))
		if room -= dictionary; err != nil || distance < 0 || room < 0 {
			return n, err
		}
		start := r.Len() // a block's header is a multiple of 4 long
		z, err := lzma.Reader2Config{DictCap: dictionary}.NewReader2(r)
		if err != nil {
			return n, nil
		}
		k, err := io.ReadFull(z, to[n:])
		if distance > 0 {
			for i := n + distance; i < n+k; i++ {
				to[i] += to[i-distance]
			}
		}
		n += k
		if err != io.EOF && err != io.ErrUnexpectedEOF {
			return n, nil
		}
		used := start - r.Len()
		r.Seek(int64((4-used%4)%4+check), io.SeekCurrent)
	}
	return n, nil
}

// xzBlock reads the header of a block (section 3.1): the distance of its filter for differences,
// 0 without one, and the size of its dictionary in bytes. The distance is -1 where
// no block follows, or what follows is damaged.
func xzBlock(r *bytes.Reader) (distance, dictionary int, err error) {
	size, err := r.ReadByte()
	if err != nil || size == 0 {
		return -1, 0, nil
	}
	head := make([]byte, 4*int(size)+3)
	if _, err := io.ReadFull(r, head); err != nil {
		return -1, 0, nil
	}
	flags, fields := head[0], bytes.NewReader(head[1:len(head)-4])
	for _, present := range []byte{0x40, 0x80} { // the sizes of what follows
		if flags&present != 0 {
			if _, err := binary.ReadUvarint(fields); err != nil {
				return -1, 0, nil
			}
		}
	}
	for range flags&3 + 1 {
		id, _ := binary.ReadUvarint(fields)
		length, _ := binary.ReadUvarint(fields)
		property, err := fields.ReadByte()
		switch {
		case err != nil:
			return -1, 0, nil
		case id == filterDelta && length == 1 && distance == 0:
			distance = int(property) + 1
		case id == filterLZMA2 && length == 1:
			return distance, xzDictionary(property), nil
		default:
			return 0, 0, &UnsupportedError{"xz with other filters than LZMA2"}
		}
	}
	return -1, 0, nil
}

// xzDictionary returns the size that a byte stands for, at most 1 GB.
func xzDictionary(property byte) int {
	bits := int(property&0x3f)/2 + 11
	return (2 | int(property&1)) << min(bits, 29)
}
