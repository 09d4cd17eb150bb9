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

// TestGuideLine draws lines, undoes and removes them, and fills with one.
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
	e.keys("b")
	e.stroke("", pts(120, 200, 130, 330)...)
	e.expect("a mask", covers([]image.Point{{125, 260}}, nil))
	e.screenshot("2-masked")
	e.keys("ctrl+Return")
	e.waitLogged("queued", 1)
	e.waitLogged("ended", 1)
	e.screenshot("3-filled")
}

// TestGuideLineOnAPhoto draws a shore across a mask, in both languages and looks.
func TestGuideLineOnAPhoto(t *testing.T) {
	t.Parallel()
	photo, err := filepath.Abs("../../assets/photos/lakeshore.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language, theme string
		size            image.Point
	}{{"en", "dark", image.Pt(900, 640)}, {"zh", "light", image.Pt(1300, 860)}, {"zh", "dark", image.Pt(900, 640)}, {"en", "light", image.Pt(1300, 860)}} {
		t.Run(c.language+"-"+c.theme, func(t *testing.T) {
			t.Parallel()
			d := newDesktop(t, c.size.X, c.size.Y)
			d.settings(fmt.Sprintf(`{"language":%q,"theme":%q}`, c.language, c.theme))
			p := d.launch(photo)
			p.waitLogged("shown", 1)
			w, h := c.size.X/2, c.size.Y/3
			p.xdotool("key", "b", "sleep", "0.2")
			p.drag(image.Pt(w-120, h+40), image.Pt(w-90, h+60), image.Pt(w-60, h+90))
			p.xdotool("key", "n", "sleep", "0.3")
			p.drag(image.Pt(w-260, h+60), image.Pt(w-100, h+66), image.Pt(w, h+70))
			p.expectLines("the first line", 1)
			p.xdotool("keydown", "shift", "sleep", "0.2")
			p.drag(image.Pt(w-260, h), image.Pt(w-100, h+5), image.Pt(w, h+6))
			p.xdotool("keyup", "shift", "sleep", "0.5")
			p.expectLines("both lines", 2)
			p.screenshot("1-drawn")
			p.xdotool("key", "alt+m", "sleep", "0.7")
			p.screenshot("2-menu")
			p.xdotool("key", "Escape", "sleep", "0.3", "key", "b", "sleep", "0.5")
			p.screenshot("3-brush")
		})
	}
}
