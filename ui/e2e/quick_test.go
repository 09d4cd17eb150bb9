package e2e

import (
	"image"
	"path/filepath"
	"strings"
	"testing"
)

// TestQuickSelection selects by a click, takes away with Ctrl, draws a box and paints over
// a thing, and looks at the mask.
func TestQuickSelection(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	area := float64(patchArea.Dx() * patchArea.Dy())
	e.keys("q")
	e.stroke("", image.Pt(350, 140))
	e.expect("a click selects what is under it", near(patchArea, area))
	e.screenshot("1-click")
	e.stroke("ctrl", image.Pt(350, 141))
	e.expect("Ctrl takes it away", empty)
	e.keys("ctrl+z")
	e.expect("one step each", near(patchArea, area))
	e.clear()
	e.stroke("shift", pts(280, 80, 350, 150, 440, 200)...)
	e.expect("a box", near(patchArea, area))
	e.clear()
	e.stroke("", pts(330, 130, 350, 140, 390, 150)...)
	e.expect("a stroke", near(patchArea, area))
}

// waitMasked waits until the mask is another one than the opened picture had.
func (p *program) waitMasked() {
	p.t.Helper()
	p.wait("a mask", func() bool { return strings.HasPrefix(p.title(), "* ") })
	p.xdotool("sleep", "0.5")
}

// TestWandOnAPhoto drags the wand over a table in a small window, in both languages.
func TestWandOnAPhoto(t *testing.T) {
	t.Parallel()
	photo, err := filepath.Abs("../../assets/photos/coffee.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en_US", "zh_CN"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := newDesktop(t, 900, 640, "LC_ALL="+language+".UTF-8").launch(photo)
			p.waitLogged("shown", 1)
			p.xdotool("key", "w", "sleep", "0.3", "mousemove", 150, 200, "sleep", "0.3", "mousedown", "1", "sleep", "0.2")
			for i := range 8 {
				p.xdotool("mousemove", 150+6*i, 200+8*i, "sleep", "0.2")
			}
			p.screenshot("1-dragging")
			p.xdotool("mouseup", "1")
			p.waitMasked()
			p.screenshot("2-taken")
		})
	}
}

// TestQuickSelectionOnAPhoto clicks a cup, in both languages.
func TestQuickSelectionOnAPhoto(t *testing.T) {
	t.Parallel()
	photo, err := filepath.Abs("../../assets/photos/coffee.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en_US", "zh_CN"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			d := newDesktop(t, 1300, 860, "LC_ALL="+language+".UTF-8")
			p := d.launch(photo)
			p.waitLogged("shown", 1)
			p.xdotool("key", "q", "sleep", "0.3", "mousemove", 420, 350, "sleep", "0.3", "mousedown", "1", "sleep", "0.2")
			for i := range 8 {
				p.xdotool("mousemove", 420+14*i, 350-6*i, "sleep", "0.1")
			}
			p.screenshot("1-painting")
			p.xdotool("mouseup", "1")
			p.waitMasked()
			p.screenshot("2-selected")
		})
	}
}

// TestPeopleOnAPhoto selects the person in a portrait by the key, and once more with a mask
// that is there already, in both languages.
func TestPeopleOnAPhoto(t *testing.T) {
	t.Parallel()
	photo, err := filepath.Abs("../../editor/person/testdata/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en_US", "zh_CN"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			size := image.Pt(900, 640)
			if language == "zh_CN" {
				size = image.Pt(1300, 860)
			}
			p := newDesktop(t, size.X, size.Y, "LC_ALL="+language+".UTF-8").launch(photo)
			p.waitLogged("shown", 1)
			p.xdotool("key", "alt+m", "sleep", "0.5")
			p.screenshot("1-menu")
			p.xdotool("key", "Escape", "sleep", "0.3", "key", "shift+p")
			p.waitMasked()
			p.screenshot("2-selected")
			p.xdotool("key", "shift+i", "sleep", "0.5", "key", "shift+p", "sleep", "3")
			p.screenshot("3-asked")
			p.xdotool("key", "Right", "sleep", "0.3", "key", "Right", "sleep", "1")
			p.screenshot("4-what-both-have")
			p.xdotool("key", "Right", "sleep", "0.3", "key", "Return", "sleep", "1")
			p.screenshot("5-replaced")
		})
	}
}
