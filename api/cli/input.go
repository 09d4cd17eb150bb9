package cli

import (
	"image"
	"os"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/editor/document"
	"overpaint/editor/file"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// open reads the picture and the mask and extends the canvas.
func open(f *flags) (*document.State, error) {
	sides, err := f.borders()
	if err != nil {
		return nil, err
	}
	p, err := picture.Open(f.image, picture.DefaultLimits)
	if err != nil {
		return nil, job.OpenError(f.image, err)
	}
	s := document.NewState(p)
	if f.given["mask"] {
		m, err := openMask(f.mask, s)
		if err != nil {
			return nil, err
		}
		s = s.WithMask(m)
	}
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

// checkExtended sees that the extended picture is one that could be opened.
func checkExtended(value string, s *document.State, sides [4]int) error {
	const most = 1 << 24 // no sum or product below can overflow
	for _, side := range sides {
		if side > most {
			return api.InputError("input.extend", "Value", value)
		}
	}
	return job.CheckExtended(s.Size.Add(image.Pt(sides[0]+sides[2], sides[1]+sides[3])))
}

// readReferences reads the further pictures that a model may look at.
func readReferences(paths []string) ([]*image.NRGBA, error) {
	var all []*image.NRGBA
	for _, path := range paths {
		p, err := picture.Open(path, picture.DefaultLimits)
		if err != nil {
			return nil, job.OpenError(path, err)
		}
		all = append(all, p.Pix)
	}
	return all, nil
}

func openMask(path string, s *document.State) (*mask.Mask, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, job.OpenError(path, err)
	}
	m, err := mask.Decode(data, s.Size)
	if err != nil {
		return nil, job.MaskError(path, err)
	}
	if m.Empty() {
		return nil, api.InputError("error.mask_empty")
	}
	return m, nil
}

// checkFolder makes the folder where it isn't there and sees that files can be
// written in it, so that nothing is asked of a service in vain.
func checkFolder(dir string) error {
	err := os.MkdirAll(dir, 0o777) // less the umask: it is the person's
	if err == nil {
		err = file.CheckFolder(dir)
	}
	if err != nil {
		e := api.InputError("input.folder", "Folder", dir)
		e.Cause = err
		return e
	}
	return nil
}
