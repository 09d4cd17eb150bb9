package crash_test

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/crash"
)

// TestMain is also the program that crashes.
func TestMain(m *testing.M) {
	folder := os.Getenv("CRASH_FOLDER")
	if folder == "" {
		os.Exit(m.Run())
	}
	w, err := crash.Start(folder, "overpaint 1.2.3 (abc,\n 2026-01-02)", crash.Teller(cmp.Or(os.Getenv("CRASH_OF"), string(crash.Window))))
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	switch os.Getenv("CRASH_HOW") {
	case "panic":
		secret := []byte("the-key-of-the-person")
		overboard(secret)
	case "goroutine":
		go overboard(nil)
		select {}
	case "fatal": // which no recover can catch
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%8] = i
				}
			}()
		}
		select {}
	case "close":
		w.Close()
		w.Close()
	case "exit":
		os.Exit(0)
	case "wait":
		fmt.Println("ready")
		_, _ = os.Stdin.Read(make([]byte, 1))
		w.Close()
	}
}

//go:noinline
func overboard(secret []byte) {
	var nothing *os.File
	panic(fmt.Sprint(len(secret), nothing == nil))
}

func program(folder, how string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "CRASH_FOLDER="+folder, "CRASH_HOW="+how)
	return c
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
	return names
}

func TestCrashesAreReportedOnce(t *testing.T) {
	for how, want := range map[string]string{
		"panic":     "crash_test.overboard",
		"goroutine": "crash_test.overboard",
		"fatal":     "maps.fatal",
	} {
		t.Run(how, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "made", "here")
			out, err := program(folder, how).CombinedOutput()
			if err == nil {
				t.Fatalf("it did not crash: %s", out)
			}
			if !strings.Contains(string(out), want) {
				t.Errorf("standard error lacks %q, as if it went to the file alone:\n%s", want, out)
			}
			mentioned := crash.Take(folder, crash.CommandLine)
			if again := crash.Take(folder, crash.CommandLine); len(mentioned) != 1 || len(again) != 0 {
				t.Fatalf("mentioned %v, then %v", mentioned, again)
			}
			told := crash.Take(folder, crash.Window)
			if len(told) != 1 || len(crash.Take(folder, crash.Window)) != 0 || len(crash.Take(folder, crash.CommandLine)) != 0 {
				t.Fatalf("told of %v, or more than once", told)
			}
			if told[0] != mentioned[0] {
				t.Errorf("the report that was called %s is now %s", mentioned[0], told[0])
			}
			text, err := crash.Text(told[0])
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(text, "overpaint 1.2.3 (abc, 2026-01-02), started ") || !strings.Contains(text, want) {
				t.Errorf("the report reads\n%s", text)
			}
			if strings.Contains(text, "the-key") {
				t.Error("the report holds what was in the memory")
			}
			files(t, folder)
			if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the folder: %v, %v", info.Mode(), err)
			}
		})
	}
}

// The window doesn't call a crash of the command line its own.
func TestTheWindowDoesNotTellOfTheCommandLine(t *testing.T) {
	folder := t.TempDir()
	c := program(folder, "panic")
	c.Env = append(c.Env, "CRASH_OF="+string(crash.CommandLine))
	if out, err := c.CombinedOutput(); err == nil {
		t.Fatalf("it did not crash: %s", out)
	}
	if told := crash.Take(folder, crash.Window); len(told) != 0 {
		t.Errorf("the window tells of %v", told)
	}
	if told := crash.Take(folder, crash.CommandLine); len(told) != 1 {
		t.Errorf("the command line tells of %v", told)
	}
}

func TestOrderlyEndsLeaveNothing(t *testing.T) {
	folder := t.TempDir()
	for _, how := range []string{"close", "exit", "close"} { // what exit leaves, the next start removes
		if out, err := program(folder, how).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", how, err, out)
		}
		if taken := crash.Take(folder, crash.Window); len(taken) != 0 {
			t.Errorf("%s: told of %v", how, taken)
		}
	}
	if left := files(t, folder); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

// A program that runs keeps its file while others start, crash and are told of.
func TestRunningProgramsKeepTheirFiles(t *testing.T) {
	folder := t.TempDir()
	c := program(folder, "wait")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	for range crash.Kept + 3 {
		if out, err := program(folder, "panic").CombinedOutput(); err == nil {
			t.Fatalf("it did not crash: %s", out)
		}
		if n := len(crash.Take(folder, crash.CommandLine)); n != 1 {
			t.Errorf("%d crashes were mentioned after one", n)
		}
	}
	if n := len(crash.Take(folder, crash.CommandLine)); n != 0 {
		t.Errorf("%d crashes of a program that runs", n)
	}
	running := fmt.Sprintf("-%d.txt", c.Process.Pid)
	if all := files(t, folder); len(all) > 2*(crash.Kept+1)+1 {
		t.Errorf("%d files are kept", len(all))
	}
	if all := strings.Join(files(t, folder), " "); !strings.Contains(all, running) {
		t.Errorf("only %s are left, and none of the program that runs", all)
	}
	if taken := crash.Take(folder, crash.Window); len(taken) != crash.Kept+1 { // the last one came after the last start
		t.Errorf("%d reports are left of %d", len(taken), crash.Kept+3)
	} else if strings.Contains(strings.Join(taken, " "), running) {
		t.Error("the program that runs was told of")
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(files(t, folder), " "); strings.Contains(all, running) {
		t.Errorf("%s: the program that ended left its file", all)
	}
}

// What else lies in the folder is left alone; a folder that can't be made is an error.
func TestForeignFiles(t *testing.T) {
	folder := t.TempDir()
	names := []string{"crash-.txt", "crash-1.2-x.txt", "notes.txt", "crash-1.2--5.txt", "crash-1.2-3.4.5.txt"}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("a\nb"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w, err := crash.Start(folder, "x", crash.Window)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	if got := files(t, folder); len(got) != len(names) || len(crash.Take(folder, crash.Window)) != 0 {
		t.Errorf("%v are left", got)
	}
	if w, err := crash.Start(filepath.Join(folder, "notes.txt", "in"), "x", crash.Window); err == nil {
		t.Error("a folder in a file was made")
	} else {
		w.Close()
	}
	if taken := crash.Take(filepath.Join(folder, "none"), crash.Window); taken != nil {
		t.Errorf("%v in no folder", taken)
	}
}
