package history

import (
	"errors"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// ThumbnailSide is the longer side of a thumbnail in pixels.
const ThumbnailSide = 256

// Thumbnails makes thumbnails of the history's pictures and caches them in a folder, whose
// files may be deleted at any time. It is safe for use by several goroutines.
type Thumbnails struct {
	store  *Store
	folder string
}

// NewThumbnails returns the thumbnails of a history, cached in folder.
func NewThumbnails(s *Store, folder string) *Thumbnails { return &Thumbnails{s, folder} }

// DefaultThumbnails returns the thumbnails of the user's history, cached in the system's
// cache folder; without one they are made each time.
func DefaultThumbnails(s *Store) *Thumbnails {
	dirs, err := settings.Dirs()
	if err != nil {
		return NewThumbnails(s, "")
	}
	return NewThumbnails(s, filepath.Join(dirs.Cache, "thumbnails"))
}

// Get returns the thumbnail of a picture file of the history (Item.Canvas,
// Variant.File). A large picture takes a second the first time.
func (t *Thumbnails) Get(hash string) (*image.NRGBA, error) {
	if len(hash) < 2 {
		return nil, fs.ErrNotExist
	}
	path := filepath.Join(t.folder, hash+".png")
	if t.folder != "" {
		if raw, err := file.Read(path, maxPicture); err == nil {
			if p, err := picture.Decode(raw, picture.DefaultLimits); err == nil {
				return p.Pix, nil
			}
		}
	}
	raw, err := t.store.File(hash)
	if err != nil {
		return nil, err
	}
	p, err := picture.Decode(raw, picture.DefaultLimits)
	if err != nil {
		return nil, err
	}
	small := p.Meta.Space.SRGB(picture.Thumbnail(p.Pix, ThumbnailSide))
	if t.folder != "" && os.MkdirAll(t.folder, 0o700) == nil {
		// What can't be kept is made again.
		_ = file.Write(path, 0o600, func(w io.Writer) error { return picture.EncodeRGBA(w, small, 1) })
	}
	return small, nil
}

// Sweep deletes the thumbnails of pictures that the history no longer has.
func (t *Thumbnails) Sweep() error {
	if t.folder == "" {
		return nil
	}
	entries, err := os.ReadDir(t.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		hash := e.Name()[:len(e.Name())-len(filepath.Ext(e.Name()))]
		if len(hash) >= 2 {
			if _, err := os.Stat(t.store.path(hash)); errors.Is(err, fs.ErrNotExist) {
				if err := os.Remove(filepath.Join(t.folder, e.Name())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
