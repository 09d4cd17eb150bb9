package session_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// A label that the photo's file has of its own stays where it is saved or exported without
// metadata, as long as labels are wanted.
func TestOwnLabelOfThePhotoStays(t *testing.T) {
	for _, wanted := range []bool{true, false} {
		b := newBench(t)
		b.settings.set(func(s *settings.Settings) { s.Saving.Label, s.Saving.Strip = wanted, true })
		plain := b.copied(b.photo("plain.png"))
		photo := filepath.Join(b.folder, "made.png")
		if err := picture.Save(t.Context(), photo, plain.Pix, picture.Encoding{Format: picture.PNG, Label: &picture.Label{}}, file.Nothing); err != nil {
			t.Fatal(err)
		}
		b.Open(photo)
		b.until("the picture", func() bool { return b.Document().Name == "made.png" })
		b.SavePicture()
		saved := filepath.Join(b.folder, "saved.png")
		b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: saved})
		b.noticed("window.saved")
		b.Export(export.Preset{Name: "x", Format: "png", Quality: 90, Template: "copy", Strip: true})
		b.noticed("window.exported")
		for _, path := range []string{saved, filepath.Join(b.folder, "copy.png")} {
			if got := bytes.Contains(b.copied(path).Meta.XMP, []byte("compositeWithTrainedAlgorithmicMedia")); got != wanted {
				t.Errorf("%s: wanted %v, labelled %v", path, wanted, got)
			}
		}
	}
}
