package session_test

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// copied waits for a file and opens it.
func (b *bench) copied(path string) *picture.Picture {
	b.Helper()
	var p *picture.Picture
	b.until("the copy", func() bool {
		found, err := picture.Open(path, picture.DefaultLimits)
		p = found
		return err == nil
	})
	return p
}

// A copy is written beside the photo, which stays as it is: a copy is no saving.
func TestExportWritesACopyAndChangesNothing(t *testing.T) {
	b, path := edited(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := b.Document().Size
	if b.Can("export_again") {
		t.Error("there is a last copy")
	}
	p := export.Preset{Name: "half", Bound: export.Percent, Size: 50, Format: "png", Quality: 90, Folder: "small", Template: "{name}-{width}"}
	b.SaveExports(append(b.Exports().Presets, p))
	b.until("the preset", func() bool { return len(b.Exports().Presets) == len(export.Presets())+1 })
	b.Export(p)
	b.noticed("window.exported")
	half := image.Pt((size.X+1)/2, (size.Y+1)/2)
	name := p.FileName("lake", b.now, half, 1)
	if got := b.copied(filepath.Join(b.folder, "small", name+".png")); got.Size() != half {
		t.Errorf("the copy has %v, not %v", got.Size(), half)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) || !b.Document().Modified {
		t.Errorf("the photo's file has changed or counts as saved: %v", err)
	}
	b.until("what was last", func() bool { return b.Can("export_again") })
	if e := b.Exports(); e.Presets[e.Last].Name != "half" || e.Size != size || e.Name != "lake" || e.Folder != b.folder {
		t.Errorf("offered is %+v", e)
	}
	b.ExportAgain()
	b.copied(filepath.Join(b.folder, "small", name+"-2.png"))
}

// What can't be written is told, and nothing else happens.
func TestExportReportsFailures(t *testing.T) {
	b, path := edited(t)
	b.Export(export.Preset{Name: "x", Format: "png", Quality: 90, Folder: path})
	b.noticed("window.not_saved")
}

// A variant that is looked at is what is exported, under its name.
func TestExportOfAVariant(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Choose(one)
	b.until("the variant", func() bool { return b.Shown().What == session.IsVariant })
	b.Export(export.Preset{Name: "x", Format: "png", Quality: 90, Template: "{name}"})
	b.noticed("window.exported")
	if got := b.copied(filepath.Join(b.folder, b.Exports().Name+".png")); got.Size() != b.Document().Size {
		t.Error("its size is", got.Size())
	}
}
