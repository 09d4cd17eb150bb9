//go:build unix && !linux

package file

// renameNew renames a file unless the new name is taken.
func renameNew(from, to string) error { return linkNew(from, to) }
