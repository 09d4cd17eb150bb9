package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"overpaint.dev/overpaint/assets/icons"
)

//go:embed linux
var linux embed.FS

// iconSides are the sides of the icons that are installed, in pixels.
var iconSides = []int{16, 22, 24, 32, 48, 64, 128, 256, 512}

// file is one file of a tree.
type file struct {
	data []byte
	mode fs.FileMode
}

// files are the files of a tree by their path, with slashes.
type files map[string]file

// paths returns the paths in order.
func (f files) paths() []string { return slices.Sorted(maps.Keys(f)) }

// folders returns all folders that the files are in, parents first.
func (f files) folders() []string {
	all := map[string]bool{}
	for path := range f {
		for i, r := range path {
			if r == '/' {
				all[path[:i]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// write puts the files below a folder of the disk.
func (f files) write(folder string) error {
	for _, path := range f.paths() {
		whole := filepath.Join(folder, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(whole), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(whole, f[path].data, f[path].mode); err != nil {
			return err
		}
		if err := os.Chmod(whole, f[path].mode); err != nil { // whatever the umask is
			return err
		}
	}
	return nil
}

// stage lays the files out in folder, and nothing else.
func (r *release) stage(folder string) error {
	tree, err := r.tree()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return tree.write(folder)
}

// tree returns everything that is installed below a prefix.
func (r *release) tree() (files, error) {
	t := files{"bin/overpaint": {r.program, 0o755}}
	for from, to := range map[string]string{
		"overpaint.desktop":      "share/applications/" + appID + ".desktop",
		"overpaint.metainfo.xml": "share/metainfo/" + appID + ".metainfo.xml",
		"overpaint-mime.xml":     "share/mime/packages/" + appID + ".xml",
		"overpaint.1":            "share/man/man1/overpaint.1.gz",
	} {
		raw, err := linux.ReadFile("linux/" + from)
		if err != nil {
			return nil, err
		}
		raw = r.fill(raw)
		if strings.HasSuffix(to, ".gz") {
			raw = compress(raw)
		}
		t[to] = file{raw, 0o644}
	}
	for _, name := range []string{"LICENSE", "NOTICE", "README.md", "CHANGELOG.md"} {
		raw, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		t["share/doc/overpaint/"+name] = file{raw, 0o644}
	}
	texts, err := r.licenceTexts()
	if err != nil {
		return nil, err
	}
	t["share/doc/overpaint/LICENSES.txt.gz"] = file{compress(texts), 0o644}
	t["share/icons/hicolor/scalable/apps/"+appID+".svg"] = file{icons.AppSVG, 0o644}
	for _, side := range iconSides {
		drawn, err := icon(side)
		if err != nil {
			return nil, err
		}
		t[fmt.Sprintf("share/icons/hicolor/%dx%d/apps/%s.png", side, side, appID)] = file{drawn, 0o644}
	}
	return t, nil
}

// fill puts version and day into a text.
func (r *release) fill(raw []byte) []byte {
	return []byte(strings.NewReplacer("@VERSION@", r.version, "@DATE@", r.date.Format("2006-01-02")).Replace(string(raw)))
}

// compress returns data as gzip, without a name and a time.
func compress(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
