package session_test

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/photos"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

func TestOpeningAPicture(t *testing.T) {
	b := newBench(t)
	path := b.photo("lake.png")
	b.Open(path)
	if len(b.Busy()) != 0 {
		t.Error("it flashes up")
	}
	b.advance(time.Second)
	if busy := b.Busy(); len(busy) != 1 || busy[0].Text.String() != "Opening lake.png…" {
		t.Errorf("busy with %v", busy)
	}
	b.until("the picture", func() bool { return b.Document().Open })
	if len(b.Busy()) != 1 {
		t.Error("it is no longer told of although nothing is on the screen")
	}
	b.PictureShown()
	d := b.Document()
	if len(b.Busy()) != 0 || d.Modified || d.Size != size || d.Folder != b.folder || !d.Undo.IsZero() {
		t.Errorf("open is %+v", d)
	}
	b.wished(session.WishFit)
	b.advance(time.Second)
	b.until("the list of recent files", func() bool { return slices.Contains(b.Recent(), path) })
	b.ForgetRecent()
	b.until("an empty list", func() bool { return len(b.Recent()) == 0 })
}

func TestWhatCanNotBeOpenedLeavesAllAsItWas(t *testing.T) {
	b := ready(t)
	b.saveProject(t)
	bad := filepath.Join(b.folder, "bad.png")
	project := filepath.Join(b.folder, "bad.overpaint")
	for _, p := range []string{bad, project} {
		if err := os.WriteFile(p, []byte("nothing of ours"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gone := filepath.Join(b.folder, "gone.png")
	b.settings.set(func(s *settings.Settings) { s.Recent = []string{gone, bad} })
	for path, key := range map[string]string{
		bad: "input.not_picture", project: "document.not_project", gone: "input.no_file", filepath.Join(b.folder, "gone.overpaint"): "input.no_file",
	} {
		b.Open(path)
		b.noticed(key)
		if b.Document().Name != "lake.png" {
			t.Fatalf("%s: open is %q", path, b.Document().Name)
		}
	}
	b.quiet()
	b.until("a file that is gone to be forgotten", func() bool {
		b.advance(time.Second)
		return !slices.Contains(b.Recent(), gone)
	})
	if !slices.Contains(b.Recent(), bad) {
		t.Error("a file that is there was forgotten")
	}
}

// TestWhatWasSaidOfOnePictureIsNotSaidOfTheNext opens a picture after what failed
// without one, and after a picture about which there was something to say.
func TestWhatWasSaidOfOnePictureIsNotSaidOfTheNext(t *testing.T) {
	b := newBench(t)
	b.SavePicture()
	b.noticed("ui.reason.no_picture")
	b.open("lake.png")
	b.quietly("a picture is open")
	whole, err := os.ReadFile(b.photo("whole.png"))
	if err != nil {
		t.Fatal(err)
	}
	cut, bad := filepath.Join(b.folder, "cut.png"), filepath.Join(b.folder, "bad.png")
	for path, data := range map[string][]byte{cut: whole[:len(whole)*3/4], bad: []byte("nothing of ours")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.Open(cut)
	b.noticed("notice.cut")
	b.open("lake.png")
	b.quietly("another picture is open")
	b.Open(bad)
	b.noticed("input.not_picture")
	b.open("pond.png")
	b.quietly("another one could be opened")
	b.Tell("The report was copied.")
	b.open("sea.png")
	if len(b.Notices()) != 1 {
		t.Errorf("what has nothing to do with pictures went: %v", b.Notices())
	}
	b.TellTrouble("A file was passed over.")
	b.Tell("The report was copied again.")
	if n := b.Notices(); len(n) != 2 || !n[0].Bad || n[0].Text.String() != "A file was passed over." {
		t.Errorf("trouble went before it was dismissed: %v", n)
	}
	b.Dismiss(b.Notices()[0].ID)
	if len(b.Notices()) != 1 {
		t.Errorf("it can't be dismissed: %v", b.Notices())
	}
}

// quietly checks that nothing is told.
func (b *bench) quietly(when string) {
	b.Helper()
	if n := b.Notices(); len(n) != 0 {
		b.Errorf("%s: told is %v", when, n)
	}
}

// saveProject saves what is open as a project, so that nothing is asked about it.
func (b *bench) saveProject(t *testing.T) {
	t.Helper()
	b.SaveProject()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(b.folder, "lake.overpaint"), Over: file.Writable})
	b.until("the project", func() bool { return !b.Document().Modified })
	if b.Document().Name == "lake.overpaint" {
		b.Open(b.photo("lake.png"))
		b.until("the picture", func() bool { return b.Document().Name == "lake.png" })
	}
}

func TestOpeningCanBeCancelledAndANewerFileTakesItsPlace(t *testing.T) {
	b := newBench(t)
	b.Open(b.photo("one.png"))
	b.advance(time.Second)
	b.StopBusy(b.Busy()[0].ID)
	b.Open(b.photo("two.png"))
	b.Open(b.photo("three.png"))
	b.until("a picture", func() bool { return b.Document().Open })
	b.drain()
	if got := b.Document().Name; got != "three.png" {
		t.Errorf("open is %q", got)
	}
	b.PictureShown()
	if len(b.Busy()) != 0 {
		t.Errorf("busy with %v", b.Busy())
	}
}

func TestTransparencyIsInTheMaskWhereItIsSeen(t *testing.T) {
	b := newBench(t)
	img := image.NewNRGBA(image.Rect(0, 0, 90, 70))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{90, 120, 30, 255}), image.Point{}, draw.Src)
	hole := image.Rect(20, 10, 50, 40)
	draw.Draw(img, hole, image.Transparent, image.Point{}, draw.Src)
	path := filepath.Join(b.folder, "hole.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
	b.Open(path)
	b.noticed("notice.transparent")
	if got := b.mask().Bounding(); got != hole {
		t.Errorf("the mask covers %v, want %v", got, hole)
	}
}

func TestTheSample(t *testing.T) {
	b := newBench(t)
	b.OpenSample()
	b.until("the sample", func() bool { return b.Document().Name == photos.SampleName })
	if info, err := os.Stat(b.Exports().Folder); err != nil || !info.IsDir() {
		t.Errorf("a copy of the sample goes into the folder %q", b.Exports().Folder)
	}
}

func TestUnsavedChangesAreAskedAboutBeforeTheyAreLost(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	next := b.photo("next.png")
	b.Open(next)
	b.Open(next) // asked once
	q := b.asked(session.AskUnsaved)
	if len(b.Questions()) != 1 || q.Also.String() != "One variant from a service is neither used nor saved. It stays in the history." {
		t.Errorf("it says %q", q.Also)
	}
	b.Answer(q.ID, session.Dismiss)
	if b.Document().Name != "lake.png" {
		t.Fatal("it is open although the person stayed")
	}
	b.Open(next)
	b.Answer(b.asked(session.AskUnsaved).ID, session.Save)
	f := b.asked(session.AskFile)
	if f.File.Name != "lake-edited.png" {
		t.Errorf("suggested is %q", f.File.Name)
	}
	b.AnswerFile(f.ID, session.Chosen{Path: filepath.Join(b.folder, f.File.Name)})
	b.until("the next picture", func() bool { return b.Document().Name == "next.png" })
	if _, err := os.Stat(filepath.Join(b.folder, "lake-edited.png")); err != nil {
		t.Error(err)
	}
}

func TestWhatIsDoneWhileSavingIsAskedAboutAgain(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.Open(b.photo("next.png"))
	b.Answer(b.asked(session.AskUnsaved).ID, session.Save)
	f := b.asked(session.AskFile)
	b.AnswerFile(f.ID, session.Chosen{Path: filepath.Join(b.folder, f.File.Name)})
	b.spot() // while it is being written
	b.asked(session.AskUnsaved)
	if b.Document().Name != "lake-edited.png" {
		t.Error("the picture is gone with what was painted")
	}
}

func TestAMaskAloneIsKeptInAProject(t *testing.T) {
	b := ready(t)
	b.Open(b.photo("next.png"))
	q := b.asked(session.AskUnsavedMask)
	b.Answer(q.ID, session.Save)
	f := b.asked(session.AskFile)
	if f.File.Name != "lake.overpaint" {
		t.Errorf("suggested is %q", f.File.Name)
	}
	path := filepath.Join(b.folder, "lake.overpaint")
	b.AnswerFile(f.ID, session.Chosen{Path: path})
	b.until("the next picture", func() bool { return b.Document().Name == "next.png" })
	b.SetPrompt("")
	b.Open(path)
	b.until("the project", func() bool { return b.Document().Project == path })
	if b.mask().At(75, 55) != 255 || b.Panel().Prompt != "a boat on the lake" {
		t.Error("mask or prompt are not as they were saved")
	}
	p, err := document.OpenProject(path, picture.DefaultLimits)
	if err != nil || strings.Contains(string(p.Settings), b.folder) {
		t.Errorf("the project tells of folders: %s (%v)", p.Settings, err)
	}
	b.spot()
	b.stroke(box(0, 0, 9, 9))
	b.Open(b.photo("lake.png"))
	b.Answer(b.asked(session.AskUnsaved).ID, session.Save) // a project is saved as one
	if f := b.asked(session.AskFile); f.File.Name != "lake.overpaint" {
		t.Errorf("suggested is %q", f.File.Name)
	}
}

func TestNamesAreNeverThoseOfFilesUnasked(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Choose(two)
	b.SaveShown()
	q := b.asked(session.AskFile)
	if q.File.Name != "lake-2.png" || q.File.Quality != 90 {
		t.Errorf("suggested is %+v", q.File)
	}
	path := filepath.Join(b.folder, q.File.Name)
	b.AnswerFile(q.ID, session.Chosen{Path: path, Quality: 80})
	b.noticed("window.saved")
	b.until("the history to know", func() bool {
		return slices.Contains(b.service.seen().saved, "lake-2.png")
	})
	if b.Unused() != 1 {
		t.Errorf("%d unused, want only the one that isn't saved", b.Unused())
	}
	saved, err := picture.Open(path, picture.DefaultLimits)
	if err != nil || int(saved.Pix.NRGBAAt(75, 55).R) != b.at(75, 55) {
		t.Errorf("saved is something else than what was looked at (%v)", err)
	}
	b.SaveVariant(two)
	q = b.asked(session.AskFile)
	if q.File.Name != "lake-2-2.png" {
		t.Errorf("suggested is %q although there is lake-2.png", q.File.Name)
	}
	b.AnswerFile(q.ID, session.Chosen{Path: path}) // typed by hand, without having seen that
	b.noticed("window.not_saved")
	b.Answer(b.asked(session.AskFile).ID, session.Dismiss) // once more
	b.until("the quality to be kept", func() bool { b.advance(time.Second); return b.settings.Current().Saving.Quality == 80 })

	b.ShowCurrent()
	b.SaveAll()
	q = b.asked(session.AskFile)
	if !q.File.Directory {
		t.Errorf("asked for %+v", q.File)
	}
	b.AnswerFile(q.ID, session.Chosen{Path: b.folder})
	b.noticed("window.saved_all")
	for _, name := range []string{"lake-1.png", "lake-2.png", "lake-2-2.png"} {
		if _, err := os.Stat(filepath.Join(b.folder, name)); err != nil {
			t.Error(err)
		}
	}
	b.SaveAll()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(b.folder, "nowhere")})
	b.noticed("window.not_saved")
	b.Discard(one)
	b.Discard(two)
	b.SaveAll()
	b.noticed("ui.no_variants")
	b.SaveVariant(one)
	b.noticed("ui.choose_variant")
}

func TestFormatsOfNames(t *testing.T) {
	for format, want := range map[string]string{"jpeg": "lake-edited.jpg", "tiff": "lake-edited.tif", "bmp": "lake-edited.bmp", "png": "lake-edited.png"} {
		b := ready(t)
		b.settings.set(func(s *settings.Settings) { s.Saving.Format, s.Saving.Text = format, false })
		b.SavePicture()
		q := b.asked(session.AskFile)
		if q.File.Name != want {
			t.Errorf("%s: %q", format, q.File.Name)
		}
		b.AnswerFile(q.ID, session.Chosen{Path: filepath.Join(b.folder, want)})
		b.noticed("window.saved")
		b.Answer(q.ID, session.Dismiss) // not asked any more
	}
}

func TestNothingIsLostWhenSavingFails(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.Close()
	b.Answer(b.asked(session.AskUnsaved).ID, session.Save)
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(b.folder, "nowhere", "x.png")})
	b.noticed("window.not_saved")
	if b.Closed() || !b.Document().Modified || len(b.Results()) != 1 {
		t.Error("it is closed, or counts as saved")
	}
	q := b.asked(session.AskFile) // again, and not in that folder
	if q.File.Name != "x.png" || q.File.Folder != b.folder {
		t.Errorf("asked for %s in %s", q.File.Name, q.File.Folder)
	}
	b.Answer(q.ID, session.Dismiss)
	b.Close()
	b.Answer(b.asked(session.AskUnsaved).ID, session.Discard)
	b.wished(session.WishClose)
}

func TestSavingCanBeCancelled(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.SavePicture()
	q := b.asked(session.AskFile)
	path := filepath.Join(b.folder, q.File.Name)
	b.AnswerFile(q.ID, session.Chosen{Path: path})
	b.advance(time.Second)
	b.StopBusy(b.Busy()[0].ID)
	b.until("the end of saving", func() bool { return len(b.Busy()) == 0 })
	_, err := os.Stat(path)
	if left, _ := filepath.Glob(filepath.Join(b.folder, "*.tmp*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, n := range b.Notices() { // it may have been too late
		if n.Text.Key == "window.save_cancelled" && err == nil || n.Text.Key == "window.saved" && err != nil {
			t.Errorf("it says %q, and the file: %v", n.Text, err)
		}
	}
}

func TestAskOpen(t *testing.T) {
	b := newBench(t)
	b.AskOpen()
	q := b.asked(session.AskFile)
	if q.File.Save || !slices.Contains(q.File.Endings, document.ProjectExtension) {
		t.Errorf("asked for %+v", q.File)
	}
	b.AnswerFile(q.ID, session.Chosen{Path: b.photo("a.png")})
	b.until("the picture", func() bool { return b.Document().Name == "a.png" })
}

// TestAskOpenAsksAboutUnsavedWorkAfterTheFile cancels the choice of a file, which asks nothing,
// and chooses one.
func TestAskOpenAsksAboutUnsavedWorkAfterTheFile(t *testing.T) {
	b := ready(t)
	if !b.Document().Modified {
		t.Fatal("nothing is unsaved")
	}
	b.AskOpen()
	b.Answer(b.asked(session.AskFile).ID, session.Dismiss)
	b.quiet()
	other := b.photo("other.png")
	b.AskOpen()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: other})
	unsaved := b.Questions()
	if len(unsaved) != 1 || unsaved[0].Ask == session.AskFile || b.Document().Name == "other.png" {
		t.Fatalf("after the choice: %+v, open is %q", unsaved, b.Document().Name)
	}
	b.Answer(unsaved[0].ID, session.Dismiss)
	b.quiet()
	b.AskOpen()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: other})
	b.Answer(b.Questions()[0].ID, session.Discard)
	b.until("the other picture", func() bool { return b.Document().Name == "other.png" })
}

// Two windows may have one file, which the later one says. What was saved as another file counts
// too, and so does a file that a link leads to.
func TestAFileThatAnotherWindowHasOpenIsTold(t *testing.T) {
	first := ready(t)
	path := filepath.Join(first.folder, "lake.png")
	second := newBench(t, func(_ *bench, o *session.Options) { o.Elsewhere = first.Has })
	open := func(path string) (told bool) {
		t.Helper()
		second.Open(path)
		second.until(path, func() bool { return second.Document().Name == filepath.Base(path) })
		for _, n := range second.Notices() {
			told = told || n.Text.Key == "notice.open_elsewhere"
		}
		return told
	}
	other := second.photo("other.png")
	if open(other) {
		t.Error("a file of its own is told of")
	}
	if !open(path) {
		t.Errorf("it isn't told: %+v", second.Notices())
	}
	if open(other) {
		t.Error("the notice stays for another file")
	}
	link := filepath.Join(second.folder, "link.png")
	if err := os.Symlink(path, link); err == nil && !open(link) {
		t.Error("a link to the file isn't told of")
	}
	project := filepath.Join(first.folder, "lake.overpaint")
	first.SaveProject()
	first.AnswerFile(first.asked(session.AskFile).ID, session.Chosen{Path: project})
	first.noticed("window.saved")
	if !open(project) {
		t.Error("its project isn't told of")
	}
	first.Open(first.photo("next.png"))
	first.until("another picture", func() bool { return first.Document().Name == "next.png" })
	if open(path) || open(project) {
		t.Error("a file that the other window has left is told of")
	}
}
