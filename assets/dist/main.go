// Dist makes what a release consists of from a program that was built: packages,
// checksums and a bill of materials. The same program gives the same bytes.
package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// appID names the application to desktops, after FyneApp.toml.
const appID = "dev.overpaint.Overpaint"

// release is what is packed.
type release struct {
	version string    // "0.2.0", or "0.2.0~git20261126.a46d9c8" between releases
	date    time.Time // of the commit: nothing in a release is younger
	arch    string    // as Go calls it
	program []byte
	binary  string // the program's path
	root    string // the top of the repo
}

func main() {
	stageOnly := flag.String("stage", "", "only lay the files out in this `folder`, as they are installed below a prefix")
	out := flag.String("out", filepath.Join("build", "dist"), "the `folder` for the artefacts")
	binary := flag.String("binary", filepath.Join("build", "overpaint"), "the program")
	version := flag.String("version", "", "the version; FyneApp.toml's where it is empty")
	date := flag.String("date", "", "the commit's day, as `2026-11-26`")
	flag.Parse()
	r, err := open(".", *binary, *version, *date)
	if err == nil {
		if *stageOnly != "" {
			err = r.stage(*stageOnly)
		} else {
			err = r.pack(*out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// open reads what a release is made of.
func open(root, binary, version, date string) (*release, error) {
	r := &release{root: root, binary: binary, version: version, date: time.Unix(0, 0).UTC()}
	var err error
	if r.version == "" {
		if r.version, err = released(root); err != nil {
			return nil, err
		}
	}
	if date != "" {
		if r.date, err = time.Parse(time.DateOnly, date); err != nil {
			return nil, err
		}
	}
	if r.program, err = os.ReadFile(binary); err != nil {
		return nil, err
	}
	file, err := elf.NewFile(bytes.NewReader(r.program))
	if err != nil {
		return nil, fmt.Errorf("%s is no program for Linux: %w", binary, err)
	}
	r.arch = map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}[file.Machine]
	if r.arch == "" {
		return nil, fmt.Errorf("%s is for %v, for which no packages are made", binary, file.Machine)
	}
	return r, nil
}

// released reads the version that FyneApp.toml names.
func released(root string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(root, "FyneApp.toml"))
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`(?m)^\s*Version\s*=\s*"([^"]+)"`).FindSubmatch(raw)
	if found == nil {
		return "", errors.New("FyneApp.toml names no version")
	}
	return string(found[1]), nil
}

// pack makes all artefacts in out.
func (r *release) pack(out string) error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	tree, err := r.tree()
	if err != nil {
		return err
	}
	for _, step := range []func(string, files) error{r.tarball, r.deb, r.flatpak, r.sbom, sums} {
		if err := step(out, tree); err != nil {
			return err
		}
	}
	return nil
}

// name returns an artefact's name with an ending.
func (r *release) name(ending string) string {
	return fmt.Sprintf("overpaint-%s-linux-%s%s", r.version, r.arch, ending)
}
