//go:build linux || darwin || freebsd

package history

import (
	"math"

	"golang.org/x/sys/unix"
)

// freeBytes returns how many bytes this user may still write to the file system
// of a folder.
func freeBytes(folder string) (int64, bool) {
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil || fs.Bsize <= 0 {
		return 0, false
	}
	blocks, size := uint64(max(fs.Bavail, 0)), uint64(fs.Bsize)
	if blocks > math.MaxInt64/size {
		return math.MaxInt64, true
	}
	return int64(blocks * size), true
}
