package heiffile

import (
	"encoding/binary"
	"image"
)

// Tiled returns a file whose main picture, as it is coded and neither turned nor cropped,
// is that of data so many times side by side; nil where that isn't one coded picture, be it
// as the only tile of a grid. Decoders that fail at narrow pictures read it, and its left
// part is the picture.
func Tiled(data []byte, columns int) []byte {
	m := &meta{data: data, items: map[uint64]*item{}}
	boxes(data, func(b box) bool {
		if b.kind == "meta" {
			if _, _, rest, ok := full(b.payload); ok {
				boxes(rest, func(b box) bool { m.read(b); return true })
			}
		}
		return b.kind != "meta"
	})
	main := m.onlyTile()
	if main == nil || main.kind != "hvc1" || columns < 1 || columns > 255 {
		return nil
	}
	f := &File{}
	f.describe(m, main)
	coded := m.content(main)
	if coded == nil || f.Width < 1 || f.Height < 1 || f.Width*columns > 0xffff || f.Height > 0xffff {
		return nil
	}
	ftyp := write("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	head := tiledMeta(m, main, f, columns, len(coded), 0)
	head = tiledMeta(m, main, f, columns, len(coded), len(ftyp)+len(head)+8)
	return append(append(ftyp, head...), write("mdat", coded)...)
}

// onlyTile returns the item that the main picture is coded in, nil where there are several
// or none.
func (m *meta) onlyTile() *item {
	main := m.items[m.primary]
	if main == nil || main.kind != "grid" {
		return main
	}
	for _, r := range m.refs {
		if r.kind == "dimg" && r.from == m.primary && len(r.to) == 1 {
			return m.items[r.to[0]]
		}
	}
	return nil
}

// tiledMeta returns the meta box of a grid, item 1, of tiles that all have the same bytes at
// an offset in the file.
func tiledMeta(m *meta, main *item, f *File, columns, length, offset int) []byte {
	short := func(v ...int) (b []byte) {
		for _, x := range v {
			b = binary.BigEndian.AppendUint16(b, uint16(x))
		}
		return b
	}
	long := func(v ...int) (b []byte) {
		for _, x := range v {
			b = binary.BigEndian.AppendUint32(b, uint32(x))
		}
		return b
	}
	var infos, places, tiles [][]byte
	infos = append(infos, long(0), short(columns+1), write("infe", long(2<<24), short(1, 0), []byte("grid\x00")))
	grid := append([]byte{0, 0, 0, byte(columns - 1)}, short(f.Width*columns, f.Height)...)
	places = append(places, long(1<<24), []byte{0x44, 0}, short(columns+1), short(1, 1, 0, 1), long(0, len(grid)))
	size := write("ispe", long(0, f.Width*columns, f.Height))
	properties := [][]byte{size}
	own := []byte{} // of the tiles, from 2 on
	for _, n := range main.properties {
		if n < 1 || n > len(m.properties) {
			continue
		}
		switch b := m.properties[n-1]; b.kind {
		case "irot", "imir", "clap":
		default:
			properties = append(properties, write(b.kind, b.payload))
			mark := byte(0)
			if b.kind == "hvcC" {
				mark = 0x80 // a decoder must know it
			}
			own = append(own, byte(len(properties))|mark)
		}
	}
	of := [][]byte{long(0, columns+1), short(1), {1, 1}}
	for i := range columns {
		id := i + 2
		infos = append(infos, write("infe", long(2<<24|1), short(id, 0), []byte("hvc1\x00")))
		places = append(places, short(id, 0, 0, 1), long(offset, length))
		tiles = append(tiles, short(id))
		of = append(of, short(id), append([]byte{byte(len(own))}, own...))
	}
	return write("meta", long(0), write("hdlr", long(0, 0), []byte("pict"), make([]byte, 13)),
		write("pitm", long(0), short(1)), write("iloc", places...), write("iinf", infos...),
		write("iref", long(0), write("dimg", append([][]byte{short(1, columns)}, tiles...)...)),
		write("iprp", write("ipco", properties...), write("ipma", of...)), write("idat", grid))
}

// write returns a box.
func write(kind string, parts ...[]byte) []byte {
	n := 8
	for _, p := range parts {
		n += len(p)
	}
	b := append(binary.BigEndian.AppendUint32(make([]byte, 0, n), uint32(n)), kind...)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// crop reads a clap box (ISO/IEC 14496-12, 12.1.4): the width, the height and how far the
// middle is moved, each as a fraction.
func (f *File) crop(p []byte) {
	if len(p) < 32 {
		return
	}
	part := func(i int, signed bool) (v float64, ok bool) {
		n, d := binary.BigEndian.Uint32(p[8*i:]), binary.BigEndian.Uint32(p[8*i+4:])
		if d == 0 {
			return 0, false
		}
		if signed {
			return float64(int32(n)) / float64(d), true
		}
		return float64(n) / float64(d), true
	}
	w, okW := part(0, false)
	h, okH := part(1, false)
	x, okX := part(2, true)
	y, okY := part(3, true)
	if !okW || !okH || !okX || !okY || w < 1 || h < 1 || w > float64(f.Width) || h > float64(f.Height) {
		return
	}
	at := image.Pt(int((float64(f.Width)-w)/2+x+0.5), int((float64(f.Height)-h)/2+y+0.5))
	r := image.Rectangle{Min: at, Max: at.Add(image.Pt(int(w+0.5), int(h+0.5)))}
	if r.In(image.Rect(0, 0, f.Width, f.Height)) {
		f.Crop = r
	}
}
