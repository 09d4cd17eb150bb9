package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/batch"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// standard is the name for standard input and output.
const standard = "-"

// open reads the picture and the mask and extends the canvas. It also returns the bytes of
// the picture's file.
func open(ctx context.Context, f *flags) (*document.State, []byte, error) {
	p, data, err := f.fence.read(f.image)
	if err != nil {
		return nil, nil, openError(f.image, err)
	}
	s, err := begin(ctx, f, p)
	return s, data, err
}

// openError returns the error for a file that can't be opened.
func openError(path string, err error) error {
	var own *api.Error
	if errors.As(err, &own) {
		return own
	}
	if isFolder(path) {
		return api.InputError("cli.is_folder", "File", path)
	}
	return job.OpenError(path, err)
}

// read reads a picture's file, or standard input.
func (f *fence) read(path string) (*picture.Picture, []byte, error) {
	if f != nil {
		file, err := f.open(path)
		if err != nil {
			return nil, nil, err
		}
		defer file.Close()
		return picture.ReadFrom(file, picture.DefaultLimits)
	}
	if path == standard {
		p, data, err := picture.ReadFrom(os.Stdin, picture.DefaultLimits)
		if err != nil && len(data) == 0 {
			err = api.InputError("cli.stdin_empty")
		}
		return p, data, err
	}
	return picture.Read(path, picture.DefaultLimits)
}

func begin(ctx context.Context, f *flags, p *picture.Picture) (*document.State, error) {
	sides, err := f.borders()
	if err != nil {
		return nil, err
	}
	s := document.NewState(p)
	f.besideMask()
	if f.area != nil {
		m, err := f.area(ctx, s)
		if err != nil {
			return nil, err
		}
		s = s.WithMask(m)
		f.given["mask"] = true
	} else if f.given["mask"] {
		m, err := f.fence.openMask(f.mask, s)
		if err != nil {
			return nil, err
		}
		s = s.WithMask(m)
	} else if f.made != nil && f.made.Mask != nil && !f.whole {
		m, err := f.made.MaskOn(ctx, s, filepath.Base(f.recipe))
		if err != nil {
			return nil, err
		}
		if m.Empty() {
			return nil, api.InputError("error.mask_empty")
		}
		s = s.WithMask(m)
		f.given["mask"] = true
	}
	if err := f.linesInside(s.Size, sides); err != nil {
		return nil, err
	}
	s = s.WithLines(f.lines)
	if sides == [4]int{} {
		return s, nil
	}
	if err := checkExtended(f.extend, s, sides); err != nil {
		return nil, err
	}
	if !f.given["mask"] {
		// The border will be in the mask, which must not hide the picture's own transparency.
		m, _ := job.Mask(s)
		s = s.WithMask(m)
	}
	return s.Extended(sides[0], sides[1], sides[2], sides[3]), nil
}

// linesInside checks that each guide line has a part in the picture or its new border.
func (f *flags) linesInside(size image.Point, sides [4]int) error {
	canvas := image.Rect(-sides[0], -sides[1], size.X+sides[2], size.Y+sides[3])
	for _, line := range f.lines {
		box := image.Rectangle{Min: line[0], Max: line[0]}
		var words []string
		for _, p := range line {
			box.Min = image.Pt(min(box.Min.X, p.X), min(box.Min.Y, p.Y))
			box.Max = image.Pt(max(box.Max.X, p.X), max(box.Max.Y, p.Y))
			words = append(words, fmt.Sprintf("%d,%d", p.X, p.Y))
		}
		box.Max = box.Max.Add(image.Pt(1, 1))
		if !box.Overlaps(canvas) {
			return api.InputError("cli.place_outside", "Place", "-line "+strconv.Quote(strings.Join(words, " ")), "Width", canvas.Dx(), "Height", canvas.Dy())
		}
	}
	return nil
}

// besideMask uses the mask in the picture's folder, NAME.mask.png for NAME.jpg, where no
// mask was named and there is one.
func (f *flags) besideMask() {
	if f.given["mask"] || f.whole || f.image == standard || f.fence != nil || f.area != nil {
		return
	}
	if beside := batch.MaskBeside(f.image); beside != "" {
		f.mask, f.given["mask"] = beside, true
	}
}

// checkExtended checks that the extended picture isn't too large to be opened.
func checkExtended(value string, s *document.State, sides [4]int) error {
	const most = 1 << 24 // no sum or product below can overflow
	for _, side := range sides {
		if side > most {
			return api.InputError("input.extend", "Value", value)
		}
	}
	return job.CheckExtended(s.Size.Add(image.Pt(sides[0]+sides[2], sides[1]+sides[3])))
}

// readReferences reads the reference pictures that are sent to a model.
func (f *flags) readReferences(paths []string) ([]*image.NRGBA, error) {
	var all []*image.NRGBA
	for _, path := range paths {
		p, _, err := f.fence.read(path)
		if err != nil {
			return nil, openError(path, err)
		}
		all = append(all, p.SRGB())
	}
	return all, nil
}

func (f *fence) openMask(path string, s *document.State) (*mask.Mask, error) {
	open := os.ReadFile
	if f != nil {
		open = f.bytes
	}
	data, err := open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	img, err := mask.DecodePicture(data, s.Size)
	if err != nil {
		return nil, job.MaskError(path, err)
	}
	if isPhoto(img) {
		return nil, api.InputError("cli.mask_photo", "File", path)
	}
	m := mask.FromPicture(img)
	if m.Empty() {
		return nil, api.InputError("cli.mask_blank", "File", path)
	}
	return m, nil
}

// checkFolder creates the folder where it doesn't exist, and checks that a file of that
// name can be written in it. made is told of the folders that it creates.
func checkFolder(dir, name string, made *madeFolders) error {
	err := made.make(dir)
	if err == nil {
		// The name may be too long or invalid in this file system.
		probe := filepath.Join(dir, name)
		var f *os.File
		if f, err = os.OpenFile(probe, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
			f.Close()
			err = os.Remove(probe)
		} else if errors.Is(err, fs.ErrExist) {
			err = file.CheckFolder(dir)
		}
	}
	if err != nil {
		e := api.InputError("input.folder", "Folder", dir)
		if errors.Is(err, syscall.ENAMETOOLONG) {
			e = api.InputError("input.name_long", "Name", name)
		}
		e.Cause = err
		return e
	}
	return nil
}

// checkRoom checks that a folder's file system has room for so many bytes. If the free
// space isn't known, the check passes.
func checkRoom(dir string, bytes int64) error {
	free, err := file.Free(dir)
	if err != nil || free >= bytes {
		return nil
	}
	return api.InputError("input.no_room", "Folder", dir, "Need", megabytes(bytes), "Have", megabytes(free))
}

func megabytes(n int64) int64 { return (n + 999_999) / 1_000_000 }

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readOnly reports whether a path, which is not a folder, has the extension of a format that
// can be read but not written.
func readOnly(path string) bool {
	_, written := picture.FormatOf(path)
	return !written && picture.Named(path) && !isFolder(path)
}
