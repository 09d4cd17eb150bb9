package e2e

import (
	"bytes"
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint/assets/photos"
	"overpaint/editor/document"
	"overpaint/editor/picture"
)

// TestRecoverAfterKill paints, kills the program as a power cut would, starts it
// again and opens what it kept: the picture, the mask and the prompt are as they
// were. Then it is saved as a project, and a clean end leaves nothing behind.
func TestRecoverAfterKill(t *testing.T) {
	d := newDesktop(t, 1300, 860)
	kept := filepath.Join(d.home, "data", "overpaint", "documents")
	p := d.launch()
	p.click(605, 397) // Try the sample
	p.waitLogged("opened", 1)
	p.click(1090, 103) // the prompt
	p.xdotool("type", "--delay", "40", "only water")
	p.drag(image.Pt(420, 330), image.Pt(450, 340), image.Pt(480, 350), image.Pt(516, 362))
	p.drag(image.Pt(600, 250), image.Pt(640, 255), image.Pt(680, 260))
	var before document.Project
	p.wait("an autosave of both strokes", func() bool {
		var ok bool
		before, ok = copyOfAutosave(t, kept)
		return ok && before.State.Mask.Bounding().Dx() > 200
	})
	if err := p.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()

	p = d.launch()
	p.screenshot("1-offered")
	p.click(830, 423) // Open it
	p.waitLogged("recovered", 1)
	p.wait("the picture's name and unsaved changes in the title", func() bool {
		return strings.HasPrefix(p.title(), "* "+photos.SampleName)
	})
	p.xdotool("key", "ctrl+shift+s", "sleep", "0.5", "key", "Return")
	p.waitLogged("project saved", 1)
	p.screenshot("2-recovered")
	after, err := document.OpenProject(filepath.Join(d.home, "lakeshore.overpaint"), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if !after.State.Mask.Equal(before.State.Mask) {
		t.Error("the mask is not the one that was painted")
	}
	if !bytes.Equal(after.Source.Bytes, photos.Sample) {
		t.Error("the picture's file is not the one that was opened")
	}
	var session struct{ Prompt string }
	if err := json.Unmarshal(after.Settings, &session); err != nil || session.Prompt != "only water" {
		t.Errorf("the prompt came back as %q (%v)", session.Prompt, err)
	}

	p.xdotool("key", "ctrl+q")
	if err := p.process.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	if left, err := os.ReadDir(kept); err != nil || len(left) > 0 {
		t.Errorf("a clean end left %v behind (%v)", left, err)
	}
}

// copyOfAutosave reads the one autosave in a folder, which the running program
// holds locked, by way of a copy. It may be in the middle of a change.
func copyOfAutosave(t *testing.T, dir string) (document.Project, bool) {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		return document.Project{}, false
	}
	found, err := document.Recover(to)
	if err != nil || len(found) != 1 {
		return document.Project{}, false
	}
	defer found[0].Release()
	p, err := found[0].Open(picture.DefaultLimits)
	return p, err == nil
}
