package file_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/file"
)

// roleVariable tells the test program to be a child of a test: its value is
// what it is to do, and what with.
const roleVariable = "OVERPAINT_TEST_FILE"

func TestMain(m *testing.M) {
	if role, argument, ok := strings.Cut(os.Getenv(roleVariable), " "); ok {
		if role == "named" {
			useNamedDrafts()
			role, argument, _ = strings.Cut(argument, " ")
		}
		children[role](argument)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var children = map[string]func(string){
	"hold":  holdForEver,
	"count": countUp,
}

func child(t *testing.T, role, argument string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program)
	c.Env = append(os.Environ(), roleVariable+"="+role+" "+argument)
	c.Stderr = os.Stderr
	return c
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func holdForEver(path string) {
	l, err := file.TryLock(path)
	must(err)
	fmt.Println("held")
	io.Copy(io.Discard, os.Stdin) // until it is killed
	must(l.Unlock())
}

func TestALockHasOneHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if held, err := file.Held(path); held || err != nil {
		t.Fatalf("Held without a file = %v, %v", held, err)
	}
	l, err := file.TryLock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.TryLock(path); !errors.Is(err, file.ErrLocked) {
		t.Fatalf("a second TryLock: %v, want ErrLocked", err)
	}
	if held, err := file.Held(path); !held || err != nil {
		t.Fatalf("Held = %v, %v, want true", held, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := file.WaitLock(ctx, path); !errors.Is(err, context.Canceled) || !errors.Is(err, file.ErrLocked) {
		t.Fatalf("WaitLock: %v, want ErrLocked because the context has ended", err)
	}
	waited := make(chan *file.Lock)
	go func() {
		second, err := file.WaitLock(context.Background(), path)
		if err != nil {
			t.Error(err)
		}
		waited <- second
	}()
	if err := errors.Join(l.Unlock(), l.Unlock()); err != nil {
		t.Fatal(err)
	}
	second := <-waited
	if held, err := file.Held(path); !held || err != nil {
		t.Fatalf("Held by the one that waited = %v, %v", held, err)
	}
	if err := second.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the file is left: %v", err)
	}
	if _, err := file.TryLock(filepath.Join(path, "lock")); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("in a folder that isn't there: %v", err)
	}
}

func TestHeldThatCannotTellSaysHeld(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if held, err := file.Held(dir); !held || err == nil {
		t.Fatalf("Held of what can't be opened = %v, %v, want true and an error", held, err)
	}
}

func TestTheLockOfAKilledProcessIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 5 {
		c := child(t, "hold", path)
		_, stdin := c.StdinPipe()
		out, err := c.StdoutPipe()
		if err := errors.Join(stdin, err, c.Start()); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held\n" {
			t.Fatalf("the child says %q, %v", line, err)
		}
		if held, err := file.Held(path); !held || err != nil {
			t.Fatalf("Held by a child that lives = %v, %v", held, err)
		}
		if _, err := file.TryLock(path); !errors.Is(err, file.ErrLocked) {
			t.Fatalf("TryLock while a child holds it: %v", err)
		}
		c.Process.Kill()
		c.Wait()
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("the killed child's file: %v", err)
		}
		if held, err := file.Held(path); held || err != nil {
			t.Fatalf("Held by a killed child = %v, %v", held, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("the killed child's file was not swept: %v", err)
		}
	}
}

const (
	counters = 4
	counts   = 200
)

// countUp adds 1 to the number in a file, many times, each time under the lock.
func countUp(path string) {
	for range counts {
		l, err := file.WaitLock(context.Background(), path+".lock")
		must(err)
		b, err := os.ReadFile(path)
		must(err)
		n, err := strconv.Atoi(string(b))
		must(err)
		must(os.WriteFile(path, []byte(strconv.Itoa(n+1)), 0o600))
		must(l.Unlock())
	}
}

// TestLocksUnderRaces has processes count in one file, which is right only if
// they exclude each other, while others ask who holds the lock and so remove its
// file whenever nobody does.
func TestLocksUnderRaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "count")
	if err := os.WriteFile(path, []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 2 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := file.Held(path + ".lock"); err != nil {
					t.Error(err)
					return
				}
				time.Sleep(50 * time.Microsecond)
			}
		})
	}
	var running []*exec.Cmd
	for range counters {
		c := child(t, "count", path)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, c)
	}
	for _, c := range running {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	asking.Wait()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := strconv.Itoa(counters * counts); string(b) != want {
		t.Fatalf("%d processes counted to %s, want %s: they didn't exclude each other", counters, b, want)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Fatalf("%d files are left, want the count alone", len(left))
	}
}
