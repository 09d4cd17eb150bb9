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
