package session_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/ui/session"
)

// TestSavedAsThePictureWas suggests the format of the picture's own file.
func TestSavedAsThePictureWas(t *testing.T) {
	b := ready(t)
	b.settings.set(func(s *settings.Settings) { s.Saving.Format = "source" })
	b.SavePicture()
	q := b.asked(session.AskFile)
	if q.File.Name != "lake-edited.png" || !q.File.Formats {
		t.Errorf("%+v", q.File)
	}
	b.Answer(q.ID, session.Dismiss)
}

// TestWhatAModelMadeIsLabelled labels a picture with a result of a service, unless
// the user doesn't want that, and remembers it.
func TestWhatAModelMadeIsLabelled(t *testing.T) {
	b := ready(t)
	b.settings.set(func(s *settings.Settings) { s.Saving.Label = true })
	one, _ := b.made()
	save := func(name string, choices *session.Choices) []byte {
		t.Helper()
		b.SavePicture()
		q := b.asked(session.AskFile)
		path := filepath.Join(b.folder, name)
		b.AnswerFile(q.ID, session.Chosen{Path: path, Choices: choices})
		b.until("the file", func() bool { _, err := os.Stat(path); return err == nil })
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	label := []byte("compositeWithTrainedAlgorithmicMedia")
	b.ShowCurrent()
	if bytes.Contains(save("none.png", nil), label) {
		t.Error("a picture without results is labelled")
	}
	b.Use(one)
	if !bytes.Contains(save("yes.png", nil), label) {
		t.Error("what a service made isn't labelled")
	}
	b.SavePicture()
	q := b.asked(session.AskFile)
	b.Answer(q.ID, session.Dismiss)
	if !q.File.Labels {
		t.Error("the person isn't asked whether to label")
	}
	if bytes.Contains(save("no.png", &session.Choices{Strip: true}), label) {
		t.Error("labelled although it isn't wanted")
	}
	b.until("the choice to be kept", func() bool { b.advance(time.Second); return b.settings.Current().Saving.Strip })
}

// TestAllSavedWithoutMetadata leaves the prompt out of all variants' files, too, where
// the user wants no metadata in them.
func TestAllSavedWithoutMetadata(t *testing.T) {
	b := ready(t)
	b.settings.set(func(s *settings.Settings) { s.Saving.Text, s.Saving.Strip, s.Saving.Label = true, true, false })
	b.made()
	b.SaveAll()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: b.folder})
	b.noticed("window.saved_all")
	data, err := os.ReadFile(filepath.Join(b.folder, "lake-1.png"))
	if err != nil || bytes.Contains(data, []byte("tEXt")) || bytes.Contains(data, []byte("iTXt")) {
		t.Errorf("there is text in the file (%v)", err)
	}
}
