package heiffile

import (
	"encoding/binary"
	"image"
)

// Tiled returns a file whose main picture, as it is coded and neither turned nor cropped,
// is at least so many pixels wide: beside data's picture, which is its left part, the last
// column of tiles is there again and again; a picture without tiles counts as one. Each tile
// has a colr box of what Read finds of the codes, but that grey pictures say RGB, as which
// libheif gives their codes unchanged. Decoders that fail at narrow or grey pictures, or look
// for that elsewhere, read it. It is nil where the picture isn't made of tiles of
// HEVC that are all there.
func Tiled(data []byte, width int) []byte {
	m := &meta{data: data, items: map[uint64]*item{}}
	boxes(data, func(b box) bool {
		if b.kind == "meta" {
			if _, _, rest, ok := full(b.payload); ok {
				boxes(rest, func(b box) bool { m.read(b); return true })
			}
		}
		return b.kind != "meta"
	})
	g := m.grid()
	if g == nil || !g.widen(m, width) {
		return nil
	}
	first, _ := m.coded(m.primary)
	f := &File{}
	f.readColours(m, m.items[m.primary], first)
	if m.grey(first) {
		f.Matrix = matrixRGB
	}
	g.colours = f.colourBox()
	var coded [][]byte
	total := 0
	for _, t := range g.tiles {
		c := m.content(t)
		if total += len(c); c == nil || total > len(data) {
			return nil
		}
		coded = append(coded, c)
	}
	ftyp := write("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	head := g.meta(m, coded, 0)
	head = g.meta(m, coded, len(ftyp)+len(head)+8)
	return append(append(ftyp, head...), write("mdat", coded...)...)
}

// grid is a picture of tiles in rows. In a file, its last column is repeated so often.
type grid struct {
	columns, rows, repeated int
	width, height           int   // of all tiles
	cells                   []int // which of tiles lies there, row by row
	tiles                   []*item
	colours                 []byte // a colr box
}

// grid returns the main picture as one of tiles, nil where it can't be that.
func (m *meta) grid() *grid {
	main := m.items[m.primary]
	if main == nil {
		return nil
	}
	if main.kind == "hvc1" {
		return &grid{columns: 1, rows: 1, cells: []int{0}, tiles: []*item{main}}
	}
	p := m.content(main)
	if main.kind != "grid" || len(p) < 4 {
		return nil
	}
	g := &grid{rows: int(p[2]) + 1, columns: int(p[3]) + 1} // ISO/IEC 23008-12, 6.6.2.3
	for _, r := range m.refs {
		if r.kind == "dimg" && r.from == m.primary && len(r.to) == g.rows*g.columns {
			return g.fill(m, r.to)
		}
	}
	return nil
}

// fill puts items into the cells; it returns nil where one isn't a tile of HEVC.
func (g *grid) fill(m *meta, ids []uint64) *grid {
	places := map[uint64]int{}
	for _, id := range ids {
		t := m.items[id]
		if t == nil || t.kind != "hvc1" {
			return nil
		}
		at, known := places[id]
		if !known {
			at = len(g.tiles)
			places[id] = at
			g.tiles = append(g.tiles, t)
		}
		g.cells = append(g.cells, at)
	}
	return g
}

// widen repeats the last column until the picture has a width, and shows all of the tiles.
// It returns false where no grid can be that.
func (g *grid) widen(m *meta, width int) bool {
	const most = 1 << 27 // pixels
	f := &File{}
	f.describe(m, g.tiles[0])
	if f.Width < 1 || f.Height < 1 {
		return false
	}
	g.repeated = max(0, (width-1)/f.Width+1-g.columns)
	g.width, g.height = (g.columns+g.repeated)*f.Width, g.rows*f.Height
	return g.columns+g.repeated <= 256 && g.width <= 0xffff && g.height <= 0xffff && g.width*g.height <= most &&
		g.rows*(g.columns+g.repeated) < 0xffff && len(m.properties) < 0x7ffe
}

// meta returns the meta box of the grid, item 1, and its cells, the items from 2 on; the
// tiles' bytes lie one after the other from an offset in the file on.
func (g *grid) meta(m *meta, coded [][]byte, offset int) []byte {
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
	// Each cell is an item of its own, because decoders refuse one that is there twice.
	across := g.columns + g.repeated
	n := across * g.rows
	own := append([]byte{0, 0, byte(g.rows - 1), byte(across - 1)}, short(g.width, g.height)...)
	infos := [][]byte{long(0), short(n + 1), write("infe", long(2<<24), short(1, 0), []byte("grid\x00"))}
	places := [][]byte{long(1 << 24), {0x44, 0}, short(n+1, 1, 1, 0, 1), long(0, len(own))}
	cells := [][]byte{short(1, n)}
	properties := [][]byte{write("ispe", long(0, g.width, g.height)), g.colours}
	for _, b := range m.properties {
		properties = append(properties, write(b.kind, b.payload))
	}
	of := [][]byte{long(1, n+1), short(1), {1}, short(1)}
	offsets := []int{offset}
	for i, c := range coded {
		offsets = append(offsets, offsets[i]+len(c))
	}
	for i := range n {
		id, tile := i+2, g.cells[i/across*g.columns+min(i%across, g.columns-1)]
		infos = append(infos, write("infe", long(2<<24|1), short(id, 0), []byte("hvc1\x00")))
		places = append(places, short(id, 0, 0, 1), long(offsets[tile], len(coded[tile])))
		cells = append(cells, short(id))
		kept := m.propertiesOfTile(g.tiles[tile])
		of = append(of, short(id), []byte{byte(len(kept))}, short(kept...))
	}
	return write("meta", long(0), write("hdlr", long(0, 0), []byte("pict"), make([]byte, 13)),
		write("pitm", long(0), short(1)), write("iloc", places...), write("iinf", infos...),
		write("iref", long(0), write("dimg", cells...)),
		write("iprp", write("ipco", properties...), write("ipma", of...)), write("idat", own))
}

// colourBox writes what a file says of its codes.
func (f *File) colourBox() []byte {
	p := []byte("nclx")
	for _, code := range []int{f.Primaries, f.Transfer, f.Matrix} {
		p = binary.BigEndian.AppendUint16(p, uint16(code))
	}
	if f.Primaries == 0 {
		p[5], p[7] = unspecified, unspecified
	}
	if f.Full {
		return write("colr", p, []byte{0x80})
	}
	return write("colr", p, []byte{0})
}

// propertiesOfTile returns where a tile's properties are, of which two were put before all,
// without those that turn and crop and pixi, which is wrong in some files, and the second of
// those two in place of its colours; a decoder must know those that are marked.
func (m *meta) propertiesOfTile(t *item) (kept []int) {
	const mark, most, put, colours = 0x8000, 255, 2, 2
	kept = append(kept, colours)
	for _, n := range t.properties {
		if n < 1 || n > len(m.properties) || len(kept) == most {
			continue
		}
		switch m.properties[n-1].kind {
		case "irot", "imir", "clap", "colr", "pixi":
		case "hvcC":
			kept = append(kept, (n+put)|mark)
		default:
			kept = append(kept, n+put)
		}
	}
	return kept
}

// matrixRGB is the matrix of ISO/IEC 23091-2 of pictures in RGB.
const matrixRGB = 0

// grey tells whether an item is HEVC without chroma (chroma_format_idc of ISO/IEC 14496-15,
// 8.3.2.1.2).
func (m *meta) grey(i *item) bool {
	const chroma = 16
	for b := range m.propertiesOf(i) {
		if b.kind == "hvcC" && len(b.payload) > chroma {
			return b.payload[chroma]&3 == 0
		}
	}
	return false
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
