package cli

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// output is where results go, and how they are written.
type output struct {
	// folder and stem are the results' paths without numbers and ending. exact is the path
	// of the only result where it was given.
	folder, stem, ending, exact string
	// stdout is where the only result goes instead of a file, or nil.
	stdout   io.Writer
	encoding picture.Encoding
	made     *madeFolders
}

// newOutput returns the output of n results of a picture; data are its file's bytes.
func newOutput(f *flags, stdout io.Writer, s *document.State, data []byte, n int) (*output, error) {
	o := &output{folder: filepath.Join(f.out, f.folder), stem: stemOf(f.image) + f.suffix, made: f.folders}
	e := &o.encoding
	e.Format, e.Meta, e.Quality, e.Strip = picture.FormatFor(s.Base.Meta), s.Base.Meta, f.fileQuality, f.strip
	e.Unlabelled = !f.label
	e.Lossless, e.Sampling = s.Base.Meta.Lossless, picture.Sampling(f.sampling)
	if format, named := picture.FormatOf(f.out); named && !isFolder(f.out) {
		o.folder, o.stem, e.Format = filepath.Dir(f.out), stemOf(f.out), format
		o.ending = filepath.Ext(f.out)
		if n == 1 {
			o.exact = f.out
		}
	}
	o.choose(f.fileFormat)
	if format, _ := picture.FormatOf(o.exact); o.exact != "" && format != e.Format {
		return nil, api.InputError("cli.flags_both", "First", "-format "+f.fileFormat, "Second", "-out "+f.out)
	}
	if o.ending == "" {
		o.ending = e.Format.Ending()
	}
	if err := f.effective(e.Format, e.Lossless); err != nil {
		return nil, err
	}
	e.Source = &picture.Source{Bytes: data, Picture: s.Base, Offset: s.Offset}
	if e.Format == picture.JPEG && (f.fileQuality > 0 || f.sampling != "") { // then the whole picture is encoded again
		if e.Sampling == "" {
			e.Sampling = e.Source.Sampling()
		}
		e.Source = nil
	}
	if f.out == standard {
		if n > 1 {
			return nil, api.InputError("cli.out_one")
		}
		o.stdout = stdout
		return o, nil
	}
	return o, o.check(s, n)
}

// effective refuses flags that have no effect on files of a format, where -format or -out names
// it. A picture may be of such a format by itself.
func (f *flags) effective(format picture.Format, lossless bool) error {
	_, named := picture.FormatOf(f.out)
	switch {
	case f.fileFormat == "" && (!named || isFolder(f.out)):
	case f.fileQuality > 0 && format != picture.JPEG && (format != picture.WebP || lossless):
		return api.InputError("cli.flag_format", "Flag", "-quality", "Format", string(format))
	case f.sampling != "" && format != picture.JPEG:
		return api.InputError("cli.flag_format", "Flag", "-sampling", "Format", string(format))
	}
	return nil
}

// choose sets the format by its name in -format.
func (o *output) choose(name string) {
	e := &o.encoding
	switch name {
	case "":
		return
	case "jpg":
		e.Format = picture.JPEG
	case "webp-lossless":
		e.Format, e.Lossless = picture.WebP, true
	case "webp":
		e.Format, e.Lossless = picture.WebP, false
	case "tiff8":
		e.Format, e.Depth = picture.TIFF, 8
	case "tiff16":
		e.Format, e.Depth = picture.TIFF, 16
	default:
		e.Format = picture.Format(name)
	}
	if o.exact == "" {
		o.ending = e.Format.Ending()
	}
}

// check checks that the results can be written, before a service is asked: the folder, the
// length of the names, the free space.
func (o *output) check(s *document.State, n int) error {
	name := filepath.Base(o.name(n))
	if o.exact != "" && file.IsThere(o.exact) {
		return api.InputError("cli.out_exists", "File", o.exact)
	}
	if err := checkFolder(o.folder, name, o.made); err != nil {
		return err
	}
	return checkRoom(o.folder, int64(n)*expectedBytes(s))
}

// name returns the path of a result by its number.
func (o *output) name(n int) string {
	if o.exact != "" {
		return o.exact
	}
	return filepath.Join(o.folder, fmt.Sprintf("%s-%d%s", o.stem, n, o.ending))
}

// save writes a picture under the first free number from first on, and returns the path. It
// never replaces a file, and saves also after an interrupt, since the picture was paid for.
// Bytes that it writes to standard output are returned as data.
func (o *output) save(first int, img *image.NRGBA, e picture.Encoding) (path string, data []byte, err error) {
	switch {
	case o.stdout != nil:
		var b bytes.Buffer
		if err := picture.Encode(&b, img, e); err != nil {
			return "", nil, err
		}
		_, err := o.stdout.Write(b.Bytes())
		return standard, b.Bytes(), err
	case o.exact != "":
		err := picture.Save(context.Background(), o.exact, img, e, file.Nothing)
		if err != nil {
			err = explained(api.AsError(err), o.exact) // such as that of another run with the same name
		}
		return o.exact, nil, err
	}
	path, err = picture.SaveNumbered(context.Background(), o.name, first, img, e)
	return path, nil, err
}

// stemOf returns the name of a picture's results without number and ending.
func stemOf(path string) string {
	if path == standard {
		return "stdin"
	}
	name := filepath.Base(path)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// outside counts the pixels of a saved file that differ from the original outside the mask
// and its feather. It reads the file back from the disk, or data, what was written to
// standard output, unless that is nil. space is the original's colour space; formats
// without profiles hold sRGB.
func outside(path string, data []byte, original *image.NRGBA, space *colour.Space, touched *mask.Mask) (int64, error) {
	limits := picture.Limits{MaxPixels: int64(original.Rect.Dx()) * int64(original.Rect.Dy())}
	var p *picture.Picture
	var err error
	if data != nil {
		p, err = picture.Decode(data, limits)
	} else {
		p, err = picture.Open(path, limits)
	}
	if err != nil {
		return 0, err
	}
	if p.Size() != original.Rect.Size() {
		return 0, fmt.Errorf("cli: %s has %v pixels, not %v", path, p.Size(), original.Rect.Size())
	}
	pix := p.Pix
	if !p.Meta.Space.Same(space) {
		pix, original = p.SRGB(), space.SRGB(original)
	}
	var changed int64
	width := original.Rect.Dx()
	for y := range original.Rect.Dy() {
		a := original.Pix[y*original.Stride:][:4*width]
		b := pix.Pix[y*pix.Stride:][:4*width]
		if string(a) == string(b) {
			continue
		}
		for x := range width {
			if string(a[4*x:4*x+4]) != string(b[4*x:4*x+4]) && touched.At(x, y) == 0 {
				changed++
			}
		}
	}
	return changed, nil
}
