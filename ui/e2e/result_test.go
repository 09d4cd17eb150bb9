package e2e

import (
	"encoding/json"
	"image"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// project returns the document as it is autosaved.
func (e *easel) project() (document.Project, bool) {
	return copyOfAutosave(e.t, filepath.Join(e.home, "data", "overpaint", "documents"))
}

// TestAcceptedResultStaysEditable uses a variant, selects it on the picture,
// changes it in every way, and undoes that step by step.
func TestAcceptedResultStaysEditable(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.stroke("", pts(330, 140, 360, 150)...)
	e.keys("ctrl+Return")
	e.waitLogged("ended", 1)
	e.keys("Return") // use the first variant
	results := func(what string, so func([]*document.Result) bool) {
		t.Helper()
		e.wait(what, func() bool {
			p, ok := e.project()
			return ok && so(p.State.Results)
		})
	}
	results("an accepted result", func(p []*document.Result) bool { return len(p) == 1 })

	e.keys("v")
	e.stroke("", pts(345, 145)...) // a click chooses what lies there
	e.control("Edit mask", 0)
	e.screenshot("1-selected")
	e.press("Match colours")
	results("colours as they came", func(p []*document.Result) bool { return !p[0].Blend.Match })
	e.keys("ctrl+z")
	results("colours matched again", func(p []*document.Result) bool { return p[0].Blend.Match })

	// Its own mask is erased, and painted back by undoing.
	whole := func(p []*document.Result) bool { return p[0].At(image.Pt(345, 145)) == 255 }
	results("the result whole", whole)
	e.press("Edit mask")
	e.keys("e")
	e.stroke("", pts(335, 142, 355, 148)...)
	e.screenshot("2-erased")
	results("a hole in the result", func(p []*document.Result) bool { return p[0].At(image.Pt(345, 145)) == 0 })
	e.keys("ctrl+z")
	results("the result whole again", whole)
	e.press("Done")

	// Another variant takes its place, and doesn't lie on it.
	first := 0
	results("the first variant", func(p []*document.Result) bool { first = p[0].Chosen; return true })
	e.press("Swap")
	results("another variant in its place", func(p []*document.Result) bool { return len(p) == 1 && p[0].Chosen != first })
	e.keys("ctrl+z")

	// Its mask becomes the next edit's.
	results("the first variant again", func(p []*document.Result) bool { return p[0].Chosen == first })
	e.press("Reuse mask")
	e.screenshot("3-mask-again")
	e.expect("the mask again", func(m *mask.Mask) bool { return covers(pts(330, 140, 360, 150), nil)(m) })
	e.keys("ctrl+z")
	e.keys("Delete")
	results("no result", func(p []*document.Result) bool { return len(p) == 0 })
	e.keys("ctrl+z")
	results("the result again", func(p []*document.Result) bool { return len(p) == 1 })
}

// TestDrawnFrame resizes and moves the window that will be sent. It is kept while
// it holds the mask, forgotten when it doesn't, and given up by the button or a double-click.
func TestDrawnFrame(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	frame := func(what string, so func(image.Rectangle) bool) {
		t.Helper()
		e.wait(what, func() bool {
			p, ok := e.project()
			var s struct{ Frame [4]int }
			return ok && json.Unmarshal(p.Settings, &s) == nil && so(image.Rect(s.Frame[0], s.Frame[1], s.Frame[2], s.Frame[3]))
		})
	}
	about := func(want image.Rectangle) func(image.Rectangle) bool {
		return func(got image.Rectangle) bool {
			return got.Inset(-3).Intersect(want) == want && want.Inset(-3).Intersect(got) == got
		}
	}
	// A stroke wakes the autosave, which keeps the frame along.
	mark := func(x, y int) {
		e.keys("b")
		e.stroke("", image.Pt(x, y))
		e.keys("v")
	}
	mark(100, 100)
	e.stroke("", pts(500, 400, 420, 350, 300, 300)...)
	mark(110, 100)
	frame("a smaller frame", about(image.Rect(0, 0, 300, 300)))
	e.stroke("", pts(200, 200, 215, 210, 240, 240)...)
	mark(120, 100)
	frame("a frame moved", about(image.Rect(40, 40, 340, 340)))
	e.screenshot("1-drawn")
	mark(400, 350)
	frame("the frame forgotten with a mask outside of it", image.Rectangle.Empty)
	e.stroke("", pts(500, 400, 490, 390, 480, 395)...)
	mark(105, 105)
	frame("another frame", func(r image.Rectangle) bool { return !r.Empty() })
	e.xdotool("mousemove", "--window", e.window, 119, 45, "sleep", "0.3")
	e.screenshot("2-automatic")
	e.xdotool("click", "1")
	mark(130, 110)
	frame("the frame given up", image.Rectangle.Empty)
	e.keys("v")
	e.stroke("", pts(500, 400, 490, 390, 480, 395)...)
	mark(120, 110)
	frame("the frame drawn once more", func(r image.Rectangle) bool { return !r.Empty() })
	e.keys("v")
	at := e.at(250, 300)
	e.xdotool("mousemove", at.X, at.Y, "sleep", "0.3")
	e.busy(func() { e.xdotool("click", "1", "click", "1") }) // the two are told apart by the time between them
	e.xdotool("sleep", "0.5")
	mark(130, 100)
	frame("the frame given up by a double-click", image.Rectangle.Empty)
}

// TestResultsAreOperatedByMenuAndKeys names a result by its menu, hides it, and removes it by the
// keyboard.
func TestResultsAreOperatedByMenuAndKeys(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.stroke("", pts(330, 140, 360, 150)...)
	e.keys("ctrl+Return")
	e.waitLogged("ended", 1)
	e.keys("Return") // use the first variant
	results := func(what string, so func([]*document.Result) bool) {
		t.Helper()
		e.wait(what, func() bool {
			p, ok := e.project()
			return ok && so(p.State.Results)
		})
	}
	menu := func(name string, keys ...string) {
		t.Helper()
		at := e.control(name, 0).center()
		e.xdotool("mousemove", "--window", e.window, at.X, at.Y, "sleep", "0.2", "click", "3", "sleep", "0.4")
		e.keys(keys...)
	}
	menu("Fill 1", "Down", "Down", "Return")
	e.xdotool("sleep", "0.3", "type", "--delay", "40", "sea")
	e.keys("Return")
	results("the new name", func(r []*document.Result) bool { return len(r) == 1 && r[0].Name == "sea" })
	menu("sea", "Down", "Return")
	results("the result hidden", func(r []*document.Result) bool { return r[0].Hidden })
	e.keys("ctrl+z")
	results("the result visible again", func(r []*document.Result) bool { return !r[0].Hidden })

	e.keys("shift+Tab") // from the canvas to the last control but Generate, which can't be used
	e.screenshot("1-row-focused")
	e.keys("space")
	e.control("Edit mask", 0)
	e.keys("Tab", "Tab", "Home") // the row's eye, the slider of the opacity
	results("an opacity of 0", func(r []*document.Result) bool { return r[0].Blend.Opacity == 0 })
	e.keys("shift+Tab", "shift+Tab", "Delete")
	results("no result", func(r []*document.Result) bool { return len(r) == 0 })
}
