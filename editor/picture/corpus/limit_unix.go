//go:build unix

package main

import "syscall"

// limitMemory has this process end where it takes more memory than mostMemory.
func limitMemory() {
	limit := syscall.Rlimit{Cur: mostMemory, Max: mostMemory}
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &limit) // without it the table says less
}
