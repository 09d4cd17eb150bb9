// Package heiffile reads what the boxes of HEIF files (ISO/IEC 23008-12; HEIC and
// AVIF are kinds of it) say of the main picture: its size, how it is turned, its
// colours, and the metadata that belong to it. Pixels are decoded elsewhere.
package heiffile

import (
	"encoding/binary"
	"errors"
	"image"
	"iter"
	"maps"
	"slices"
)

// ErrDamaged reports a file whose boxes make no sense, or that has no main picture.
var ErrDamaged = errors.New("heiffile: the file is cut off or damaged")

// ErrFilm reports a file of moving pictures without a still one.
var ErrFilm = errors.New("heiffile: there are only moving pictures")

// File is what a file says of its main picture.
type File struct {
	// Brand is the file's kind, such as "heic" or "avif".
	Brand string
	// Coding is that of the main picture, "hvc1" or "av01"; of one that is put
	// together of tiles that of these, with the size of the whole.
	Coding        string
	Width, Height int
	// Put tells that the main picture is put together of others; Recoded, of one in tiles,
	// that its colr box says of the codes what its tiles don't.
	Put, Recoded bool
	// Grey tells that the main picture is HEVC without chroma.
	Grey bool
	// Alpha is the number of the item that says how opaque the main picture is, 0 without.
	// Premultiplied tells that the colours were multiplied by it.
	Alpha         uint64
	Premultiplied bool
	// Predicted tells that the main picture is coded as what differs from other ones.
	Predicted bool
	// Crop is the part that is to be seen, before it is turned; empty for all.
	Crop image.Rectangle
	// Quarters is how many quarter turns, against the clock, bring the pixels up,
	// after which Mirror, 'v' or 'h' or 0, says how they are mirrored: top and bottom
	// ('v') or left and right ('h') change places.
	Quarters int
	Mirror   byte
	// ICC is the colour profile, nil without.
	ICC []byte
	// Primaries and Transfer are code points of ISO/IEC 23091-2 (1 and 13 are sRGB), 0
	// where nobody says or 2, unspecified, is said. They, Matrix and Full are those of a
	// colr box, or else of the video stream.
	Primaries, Transfer int
	// Matrix is the coding of YCbCr by ISO/IEC 23091-2 (0 RGB, 1 BT.709, 5 and 6 BT.601, 9
	// BT.2020), 2 where nobody says; Full that all codes are used.
	Matrix int
	Full   bool
	// Depth is the bits of a channel, 0 where nobody says.
	Depth int
	// EXIF is the block from its TIFF header on, XMP the packet; nil without.
	EXIF, XMP []byte
	// Pictures counts the pictures that are there to be seen, the main one among
	// them; Sequence says that there is an animation too.
	Pictures int
	Sequence bool
}

// box is a part of a file: its kind and what it holds, and all of it with its head.
type box struct {
	kind           string
	payload, whole []byte
}

// boxes calls f with each box until f returns false.
func boxes(data []byte, f func(b box) bool) {
	for len(data) >= 8 {
		n, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch {
		case n == 1 && len(data) >= 16:
			n, head = binary.BigEndian.Uint64(data[8:]), 16
		case n == 0:
			n = uint64(len(data))
		}
		if n < head {
			return
		}
		end := min(n, uint64(len(data)))
		if end < head || !f(box{string(data[4:8]), data[head:end], data[:end]}) {
			return
		}
		data = data[end:]
	}
}

// full takes the version and flags from the front of a box.
func full(p []byte) (version byte, flags uint32, rest []byte, ok bool) {
	if len(p) < 4 {
		return 0, 0, nil, false
	}
	return p[0], binary.BigEndian.Uint32(p) & 0xffffff, p[4:], true
}

// number takes a number of so many bytes from the front.
func number(p *[]byte, size int) uint64 {
	if len(*p) < size {
		*p = nil
		return 0
	}
	var v uint64
	for _, b := range (*p)[:size] {
		v = v<<8 | uint64(b)
	}
	*p = (*p)[size:]
	return v
}

// item is what the boxes say of one item.
type item struct {
	kind, mime string
	hidden     bool
	method     uint64
	extents    [][2]uint64
	properties []int  // from 1 on
	essential  []bool // of each whether a reader must know it
}

// meta is the contents of a meta box.
type meta struct {
	data       []byte // the whole file
	idat       []byte
	primary    uint64
	items      map[uint64]*item
	properties []box
	refs       []reference
	extents    int // of all items
	copied     int // bytes of items that were put together
}

type reference struct {
	kind string
	from uint64
	to   []uint64
}

// maxItems bounds the items that are looked at.
const maxItems = 1 << 16

// Read reads a file's boxes.
func Read(data []byte) (*File, error) {
	f := &File{}
	m := &meta{data: data, items: map[uint64]*item{}}
	found := false
	boxes(data, func(b box) bool {
		switch b.kind {
		case "ftyp":
			if len(b.payload) >= 4 {
				f.Brand = string(b.payload[:4])
			}
		case "meta":
			if _, _, rest, ok := full(b.payload); ok && !found {
				found = true
				boxes(rest, func(b box) bool { m.read(b); return true })
			}
		case "moov":
			f.Sequence = true
		}
		return true
	})
	main := m.items[m.primary]
	switch {
	case f.Sequence && m.primary == 0:
		return nil, ErrFilm
	case !found || main == nil:
		return nil, ErrDamaged
	}
	coded, put := m.coded(m.primary)
	f.Coding, f.Put, f.Grey = coded.kind, put, m.grey(coded)
	f.describe(m, main)
	f.readColours(m, main, coded)
	if f.Width < 1 || f.Height < 1 {
		return nil, ErrDamaged
	}
	f.metadata(m)
	f.Alpha = m.alpha()
	f.Premultiplied = slices.ContainsFunc(m.refs, func(r reference) bool { return r.kind == "prem" && r.from == m.primary })
	f.Predicted = slices.ContainsFunc(m.refs, func(r reference) bool { return r.kind == "pred" && r.from == m.primary })
	f.Pictures = m.pictures()
	return f, nil
}

func (m *meta) item(id uint64) *item {
	if m.items[id] == nil && len(m.items) < maxItems {
		m.items[id] = &item{}
	}
	if i := m.items[id]; i != nil {
		return i
	}
	return &item{}
}

// read takes in a box of the meta box.
func (m *meta) read(b box) {
	version, _, p, ok := full(b.payload)
	if !ok {
		return
	}
	wide := 2
	switch b.kind {
	case "pitm":
		if version > 0 {
			wide = 4
		}
		m.primary = number(&p, wide)
	case "iinf":
		if version > 0 {
			wide = 4
		}
		number(&p, wide)
		boxes(p, func(b box) bool { m.info(b); return true })
	case "iloc":
		m.locations(version, p)
	case "idat":
		m.idat = b.payload
	case "iprp":
		boxes(b.payload, func(b box) bool { m.property(b); return true })
	case "iref":
		if version > 0 {
			wide = 4
		}
		boxes(p, func(b box) bool { m.reference(b, wide); return true })
	}
}

// info reads an entry of iinf (ISO/IEC 14496-12, 8.11.6).
func (m *meta) info(b box) {
	version, flags, p, ok := full(b.payload)
	if b.kind != "infe" || !ok || version < 2 {
		return
	}
	wide := 2
	if version > 2 {
		wide = 4
	}
	i := m.item(number(&p, wide))
	number(&p, 2)
	if len(p) < 4 {
		return
	}
	i.kind, i.hidden = string(p[:4]), flags&1 != 0
	if i.kind == "mime" {
		rest := p[4:]
		_, rest = text(rest)
		i.mime, _ = text(rest)
	}
}

// text takes a text that ends with a zero from the front.
func text(p []byte) (string, []byte) {
	for i, b := range p {
		if b == 0 {
			return string(p[:i]), p[i+1:]
		}
	}
	return string(p), nil
}

// locations reads iloc (ISO/IEC 14496-12, 8.11.3).
func (m *meta) locations(version byte, p []byte) {
	sizes := number(&p, 2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	wide := 2
	if version > 1 {
		wide = 4
	}
	for n := number(&p, wide); n > 0 && len(p) > 0; n-- {
		i := m.item(number(&p, wide))
		if version > 0 {
			i.method = number(&p, 2) & 15
		}
		number(&p, 2)
		start := number(&p, base)
		for k := number(&p, 2); k > 0 && p != nil; k-- {
			number(&p, index)
			from := start + number(&p, offset)
			i.extents = append(i.extents, [2]uint64{from, number(&p, length)})
			if m.extents++; m.extents > maxItems {
				return
			}
		}
	}
}

// property reads the boxes of iprp: the properties, and which item has which.
func (m *meta) property(b box) {
	if b.kind == "ipco" {
		boxes(b.payload, func(b box) bool {
			m.properties = append(m.properties, b)
			return len(m.properties) < maxItems
		})
		return
	}
	version, flags, p, ok := full(b.payload)
	if b.kind != "ipma" || !ok {
		return
	}
	wide := 2
	if version > 0 {
		wide = 4
	}
	for n := number(&p, 4); n > 0 && len(p) > 0; n-- {
		i := m.item(number(&p, wide))
		for k := number(&p, 1); k > 0 && p != nil; k-- {
			size := 1
			if flags&1 != 0 {
				size = 2
			}
			n, mark := int(number(&p, size)), 1<<(8*size-1)
			i.properties, i.essential = append(i.properties, n&^mark), append(i.essential, n&mark != 0)
		}
	}
}

func (m *meta) reference(b box, wide int) {
	p := b.payload
	r := reference{kind: b.kind, from: number(&p, wide)}
	for n := number(&p, 2); n > 0 && len(p) > 0; n-- {
		r.to = append(r.to, number(&p, wide))
	}
	if len(m.refs) < maxItems {
		m.refs = append(m.refs, r)
	}
}

// coded returns the item with the pixels of an item, or of the first of those that it is
// put together of, the item itself where there is none; put tells that it is put together.
func (m *meta) coded(id uint64) (i *item, put bool) {
	const deepest = 8
	for at, depth := id, 0; depth < deepest; depth++ {
		i = m.item(at)
		switch i.kind {
		case "grid", "iovl":
			put = true
		case "iden":
		default:
			return i, put
		}
		n := slices.IndexFunc(m.refs, func(r reference) bool { return r.kind == "dimg" && r.from == at && len(r.to) > 0 })
		if n < 0 {
			break
		}
		at = m.refs[n].to[0]
	}
	return m.item(id), put
}

// propertiesOf returns the properties of an item that are there.
func (m *meta) propertiesOf(i *item) iter.Seq[box] {
	return func(yield func(box) bool) {
		for _, n := range i.properties {
			if n >= 1 && n <= len(m.properties) && !yield(m.properties[n-1]) {
				return
			}
		}
	}
}

// content returns an item's bytes, nil where they aren't all there.
func (m *meta) content(i *item) []byte {
	const most = 64 << 20
	source := m.data
	switch i.method {
	case 0:
	case 1:
		source = m.idat
	default:
		return nil
	}
	var all []byte
	if m.copied > 4*most {
		return nil
	}
	for _, e := range i.extents {
		from, n := e[0], e[1]
		if from > uint64(len(source)) {
			return nil
		}
		if n == 0 {
			n = uint64(len(source)) - from
		}
		if n > uint64(len(source))-from || n > most-uint64(len(all)) {
			return nil
		}
		all = append(all, source[from:from+n]...)
		m.copied += int(n)
	}
	return all
}

// describe reads the properties of the main picture.
func (f *File) describe(m *meta, main *item) {
	var clap []byte // is measured from the size, which may come behind it
	for b := range m.propertiesOf(main) {
		p := b.payload
		switch b.kind {
		case "ispe":
			if _, _, rest, ok := full(p); ok && len(rest) >= 8 {
				w, h := binary.BigEndian.Uint32(rest), binary.BigEndian.Uint32(rest[4:])
				if w < 1<<31 && h < 1<<31 {
					f.Width, f.Height = int(w), int(h)
				}
			}
		case "clap":
			clap = p
		case "irot":
			if len(p) >= 1 {
				f.Quarters = int(p[0] & 3)
			}
		case "imir":
			if len(p) >= 1 {
				f.Mirror = [2]byte{'v', 'h'}[p[0]&1]
			}
		case "pixi":
			if _, _, rest, ok := full(p); ok && len(rest) >= 2 {
				f.Depth = int(rest[1])
			}
		}
	}
	f.crop(clap)
}

// metadata finds EXIF and XMP that describe the main picture, or the file where
// they describe nothing.
func (f *File) metadata(m *meta) {
	described := map[uint64]uint64{}
	for _, r := range m.refs {
		if r.kind == "cdsc" && len(r.to) > 0 {
			described[r.from] = r.to[0]
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.items)) {
		i := m.items[id]
		if of, ok := described[id]; ok && of != m.primary {
			continue
		}
		switch {
		case i.kind == "Exif" && f.EXIF == nil:
			// The TIFF header lies so many bytes behind the first four.
			if p := m.content(i); len(p) > 4 {
				if at := uint64(binary.BigEndian.Uint32(p)); at < uint64(len(p)-4) {
					f.EXIF = p[4+at:]
				}
			}
		case i.kind == "mime" && i.mime == "application/rdf+xml" && f.XMP == nil:
			f.XMP = m.content(i)
		}
	}
}

// pictures counts the items that are pictures of their own: not tiles, thumbnails,
// masks or maps.
func (m *meta) pictures() int {
	part := map[uint64]bool{}
	for _, r := range m.refs {
		switch r.kind {
		case "dimg":
			for _, id := range r.to {
				part[id] = true
			}
		case "thmb", "auxl":
			part[r.from] = true
		}
	}
	n := 0
	for id, i := range m.items {
		switch i.kind {
		case "hvc1", "av01", "grid", "iovl", "iden", "avc1", "jpeg", "unci":
			if !part[id] && !i.hidden {
				n++
			}
		}
	}
	return n
}
