package cli_test

import (
	"context"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/editor/mask"
)

// plate writes a picture of a red square on grey and returns its path.
func plate(t *testing.T, dir string) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	for y := range 120 {
		for x := range 160 {
			n := uint8((x*7 + y*13) % 9)
			img.SetNRGBA(x, y, color.NRGBA{110 + n, 112 + n, 115 + n, 255})
			if image.Pt(x, y).In(image.Rect(50, 40, 100, 90)) {
				img.SetNRGBA(x, y, color.NRGBA{190 + n, 40 + n, 30 + n, 255})
			}
		}
	}
	path := filepath.Join(dir, "plate.png")
	writePNG(t, path, img)
	return path
}

func TestSelectWritesAMaskOfTheObjectAtAPoint(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := plate(t, dir)
	scribble := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	for x := range 30 {
		scribble.SetNRGBA(60+x, 60, color.NRGBA{0, 255, 0, 255})
		scribble.SetNRGBA(60+x, 20, color.NRGBA{255, 0, 0, 255})
	}
	writePNG(t, filepath.Join(dir, "scribble.png"), scribble)
	for name, args := range map[string][]string{
		"point":    {"-point", "75,65"},
		"points":   {"-point", "75,65", "-point=60,50", "-outside", "20,20"},
		"box":      {"-box", "35,25,80,80"},
		"scribble": {"-scribble", filepath.Join(dir, "scribble.png")},
		"similar":  {"-similar", "75,65"},
		"joined":   {"-similar", "75,65", "-tolerance", "60", "-joined"},
	} {
		out := filepath.Join(dir, name+"-mask.png")
		o := run(context.Background(), append(append([]string{"select"}, args...), "-o", out, photo)...)
		if o.status != cli.ExitDone || strings.TrimSpace(o.stdout) != out {
			t.Errorf("%s: it ends with %d, %q, %q", name, o.status, o.stdout, o.stderr)
			continue
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mask.Decode(data, image.Pt(160, 120))
		if err != nil {
			t.Fatal(err)
		}
		if area := m.Area(); area < 2400 || area > 2600 || m.At(75, 65) != 255 || m.At(30, 30) != 0 {
			t.Errorf("%s: the mask covers %.0f pixels of 2500", name, area)
		}
	}
	left := image.NewNRGBA(image.Rect(0, 0, 160, 120)) // whose left 70 columns are transparent
	for i := range 160 * 120 {
		if i%160 >= 70 {
			left.Pix[4*i+3] = 255
		}
	}
	writePNG(t, filepath.Join(dir, "left.png"), left)
	within := run(context.Background(), "select", "-point", "75,65", "-within", filepath.Join(dir, "left.png"), "-o", "-", photo)
	half, err := mask.Decode([]byte(within.stdout), image.Pt(160, 120))
	if err != nil || half.At(60, 65) != 255 || half.At(75, 65) != 0 || half.At(40, 65) != 0 {
		t.Errorf("a mask within another: %v, %q", err, within.stderr)
	}
	o := run(context.Background(), "select", "-hug", filepath.Join(dir, "box-mask.png"), "-margin", "3", "-invert", "-o", "-", photo)
	m, err := mask.Decode([]byte(o.stdout), image.Pt(160, 120))
	if err != nil || m.At(75, 65) != 0 || m.At(48, 65) != 0 || m.At(43, 65) != 255 {
		t.Errorf("a mask with a margin, inverted, to standard output: %v, %q", err, o.stderr)
	}
}

// TestDamagedPicturesAreTold: what could be read is used, and a sentence says so.
func TestDamagedPicturesAreTold(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := plate(t, dir)
	data, err := os.ReadFile(photo)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut.png")
	write(t, cut, data[:len(data)*2/3])
	for _, args := range [][]string{
		{"select", "-similar", "5,5", "-o", filepath.Join(dir, "cut-mask.png"), cut},
		{"export", "-long", "50", cut},
	} {
		o := run(t.Context(), args...)
		if o.status != cli.ExitDone || !strings.Contains(o.stderr, "What could be read of the picture is used.") {
			t.Errorf("%q: %d, %q", args, o.status, o.stderr)
		}
	}
}

func TestSelectRefusesWhatItCantDo(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := plate(t, dir)
	out := filepath.Join(dir, "mask.png")
	for words, args := range map[string][]string{
		"What should be selected?":   {"-o", out, photo},
		"Where should the mask go?":  {"-point", "1,1", photo},
		"Which picture?":             {"-point", "1,1", "-o", out},
		"one too many":               {"-point", "1,1", "-o", out, photo, "b.png"},
		"1,b is no value for -point": {"-point", "1,b", "-o", out, photo},
		"-box needs a value":         {photo, "-box"},
		"no flag -sun":               {"-sun", "-o", out, photo},
		"-sky and -background can't": {"-sky", "-background", "-o", out, photo},
		"is there already":           {"-point", "1,1", "-o", photo, photo},
		"written as a PNG":           {"-point", "1,1", "-o", filepath.Join(dir, "mask.jpg"), photo},
		"-point 5000,5000 lies outside of the picture, which has 160 × 120": {"-point", "5000,5000", "-o", out, photo},
		"-point -5,10 lies outside":                            {"-point", "-5,10", "-o", out, photo},
		"-outside 160,10 lies outside":                         {"-point", "75,65", "-outside", "160,10", "-o", out, photo},
		"-similar 900,900 lies outside":                        {"-similar", "900,900", "-o", out, photo},
		"-box 900,900,10,10 lies outside":                      {"-box", "900,900,10,10", "-o", out, photo},
		"-point 75,65 lies outside of every -box":              {"-point", "75,65", "-box", "0,0,20,20", "-o", out, photo},
		"Nothing is left":                                      {"-point", "75,65", "-margin", "-400", "-o", out, photo},
		"-tolerance has an effect only together with -similar": {"-point", "75,65", "-tolerance", "5", "-o", out, photo},
		"-joined has an effect only":                           {"-sky", "-joined", "-o", out, photo},
		"No person was found":                                  {"-person", "-o", out, photo},
		"They must be the same size":                           {"-hug", filepath.Join(dir, "small.png"), "-o", out, photo},
		"1,1,0,4 is no value for -box":                         {"-box", "1,1,0,4", "-o", out, photo},
		"must be the same size":                                {"-within", filepath.Join(dir, "small.png"), "-point", "75,65", "-o", out, photo},
		"256 is no value":                                      {"-similar", "75,65", "-tolerance", "256", "-o", out, photo},
		"9999 is no value for -margin":                         {"-margin", "9999", "-point", "1,1", "-o", out, photo},
	} {
		writePNG(t, filepath.Join(dir, "small.png"), image.NewNRGBA(image.Rect(0, 0, 9, 9)))
		o := run(context.Background(), append([]string{"select"}, args...)...)
		if o.status != cli.ExitInput || !strings.Contains(o.stderr, words) {
			t.Errorf("%q: it ends with %d, %q", words, o.status, o.stderr)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if o := run(ctx, "select", "-point", "75,65", "-o", out, photo); o.status != cli.ExitInterrupted {
		t.Errorf("an interrupted run ends with %d, %q", o.status, o.stderr)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a mask was written")
	}
	if o := run(context.Background(), "select", "-h"); o.status != cli.ExitDone || !strings.Contains(o.stdout, "overpaint select -o MASK") {
		t.Errorf("help: %d, %q", o.status, o.stdout)
	}
}

// TestSelectWithTheShadow selects a disc with the shadow that it casts to the right.
func TestSelectWithTheShadow(t *testing.T) {
	newBench(t)
	img := image.NewNRGBA(image.Rect(0, 0, 240, 180))
	for y := range 180 {
		for x := range 240 {
			n := uint8((x*7 + y*13) % 9)
			c := color.NRGBA{190 + n, 172 + n, 134 + n, 255}
			if math.Hypot(float64(x-142)/42, float64(y-122)/16) < 1 {
				c = color.NRGBA{130 + n, 118 + n, 92 + n, 255}
			}
			if math.Hypot(float64(x-115), float64(y-95)) < 30 {
				c = color.NRGBA{50 + n, 80 + n, 190 + n, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	dir := t.TempDir()
	photo := filepath.Join(dir, "ball.png")
	writePNG(t, photo, img)
	for name, args := range map[string][]string{"alone": nil, "whole": {"-shadow"}} {
		out := filepath.Join(dir, name+"-mask.png")
		if o := run(t.Context(), append(append([]string{"select", "-point", "115,95"}, args...), "-o", out, photo)...); o.status != cli.ExitDone {
			t.Fatalf("%s: %+v", name, o)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mask.Decode(data, img.Rect.Size())
		if err != nil {
			t.Fatal(err)
		}
		if thing, shadow := m.At(115, 95), m.At(165, 124); thing != 255 || shadow != map[string]uint8{"whole": 255}[name] {
			t.Errorf("%s: the ball is covered by %d, its shadow by %d", name, thing, shadow)
		}
	}
}
