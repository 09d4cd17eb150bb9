package e2e

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// easel is the program with a picture of ours at 1:1, whose mask the test can
// see: it is read from the autosave.
type easel struct {
	*program
	size   image.Point
	origin image.Point // where the picture's corner is on the screen

	pointer image.Point // where it was moved to last
}

var (
	marker = color.NRGBA{255, 0, 255, 255} // the picture's corner, 4 x 4 pixels
	plain  = color.NRGBA{240, 240, 235, 255}
	patch  = color.NRGBA{20, 60, 200, 255} // for the wand
)

// patchArea is where the easel's picture has another colour.
var patchArea = image.Rect(300, 100, 420, 180)

func newEasel(t *testing.T) *easel {
	t.Helper()
	d := newDesktop(t, 1300, 860)
	e := &easel{size: image.Pt(500, 400)}
	img := image.NewNRGBA(image.Rectangle{Max: e.size})
	for y := range e.size.Y {
		for x := range e.size.X {
			at := image.Pt(x, y)
			switch {
			case x < 4 && y < 4:
				img.SetNRGBA(x, y, marker)
			case at.In(patchArea):
				img.SetNRGBA(x, y, patch)
			default:
				img.SetNRGBA(x, y, plain)
			}
		}
	}
	path := filepath.Join(d.home, "easel.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	e.program = d.launch(path)
	e.waitLogged("opened", 1)
	e.waitLogged("shown", 1)
	d.wait("the picture at 1:1", func() bool {
		r := e.corner()
		e.origin = r.Min
		return r.Size() == image.Pt(4, 4)
	})
	return e
}

// corner returns where the picture's marked corner is shown on the screen.
func (e *easel) corner() image.Rectangle {
	img := e.capture()
	var r image.Rectangle
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if color.NRGBAModel.Convert(img.At(x, y)) == marker {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// at returns where a pixel of the picture is on the screen.
func (e *easel) at(x, y int) image.Point { return e.origin.Add(image.Pt(x, y)) }

// keys presses keys one after the other.
func (e *easel) keys(names ...string) {
	e.t.Helper()
	for _, k := range names {
		e.xdotool("key", k, "sleep", "0.1")
	}
}

// stroke draws from pixel to pixel of the picture. Keys may be held from the
// beginning, or from after the button went down ("+alt").
func (e *easel) stroke(held string, points ...image.Point) {
	e.t.Helper()
	late := strings.HasPrefix(held, "+")
	held = strings.TrimPrefix(held, "+")
	hold := func(on bool, event string) {
		if on && held != "" {
			e.xdotool(event, held, "sleep", "0.1")
		}
	}
	hold(!late, "keydown")
	for i, p := range points {
		e.moveTo(p)
		if i == 0 {
			e.xdotool("mousedown", "1", "sleep", "0.1")
			hold(late, "keydown")
		}
	}
	e.xdotool("mouseup", "1", "sleep", "0.1")
	hold(true, "keyup")
}

// moveTo moves the pointer to a pixel of the picture and waits until the window
// has seen it: moves that come faster than the window draws are taken as one.
func (e *easel) moveTo(p image.Point) {
	e.t.Helper()
	at := e.at(p.X, p.Y)
	if e.pointer == at {
		return
	}
	e.pointer = at
	before := e.capture()
	e.xdotool("mousemove", at.X, at.Y)
	e.wait("the window to see the pointer", func() bool { return !same(before, e.capture()) })
}

// mask returns the mask that is autosaved; an unmodified document has none.
func (e *easel) mask() *mask.Mask {
	kept := filepath.Join(e.home, "data", "overpaint", "documents")
	p, ok := copyOfAutosave(e.t, kept)
	if !ok {
		return mask.New(e.size.X, e.size.Y)
	}
	return p.State.Mask
}

// expect waits until the mask is as it should be.
func (e *easel) expect(what string, so func(*mask.Mask) bool) {
	e.t.Helper()
	var last *mask.Mask
	good := false
	e.t.Cleanup(func() {
		if e.t.Failed() && last != nil && !good {
			e.t.Logf("%s: the mask covers %v, %.0f pixels", what, last.Bounding(), last.Area())
		}
	})
	e.wait(what, func() bool {
		last = e.mask()
		good = so(last)
		return good
	})
}

// clear clears the mask by hand.
func (e *easel) clear() {
	e.t.Helper()
	e.keys("ctrl+d")
	e.expect("an empty mask", empty)
}

func empty(m *mask.Mask) bool { return m.Bounding().Empty() }

func full(m *mask.Mask) bool { return m.Equal(mask.All(m.Size())) }

// covers tells whether all of in are covered and none of out is at all.
func covers(in, out []image.Point) func(*mask.Mask) bool {
	return func(m *mask.Mask) bool {
		for _, p := range in {
			if m.At(p.X, p.Y) != 255 {
				return false
			}
		}
		for _, p := range out {
			if m.At(p.X, p.Y) != 0 {
				return false
			}
		}
		return true
	}
}

// near tells whether a mask's box and area are about what they should be.
func near(box image.Rectangle, area float64) func(*mask.Mask) bool {
	return func(m *mask.Mask) bool {
		b := m.Bounding()
		off := func(a, b int) bool { return a-b > 1 || b-a > 1 }
		return !off(b.Min.X, box.Min.X) && !off(b.Min.Y, box.Min.Y) && !off(b.Max.X, box.Max.X) && !off(b.Max.Y, box.Max.Y) &&
			math.Abs(m.Area()-area) < 0.02*area+4*float64(box.Dx()+box.Dy())/4
	}
}

func pts(xy ...int) []image.Point {
	var list []image.Point
	for i := 0; i+1 < len(xy); i += 2 {
		list = append(list, image.Pt(xy[i], xy[i+1]))
	}
	return list
}
