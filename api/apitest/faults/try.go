//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"overpaint.dev/overpaint/api/settings"
)

// connection is the name of the connection that all edits use; its price is
// what a picture costs, in millionths.
const (
	connection = "service"
	price      = 40_000
)

// patience is how long a run of the program may take.
const patience = 90 * time.Second

// try is one try: folders of its own in which the program runs, and what it was
// asked for there.
type try struct {
	h      *harness
	name   string
	dir    string
	random *rand.Rand
	orders []*order
	env    []string
	// missing are pictures (by order and index) of which the try has itself
	// damaged the only copy: they need not be found, but nothing else may be lost.
	excused func(o *order, i int) bool
	tmpfs   []string
}

// newTry makes the folders of a try.
func (h *harness) newTry(name string) (*try, error) {
	dir, err := os.MkdirTemp(h.root, "try-")
	if err != nil {
		return nil, err
	}
	t := &try{h: h, name: name, dir: dir, random: h.newRandom()}
	for _, sub := range []string{"config/overpaint", "data", "cache", "out", "found", "home"} {
		if err := os.MkdirAll(t.path(sub), 0o700); err != nil {
			return nil, err
		}
	}
	t.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.path("home"), "LANG=C",
		"XDG_CONFIG_HOME=" + t.path("config"), "XDG_DATA_HOME=" + t.path("data"), "XDG_CACHE_HOME=" + t.path("cache"),
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "OVERPAINT_API_KEY=" + key, "NO_PROXY=*",
	}
	return t, nil
}

func (t *try) path(name string) string { return filepath.Join(t.dir, name) }

// order adds an edit to what is asked for.
func (t *try) order(n int, byURL bool) *order {
	o := newOrder(t.random, newPrompt(t.random), n, byURL)
	t.orders = append(t.orders, o)
	t.h.service.put(o)
	return o
}

// settle writes the settings: one connection, at which o may be held.
func (t *try) settle(o *order) error {
	c := settings.Connection{
		ID: connection, Name: connection, BaseURL: t.h.service.at(o), Model: "dall-e-2", Profile: "classic", TimeoutSeconds: 60,
		Price: settings.Price{Picture: price, Currency: "USD"},
	}
	raw, err := json.Marshal(map[string]any{"connections": []settings.Connection{c}, "connection": connection})
	if err != nil {
		return err
	}
	return os.WriteFile(t.path("config/overpaint/settings.json"), raw, 0o600)
}

// edit is the command line that asks for an order.
func (t *try) edit(o *order) []string {
	args := []string{"edit", "-json", "-engine", connection, "-prompt", o.prompt, "-n", fmt.Sprint(o.n), "-size", "256x256", "-out", t.path("out")}
	if o.byURL {
		args = append(args, "-response-format", "url")
	} else {
		args = append(args, "-response-format", "b64_json")
	}
	return append(args, t.h.picture)
}

// end lets go of the try's folders; those of one that failed may be kept to be
// looked at.
func (t *try) end(keep bool) {
	t.h.service.forget(t.orders...)
	for _, path := range t.tmpfs {
		_ = syscall.Unmount(path, syscall.MNT_DETACH)
	}
	if !keep {
		_ = os.RemoveAll(t.dir)
	}
}

// run is a run of the program that has ended.
type run struct {
	status int    // -1 where a signal ended it
	signal string // that signal, or ""
	hung   bool   // it was the harness's, because the run did not end
	events []event
	out    []byte
	stderr []byte
}

// event is a line of what -json prints: of edit or of history.
type event struct {
	Event string `json:"event"`
	Index int    `json:"index"`
	Path  string `json:"path"`
	Kind  string `json:"kind"`
	Got   int    `json:"got"`

	item
}

// item is an edit as `overpaint history` lists it.
type item struct {
	Name     string `json:"name"`
	Prompt   string `json:"prompt"`
	Asked    int    `json:"asked"`
	Over     bool   `json:"over"`
	Outcome  string `json:"outcome"`
	Message  string `json:"message"`
	Cost     int64  `json:"cost"`
	Variants []struct {
		Index int    `json:"index"`
		File  string `json:"file"`
	} `json:"variants"`
	Answers int `json:"answers"`
}

// last is how an edit ended: its done or its error.
func (r *run) last() event {
	for _, e := range slices.Backward(r.events) {
		if e.Event == "done" || e.Event == "error" {
			return e
		}
	}
	return event{}
}

// process is a run of the program that goes on.
type process struct {
	cmd    *exec.Cmd
	out    *watched
	stderr bytes.Buffer
	done   chan struct{}
	cancel context.CancelFunc
	err    error
}

// watched is what a program writes; line, if not nil, hears each line.
type watched struct {
	bytes.Buffer
	line func(string)
	seen int
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	for w.line != nil {
		rest := w.Buffer.Bytes()[w.seen:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		w.seen += end + 1
		w.line(string(rest[:end]))
	}
	return n, err
}

// errHung reports that a program had to be killed because it did not end.
var errHung = errors.New("the program did not end in time")

// start starts a program with args; line hears what it prints, or is nil.
func (t *try) start(line func(string), program string, args ...string) (*process, error) {
	ctx, cancel := context.WithTimeout(background, patience)
	p := &process{cmd: exec.CommandContext(ctx, program, args...), out: &watched{line: line}, done: make(chan struct{}), cancel: cancel}
	p.cmd.Env, p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = t.env, t.dir, p.out, &p.stderr
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(p.done)
		p.err = p.cmd.Wait()
		if ctx.Err() != nil {
			p.err = errHung
		}
		cancel()
	}()
	return p, nil
}

// wait waits until the program has ended. The error is that it didn't by itself.
func (p *process) wait() (*run, error) {
	<-p.done
	r := &run{out: p.out.Bytes(), stderr: p.stderr.Bytes()}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) && !errors.Is(p.err, errHung) {
		return nil, p.err
	}
	r.hung = errors.Is(p.err, errHung)
	r.status = p.cmd.ProcessState.ExitCode()
	if w, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		r.signal = w.Signal().String()
	}
	for line := range strings.Lines(string(r.out)) {
		var e event
		if json.Unmarshal([]byte(line), &e) == nil {
			r.events = append(r.events, e)
		}
	}
	return r, nil
}

// overpaint runs the program to its end.
func (t *try) overpaint(args ...string) (*run, error) {
	p, err := t.start(nil, t.h.binary, args...)
	if err != nil {
		return nil, err
	}
	return p.wait()
}

// files reads all files below a folder of the try, those that can't be read left out.
func (t *try) files(sub string) map[string][]byte {
	all := map[string][]byte{}
	_ = filepath.WalkDir(t.path(sub), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil
		}
		if info, err := e.Info(); err != nil || info.Size() > 64<<20 {
			return nil
		}
		if data, err := os.ReadFile(path); err == nil {
			all[path] = data
		}
		return nil
	})
	return all
}
