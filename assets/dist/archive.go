package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tarball makes an archive that runs where it is unpacked, and that can be
// copied to a prefix as it is.
func (r *release) tarball(out string, tree files) error {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	top := "overpaint-" + r.version + "/"
	add := func(name string, mode fs.FileMode, data []byte, kind byte) error {
		h := &tar.Header{Typeflag: kind, Name: top + name, Mode: int64(mode), Size: int64(len(data)), ModTime: r.date, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	}
	for _, folder := range append([]string{""}, tree.folders()...) {
		if err := add(strings.TrimPrefix(folder+"/", "/"), 0o755, nil, tar.TypeDir); err != nil {
			return err
		}
	}
	for _, path := range tree.paths() {
		if err := add(path, tree[path].mode, tree[path].data, tar.TypeReg); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, r.name(".tar.gz")), compress(b.Bytes()), 0o644)
}

// zip makes an archive of a tree, which runs where it is unpacked.
func (r *release) zip(out string, tree files) error {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, path := range tree.paths() {
		name := path
		if r.system == "windows" { // a bundle for macOS is a folder already
			name = "overpaint-" + r.version + "/" + path
		}
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.date}
		h.SetMode(tree[path].mode)
		part, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := part.Write(tree[path].data); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, r.name(".zip")), b.Bytes(), 0o644)
}

// deb makes the Debian package by dpkg-deb; where that is missing there is none,
// and a line says so.
func (r *release) deb(out string, tree files) error {
	tool, err := exec.LookPath("dpkg-deb")
	if err != nil {
		fmt.Fprintln(os.Stderr, "dist: dpkg-deb is missing: NO .deb WAS MADE")
		return nil
	}
	root, err := os.MkdirTemp("", "overpaint-deb-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	whole, err := r.debFiles(tree)
	if err != nil {
		return err
	}
	if err := whole.write(root); err != nil {
		return err
	}
	if err := age(root, r.date); err != nil {
		return err
	}
	c := exec.Command(tool, "--root-owner-group", "-Zxz", "--build", root, filepath.Join(out, fmt.Sprintf("overpaint_%s_%s.deb", r.version, r.arch)))
	// One thread: how many there are shows in what xz makes.
	c.Env = append(os.Environ(), "DPKG_DEB_THREADS_MAX=1", "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.date.Unix(), 10))
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("dpkg-deb: %w: %s", err, said)
	}
	return nil
}

// debFiles returns the package's files: the tree below /usr, and what dpkg wants.
func (r *release) debFiles(tree files) (files, error) {
	whole, size := files{}, 0
	for path, f := range tree {
		switch path {
		case "share/doc/overpaint/LICENSE": // Debian's name for it
			path = "share/doc/overpaint/copyright"
		case "share/doc/overpaint/CHANGELOG.md":
			path, f.data = "share/doc/overpaint/changelog.gz", compress(f.data)
		}
		whole["usr/"+path] = f
		size += (len(f.data) + 1023) / 1024
	}
	libc, err := libcVersion(r.program)
	if err != nil {
		return nil, err
	}
	if libc != "" {
		libc = "libc6 (>= " + libc + "), "
	}
	control, err := linux.ReadFile("linux/control")
	if err != nil {
		return nil, err
	}
	filled := strings.NewReplacer("@ARCH@", r.arch, "@SIZE@", strconv.Itoa(size), "@LIBC@", libc).Replace(string(r.fill(control)))
	whole["DEBIAN/control"] = file{[]byte(filled), 0o644}
	return whole, nil
}

// libcVersion returns the oldest GNU C library that a program runs with, "" where
// it needs none.
func libcVersion(program []byte) (string, error) {
	f, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		return "", err
	}
	symbols, err := f.ImportedSymbols()
	if errors.Is(err, elf.ErrNoSymbols) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	newest := [2]int{}
	for _, s := range symbols {
		var v [2]int
		if _, err := fmt.Sscanf(s.Version, "GLIBC_%d.%d", &v[0], &v[1]); err != nil {
			continue
		}
		if v[0] > newest[0] || v[0] == newest[0] && v[1] > newest[1] {
			newest = v
		}
	}
	if newest == [2]int{} {
		return "", nil
	}
	return fmt.Sprintf("%d.%d", newest[0], newest[1]), nil
}

// age gives everything below a folder the same time.
func age(folder string, to time.Time) error {
	return filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, to, to)
	})
}

// flatpak makes the manifest that builds a Flatpak of the tarball.
func (r *release) flatpak(out string, _ files) error {
	raw, err := linux.ReadFile("linux/flatpak.yml")
	if err != nil {
		return err
	}
	archive, err := os.ReadFile(filepath.Join(out, r.name(".tar.gz")))
	if err != nil {
		return err
	}
	filled := strings.NewReplacer("@TARBALL@", r.name(".tar.gz"), "@SHA256@", fmt.Sprintf("%x", sha256.Sum256(archive))).Replace(string(raw))
	return os.WriteFile(filepath.Join(out, appID+".yml"), []byte(filled), 0o644)
}

// sums writes the checksums of all that is in out, as sha256sum checks them.
func sums(out string) error {
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(out, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(raw), e.Name())
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(b.String()), 0o644)
}
