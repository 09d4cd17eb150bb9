package heiffile

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
)

// Joined returns data with one ipma box where it has several: ISO/IEC 23008-12 (9.3.3) asks
// for one of each version and flags, some programs write one for each item, and libavif
// refuses that. The file that is returned has its meta box behind all others, so that
// what offsets mean stays where it is; it is data itself where there is nothing to join.
func Joined(data []byte) []byte {
	at, b, last := find(data, "meta")
	if len(b.payload) < 4 {
		return data
	}
	_, properties, _ := find(b.payload[4:], "iprp")
	m := &meta{items: map[uint64]*item{}}
	var kept []byte
	several := 0
	boxes(properties.payload, func(b box) bool {
		if b.kind == "ipma" {
			several++
			m.property(b)
		} else {
			kept = append(kept, b.whole...)
		}
		return true
	})
	if several < 2 {
		return data
	}
	whole := b.payload[:4:4]
	boxes(b.payload[4:], func(b box) bool {
		if b.kind == "iprp" {
			whole = append(whole, write("iprp", kept, m.associations())...)
		} else {
			whole = append(whole, b.whole...)
		}
		return true
	})
	out := append(bytes.Clone(data), write("meta", whole)...)
	copy(out[at+4:], "free")
	if binary.BigEndian.Uint32(out[last:]) == 0 { // it reaches to the end of the file
		binary.BigEndian.PutUint32(out[last:], uint32(len(data)-last))
	}
	return out
}

// find returns the first box of a kind and where it begins, and where the last box does.
func find(data []byte, kind string) (at int, found box, last int) {
	next := 0
	boxes(data, func(b box) bool {
		last, next = next, next+len(b.whole)
		if b.kind == kind && found.kind == "" {
			at, found = last, b
		}
		return true
	})
	return at, found, last
}

// associations writes which properties the items have, by the items' numbers.
func (m *meta) associations() []byte {
	const most, mark = 255, 0x8000
	p := binary.BigEndian.AppendUint32([]byte{1, 0, 0, 1}, uint32(len(m.items)))
	for _, id := range slices.Sorted(maps.Keys(m.items)) {
		i := m.items[id]
		n := min(len(i.properties), most)
		p = append(binary.BigEndian.AppendUint32(p, uint32(id)), byte(n))
		for k, property := range i.properties[:n] {
			if i.essential[k] {
				property |= mark
			}
			p = binary.BigEndian.AppendUint16(p, uint16(property))
		}
	}
	return write("ipma", p)
}
