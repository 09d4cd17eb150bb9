package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// licenceTexts returns the licences of all that is compiled into the program, as the Go
// modules in it have them: their own, and in folders of theirs those of the libraries
// that they bring along, such as the LGPL and GPL of libheif and libde265.
func (r *release) licenceTexts() ([]byte, error) {
	cache, err := goEnv("GOMODCACHE")
	if err != nil {
		return nil, err
	}
	root, err := goEnv("GOROOT")
	if err != nil {
		return nil, err
	}
	out, err := licencesIn(nil, "Go "+strings.TrimPrefix(r.info.GoVersion, "go"), root, "LICENSE")
	if err != nil {
		return nil, err
	}
	for _, m := range r.info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		folder := filepath.Join(cache, filepath.FromSlash(escaped(m.Path))+"@"+m.Version)
		if out, err = licencesIn(out, m.Path+" "+m.Version, folder, "LICEN[SC]E*", "COPYING*", "lib/LICEN[SC]E*"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// goEnv asks the Go tool for a setting.
func goEnv(name string) (string, error) {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("go env %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// escaped is a module's path as the folder in the cache has it.
func escaped(path string) string {
	var b strings.Builder
	for _, c := range path {
		if unicode.IsUpper(c) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// licencesIn appends the files of a folder that patterns name, under a title.
func licencesIn(out []byte, title, folder string, patterns ...string) ([]byte, error) {
	var paths []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(p)))
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	if len(paths) == 0 {
		return nil, fmt.Errorf("no licence of %s in %s", title, folder)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		line := strings.Repeat("=", 78)
		out = fmt.Appendf(out, "%s\n%s: %s\n%s\n\n%s\n\n", line, title, filepath.Base(path), line, bytes.TrimSpace(raw))
	}
	return out, nil
}
