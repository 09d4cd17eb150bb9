package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/filechooser"
)

// ask opens the desktop's dialog, off Fyne's goroutine, or the program's own where there is
// none.
func ask(w fyne.Window, kind filechooser.Kind, r FileRequest, chosen func(string), ours func()) {
	if !filechooser.Available() {
		ours()
		return
	}
	over := windowHandle(w)
	request := filechooser.Request{
		Kind: kind, Title: r.Title, Folder: r.Folder, Name: r.Name, Filters: filters(kind, r), Several: r.Several,
	}
	go func() {
		paths, err := filechooser.Ask(over, request)
		fyne.Do(func() {
			switch {
			case err != nil:
				ours()
			case len(paths) > 0:
				if r.Several && r.Further != nil {
					r.Further(paths[1:])
				}
				chosen(paths[0])
			default:
				r.closed()
			}
		})
	}()
}

// windowHandle returns the window's ID on X11 or Windows, 0 where that is unknown.
func windowHandle(w fyne.Window) (handle uintptr) {
	if n, ok := w.(driver.NativeWindow); ok {
		n.RunNative(func(context any) {
			switch c := context.(type) {
			case driver.X11WindowContext:
				handle = c.WindowHandle
			case driver.WindowsWindowContext:
				handle = c.HWND
			}
		})
	}
	return handle
}

// filters returns what the desktop's dialog can list.
func filters(kind filechooser.Kind, r FileRequest) []filechooser.Filter {
	if len(r.Endings) == 0 {
		return nil
	}
	pictures := filechooser.Filter{Name: text.T("dialog.file.pictures"), Endings: r.Endings}
	if len(r.Endings) == 1 { // a project, a recipe
		pictures.Name = "*" + r.Endings[0]
	}
	if kind == filechooser.Open {
		return []filechooser.Filter{pictures, {Name: text.T("dialog.file.all")}}
	}
	return []filechooser.Filter{pictures}
}
