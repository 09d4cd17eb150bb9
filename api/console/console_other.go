//go:build !windows

package console

// Attach does nothing: elsewhere each program has its standard streams.
func Attach() {}
