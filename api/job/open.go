package job

import (
	"errors"
	"image"
	"io/fs"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// OpenError returns the error that the picture called name can't be opened, with a sentence;
// err is the reason given by package picture or the file system.
func OpenError(name string, err error) *api.Error {
	var large *picture.TooLargeError
	var unsupported *picture.UnsupportedError
	e := api.InputError("input.unreadable", "File", name)
	switch {
	case errors.As(err, &large):
		e = api.InputError("input.too_large", "File", name, "Width", large.Width, "Height", large.Height, "Limit", large.MaxPixels/1_000_000)
	case errors.As(err, &unsupported):
		e = api.InputError("input.unsupported", "File", name, "Format", strings.ToUpper(unsupported.Format))
	case errors.Is(err, picture.ErrTruncated):
		e = api.InputError("input.truncated", "File", name)
	case errors.Is(err, picture.ErrNotPicture):
		e = api.InputError("input.not_picture", "File", name)
	case errors.Is(err, fs.ErrNotExist):
		e = api.InputError("input.no_file", "File", name)
	}
	e.Cause = err
	return e
}

// Notes returns sentences on how a picture was read that the user should know.
func Notes(m picture.Metadata) []api.Sentence {
	var all []api.Sentence
	for _, n := range m.Notes {
		s := api.Sentence{Key: "notice." + string(n.Kind)}
		if n.Count > 0 {
			s.Args = []any{"Count", n.Count}
		}
		all = append(all, s)
	}
	return all
}

// MaskError returns the error that the mask called name can't be used, with a sentence; err is
// the reason given by package mask or the file system.
func MaskError(name string, err error) *api.Error {
	var size *mask.SizeError
	var e *api.Error
	switch {
	case errors.As(err, &size):
		e = api.InputError("input.mask_size", "Width", size.Got.X, "Height", size.Got.Y, "WantWidth", size.Want.X, "WantHeight", size.Want.Y)
	case errors.Is(err, mask.ErrDamaged):
		e = api.InputError("input.truncated", "File", name)
	case errors.Is(err, mask.ErrNotPNG):
		e = api.InputError("input.mask_not_picture", "File", name)
	default:
		return OpenError(name, err)
	}
	e.Cause = err
	return e
}

// CheckExtended refuses, with a sentence, a size that a canvas can't be extended to, since
// such a picture could not be opened again.
func CheckExtended(size image.Point) error {
	if limit := picture.DefaultLimits.MaxPixels; int64(size.X)*int64(size.Y) > limit {
		return api.InputError("input.extend_large", "Limit", limit/1_000_000)
	}
	return nil
}
