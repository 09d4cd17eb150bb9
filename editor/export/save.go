package export

import (
	"cmp"
	"context"
	"errors"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// Original is a picture to make copies of.
type Original struct {
	// Pixels returns the picture, of this Size. They are not written to.
	Pixels func() *image.NRGBA
	Size   image.Point
	// Meta is the metadata of its file.
	Meta picture.Metadata
	// Folder is the folder of that file, Name its name without ending.
	Folder, Name string
	// Number is where {n} in a name starts to count, 0 for 1: the index of the picture among
	// those to be copied.
	Number int
	// Label, if not nil, is written into the copy's XMP packet.
	Label *picture.Label
	// Unlabelled omits the label of Meta too from a copy without metadata.
	Unlabelled bool
}

// Path returns the path of a copy made on a day, if that is free.
func (p Preset) Path(of Original, day time.Time) string { return p.numbered(of, day)(1) }

// numbered returns the paths that a copy may have, by their numbers from 1 on: that of
// the template, where it has one, or one behind the name from the second on.
func (p Preset) numbered(of Original, day time.Time) func(n int) string {
	folder, size, ending := p.FolderOf(of.Folder), p.SizeOf(of.Size), p.FormatFor(of.Meta).Ending()
	if running.MatchString(p.Template) {
		first := max(1, of.Number)
		return func(n int) string { return filepath.Join(folder, p.FileName(of.Name, day, size, first+n-1)+ending) }
	}
	name := p.FileName(of.Name, day, size, 1)
	return func(n int) string { return file.Numbered(folder, name, ending, n) }
}

// Save writes a copy, in a folder that is made if necessary, under the first free name, and
// returns its path, or the one that could not be written. No file is replaced. A name that the
// system doesn't allow is refused with file.ErrName. When ctx ends it returns as picture.Save
// does.
func (p Preset) Save(ctx context.Context, of Original, day time.Time) (path string, err error) {
	paths := p.numbered(of, day)
	if !file.NameAllowed(filepath.Base(paths(1))) {
		return paths(1), file.ErrName
	}
	img, carried := p.Render(of.Pixels(), of.Meta)
	if ctx.Err() != nil {
		return paths(1), ctx.Err()
	}
	if err := os.MkdirAll(p.FolderOf(of.Folder), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return paths(1), err
	}
	path, err = picture.SaveNumbered(ctx, paths, 1, img, picture.Encoding{
		Format: p.FormatFor(of.Meta), Quality: p.Quality, Lossless: of.Meta.Lossless && p.Format == Source, Meta: carried, Strip: p.Strip, Label: of.Label,
		Unlabelled: of.Unlabelled,
	})
	return cmp.Or(path, paths(1)), err
}
