package picture

import (
	"encoding/binary"
	"slices"

	"overpaint.dev/overpaint/editor/tifffile"
)

// described are the tags of a TIFF page that describe the picture, and not how its pixels are
// stored (TIFF 6.0; EXIF 2.32, 4.6.4; Windows).
var described = []uint16{
	0x010e, 0x010f, 0x0110, tagResolutionX, tagResolutionY, tagResolutionUnit, 0x0131, 0x0132, 0x013b, 0x013c,
	0x4746, 0x4749, 0x8298, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f,
}

// exifBuilder builds an EXIF block from directories of a TIFF file.
type exifBuilder struct {
	order binary.ByteOrder
	block []byte
}

// exifOfTIFF returns a page's metadata as an EXIF block, nil for none. The bytes of a MakerNote
// are kept, but offsets in it that count from the file's start become invalid.
func exifOfTIFF(d *tifffile.Directory) []byte {
	b := &exifBuilder{order: d.Order(), block: []byte("II*\x00\x08\x00\x00\x00")}
	if b.order == binary.ByteOrder(binary.BigEndian) {
		b.block = []byte("MM\x00*\x00\x00\x00\x08")
	}
	subs := map[uint16]*tifffile.Directory{}
	for _, tag := range []uint16{tagEXIF, tagGPS} {
		if at := d.Number(tag, 0); at > 0 {
			if sub := d.At(at); sub != nil {
				subs[tag] = sub
			}
		}
	}
	var tags []uint16
	for _, tag := range d.Tags() {
		if slices.Contains(described, tag) {
			tags = append(tags, tag)
		}
	}
	if len(tags) == 0 && len(subs) == 0 {
		return nil
	}
	b.directory(d, tags, subs)
	return b.block
}

// directory appends a directory with these tags, and the directories in subs, to which its
// entries point.
func (b *exifBuilder) directory(d *tifffile.Directory, tags []uint16, subs map[uint16]*tifffile.Directory) {
	const most = 64 << 20 // bytes of a block; values may overlap in the file
	var kept []uint16
	slices.Sort(tags)
	size := len(b.block)
	for _, tag := range tags {
		kind, _, value, ok := d.Value(tag)
		if ok && kind < 16 && subs[tag] == nil && size+len(value) < most {
			kept, size = append(kept, tag), size+len(value)
		}
	}
	for tag := range subs {
		kept = append(kept, tag)
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	at := len(b.block)
	b.block = append(b.block, make([]byte, 2+12*len(kept)+4)...)
	b.order.PutUint16(b.block[at:], uint16(len(kept)))
	for i, tag := range kept {
		entry := at + 2 + 12*i
		b.order.PutUint16(b.block[entry:], tag)
		if sub := subs[tag]; sub != nil {
			b.align()
			b.order.PutUint16(b.block[entry+2:], 4)
			b.order.PutUint32(b.block[entry+4:], 1)
			b.order.PutUint32(b.block[entry+8:], uint32(len(b.block)))
			b.sub(sub, tag)
			continue
		}
		kind, count, value, _ := d.Value(tag)
		b.order.PutUint16(b.block[entry+2:], kind)
		b.order.PutUint32(b.block[entry+4:], uint32(count))
		if len(value) <= 4 {
			copy(b.block[entry+8:entry+12], value)
			continue
		}
		b.align()
		b.order.PutUint32(b.block[entry+8:], uint32(len(b.block)))
		b.block = append(b.block, value...)
	}
}

// sub appends the directory of EXIF or GPS.
func (b *exifBuilder) sub(d *tifffile.Directory, tag uint16) {
	subs := map[uint16]*tifffile.Directory{}
	if tag == tagEXIF {
		if at := d.Number(tagInterop, 0); at > 0 {
			if s := d.At(at); s != nil {
				subs[tagInterop] = s
			}
		}
	}
	b.directory(d, d.Tags(), subs)
}

func (b *exifBuilder) align() {
	if len(b.block)%2 == 1 {
		b.block = append(b.block, 0)
	}
}
