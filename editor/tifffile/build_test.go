package tifffile

import (
	"encoding/binary"
	"slices"
)

// builder makes small files of one page. Values are numbers of 16 bits unless a
// tag's are bytes.
type builder struct {
	order    binary.AppendByteOrder
	asStrips bool // tiles are called strips
	big      bool
	tags     map[uint16]any // []uint16, []uint32, [][2]uint32 (fractions) or []byte
}

func newBuilder(w, h int, compression, photometric uint16, bits ...uint16) *builder {
	b := &builder{order: binary.LittleEndian, tags: map[uint16]any{}}
	b.tags[tagWidth], b.tags[tagHeight] = []uint16{uint16(w)}, []uint16{uint16(h)}
	b.tags[tagCompression], b.tags[tagPhotometric] = []uint16{compression}, []uint16{photometric}
	b.tags[tagBits], b.tags[tagSamples] = bits, []uint16{uint16(len(bits))}
	return b
}

func (b *builder) set(tag uint16, v ...uint16) *builder { b.tags[tag] = v; return b }

// file returns a file with these strips, or tiles where a tile's width was set.
func (b *builder) file(strips ...[]byte) []byte {
	head := []byte("II")
	if b.order == binary.AppendByteOrder(binary.BigEndian) {
		head = []byte("MM")
	}
	if b.big {
		head = b.order.AppendUint16(b.order.AppendUint16(b.order.AppendUint16(head, 43), 8), 0)
		head = b.order.AppendUint64(head, 0)
	} else {
		head = b.order.AppendUint32(b.order.AppendUint16(head, 42), 0)
	}
	var offsets, counts []uint32
	for _, s := range strips {
		offsets, counts = append(offsets, uint32(len(head))), append(counts, uint32(len(s)))
		head = append(head, s...)
	}
	at, size := uint16(tagStripOffsets), uint16(tagStripCounts)
	if b.tags[tagTileWidth] != nil && !b.asStrips {
		at, size = tagTileOffsets, tagTileCounts
	}
	b.tags[at], b.tags[size] = offsets, counts
	var tags []uint16
	for tag := range b.tags {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	var directory []byte
	for _, tag := range tags {
		var value []byte
		kind, n := uint16(3), 0
		switch v := b.tags[tag].(type) {
		case []uint16:
			n = len(v)
			for _, x := range v {
				value = b.order.AppendUint16(value, x)
			}
		case []uint32:
			kind, n = 4, len(v)
			for _, x := range v {
				value = b.order.AppendUint32(value, x)
			}
		case [][2]uint32:
			kind, n = 5, len(v)
			for _, x := range v {
				value = b.order.AppendUint32(b.order.AppendUint32(value, x[0]), x[1])
			}
		case []byte:
			kind, n, value = 7, len(v), v
		}
		directory = b.order.AppendUint16(b.order.AppendUint16(directory, tag), kind)
		own := 4
		if b.big {
			own = 8
			directory = b.order.AppendUint64(directory, uint64(n))
		} else {
			directory = b.order.AppendUint32(directory, uint32(n))
		}
		if len(value) > own {
			if b.big {
				directory = b.order.AppendUint64(directory, uint64(len(head)))
			} else {
				directory = b.order.AppendUint32(directory, uint32(len(head)))
			}
			head = append(head, value...)
			continue
		}
		directory = append(directory, value...)
		directory = append(directory, make([]byte, own-len(value))...)
	}
	if b.big {
		b.putUint64(head[8:], uint64(len(head)))
		head = b.order.AppendUint64(head, uint64(len(tags)))
		return append(append(head, directory...), make([]byte, 8)...)
	}
	b.putUint32(head[4:], uint32(len(head)))
	head = b.order.AppendUint16(head, uint16(len(tags)))
	return append(append(head, directory...), 0, 0, 0, 0)
}

func (b *builder) putUint32(to []byte, v uint32) { copy(to, b.order.AppendUint32(nil, v)) }
func (b *builder) putUint64(to []byte, v uint64) { copy(to, b.order.AppendUint64(nil, v)) }
