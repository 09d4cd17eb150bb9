package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"os"
	"testing"

	"github.com/gen2brain/jpegxl"
)

// jxlRegular is the kind of a frame that is no other's (jxlframe.go).
const jxlRegular = 0

// align goes to the next whole byte.
func (w *lowWriter) align() { w.at = 8 * len(w.data) }

// oneFrame is a frame of a codestream that is made for tests.
type oneFrame struct {
	kind, duration int
	last           bool
	bytes          int // of its data
}

// jxlStreamOf is a codestream of 1024x1024 pixels whose frames hold no real data.
func jxlStreamOf(animated, profile bool, frames ...oneFrame) []byte {
	w := &lowWriter{data: []byte{0xff, 0x0a}, at: 16}
	w.put(0, 1)
	w.put(1, 2) // the height in 13 bits
	w.put(1023, 13)
	w.put(1, 3) // as wide
	w.put(0, 1) // not all is as usual
	w.put(1, 1) // more than usual
	w.put(0, 3)
	w.put(0, 2)
	if animated {
		w.put(1, 1)
		w.put(0, 2+2+2)
		w.put(0, 1)
	} else {
		w.put(0, 1)
	}
	w.put(0, 1+2) // 8 bits
	w.put(1, 1)
	w.put(1, 2) // a channel of alpha, as usual
	w.put(1, 1)
	w.put(1, 1) // XYB
	if profile {
		w.put(0, 1)
		w.put(1, 1)
		w.put(0, 2)
	} else {
		w.put(1, 1)
	}
	w.put(1, 1) // tone mapping
	w.put(0, 2) // extensions
	w.put(1, 1) // transform
	for _, f := range frames {
		w.frame(f, animated)
	}
	return w.data
}

func (w *lowWriter) frame(f oneFrame, animated bool) {
	w.align()
	w.put(0, 1)
	w.put(f.kind, 2)
	w.put(0, 1)   // by DCT
	w.put(0, 2)   // flags
	w.put(0, 2+2) // not enlarged
	w.put(0, 6)
	parts := 1 + 1 + 1 + 16
	if f.kind != jxlReference {
		w.put(0, 2) // one pass
	}
	switch f.kind {
	case jxlLow:
		w.put(0, 2) // an eighth
		parts = 1
	case jxlReference:
		w.put(1, 1)
		w.put(0, 2)
		w.put(200, 8)
		w.put(0, 2)
		w.put(100, 8)
		parts = 1
	default:
		w.put(0, 1)
		w.put(0, 2+2) // in the place of what was there
		if animated {
			w.put(2, 2)
			w.put(f.duration, 8)
		}
		w.put(map[bool]int{true: 1}[f.last], 1)
	}
	if f.kind != jxlLow && !f.last {
		w.put(0, 2)
	}
	if f.kind == jxlReference || f.kind == jxlRegular && !f.last && f.duration == 0 {
		w.put(0, 1)
	}
	w.put(0, 2) // no name
	w.put(1, 1) // filters as usual
	w.put(0, 2)
	w.put(0, 1) // parts in their order
	w.align()
	for i := range parts {
		n := 0
		if i == 0 {
			n = f.bytes
		}
		w.put(1, 2)
		w.put(n-min(n, 1024), 14)
	}
	w.align()
	size := max(f.bytes, 1024) + 1024*(parts-1)
	w.data = append(w.data, bytes.Repeat([]byte{0xa5}, size)...)
	w.align()
}

func TestFramesOfJXL(t *testing.T) {
	layer, last := oneFrame{bytes: 3000}, oneFrame{last: true, bytes: 2000}
	low, reference := oneFrame{kind: jxlLow, bytes: 5000}, oneFrame{kind: jxlReference, bytes: 1500}
	shown := oneFrame{duration: 10, bytes: 4000}
	for name, c := range map[string]struct {
		data []byte
		want jxlFrames
	}{
		"one frame":                     {jxlStreamOf(false, false, last), jxlSingle},
		"two layers":                    {jxlStreamOf(false, false, layer, last), jxlLayered},
		"the means of blocks before":    {jxlStreamOf(false, false, low, last), jxlSingle},
		"patches before":                {jxlStreamOf(false, false, reference, last), jxlSingle},
		"patches before layers":         {jxlStreamOf(false, false, reference, low, layer, last), jxlLayered},
		"a film":                        {jxlStreamOf(true, false, shown, last), jxlAnimated},
		"a film of one picture":         {jxlStreamOf(true, false, last), jxlSingle},
		"a film of one layered picture": {jxlStreamOf(true, false, layer, last), jxlSingle},
		"layers behind a profile":       {jxlStreamOf(false, true, layer, last), jxlUnknown},
		"a film behind a profile":       {jxlStreamOf(true, true, shown, last), jxlAnimated},
		"cut off in the first layer":    {jxlStreamOf(false, false, layer, last)[:1000], jxlUnknown},
		"cut off in the header":         {jxlStreamOf(false, false, last)[:5], jxlUnknown},
		"nothing":                       {nil, jxlUnknown},
	} {
		if got, _ := framesOfJXL(c.data); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if len(c.data) > 30 && name != "nothing" {
			if got, _ := framesOfJXL(inParts(c.data)); got != c.want {
				t.Errorf("%s, in a container: %v, want %v", name, got, c.want)
			}
		}
	}
}

// inParts puts a codestream in two boxes of a container.
func inParts(stream []byte) []byte {
	box := func(kind string, payload []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(8+len(payload)))
		return append(append(b, kind...), payload...)
	}
	file := box("JXL ", []byte("\r\n\x87\n"))
	for i, p := range [][]byte{stream[:20], stream[20:]} {
		file = append(file, box("jxlp", append([]byte{byte(i) << 7, 0, 0, byte(i)}, p...))...)
	}
	return file
}

// TestJXLNotes tells of further pictures and layers, and not of them where there are none.
func TestJXLNotes(t *testing.T) {
	film, err := os.ReadFile("testdata/animated.jxl")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := Decode(film, Limits{}); err != nil || !p.Meta.Has(Animated) {
		t.Errorf("a film: %v", err)
	}
	var still bytes.Buffer
	if err := jpegxl.Encode(&still, slant(300, 20)); err != nil {
		t.Fatal(err)
	}
	if p, err := Decode(still.Bytes(), Limits{}); err != nil || len(p.Meta.Notes) > 0 {
		t.Errorf("a still picture: %v", err)
	}
	if m, _ := jxlMeta(jxlStreamOf(false, false, oneFrame{bytes: 9}, oneFrame{last: true, bytes: 9})); !m.Has(Layers) {
		t.Error("nothing is told of layers")
	}
	if w, h, ok := jxlSize(jxlStreamOf(false, false)); !ok || image.Pt(w, h) != image.Pt(1024, 1024) {
		t.Error(w, h, ok)
	}
}

// TestFirstOfJXL makes a film's first picture a file of its own, which is the whole film
// but for what comes later, and reads a film of many frames by it.
func TestFirstOfJXL(t *testing.T) {
	low, layer, shown, last := oneFrame{kind: jxlLow, bytes: 5000}, oneFrame{bytes: 3000}, oneFrame{duration: 9, bytes: 4000}, oneFrame{last: true, bytes: 2000}
	film := jxlStreamOf(true, false, low, layer, shown, layer, last)
	_, first := framesOfJXL(film)
	want := jxlStreamOf(true, false, low, layer, oneFrame{duration: 9, last: true, bytes: 4000})
	if !bytes.Equal(first, want) {
		t.Errorf("%d bytes, want %d", len(first), len(want))
	}
	data, err := os.ReadFile("testdata/animated.jxl")
	if err != nil {
		t.Fatal(err)
	}
	if _, first = framesOfJXL(data); first == nil || len(first) >= len(data) {
		t.Fatalf("the first picture has %d bytes of %d", len(first), len(data))
	}
	alone, err := jpegxl.Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := jpegxl.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(alone.(*image.NRGBA).Pix, whole.(*image.NRGBA).Pix) {
		t.Error("the first picture looks otherwise alone")
	}
}

// TestJXLOfManyFrames reads a film of more frames than the decoder has room for.
func TestJXLOfManyFrames(t *testing.T) {
	data, err := os.ReadFile("testdata/animated.jxl")
	if err != nil {
		t.Fatal(err)
	}
	want := opened(t, data)
	s := jxlWhole(data)
	b := &jxlBits{lowBits{data: s, at: 16}}
	h := b.image()
	b.align()
	start := b.at / 8
	if !b.skip(b.frame(&h)) {
		t.Fatal("the first frame can't be passed")
	}
	frame := s[start : b.at/8]
	film := append(bytes.Clone(s[:start]), bytes.Repeat(frame, 3000)...)
	got := opened(t, append(film, s[b.at/8:]...))
	if !bytes.Equal(got.Pix.Pix, want.Pix.Pix) {
		t.Error("it looks otherwise than with two frames")
	}
}
