package export

import (
	"cmp"
	"context"
	"errors"
	"image"
	"io/fs"
	"os"
	"time"

	"overpaint/editor/file"
	"overpaint/editor/picture"
)

// Original is a picture of which a copy is made.
type Original struct {
	// Pixels returns the picture, of this Size. They are only read.
	Pixels func() *image.NRGBA
	Size   image.Point
	// Meta is what its file carried.
	Meta picture.Metadata
	// Folder is where that file is, Name its name without ending.
	Folder, Name string
	// Label, if not nil, is written into the copy's XMP packet.
	Label *picture.Label
}

// Path returns where a copy that is made on a day goes, if nothing is there.
func (p Preset) Path(of Original, day time.Time) string { return p.numbered(of, day)(1) }

// numbered returns the paths that a copy may have, by their numbers.
func (p Preset) numbered(of Original, day time.Time) func(n int) string {
	folder, name, ending := p.FolderOf(of.Folder), p.FileName(of.Name, day, p.SizeOf(of.Size)), p.FormatFor(of.Meta).Ending()
	return func(n int) string { return file.Numbered(folder, name, ending, n) }
}

// Save writes a copy, in a folder that is made where it isn't there, under the first name
// that is free, and returns its path, or the one that could not be written. It never
// writes over a file. When ctx ends it is as with picture.Save.
func (p Preset) Save(ctx context.Context, of Original, day time.Time) (path string, err error) {
	paths := p.numbered(of, day)
	if err := os.MkdirAll(p.FolderOf(of.Folder), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return paths(1), err
	}
	img, carried := p.Render(of.Pixels(), of.Meta)
	if ctx.Err() != nil {
		return paths(1), ctx.Err()
	}
	path, err = picture.SaveNumbered(ctx, paths, 1, img, picture.Encoding{
		Format: p.FormatFor(of.Meta), Quality: p.Quality, Lossless: of.Meta.Lossless && p.Format == Source, Meta: carried, Strip: p.Strip, Label: of.Label,
	})
	return cmp.Or(path, paths(1)), err
}
