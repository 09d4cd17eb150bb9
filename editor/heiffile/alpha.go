package heiffile

import (
	"bytes"
	"encoding/binary"
)

// alpha returns the item that says how opaque the main picture is, 0 without.
func (m *meta) alpha() uint64 {
	for _, r := range m.refs {
		if r.kind != "auxl" || len(r.to) == 0 || r.to[0] != m.primary || m.items[r.from] == nil {
			continue
		}
		for b := range m.propertiesOf(m.items[r.from]) {
			if b.kind != "auxC" || len(b.payload) < 4 {
				continue
			}
			switch kind, _ := text(b.payload[4:]); kind {
			case "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1":
				return r.from
			}
		}
	}
	return 0
}

// Alone returns a copy of a file whose main picture is the item of a number, 0 for the one
// that it has, without what goes with it, such as its alpha.
func Alone(data []byte, id uint64) []byte {
	data = bytes.Clone(data)
	_, b, _ := find(data, "meta")
	if len(b.payload) < 4 {
		return data
	}
	boxes(b.payload[4:], func(b box) bool {
		switch p := b.payload; {
		case b.kind == "pitm" && id != 0 && len(p) >= 6 && p[0] == 0:
			binary.BigEndian.PutUint16(p[4:], uint16(id))
		case b.kind == "pitm" && id != 0 && len(p) >= 8:
			binary.BigEndian.PutUint32(p[4:], uint32(id))
		case b.kind == "iref" && len(p) >= 4:
			boxes(p[4:], func(b box) bool {
				if b.kind == "auxl" {
					copy(b.whole[4:], "free")
				}
				return true
			})
		}
		return true
	})
	return data
}
