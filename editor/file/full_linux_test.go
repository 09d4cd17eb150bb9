package file_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

func init() {
	children["full"] = fillDisk
	children["mount"] = func(dir string) { must(mountSmall(dir)) }
}

// mountSmall mounts a file system of 256 kB, for this process and its children alone.
func mountSmall(dir string) error {
	return errors.Join(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""), syscall.Mount("small", dir, "tmpfs", 0, "size=256k"))
}

// fillDisk saves on a disk that is too small, and prints what is wrong then.
func fillDisk(dir string) {
	must(mountSmall(dir))
	big := func(w io.Writer) error {
		for range 100 {
			if _, err := w.Write(bytes.Repeat([]byte("new"), 2000)); err != nil {
				return err
			}
		}
		return nil
	}
	path := filepath.Join(dir, "a")
	must(file.New(path, file.Shared, text("old")))
	for range 3 { // what is left behind would add up
		if err := file.Write(path, file.Shared, big); !errors.Is(err, syscall.ENOSPC) {
			fmt.Printf("Write: %v, want ENOSPC\n", err)
		}
		if err := file.New(path+"2", file.Shared, big); !errors.Is(err, syscall.ENOSPC) {
			fmt.Printf("New: %v, want ENOSPC\n", err)
		}
	}
	entries, err := os.ReadDir(dir)
	must(err)
	b, err := os.ReadFile(path)
	must(err)
	if string(b) != "old" || len(entries) != 1 {
		fmt.Printf("the file holds %q, and there are %d, want old alone\n", b, len(entries))
	}
	must(file.Write(path, file.Shared, text("small")))
}

func TestAFullDiskLeavesEverythingAsItWas(t *testing.T) {
	alone := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		alone = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
	}
	try := child(t, "mount", t.TempDir())
	try.SysProcAttr, try.Stderr = alone, nil
	if err := try.Run(); err != nil {
		t.Skipf("NOT TESTED on a full disk: this system lets nobody mount a small one here: %v", err)
	}
	for _, drafts := range []string{"", "named "} {
		c := child(t, drafts+"full", t.TempDir())
		c.SysProcAttr = alone
		if out, err := c.Output(); err != nil || len(out) > 0 {
			t.Errorf("%s%s (%v)", drafts, out, err)
		}
	}
}
