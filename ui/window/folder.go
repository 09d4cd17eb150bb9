package window

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"github.com/godbus/dbus/v5"

	"overpaint.dev/overpaint/assets/text"
)

// folderPatience is how long the desktop's file manager may take to answer.
const folderPatience = 3 * time.Second

// showInFolder shows a file, selected, in the desktop's file manager, or opens a folder. Where
// the file manager can't select files, the file's folder is opened.
func (w *Window) showInFolder(path string) {
	go func() {
		folder := path
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			if markFile(w.ctx, path) == nil {
				return
			}
			folder = filepath.Dir(path)
		}
		fyne.Do(func() {
			if err := w.program.app.OpenURL(&url.URL{Scheme: "file", Path: folder}); err != nil {
				w.log.Warn("no file manager", "error", err)
				w.tell(text.T("notice.no_file_manager", "Folder", folder))
			}
		})
	}()
}

// markFile selects a file by the D-Bus interface org.freedesktop.FileManager1.
func markFile(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, folderPatience)
	defer cancel()
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return err
	}
	defer bus.Close()
	address := (&url.URL{Scheme: "file", Path: path}).String()
	return bus.Object("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1").
		CallWithContext(ctx, "org.freedesktop.FileManager1.ShowItems", 0, []string{address}, "").Err
}
