package picture

import (
	"bytes"
	"encoding/binary"

	"overpaint.dev/overpaint/editor/colour"
)

// Tags of TIFF and EXIF directories that this package reads or writes.
const (
	tagBits            = 0x0102
	tagPhotometric     = 0x0106
	tagStripOffsets    = 0x0111
	tagOrientation     = 0x0112
	tagThumbnailOffset = 0x0201
	tagThumbnailLength = 0x0202
	tagSamples         = 0x0115
	tagStripCounts     = 0x0117
	tagPlanar          = 0x011c
	tagTileOffsets     = 0x0144
	tagTileCounts      = 0x0145
	tagInkSet          = 0x014c
	tagExtraSamples    = 0x0152
	tagICC             = 0x8773
	tagEXIF            = 0x8769
	tagResolutionX     = 0x011a
	tagResolutionY     = 0x011b
	tagResolutionUnit  = 0x0128
	tagXMP             = 0x02bc
	tagIPTC            = 0x83bb
	tagGPS             = 0x8825
	tagInterop         = 0xa005
	tagMakerNote       = 0x927c
	tagPixelX          = 0xa002
	tagPixelY          = 0xa003
)

// ifd is one directory (IFD) of a TIFF structure, such as an EXIF block.
type ifd struct {
	data  []byte
	order binary.ByteOrder
	at    int // the offset of the first entry
	n     int // the number of entries within data
}

// ifdEntry is one 12-byte entry: tag, type, count, value or its offset.
type ifdEntry struct {
	ifd
	at int
}

// firstIFD returns the first directory of a block that starts with a TIFF
// header.
func firstIFD(data []byte) (ifd, bool) {
	if len(data) < 8 {
		return ifd{}, false
	}
	var order binary.ByteOrder
	switch string(data[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return ifd{}, false
	}
	return ifdAt(data, order, order.Uint32(data[4:]))
}

func ifdAt(data []byte, order binary.ByteOrder, offset uint32) (ifd, bool) {
	if offset < 8 || int64(offset)+2 > int64(len(data)) {
		return ifd{}, false
	}
	at := int(offset) + 2
	n := min(int(order.Uint16(data[offset:])), (len(data)-at)/12)
	return ifd{data, order, at, n}, true
}

func (d ifd) find(tag uint16) (ifdEntry, bool) {
	for i := range d.n {
		if at := d.at + 12*i; d.order.Uint16(d.data[at:]) == tag {
			return ifdEntry{d, at}, true
		}
	}
	return ifdEntry{}, false
}

// next returns the position of the next directory's offset, 0 if the block ends before it.
func (d ifd) next() int {
	if at := d.at + 12*d.n; at+4 <= len(d.data) {
		return at
	}
	return 0
}

// number returns a single whole number, signed or not.
func (e ifdEntry) number() (uint32, bool) {
	switch e.order.Uint16(e.data[e.at+2:]) {
	case 1, 6:
		return uint32(e.data[e.at+8]), true
	case 3, 8:
		return uint32(e.order.Uint16(e.data[e.at+8:])), true
	case 4, 9, 13:
		return e.order.Uint32(e.data[e.at+8:]), true
	}
	return 0, false
}

// setNumber replaces a single whole number.
func (e ifdEntry) setNumber(v uint32) {
	switch e.order.Uint16(e.data[e.at+2:]) {
	case 1, 6:
		e.data[e.at+8] = uint8(min(v, 0xff))
	case 3, 8:
		e.order.PutUint16(e.data[e.at+8:], uint16(min(v, 0xffff)))
	case 4, 9, 13:
		e.order.PutUint32(e.data[e.at+8:], v)
	}
}

// value returns the number under a tag, false if there is none.
func (d ifd) value(tag uint16) (uint32, bool) {
	if e, ok := d.find(tag); ok {
		return e.number()
	}
	return 0, false
}

// orientation returns the directory's orientation, 1 where it has none or an invalid one.
func (d ifd) orientation() int {
	if v, ok := d.value(tagOrientation); ok && v >= 1 && v <= 8 {
		return int(v)
	}
	return 1
}

// cleanEXIF returns a copy of an EXIF block that can be saved with the oriented and edited
// picture, and the block's orientation. A block that can't be read is dropped, and so is one
// whose first directory lies in what is wiped as a picture.
func cleanEXIF(block []byte) (clean []byte, orientation int) {
	clean = bytes.Clone(block)
	first, ok := firstIFD(clean)
	if !ok {
		return nil, 1
	}
	orientation = first.orientation()
	if e, ok := first.find(tagOrientation); ok {
		e.setNumber(1)
	}
	clean = clean[:dropThumbnails(clean, first)]
	wipePictures(clean)
	if d, ok := firstIFD(clean); !ok || d.orientation() != 1 {
		return nil, orientation
	}
	return clean, orientation
}

// dropThumbnails removes the directories after the first from the chain and wipes their
// pictures, which would show the picture as it was. It returns the length of the block
// without those at its end.
func dropThumbnails(block []byte, first ifd) (left int64) {
	left = int64(len(block))
	at := first.next()
	if at == 0 {
		return left
	}
	next := first.order.Uint32(block[at:])
	first.order.PutUint32(block[at:], 0)
	for range 8 { // the chain may be circular
		d, ok := ifdAt(block, first.order, next)
		if !ok {
			return left
		}
		for _, place := range [][2]uint16{
			{tagThumbnailOffset, tagThumbnailLength}, {tagStripOffsets, tagStripCounts}, {tagTileOffsets, tagTileCounts},
		} {
			from, sizes := d.numbers(place[0]), d.numbers(place[1])
			for i := range min(len(from), len(sizes)) {
				if wipe(block, first, int64(from[i]), int64(sizes[i])) {
					left = min(left, int64(from[i]))
				}
			}
		}
		if at = d.next(); at == 0 {
			return left
		}
		next = first.order.Uint32(block[at:])
		clear(d.data[d.at : d.at+12*d.n])
	}
	return left
}

// wipe overwrites a part of a block, unless it overlaps the first directory, and reports
// whether it was the block's end.
func wipe(block []byte, first ifd, from, size int64) (last bool) {
	to := min(from+size, int64(len(block)))
	start, end := int64(first.at-2), int64(first.at+12*first.n+4)
	if from >= 8 && from < to && (from >= end || to <= start) {
		clear(block[from:to])
		return to == int64(len(block))
	}
	return false
}

// numbers returns all whole numbers under a tag.
func (d ifd) numbers(tag uint16) []uint32 {
	e, ok := d.find(tag)
	if !ok {
		return nil
	}
	kind, count := d.order.Uint16(d.data[e.at+2:]), int64(d.order.Uint32(d.data[e.at+4:]))
	size := int64(4)
	if kind == 3 {
		size = 2
	} else if kind != 4 {
		return nil
	}
	at := int64(e.at + 8)
	if count*size > 4 {
		at = int64(d.order.Uint32(d.data[at:]))
	}
	if at+count*size > int64(len(d.data)) {
		return nil
	}
	all := make([]uint32, count)
	for i := range all {
		if size == 2 {
			all[i] = uint32(d.order.Uint16(d.data[at+2*int64(i):]))
		} else {
			all[i] = d.order.Uint32(d.data[at+4*int64(i):])
		}
	}
	return all
}

// sizedEXIF returns a copy of a block whose pixel dimensions are those of the
// picture that is saved with it.
func sizedEXIF(block []byte, width, height int) []byte {
	block = bytes.Clone(block)
	first, ok := firstIFD(block)
	if !ok {
		return nil
	}
	pointer, ok := first.find(tagEXIF)
	if !ok {
		return block
	}
	offset, _ := pointer.number()
	if sub, ok := ifdAt(block, first.order, offset); ok {
		for tag, v := range map[uint16]int{tagPixelX: width, tagPixelY: height} {
			if e, ok := sub.find(tag); ok {
				e.setNumber(uint32(v))
			}
		}
	}
	return block
}

// checkICC returns a copy of profile if it is one for pictures, else nil. Whether it matches
// the picture's colour model is checked after decoding (Metadata.understand).
func checkICC(profile []byte) []byte {
	if colour.ModelOf(profile) == "" {
		return nil
	}
	return bytes.Clone(profile)
}
