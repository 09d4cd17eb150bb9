package session_test

import (
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/ui/session"
)

func TestPicturesOfAFolderOneAfterTheOther(t *testing.T) {
	b := newBench(t)
	b.OpenNeighbour(true) // nothing is open
	for _, name := range []string{"p10.png", "P2.png", "p2.JPG", "q.png", ".p3.png"} {
		b.photo(name)
	}
	if err := os.WriteFile(filepath.Join(b.folder, "p4.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(b.folder, "p5.png"), 0o700); err != nil {
		t.Fatal(err)
	}
	turn := func(next bool, want string) {
		t.Helper()
		b.OpenNeighbour(next)
		b.until(want, func() bool { return b.Document().Name == want })
	}
	b.open("P2.png")
	turn(true, "p10.png")
	turn(true, "q.png")
	b.OpenNeighbour(true)
	b.noticed("window.last_picture")
	turn(false, "p10.png")
	turn(false, "P2.png")
	turn(false, "p2.JPG")
	b.OpenNeighbour(false)
	b.noticed("window.first_picture")

	b.spot()
	b.planned()
	b.OpenNeighbour(true)
	q := b.asked(session.AskUnsavedMask)
	if b.Document().Name != "p2.JPG" {
		t.Error("it was left without a question")
	}
	b.Answer(q.ID, session.Dismiss)
	b.OpenNeighbour(true)
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.until("the next one", func() bool { return b.Document().Name == "P2.png" })
	if err := os.RemoveAll(b.folder); err != nil {
		t.Fatal(err)
	}
	b.OpenNeighbour(true)
	b.noticed("input.no_file")
}
