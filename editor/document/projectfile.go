package document

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// The names within a project file, which is a zip archive. The parts are stored uncompressed,
// since they are compressed already.
const (
	// ProjectExtension is what the names of project files end in.
	ProjectExtension = ".overpaint"
	manifestName     = "project.json"
	manifestBytes    = 16 << 20
)

// SaveProject writes a project file atomically (see package file). over says what it may
// replace. Where ctx ends first it returns ctx's error and leaves the file as it was.
func SaveProject(ctx context.Context, path string, p Project, over file.Over) error {
	return file.Save(path, over, file.Shared, file.Until(ctx, func(w io.Writer) error { return WriteProject(w, p) }))
}

// WriteProject writes a project as a zip archive: project.json, the original
// file as it was (or the picture as a PNG), masks, and for each result all its variants as they came,
// its masks, and its layer.
func WriteProject(w io.Writer, p Project) error {
	z := zip.NewWriter(w)
	put := func(name string, method uint16, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	}
	names := map[any]string{} // what is in several places is stored once
	m, err := p.describe(func(hint string, key any, data func() ([]byte, error)) (string, error) {
		if name, ok := names[key]; ok {
			return name, nil
		}
		b, err := data()
		if err != nil {
			return "", err
		}
		names[key] = hint
		return hint, put(hint, zip.Store, b)
	})
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	if err := put(manifestName, zip.Deflate, b); err != nil {
		return err
	}
	return z.Close()
}

// OpenProject reads a project file; see ReadProject.
func OpenProject(path string, l picture.Limits) (Project, error) {
	f, err := os.Open(path)
	if err != nil {
		return Project{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Project{}, err
	}
	return ReadProject(f, info.Size(), l)
}

// ReadProject reads a project of size bytes. Each picture is limited by l (zero:
// picture.DefaultLimits), all together by four times that, and the unpacked bytes by a
// multiple of size. The errors are ErrNotProject, ErrDamaged, *NewerError, *ManyError,
// *SizeError, those of picture.Decode, and those of r.
func ReadProject(r io.ReaderAt, size int64, l picture.Limits) (Project, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Project{}, fmt.Errorf("%w: %w", ErrNotProject, err)
	}
	a := &archive{files: map[string]*zip.File{}, budget: 64<<20 + 10*size}
	for _, f := range z.File {
		if _, twice := a.files[f.Name]; !twice {
			a.files[f.Name] = f
		}
	}
	if a.files[manifestName] == nil {
		return Project{}, ErrNotProject
	}
	data, err := a.read(manifestName, manifestBytes)
	if err != nil {
		return Project{}, err
	}
	m, err := parseManifest(data)
	if err != nil {
		return Project{}, err
	}
	return load(m, l, func(name string) ([]byte, error) { return a.read(name, a.budget) })
}

// parseManifest reads project.json, its version first.
func parseManifest(data []byte) (*manifest, error) {
	var v struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &v); err != nil || v.Version < 1 {
		return nil, errors.Join(ErrNotProject, err)
	}
	if v.Version > ProjectVersion {
		return nil, &NewerError{Version: v.Version}
	}
	m := new(manifest)
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return m, nil
}

// archive reads a zip's files within a budget of unpacked bytes, whatever the headers say.
type archive struct {
	files  map[string]*zip.File
	budget int64
}

func (a *archive) read(name string, limit int64) ([]byte, error) {
	f := a.files[name]
	if f == nil {
		return nil, damaged("a part is missing")
	}
	limit = min(limit, a.budget)
	if f.UncompressedSize64 > uint64(limit) {
		return nil, damaged("a part is too large")
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if int64(len(data)) > limit {
		return nil, damaged("a part is too large")
	}
	a.budget -= int64(len(data))
	return data, nil
}
