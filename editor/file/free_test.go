package file_test

import (
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

func TestFree(t *testing.T) {
	if free, err := file.Free(t.TempDir()); err != nil || free <= 0 {
		t.Errorf("%d bytes are free, %v", free, err)
	}
	if _, err := file.Free(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a folder that isn't there has room")
	}
}
