//go:build linux

// Faults drives the real program with faults put in its way and shows that
// nothing that was paid for is lost, nothing is sent twice or unrecorded, and
// that what the history says is true. It prints a table: for each class of
// faults how many tries were made, and how many of them broke a promise.
//
//	go run ./api/apitest/faults -binary build/overpaint [-tries N] [-class NAME]
//
// Each try runs `overpaint edit` in folders of its own against a service on the
// loopback that keeps an exact ledger, does something to it, and then lets
// healthy runs of `overpaint history recover`, `list` and `export` find out what
// is left. Classes that need strace, or root for mounting small file systems, are
// left out with a loud line where these are not to be had.
//
// The exit status is 1 where any number but the tries isn't zero, and 2 where
// the tries themselves could not be made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

var background = context.Background()

// harness is what all tries have in common.
type harness struct {
	binary  string
	root    string // a folder in memory for the tries
	picture string // the picture that is edited
	service *service
	keep    bool
	verbose bool

	mu   sync.Mutex
	seed *rand.Rand
}

// newRandom returns a source of random numbers for one goroutine.
func (h *harness) newRandom() *rand.Rand {
	h.mu.Lock()
	defer h.mu.Unlock()
	return rand.New(rand.NewPCG(h.seed.Uint64(), h.seed.Uint64()))
}

// testcase is one try: it says what broke. An errSkipped means that the fault did
// not happen, so that nothing was tried.
type testcase struct {
	name string
	do   func(t *try) (*verdict, error)
}

// class is a class of faults; cases returns about n tries of it.
type class struct {
	name  string
	share float64 // of all tries
	cases func(h *harness, n int) ([]testcase, error)
}

var classes = []class{
	{"none", 0, controls},
	{"system calls", 0.52, injections},
	{"small disks", 0.08, smallDisks},
	{"kill", 0.15, kills},
	{"network", 0.05, cuts},
	{"damage", 0.15, damages},
	{"two at once", 0.05, pairs},
}

// impossibleError reports that this computer doesn't allow a class of faults.
type impossibleError struct{ cause error }

// Error says why.
func (e *impossibleError) Error() string { return e.cause.Error() }

// row is a line of the table.
type row struct {
	name                                  string
	tries, lost, twice, unrecorded, wrong int
	charged                               int // tries in which a request was accepted
	idle                                  int // faults that did not happen
	failed                                int // tries that could not be made
	took                                  time.Duration
}

func main() {
	os.Exit(faults())
}

func faults() int {
	h := &harness{}
	tries := flag.Int("tries", 2300, "about how many tries are made in all")
	parallel := flag.Int("parallel", runtime.NumCPU(), "how many are made at once")
	only := flag.String("class", "", "the only class of faults, by the beginning of its name")
	match := flag.String("case", "", "only tries whose name has this in it")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "makes the random choices")
	flag.StringVar(&h.binary, "binary", "build/overpaint", "the program")
	flag.BoolVar(&h.keep, "keep", false, "keep the folders of tries that broke a promise")
	flag.BoolVar(&h.verbose, "v", false, "print a line for each try")
	flag.Parse()
	h.seed = rand.New(rand.NewPCG(*seed, 1))
	fmt.Printf("faults: seed %d\n", *seed)
	if err := h.prepare(); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		return 2
	}
	if !h.keep {
		defer os.RemoveAll(h.root)
	}
	var rows []*row
	for _, c := range classes {
		if !strings.HasPrefix(c.name, *only) {
			continue
		}
		n := int(c.share * float64(*tries))
		if *only != "" {
			n = *tries
		}
		cases, err := c.cases(h, n)
		var impossible *impossibleError
		if errors.As(err, &impossible) {
			fmt.Printf("\n!!! %s: LEFT OUT: %v\n\n", c.name, err)
			continue
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "faults: %s: %v\n", c.name, err)
			return 2
		}
		var matching []testcase
		for _, tc := range cases {
			if strings.Contains(tc.name, *match) {
				matching = append(matching, tc)
			}
		}
		rows = append(rows, h.class(c.name, matching, *parallel))
	}
	return table(rows)
}

// prepare makes what all tries need.
func (h *harness) prepare() (err error) {
	if h.binary, err = filepath.Abs(h.binary); err != nil {
		return err
	}
	if _, err := exec.LookPath(h.binary); err != nil {
		return err
	}
	where := "/dev/shm"
	if _, err := os.Stat(where); err != nil {
		where = ""
	}
	if h.root, err = os.MkdirTemp(where, "overpaint-faults-"); err != nil {
		return err
	}
	h.picture = filepath.Join(h.root, "picture.png")
	if err := os.WriteFile(h.picture, source(h.newRandom()), 0o600); err != nil {
		return err
	}
	h.service, err = serve()
	return err
}

// class makes the tries of one class, a few at once.
func (h *harness) class(name string, cases []testcase, parallel int) *row {
	r := &row{name: name}
	began := time.Now()
	var mu sync.Mutex
	var work sync.WaitGroup
	queue := make(chan testcase)
	for range parallel {
		work.Go(func() {
			for c := range queue {
				v, err := h.try(name, c)
				mu.Lock()
				r.add(v, err)
				if done := r.tries + r.idle + r.failed; done%100 == 0 {
					fmt.Printf("  %s: %d of %d in %v\n", name, done, len(cases), time.Since(began).Round(time.Second))
				}
				mu.Unlock()
			}
		})
	}
	for _, c := range cases {
		queue <- c
	}
	close(queue)
	work.Wait()
	r.took = time.Since(began)
	return r
}

// errSkipped reports that a fault did not happen.
var errSkipped = errors.New("the fault did not happen")

// try makes one try and tells of what it broke.
func (h *harness) try(class string, c testcase) (*verdict, error) {
	t, err := h.newTry(c.name)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	v, err := c.do(t)
	bad := err == nil && v.bad() || err != nil && !errors.Is(err, errSkipped)
	defer t.end(bad && h.keep)
	switch {
	case errors.Is(err, errSkipped):
		if h.verbose {
			fmt.Printf("%s: %s: did not happen\n", class, c.name)
		}
	case err != nil:
		fmt.Printf("%s: %s: COULD NOT BE TRIED: %v (%s)\n", class, c.name, err, t.dir)
	case bad:
		fmt.Printf("%s: %s: BROKEN (%s)\n    %s\n", class, c.name, t.dir, strings.Join(v.lines(), "\n    "))
	case h.verbose:
		fmt.Printf("%s: %s: held, %v, %s\n", class, c.name, time.Since(began).Round(time.Millisecond), v.how)
	}
	return v, err
}

func (r *row) add(v *verdict, err error) {
	switch {
	case errors.Is(err, errSkipped):
		r.idle++
		return
	case err != nil:
		r.failed++
		return
	}
	r.tries++
	if v.charged {
		r.charged++
	}
	r.lost += min(1, len(v.lost))
	r.twice += min(1, len(v.twice))
	r.unrecorded += min(1, len(v.unrecorded))
	r.wrong += min(1, len(v.wrong))
}

// table prints the rows and returns the exit status.
func table(rows []*row) int {
	all := &row{name: "all"}
	const line = "%-14s %6v %6v %11v %16v %13v %8v\n"
	fmt.Printf("\n"+line, "fault class", "tries", "lost", "sent twice", "sent unrecorded", "wrong record", "time")
	show := func(r *row) {
		fmt.Printf(line, r.name, r.tries, r.lost, r.twice, r.unrecorded, r.wrong, r.took.Round(time.Second))
	}
	for _, r := range rows {
		show(r)
		all.tries, all.lost, all.twice = all.tries+r.tries, all.lost+r.lost, all.twice+r.twice
		all.unrecorded, all.wrong, all.failed = all.unrecorded+r.unrecorded, all.wrong+r.wrong, all.failed+r.failed
		all.idle, all.took, all.charged = all.idle+r.idle, all.took+r.took, all.charged+r.charged
	}
	show(all)
	fmt.Printf("In %d of the tries something was paid for; the others ended before that. %d faults more did not happen,\n"+
		"since the program came by another way that time.\n", all.charged, all.idle)
	switch {
	case all.lost+all.twice+all.unrecorded+all.wrong > 0:
		return 1
	case all.failed > 0:
		fmt.Printf("%d tries could not be made\n", all.failed)
		return 2
	case all.tries == 0:
		fmt.Println("nothing was tried")
		return 2
	}
	return 0
}

// spread chooses n of all evenly, from a place that the name decides.
func spread[T any](name string, all []T, n int) []T {
	if n >= len(all) {
		return all
	}
	h := fnv.New64a()
	h.Write([]byte(name))
	first := float64(h.Sum64()%1000) / 1000
	chosen := make([]T, 0, n)
	for i := range n {
		chosen = append(chosen, all[int((float64(i)+first)*float64(len(all))/float64(n))])
	}
	return chosen
}
