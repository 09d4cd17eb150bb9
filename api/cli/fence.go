package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"overpaint.dev/overpaint/api"
)

// fence restricts reading to files in some folders. Symbolic links of folders may only lead
// to places within them; a file that is itself a link is refused. A nil fence allows all
// files.
type fence struct{ folders []fenced }

// fenced is one of a fence's folders, with the paths by which it is known.
type fenced struct {
	root  *os.Root
	names []string
}

// newFence opens the folders; the caller closes the fence.
func newFence(dirs []string) (*fence, error) {
	f := &fence{}
	for _, dir := range dirs {
		name, err := filepath.Abs(dir)
		var real string
		if err == nil {
			real, err = filepath.EvalSymlinks(name)
		}
		var root *os.Root
		if err == nil {
			root, err = os.OpenRoot(real)
		}
		if err != nil {
			f.close()
			e := api.InputError("input.folder_unreadable", "Folder", dir)
			e.Cause = err
			return nil, e
		}
		f.folders = append(f.folders, fenced{root, []string{name, real}})
	}
	return f, nil
}

func (f *fence) close() {
	for _, d := range f.folders {
		d.root.Close()
	}
}

// within returns the folder that a path is in, judged by the path alone, and the path
// relative to it.
func (f *fence) within(path string) (root *os.Root, name string, ok bool) {
	if !filepath.IsAbs(path) {
		return nil, "", false
	}
	for _, d := range f.folders {
		for _, folder := range d.names {
			if name, err := filepath.Rel(folder, filepath.Clean(path)); err == nil && filepath.IsLocal(name) {
				return d.root, name, true
			}
		}
	}
	return nil, "", false
}

// open opens a regular file in the folders. Any other path is refused with the same error,
// which doesn't reveal what exists outside.
func (f *fence) open(path string) (*os.File, error) {
	refused := api.InputError("input.fenced", "File", path)
	root, name, ok := f.within(path)
	if !ok {
		return nil, refused
	}
	seen, err := root.Lstat(name)
	if err == nil && !seen.Mode().IsRegular() {
		return nil, refused
	}
	if err != nil {
		refused.Cause = err
		return nil, refused
	}
	file, err := root.Open(name)
	if err != nil {
		refused.Cause = err
		return nil, refused
	}
	if opened, err := file.Stat(); err != nil || !os.SameFile(seen, opened) { // it was replaced meanwhile
		file.Close()
		return nil, refused
	}
	return file, nil
}

// maxMask is the largest size of a mask's file, in bytes.
const maxMask = 1 << 28

// bytes reads a file in the folders.
func (f *fence) bytes(path string) ([]byte, error) {
	file, err := f.open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxMask+1))
	if err == nil && len(data) > maxMask {
		err = errors.New("cli: the file is too long for a mask")
	}
	return data, err
}
