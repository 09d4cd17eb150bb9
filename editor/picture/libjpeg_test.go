package picture

import (
	"bytes"
	"image"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// TestLibjpegReadsWhatIsSaved has libjpeg's own decoder read files before and
// after an edit. They look the same to it but in the MCUs that were edited and
// those around them, into which their chroma is interpolated.
func TestLibjpegReadsWhatIsSaved(t *testing.T) {
	if _, err := exec.LookPath("djpeg"); err != nil {
		t.Skip("djpeg is not installed (libjpeg-turbo-progs)")
	}
	r := rand.New(rand.NewPCG(51, 52))
	for name, data := range jpegFixtures(t) {
		if strings.Contains(name, "cmyk") || strings.Contains(name, "ycck") || strings.Contains(name, "sample-inverse") {
			continue // djpeg does not write, or not read them
		}
		p, f := decodeJPEGFile(t, data)
		orientation := 1
		if _, o := jpegMeta(data); o > 1 {
			orientation = o
		}
		img, changed := painted(r, p, orientation)
		saved, _ := saveOver(t, img, &Source{Bytes: data, Picture: p})
		before, after := djpeg(t, name, data), djpeg(t, name, saved)
		w, h := f.MCU()
		var touched image.Rectangle
		for _, at := range changed {
			cell := image.Pt(at.X/w*w, at.Y/h*h)
			touched = touched.Union(image.Rectangle{Min: cell, Max: cell.Add(image.Pt(w, h))})
		}
		touched = touched.Inset(-max(w, h))
		channels := len(before) / (f.Width * f.Height)
		for i := range before {
			if at := image.Pt(i/channels%f.Width, i/channels/f.Width); before[i] != after[i] && !at.In(touched) {
				t.Fatalf("%s: the pixel at %v is another, the edit is at %v", name, at, changed[0])
			}
		}
	}
}

// djpeg returns the pixels that libjpeg reads, without its header.
func djpeg(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	c := exec.Command("djpeg", "-pnm")
	c.Stdin = bytes.NewReader(data)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: djpeg: %v", name, err)
	}
	parts := bytes.SplitN(out, []byte("\n"), 4)
	return parts[len(parts)-1]
}
