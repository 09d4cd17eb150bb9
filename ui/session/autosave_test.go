package session_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// kept reads the one autosave there is, by way of a copy: it is locked.
func (b *bench) kept() (document.Project, bool) {
	to := b.TempDir()
	if err := os.CopyFS(to, os.DirFS(b.autosave)); err != nil {
		return document.Project{}, false
	}
	found, err := document.Recover(to)
	var all []document.Project
	for _, r := range found {
		p, openErr := r.Open(picture.DefaultLimits)
		err = errors.Join(err, openErr)
		all = append(all, p)
		r.Release()
	}
	if err != nil || len(all) != 1 {
		return document.Project{}, false
	}
	return all[0], true
}

func TestWorkIsKeptWhileItIsDoneAndOfferedAfterACrash(t *testing.T) {
	b := ready(t)
	b.stroke(box(10, 10, 20, 20))
	var kept document.Project
	b.until("an autosave", func() bool {
		var ok bool
		kept, ok = b.kept()
		return ok && kept.State.Mask.At(15, 15) == 255
	})
	var saved struct{ Prompt string }
	if err := json.Unmarshal(kept.Settings, &saved); err != nil || saved.Prompt != "a boat on the lake" {
		t.Errorf("the prompt is kept as %q (%v)", saved.Prompt, err)
	}

	// As after a power cut: what is on the disk, and a new program.
	after := newBench(t)
	if err := os.CopyFS(after.autosave, os.DirFS(b.autosave)); err != nil {
		t.Fatal(err)
	}
	after.LookForLeft()
	q := after.asked(session.AskLeft)
	if len(q.Left) != 1 || q.Left[0].Name.String() != "lake.png" || q.Left[0].Size != size || after.Left() != 1 {
		t.Fatalf("offered is %+v", q.Left)
	}
	after.OfferLeft()
	if len(after.Questions()) != 1 {
		t.Error("asked twice")
	}
	after.Answer(q.ID, session.Dismiss)
	after.OfferLeft()
	q = after.asked(session.AskLeft)
	after.AnswerLeft(q.ID, 5, session.Open)
	after.OfferLeft()
	after.AnswerLeft(after.asked(session.AskLeft).ID, 0, session.Open)
	after.until("the document", func() bool { return after.Document().Open })
	d := after.Document()
	if !d.Modified || d.Name != "lake.png" || after.mask().At(15, 15) != 255 {
		t.Errorf("open is %+v", d)
	}
	after.noticed("session.recovered")
	after.until("it to be kept by this program alone", func() bool { return after.Left() == 0 })
	if _, ok := after.kept(); !ok {
		t.Error("it is not kept any more")
	}
}

func TestLeftWorkCanBeDiscarded(t *testing.T) {
	b := ready(t)
	b.until("an autosave", func() bool { _, ok := b.kept(); return ok })
	after := newBench(t)
	if err := os.CopyFS(after.autosave, os.DirFS(b.autosave)); err != nil {
		t.Fatal(err)
	}
	after.LookForLeft()
	after.AnswerLeft(after.asked(session.AskLeft).ID, 0, session.Discard)
	after.Answer(after.asked(session.AskDiscard).ID, session.Dismiss)
	after.AnswerLeft(after.asked(session.AskLeft).ID, 0, session.Discard)
	after.Answer(after.asked(session.AskDiscard).ID, session.Yes)
	after.until("nothing left", func() bool { return after.Left() == 0 })
	if found, err := document.Recover(after.autosave); len(found) != 0 || err != nil {
		t.Errorf("left is %v (%v)", found, err)
	}
}

func TestWhatIsClosedForRecoveredWorkAndWhatIsLeftIsTold(t *testing.T) {
	b, other := ready(t), ready(t)
	for _, one := range []*bench{b, other} {
		one.until("an autosave", func() bool { _, ok := one.kept(); return ok })
	}
	after := newBench(t)
	for i, one := range []*bench{b, other} {
		if err := os.CopyFS(filepath.Join(after.autosave, fmt.Sprint("from-", i)), os.DirFS(one.autosave)); err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(after.autosave, fmt.Sprint("from-", i), "*"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		if err := os.Rename(found[0], filepath.Join(after.autosave, fmt.Sprint("document-", i))); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Dir(found[0])); err != nil {
			t.Fatal(err)
		}
	}
	after.open("lake.png")
	after.LookForLeft()
	after.AnswerLeft(after.asked(session.AskLeft).ID, 0, session.Open)
	var told string
	after.until("it to be told", func() bool {
		for _, n := range after.Notices() {
			if !n.Action.IsZero() {
				told = n.Text.String()
			}
		}
		return told != ""
	})
	for _, part := range []string{"lake.png is open again", "lake.png was closed", "One more picture can be recovered."} {
		if !strings.Contains(told, part) {
			t.Errorf("%q lacks %q", told, part)
		}
	}
}

func TestWorkThatCanNotBeReadIsToldOf(t *testing.T) {
	b := newBench(t)
	folder := filepath.Join(b.autosave, "document-1")
	if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, "index.json"), []byte("{"), 0o600)); err != nil {
		t.Fatal(err)
	}
	b.LookForLeft()
	b.noticed("session.unreadable")
	b.quiet()
}

func TestAFailingAutosaveIsReportedUntilItSucceeds(t *testing.T) {
	b := newBench(t, func(b *bench, o *session.Options) {
		o.Documents = filepath.Join(b.autosave, "file")
		if err := os.WriteFile(o.Documents, nil, 0o600); err != nil {
			b.Fatal(err)
		}
	})
	b.open("lake.png")
	if !b.noticed("document.autosave_failed").Bad {
		t.Error("that it failed looks as a remark does")
	}
	b.spot()
	b.HasMask() // has something else told meanwhile
	if err := os.Remove(filepath.Join(b.autosave, "file")); err != nil {
		t.Fatal(err)
	}
	b.advance(30 * time.Second)
	b.until("it to work again", func() bool {
		return !slices.ContainsFunc(b.Notices(), func(n session.Notice) bool { return n.Text.Key == "document.autosave_failed" })
	})
}
