package session_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// edited opens a photo and uses a variant of it.
func edited(t *testing.T) (b *bench, path string) {
	b = ready(t)
	one, _ := b.made()
	b.Use(one)
	return b, filepath.Join(b.folder, "lake.png")
}

func TestAPhotoIsReplacedOnceTheUserAgrees(t *testing.T) {
	b, path := edited(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b.Save()
	q := b.asked(session.AskReplace)
	b.Save()
	if len(b.Questions()) != 1 {
		t.Error("asked twice")
	}
	b.Answer(q.ID, session.Dismiss)
	b.quiet()
	b.Save()
	b.Answer(b.asked(session.AskReplace).ID, session.Save)
	b.noticed("window.saved")
	kept := filepath.Join(b.folder, "lake.orig.png")
	if got, err := os.ReadFile(kept); err != nil || !bytes.Equal(got, before) {
		t.Errorf("the original isn't kept: %v", err)
	}
	p, err := picture.Open(path, picture.DefaultLimits)
	if err != nil || int(p.Pix.NRGBAAt(75, 55).R) != b.at(75, 55) || b.Document().Modified {
		t.Errorf("the file isn't the picture: %v, modified %v", err, b.Document().Modified)
	}
	// From now on without a word, and without a second copy.
	b.Undo()
	b.Save()
	b.until("the file to be as before", func() bool { return !b.Document().Modified })
	b.quiet()
	if _, err := os.Stat(filepath.Join(b.folder, "lake.orig-2.png")); err == nil {
		t.Error("the original is kept twice")
	}
}

func TestAPhotoCanBeSavedAsAnotherFile(t *testing.T) {
	b, path := edited(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b.Save()
	b.Answer(b.asked(session.AskReplace).ID, session.SaveAs)
	q := b.asked(session.AskFile)
	if q.File.Name != "lake-edited.png" {
		t.Errorf("suggested is %q", q.File.Name)
	}
	b.AnswerFile(q.ID, session.Chosen{Path: filepath.Join(b.folder, q.File.Name)})
	b.noticed("window.saved")
	if got := b.Document().Name; got != "lake-edited.png" {
		t.Errorf("it is still called %q", got)
	}
	b.Undo()
	b.Save()
	if q := b.asked(session.AskFile); q.File.Name != "lake-edited.png" { // that was said once
		t.Errorf("suggested is %q", q.File.Name)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the photo was touched: %v", err)
	}
}

func TestOriginalsAreNotKeptWhereThatIsOff(t *testing.T) {
	b, path := edited(t)
	b.settings.set(func(s *settings.Settings) { s.Saving.KeepOriginal = false })
	b.Save()
	b.Answer(b.asked(session.AskReplace).ID, session.Save)
	b.noticed("window.saved")
	if _, err := os.Stat(filepath.Join(b.folder, "lake.orig.png")); err == nil {
		t.Error("the original is kept")
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// TestWhatCanNotBeReplacedIsAskedFor saves a picture that wasn't edited.
func TestWhatCanNotBeReplacedIsAskedFor(t *testing.T) {
	b := ready(t)
	b.Save()
	b.asked(session.AskFile)
}

// A variant that the canvas shows isn't left out of a file without a word.
func TestAShownVariantIsUsedOrLeftOutOnPurpose(t *testing.T) {
	for _, save := range []func(b *bench){func(b *bench) { b.Save() }, func(b *bench) { b.SavePicture() }} {
		for _, reply := range []session.Reply{session.Yes, session.Discard} {
			b := ready(t)
			one, _ := b.made()
			b.Choose(one)
			was := b.at(75, 55)
			save(b)
			q := b.asked(session.AskShown)
			save(b)
			if len(b.Questions()) != 1 {
				t.Error("asked twice")
			}
			b.Answer(q.ID, session.Dismiss)
			b.quiet()
			save(b)
			b.Answer(b.asked(session.AskShown).ID, reply)
			if q := b.Questions(); q[0].Ask == session.AskReplace {
				b.Answer(q[0].ID, session.SaveAs)
			}
			q = b.asked(session.AskFile)
			path := filepath.Join(b.folder, q.File.Name)
			b.AnswerFile(q.ID, session.Chosen{Path: path})
			b.noticed("window.saved")
			p, err := picture.Open(path, picture.DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			if got := int(p.Pix.NRGBAAt(75, 55).R); (got == was) != (reply == session.Yes) {
				t.Errorf("%s: the file holds %d, and the canvas showed %d", reply, got, was)
			}
		}
	}
}

func TestWhatAnotherProgramWroteIsntReplacedUnasked(t *testing.T) {
	for _, first := range []bool{true, false} {
		b, path := edited(t)
		replace := func() { b.Answer(b.asked(session.AskReplace).ID, session.Save) }
		if !first {
			b.Save()
			replace()
			b.noticed("window.saved")
			b.Undo()
		}
		foreign := []byte("written by another program")
		if err := os.WriteFile(path, foreign, 0o600); err != nil {
			t.Fatal(err)
		}
		b.Save()
		if first {
			replace()
		}
		b.Answer(b.asked(session.AskChanged).ID, session.Dismiss)
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, foreign) || !b.Document().Modified {
			t.Fatalf("first %v: it was replaced unasked: %v", first, err)
		}
		b.Save()
		b.Answer(b.asked(session.AskChanged).ID, session.Save)
		b.until("the file to be replaced", func() bool { return !b.Document().Modified })
		if _, err := picture.Open(path, picture.DefaultLimits); err != nil {
			t.Errorf("first %v: it isn't replaced: %v", first, err)
		}
		kept := "lake.orig.png"
		if !first {
			kept = "lake.orig-2.png"
		}
		if now, err := os.ReadFile(filepath.Join(b.folder, kept)); err != nil || !bytes.Equal(now, foreign) {
			t.Errorf("first %v: what it held isn't kept: %v", first, err)
		}
		// What was written here is no such change.
		if first {
			b.Undo()
		} else {
			b.Redo()
		}
		b.Save()
		b.until("the file to be written", func() bool { return !b.Document().Modified })
		b.quiet()
	}
}

// The name of the copy is promised only where it is free.
func TestTheOriginalsNameIsToldWhereItIsFree(t *testing.T) {
	b, path := edited(t)
	b.Save()
	q := b.asked(session.AskReplace)
	if q.Text.Key != "dialog.replace.text_kept" {
		t.Errorf("told is %s", q.Text)
	}
	b.Answer(q.ID, session.Dismiss)
	ending := filepath.Ext(path)
	if err := os.WriteFile(strings.TrimSuffix(path, ending)+".orig"+ending, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Save()
	if q = b.asked(session.AskReplace); q.Text.Key != "dialog.replace.text_copy" {
		t.Errorf("where the name is taken told is %s", q.Text)
	}
}

// A file that is gone isn't replaced: where to save is asked.
func TestAFileThatIsGoneIsNotReplaced(t *testing.T) {
	b, path := edited(t)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	b.Save()
	b.asked(session.AskFile)
}

// Programs that write metadata can keep a file's time, and often its size.
func TestAChangeThatKeepsSizeAndTimeIsSeen(t *testing.T) {
	b, path := edited(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	foreign := bytes.Repeat([]byte("x"), int(info.Size()))
	if err := errors.Join(os.WriteFile(path, foreign, 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	b.Save()
	b.Answer(b.asked(session.AskReplace).ID, session.Save)
	b.asked(session.AskChanged)
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, foreign) {
		t.Errorf("it was replaced unasked: %v", err)
	}
}

// A copy restored, or a time that was set, is no change.
func TestTheSameBytesWithAnotherTimeAreNoChange(t *testing.T) {
	b, path := edited(t)
	if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	b.Save()
	b.Answer(b.asked(session.AskReplace).ID, session.Save)
	b.noticed("window.saved")
}

func TestSavingUnderThePhotosOwnNameIsNoForeignChange(t *testing.T) {
	b, path := edited(t)
	b.Save()
	b.Answer(b.asked(session.AskReplace).ID, session.Save)
	b.until("the file to be written", func() bool { return !b.Document().Modified })
	b.Undo()
	b.SavePicture()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path, Over: file.Writable})
	b.until("the file to be written", func() bool { return !b.Document().Modified })
	b.Redo()
	b.Save()
	b.until("the file to be written", func() bool { return !b.Document().Modified })
	b.quiet()
}
