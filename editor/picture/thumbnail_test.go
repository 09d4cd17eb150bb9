package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// blockWith builds a block of EXIF: an orientation and a maker, and a thumbnail in a second
// directory, as a JPEG file or, raw, as strips of RGB. more stands behind the thumbnail.
func blockWith(order binary.AppendByteOrder, orientation int, thumbnail *image.NRGBA, raw bool, more int) []byte {
	put := order.(binary.ByteOrder)
	b := []byte("II*\x00\x08\x00\x00\x00")
	if put == binary.ByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*\x00\x00\x00\x08")
	}
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), count)
		if kind == 3 {
			b = order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
		} else {
			b = order.AppendUint32(b, value)
		}
	}
	const second = 8 + 2 + 2*12 + 4 + 8
	b = order.AppendUint16(b, 2)
	entry(0x010f, 2, 8, second-8)
	entry(tagOrientation, 3, 1, uint32(orientation))
	b = append(order.AppendUint32(b, second), "Painter\x00"...)
	size := thumbnail.Rect.Size()
	if raw {
		const pixels = second + 2 + 9*12 + 4 + 6
		b = order.AppendUint16(b, 9)
		entry(tagWidth, 3, 1, uint32(size.X))
		entry(tagHeight, 3, 1, uint32(size.Y))
		entry(tagBits, 3, 3, pixels-6)
		entry(tagCompression, 3, 1, 1)
		entry(tagPhotometric, 3, 1, 2)
		entry(tagStripOffsets, 4, 1, pixels)
		entry(tagSamples, 3, 1, 3)
		entry(0x0116, 3, 1, uint32(size.Y))
		entry(tagStripCounts, 4, 1, uint32(3*size.X*size.Y))
		b = order.AppendUint32(b, 0)
		for range 3 {
			b = order.AppendUint16(b, 8)
		}
		for i := 0; i < len(thumbnail.Pix); i += 4 {
			b = append(b, thumbnail.Pix[i:i+3]...)
		}
		return append(b, make([]byte, more)...)
	}
	var file bytes.Buffer
	if err := Encode(&file, thumbnail, Encoding{Format: JPEG}); err != nil {
		panic(err)
	}
	b = order.AppendUint16(b, 3)
	entry(tagCompression, 3, 1, 6)
	entry(tagThumbnailOffset, 4, 1, second+2+3*12+4)
	entry(tagThumbnailLength, 4, 1, uint32(file.Len()))
	b = append(order.AppendUint32(b, 0), file.Bytes()...)
	return append(b, make([]byte, more)...)
}

// embedded returns the thumbnail in a block of EXIF.
func embedded(t *testing.T, block []byte) *image.NRGBA {
	t.Helper()
	first, ok := firstIFD(block)
	if !ok || first.order.Uint32(block[first.next():]) == 0 {
		return nil
	}
	d, ok := ifdAt(block, first.order, first.order.Uint32(block[first.next():]))
	if !ok {
		t.Fatal("the second directory can't be read")
	}
	from, _ := d.value(tagThumbnailOffset)
	size, _ := d.value(tagThumbnailLength)
	file := block[from : from+size]
	if f, err := jpegfile.ReadFrame(file); err != nil || f.Mode != jpegfile.Baseline {
		t.Fatalf("no baseline JPEG: %v", err)
	}
	return opened(t, file).Pix
}

// rawEXIF is the block in a JPEG file, as it stands there.
func rawEXIF(data []byte) (block []byte) {
	jpegSegments(data, func(marker byte, payload []byte) bool {
		if marker == markerAPP1 && bytes.HasPrefix(payload, exifPrefix) {
			block = payload[len(exifPrefix):]
		}
		return block == nil
	})
	return block
}

// halves is a picture whose left half is of one colour, its right half of another.
func halves(w, h int, left, right color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := left
			if x >= w/2 {
				c = right
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// nearCopy fails where a thumbnail isn't a small copy of a picture.
func nearCopy(t *testing.T, what string, small, img *image.NRGBA) {
	t.Helper()
	if small == nil {
		t.Errorf("%s: no thumbnail", what)
		return
	}
	want := Resize(img, small.Rect.Size())
	sum := 0
	for i := range want.Pix {
		sum += max(int(want.Pix[i])-int(small.Pix[i]), int(small.Pix[i])-int(want.Pix[i]))
	}
	if mean := float64(sum) / float64(len(want.Pix)); mean > 4 {
		t.Errorf("%s: the thumbnail is %.1f levels off", what, mean)
	}
}

// A file that had a thumbnail gets one of the edited picture, turned as it is stored, no
// larger than the old one, and nothing of the old one is left.
func TestThumbnailsAreMadeAnew(t *testing.T) {
	green, blue, red := color.NRGBA{40, 160, 60, 255}, color.NRGBA{30, 50, 190, 255}, color.NRGBA{220, 30, 20, 255}
	for orientation := 1; orientation <= 8; orientation++ {
		for _, raw := range []bool{false, true} {
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				name := fmt.Sprintf("orientation %d, raw %v, %v", orientation, raw, order)
				stored := halves(96, 64, green, blue)
				plain := written(t, stored, Encoding{Format: JPEG, Quality: 95})
				block := blockWith(order, orientation, Resize(stored, image.Pt(48, 32)), raw, 0)
				data := append(appendSegment([]byte{0xff, markerSOI}, markerAPP1, exifPrefix, block), plain[2:]...)
				p := opened(t, data)
				if want := orientations[orientation].view(image.Pt(48, 32)); p.Meta.Thumbnail != want {
					t.Fatalf("%s: the thumbnail has %v, not %v", name, p.Meta.Thumbnail, want)
				}
				edited := image.NewNRGBA(p.Pix.Rect)
				copy(edited.Pix, p.Pix.Pix)
				for y := range edited.Rect.Dy() / 2 {
					for x := range edited.Rect.Dx() / 3 {
						edited.SetNRGBA(x, y, red)
					}
				}
				src := &Source{Bytes: data, Picture: p}
				over := written(t, edited, Encoding{Format: JPEG, Source: src})
				asStored := opened(t, withOrientation(plain, 1)).Pix
				if got := opened(t, over); got.Size() != p.Size() {
					t.Fatalf("%s: %v", name, got.Size())
				}
				small := embedded(t, rawEXIF(over))
				if small == nil || small.Rect.Size() != image.Pt(48, 32) || asStored.Rect.Size() != image.Pt(96, 64) {
					t.Fatalf("%s: the thumbnail is %v", name, small)
				}
				nearCopy(t, name, oriented(small, orientation, fresh), edited)
				if bytes.Count(over, []byte{0xff, markerSOI, 0xff}) != 2 {
					t.Errorf("%s: another picture is inside", name)
				}
				fresh := written(t, edited, Encoding{Format: JPEG, Meta: p.Meta, Quality: 95})
				nearCopy(t, name+", coded again", embedded(t, rawEXIF(fresh)), edited)
				if got := opened(t, fresh); got.Meta.Thumbnail != p.Meta.Thumbnail || !bytes.Contains(got.Meta.EXIF, []byte("Painter")) {
					t.Errorf("%s: coded again, %v", name, got.Meta.Thumbnail)
				}
				stripped := written(t, edited, Encoding{Format: JPEG, Source: src, Strip: true})
				if embedded(t, rawEXIF(stripped)) != nil {
					t.Errorf("%s: a thumbnail without metadata", name)
				}
			}
		}
	}
}

// A thumbnail goes into TIFF files, and from those into others.
func TestThumbnailsOfTIFF(t *testing.T) {
	img := halves(96, 64, color.NRGBA{40, 160, 60, 255}, color.NRGBA{30, 50, 190, 255})
	meta := Metadata{Thumbnail: image.Pt(48, 48)}
	for name, exif := range map[string][]byte{"little": exifWithMaker(), "big": cleaned(exifWithThumbnail()), "none": nil} {
		meta.EXIF = exif
		data := written(t, img, Encoding{Format: TIFF, Meta: meta})
		nearCopy(t, name, embedded(t, data), img)
		p := opened(t, data)
		equal(t, p.Pix, img)
		if p.Meta.Thumbnail != image.Pt(48, 32) || p.Meta.Has(Pages) {
			t.Errorf("%s: %v, %v", name, p.Meta.Thumbnail, p.Meta.Notes)
		}
		edited := halves(96, 64, color.NRGBA{220, 30, 20, 255}, color.NRGBA{30, 50, 190, 255})
		again := written(t, edited, Encoding{Format: TIFF, Meta: p.Meta, Source: &Source{Bytes: data, Picture: p}})
		nearCopy(t, name+", edited", embedded(t, again), edited)
		nearCopy(t, name+", as JPEG", embedded(t, rawEXIF(written(t, edited, Encoding{Format: JPEG, Meta: p.Meta}))), edited)
	}
}

func cleaned(block []byte) []byte {
	clean, _ := cleanEXIF(block)
	return clean
}

// A thumbnail is left out, made smaller or coarser where the block has no room for it.
func TestThumbnailsFitTheirSegment(t *testing.T) {
	img := random(rand.New(rand.NewPCG(5, 6)), 400, 300, true)
	for more, want := range map[int]bool{0: true, 50000: true, maxSegment - 900: false} {
		block := blockWith(binary.LittleEndian, 1, smooth(16, 12), true, more)
		clean := cleaned(block)
		made := withThumbnail(clean, img, nil, image.Pt(1600, 1600), maxSegment-len(exifPrefix), false)
		small := embedded(t, made)
		if len(made) > maxSegment-len(exifPrefix) || (small != nil) != want {
			t.Errorf("%d bytes more: a block of %d with %v", more, len(made), small != nil)
		}
		if small != nil && more == 0 && small.Rect.Dx() < 100 {
			t.Errorf("it is %v", small.Rect)
		}
	}
	if size := thumbnailOf(blockWith(binary.BigEndian, 1, smooth(16, 12), false, 0)); size != image.Pt(16, 12) {
		t.Errorf("the old one is %v", size)
	}
}

// Every picture that exiftool finds inside of what was written is the edited one.
func TestExiftoolFindsNoOldPicture(t *testing.T) {
	if _, err := exec.LookPath("exiftool"); err != nil {
		t.Skip("no exiftool")
	}
	stored := halves(192, 128, color.NRGBA{40, 160, 60, 255}, color.NRGBA{30, 50, 190, 255})
	edited := halves(192, 128, color.NRGBA{220, 30, 20, 255}, color.NRGBA{230, 210, 60, 255})
	small := Resize(stored, image.Pt(96, 64))
	for _, raw := range []bool{false, true} {
		block := blockWith(binary.LittleEndian, 1, small, raw, 0)
		plain := written(t, stored, Encoding{Format: JPEG})
		photo := append(appendSegment([]byte{0xff, markerSOI}, markerAPP1, exifPrefix, block), plain[2:]...)
		page := written(t, stored, Encoding{Format: TIFF, Meta: Metadata{EXIF: cleaned(block), Thumbnail: image.Pt(96, 64)}})
		for _, data := range [][]byte{photo, page} {
			p := opened(t, data)
			for _, f := range []Format{JPEG, TIFF} {
				folder := t.TempDir()
				path := filepath.Join(folder, "edited."+string(f))
				saved := written(t, edited, Encoding{Format: f, Meta: p.Meta, Source: &Source{Bytes: data, Picture: p}, Quality: 95})
				if err := os.WriteFile(path, saved, 0o600); err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command("exiftool", "-q", "-a", "-b", "-W", filepath.Join(folder, "%t%-c.out"), "-preview:all", path).CombinedOutput()
				if err != nil {
					t.Fatal(err, string(out))
				}
				found, _ := filepath.Glob(filepath.Join(folder, "*.out"))
				if len(found) != 1 {
					t.Errorf("raw %v, %s: %v", raw, f, found)
				}
				for _, name := range found {
					inside, err := Open(name, Limits{})
					if err != nil {
						t.Fatal(err)
					}
					nearCopy(t, name, inside.Pix, edited)
				}
				if out, err := exec.Command("exiftool", "-validate", "-warning", "-a", path).CombinedOutput(); err != nil || bytes.Contains(out, []byte("Error")) || bytes.Contains(out, []byte("overlaps")) {
					t.Errorf("%s: %v, %s", f, err, out)
				}
			}
		}
	}
}
