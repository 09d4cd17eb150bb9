//go:build !windows

package dialogs

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/ui/desktop/bustest"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

// TestPicturesAreSavedByOurDialog where the desktop has one, too, for only ours has the
// choices of format and quality.
func TestPicturesAreSavedByOurDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	portal := bustest.NewPortal(t, bustest.Start(t), 1)
	path, closed := "", make(chan bool)
	ask := func(r FileRequest) {
		r.Folder, r.Name, r.Endings, r.OnClose = t.TempDir(), "lake.png", []string{".png", ".jpg"}, func() { close(closed) }
		SaveFile(w, r, func(p string, _ file.Over) { path = p })
	}
	ask(FileRequest{Title: "Picture", Formats: true})
	test.Tap(button(t, w, "dialog.save"))
	if path == "" {
		t.Error("the picture isn't saved")
	}
	ask(FileRequest{Title: "Project"})
	<-closed
	if a := <-portal.Asked; a.Method != "SaveFile" || a.Title != "Project" || len(portal.Asked) > 0 {
		t.Errorf("the portal was asked %+v and %d more", a, len(portal.Asked))
	}
}

// TestEndingsOfTheDesktopsDialog, which allows all: a picture isn't written under the name of
// a format that it doesn't have, and the dialog is there again, as after a "no".
func TestEndingsOfTheDesktopsDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	there := filepath.Join(t.TempDir(), "there.png")
	if err := os.WriteFile(there, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	saved, over := "", file.Nothing
	var back []FileRequest
	r := FileRequest{Title: "Picture", Name: "lake.png", Endings: []string{".png", ".jpg"}, OnClose: func() { t.Error("it ends without the dialog") }}
	take := func(path string) {
		saved, over, back = "", file.Nothing, nil
		accept(w, r, path, func(p string, o file.Over) { saved, over = p, o }, func(r FileRequest) { back = append(back, r) })
	}
	for path, want := range map[string]string{"/p/a.JPG": "/p/a.JPG", "/p/a": "/p/a.png", "/p/a.heic": "", "/p/a.png.txt": ""} {
		take(path)
		if want == "" {
			if !uitest.Has(top(t, w), ".png .jpg") {
				t.Errorf("%s: the sentence names no endings: %q", path, uitest.Texts(top(t, w)))
			}
			test.Tap(button(t, w, "dialog.close"))
			if len(back) != 1 || back[0].Folder != "/p" || back[0].Name != filepath.Base(path) {
				t.Errorf("%s: the dialog comes again with %+v", path, back)
			}
		}
		if saved != want || over != file.Nothing {
			t.Errorf("%s: saved as %q, want %q", path, saved, want)
		}
	}
	// Of write protection the desktop's dialog knows nothing.
	for _, answer := range []string{"dialog.cancel", "dialog.file.replace"} {
		take(there)
		test.Tap(button(t, w, answer))
		if yes := answer == "dialog.file.replace"; (saved == there && over == file.Protected) != yes || (len(back) == 1) == yes {
			t.Errorf("%s: saved as %q, over %v, again %d times", answer, saved, over, len(back))
		}
	}
}
