package session_test

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/mask"
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

func TestARemarkGoesWithTheNextChange(t *testing.T) {
	told := func(b *bench, key string) bool {
		return slices.ContainsFunc(b.Notices(), func(n session.Notice) bool { return n.Text.Key == key })
	}
	b := opened(t, relay)
	b.HasMask()
	b.noticed("mask.nothing")
	b.SelectTool("lasso")
	if !told(b, "mask.nothing") {
		t.Error("another tool makes a mask of nothing")
	}
	b.spot()
	if told(b, "mask.nothing") {
		t.Error("there is no mask yet, though something was painted")
	}
	b.Undo()
	b.Generate()
	b.noticed("ui.reason.no_mask")
	b.spot()
	if told(b, "ui.reason.no_mask") {
		t.Error("Generate still asks to paint something")
	}
	b.SetPrompt("")
	b.planned()
	b.Generate()
	b.noticed("ui.reason.no_prompt")
	b.SetPrompt("a boat")
	if told(b, "ui.reason.no_prompt") {
		t.Error("Generate still asks for a prompt")
	}
	b.DiscardSelected()
	b.noticed("ui.discard.nothing")
	b.ShowOriginal()
	if told(b, "ui.discard.nothing") {
		t.Error("a remark stays when something else is shown")
	}
}

func TestWhatIsToldOfAFileStays(t *testing.T) {
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "deep.png")
	deep := image.NewNRGBA64(image.Rect(0, 0, 60, 40))
	for i := range deep.Pix {
		deep.Pix[i] = 200
	}
	b.write(path, deep)
	b.Open(path)
	n := b.noticed("notice.deep")
	b.BeginStroke()
	b.Paint("step.brush", mask.All(image.Pt(60, 40)))
	if list := b.Notices(); len(list) != 1 || list[0].ID != n.ID {
		t.Errorf("told is %+v", list)
	}
}

func TestTheNoticeOfATransparentPartGoesWithTheMask(t *testing.T) {
	for _, c := range []struct {
		alpha image.Rectangle // is transparent
		key   string
	}{
		{image.Rect(10, 10, 30, 30), "notice.transparent"},
		{image.Rect(0, 0, 60, 40), "notice.transparent_all"},
	} {
		b := newBench(t)
		img := image.NewNRGBA(image.Rect(0, 0, 60, 40))
		for y := range 40 {
			for x := range 60 {
				if !image.Pt(x, y).In(c.alpha) {
					img.SetNRGBA(x, y, color.NRGBA{200, 100, 50, 255})
				}
			}
		}
		path := filepath.Join(t.TempDir(), "hole.png")
		b.write(path, img)
		b.Open(path)
		n := b.noticed(c.key)
		b.ShowOriginal()
		if len(b.Notices()) != 1 {
			t.Errorf("%s goes when the original is looked at", n.Text.Key)
		}
		b.ChangeMask(session.MaskNone, 0)
		b.until("the empty mask", func() bool { return b.mask().Empty() })
		if list := b.Notices(); len(list) != 0 {
			t.Errorf("without a mask it says %v", list)
		}
	}
}

// write makes a PNG.
func (b *bench) write(path string, img image.Image) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		b.Fatal(err)
	}
}
