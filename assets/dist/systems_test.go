package main

import (
	"archive/zip"
	"bytes"
	"debug/pe"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// otherSystem is a release for a system that the test doesn't run on. Its program
// is this test's, which only its licences and its bill of materials are about.
func otherSystem(t *testing.T, system, arch string) *release {
	t.Helper()
	r := testRelease(t)
	r.system, r.arch = system, arch
	return r
}

// needs skips a test where a tool is missing.
func needs(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is missing", tool)
		}
	}
}

// TestIco reads the icon for Windows as its format says.
func TestIco(t *testing.T) {
	raw, err := ico()
	if err != nil {
		t.Fatal(err)
	}
	if got := int(binary.LittleEndian.Uint16(raw[4:])); got != len(icoSides) {
		t.Fatalf("%d pictures", got)
	}
	end := 6 + 16*len(icoSides)
	for i, side := range icoSides {
		entry := raw[6+16*i:]
		size, offset := int(binary.LittleEndian.Uint32(entry[8:])), int(binary.LittleEndian.Uint32(entry[12:]))
		if int(entry[0]) != side%256 || offset != end {
			t.Errorf("picture %d: side %d at %d", i, entry[0], offset)
		}
		end += size
		picture := raw[offset : offset+size]
		if side == 256 {
			if c, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || c.Width != 256 {
				t.Errorf("256: %v, %v", c, err)
			}
			continue
		}
		maskRow := (side + 31) / 32 * 4
		if binary.LittleEndian.Uint32(picture) != 40 || binary.LittleEndian.Uint32(picture[8:]) != uint32(2*side) || size != 40+side*(4*side+maskRow) {
			t.Errorf("%d: %d bytes", side, size)
		}
		middle := picture[40+4*(side*(side/2)+side/2):]
		if middle[3] != 255 {
			t.Errorf("%d: the middle's alpha is %d", side, middle[3])
		}
	}
	if end != len(raw) {
		t.Errorf("%d bytes, %d are used", len(raw), end)
	}
}

// TestIcns reads the icon for macOS as its format says.
func TestIcns(t *testing.T) {
	raw, err := icns()
	if err != nil {
		t.Fatal(err)
	}
	if string(raw[:4]) != "icns" || int(binary.BigEndian.Uint32(raw[4:])) != len(raw) {
		t.Fatalf("%q, %d of %d bytes", raw[:4], binary.BigEndian.Uint32(raw[4:]), len(raw))
	}
	for rest, i := raw[8:], 0; len(rest) > 0; i++ {
		size := binary.BigEndian.Uint32(rest[4:])
		c, err := png.DecodeConfig(bytes.NewReader(rest[8:size]))
		if err != nil || string(rest[:4]) != icnsPictures[i].kind || c.Width != icnsPictures[i].side {
			t.Errorf("%s: %v, %v", rest[:4], c, err)
		}
		rest = rest[size:]
	}
}

// TestEndings compares what Windows and macOS are told with what is opened.
func TestEndings(t *testing.T) {
	raw, err := os.ReadFile("../../editor/picture/endings.go")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"overpaint"}
	for _, m := range regexp.MustCompile(`"\.([a-z0-9]+)"`).FindAllSubmatch(raw, -1) {
		want = append(want, string(m[1]))
	}
	if !slices.Equal(endings, want) {
		t.Errorf("%v, want %v", endings, want)
	}
}

func TestNumbers(t *testing.T) {
	for version, want := range map[string]string{"0.2.0": "0.2.0.0", "1.12.3~git20261126.a46d9c8": "1.12.3.0", "": "0.0.0.0"} {
		if got := (&release{version: version}).numbers("."); got != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
}

// unzip returns an archive's files by name.
func unzip(t *testing.T, path string) map[string]*zip.File {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	found := map[string]*zip.File{}
	for _, f := range r.File {
		found[f.Name] = f
	}
	return found
}

// TestPackForWindows packs twice and expects the same bytes, a zip with all that
// belongs together, and an installer where it can be made.
func TestPackForWindows(t *testing.T) {
	needs(t, "x86_64-w64-mingw32-gcc")
	r := otherSystem(t, "windows", "amd64")
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
	const base = "overpaint-1.2.3-windows-amd64"
	if _, err := exec.LookPath("makensis"); err == nil && a[base+"-setup.exe"] == "" || a[base+".cdx.json"] == "" {
		t.Errorf("made: %v", a)
	}
	found := unzip(t, filepath.Join(first, base+".zip"))
	for _, name := range []string{"overpaint.exe", "overpaint.com", "LICENSE.txt", "NOTICE.txt", "LICENSES.txt", "README.md", "CHANGELOG.md"} {
		if f := found["overpaint-1.2.3/"+name]; f == nil || f.UncompressedSize64 == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	checkConsole(t, found["overpaint-1.2.3/overpaint.com"])
}

// checkConsole expects a program of the console for Windows.
func checkConsole(t *testing.T, f *zip.File) {
	t.Helper()
	in, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	program, err := pe.NewFile(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if head := program.OptionalHeader.(*pe.OptionalHeader64); head.Subsystem != pe.IMAGE_SUBSYSTEM_WINDOWS_CUI || program.TimeDateStamp != 0 {
		t.Errorf("subsystem %d, time %d", head.Subsystem, program.TimeDateStamp)
	}
}

// TestResources makes the object file with icon, version and manifest.
func TestResources(t *testing.T) {
	needs(t, "x86_64-w64-mingw32-windres", "x86_64-w64-mingw32-gcc")
	out := filepath.Join(t.TempDir(), "resources.o")
	if err := otherSystem(t, "windows", "amd64").resources(out); err != nil {
		t.Fatal(err)
	}
	f, err := pe.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	section := f.Section(".rsrc")
	if section == nil {
		t.Fatal("it has no resources")
	}
	raw, err := section.Data()
	if err != nil {
		t.Fatal(err)
	}
	wide := func(s string) []byte {
		var b []byte
		for _, c := range s {
			b = binary.LittleEndian.AppendUint16(b, uint16(c))
		}
		return b
	}
	for _, part := range [][]byte{wide("GLFW_ICON"), wide("1.2.3"), []byte("PerMonitorV2"), []byte("longPathAware"), []byte("1.2.3.0")} {
		if !bytes.Contains(raw, part) {
			t.Errorf("%q is missing", part)
		}
	}
}

// TestBundle checks the application for macOS: its files, who may run them, and
// that its description is XML in which nothing was left to fill in.
func TestBundle(t *testing.T) {
	out := t.TempDir()
	if err := pack(out, otherSystem(t, "darwin", "arm64")); err != nil {
		t.Fatal(err)
	}
	found := unzip(t, filepath.Join(out, "overpaint-1.2.3-macos-arm64.zip"))
	const top = "Overpaint.app/Contents/"
	for _, name := range []string{"Info.plist", "PkgInfo", "MacOS/overpaint", "Resources/Overpaint.icns", "Resources/LICENSE", "Resources/NOTICE", "Resources/LICENSES.txt"} {
		if f := found[top+name]; f == nil || f.UncompressedSize64 == 0 {
			t.Fatalf("%s is missing", name)
		}
	}
	if mode := found[top+"MacOS/overpaint"].Mode(); mode.Perm() != 0o755 {
		t.Errorf("the program's mode is %v", mode)
	}
	in, err := found[top+"Info.plist"].Open()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []string{"<string>1.2.3</string>", "<string>" + appID + "</string>", "<string>heic</string>"} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%s is missing", part)
		}
	}
	if bytes.Contains(raw, []byte("@")) {
		t.Errorf("something was left to fill in:\n%s", raw)
	}
}

// TestAppImage starts an AppImage of this test program, and finds its file system
// where desktops look for it.
func TestAppImage(t *testing.T) {
	needs(t, "mksquashfs", "unsquashfs")
	r := testRelease(t)
	tree, err := r.tree()
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	if err := r.appimage(out, tree); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(out, "overpaint-1.2.3-linux-"+runtime.GOARCH+".AppImage")
	if said, err := exec.Command(path, "-test.list", "TestAppImage").CombinedOutput(); err != nil || !strings.Contains(string(said), "TestAppImage\n") {
		t.Errorf("started: %v: %s", err, said)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sections := binary.LittleEndian.Uint64(raw[0x28:]) + uint64(binary.LittleEndian.Uint16(raw[0x3a:]))*uint64(binary.LittleEndian.Uint16(raw[0x3c:]))
	if string(raw[8:11]) != "AI\x02" || string(raw[sections:sections+4]) != "hsqs" {
		t.Errorf("%q, %q", raw[8:11], raw[sections:sections+4])
	}
	image := filepath.Join(out, "image")
	if err := os.WriteFile(image, raw[sections:], 0o600); err != nil {
		t.Fatal(err)
	}
	listed, err := exec.Command("unsquashfs", "-l", image).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"AppRun", ".DirIcon", appID + ".desktop", appID + ".png", "usr/share/metainfo/" + appID + ".metainfo.xml", "usr/share/doc/overpaint/LICENSES.txt.gz"} {
		if !strings.Contains(string(listed), "/"+name+"\n") {
			t.Errorf("%s is missing", name)
		}
	}
}

// TestIdentify tells this program's system and processor.
func TestIdentify(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if system, arch, err := identify(raw); err != nil || system != runtime.GOOS || arch != runtime.GOARCH {
		t.Errorf("%s %s %v", system, arch, err)
	}
}
