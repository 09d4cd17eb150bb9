package main

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

//go:embed windows
var windows embed.FS

// endings are those of the files that Windows and macOS offer to open with the
// program, a project's first. They are the kinds that picture.Endings knows.
var endings = []string{
	"overpaint", "png", "apng", "jpg", "jpeg", "jpe", "jfif", "mpo", "webp", "gif", "bmp", "dib", "tif", "tiff",
	"heic", "heif", "hif", "avif", "jxl", "svg",
	"dng", "nef", "nrw", "cr2", "cr3", "arw", "sr2", "srf", "raf", "orf", "rw2", "pef", "srw",
}

// numbers returns the version as the four numbers that Windows knows, separated.
func (r *release) numbers(separator string) string {
	var four [4]string
	found := regexp.MustCompile(`^\d+\.\d+\.\d+`).FindString(r.version)
	copy(four[:], strings.Split(found, "."))
	for i, n := range four {
		if _, err := strconv.ParseUint(n, 10, 16); err != nil {
			four[i] = "0"
		}
	}
	return strings.Join(four[:], separator)
}

// resources makes the object file that is linked into the Windows program: icon,
// version and manifest. It needs windres of mingw-w64.
func (r *release) resources(out string) error {
	folder, err := os.MkdirTemp("", "overpaint-resources-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := r.windowsSources(folder, "overpaint.rc", "overpaint.manifest"); err != nil {
		return err
	}
	return run(folder, "x86_64-w64-mingw32-windres", "--output-format=coff", "--input=overpaint.rc", "--output="+out)
}

// windowsSources writes the icon and embedded files, filled in, into a folder.
func (r *release) windowsSources(folder string, names ...string) error {
	picture, err := ico()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "overpaint.ico"), picture, 0o644); err != nil {
		return err
	}
	for _, name := range names {
		raw, err := windows.ReadFile("windows/" + name)
		if err != nil {
			return err
		}
		filled := strings.NewReplacer("@NUMBERS@", r.numbers("."), "@COMMAS@", r.numbers(",")).Replace(string(r.fill(raw)))
		if err := os.WriteFile(filepath.Join(folder, name), []byte(filled), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// run has a tool do its work in a folder. What it says is in the error.
func run(folder, tool string, arguments ...string) error {
	c := exec.Command(tool, arguments...)
	c.Dir = folder
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", tool, err, said)
	}
	return nil
}

// windowsTree returns what the folder of the program holds on Windows.
func (r *release) windowsTree() (files, error) {
	console, err := r.console()
	if err != nil {
		return nil, err
	}
	texts, err := r.licenceTexts()
	if err != nil {
		return nil, err
	}
	t := files{"overpaint.exe": {r.program, 0o755}, "overpaint.com": {console, 0o755}, "LICENSES.txt": {texts, 0o644}}
	for from, to := range map[string]string{"LICENSE": "LICENSE.txt", "NOTICE": "NOTICE.txt", "README.md": "README.md", "CHANGELOG.md": "CHANGELOG.md"} {
		raw, err := os.ReadFile(filepath.Join(r.root, from))
		if err != nil {
			return nil, err
		}
		t[to] = file{raw, 0o644}
	}
	return t, nil
}

// console makes overpaint.com, by which shells start the program and wait for it.
func (r *release) console() ([]byte, error) {
	if r.arch != "amd64" {
		return nil, fmt.Errorf("no overpaint.com can be made for %s", r.arch)
	}
	folder, err := os.MkdirTemp("", "overpaint-console-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := r.windowsSources(folder, "console.c"); err != nil {
		return nil, err
	}
	err = run(folder, "x86_64-w64-mingw32-gcc", "-Os", "-s", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp", "-o", "overpaint.com.exe", "console.c")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(folder, "overpaint.com.exe"))
}

// installer makes the installer with makensis; where that is missing there is none,
// and a line says so.
func (r *release) installer(out string, tree files) error {
	if _, err := exec.LookPath("makensis"); errors.Is(err, exec.ErrNotFound) {
		fmt.Fprintln(os.Stderr, "dist: makensis is missing (on Debian: apt-get install nsis): NO INSTALLER FOR WINDOWS WAS MADE")
		return nil
	}
	folder, err := os.MkdirTemp("", "overpaint-installer-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := tree.write(folder); err != nil {
		return err
	}
	if err := r.windowsSources(folder, "installer.nsi"); err != nil {
		return err
	}
	if err := r.fillInstaller(filepath.Join(folder, "installer.nsi"), tree); err != nil {
		return err
	}
	if err := age(folder, r.date); err != nil {
		return err
	}
	if err := run(folder, "makensis", "-V2", "-WX", "installer.nsi"); err != nil {
		return err
	}
	made, err := os.ReadFile(filepath.Join(folder, "overpaint-setup.exe"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, r.name("-setup.exe")), made, 0o755)
}

// fillInstaller completes the installer's script with the files and their kinds.
func (r *release) fillInstaller(script string, tree files) error {
	raw, err := os.ReadFile(script)
	if err != nil {
		return err
	}
	var installed, removed, types strings.Builder
	size := 0
	for _, path := range tree.paths() {
		fmt.Fprintf(&installed, "  File %q\n", path)
		fmt.Fprintf(&removed, "  Delete \"$INSTDIR\\%s\"\n", path)
		size += (len(tree[path].data) + 1023) / 1024
	}
	for _, e := range endings {
		fmt.Fprintf(&types, "  WriteRegStr HKCU \"${APPLICATION}\\SupportedTypes\" \".%s\" \"\"\n", e)
	}
	line := strings.NewReplacer("@OUT@", "overpaint-setup.exe", "@KILOBYTES@", strconv.Itoa(size), "@FILES@\n", installed.String(),
		"@REMOVED@\n", removed.String(), "@TYPES@\n", types.String())
	return os.WriteFile(script, []byte(line.Replace(string(raw))), 0o644)
}
