package e2e

import (
	"image"
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// TestPaintingKeys paints and erases by hand, with every key that has to do
// with it, and looks at the mask.
func TestPaintingKeys(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.stroke("", pts(100, 100, 130, 100, 160, 100)...)
	painted := covers(pts(100, 100, 130, 100, 160, 100), pts(130, 160, 40, 100))
	e.expect("a stroke of the brush", painted)
	e.keys("ctrl+z")
	e.expect("Ctrl+Z", empty)
	e.keys("ctrl+shift+z")
	e.expect("Ctrl+Shift+Z", painted)
	e.keys("ctrl+z", "ctrl+y")
	e.expect("Ctrl+Y", painted)
	e.keys("e")
	e.stroke("", pts(130, 60, 130, 100, 130, 140)...)
	e.expect("the eraser", covers(pts(80, 100), pts(130, 100)))
	e.keys("x")
	e.stroke("", pts(130, 300, 132, 300)...)
	e.expect("X: the brush again", covers(pts(130, 300), nil))
	e.keys("x")
	e.stroke("", pts(130, 300, 132, 300)...)
	e.expect("X: the eraser again", covers(nil, pts(130, 300)))
	e.keys("b")
	e.stroke("ctrl", pts(80, 80, 80, 120)...)
	e.expect("Ctrl subtracts", covers(nil, pts(80, 100)))

	e.keys("ctrl+a")
	e.expect("Ctrl+A", full)
	e.keys("shift+i")
	e.expect("Shift+I", empty)
	e.keys("shift+i")
	e.expect("Shift+I again", full)
	e.keys("ctrl+d")
	e.expect("Ctrl+D", empty)

	e.stroke("", pts(60, 60)...)
	e.stroke("shift", pts(300, 300)...)
	e.expect("Shift-click: a straight line", covers(pts(60, 60, 180, 180, 300, 300), pts(180, 260)))
	e.clear()

	e.stroke("", pts(200, 200)...)
	width := 0
	e.expect("a dab", func(m *mask.Mask) bool { width = m.Bounding().Dx(); return width > 50 })
	e.clear()
	e.keys("bracketright", "bracketright", "bracketright")
	e.stroke("", pts(200, 200)...)
	e.expect("] makes it larger", func(m *mask.Mask) bool { return m.Bounding().Dx() > width+9 })
	e.clear()
	e.keys("bracketleft", "bracketleft", "bracketleft", "bracketleft", "bracketleft", "bracketleft")
	e.stroke("", pts(200, 200)...)
	e.expect("[ makes it smaller", func(m *mask.Mask) bool { return !empty(m) && m.Bounding().Dx() < width })
	e.clear()
	e.keys("bracketright", "bracketright", "bracketright")
	soft := 0
	e.stroke("", pts(200, 200)...)
	e.expect("the dab as before", func(m *mask.Mask) bool { soft = partial(m); return soft > 0 })
	e.clear()
	e.keys("shift+bracketleft", "shift+bracketleft", "shift+bracketleft", "shift+bracketleft")
	e.stroke("", pts(200, 200)...)
	e.expect("Shift+[ makes it softer", func(m *mask.Mask) bool { return partial(m) > soft*3/2 })
	e.clear()
	e.keys("shift+bracketright", "shift+bracketright", "shift+bracketright", "shift+bracketright", "shift+bracketright", "shift+bracketright")
	e.stroke("", pts(200, 200)...)
	e.expect("Shift+] makes it harder", func(m *mask.Mask) bool { return !empty(m) && partial(m) < soft })
}

// partial counts the pixels that are covered in part.
func partial(m *mask.Mask) int {
	n, box := 0, m.Bounding()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if v := m.At(x, y); v != 0 && v != 255 {
				n++
			}
		}
	}
	return n
}

// TestShapesByHand draws every shape with every modifier.
func TestShapesByHand(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.keys("r")
	e.stroke("", pts(50, 50, 100, 90, 150, 120)...)
	e.expect("a rectangle", near(image.Rect(50, 50, 151, 121), 100*70))
	e.stroke("ctrl", pts(70, 70, 90, 80, 100, 90)...)
	e.expect("Ctrl subtracts a rectangle", covers(pts(60, 60, 140, 110), pts(85, 80)))
	e.clear()
	e.stroke("shift", pts(50, 50, 100, 90, 150, 120)...)
	e.expect("Shift: a square", func(m *mask.Mask) bool {
		b := m.Bounding()
		return b.Dx() == b.Dy() && b.Min.In(image.Rect(49, 49, 52, 52)) && b.Dx() >= 70
	})
	e.clear()
	e.stroke("+alt", pts(200, 200, 220, 210, 240, 230)...)
	e.expect("Alt: from the centre", near(image.Rect(160, 170, 241, 231), 80*60))
	e.clear()
	e.moveTo(image.Pt(50, 50))
	e.xdotool("mousedown", "1", "sleep", "0.1")
	e.moveTo(image.Pt(100, 100))
	e.xdotool("keydown", "space", "sleep", "0.1")
	e.moveTo(image.Pt(200, 150))
	e.xdotool("keyup", "space", "sleep", "0.1", "mouseup", "1")
	e.expect("Space moves it", near(image.Rect(150, 100, 201, 151), 50*50))
	e.clear()

	e.keys("o")
	e.stroke("", pts(100, 100, 150, 150, 220, 180)...)
	e.expect("an ellipse", near(image.Rect(100, 100, 221, 181), math.Pi*60*40))
	e.clear()
	e.stroke("shift", pts(100, 100, 150, 150, 180, 180)...)
	e.expect("Shift: a circle", near(image.Rect(100, 100, 181, 181), math.Pi*40*40))
	e.clear()

	e.keys("l")
	e.stroke("", pts(50, 50, 200, 50, 200, 200, 50, 200, 50, 60)...)
	e.expect("a lasso", near(image.Rect(50, 50, 201, 201), 150*150))
	e.clear()

	e.keys("p")
	click := func(x, y int) { e.stroke("", image.Pt(x, y)) }
	click(50, 50)
	click(250, 50)
	click(250, 150)
	e.keys("Return")
	e.expect("a polygon, closed by Enter", near(image.Rect(50, 50, 251, 151), 100*100))
	e.clear()
	click(50, 50)
	click(150, 50)
	click(150, 150)
	click(50, 150)
	click(51, 51)
	e.expect("a polygon, closed at its first corner", near(image.Rect(50, 50, 151, 151), 100*100))
	click(300, 300)
	click(350, 300)
	click(350, 350)
	e.keys("Escape", "Return")
	e.expect("a polygon, given up", near(image.Rect(50, 50, 151, 151), 100*100))
	e.clear()

	e.keys("w")
	click(350, 140)
	e.expect("the wand", near(patchArea, float64(patchArea.Dx()*patchArea.Dy())))
	e.stroke("ctrl", pts(350, 140)...)
	e.expect("Ctrl subtracts with the wand", empty)
	e.stroke("", pts(350, 140, 340, 90, 200, 60, 100, 60)...)
	e.expect("a drag over another colour takes that, too", covers(pts(350, 140, 50, 50, 450, 350), nil))
}

// TestMovingTheView pans and zooms in every way and looks where the picture's
// corner is.
func TestMovingTheView(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	at := e.origin
	moved := func(what string, by image.Point) {
		t.Helper()
		at = at.Add(by)
		e.wait(what, func() bool { return e.corner() == image.Rectangle{Min: at, Max: at.Add(image.Pt(4, 4))} })
	}
	drag := func(button int, by image.Point) {
		from := e.at(250, 200)
		e.xdotool("mousemove", from.X, from.Y, "sleep", "0.1", "mousedown", button, "sleep", "0.1",
			"mousemove_relative", "--", by.X/2, by.Y/2, "sleep", "0.1", "mousemove_relative", "--", by.X-by.X/2, by.Y-by.Y/2, "sleep", "0.1", "mouseup", button)
	}
	drag(2, image.Pt(40, 20))
	moved("a drag of the middle button", image.Pt(40, 20))
	e.xdotool("mousemove", e.at(250, 200).X, e.at(250, 200).Y, "keydown", "space", "sleep", "0.1")
	drag(1, image.Pt(-30, 10))
	e.xdotool("keyup", "space")
	moved("a drag with Space held", image.Pt(-30, 10))
	e.keys("h")
	drag(1, image.Pt(-20, -40))
	moved("a drag of the hand", image.Pt(-20, -40))
	drag(1, image.Pt(0, 60)) // so that the corner stays in view when it is larger
	moved("another drag of the hand", image.Pt(0, 60))
	if !empty(e.mask()) {
		t.Error("moving the view painted")
	}
	zoomed := func(what string, side int) {
		t.Helper()
		e.wait(what, func() bool { s := e.corner().Size(); return s == image.Pt(side, side) })
	}
	e.keys("ctrl+equal")
	e.wait("Ctrl and +", func() bool { return e.corner().Dx() > 4 })
	e.keys("ctrl+1")
	zoomed("Ctrl+1", 4)
	p := e.corner().Min
	e.xdotool("mousemove", p.X+2, p.Y+2, "sleep", "0.2", "keydown", "ctrl", "sleep", "0.1", "click", "4", "sleep", "0.1", "click", "4", "sleep", "0.1", "click", "4", "sleep", "0.1", "click", "4", "sleep", "0.1", "keyup", "ctrl")
	e.wait("Ctrl and the wheel", func() bool {
		r := e.corner()
		return r.Dx() >= 7 && image.Pt(p.X+2, p.Y+2).In(r) // about the pointer
	})
	e.keys("ctrl+minus", "ctrl+0")
	zoomed("Ctrl+0", 4)
	if got := e.corner().Min; got != e.origin {
		t.Errorf("fitted again, the corner is at %v, it was at %v", got, e.origin)
	}
}
