package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// choose presses a menu's title and then entries by their labels, one below the other.
func (e *easel) choose(name string, labels ...string) {
	e.t.Helper()
	for i, label := range labels {
		if i == len(labels)-1 {
			e.screenshot(name)
		}
		e.press(label)
	}
}

// TestMaskFilesAndProjects saves the mask and the project by hand, and opens the
// project again from the list of recent files.
func TestMaskFilesAndProjects(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.stroke("", pts(100, 100, 150, 120)...)
	var painted *mask.Mask
	e.expect("a stroke", func(m *mask.Mask) bool { painted = m; return m.Bounding().Dx() > 100 })
	e.choose("1-mask", "Mask", "Save mask as PNG…")
	e.keys("Return")
	e.waitLogged("mask saved", 1)
	raw, err := os.ReadFile(filepath.Join(e.home, "easel-mask.png"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := mask.Decode(raw, e.size); err != nil || !m.Equal(painted) {
		t.Errorf("the saved mask is another one (%v)", err)
	}
	if !strings.HasPrefix(e.title(), "* ") {
		t.Error("saving the mask counts as saving the picture")
	}

	e.keys("ctrl+shift+s")
	e.press("Save")
	e.waitLogged("project saved", 1)
	path := filepath.Join(e.home, "easel.overpaint")
	p, err := document.OpenProject(path, picture.DefaultLimits)
	if err != nil || !p.State.Mask.Equal(painted) {
		t.Fatalf("the project's mask is another one (%v)", err)
	}
	e.wait("the project's name, saved, in the title", func() bool { return strings.HasPrefix(e.title(), "easel.overpaint") })
	e.wait("no autosave of what is saved", func() bool { _, ok := e.project(); return !ok })

	e.clear()
	e.keys("ctrl+z")
	e.wait("nothing unsaved after undoing", func() bool { return strings.HasPrefix(e.title(), "easel.overpaint") })
	e.choose("2-recent", "File", "Open recent", "easel.overpaint   ~")
	e.waitLogged("opened", 2)
	e.stroke("", pts(400, 300)...)
	e.expect("the project's mask and a new dab", func(m *mask.Mask) bool {
		return covers(pts(100, 100, 150, 120, 400, 300), nil)(m)
	})
	e.keys("ctrl+shift+s")
	e.xdotool("sleep", "0.5")
	e.screenshot("3-replace")
	e.press("Replace")
	e.waitLogged("project saved", 2)
	p, err = document.OpenProject(path, picture.DefaultLimits)
	if err != nil || !covers(pts(400, 300), nil)(p.State.Mask) {
		t.Errorf("the project was not replaced (%v)", err)
	}
	if strings.Contains(string(p.Settings), e.home) {
		t.Errorf("the project tells of folders: %s", p.Settings)
	}
}
