//go:build !unix

package main

// limitMemory does nothing where there is no way to do it.
func limitMemory() {}
