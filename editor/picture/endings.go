package picture

import (
	"path/filepath"
	"slices"
	"strings"
)

// Endings returns the file name extensions of the formats that can be opened, in lower case and
// with the dot. A file's format is detected from its content.
func Endings() []string { return slices.Clone(endings) }

var endings = []string{
	".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff",
	".heic", ".heif", ".hif", ".avif", ".jxl", ".svg",
	".dng", ".nef", ".nrw", ".cr2", ".cr3", ".arw", ".sr2", ".srf", ".raf", ".orf", ".rw2", ".pef", ".srw",
}

// Named reports whether a path has one of the Endings.
func Named(path string) bool {
	return slices.Contains(endings, strings.ToLower(filepath.Ext(path)))
}
