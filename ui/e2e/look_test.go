package e2e

import (
	"image"
	"image/draw"
	"strings"
	"testing"
)

// shown is the middle of the canvas, where the sample lies, in the window.
var shown = image.Rect(330, 200, 700, 520)

// look returns the pixels of a part of the window.
func (p *program) look(part image.Rectangle) *image.RGBA {
	p.t.Helper()
	screen := p.capture()
	inside := image.NewRGBA(image.Rectangle{Max: part.Size()})
	draw.Draw(inside, inside.Rect, screen, p.client.Min.Add(part.Min), draw.Src)
	return inside
}

func same(a, b *image.RGBA) bool { return string(a.Pix) == string(b.Pix) }

// park moves the pointer away, so that no ring is on the canvas.
func (p *program) park() {
	p.t.Helper()
	p.xdotool("mousemove", "--window", p.window, 1140, 600, "sleep", "0.3")
}

// TestLookAndUse looks at a variant and, with Tab held, at the original; then
// the variant is used, and undoing takes it back.
func TestLookAndUse(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.trySample()
	p.park()
	p.xdotool("sleep", "0.5")
	original := p.look(shown)

	p.drag(image.Pt(440, 330), image.Pt(480, 345), image.Pt(520, 360))
	p.wait("unsaved changes in the title", func() bool { return strings.HasPrefix(p.title(), "* ") })
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("ended", 1)
	p.park()
	p.wait("the first variant on the canvas", func() bool { return !same(p.look(shown), original) })

	p.xdotool("keydown", "Tab")
	p.wait("the original while Tab is held", func() bool { return same(p.look(shown), original) })
	p.screenshot("tab")
	p.xdotool("keyup", "Tab")
	p.wait("the variant again", func() bool { return !same(p.look(shown), original) })

	p.xdotool("key", "2", "sleep", "0.3", "key", "c", "sleep", "0.3")
	p.screenshot("slider")
	p.xdotool("key", "c", "sleep", "0.3")
	second := p.look(shown)
	p.xdotool("key", "Return", "sleep", "0.5") // uses the second variant
	p.wait("the document with the variant", func() bool { return same(p.look(shown), second) })
	p.screenshot("used")
	p.xdotool("key", "ctrl+z")
	p.wait("the mask that made the variant", func() bool { now := p.look(shown); return !same(now, second) && !same(now, original) })
	p.xdotool("key", "ctrl+z")
	p.wait("the original after undoing", func() bool { return same(p.look(shown), original) })
}

// TestCancel stops long work with Shift+Esc, and not with Esc.
func TestCancel(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.trySample()
	p.xdotool("key", "ctrl+a", "sleep", "0.3", "key", "shift+i", "sleep", "0.3", "key", "ctrl+e", "sleep", "0.5")
	p.press("2×")
	p.xdotool("sleep", "0.3", "key", "Return", "sleep", "0.5", "key", "ctrl+Return")
	p.waitLogged("queued", 1)
	p.screenshot("working")
	p.xdotool("key", "Escape", "sleep", "0.5")
	if p.logged("ended") != 0 {
		t.Error("Esc has cancelled an edit")
	}
	p.xdotool("key", "shift+Escape")
	p.waitLogged("ended", 1)
	if got := p.logged("variant"); got == 4 {
		t.Error("all variants came although the work was cancelled")
	}
}
