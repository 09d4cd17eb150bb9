//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"overpaint.dev/overpaint/editor/file"
)

// verdict is what a try has shown: each list has a line for each violation.
type verdict struct {
	lost, twice, unrecorded, wrong []string

	charged bool // a request was accepted, so that there was something to lose
	how     string
}

func (v *verdict) bad() bool {
	return len(v.lost)+len(v.twice)+len(v.unrecorded)+len(v.wrong) > 0
}

func (v *verdict) lines() []string {
	var all []string
	for _, list := range []struct {
		name  string
		lines []string
	}{{"lost", v.lost}, {"sent twice", v.twice}, {"sent unrecorded", v.unrecorded}, {"wrong record", v.wrong}} {
		for _, l := range list.lines {
			all = append(all, list.name+": "+l)
		}
	}
	return all
}

func (v *verdict) wrongf(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}

// seen is what is known of an order before the history is asked.
type seen struct {
	order *order
	run   *run // the run that asked for it, nil where it is not looked at
	// spooled are the pictures whose bytes lay in the history's folders when the
	// run had ended.
	spooled []bool
	// mute reports that the run's own output was tampered with, so that what it
	// told is not all there.
	mute bool
	// stopped reports that a signal told the run to end: it need not wait for what
	// had not come.
	stopped bool
	// full reports that nothing can be kept: the disk is full or failing for good.
	full bool
}

// keptName matches the files of the history that hold answers or pictures. The
// drafts of a killed program are none: they have no name yet.
var keptName = regexp.MustCompile(`/history/(answers/[^/.]+|files/[0-9a-f]{2}/[0-9a-f]{64})$`)

// look notes what has come of an order once its run has ended.
func (t *try) look(o *order, r *run) *seen {
	s := &seen{order: o, run: r, spooled: make([]bool, o.n)}
	files := t.files("data/overpaint/history")
	for i := range o.pictures {
		for path, data := range files {
			s.spooled[i] = s.spooled[i] || keptName.MatchString(path) && o.holds(i, data)
		}
	}
	return s
}

// told reports whether the run reported picture i as a variant.
func (s *seen) told(i int) bool {
	return s.run != nil && slices.ContainsFunc(s.run.events, func(e event) bool { return e.Event == "variant" && e.Index == i })
}

// kept is what a healthy run of the program finds in the history.
type kept struct {
	items    []item
	pictures map[string][][]byte // by the edit's name: its variants' files and what export wrote
}

// recovered lets the program recover, list and export what there is.
func (t *try) recovered(v *verdict) (*kept, error) {
	r, err := t.overpaint("history", "recover", "-json")
	if err != nil {
		return nil, err
	}
	if r.status != 0 {
		v.wrongf("history recover ended with %d %s: %s", r.status, r.signal, r.stderr)
	}
	if r, err = t.overpaint("history", "list", "-json", "-limit", "1000"); err != nil {
		return nil, err
	}
	if r.status != 0 {
		v.wrongf("history list ended with %d %s: %s", r.status, r.signal, r.stderr)
	}
	k := &kept{pictures: map[string][][]byte{}}
	for _, e := range r.events {
		k.items = append(k.items, e.item)
	}
	for n, i := range k.items {
		for _, v := range i.Variants {
			if data, err := file.Read(v.File, 64<<20); err == nil {
				k.pictures[i.Name] = append(k.pictures[i.Name], data)
			}
		}
		// The files of variants are there to be read as they are; an export of
		// each takes long.
		if n == 0 || len(k.pictures[i.Name]) < i.Asked {
			if err := t.export(v, k, i.Name); err != nil {
				return nil, err
			}
		}
	}
	return k, nil
}

// export lets the program export one edit.
func (t *try) export(v *verdict, k *kept, name string) error {
	out := filepath.Join(t.path("found"), name)
	if err := os.MkdirAll(out, 0o700); err != nil {
		return err
	}
	r, err := t.overpaint("history", "export", "-json", "-out", out, name)
	if err != nil {
		return err
	}
	if r.status != 0 {
		v.wrongf("history export %s ended with %d %s: %s", name, r.status, r.signal, r.stderr)
	}
	for _, data := range t.files(filepath.Join("found", name)) {
		k.pictures[name] = append(k.pictures[name], data)
	}
	return nil
}

// check looks at everything that was promised.
func (t *try) check(all ...*seen) (*verdict, error) {
	v := &verdict{}
	k, err := t.recovered(v)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		t.checkOrder(v, s, k)
		v.charged = v.charged || s.order.ledger().charged > 0
		v.how = s.describe()
	}
	for _, i := range k.items {
		if !slices.ContainsFunc(t.orders, func(o *order) bool { return o.prompt == i.Prompt }) {
			v.wrongf("the history has an edit that nobody asked for: %q", i.Prompt)
		}
	}
	t.checkKeys(v, all)
	return v, nil
}

// checkOrder looks at one order's place in the history.
func (t *try) checkOrder(v *verdict, s *seen, k *kept) {
	l := s.order.ledger()
	if l.charged > 1 || l.whole > s.order.refusals+1 {
		v.twice = append(v.twice, fmt.Sprintf("%d requests arrived whole, %d charged", l.whole, l.charged))
	}
	var mine []item
	for _, i := range k.items {
		if i.Prompt == s.order.prompt {
			mine = append(mine, i)
		}
	}
	switch {
	case len(mine) == 0 && l.whole > 0:
		v.unrecorded = append(v.unrecorded, fmt.Sprintf("%d requests, no edit in the history; %s", l.whole, s.describe()))
	case len(mine) > 1:
		v.wrongf("%d edits in the history for one", len(mine))
	}
	t.checkRun(v, s, l)
	var i item
	if len(mine) > 0 {
		i = mine[0]
		t.checkItem(v, s, l, i)
	}
	t.checkPictures(v, s, l, i, k.pictures[i.Name])
}

func (s *seen) describe() string {
	if s.run == nil {
		return "not asked for by a run of its own"
	}
	last := s.run.last()
	return fmt.Sprintf("exit %d %s, last event %s %s %q", s.run.status, s.run.signal, last.Event, last.Kind, last.Message)
}

// checkRun looks at how the run that asked for an order ended, and what it said.
func (t *try) checkRun(v *verdict, s *seen, l ledger) {
	r := s.run
	if r != nil && r.hung {
		v.wrongf("the run did not end within %v", patience)
	}
	if r == nil || r.signal != "" {
		return
	}
	if !slices.Contains([]int{0, 1, 2, 3, 4, 130}, r.status) {
		v.wrongf("exit status %d is not documented: %s", r.status, r.stderr)
	}
	last := r.last()
	variants := 0
	for _, e := range r.events {
		if e.Event != "variant" {
			continue
		}
		variants++
		if info, err := os.Stat(e.Path); err != nil || info.Size() == 0 {
			v.wrongf("told of a picture that isn't there: %s", e.Path)
		}
	}
	switch {
	case r.status == 2 && l.whole > 0:
		v.wrongf("exit 2 says that nothing was sent, and %d requests arrived: %s", l.whole, s.describe())
	case s.mute:
	case r.status == 0 && (last.Event != "done" || last.Got != variants || variants == 0):
		v.wrongf("exit 0 with %d pictures: %s", variants, s.describe())
	case last.Event == "error" && l.charged > 0 && slices.Contains([]string{"network", "input", "rate", "auth"}, last.Kind):
		v.wrongf("charged, and told %s", s.describe())
	}
}

// checkItem looks at what the history says of an order.
func (t *try) checkItem(v *verdict, s *seen, l ledger, i item) {
	if !i.Over {
		v.wrongf("not over after recover")
	}
	if i.Asked != s.order.n {
		v.wrongf("the history says %d were asked for, not %d", i.Asked, s.order.n)
	}
	if l.charged > 0 {
		if i.Cost == 0 {
			v.wrongf("charged, and the history says it cost nothing: outcome %q, %s", i.Outcome, s.describe())
		}
		free := slices.Contains([]string{"network", "input", "rate", "auth", "local"}, i.Outcome) && len(i.Variants) == 0
		if free && !(i.Outcome == "local" && strings.Contains(i.Message, notKept)) {
			v.wrongf("charged, and the history says %q; %s", i.Outcome, s.describe())
		}
	}
	if l.whole == 0 && (i.Outcome == "" || len(i.Variants) > 0) {
		v.wrongf("never sent, and the history says %q with %d pictures", i.Outcome, len(i.Variants))
	}
	if i.Outcome == "" && len(i.Variants) < i.Asked {
		v.wrongf("the history says that all is well with %d of %d pictures; %s", len(i.Variants), i.Asked, s.describe())
	}
}

// uncertain reports an outcome that says that pictures may be missing.
func (s *seen) uncertain(i item) bool {
	return i.Outcome == "unknown" || s.full && i.Outcome == "local" && strings.Contains(i.Message, notKept) || s.stopped && i.Outcome == "cancelled" && i.Cost > 0
}

// checkPictures looks for the pictures that had arrived.
func (t *try) checkPictures(v *verdict, s *seen, l ledger, i item, files [][]byte) {
	for n := range s.order.n {
		if t.excused != nil && t.excused(s.order, n) {
			continue
		}
		have := slices.ContainsFunc(files, func(data []byte) bool { return s.order.holds(n, data) })
		ended := s.run != nil && s.run.signal == ""
		switch {
		case have:
		case s.spooled[n]:
			v.lost = append(v.lost, fmt.Sprintf("picture %d was on the disk, and the history (%q) doesn't have it; %s", n, i.Outcome, s.describe()))
		case s.told(n) && !s.full:
			v.lost = append(v.lost, fmt.Sprintf("picture %d was told of, and the history (%q) doesn't have it; %s", n, i.Outcome, s.describe()))
		case s.told(n) && s.saidNotKept():
			// It is saved, and the user was told that the history doesn't have it.
		case l.written[n] && ended && !s.uncertain(i):
			v.lost = append(v.lost, fmt.Sprintf("picture %d arrived, and the history (%q) doesn't have it; %s", n, i.Outcome, s.describe()))
		}
	}
}

// notKept is part of the sentence notice.not_kept.
const notKept = "couldn't be written to the history"

// saidNotKept reports that the run said that something could not be kept.
func (s *seen) saidNotKept() bool {
	return slices.ContainsFunc(s.run.events, func(e event) bool { return e.Event == "notice" && strings.Contains(e.Message, notKept) })
}

// checkKeys looks for the key in everything that was written.
func (t *try) checkKeys(v *verdict, all []*seen) {
	told := map[string][]byte{}
	for _, sub := range []string{"config", "data", "cache", "out", "found", "home"} {
		for path, data := range t.files(sub) {
			told[path] = data
		}
	}
	for n, s := range all {
		if s.run != nil {
			told[fmt.Sprintf("output of run %d", n)] = s.run.out
			told[fmt.Sprintf("errors of run %d", n)] = s.run.stderr
		}
	}
	for path, data := range told {
		for _, k := range keys() {
			if bytes.Contains(data, []byte(k)) {
				v.wrongf("the key is in %s", path)
				break
			}
		}
	}
}
