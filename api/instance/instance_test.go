package instance_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api/instance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// short returns a folder whose name leaves room for that of a socket.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "op")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil && runtime.GOOS == "windows" {
		t.Skipf("an older Windows, or Wine, which has no Unix sockets: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return dir
}

// TestASecondStartHandsItsFilesOver, and is the first one once that has ended.
func TestASecondStartHandsItsFilesOver(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", short(t))
	folder := filepath.Join(short(t), "data")
	got := make(chan []string, 4)
	first, handed, err := instance.Start(folder, []string{"mine"}, func(p []string) { got <- p })
	if err != nil || handed || first == nil {
		t.Fatalf("the first: %v, handed %v", err, handed)
	}
	none := func([]string) { t.Error("a second start was handed something") }
	for _, paths := range [][]string{{"/a b.png", "/照片.jpg"}, {}} {
		if i, handed, err := instance.Start(folder, paths, none); err != nil || !handed || i != nil {
			t.Fatalf("a second: %v, handed %v", err, handed)
		}
		if p := <-got; !slices.Equal(p, paths) {
			t.Errorf("handed %q, got %q", paths, p)
		}
	}
	other, handed, err := instance.Start(filepath.Join(short(t), "data"), nil, none)
	if err != nil || handed {
		t.Fatalf("another person's: %v, handed %v", err, handed)
	}
	other.Close()
	first.Close()
	next, handed, err := instance.Start(folder, nil, none)
	if err != nil || handed {
		t.Fatalf("after the end: %v, handed %v", err, handed)
	}
	next.Close()
}

// TestAStaleSocketIsIgnored: its program was killed.
func TestAStaleSocketIsIgnored(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "")
	folder := filepath.Join(short(t), "d")
	first, _, err := instance.Start(folder, nil, func([]string) {})
	if err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*.sock"))
	if err != nil || len(left) != 1 {
		t.Fatalf("sockets %v, %v", left, err)
	}
	if info, err := os.Stat(left[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	first.Close()
	if err := os.WriteFile(left[0], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	next, handed, err := instance.Start(folder, nil, func([]string) {})
	if err != nil || handed {
		t.Fatalf("%v, handed %v", err, handed)
	}
	next.Close()
}

// TestInvalidDataOnTheSocketIsIgnored.
func TestInvalidDataOnTheSocketIsIgnored(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "")
	folder := filepath.Join(short(t), "d")
	got := make(chan []string, 1)
	first, _, err := instance.Start(folder, nil, func(p []string) { got <- p })
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	names, _ := filepath.Glob(filepath.Join(folder, "*.sock"))
	c, err := net.Dial("unix", names[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("GET / HTTP/1.1\n\n")); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, handed, err := instance.Start(folder, []string{"/a"}, nil); err != nil || !handed {
		t.Fatalf("%v, handed %v", err, handed)
	}
	if p := <-got; len(p) != 1 {
		t.Errorf("got %q", p)
	}
}
