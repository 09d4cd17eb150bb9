//go:build linux

package main

import (
	"bytes"
	_ "embed" // for the preloaded code
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed preload/preload.c
var preload []byte

// calls are the system calls that are made to fail, and with what beside errors
// of disks.
var calls = map[string][]string{
	"openat": {"EMFILE", "EACCES"}, "write": nil, "pwrite64": nil, "fsync": nil, "fdatasync": nil,
	"rename": nil, "renameat": nil, "renameat2": nil, "linkat": nil, "unlinkat": {"EBUSY"}, "ftruncate": nil,
	"connect": {"ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"}, "read": {"ECONNRESET"}, "pread64": nil,
	"mmap": {"ENOMEM"}, "mkdirat": nil,
}

var diskErrors = []string{"ENOSPC", "EIO", "EDQUOT", "EROFS", "EXDEV"}

// source is the picture that is edited: its middle is transparent.
func source(random *rand.Rand) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 200, 200))
	for y := range 200 {
		for x := range 200 {
			v := random.Uint32()
			a := uint8(255)
			if x > 80 && x < 120 && y > 80 && y < 120 {
				a = 0
			}
			img.SetNRGBA(x, y, color.NRGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), a})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// shape is what is asked for in a try of this class.
type shape struct {
	n        int
	byURL    bool
	refusals int
}

var shapes = []shape{{1, false, 0}, {2, true, 0}, {3, false, 1}, {1, true, 0}, {2, false, 0}, {3, true, 0}}

func (s shape) String() string {
	format := "b64"
	if s.byURL {
		format = "url"
	}
	if s.refusals > 0 {
		format += ", refused first"
	}
	return fmt.Sprintf("n=%d %s", s.n, format)
}

// injection is one fault: the call's number when on some thread fails, or, with
// always, that one and all after it.
type injection struct {
	call, fault string
	when        int
	always      bool
	shape       shape
}

func (i injection) String() string {
	when := strconv.Itoa(i.when)
	if i.always {
		when += "+"
	}
	return fmt.Sprintf("%s %s %s %v", i.call, i.fault, when, i.shape)
}

// injections are faults of system calls, put there by strace at every number
// that a call has in a run without faults.
func injections(h *harness, n int) ([]testcase, error) {
	if out, err := exec.Command("strace", "-o", "/dev/null", "--seccomp-bpf", "-f", "-e", "trace=openat", "true").CombinedOutput(); err != nil {
		return nil, &impossibleError{fmt.Errorf("strace can't trace here: %w %s", err, out)}
	}
	if err := os.WriteFile(filepath.Join(h.root, "preload.c"), preload, 0o600); err != nil {
		return nil, err
	}
	if out, err := exec.Command("gcc", "-shared", "-fPIC", "-o", h.preloaded(), filepath.Join(h.root, "preload.c")).CombinedOutput(); err != nil {
		return nil, &impossibleError{fmt.Errorf("gcc: %w: %s", err, out)}
	}
	var all []injection
	for _, s := range shapes {
		counts, err := h.counts(s)
		if err != nil {
			return nil, err
		}
		for _, call := range slices.Sorted(keysOf(counts)) {
			for when := 1; when <= counts[call]; when++ {
				for _, fault := range slices.Concat(diskErrors, calls[call]) {
					all = append(all, injection{call, fault, when, false, s}, injection{call, fault, when, true, s})
				}
			}
		}
	}
	fmt.Printf("system calls: %d faults are possible\n", len(all))
	var cases []testcase
	for _, i := range balanced(all, n) {
		cases = append(cases, testcase{i.String(), i.try})
	}
	return cases, nil
}

// balanced chooses n faults so that each call has its share: those that are
// made seldom, like a rename, are as dangerous as a write.
func balanced(all []injection, n int) []injection {
	by := map[string][]injection{}
	for _, i := range all {
		by[i.call] = append(by[i.call], i)
	}
	names := slices.SortedFunc(keysOf(by), func(a, b string) int { return len(by[a]) - len(by[b]) })
	var chosen []injection
	for at, name := range names {
		chosen = append(chosen, spread(name, by[name], (n-len(chosen))/(len(names)-at))...)
	}
	return chosen
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (h *harness) preloaded() string { return filepath.Join(h.root, "preload.so") }

// strace runs the program under strace with more flags for it.
func (t *try) strace(flags []string, args []string) (*run, []string, error) {
	trace := t.path("trace")
	all := append([]string{"-f", "-qq", "-y", "--seccomp-bpf", "-E", "LD_PRELOAD=" + t.h.preloaded(), "-o", trace}, flags...)
	p, err := t.start(nil, "strace", append(append(all, t.h.binary), args...)...)
	if err != nil {
		return nil, nil, err
	}
	r, err := p.wait()
	if err != nil {
		return nil, nil, err
	}
	raw, err := os.ReadFile(trace)
	return r, strings.Split(string(raw), "\n"), err
}

// standard matches a call on the standard output or error.
var standard = regexp.MustCompile(`^\d+ +write\([12]<`)

var traced = regexp.MustCompile(`^(\d+) +(\w+)\(`)

// counts returns how often each call is made on one thread, at most, when
// nothing is wrong.
func (h *harness) counts(s shape) (map[string]int, error) {
	t, err := h.newTry("clean")
	if err != nil {
		return nil, err
	}
	defer t.end(false)
	o := t.order(s.n, s.byURL)
	o.refusals = s.refusals
	if err := t.settle(o); err != nil {
		return nil, err
	}
	r, lines, err := t.strace([]string{"-e", "trace=" + strings.Join(slices.Sorted(keysOf(calls)), ",")}, t.edit(o))
	if err != nil {
		return nil, err
	}
	if r.status != 0 {
		return nil, fmt.Errorf("an edit without faults ended with %d %s: %s", r.status, r.signal, r.stderr)
	}
	byThread, loader := map[string]map[string]int{}, ""
	for _, line := range lines {
		m := traced.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if loader == "" {
			loader = m[1]
		}
		if m[1] == loader {
			continue // the process in which the libraries were loaded
		}
		if byThread[m[2]] == nil {
			byThread[m[2]] = map[string]int{}
		}
		byThread[m[2]][m[1]]++
	}
	most := map[string]int{}
	for call, threads := range byThread {
		for _, n := range threads {
			most[call] = max(most[call], n)
		}
	}
	return most, nil
}

// try makes the try.
func (i injection) try(t *try) (*verdict, error) {
	o := t.order(i.shape.n, i.shape.byURL)
	o.refusals = i.shape.refusals
	if err := t.settle(o); err != nil {
		return nil, err
	}
	when := strconv.Itoa(i.when)
	if i.always {
		when += "+"
	}
	r, lines, err := t.strace([]string{"-e", "trace=" + i.call, "-e", fmt.Sprintf("inject=%s:error=%s:when=%s", i.call, i.fault, when)}, t.edit(o))
	if err != nil {
		return nil, err
	}
	s := t.look(o, r)
	hit := false
	begun := map[string]string{} // by the thread: the call that goes on in a later line
	for _, line := range lines {
		thread, _, _ := strings.Cut(line, " ")
		if strings.HasSuffix(line, "<unfinished ...>") {
			begun[thread] = line
		}
		if strings.Contains(line, "(INJECTED)") {
			hit = true
			if strings.Contains(line, " resumed>") {
				line = begun[thread]
			}
			s.mute = s.mute || standard.MatchString(line)
		}
	}
	if !hit {
		return nil, errSkipped
	}
	s.full = i.always
	if r.status == 127 || r.status == 125 {
		return nil, errSkipped // the fault hit the dynamic loader
	}
	return t.check(s)
}
