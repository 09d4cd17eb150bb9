//go:build !linux

package file_test

// useNamedDrafts has nothing to change: there are no others.
func useNamedDrafts() {}
