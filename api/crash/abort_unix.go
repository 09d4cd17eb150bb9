//go:build unix

package crash

import (
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// abort makes crashes end the program by SIGABRT, and keeps its memory, in which
// keys are, out of core files. A limit of 1 byte rather than none also holds for
// programs that are handed the core (core(5), linux/fs/coredump.c).
func abort() {
	if unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: 1, Max: 1}) == nil {
		debug.SetTraceback("crash")
	}
}
