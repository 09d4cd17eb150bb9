package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/assets/text"
)

// testRelease is a release of this test program, which Go built as it builds
// Overpaint.
func testRelease(t *testing.T) *release {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("packages are made on Linux")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, err := open("../..", self, "1.2.3", "2026-11-26")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// contents are the checksums of a folder's files by name.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found[e.Name()] = fmt.Sprintf("%x", sha256.Sum256(raw))
	}
	return found
}

// TestPackReproducibly packs the same program twice, in other folders, and
// expects the same bytes.
func TestPackReproducibly(t *testing.T) {
	r := testRelease(t)
	first, second := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	for _, out := range []string{first, second} {
		if err := pack(out, r); err != nil {
			t.Fatal(err)
		}
	}
	a, b := contents(t, first), contents(t, second)
	for name, sum := range a {
		if b[name] != sum {
			t.Errorf("%s differs between two runs", name)
		}
	}
	for _, name := range []string{
		"overpaint-1.2.3-linux-" + runtime.GOARCH + ".tar.gz", "overpaint-1.2.3-linux-" + runtime.GOARCH + ".cdx.json",
		appID + ".yml", "SHA256SUMS",
	} {
		if a[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	listed, err := os.ReadFile(filepath.Join(first, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(listed), "\n"); got != len(a)-1 {
		t.Errorf("%d checksums for %d files", got, len(a)-1)
	}
	if deb := filepath.Join(first, "overpaint_1.2.3_"+runtime.GOARCH+".deb"); a[filepath.Base(deb)] != "" {
		checkDeb(t, deb)
	}
}

// TestLibcVersion reads the version from a program that surely needs the library.
func TestLibcVersion(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("packages are made on Linux")
	}
	raw, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Skip(err)
	}
	version, err := libcVersion(raw)
	if err != nil || version != "" && !regexp.MustCompile(`^2\.\d+$`).MatchString(version) {
		t.Errorf("%q, %v", version, err)
	}
}

func checkDeb(t *testing.T, deb string) {
	t.Helper()
	out, err := exec.Command("dpkg-deb", "--field", deb).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if regexp.MustCompile(`@[A-Z0-9]+@`).Match(out) || !strings.Contains(string(out), "Version: 1.2.3\n") {
		t.Errorf("control:\n%s", out)
	}
	out, err = exec.Command("dpkg-deb", "--contents", deb).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, path := range []string{
		"./usr/bin/overpaint", "./usr/share/applications/" + appID + ".desktop", "./usr/share/metainfo/" + appID + ".metainfo.xml",
		"./usr/share/mime/packages/" + appID + ".xml", "./usr/share/man/man1/overpaint.1.gz", "./usr/share/doc/overpaint/copyright",
		"./usr/share/doc/overpaint/NOTICE", "./usr/share/doc/overpaint/LICENSES.txt.gz", "./usr/share/icons/hicolor/16x16/apps/" + appID + ".png",
		"./usr/share/icons/hicolor/512x512/apps/" + appID + ".png",
	} {
		if !strings.Contains(string(out), " "+path+"\n") {
			t.Errorf("%s is not in the package", path)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if !strings.Contains(line, " root/root ") {
			t.Errorf("it isn't root's: %s", line)
		}
	}
}

// TestLicenceTexts finds the licences of the modules that this program is made of.
func TestLicenceTexts(t *testing.T) {
	raw, err := testRelease(t).licenceTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"\nGo 1.", "github.com/srwiley/rasterx v", "Redistributions in binary form"} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%q is missing", part)
		}
	}
}

func TestTree(t *testing.T) {
	tree, err := testRelease(t).tree()
	if err != nil {
		t.Fatal(err)
	}
	for path, f := range tree {
		if path != "bin/overpaint" && f.mode != 0o644 || len(f.data) == 0 {
			t.Errorf("%s: mode %o, %d bytes", path, f.mode, len(f.data))
		}
	}
	for _, side := range iconSides {
		config, err := png.DecodeConfig(bytes.NewReader(tree[fmt.Sprintf("share/icons/hicolor/%dx%d/apps/%s.png", side, side, appID)].data))
		if err != nil || config.Width != side || config.Height != side {
			t.Errorf("icon %d: %v, %v", side, config, err)
		}
	}
}

// TestFreedesktop has the desktops' own programs check what is for them. They
// are left out where they are missing.
func TestFreedesktop(t *testing.T) {
	dir := t.TempDir()
	if err := testRelease(t).stage(dir); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{"appstreamcli", "validate", "--strict", "--no-net", "share/metainfo/" + appID + ".metainfo.xml"},
		{"desktop-file-validate", "share/applications/" + appID + ".desktop"},
		{"xmllint", "--noout", "share/mime/packages/" + appID + ".xml"},
		{"mandoc", "-T", "lint", "-W", "error", "share/man/man1/overpaint.1.gz"},
	} {
		if _, err := exec.LookPath(words[0]); err != nil {
			t.Logf("SKIPPED: %s is missing", words[0])
			continue
		}
		c := exec.Command(words[0], words[1:]...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", words[0], err, out)
		}
	}
}

// TestManPage checks that the manual names each flag and command of the help.
func TestManPage(t *testing.T) {
	text.Use("en")
	t.Cleanup(func() { text.Use("") })
	raw, err := linux.ReadFile("linux/overpaint.1")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range regexp.MustCompile(`Fl ([a-z-]+)`).FindAllStringSubmatch(string(raw), -1) {
		named = append(named, m[1])
	}
	flags := regexp.MustCompile(`(?m)(?:^| )-([a-z][a-z-]*)`).FindAllStringSubmatch(text.T("cli.usage"), -1)
	if len(flags) < 20 {
		t.Fatalf("only %d flags in the help", len(flags))
	}
	for _, m := range flags {
		if !slices.Contains(named, m[1]) {
			t.Errorf("the manual doesn't name -%s", m[1])
		}
	}
	for _, command := range []string{"edit", "list", "show", "export", "recover", "version"} {
		if !regexp.MustCompile(`Cm [a-z |A-Z]*\b` + command + `\b`).Match(raw) {
			t.Errorf("the manual doesn't name %s", command)
		}
	}
}

func TestBillOfMaterials(t *testing.T) {
	r := testRelease(t)
	out := t.TempDir()
	if err := r.sbom(out, nil); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(out, r.name(".cdx.json")))
	if err != nil {
		t.Fatal(err)
	}
	var b bill
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	if b.Format != "CycloneDX" || b.Metadata.Component.Version != "1.2.3" || b.Metadata.Timestamp != "2026-11-26T00:00:00Z" {
		t.Errorf("%+v", b.Metadata)
	}
	if i := slices.IndexFunc(b.Components, func(c component) bool { return c.Name == "github.com/srwiley/rasterx" }); i < 0 ||
		b.Components[i].Licences[0].Licence.ID != "BSD-3-Clause" || !strings.HasPrefix(b.Components[i].PURL, "pkg:golang/github.com/srwiley/rasterx@v") {
		t.Errorf("%+v", b.Components)
	}
}

// TestChangelog checks that the version that FyneApp.toml names has a section
// with its day.
func TestChangelog(t *testing.T) {
	version, err := released("../..")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^## \[` + regexp.QuoteMeta(version) + `\] - (\S+)$`).FindSubmatch(raw)
	if found == nil {
		t.Fatalf("CHANGELOG.md has no section for %s", version)
	}
	if _, err := time.Parse(time.DateOnly, string(found[1])); err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesOtherFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open("../..", path, "1", ""); err == nil {
		t.Error("a text was taken for a program")
	}
	if _, err := open("../..", path, "1", "yesterday"); err == nil {
		t.Error("a day that is none")
	}
}

// TestLicences reads all lines of NOTICE that name modules, also those that speak of
// what a module has in it: without them no release can be made.
func TestLicences(t *testing.T) {
	found, err := (&release{root: filepath.Join("..", "..")}).licences()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"golang.org/x/net": {"BSD-3-Clause"}, "github.com/gen2brain/avif": {"MIT", "BSD-2-Clause"}, "github.com/gen2brain/heic": {"MIT", "LGPL-3.0"},
		"github.com/modelcontextprotocol/go-sdk": {"Apache-2.0", "MIT"},
	} {
		if !slices.Equal(found[name], want) {
			t.Errorf("%s: %v, want %v", name, found[name], want)
		}
	}
	raw, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range regexp.MustCompile(`(?m)^[a-z0-9.]+\.[a-z]+/\S+[ \t]{2,}.*$`).FindAllString(string(raw), -1) {
		if name := strings.Fields(line)[0]; found[name] == nil {
			t.Errorf("not understood: %s", line)
		}
	}
}
