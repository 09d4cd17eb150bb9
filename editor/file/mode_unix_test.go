//go:build unix

package file_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

func init() {
	children["umask"] = underUmasks
	children["other"] = asAnother
}

func stat(path string) (mode fs.FileMode, uid, gid int) {
	info, err := os.Stat(path)
	must(err)
	s := info.Sys().(*syscall.Stat_t)
	return info.Mode().Perm(), int(s.Uid), int(s.Gid)
}

// underUmasks writes files under some umasks and prints their modes. The umask
// is the whole process's, so that a test can't change its own.
func underUmasks(dir string) {
	for _, mask := range []int{0o077, 0o027, 0o022, 0} {
		syscall.Umask(mask)
		path := filepath.Join(dir, fmt.Sprintf("%03o", mask))
		must(file.New(path, file.Shared, text("new")))
		must(file.Write(path+"w", file.Shared, text("new")))
		must(file.New(path+"p", file.Private, text("new")))
		for _, name := range []string{path, path + "w", path + "p"} {
			mode, _, _ := stat(name)
			fmt.Printf("%03o ", mode)
		}
		// What is replaced keeps its mode, whatever the umask.
		must(os.Chmod(path, 0o664))
		must(file.Write(path, file.Shared, text("newer")))
		mode, _, _ := stat(path)
		fmt.Printf("%03o\n", mode)
	}
}

func TestTheUmaskCounts(t *testing.T) {
	for _, drafts := range []string{"", "named "} {
		out, err := child(t, drafts+"umask", t.TempDir()).Output()
		want := "600 600 600 664\n640 640 600 664\n644 644 600 664\n666 666 600 664\n"
		if err != nil || string(out) != want {
			t.Errorf("%sunder umask 077, 027, 022, 0: modes\n%s (%v), want\n%s", drafts, out, err, want)
		}
	}
}

func TestTheOwnerIsKept(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only the administrator gives files away")
	}
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o640), os.Chown(path, 12345, 23456)); err != nil {
		t.Fatal(err)
	}
	if err := file.Write(path, file.Shared, text("new")); err != nil {
		t.Fatal(err)
	}
	if mode, uid, gid := stat(path); mode != 0o640 || uid != 12345 || gid != 23456 || content(t, path) != "new" {
		t.Fatalf("mode %o, owner %d:%d, want 640, 12345:23456", mode, uid, gid)
	}
}

// asAnother writes over files that are not this user's and prints what came of it.
func asAnother(dir string) {
	must(syscall.Setgroups(nil))
	must(syscall.Setgid(1002))
	must(syscall.Setuid(1001))
	for _, name := range []string{"open", "theirs"} {
		path := filepath.Join(dir, name)
		err := file.Write(path, file.Shared, text("new"))
		b, _ := os.ReadFile(path)
		mode, uid, gid := stat(path)
		fmt.Printf("%s %o %d:%d %v %v\n", b, mode, uid, gid, errors.Is(err, file.ErrProtected), file.IsProtected(path))
		if err != nil && !errors.Is(err, file.ErrProtected) {
			must(err)
		}
	}
}

// TestFilesOfOthers: who may write a file but not give it away replaces it all
// the same, and the group that it then has gets no more than anybody; who may
// not write it is told so, though the folder would let them replace it.
func TestFilesOfOthers(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only the administrator becomes another user")
	}
	dir, err := os.MkdirTemp("/tmp", "overpaint-test-") // where everybody gets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, drafts := range []string{"", "named "} {
		for name, mode := range map[string]fs.FileMode{"open": 0o666, "theirs": 0o644} {
			path := filepath.Join(dir, name)
			os.Remove(path)
			if err := errors.Join(os.Chmod(dir, 0o777), os.WriteFile(path, []byte("old"), 0o600), os.Chmod(path, mode)); err != nil {
				t.Fatal(err)
			}
		}
		// The child runs as the user does, from a program that it may read.
		out, err := child(t, drafts+"other", dir).Output()
		want := "new 666 1001:1002 false false\nold 644 0:0 true true\n"
		if err != nil || string(out) != want {
			t.Errorf("%s%s(%v), want\n%s", drafts, out, err, want)
		}
	}
}

func TestReadOnlyFilesAreAskedAbout(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if file.IsProtected(path) {
		t.Error("a file that isn't there counts as protected")
	}
	if err := os.WriteFile(path, []byte("old"), 0o444); err != nil {
		t.Fatal(err)
	}
	called := false
	err := file.Write(path, file.Shared, func(io.Writer) error { called = true; return nil })
	if !errors.Is(err, file.ErrProtected) || called || !file.IsProtected(path) || content(t, path) != "old" {
		t.Fatalf("a read-only file: %v (written: %v), want ErrProtected at once", err, called)
	}
	if err := file.Save(path, file.Protected, file.Shared, text("new")); err != nil {
		t.Fatal(err)
	}
	if mode, _, _ := stat(path); mode != 0o444 || content(t, path) != "new" {
		t.Fatalf("replaced on purpose: mode %o, %q, want 444, new", mode, content(t, path))
	}
}

func TestLinksStayAndTheirTargetsAreReplaced(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	err := errors.Join(
		os.MkdirAll(in("deep/er"), 0o755), os.Symlink("deep/er", in("folder")), // folder/.. is deep
		os.WriteFile(in("deep/target"), []byte("old"), 0o640), os.WriteFile(in("deep/read"), []byte("old"), 0o440),
		os.Symlink("folder/../target", in("one")), os.Symlink(in("one"), in("two")), os.Symlink("../two", in("deep/three")),
		os.Symlink("deep/new", in("dangling")), os.Symlink("nowhere/new", in("lost")),
		os.Symlink("loop2", in("loop1")), os.Symlink("loop1", in("loop2")), os.Symlink("deep", in("afolder")),
		os.Symlink("deep/read", in("readonly")), os.Symlink(filepath.Join("..", filepath.Base(dir), "deep", "x"), in("around")))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ link, target string }{
		{"one", "deep/target"}, {"two", "deep/target"}, {"deep/three", "deep/target"}, {"dangling", "deep/new"}, {"around", "deep/x"},
	} {
		if err := file.Write(in(c.link), file.Shared, text(c.link)); err != nil {
			t.Errorf("%s: %v", c.link, err)
			continue
		}
		info, err := os.Lstat(in(c.link))
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v, %v", c.link, info, err)
		}
		if got := content(t, in(c.target)); got != c.link {
			t.Errorf("%s: %s holds %q", c.link, c.target, got)
		}
	}
	if mode, _, _ := stat(in("deep/target")); mode != 0o640 {
		t.Errorf("the target's mode became %o", mode)
	}
	for name, want := range map[string]error{
		"loop1": syscall.ELOOP, "lost": fs.ErrNotExist, "afolder": file.ErrNotFile, "deep": file.ErrNotFile, "readonly": file.ErrProtected,
	} {
		if err := file.Write(in(name), file.Shared, text("new")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if err := file.New(in(name), file.Shared, text("new")); !errors.Is(err, file.ErrExists) {
			t.Errorf("New %s: %v, want ErrExists", name, err)
		}
	}
	filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".tmp") {
			t.Errorf("left: %s", path)
		}
		return err
	})
}

func TestFoldersOfOursAreForThePersonAlone(t *testing.T) {
	dir := t.TempDir()
	ours := filepath.Join(dir, "data", "overpaint")
	if err := file.Folder(ours); err != nil {
		t.Fatal(err)
	}
	if mode, _, _ := stat(ours); mode != 0o700 {
		t.Fatalf("a new folder has mode %o", mode)
	}
	// An earlier version let others in. What only hangs on links is not ours.
	theirs := filepath.Join(dir, "theirs")
	err := errors.Join(os.Chmod(filepath.Dir(ours), 0o755), os.Chmod(ours, 0o755),
		os.MkdirAll(filepath.Join(ours, "history"), 0o755), os.WriteFile(filepath.Join(ours, "history", "a"), nil, 0o644),
		os.WriteFile(filepath.Join(ours, "read"), nil, 0o444), os.WriteFile(theirs, nil, 0o644), os.Symlink(theirs, filepath.Join(ours, "link")))
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Folder(ours); err != nil {
		t.Fatal(err)
	}
	file.Tidy(ours)
	for path, want := range map[string]fs.FileMode{
		ours: 0o700, filepath.Join(ours, "history"): 0o700, filepath.Join(ours, "history", "a"): 0o600,
		filepath.Join(ours, "read"): 0o400, theirs: 0o644, filepath.Dir(ours): 0o755,
	} {
		if mode, _, _ := stat(path); mode != want {
			t.Errorf("%s has mode %o, want %o", path, mode, want)
		}
	}
	file.Tidy(filepath.Join(dir, "missing"))
	if err := file.Folder(filepath.Join(theirs, "x")); err == nil {
		t.Error("a folder inside a file is no error")
	}
}
