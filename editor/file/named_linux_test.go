package file_test

import "overpaint.dev/overpaint/editor/file"

func useNamedDrafts() { file.UseNamedDrafts() }
