//go:build !windows

package dialogs

import (
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
// a format that it doesn't have.
func TestEndingsOfTheDesktopsDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	closed, saved := 0, ""
	r := FileRequest{Title: "Picture", Name: "lake.png", Endings: []string{".png", ".jpg"}, OnClose: func() { closed++ }}
	named := func(path string) { saved = path }
	for path, want := range map[string]string{"/p/a.JPG": "/p/a.JPG", "/p/a": "/p/a.png", "/p/a.heic": "", "/p/a.png.txt": ""} {
		saved, closed = "", 0
		accept(w, r, path, named)
		if want == "" {
			if !uitest.Has(top(t, w), ".png .jpg") {
				t.Errorf("%s: the sentence names no endings: %q", path, uitest.Texts(top(t, w)))
			}
			test.Tap(button(t, w, "dialog.close"))
			if closed != 1 {
				t.Errorf("%s: told %d times that nothing was chosen", path, closed)
			}
		}
		if saved != want {
			t.Errorf("%s: saved as %q, want %q", path, saved, want)
		}
	}
}
