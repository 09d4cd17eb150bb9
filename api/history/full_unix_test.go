//go:build unix

package history_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// TestNoRoomForTheIndex has programs that may write files of no more than some
// kilobytes: enough for journals and pictures, not for the database. Their jobs
// are there all the same, at once and afterwards.
func TestNoRoomForTheIndex(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		folder := t.TempDir()
		s := open(t, folder, nil)
		do(t, s, entry("first", 1), nil)
		s.Close()
		if when == "before" {
			remove(t, folder)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFolder+"="+folder, childStop+"=full "+when)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "[third second first]") || !strings.Contains(string(out), "notice.history_memory") {
			t.Errorf("%s: %s, %v", when, out, err)
		}
		s = open(t, folder, nil)
		var prompts []string
		for _, i := range list(t, s, history.Filter{}) {
			prompts = append(prompts, i.Prompt)
		}
		if !slices.Equal(prompts, []string{"third", "second", "first"}) {
			t.Errorf("%s: afterwards %q", when, prompts)
		}
	}
}

// shortOfRoom is the program.
func shortOfRoom(folder, when string) {
	signal.Ignore(syscall.SIGXFSZ)
	limit := func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 8 << 10, Max: 8 << 10}); err != nil {
			panic(err)
		}
	}
	if when == "before" {
		limit()
	}
	var told told
	ctx := context.Background()
	s, err := history.Open(ctx, folder, history.WithReport(told.report))
	if err != nil {
		panic(err)
	}
	defer s.Close()
	if when == "after" {
		limit()
	}
	for _, prompt := range []string{"second", "third"} {
		r, err := s.Record(ctx, entry(prompt, 1))
		if err != nil {
			panic(err)
		}
		r.End(api.Result{Asked: 1}, &api.Error{Kind: api.KindNetwork})
	}
	items, err := s.List(ctx, history.Filter{})
	if err != nil {
		panic(err)
	}
	var prompts []string
	for _, i := range items {
		prompts = append(prompts, i.Prompt)
	}
	fmt.Println(prompts, told.all())
}
