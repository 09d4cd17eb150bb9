package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/jpegfile"
	"overpaint.dev/overpaint/editor/tifffile"
)

// Tags of the directory of a thumbnail (EXIF 2.32, 4.6.4; TIFF 6.0).
const (
	tagWidth       = 0x0100
	tagHeight      = 0x0101
	tagCompression = 0x0103
)

// thumbnailOf returns the sides of the thumbnail in a block of EXIF, as it is stored; 0 by 0
// where there is none that can be recognised.
func thumbnailOf(block []byte) image.Point {
	first, ok := firstIFD(block)
	if !ok || first.next() == 0 {
		return image.Point{}
	}
	d, ok := ifdAt(block, first.order, first.order.Uint32(block[first.next():]))
	if !ok {
		return image.Point{}
	}
	from, _ := d.value(tagThumbnailOffset)
	size, _ := d.value(tagThumbnailLength)
	if end := int64(from) + int64(size); size > 0 && end <= int64(len(block)) {
		if f, err := jpegfile.ReadFrame(block[from:end]); err == nil {
			return image.Pt(f.Width, f.Height)
		}
	}
	if d.numbers(tagStripOffsets) == nil {
		return image.Point{}
	}
	w, _ := d.value(tagWidth)
	h, _ := d.value(tagHeight)
	return smallSides(uint64(w), uint64(h))
}

// smallSides returns the sides of a thumbnail, 0 by 0 where it can't be one.
func smallSides(w, h uint64) image.Point {
	if w == 0 || h == 0 || max(w, h) > 0xffff {
		return image.Point{}
	}
	return image.Pt(int(w), int(h))
}

// thumbnailOfTIFF returns the sides of the smallest copy of a page that a file holds beside
// it, as it is stored; 0 by 0 for none.
func thumbnailOfTIFF(data []byte) (least image.Point) {
	for _, d := range tifffile.Directories(data) {
		const reduced = 1
		if d.Number(tagSubfile, 0)&reduced == 0 {
			continue
		}
		size := smallSides(d.Number(tagWidth, 0), d.Number(tagHeight, 0))
		if size.X > 0 && (least.X == 0 || size.X*size.Y < least.X*least.Y) {
			least = size
		}
	}
	return least
}

// withThumbnail returns a block of EXIF, which has no second directory and may be nil, with a
// thumbnail of img, whose numbers mean space, in one. The thumbnail is a baseline JPEG in sRGB
// that fits into box and is at most as large as img. The block won't be longer than most
// bytes; it has no thumbnail where there is no room for one. page makes the directory one of
// a TIFF file.
func withThumbnail(block []byte, img *image.NRGBA, space *colour.Space, box image.Point, most int, page bool) []byte {
	const longest, head = 1600, 160 // the longest side, and more than the directory takes
	if block == nil {
		block = []byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00") // a first directory without entries
	}
	first, ok := firstIFD(block)
	if !ok || first.next() == 0 {
		return block
	}
	size := fitted(img.Rect.Size(), image.Pt(min(box.X, longest), min(box.Y, longest)))
	for room := most - len(block) - head; room > 0 && size.X > 0 && size.Y > 0; size = size.Div(2) {
		img = shrunk(img, size)
		if file := smallJPEG(overWhite(space.SRGB(img)), room); file != nil {
			return appendThumbnail(block, file, size, page)
		}
	}
	return block
}

// smallJPEG encodes a thumbnail in at most so many bytes; nil where it can't be done.
func smallJPEG(img *image.RGBA, most int) []byte {
	for _, quality := range []int{85, 70, 50, 30} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err == nil && b.Len() <= most {
			return b.Bytes()
		}
	}
	return nil
}

// appendThumbnail appends a directory and the JPEG file that it is of.
func appendThumbnail(block, file []byte, size image.Point, page bool) []byte {
	const (
		short, long, rational = 3, 4, 5
		oldJPEG, inches       = 6, 2
		dpi                   = 72
	)
	type entry struct {
		tag, kind uint16
		value     uint32
	}
	block = bytes.Clone(block)
	if len(block)%2 == 1 {
		block = append(block, 0)
	}
	first, _ := firstIFD(block) // it was read before
	order := first.order.(interface {
		binary.ByteOrder
		binary.AppendByteOrder
	})
	at := uint32(len(block))
	order.PutUint32(block[first.next():], at)
	entries := []entry{
		{tagCompression, short, oldJPEG},
		{tagResolutionX, rational, 0},
		{tagResolutionY, rational, 0},
		{tagResolutionUnit, short, inches},
		{tagThumbnailOffset, long, 0},
		{tagThumbnailLength, long, uint32(len(file))},
	}
	if page { // programs that read TIFF files know by these that it isn't a page
		entries = append([]entry{{tagSubfile, long, 1}, {tagWidth, long, uint32(size.X)}, {tagHeight, long, uint32(size.Y)}}, entries...)
	}
	resolution := at + uint32(2+12*len(entries)+4)
	block = order.AppendUint16(block, uint16(len(entries)))
	for _, e := range entries {
		switch e.tag {
		case tagResolutionX:
			e.value = resolution
		case tagResolutionY:
			e.value = resolution + 8
		case tagThumbnailOffset:
			e.value = resolution + 16
		}
		block = order.AppendUint32(order.AppendUint16(order.AppendUint16(block, e.tag), e.kind), 1)
		if e.kind == short {
			block = order.AppendUint16(order.AppendUint16(block, uint16(e.value)), 0)
		} else {
			block = order.AppendUint32(block, e.value)
		}
	}
	block = order.AppendUint32(block, 0) // no further directory
	for range 2 {
		block = order.AppendUint32(order.AppendUint32(block, dpi), 1)
	}
	return append(block, file...)
}
