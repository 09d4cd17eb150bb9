package session_test

import (
	"context"
	"errors"
	"testing"

	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/clipboard"
	"overpaint.dev/overpaint/ui/session"
)

// board is a clipboard in memory.
type board struct {
	content *clipboard.Content
	err     error
	written chan []byte
}

func (c *board) Read(context.Context) (*clipboard.Content, error) { return c.content, c.err }
func (c *board) Write(_ context.Context, png []byte) error {
	if c.err != nil {
		return c.err
	}
	// The test may change the board once it has what was written.
	c.written <- png
	return nil
}

func TestPasteAndCopy(t *testing.T) {
	c := &board{}
	b := newBench(t, func(_ *bench, o *session.Options) { o.Clipboard = c })
	b.Copy()
	b.noticed("paste.no_document")
	for err, key := range map[error]string{
		clipboard.ErrEmpty: "paste.nothing", clipboard.ErrNoAnswer: "paste.no_answer", clipboard.ErrUnavailable: "paste.unavailable",
		clipboard.ErrTooLarge: "paste.too_large", errors.New("odd"): "paste.bad",
	} {
		c.err = err
		b.Paste()
		b.noticed(key)
	}
	p, err := picture.Open(b.photo("copied.png"), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	*c = board{content: &clipboard.Content{Picture: p}, written: make(chan []byte, 1)}
	b.Paste()
	b.until("the picture", func() bool { return b.Document().Name == "Pasted picture" })
	b.spot()
	one, _ := b.made()
	b.Choose(one)
	b.Copy()
	got, err := picture.Decode(<-c.written, picture.DefaultLimits)
	if err != nil || int(got.Pix.NRGBAAt(75, 55).R) != b.at(75, 55) {
		t.Errorf("copied is something else than what is looked at (%v)", err)
	}
	for _, n := range b.Notices() {
		b.Dismiss(n.ID)
	}
	c.err = errors.New("odd")
	b.Copy()
	b.noticed("paste.bad")
	b.Undo() // a picture that is in no file is asked about even where only a mask was painted
	b.Redo()
	b.Close()
	b.asked(session.AskUnsaved)

	c = &board{content: &clipboard.Content{Path: b.photo("file.png")}}
	none := newBench(t, func(_ *bench, o *session.Options) { o.Clipboard = c })
	none.Paste()
	none.until("the file", func() bool { return none.Document().Name == "file.png" })
	without := newBench(t)
	without.open("lake.png")
	without.Copy()
	without.noticed("paste.unavailable")
	without.Paste()
	without.noticed("paste.unavailable")
}
