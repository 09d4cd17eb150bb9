//go:build !windows

package dialogs

import (
	"testing"

	"fyne.io/fyne/v2/test"
	"github.com/godbus/dbus/v5"

	"overpaint/editor/file"
	"overpaint/ui/desktop/bustest"
	"overpaint/ui/theme"
	"overpaint/ui/uitest"
)

// cancelled is a desktop's portal whose dialogs the person closes.
type cancelled struct {
	conn  *dbus.Conn
	asked chan string
}

func (c cancelled) SaveFile(_, title string, _ map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	c.asked <- title
	request := dbus.ObjectPath("/request/1")
	if err := c.conn.Emit(request, "org.freedesktop.portal.Request.Response", uint32(1), map[string]dbus.Variant{}); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	return request, nil
}

// TestPicturesAreSavedByOurDialog where the desktop has one, too, for only ours has the
// choices of format and quality.
func TestPicturesAreSavedByOurDialog(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	conn := bustest.Start(t)
	portal := cancelled{conn, make(chan string, 2)}
	bustest.Own(t, conn, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.FileChooser", portal)
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
	if title := <-portal.asked; title != "Project" || len(portal.asked) > 0 {
		t.Errorf("the portal was asked for %q and %d more", title, len(portal.asked))
	}
}
