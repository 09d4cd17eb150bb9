package picture

import (
	"bytes"
	"image"
	"image/jpeg"
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

// TestNarrowChroma repeats chroma that has half the columns where there are at most two
// of them, and has the same pixels as libjpeg around that width.
func TestNarrowChroma(t *testing.T) {
	_, missing := exec.LookPath("djpeg")
	for width := 1; width <= 9; width++ {
		m := image.NewYCbCr(image.Rect(0, 0, width, 6), image.YCbCrSubsampleRatio420)
		for i := range m.Y {
			m.Y[i] = 128
		}
		for i := range m.Cb {
			m.Cb[i], m.Cr[i] = uint8(96+64*(i%2)), uint8(160-64*(i%2))
		}
		var file bytes.Buffer
		if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: 100}); err != nil {
			t.Fatal(err)
		}
		p, err := Decode(file.Bytes(), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		repeated := true
		for y := range 6 {
			for x := range width {
				repeated = repeated && p.Pix.NRGBAAt(x, y) == p.Pix.NRGBAAt(x&^1, y&^1)
			}
		}
		if repeated != (width <= 4) {
			t.Errorf("%d columns: repeated = %v", width, repeated)
		}
		if missing != nil {
			continue
		}
		theirs := djpeg(t, "narrow", file.Bytes())
		for i := range theirs {
			if ours := p.Pix.Pix[i/3*4+i%3]; max(int(ours)-int(theirs[i]), int(theirs[i])-int(ours)) > 1 {
				t.Errorf("%d columns: pixel %d is %d, libjpeg's %d", width, i/3, ours, theirs[i])
				break
			}
		}
	}
}
