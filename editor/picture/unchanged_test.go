package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
)

// dotted is a picture of which one pixel was edited, the first.
func dotted(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	c := out.NRGBAAt(0, 0)
	out.SetNRGBA(0, 0, color.NRGBA{c.R ^ 0x80, c.G, c.B, 255})
	return out
}

// What was opened and not edited is written as it was, whatever its file holds that this
// package knows nothing of.
func TestUneditedFileStaysAsItIs(t *testing.T) {
	img := slant(24, 16)
	for _, f := range []Format{PNG, JPEG, TIFF, BMP, WebP} {
		meta := rich()
		data := written(t, img, Encoding{Format: f, Meta: meta, Lossless: true})
		p := opened(t, append(data, "of another program"...))
		src := &Source{Bytes: append(data, "of another program"...), Picture: p}
		e := Encoding{Format: f, Source: src, Meta: p.Meta, Lossless: true, Quality: 40}
		if got := written(t, p.Pix, e); !bytes.Equal(got, src.Bytes) {
			t.Errorf("%s: another file", f)
		}
		for what, change := range map[string]func(e *Encoding, img **image.NRGBA){
			"edited":   func(_ *Encoding, img **image.NRGBA) { *img = dotted(*img) },
			"extended": func(_ *Encoding, img **image.NRGBA) { *img = slant(32, 16) },
			"stripped": func(e *Encoding, _ **image.NRGBA) { e.Strip = true },
			"moved":    func(e *Encoding, _ **image.NRGBA) { e.Source = &Source{src.Bytes, p, image.Pt(1, 0)} },
			"labelled": func(e *Encoding, _ **image.NRGBA) { e.Label = &Label{} },
		} {
			pix, e := p.Pix, e
			change(&e, &pix)
			got := written(t, pix, e)
			if bytes.Equal(got, src.Bytes) && (what != "labelled" || f != BMP) {
				t.Errorf("%s, %s: the old file", f, what)
			}
		}
	}
	data := written(t, img, Encoding{Format: PNG})
	src := &Source{Bytes: data, Picture: opened(t, data)}
	for what, e := range map[string]Encoding{"16 bits": {Depth: 16}, "words": {Text: map[string]string{"a": "b"}}} {
		e.Format, e.Source = PNG, src
		if bytes.Equal(written(t, src.Picture.Pix, e), data) {
			t.Errorf("%s: the old file", what)
		}
	}
}

// behind returns a JPEG file with another one behind it, to which an index points, and with a
// packet of XMP of these properties before or behind that index.
func behind(first, second []byte, properties string, before bool) []byte {
	xmp := appendSegment(nil, markerAPP1, xmpPrefix, labelledPacket(properties))
	e := binary.LittleEndian
	block := []byte("II*\x00\x08\x00\x00\x00\x02\x00")
	for _, v := range [][3]uint32{{0xb001, 1, 2}, {0xb002, 32, 38}} {
		block = e.AppendUint16(e.AppendUint16(block, uint16(v[0])), map[bool]uint16{true: 4, false: 7}[v[0] == 0xb001])
		block = e.AppendUint32(e.AppendUint32(block, v[1]), v[2])
	}
	block = append(block, make([]byte, 4+32)...)
	index := appendSegment(nil, markerAPP2, mpfPrefix, block)
	head := slices.Concat([]byte{0xff, markerSOI}, index, xmp)
	start := 2
	if before {
		head, start = slices.Concat([]byte{0xff, markerSOI}, xmp, index), 2+len(xmp)
	}
	data := append(head, first[2:]...)
	at := start + 4 + len(mpfPrefix) // of the block
	e.PutUint32(data[at+38+4:], uint32(len(data)))
	e.PutUint32(data[at+38+16+4:], uint32(len(second)))
	e.PutUint32(data[at+38+16+8:], uint32(len(data)-at))
	return append(data, second...)
}

// pointed returns the pictures that the index of a file points to.
func pointed(t *testing.T, data []byte) (pictures [][]byte) {
	t.Helper()
	at := bytes.Index(data, mpfPrefix)
	if at < 0 {
		return nil
	}
	block := data[at+len(mpfPrefix):]
	d, _ := firstIFD(block)
	e, ok := d.find(0xb002)
	if !ok {
		t.Fatal("no entries")
	}
	from := d.order.Uint32(block[e.at+8:])
	for one := block[from : from+32]; len(one) > 0; one = one[16:] {
		size, offset := d.order.Uint32(one[4:]), d.order.Uint32(one[8:])
		begin := at + len(mpfPrefix) + int(offset)
		if offset == 0 {
			begin = 0
		}
		pictures = append(pictures, data[begin:begin+int(size)])
	}
	return pictures
}

// A gain map, or another picture behind the first, stays byte for byte while no pixel was
// edited, and what points to it points there; it goes, with all that points to it and with
// a word, where the picture was edited or is written without metadata.
func TestPicturesBehindTheFirst(t *testing.T) {
	first, second := written(t, smooth(64, 48), Encoding{Format: JPEG}), written(t, smooth(32, 24), Encoding{Format: JPEG, Quality: 70})
	const hdr = `<Container:Directory><rdf:Seq/></Container:Directory><hdrgm:Version>1.0</hdrgm:Version>`
	for name, data := range map[string][]byte{
		"map, index last": behind(first, second, hdr, true), "map, index first": behind(first, second, hdr, false), "stereo": behind(first, second, "", true),
	} {
		p := opened(t, data)
		isMap := name != "stereo"
		if p.Meta.Has(GainMap) != isMap || p.Meta.Has(Pictures) == isMap {
			t.Fatalf("%s: notes %v", name, p.Meta.Notes)
		}
		src := &Source{Bytes: data, Picture: p}
		var lost []Loss
		e := Encoding{Format: JPEG, Source: src, Lost: func(l Loss) { lost = append(lost, l) }, Label: &Label{Producer: strings.Repeat("long ", 100)}}
		saved := written(t, p.Pix, e)
		got := pointed(t, saved)
		if len(got) != 2 || !bytes.Equal(got[1], second) || len(got[0])+len(second) != len(saved) || lost != nil {
			t.Errorf("%s: labelled, the index points elsewhere, or lost %v", name, lost)
		}
		again := opened(t, saved)
		equal(t, again.Pix, p.Pix)
		if !bytes.Contains(again.Meta.XMP, []byte(compositeWithModel)) || bytes.Contains(saved, []byte("hdrgm:Version")) != isMap {
			t.Errorf("%s: labelled, the packet is %q", name, again.Meta.XMP)
		}
		for _, pix := range []*image.NRGBA{dotted(p.Pix), p.Pix} {
			e.Label, e.Strip, lost = nil, pix == p.Pix, nil
			saved := written(t, pix, e)
			if bytes.Contains(saved, mpfPrefix) || bytes.Contains(saved, []byte("hdrgm")) || bytes.Contains(saved, []byte("Container:")) || bytes.Contains(saved, second[2:]) {
				t.Errorf("%s, edited or stripped: it is still there", name)
			}
			if isMap != slices.Equal(lost, []Loss{LostGainMap}) {
				t.Errorf("%s: lost %v", name, lost)
			}
		}
	}
}

// Other gain maps are known by what their makers write.
func TestGainMapsOfOtherKinds(t *testing.T) {
	plain := written(t, smooth(64, 48), Encoding{Format: JPEG})
	iso := append(appendSegment([]byte{0xff, markerSOI}, markerAPP2, gainMapPrefix, []byte{0, 0, 0, 0}), plain[2:]...)
	apple := appendSegment([]byte{0xff, markerSOI}, markerAPP1, xmpPrefix, labelledPacket(string(appleGainMap)))
	for name, data := range map[string][]byte{"ISO 21496-1": iso, "Apple": behind(plain, append(apple, plain[2:]...), "", true)} {
		if p := opened(t, data); !p.Meta.Has(GainMap) || p.Meta.Has(Pictures) {
			t.Errorf("%s: notes %v", name, p.Meta.Notes)
		}
	}
}
