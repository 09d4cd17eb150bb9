package picture

import (
	"path/filepath"
	"slices"
	"strings"
)

// Endings returns those of the names of files that can be opened, in small letters
// and with the dot. What a file is is found out from its content.
func Endings() []string { return slices.Clone(endings) }

var endings = []string{
	".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff",
	".heic", ".heif", ".hif", ".avif", ".jxl", ".svg",
	".dng", ".nef", ".nrw", ".cr2", ".cr3", ".arw", ".sr2", ".srf", ".raf", ".orf", ".rw2", ".pef", ".srw",
}

// Named reports whether a file has the name of a picture that can be opened.
func Named(path string) bool {
	return slices.Contains(endings, strings.ToLower(filepath.Ext(path)))
}
