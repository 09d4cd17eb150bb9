// Package crash keeps what the Go runtime prints when the program crashes, so that
// the next start can tell of it. Each running process has a file of its own in a
// folder, which is removed when it ends in an orderly way. What the runtime prints
// are the goroutines' stacks, with addresses and no contents of memory.
package crash

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Kept is how many reports of crashes are kept, the newest.
const Kept = 10

// Longest is how many bytes of a report Text returns at most.
const Longest = 1 << 20

// A Watch is the file of this process.
type Watch struct{ file *os.File }

// Start makes the runtime write to a new file in folder, should the program crash.
// The folder is made where it is missing, for this person alone. The file's first
// line is program (a name, a version) with the time, and with a note where the process, of,
// is a command line: the window doesn't tell of such a crash. What crashed before it is
// called is not kept, so it belongs at the beginning of main. From then on, also
// after an error, a crash ends the program by SIGABRT where there are signals,
// without a core file: Go's own status for crashes, 2, is what programs use for bad
// input, after which it is safe to try again. Files of processes
// that were killed, and the oldest reports, are removed.
func Start(folder, program string, of Teller) (*Watch, error) {
	abort()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	sweep(folder)
	now := time.Now()
	name := fmt.Sprintf("crash-%s-%d.txt", now.UTC().Format("20060102T150405.000000000"), os.Getpid())
	f, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Watch{f}
	line := strings.Join(strings.Fields(program), " ")
	if of == CommandLine {
		line += commandLine
	}
	if _, err = fmt.Fprintf(f, "%s, started %s\n", line, now.Format(time.RFC3339)); err == nil {
		err = debug.SetCrashOutput(f, debug.CrashOptions{})
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Close ends the watch and removes the file. A nil Watch can be closed.
func (w *Watch) Close() {
	if w == nil || w.file == nil {
		return
	}
	// The only errors leave a file that the next start removes.
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
	_ = w.file.Close()
	_ = os.Remove(w.file.Name())
	w.file = nil
}

// commandLine marks the first line of a command line's report.
const commandLine = ", command line"

// A Teller is who tells of a crash. Each tells of it once; what the window has told
// of, the command line does not mention any more.
type Teller string

// The tellers. The values end the names of the empty files, beside a report's, that
// say that it was told of: a report keeps its name, which people have been told.
const (
	CommandLine Teller = "mentioned"
	Window      Teller = "told"
)

// Take returns the paths of the reports that by has not reported, the oldest first,
// and notes that it has now. Programs that are still running have no report.
func Take(folder string, by Teller) []string {
	var taken []string
	for _, r := range reports(folder) {
		if r.told(Window) || alive(r.pid) {
			continue
		}
		if did, of := crashed(r.path); !did || by == Window && of == CommandLine {
			continue
		}
		f, err := os.OpenFile(r.note(by), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			continue // it was told of, or another process is about to
		}
		_ = f.Close()
		taken = append(taken, r.path)
	}
	return taken
}

// Text returns a report; of a longer one than Longest, the beginning.
func Text(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, Longest))
	return strings.ToValidUTF8(string(text), "\uFFFD"), err
}

// report is a file in the folder.
type report struct {
	path string
	pid  int
}

// note returns the path of the file that marks a report as reported.
func (r report) note(by Teller) string { return strings.TrimSuffix(r.path, "txt") + string(by) }

func (r report) told(by Teller) bool {
	_, err := os.Stat(r.note(by))
	return err == nil
}

// remove removes the report. What fails the next start tries again.
func (r report) remove() {
	if os.Remove(r.path) == nil {
		_ = os.Remove(r.note(Window))
		_ = os.Remove(r.note(CommandLine))
	}
}

// reports returns the files in the folder that have such names, the oldest first.
func reports(folder string) []report {
	entries, err := os.ReadDir(folder) // sorted by name, and so by time
	if err != nil {
		return nil
	}
	var all []report
	for _, e := range entries {
		parts := strings.Split(e.Name(), ".") // time, nanoseconds and process, txt
		if len(parts) != 3 || !strings.HasPrefix(parts[0], "crash-") || parts[2] != "txt" || !e.Type().IsRegular() {
			continue
		}
		_, number, _ := strings.Cut(parts[1], "-")
		if pid, err := strconv.Atoi(number); err == nil && pid > 0 {
			all = append(all, report{filepath.Join(folder, e.Name()), pid})
		}
	}
	return all
}

// sweep removes the files of processes that are gone without a crash, and all
// reports but the newest.
func sweep(folder string) {
	all := reports(folder)
	all = slices.DeleteFunc(all, func(r report) bool {
		if alive(r.pid) && !r.told(Window) && !r.told(CommandLine) {
			return true
		}
		if did, _ := crashed(r.path); !did {
			r.remove()
			return true
		}
		return false
	})
	for _, r := range all[:max(0, len(all)-Kept)] {
		r.remove()
	}
}

// crashed reports whether a file has more than its first line, and which process's it is.
func crashed(path string) (did bool, of Teller) {
	f, err := os.Open(path)
	if err != nil {
		return false, Window
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head)
	i := bytes.IndexByte(head[:n], '\n')
	of = Window
	if i >= 0 && bytes.Contains(head[:i], []byte(commandLine+", started ")) {
		of = CommandLine
	}
	return i >= 0 && i+1 < n, of
}

// alive reports whether a process is running. The number may have come to another
// one meanwhile; a report is then told of later.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	if runtime.GOOS == "windows" { // which finds only those that run
		return true
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}
