// Package batch makes the same edit of many pictures: it finds them, works on several at
// once, keeps to a budget, and asks for no picture again that an earlier run has paid for.
package batch

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/picture"
)

// State is how it ended with a picture.
type State string

// The states.
const (
	Done     State = "done"      // results came and were saved
	Kept     State = "kept"      // an earlier run has the results: nothing was requested
	Failed   State = "failed"    // no result
	Unknown  State = "unknown"   // an earlier run may have paid for it: nothing was requested
	NotAsked State = "not_asked" // not begun after an error that every further picture would have
)

// AtOnce is how many pictures are edited at once by default, and
// MostAtOnce how many at most.
const (
	AtOnce     = 3
	MostAtOnce = 64
)

// Lock names the lock of runs that ask for nothing twice (history.Store.Alone): two of
// them at a time would ask for the same pictures.
const Lock = "resume"

// Picture is a picture's file.
type Picture struct {
	Path string
	// Folder is where its results go below the folder for them, "" for that itself.
	Folder string
}

// MaskEnding is that of the mask of a picture, which lies beside it.
const MaskEnding = ".mask.png"

// MaskBeside returns the file of the mask that lies beside a picture, NAME.mask.png for
// NAME.jpg, or "" where there is none.
func MaskBeside(path string) string {
	beside := strings.TrimSuffix(path, filepath.Ext(path)) + MaskEnding
	if info, err := os.Stat(beside); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return beside
}

// Find returns the pictures that are named, and those of the folders that are, each
// once, in the order of their names; of the folders in these too with deep. out is the
// folder for results, which may not be one of the folders itself, where the next run
// would take them for pictures; further in it is left out. Errors are *api.Error of
// KindInput; finding nothing is none.
func Find(names []string, out string, deep bool) ([]Picture, error) {
	f := finder{deep: deep, seen: map[string]bool{}}
	f.out, _ = os.Stat(out) // nil where it was not made yet
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			f.add(name, "")
			continue
		}
		if err := f.walk(name); err != nil {
			return nil, err
		}
	}
	return f.all, nil
}

// finder is one Find under way.
type finder struct {
	out  fs.FileInfo // the results' folder, or nil
	deep bool
	seen map[string]bool
	all  []Picture
}

func (f *finder) add(path, folder string) {
	key := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		key = real
	}
	if key, err := filepath.Abs(key); err == nil && !f.seen[key] {
		f.seen[key] = true
		f.all = append(f.all, Picture{path, folder})
	}
}

// walk finds a folder's pictures.
func (f *finder) walk(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			e := api.InputError("input.folder_unreadable", "Folder", path)
			e.Cause = err
			return e
		}
		if d.IsDir() {
			return f.enter(root, path, d)
		}
		if d.Type().IsRegular() && picture.Named(path) && !strings.HasSuffix(path, MaskEnding) && !hidden(d) {
			folder, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				folder = ""
			}
			f.add(path, folder)
		}
		return nil
	})
}

func hidden(d fs.DirEntry) bool { return strings.HasPrefix(d.Name(), ".") }

// enter reports whether a folder is looked into, as fs.WalkDirFunc does.
func (f *finder) enter(root, path string, d fs.DirEntry) error {
	info, err := d.Info()
	results := err == nil && f.out != nil && os.SameFile(info, f.out)
	switch {
	case results && path == root:
		return api.InputError("input.out_inside", "Folder", root)
	case results, path != root && (!f.deep || hidden(d)):
		return fs.SkipDir
	}
	return nil
}

// Budget returns a budget of a sum, in units of the one currency in which the connections
// are paid; the built-in engine costs nothing. Where nobody knows a price, or currencies
// differ, there is none: an *api.Error of KindInput.
func Budget(s Service, connections []string, sum float64) (*service.Budget, error) {
	currency := ""
	for _, id := range connections {
		c, ok := s.Connection(id)
		switch {
		case !ok:
			continue
		case !c.Price.Known():
			return nil, api.InputError("input.budget_price", "Name", c.Name)
		case currency != "" && currency != c.Price.Currency:
			return nil, api.InputError("input.budget_currency", "Name", c.Name, "Currency", c.Price.Currency, "Budget", currency)
		}
		currency = c.Price.Currency
	}
	return service.NewBudget(int64(math.Round(sum*1e6)), currency), nil
}

// Stops reports whether every further picture would have the error too: a wrong key, an
// account without money, a sum that is used up.
func Stops(fault *api.Error) bool {
	if fault == nil {
		return false
	}
	key := fault.Text().Key
	return fault.Kind == api.KindAuth || fault.Kind == api.KindQuota || strings.HasPrefix(key, "input.over_") || key == "input.unrecorded"
}

// NameOf is what the user calls a connection.
func NameOf(s Service, connection string) string {
	if c, ok := s.Connection(connection); ok {
		return c.Name
	}
	return settings.Builtin
}
