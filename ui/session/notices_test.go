package session_test

import (
	"path/filepath"
	"testing"
	"time"

	"overpaint.dev/overpaint/ui/session"
)

func TestWhatWasSavedCanBeShownInItsFolder(t *testing.T) {
	b := ready(t)
	path := filepath.Join(t.TempDir(), "out.png")
	save := func() session.Notice {
		b.SaveMask()
		b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
		b.until("the notice", func() bool { return len(b.Notices()) > 0 })
		return b.noticed("mask.saved")
	}
	n := save()
	if !n.Good || n.Action.Key != "notice.show_folder" {
		t.Errorf("the notice is %+v", n)
	}
	b.Act(n.ID)
	if w := b.wished(session.WishFolder); w.Path != path {
		t.Errorf("%q is shown", w.Path)
	}
	b.quiet()
}

// TestWhatIsToldGoesBehindWhatWaits has a notice that wants an answer, and one
// behind it, which is seen as well and goes by itself.
func TestWhatIsToldGoesBehindWhatWaits(t *testing.T) {
	b := ready(t)
	b.Offer("shall I?", "Yes", func() {})
	b.SavePicture()
	path := filepath.Join(t.TempDir(), "out.png")
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
	b.until("the notice", func() bool { return len(b.Notices()) == 2 })
	b.advance(20 * time.Second)
	if n := b.Notices(); len(n) != 1 || n[0].Action.String() != "Yes" {
		t.Errorf("told is %+v", n)
	}
}
