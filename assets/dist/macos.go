package main

import (
	"embed"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

//go:embed macos
var macos embed.FS

// bundle returns the application for macOS: the tree of Overpaint.app.
func (r *release) bundle() (files, error) {
	const top = "Overpaint.app/Contents/"
	picture, err := icns()
	if err != nil {
		return nil, err
	}
	plist, err := r.plist()
	if err != nil {
		return nil, err
	}
	texts, err := r.licenceTexts()
	if err != nil {
		return nil, err
	}
	t := files{
		top + "Info.plist": {plist, 0o644}, top + "PkgInfo": {[]byte("APPL????"), 0o644}, top + "MacOS/overpaint": {r.program, 0o755},
		top + "Resources/Overpaint.icns": {picture, 0o644}, top + "Resources/LICENSES.txt": {texts, 0o644},
	}
	for _, name := range []string{"LICENSE", "NOTICE", "README.md", "CHANGELOG.md"} {
		raw, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		t[top+"Resources/"+name] = file{raw, 0o644}
	}
	return t, nil
}

// plist returns the bundle's Info.plist.
func (r *release) plist() ([]byte, error) {
	raw, err := macos.ReadFile("macos/Info.plist")
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, e := range endings[1:] { // a project has a type of its own
		kinds = append(kinds, "\t\t\t\t<string>"+e+"</string>")
	}
	short := regexp.MustCompile(`^[0-9.]+`).FindString(r.version) // Apple allows no more
	return []byte(strings.NewReplacer("@SHORT@", short, "@ENDINGS@", strings.Join(kinds, "\n")).Replace(string(raw))), nil
}
