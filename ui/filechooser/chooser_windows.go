package filechooser

import (
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Sandboxed reports whether only such files may be written as are chosen in the desktop's
// dialog.
func Sandboxed() bool { return false }

// Available reports whether the desktop may have dialogs for files.
func Available() bool { return true }

// Ask shows Windows' dialog over a window, whose handle may be 0, and waits for its answer:
// paths, or none where the user chose none. An error means that there is no such dialog.
// It may be called on any goroutine.
func Ask(over uintptr, r Request) (paths []string, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The dialog has a message loop of its own on a thread of its own, so that the
		// window behind it goes on being drawn. The thread ends with the goroutine.
		runtime.LockOSThread()
		err = windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED|windows.COINIT_DISABLE_OLE1DDE)
		if err != nil && !errors.Is(err, initialisedAlready) {
			return
		}
		defer windows.CoUninitialize()
		paths, err = ask(over, r)
	}()
	<-done
	return paths, err
}

// ask makes the dialog, shows it and reads its result, on a thread where COM was initialised.
func ask(over uintptr, r Request) ([]string, error) {
	class, id := classOpen, idOpen
	if r.Kind == Save {
		class, id = classSave, idSave
	}
	dialog, err := create(class, id)
	if err != nil {
		return nil, err
	}
	defer dialog.release()
	if err := prepare(dialog, r); err != nil {
		return nil, err
	}
	switch err := dialog.call(methodShow, over); {
	case errors.Is(err, errCancelled):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if r.Kind == Open {
		return results(dialog)
	}
	item, err := dialog.get(methodGetResult)
	if err != nil {
		return nil, err
	}
	defer item.release()
	path, err := pathOf(item)
	return []string{path}, err
}

// prepare tells the dialog what is asked for.
func prepare(dialog *object, r Request) error {
	var options uint32
	if err := dialog.call(methodGetOptions, uintptr(unsafe.Pointer(&options))); err != nil {
		return err
	}
	options |= optionNoChangeDir | optionForceFileSystem | optionPathMustExist
	switch {
	case r.Kind == Folder:
		options |= optionPickFolders
	case r.Kind == Save:
		// Whoever asked deals with files that are protected or can't be written.
		options = options&^optionNoReadOnlyReturn | optionOverwritePrompt | optionNoTestFileCreate
	case r.Several:
		options |= optionAllowMultiSelect
	}
	if err := dialog.call(methodSetOptions, uintptr(options)); err != nil {
		return err
	}
	if err := dialog.callText(methodSetTitle, r.Title); err != nil {
		return err
	}
	if r.Folder != "" {
		// A folder that can't be shown leaves the dialog where it was the last time.
		if folder, err := itemOf(r.Folder); err == nil {
			_ = dialog.call(methodSetFolder, uintptr(unsafe.Pointer(folder)))
			folder.release()
		}
	}
	if r.Kind == Folder {
		return nil
	}
	return prepareNames(dialog, r)
}

// prepareNames tells the dialog the filters and the suggested name.
func prepareNames(dialog *object, r Request) error {
	ending := strings.ToLower(filepath.Ext(r.Name))
	var specs []filterSpec
	chosen := 0
	for i, f := range r.Filters {
		name, err := windows.UTF16PtrFromString(f.Name)
		if err != nil {
			return err
		}
		pattern, err := windows.UTF16PtrFromString(patternOf(f))
		if err != nil {
			return err
		}
		specs = append(specs, filterSpec{name, pattern})
		if chosen == 0 && ending != "" && slices.Contains(f.Endings, ending) {
			chosen = i
		}
	}
	if len(specs) > 0 {
		if err := dialog.call(methodSetFileTypes, uintptr(len(specs)), uintptr(unsafe.Pointer(&specs[0]))); err != nil {
			return err
		}
		if err := dialog.call(methodSetFileTypeIndex, uintptr(chosen+1)); err != nil {
			return err
		}
	}
	if r.Kind != Save {
		return nil
	}
	if ending != "" {
		if err := dialog.callText(methodSetDefaultExtension, ending[1:]); err != nil {
			return err
		}
	}
	return dialog.callText(methodSetFileName, r.Name)
}

// patternOf writes a filter as Windows does: "*.jpg;*.jpeg".
func patternOf(f Filter) string {
	if len(f.Endings) == 0 {
		return "*.*"
	}
	return "*" + strings.Join(f.Endings, ";*")
}

// results returns the files that were chosen to be opened.
func results(dialog *object) ([]string, error) {
	items, err := dialog.get(methodGetResults)
	if err != nil {
		return nil, err
	}
	defer items.release()
	var n uint32
	if err := items.call(methodGetCount, uintptr(unsafe.Pointer(&n))); err != nil {
		return nil, err
	}
	var paths []string
	for i := range n {
		var item *object
		if err := items.call(methodGetItemAt, uintptr(i), uintptr(unsafe.Pointer(&item))); err != nil {
			return nil, err
		}
		path, err := pathOf(item)
		item.release()
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}
