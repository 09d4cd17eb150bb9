package e2e

import (
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

// kept reads the settings that are written.
func (d *desktop) kept() *settings.Settings {
	return settings.Open(filepath.Join(d.home, "config", "overpaint")).Current()
}

// settle writes the settings that the program finds at its start.
func (d *desktop) settle(fields map[string]any) {
	d.t.Helper()
	folder := filepath.Join(d.home, "config", "overpaint")
	raw, err := json.Marshal(fields)
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, settings.FileName), raw, 0o600)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// TestViewOfTheWindow hides the panels, fills the screen, zooms by the status
// bar, and hides mask and frame.
func TestViewOfTheWindow(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.trySample()
	p.paintStroke()
	p.park()
	painted := p.look(shown)
	p.xdotool("key", "m")
	p.wait("the picture without its mask", func() bool { return !same(p.look(shown), painted) })
	p.screenshot("no-mask")
	p.xdotool("key", "f", "sleep", "0.3", "key", "f", "key", "m")
	p.wait("the mask again", func() bool { return same(p.look(shown), painted) })

	p.xdotool("key", "grave")
	p.wait("no panels", func() bool { return len(p.find("Generate")) == 0 })
	p.screenshot("no-panels")
	p.xdotool("key", "F11")
	p.wait("the whole screen", func() bool { return d.geometry(p.window).Size() == image.Pt(1300, 860) })
	p.screenshot("full-screen")
	p.xdotool("key", "Escape")
	p.wait("the window again", func() bool { return d.geometry(p.window).Size() != image.Pt(1300, 860) })
	p.xdotool("key", "grave")
	p.wait("the panels", func() bool { return len(p.find("Generate")) > 0 })

	p.press("Zoom")
	p.xdotool("sleep", "0.3")
	p.screenshot("zooms")
	p.xdotool("key", "Escape", "sleep", "0.3")
	p.xdotool("key", "ctrl+alt+z", "sleep", "0.5")
	p.screenshot("steps")
	p.xdotool("key", "Up", "sleep", "0.5", "key", "Escape")
	p.wait("the picture as it was opened", func() bool { return !strings.HasPrefix(p.title(), "* ") })
}

// TestTheLayoutOutlivesAKill changes size, place and panels and kills the program.
func TestTheLayoutOutlivesAKill(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1500, 1000)
	p := d.launch()
	p.trySample()
	t.Cleanup(func() {
		if s := d.kept(); t.Failed() {
			t.Logf("kept: hidden %v, size %vx%v, place %v; on the screen %v", s.PanelsHidden, s.WindowWidth, s.WindowHeight, s.WindowPlace, d.geometry(p.window))
		}
	})
	// The key comes soon after the move: the place is found out even so, a little later.
	p.xdotool("windowsize", "--sync", p.window, 1100, 740, "sleep", "0.5", "windowmove", p.window, 150, 90, "sleep", "0.5", "key", "grave")
	p.wait("all of it in the settings", func() bool {
		s := d.kept()
		at := s.WindowPlace
		return s.PanelsHidden && s.WindowWidth == 1100 && len(at) == 2 && at[0] > 140 && at[0] < 160 && at[1] > 50
	})
	before := d.geometry(p.window)
	_ = p.process.Process.Kill()
	_ = p.process.Wait()
	p = d.launch()
	p.wait("the window where it was", func() bool { return d.geometry(p.window) == before })
	if len(p.find("Generate")) != 0 {
		t.Error("the panels are there again")
	}
}

// TestKeysAreChanged gives a command another key and uses it; menu and tooltips
// show it, and the program still knows it after a start.
func TestKeysAreChanged(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	d.settle(map[string]any{"keys": map[string][]string{"tool.brush": {"J"}, "mask_all": {"Ctrl+J"}}})
	p := d.launch()
	p.trySample()
	p.xdotool("key", "e", "sleep", "0.3", "key", "b", "sleep", "0.3", "key", "ctrl+a", "sleep", "0.5")
	if strings.HasPrefix(p.title(), "* ") {
		t.Error("a key that was given up is still obeyed")
	}
	p.xdotool("key", "ctrl+j")
	p.wait("everything masked", func() bool { return strings.HasPrefix(p.title(), "* ") })
	p.xdotool("key", "F1")
	p.control("Reset all keys", 0)
	p.xdotool("sleep", "0.5")
	p.screenshot("list")
	p.press("Ctrl+Z") // Undo's
	p.xdotool("sleep", "0.3", "key", "ctrl+e", "sleep", "0.5")
	p.screenshot("conflict")
	p.press("Use it here")
	p.wait("it in the settings", func() bool { s := d.kept(); return len(s.Keys["undo"]) == 1 && s.Keys["undo"][0] == "Ctrl+E" })
	p.xdotool("key", "Escape", "sleep", "0.5", "key", "ctrl+e")
	p.wait("the mask undone by Ctrl+E", func() bool { return !strings.HasPrefix(p.title(), "* ") })
}

// TestTheLanguageChangesAtOnce goes to Chinese and back in the settings.
func TestTheLanguageChangesAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.trySample()
	p.paintStroke()
	p.xdotool("key", "ctrl+comma", "sleep", "0.5")
	p.press("Same as system") // the language; the theme is beside it
	p.xdotool("sleep", "0.3", "key", "Down", "key", "Down", "key", "Return", "sleep", "0.5")
	p.screenshot("chosen")
	p.press("Save")
	p.control("生成", 0)
	p.xdotool("sleep", "0.5")
	p.screenshot("chinese")
	if !strings.HasPrefix(p.title(), "* ") {
		t.Errorf("the work is not there any more: %q", p.title())
	}
	p.xdotool("key", "ctrl+z")
	p.wait("the stroke undone", func() bool { return !strings.HasPrefix(p.title(), "* ") })
}

// TestTheDesktopIsNotified lets an edit end while the window is out of sight.
func TestTheDesktopIsNotified(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	p.trySample()
	p.paintStroke()
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("ended", 1)
	if p.logged("notified") != 0 {
		t.Error("the desktop is told although the window is in front")
	}
	p.xdotool("key", "Escape", "sleep", "0.2", "key", "ctrl+Return", "windowminimize", p.window)
	p.waitLogged("ended", 2)
	p.waitLogged("notified", 1)
}

// TestOurFileDialog opens a picture by it, with its thumbnails in sight.
func TestOurFileDialog(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.keys("ctrl+o")
	e.control("Parent folder", 0)
	e.xdotool("sleep", "1")
	e.screenshot("open")
	e.press("Parent folder")
	e.xdotool("sleep", "0.5", "key", "Escape", "sleep", "0.5")
	if len(e.find("Parent folder")) != 0 {
		t.Error("Esc doesn't close it")
	}
}
