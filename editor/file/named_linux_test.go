package file_test

import "overpaint/editor/file"

func useNamedDrafts() { file.UseNamedDrafts() }
