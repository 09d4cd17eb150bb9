//go:build unix

package history_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// A pipe, or nonsense without end, in the place of any file neither stops the
// history nor takes the memory: everything else is there and goes on.
func TestSpecialFilesAreNotReadFor(t *testing.T) {
	harms := map[string]func(path string) error{
		"a pipe": func(path string) error {
			if err := os.Remove(path); err != nil {
				return err
			}
			return syscall.Mkfifo(path, 0o600)
		},
		"a terabyte": func(path string) error { return os.Truncate(path, 1<<40) },
	}
	whole := t.TempDir()
	sample(t, whole, "")
	var files []string
	err := filepath.WalkDir(whole, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !isDatabase(path) {
			name, _ := filepath.Rel(whole, path)
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, harm := range harms {
		for _, f := range files {
			t.Run(name+" "+f, func(t *testing.T) {
				folder := t.TempDir()
				if err := os.CopyFS(folder, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				if err := harm(filepath.Join(folder, f)); err != nil {
					t.Skip(err)
				}
				s := open(t, folder, nil)
				if _, err := s.Recover(t.Context(), nothingInside); err != nil {
					t.Fatal(err)
				}
				if n := len(take(t, s).Items); n < 3 {
					t.Errorf("%d jobs are left", n)
				}
				do(t, s, entry("one more", 1), nil)
			})
		}
	}
}

// nothingInside is a decoder that finds nothing.
func nothingInside(context.Context, history.KeptJob, api.Kept) (api.Recovered, error) {
	return api.Recovered{}, nil
}
