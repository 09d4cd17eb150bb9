package person_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/person"
)

// reference reads what TensorFlow Lite 2.11 (its build for the web, @tensorflow/tfjs-tflite
// 0.0.1-alpha.10, with XNNPACK) gives for a picture: every third pixel of every third row. Of
// the last layer, which that build doesn't have, it is the definition, computed with float64.
func reference(t *testing.T, name string) []float32 {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".reference")
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, len(data)/4)
	if err := binary.Read(bytes.NewReader(data), binary.LittleEndian, v); err != nil {
		t.Fatal(err)
	}
	return v
}

// portrait is NASA's of Eileen Collins, in the public domain.
func portrait(t *testing.T) *image.NRGBA {
	t.Helper()
	data, err := os.ReadFile("testdata/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	flat := image.NewNRGBA(img.Bounds())
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Src)
	return flat
}

func astronaut(t *testing.T) []float32 {
	t.Helper()
	img := portrait(t)
	var v []float32
	for y := range person.Side {
		for x := range person.Side {
			r, g, b, _ := img.At(x, y).RGBA()
			for _, c := range []uint32{r, g, b} {
				v = append(v, float32(c>>8)/255)
			}
		}
	}
	return v
}

// noise has random bytes, by a linear congruential generator.
func noise() []float32 {
	v, state := make([]float32, person.Side*person.Side*3), uint32(1)
	for i := range v {
		state = (state*1103515245 + 12345) & 0x7fffffff
		v[i] = float32(state>>16&255) / 255
	}
	return v
}

func TestTheNetworkGivesWhatTheReferenceDoes(t *testing.T) {
	for name, picture := range map[string][]float32{"astronaut": astronaut(t), "noise": noise()} {
		got, err := person.Likely(t.Context(), picture)
		if err != nil {
			t.Fatal(err)
		}
		want := reference(t, name)
		most, i := 0.0, 0
		for y := 0; y < person.Side; y += 3 {
			for x := 0; x < person.Side; x += 3 {
				most = max(most, math.Abs(float64(got[y*person.Side+x]-want[i])))
				i++
			}
		}
		t.Logf("%s: they differ by %.2g at most", name, most)
		if i != len(want) || !(most < 1e-3) {
			t.Errorf("%s: they differ by %.3g, of %d values", name, most, len(want))
		}
	}
}

func find(t *testing.T, img *image.NRGBA) *mask.Mask {
	t.Helper()
	m, err := person.Select(t.Context(), img.Rect.Size(), func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) })
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// outline is the astronaut's as editor/selection/quality has it, on a canvas of 256 by 256.
func outline(t *testing.T) *mask.Mask {
	t.Helper()
	data, err := os.ReadFile("../selection/quality/truths.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[1] != "person-astronaut" {
			continue
		}
		var corners []mask.Point
		for _, f := range fields[3:] {
			x, y, _ := strings.Cut(f, ",")
			corners = append(corners, mask.Point{X: percent(t, x), Y: percent(t, y)})
		}
		return mask.Polygon(image.Pt(person.Side, person.Side), corners)
	}
	t.Fatal("there is no outline of the astronaut")
	return nil
}

func percent(t *testing.T, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v / 100 * person.Side
}

// She holds a helmet, which is taken too and is no part of the outline: it is below.
func TestAPersonIsSelected(t *testing.T) {
	m, truth := find(t, portrait(t)), outline(t)
	both, either := 0.0, 0.0
	for y := range person.Side * 7 / 10 {
		for x := range person.Side {
			a, b := float64(m.At(x, y)), float64(truth.At(x, y))
			both, either = both+min(a, b), either+max(a, b)
		}
	}
	if both < 0.95*either {
		t.Errorf("what was selected and the astronaut have %.3f in common", both/either)
	}
}

func TestWhereNobodyIsNothingIsSelected(t *testing.T) {
	plain := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	draw.Draw(plain, plain.Rect, image.NewUniform(color.NRGBA{120, 140, 160, 255}), image.Point{}, draw.Src)
	line := image.NewNRGBA(image.Rect(0, 0, 40, 1))
	for name, img := range map[string]*image.NRGBA{"a plain picture": plain, "a line": line, "nothing": image.NewNRGBA(image.Rectangle{}), "a pixel": image.NewNRGBA(image.Rect(0, 0, 1, 1))} {
		if m := find(t, img); !m.Empty() {
			t.Errorf("%s: %.0f pixels are selected", name, m.Area())
		}
	}
}

// The network is sure of a piece of her helmet, but not where it sees a little less of it.
func TestAnObjectInTheForegroundIsNoPerson(t *testing.T) {
	piece := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	draw.Draw(piece, piece.Rect, portrait(t), image.Pt(192, 192), draw.Src)
	if m := find(t, piece); !m.Empty() {
		t.Errorf("%.0f pixels are selected", m.Area())
	}
}

func TestSelectingEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	img := portrait(t)
	_, err := person.Select(ctx, img.Rect.Size(), func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func BenchmarkLikely(b *testing.B) {
	picture := noise()
	for b.Loop() {
		if _, err := person.Likely(b.Context(), picture); err != nil {
			b.Fatal(err)
		}
	}
}
