package tifffile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// oldParts are a JPEG file of 40x32 pixels in the parts that directories of the old kind
// name: the tables, each alone, what goes before the scan, and the coded bytes of two strips.
type oldParts struct {
	whole, front    []byte
	quantised       [2][]byte
	direct, altered [2][]byte // Huffman tables of DC and AC
	scan            []byte    // its header
	strips          [2][]byte
	want            image.Image
}

func newOldParts(t testing.TB) (o oldParts) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 32))
	for y := range 32 {
		for x := range 40 {
			img.SetRGBA(x, y, color.RGBA{uint8(6 * x), uint8(7 * y), 100, 255})
		}
	}
	o.want = img
	coded := func(r image.Rectangle) []byte {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img.SubImage(r), &jpeg.Options{Quality: 95}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	o.whole = coded(img.Rect)
	for i := range o.strips {
		data := coded(image.Rect(0, 16*i, 40, 16*i+16))
		for at := 2; ; {
			n := 2 + int(binary.BigEndian.Uint16(data[at+2:]))
			o.take(data[at+1], data[at+4:at+n])
			at += n
			if data[at-n+1] == jpegSOS {
				o.scan, o.front = data[at-n:at], data[:at]
				o.strips[i] = data[at : len(data)-2]
				break
			}
		}
	}
	return o
}

// take keeps the tables of a segment.
func (o *oldParts) take(marker byte, p []byte) {
	for len(p) > 0 && (marker == jpegDQT || marker == jpegDHT) {
		n, to := 64, &o.quantised
		if marker == jpegDHT {
			n, to = huffmanSize(p[1:]), &o.direct
			if p[0]>>4 == 1 {
				to = &o.altered
			}
		}
		to[p[0]&15] = p[1 : 1+n]
		p = p[1+n:]
	}
}

// file returns a file of strips, and behind them parts of which tags hold the places.
func (o *oldParts) file(b *builder, strips [][]byte, tags []uint16, parts [][]byte) []byte {
	at := 8
	for _, s := range strips {
		at += len(s)
	}
	for i, p := range parts {
		places, _ := b.tags[tags[i]].([]uint32)
		b.tags[tags[i]] = append(places, uint32(at))
		at += len(p)
	}
	return b.file(append(strips, parts...)...)
}

// TestOldJPEG reads all that compression 6 stands for.
func TestOldJPEG(t *testing.T) {
	o := newOldParts(t)
	page := func() *builder {
		return newBuilder(40, 32, compressOldJPEG, inYCbCr, 8, 8, 8).set(tagRowsPerStrip, 16).set(tagSubsampling, 2, 2)
	}
	bare := page()
	delete(bare.tags, tagSamples)
	delete(bare.tags, tagBits)
	strips := o.strips[:]
	again := [][]byte{append(bytes.Clone(o.scan), strips[0]...), append(bytes.Clone(strips[1]), 0xff, jpegRST0+1)}
	frontSize := uint16(len(o.front))
	tables := []uint16{tagJPEGQTables, tagJPEGQTables, tagJPEGQTables, tagJPEGDCTables, tagJPEGDCTables, tagJPEGACTables, tagJPEGACTables}
	parts := [][]byte{o.quantised[0], o.quantised[1], o.quantised[1], o.direct[0], o.direct[1], o.altered[0], o.altered[1]}
	interchange := []uint16{tagJPEGInterchange}
	for name, data := range map[string][]byte{
		"tables":                  o.file(page(), strips, tables, parts),
		"a front":                 o.file(page().set(tagJPEGLength, frontSize), strips, interchange, [][]byte{o.front}),
		"a front without a scan":  o.file(page().set(tagJPEGLength, frontSize-uint16(len(o.scan))), strips, interchange, [][]byte{o.front}),
		"the scan's header again": o.file(page().set(tagJPEGLength, frontSize), again, interchange, [][]byte{o.front}),
		"a file":                  o.file(page().set(tagJPEGLength, uint16(len(o.whole))), strips, interchange, [][]byte{o.whole}),
		"nothing said of samples": o.file(bare, strips, tables, parts),
		"called RGB": o.file(newBuilder(40, 32, compressOldJPEG, inRGB, 8, 8, 8).set(tagJPEGLength, uint16(len(o.whole))),
			[][]byte{strips[0]}, interchange, [][]byte{o.whole}),
	} {
		got := decode(t, data)
		for y := range 32 {
			for x := range 40 {
				if a, b := at(got, x, y), at(o.want, x, y); !near(a, b, 40*257) {
					t.Fatalf("%s: (%d, %d) is %v, want %v", name, x, y, a, b)
				}
			}
		}
	}
}

// TestOldJPEGThatCannotBeRead tells damage from what isn't read.
func TestOldJPEGThatCannotBeRead(t *testing.T) {
	o := newOldParts(t)
	planes := newBuilder(40, 32, compressOldJPEG, inYCbCr, 8, 8, 8).set(tagPlanar, 2)
	none := newBuilder(40, 32, compressOldJPEG, inYCbCr, 8, 8, 8)
	var unsupported *UnsupportedError
	if _, err := Directories(planes.file(o.strips[0]))[0].Page(); !errors.As(err, &unsupported) {
		t.Errorf("planes: err = %v", err)
	}
	if _, err := Directories(none.file(o.strips[0]))[0].Page(); !errors.Is(err, ErrDamaged) {
		t.Errorf("no tables: err = %v", err)
	}
}
