package e2e

import (
	"fmt"
	"image"
	"path/filepath"
	"slices"
	"testing"
)

// expectLines waits until the autosave holds as many guide lines, and returns them.
func (p *program) expectLines(what string, n int) (lines [][]image.Point) {
	p.t.Helper()
	kept := filepath.Join(p.home, "data", "overpaint", "documents")
	p.wait(what, func() bool {
		saved, ok := copyOfAutosave(p.t, kept)
		if ok {
			lines = saved.State.Lines
		}
		return len(lines) == n && (ok || n == 0)
	})
	return lines
}

// expectLine waits until the only guide line that is autosaved is as wanted.
func (p *program) expectLine(what string, want ...image.Point) {
	p.t.Helper()
	p.wait(what, func() bool { return slices.Equal(p.expectLines(what, 1)[0], want) })
}

// dragLines drags an end of the only guide line and all of it, gives up a drag, and takes all back.
func (e *easel) dragLines(line []image.Point) {
	e.t.Helper()
	end, by := image.Pt(440, 340), image.Pt(0, -60)
	e.moveTo(image.Pt(457, 303))
	e.screenshot("2-over-a-point")
	e.xdotool("mousedown", "1", "sleep", "0.1")
	e.moveTo(image.Pt(450, 320))
	e.moveTo(end.Add(image.Pt(-3, 3)))
	e.screenshot("3-dragging-a-point")
	e.xdotool("mouseup", "1")
	e.expectLine("the end dragged", line[0], end)
	middle := line[0].Add(end).Div(2)
	e.moveTo(middle)
	e.screenshot("4-over-the-line")
	e.stroke("", middle, middle.Add(image.Pt(10, -30)), middle.Add(by))
	e.expectLine("the line dragged", line[0].Add(by), end.Add(by))
	e.xdotool("mousedown", "1", "sleep", "0.1")
	e.moveTo(middle.Add(image.Pt(40, 0)))
	e.xdotool("key", "Escape", "sleep", "0.2", "mouseup", "1", "sleep", "0.2")
	e.moveTo(middle.Add(image.Pt(50, 40)))
	e.screenshot("5-given-up")
	e.keys("ctrl+z")
	e.expectLine("the line back", line[0], end)
	e.keys("ctrl+z")
	e.expectLine("its end back", line...)
}

// TestGuideLine draws lines, undoes, moves and removes them, and fills with one.
func TestGuideLine(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.keys("n")
	e.stroke("", pts(40, 250, 200, 270, 460, 300)...)
	want := []image.Point{{40, 250}, {460, 300}}
	if got := e.expectLines("a straight line", 1); !slices.Equal(got[0], want) {
		t.Errorf("the line is %v, want %v", got[0], want)
	}
	e.stroke("shift", pts(60, 60, 200, 68)...)
	if got := e.expectLines("a level line", 2); got[1][0].Y != 60 || got[1][1].Y != 60 {
		t.Errorf("with Shift the line is %v", got[1])
	}
	e.screenshot("1-lines")
	e.keys("ctrl+z")
	e.expectLines("one line after undo", 1)
	e.keys("ctrl+y")
	e.expectLines("two lines after redo", 2)
	e.stroke("", image.Pt(130, 61))
	e.expectLines("one line after a click on the other", 1)
	e.dragLines(want)
	e.keys("b")
	e.stroke("", pts(120, 200, 130, 330)...)
	e.expect("a mask", covers([]image.Point{{125, 260}}, nil))
	e.screenshot("6-masked")
	e.keys("ctrl+Return")
	e.waitLogged("queued", 1)
	e.waitLogged("ended", 1)
	e.screenshot("7-filled")
}

// TestGuideLineOnAPhoto draws a shore across a mask, in both languages and looks, and at scale 2.
func TestGuideLineOnAPhoto(t *testing.T) {
	t.Parallel()
	photo, err := filepath.Abs("../../assets/photos/lakeshore.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language, theme string
		size            image.Point
		scale           int
	}{
		{"en", "dark", image.Pt(900, 640), 1},
		{"zh", "light", image.Pt(1300, 860), 1},
		{"zh", "dark", image.Pt(900, 640), 1},
		{"en", "light", image.Pt(1300, 860), 1},
		{"zh", "light", image.Pt(1280, 800), 2},
	} {
		t.Run(fmt.Sprintf("%s-%s-%d", c.language, c.theme, c.scale), func(t *testing.T) {
			t.Parallel()
			d := newDesktop(t, c.size.X*c.scale, c.size.Y*c.scale, fmt.Sprintf("FYNE_SCALE=%d", c.scale))
			d.settings(fmt.Sprintf(`{"language":%q,"theme":%q}`, c.language, c.theme))
			p := d.launch(photo)
			p.waitLogged("shown", 1)
			k := c.scale
			w, h := k*c.size.X/2, k*c.size.Y/3
			p.xdotool("key", "b", "sleep", "0.2")
			p.drag(image.Pt(w-120*k, h+40*k), image.Pt(w-90*k, h+60*k), image.Pt(w-60*k, h+90*k))
			p.xdotool("key", "n", "sleep", "0.3")
			p.drag(image.Pt(w-260*k, h+60*k), image.Pt(w-100*k, h+66*k), image.Pt(w, h+70*k))
			p.expectLines("the first line", 1)
			p.xdotool("keydown", "shift", "sleep", "0.2")
			p.drag(image.Pt(w-260*k, h), image.Pt(w-100*k, h+5*k), image.Pt(w, h+6*k))
			p.xdotool("keyup", "shift", "sleep", "0.5")
			p.expectLines("both lines", 2)
			p.screenshot("1-drawn")
			p.xdotool("mousemove", "--window", p.window, w-130*k, h+65*k, "sleep", "0.3")
			p.screenshot("2-over-a-line")
			p.xdotool("mousemove", "--window", p.window, w, h+70*k, "sleep", "0.3")
			p.screenshot("3-over-a-point")
			p.xdotool("key", "alt+m", "sleep", "0.7")
			p.screenshot("4-menu")
			p.xdotool("key", "Escape", "sleep", "0.3", "key", "b", "sleep", "0.5")
			p.screenshot("5-brush")
		})
	}
}
