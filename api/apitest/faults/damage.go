//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// past is a data and config folder in which edits were made, and copies of its
// files from before the last of them.
type past struct {
	from  *try
	older string // the folder with the older copies
	files []string
	seen  []*seen
}

// harm is what is done to a file; before is an older copy of it, or "".
type harm struct {
	name string
	do   func(path, before string) error
}

var harms = []harm{
	{"cut in half", func(path, _ string) error { return truncate(path, 2) }},
	{"cut to a third and a bit", func(path, _ string) error { return truncate(path, 3) }},
	{"empty", func(path, _ string) error { return os.Truncate(path, 0) }},
	{"a page of zeros", func(path, _ string) error { return change(path, func(b []byte) { clear(page(b)) }) }},
	{"a page of noise", func(path, _ string) error {
		return change(path, func(b []byte) {
			for i := range page(b) {
				page(b)[i] ^= byte(37 + i*11)
			}
		})
	}},
	{"bytes flipped", func(path, _ string) error {
		return change(path, func(b []byte) {
			for i := 7; i < len(b); i += max(97, len(b)/9) {
				b[i] ^= 0x55
			}
		})
	}},
	{"first bytes flipped", func(path, _ string) error {
		return change(path, func(b []byte) {
			for i := range min(len(b), 20) {
				b[i] ^= 0xff
			}
		})
	}},
	{"deleted", func(path, _ string) error { return os.Remove(path) }},
	{"an older copy", func(path, before string) error {
		if before == "" {
			return errSkipped
		}
		data, err := os.ReadFile(before)
		if err != nil {
			return errSkipped
		}
		return os.WriteFile(path, data, 0o600)
	}},
	{"a folder in its place", func(path, _ string) error {
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.MkdirAll(filepath.Join(path, "inside"), 0o700)
	}},
	{"a full folder in its place", func(path, _ string) error {
		if err := os.Remove(path); err != nil {
			return err
		}
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(path, "file"), []byte("something"), 0o600)
	}},
	{"a link to itself", func(path, _ string) error { return replaceBy(path, path) }},
	{"a link to nothing", func(path, _ string) error { return replaceBy(path, path+"-nowhere") }},
	{"a pipe", func(path, _ string) error {
		if err := os.Remove(path); err != nil {
			return err
		}
		return syscall.Mkfifo(path, 0o600)
	}},
	{"huge", func(path, _ string) error { return os.Truncate(path, 3<<30) }},
	{"something appended", func(path, _ string) error {
		return change(path, func([]byte) {}, []byte("\n{\"event\":\"nonsense\"}\n\x00\x00garbage")...)
	}},
	{"text in its place", func(path, _ string) error { return os.WriteFile(path, []byte("not what it was\n"), 0o600) }},
}

func truncate(path string, part int64) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/part+info.Size()%7)
}

// page is the second page of a file, or the first half where there is none.
func page(b []byte) []byte {
	if len(b) < 8192 {
		return b[:len(b)/2]
	}
	return b[4096:8192]
}

func change(path string, f func([]byte), more ...byte) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	f(b)
	return os.WriteFile(path, append(b, more...), 0o600)
}

func replaceBy(path, target string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.Symlink(target, path)
}

// damages are all kinds of damage to all files, one at a time, after some edits.
func damages(h *harness, n int) ([]testcase, error) {
	p, err := h.past()
	if err != nil {
		return nil, err
	}
	var cases []testcase
	for _, file := range p.files {
		for _, d := range harms {
			cases = append(cases, testcase{d.name + ": " + file, func(t *try) (*verdict, error) { return p.damage(t, file, d) }})
		}
	}
	// What a power cut or a careless clean-up takes at once.
	for _, group := range []string{"history.db", "jobs", "answers", "files", "config"} {
		for _, d := range harms {
			cases = append(cases, testcase{d.name + ": all of " + group, func(t *try) (*verdict, error) { return p.damage(t, group, d) }})
		}
	}
	fmt.Printf("damage: %d kinds are possible, of %d files\n", len(cases), len(p.files))
	if n < len(cases) {
		return spread("damage", cases, n), nil
	}
	return cases, nil
}

// past makes edits of several ends: two that went well, one that was killed
// while its answer arrived, one that was killed while it waited.
func (h *harness) past() (*past, error) {
	t, err := h.newTry("past")
	if err != nil {
		return nil, err
	}
	p := &past{from: t, older: t.path("older")}
	for i, s := range []shape{{2, false, 0}, {1, true, 0}, {2, false, 0}, {1, false, 0}} {
		o := t.order(s.n, s.byURL)
		if err := t.settle(o); err != nil {
			return nil, err
		}
		killed := i >= 2
		if killed {
			o.hold, o.point = []stage{download, waiting}[i-2], 0.7
		}
		program, err := t.start(nil, h.binary, t.edit(o)...)
		if err != nil {
			return nil, err
		}
		if killed {
			<-o.reached
			if o.hold == download {
				t.until(func() bool { return t.look(o, nil).spooled[0] })
			}
			_ = program.cmd.Process.Kill()
			o.release()
		}
		r, err := program.wait()
		if err != nil {
			return nil, err
		}
		if !killed && r.status != 0 {
			return nil, fmt.Errorf("an edit without faults ended with %d: %s", r.status, r.stderr)
		}
		p.seen = append(p.seen, t.look(o, r))
		if i == 1 {
			for _, sub := range []string{"data", "config"} {
				if err := os.CopyFS(filepath.Join(p.older, sub), os.DirFS(t.path(sub))); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, sub := range []string{"data", "config"} {
		for path := range t.files(sub) {
			name, err := filepath.Rel(t.dir, path)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, name)
		}
	}
	slices.Sort(p.files)
	return p, nil
}

// damage does harm to one file, or to all of a group, in a copy of the past.
func (p *past) damage(t *try, which string, d harm) (*verdict, error) {
	for _, sub := range []string{"data", "config"} {
		if err := os.RemoveAll(t.path(sub)); err != nil {
			return nil, err
		}
		if err := os.CopyFS(t.path(sub), os.DirFS(p.from.path(sub))); err != nil {
			return nil, err
		}
	}
	for _, s := range p.seen {
		t.orders = append(t.orders, s.order)
	}
	defer func() { t.orders = slices.DeleteFunc(t.orders, func(o *order) bool { return t.isPast(p, o) }) }()
	harmed := map[string][]byte{}
	for _, name := range p.files {
		whole := strings.Contains(name, "/") && name == which
		group := !strings.Contains(which, "/") && (strings.HasPrefix(filepath.Base(name), which) ||
			slices.Contains(strings.Split(filepath.Dir(name), "/"), which))
		if !whole && !group {
			continue
		}
		before := filepath.Join(p.older, name)
		if _, err := os.Stat(before); err != nil {
			before = ""
		}
		data, err := os.ReadFile(t.path(name))
		if err != nil {
			return nil, err
		}
		if err := d.do(t.path(name), before); errors.Is(err, errSkipped) {
			continue
		} else if err != nil {
			return nil, err
		}
		harmed[name] = data
	}
	if len(harmed) == 0 {
		return nil, errSkipped
	}
	return p.after(t, which, harmed)
}

func (t *try) isPast(p *past, o *order) bool {
	return slices.ContainsFunc(p.seen, func(s *seen) bool { return s.order == o })
}

// after lets the program start after the damage, and make a further edit.
func (p *past) after(t *try, which string, harmed map[string][]byte) (*verdict, error) {
	// A picture whose only bytes were harmed can't be had; all others must.
	left := t.files("data")
	t.excused = func(o *order, i int) bool {
		was := slices.ContainsFunc(valuesOf(harmed), func(data []byte) bool { return o.holds(i, data) })
		is := slices.ContainsFunc(valuesOf(left), func(data []byte) bool { return o.holds(i, data) })
		return was && !is
	}
	first, err := t.overpaint("history", "list", "-json")
	if err != nil {
		return nil, err
	}
	o := t.order(1, false)
	r, err := t.overpaint(t.edit(o)...)
	if err != nil {
		return nil, err
	}
	var all []*seen
	for _, s := range p.seen {
		old := *s
		old.run, old.full = nil, false
		// What is cut out of a spool by the harm can't be had either.
		old.spooled = t.look(s.order, nil).spooled
		all = append(all, &old)
	}
	seen := t.look(o, r)
	v, err := t.check(append(all, seen)...)
	if err != nil {
		return nil, err
	}
	if first.status != 0 {
		v.wrongf("history list after the damage ended with %d %s: %s", first.status, first.signal, bytes.TrimSpace(first.stderr))
	}
	if r.status != 0 && !strings.HasPrefix(which, "config") {
		v.wrongf("a further edit is not made: %s", seen.describe())
	}
	return v, nil
}

func valuesOf(m map[string][]byte) [][]byte {
	all := make([][]byte, 0, len(m))
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// until waits until something is so.
func (t *try) until(is func() bool) {
	for range 1000 {
		if is() {
			return
		}
		pause()
	}
}

func pause() { time.Sleep(5 * time.Millisecond) }
