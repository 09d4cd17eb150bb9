package tifffile

import (
	"encoding/binary"
	"math"
)

// Tags that are read (TIFF 6.0, TIFF/EP and Adobe's technical notes).
const (
	tagSubfile         = 254
	tagWidth           = 256
	tagHeight          = 257
	tagBits            = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagSamples         = 277
	tagRowsPerStrip    = 278
	tagStripCounts     = 279
	tagPlanar          = 284
	tagT4Options       = 292
	tagPredictor       = 317
	tagWhitePoint      = 318
	tagColourMap       = 320
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileCounts      = 325
	tagInkSet          = 332
	tagExtraSamples    = 338
	tagSampleFormat    = 339
	tagJPEGTables      = 347
	tagJPEGInterchange = 513
	tagJPEGLength      = 514
	tagJPEGRestart     = 515
	tagJPEGQTables     = 519
	tagJPEGDCTables    = 520
	tagJPEGACTables    = 521
	tagCoefficients    = 529
	tagSubsampling     = 530
	tagReference       = 532
	tagLayers          = 37724 // Photoshop's ImageSourceData
)

// Directory is one directory of a file: a page, or what a page points to.
type Directory struct {
	file    *file
	entries map[uint16]entry
	next    uint64
}

// file is the bytes and how numbers are kept in them.
type file struct {
	data  []byte
	order binary.ByteOrder
	big   bool
	read  uint64 // entries of all directories
}

// maxEntries bounds the entries that are read: directories may lie over each other.
const maxEntries = 1 << 20

// entry is where a tag's values are.
type entry struct {
	kind  uint16
	count uint64
	value []byte // all values; fewer where the file breaks off
}

// sizes are the bytes of a value by its type, 0 for types that aren't known.
var sizes = [19]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// open reads the header: the bytes' order, classic or BigTIFF, and where the first
// directory is.
func open(data []byte) (f *file, first uint64, ok bool) {
	if len(data) < 8 {
		return nil, 0, false
	}
	f = &file{data: data}
	switch string(data[:2]) {
	case "II":
		f.order = binary.LittleEndian
	case "MM":
		f.order = binary.BigEndian
	default:
		return nil, 0, false
	}
	switch f.order.Uint16(data[2:]) {
	case 43:
		f.big = true
		if len(data) < 16 || f.order.Uint16(data[4:]) != 8 {
			return nil, 0, false
		}
		return f, f.order.Uint64(data[8:]), true
	case 42, 0x4f52, 0x5352, 0x55: // Olympus and Panasonic have numbers of their own
		return f, uint64(f.order.Uint32(data[4:])), true
	}
	return nil, 0, false
}

// directory reads the directory at an offset; ok is false where there is none.
func (f *file) directory(offset uint64) (d *Directory, ok bool) {
	countSize, entrySize, offsetSize := uint64(2), uint64(12), uint64(4)
	if f.big {
		countSize, entrySize, offsetSize = 8, 20, 8
	}
	size := uint64(len(f.data))
	if offset < 8 || offset > size || size-offset < countSize {
		return nil, false
	}
	n := f.number(f.data[offset:], int(countSize))
	at := offset + countSize
	n = min(n, (size-at)/entrySize, math.MaxUint16)
	if f.read += n; f.read > maxEntries {
		return nil, false
	}
	d = &Directory{file: f, entries: make(map[uint16]entry, n)}
	for range n {
		if tag, e, ok := f.entry(f.data[at : at+entrySize]); ok {
			if _, twice := d.entries[tag]; !twice {
				d.entries[tag] = e
			}
		}
		at += entrySize
	}
	if size-at >= offsetSize {
		d.next = f.number(f.data[at:], int(offsetSize))
	}
	return d, true
}

// entry reads one entry of a directory.
func (f *file) entry(p []byte) (tag uint16, e entry, ok bool) {
	tag, e.kind = f.order.Uint16(p), f.order.Uint16(p[2:])
	if int(e.kind) >= len(sizes) || sizes[e.kind] == 0 {
		return 0, e, false
	}
	own := 4
	if f.big {
		own = 8
	}
	e.count = f.number(p[4:], own)
	inline := p[4+own:]
	each := uint64(sizes[e.kind])
	if e.count > uint64(len(f.data)) {
		return 0, e, false
	}
	if e.count*each <= uint64(own) {
		e.value = inline[:e.count*each]
		return tag, e, true
	}
	offset := f.number(inline, own)
	if offset > uint64(len(f.data)) {
		return tag, e, true
	}
	e.value = f.data[offset:min(offset+e.count*each, uint64(len(f.data)))]
	return tag, e, true
}

// number reads a number of 1, 2, 4 or 8 bytes.
func (f *file) number(p []byte, size int) uint64 {
	switch size {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(f.order.Uint16(p))
	case 4:
		return uint64(f.order.Uint32(p))
	}
	return f.order.Uint64(p)
}

// Numbers returns the whole numbers under a tag, nil where there are none.
func (d *Directory) Numbers(tag uint16) []uint64 { return d.numbers(tag, math.MaxInt) }

// numbers returns the first whole numbers under a tag.
func (d *Directory) numbers(tag uint16, most int) []uint64 {
	e := d.entries[tag]
	switch e.kind {
	case 1, 3, 4, 6, 8, 9, 13, 16, 18:
	default:
		return nil
	}
	size := sizes[e.kind]
	most = min(most, len(e.value)/size)
	all := make([]uint64, 0, most)
	for p := e.value; len(all) < most; p = p[size:] {
		all = append(all, d.file.number(p, size))
	}
	return all
}

// Number returns the first whole number under a tag, or else fallback.
func (d *Directory) Number(tag uint16, fallback uint64) uint64 {
	if all := d.numbers(tag, 1); len(all) > 0 {
		return all[0]
	}
	return fallback
}

// Bytes returns the bytes under a tag whatever their type, nil where there are
// none or where the file breaks off before their end.
func (d *Directory) Bytes(tag uint16) []byte {
	e := d.entries[tag]
	if len(e.value) == 0 || uint64(len(e.value)) < e.count*uint64(sizes[e.kind]) {
		return nil
	}
	return e.value
}

// fractions returns the RATIONAL or floating numbers under a tag.
func (d *Directory) fractions(tag uint16) []float64 {
	e := d.entries[tag]
	var all []float64
	for p := e.value; len(p) >= 4; p = p[sizes[e.kind]:] {
		switch {
		case e.kind == 5 && len(p) >= 8:
			all = append(all, float64(d.file.order.Uint32(p))/max(1, float64(d.file.order.Uint32(p[4:]))))
		case e.kind == 11:
			all = append(all, float64(math.Float32frombits(d.file.order.Uint32(p))))
		case e.kind == 3 || e.kind == 4:
			for _, n := range d.Numbers(tag) {
				all = append(all, float64(n))
			}
			return all
		default:
			return all
		}
	}
	return all
}

// maxDirectories bounds the pages that are looked for: a chain may be a ring.
const maxDirectories = 4096

// Directories returns the pages' directories in their order, nil where data
// isn't a TIFF file or has no directory that can be read.
func Directories(data []byte) []*Directory {
	f, at, ok := open(data)
	if !ok {
		return nil
	}
	var all []*Directory
	seen := map[uint64]bool{}
	for at != 0 && !seen[at] && len(all) < maxDirectories {
		seen[at] = true
		d, ok := f.directory(at)
		if !ok {
			break
		}
		all = append(all, d)
		at = d.next
	}
	return all
}

// At returns the directory at an offset that a tag gave, nil where there is none.
func (d *Directory) At(offset uint64) *Directory {
	sub, _ := d.file.directory(offset)
	return sub
}

// Order returns how numbers are kept in the file: binary.LittleEndian or
// binary.BigEndian.
func (d *Directory) Order() binary.ByteOrder { return d.file.order }

// Tags returns the tags of the directory, in no order.
func (d *Directory) Tags() []uint16 {
	all := make([]uint16, 0, len(d.entries))
	for tag := range d.entries {
		all = append(all, tag)
	}
	return all
}

// Value returns a tag's values as they are in the file: their type, how many there
// are, and their bytes. ok is false where there are none, or not all.
func (d *Directory) Value(tag uint16) (kind uint16, count uint64, value []byte, ok bool) {
	e, ok := d.entries[tag]
	if !ok || uint64(len(e.value)) < e.count*uint64(sizes[e.kind]) {
		return 0, 0, nil, false
	}
	return e.kind, e.count, e.value, true
}
