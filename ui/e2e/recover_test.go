package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/assets/photos"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
)

// TestRecoverAfterKill paints, kills the program as a power cut would, starts it
// again and opens what it kept: the picture, the mask and the prompt are as they
// were. Then it is saved as a project, and a clean end leaves nothing behind.
func TestRecoverAfterKill(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	kept := filepath.Join(d.home, "data", "overpaint", "documents")
	p := d.launch()
	p.trySample()
	p.typePrompt("only water")
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
	p.press("Open it")
	p.waitLogged("recovered", 1)
	p.wait("the picture's name and unsaved changes in the title", func() bool {
		return strings.HasPrefix(p.title(), "* "+photos.SampleName)
	})
	p.xdotool("key", "ctrl+shift+s")
	p.press("Save")
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
	all := copiesOfAutosaves(t, dir)
	if len(all) != 1 {
		return document.Project{}, false
	}
	return all[0], true
}

// copiesOfAutosaves reads all autosaves in a folder, the latest first; none
// while one of them can't be read.
func copiesOfAutosaves(t *testing.T, dir string) []document.Project {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		return nil
	}
	found, err := document.Recover(to)
	var all []document.Project
	for _, r := range found {
		p, openErr := r.Open(picture.DefaultLimits)
		r.Release()
		if err = errors.Join(err, openErr); err == nil {
			all = append(all, p)
		}
	}
	if err != nil {
		return nil
	}
	return all
}

// TestSeveralLeft kills the program twice. The third start offers both
// documents; the older is opened and the other stays until it is discarded.
func TestSeveralLeft(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	kept := filepath.Join(e.home, "data", "overpaint", "documents")
	older, newer := pts(100, 100), pts(300, 300)
	left := func(what string, want ...[]image.Point) {
		t.Helper()
		e.wait(what, func() bool {
			all := copiesOfAutosaves(t, kept)
			if len(all) != len(want) {
				return false
			}
			for i, p := range all {
				other := newer
				if want[i][0] == newer[0] {
					other = older
				}
				if !covers(want[i], other)(p.State.Mask) {
					return false
				}
			}
			return true
		})
	}
	kill := func() {
		t.Helper()
		if err := e.process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = e.process.Wait()
	}
	e.stroke("", older...)
	left("the first autosave", older)
	kill()
	e.program = e.launch(filepath.Join(e.home, "easel.png"))
	e.waitLogged("opened", 2)
	e.wait("an offer", e.dialogOpen)
	e.keys("Escape")
	e.wait("the picture", func() bool { return e.corner().Min == e.origin })
	e.stroke("", newer...)
	left("both autosaves", newer, older)
	kill()

	e.program = e.launch()
	e.wait("an offer", e.dialogOpen)
	e.screenshot("1-both")
	e.pressNth("Open it", 1)
	e.waitLogged("recovered", 1)
	left("both, the opened one kept last", older, newer)
	e.choose("2-menu", "File", "Recover unsaved work…")
	e.wait("an offer", e.dialogOpen)
	e.screenshot("3-one")
	e.press("Discard…")
	e.xdotool("sleep", "0.5")
	e.screenshot("4-sure")
	e.press("Discard")
	left("the one that is open", older)
}

// dialogOpen tells a dialog by the shade that it casts over the side panel.
func (e *easel) dialogOpen() bool {
	r, g, b, _ := e.capture().At(e.client.Max.X-60, e.client.Max.Y-250).RGBA()
	return (r+g+b)/3>>8 < 0x22
}
