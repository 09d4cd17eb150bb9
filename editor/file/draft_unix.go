//go:build unix

package file

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// renamesOpen reports whether an open file can be renamed.
const renamesOpen = true

// openDraft makes a file that is not there yet.
func openDraft(name string, mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, mode)
}

// replace renames a file over another.
func replace(from, to string) error { return os.Rename(from, to) }

// writable reports whether the user may write a file that is there.
func writable(path string) bool { return unix.Access(path, unix.W_OK) == nil }

// adopt gives a file the owner, group and mode of another, as far as the system
// permits: mostly only the administrator may give files away. A group that stays
// another one is not let do more than anybody.
func adopt(f *os.File, old fs.FileInfo) error {
	mode := old.Mode().Perm()
	if uid, gid, ok := owner(old); ok {
		if f.Chown(uid, gid) != nil && f.Chown(-1, gid) != nil {
			if info, err := f.Stat(); err == nil {
				if _, mine, _ := owner(info); mine != gid {
					mode &= ^fs.FileMode(0o070) | mode<<3&0o070
				}
			}
		}
	}
	return f.Chmod(mode) // last: a change of the owner may take bits away
}
