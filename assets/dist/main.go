// Dist makes what a release consists of from programs that were built: packages,
// checksums and bills of materials. The same programs give the same bytes.
package main

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"time"
)

// appID names the application to desktops, after FyneApp.toml.
const appID = "dev.overpaint.Overpaint"

// release is what is packed: the program of one system.
type release struct {
	version string    // "0.2.0", or "0.2.0~git20261126.a46d9c8" between releases
	date    time.Time // of the commit: nothing in a release is younger
	system  string    // "linux", "windows" or "darwin", as Go calls it
	arch    string    // as Go calls it
	program []byte
	info    *debug.BuildInfo // what Go noted in the program
	root    string           // the top of the repo
}

func main() {
	stageOnly := flag.String("stage", "", "only lay the files out in this `folder`, as they are installed below a prefix")
	object := flag.String("resources", "", "only make this object `file`, with which the program for Windows is linked")
	out := flag.String("out", filepath.Join("build", "dist"), "the `folder` for the artefacts")
	version := flag.String("version", "", "the version; FyneApp.toml's where it is empty")
	date := flag.String("date", "", "the commit's day, as `2026-11-26`")
	var programs []string
	flag.Func("binary", "a `program` for Linux, Windows or macOS; may be given several times", func(path string) error {
		programs = append(programs, path)
		return nil
	})
	flag.Parse()
	if err := distribute(programs, *stageOnly, *object, *out, *version, *date); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// distribute does what the flags ask for.
func distribute(programs []string, stageOnly, object, out, version, date string) error {
	if object != "" {
		r, err := begin(".", version, date)
		if err != nil {
			return err
		}
		whole, err := filepath.Abs(object)
		if err != nil {
			return err
		}
		return r.resources(whole)
	}
	var all []*release
	for _, path := range programs {
		r, err := open(".", path, version, date)
		if err != nil {
			return err
		}
		if stageOnly != "" {
			return r.stage(stageOnly)
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return errors.New("no program is named: -binary")
	}
	return pack(out, all...)
}

// begin reads what a release is made of, but for the program.
func begin(root, version, date string) (*release, error) {
	r := &release{root: root, version: version, date: time.Unix(0, 0).UTC()}
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
	return r, nil
}

// open reads what a release is made of.
func open(root, binary, version, date string) (*release, error) {
	r, err := begin(root, version, date)
	if err != nil {
		return nil, err
	}
	if r.program, err = os.ReadFile(binary); err != nil {
		return nil, err
	}
	if r.system, r.arch, err = identify(r.program); err != nil {
		return nil, fmt.Errorf("%s: %w", binary, err)
	}
	if r.info, err = buildinfo.Read(bytes.NewReader(r.program)); err != nil {
		return nil, fmt.Errorf("%s: %w", binary, err)
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

// pack makes all artefacts of all programs in out, which holds nothing else then.
func pack(out string, all ...*release) error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, r := range all {
		if err := r.pack(out); err != nil {
			return err
		}
	}
	return sums(out)
}

// pack makes the artefacts of one program in out.
func (r *release) pack(out string) error {
	lay, steps := r.tree, []func(string, files) error{r.tarball, r.deb, r.appimage, r.flatpak, r.sbom}
	switch r.system {
	case "windows":
		lay, steps = r.windowsTree, []func(string, files) error{r.zip, r.installer, r.sbom}
	case "darwin":
		lay, steps = r.bundle, []func(string, files) error{r.zip, r.sbom}
	}
	tree, err := lay()
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(out, tree); err != nil {
			return err
		}
	}
	return nil
}

// name returns an artefact's name with an ending.
func (r *release) name(ending string) string {
	system := r.system
	if system == "darwin" {
		system = "macos"
	}
	return fmt.Sprintf("overpaint-%s-%s-%s%s", r.version, system, r.arch, ending)
}
